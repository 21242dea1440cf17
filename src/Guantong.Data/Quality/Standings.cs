using System.Globalization;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>How a unit, or the units of a region, stand with the quality of their data. Units and regions alone: nobody is scored.</summary>
/// <param name="Id">The unit, or the region's code.</param>
/// <param name="Score">Mean of the scores of its datasets, 0 to 100; null where nothing of its is measured.</param>
/// <param name="Trend">Its scores at the end of each of the last weeks, the oldest first; null where there was none yet.</param>
/// <param name="Open">Tickets that are with it.</param>
/// <param name="Overdue">Those of them over their deadline.</param>
/// <param name="MendHours">Mean hours from found to mended, of what was mended in the last ninety days; null where nothing was.</param>
/// <param name="InTime">Share of that mended in time, percent.</param>
public sealed record UnitStanding(string Id, string Name, string Region, int Datasets, double? Score, IReadOnlyList<double?> Trend, int Open, int Overdue, double? MendHours, double? InTime)
{
    /// <summary>Points won or lost since the oldest week that has a score.</summary>
    public double? Change => Score is { } now && Trend.FirstOrDefault(t => t is not null) is { } then ? Math.Round(now - then, 2) : null;
}

/// <summary>The standing of units (晾晒), public inside the platform.</summary>
/// <remarks>Plan, annex 6 §5(4)1 and 六.6.</remarks>
public sealed class Standings(Store store, Warehouse warehouse, Jurisdiction land, TimeProvider clock)
{
    /// <summary>Weeks of the trend.</summary>
    public const int Weeks = 8;

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Orders that may be asked for.</summary>
    public static IReadOnlyList<string> Orders { get; } = ["score", "change", "open", "overdue", "hours", "name"];

    /// <summary>Every unit that answers for data or tickets, or every region of them, in an order.</summary>
    /// <param name="by">unit or region.</param>
    /// <param name="region">Those of this region and below alone; null for all.</param>
    /// <param name="order">One of <see cref="Orders"/>: the best first, or (with <paramref name="descending"/>) the worst.</param>
    public async Task<IReadOnlyList<UnitStanding>> OfAsync(string by, string? region, string order, bool descending, string lang, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var scores = Scores(by == "region" ? "region" : "unit");
        var tickets = (await TicketsAsync(now, cancel)).Where(t => t.Unit is not null).ToList();
        var lines = by == "region" ? Regions(scores, tickets, now, lang) : Units(scores, tickets, now, lang);
        var kept = lines.Where(l => region is null || land.Regions.Within(l.Region, region));
        return [.. (descending ? Sorted(kept, order).Reverse() : Sorted(kept, order))];
    }

    private static IEnumerable<UnitStanding> Sorted(IEnumerable<UnitStanding> lines, string order) => order switch
    {
        "change" => lines.OrderByDescending(l => l.Change ?? 0).ThenBy(l => l.Id, StringComparer.Ordinal),
        "open" => lines.OrderBy(l => l.Open).ThenBy(l => l.Id, StringComparer.Ordinal),
        "overdue" => lines.OrderBy(l => l.Overdue).ThenBy(l => l.Id, StringComparer.Ordinal),
        "hours" => lines.OrderBy(l => l.MendHours ?? double.MaxValue).ThenBy(l => l.Id, StringComparer.Ordinal),
        "name" => lines.OrderBy(l => l.Region, StringComparer.Ordinal).ThenBy(l => l.Name, StringComparer.Ordinal),
        _ => lines.OrderByDescending(l => l.Score ?? -1).ThenBy(l => l.Id, StringComparer.Ordinal),
    };

    private IEnumerable<UnitStanding> Units(ILookup<string, Scored> scores, IReadOnlyList<Row> tickets, DateTimeOffset now, string lang) =>
        from id in scores.Select(s => s.Key).Union(tickets.Select(t => t.Unit!))
        let unit = land.Units.Find(id)
        where unit is not null
        select Line(id, unit.Say(lang), unit.Region, [.. scores[id]], [.. tickets.Where(t => t.Unit == id)], now);

    private IEnumerable<UnitStanding> Regions(ILookup<string, Scored> scores, IReadOnlyList<Row> tickets, DateTimeOffset now, string lang) =>
        from code in scores.Select(s => s.Key).Union(tickets.Select(t => t.Region))
        let region = land.Regions.Find(code)
        where region is not null
        select Line(code, region.Say(lang), code, [.. scores[code]], [.. tickets.Where(t => land.Regions.Within(t.Region, code))], now);

    private static UnitStanding Line(string id, string name, string region, IReadOnlyList<Scored> scores, IReadOnlyList<Row> tickets, DateTimeOffset now)
    {
        var mended = tickets.Where(t => t.Mended is not null).ToList();
        var stamp = Time.Write(now);
        return new UnitStanding(id, name, region, scores.Select(s => (s.Pack, s.Dataset)).Distinct().Count(), At(scores, now.UtcDateTime),
            [.. Enumerable.Range(1, Weeks).Select(w => At(scores, (now - (Week * (Weeks - w + 1))).UtcDateTime))],
            tickets.Count(t => t.State is "found" or "sent"), tickets.Count(t => t.State == "sent" && string.CompareOrdinal(t.Due, stamp) < 0),
            mended.Count == 0 ? null : Math.Round(mended.Average(t => (Time.Read(t.Mended!) - Time.Read(t.Opened)).TotalHours), 1),
            mended.Count == 0 ? null : Math.Round(100.0 * mended.Count(t => string.CompareOrdinal(t.Mended, t.Due) <= 0) / mended.Count, 1));
    }

    // The mean over its datasets of what each scored last by then.
    private static double? At(IReadOnlyList<Scored> scores, DateTime then) =>
        scores.Where(s => s.At <= then).GroupBy(s => (s.Pack, s.Dataset)).Select(g => g.MaxBy(s => (s.At, s.Load))!.Score).ToList() is { Count: > 0 } last ? Math.Round(last.Average(), 2) : null;

    private sealed record Scored(string Id, string Pack, string Dataset, long Load, double Score, DateTime At);

    private ILookup<string, Scored> Scores(string kind)
    {
        using var connection = warehouse.Read();
        // One a day is enough for a trend, and the last of all.
        return connection.Rows("""
            SELECT id, pack, dataset, load, score, measured_at FROM (
                SELECT *, row_number() OVER (PARTITION BY id, pack, dataset, CAST(measured_at AS DATE) ORDER BY load DESC) AS place FROM guantong.quality_score WHERE kind = ?) AS q
            WHERE place = 1
            """, r => new Scored(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetDouble(4), r.GetDateTime(5)), kind).ToLookup(s => s.Id);
    }

    private sealed record Row
    {
        public string? Unit { get; init; }

        public string Region { get; init; } = "";

        public string State { get; init; } = "";

        public string Opened { get; init; } = "";

        public string? Due { get; init; }

        public string? Mended { get; init; }
    }

    private Task<List<Row>> TicketsAsync(DateTimeOffset now, CancellationToken cancel) => store.ReadAsync(async c => (await c.QueryAsync<Row>(
        "SELECT unit AS Unit, region AS Region, state AS State, opened AS Opened, due AS Due, mended AS Mended FROM quality_ticket WHERE closed IS NULL OR (mended >= @since AND state = 'shared')", new { since = Time.Write(now.AddDays(-90)) })).AsList(), cancel);

    /// <summary>The same as records of a table, its heading first.</summary>
    public static IEnumerable<string> Csv(IEnumerable<UnitStanding> lines, string lang) => lines
        .Select(l => Trust.Csv.Line(l.Id, l.Name, l.Region, l.Datasets, l.Score, l.Change, l.Open, l.Overdue, l.MendHours, l.InTime))
        .Prepend(Trust.Csv.Line(((string[])["id", "name", "region", "datasets", "score", "change", "open", "overdue", "hours", "in-time"]).Select(k => (object?)CatalogueTexts.Say(lang, "standing." + k))));
}
