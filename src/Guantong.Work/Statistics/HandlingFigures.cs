using System.Globalization;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>How cases of a matter or a unit were handled in a period.</summary>
/// <param name="Key">PACK/MATTER, or the unit that finished a case's last task (– where none has).</param>
/// <param name="Received">Opened in the period.</param>
/// <param name="Ended">Ended in it.</param>
/// <param name="InTime">Of those that ended and had a term, how many by it.</param>
/// <param name="WithTerm">Those that ended and had a term.</param>
/// <param name="Red">Open now and past due, whenever opened.</param>
/// <param name="Open">Open now.</param>
/// <param name="MeanDays">Days from opening to end of those that ended; null where none did.</param>
/// <param name="MedianDays">The same, the median.</param>
public sealed record HandlingFigure(string Key, long Received, long Ended, long InTime, long WithTerm, long Open, long Red, double? MeanDays, double? MedianDays)
{
    /// <summary>The share that ended in time, of those with a term.</summary>
    public double? Share => WithTerm == 0 ? null : (double)InTime / WithTerm;
}

/// <summary>Counts how cases are handled, by matter and by unit; never by official (rights.md 1).</summary>
public sealed class HandlingFigures(Store store, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest period, in days.</summary>
    public const int Longest = 731;

    // The unit is computed, and its type differs between the stores where it is none: a class takes it, a record does not.
    private sealed class Row
    {
        public string Matter { get; set; } = "";

        public string? Unit { get; set; }

        public string State { get; set; } = "";

        public string Opened { get; set; } = "";

        public string? Ended { get; set; }

        public string? Due { get; set; }

        public string? Stopped { get; set; }
    }

    /// <summary>Figures of a period, both days included, by the jurisdiction's clock. Parts of cases are not counted by themselves.</summary>
    /// <param name="by">matter or unit.</param>
    public Task<IReadOnlyList<HandlingFigure>> OfAsync(string by, DateOnly from, DateOnly to, RowRights rights, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var (begin, end, now) = (Start(from), Start(to.AddDays(1)), Time.Write(clock.GetUtcNow()));
        var rows = await c.QueryAsync<Row>($"""
            SELECT c.pack || '/' || c.matter AS Matter, (SELECT t.unit FROM work_task t WHERE t.case_id = c.id AND t.state = 'done' ORDER BY t.ended DESC, t.id DESC LIMIT 1) AS Unit,
                   c.state AS State, c.opened AS Opened, c.ended AS Ended, c.due AS Due, c.stopped AS Stopped
            FROM work_case c WHERE c.called IS NULL AND ((c.opened >= @begin AND c.opened < @end) OR (c.ended >= @begin AND c.ended < @end) OR c.state IN ('open', 'stuck')){rights.OfCase("c")}
            """, rights.With(new { begin, end }));
        bool Within(string? at) => at is not null && string.CompareOrdinal(at, begin) >= 0 && string.CompareOrdinal(at, end) < 0;
        return (IReadOnlyList<HandlingFigure>)[.. rows.GroupBy(r => by == "unit" ? r.Unit ?? "–" : r.Matter).Select(g =>
        {
            var ended = g.Where(r => r.State == "ended" && Within(r.Ended)).ToList();
            var open = g.Where(r => r.State is "open" or "stuck").ToList();
            var days = ended.Select(r => (Time.Read(r.Ended!) - Time.Read(r.Opened)).TotalDays).Order().ToList();
            return new HandlingFigure(g.Key, g.LongCount(r => Within(r.Opened)), ended.Count, ended.Count(r => r.Due is { } due && string.CompareOrdinal(r.Ended, due) <= 0), ended.Count(r => r.Due is not null), open.Count,
                open.Count(r => r.Stopped is null && r.Due is { } due && string.CompareOrdinal(due, now) < 0), days.Count == 0 ? null : days.Average(), days.Count == 0 ? null : (days[(days.Count - 1) / 2] + days[days.Count / 2]) / 2);
        }).OrderByDescending(f => f.Received).ThenBy(f => f.Key, StringComparer.Ordinal)];
    }, cancel);

    /// <summary>The first and last day of a period as given, or the last thirty days; null where they are no days, or too many.</summary>
    public (DateOnly From, DateOnly To)? Period(string? from, string? to)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(land.Offset).DateTime);
        return Day(from, today.AddDays(-29)) is { } first && Day(to, today) is { } last && first <= last && last.DayNumber - first.DayNumber < Longest ? (first, last) : null;
    }

    private static DateOnly? Day(string? given, DateOnly otherwise) => string.IsNullOrEmpty(given) ? otherwise : DateOnly.TryParseExact(given, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private string Start(DateOnly day) => Time.Write(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), land.Offset));
}
