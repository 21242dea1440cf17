using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>Something that really happened, against which warnings are measured.</summary>
/// <param name="Day">yyyy-MM-dd.</param>
/// <param name="Withdrawn">Since when it counts no more; null while it does.</param>
public sealed record WarningEvent(string Id, string Pack, string Indicator, string Region, string Day, string Words, string Recorded, string ByLogin, string? Withdrawn)
{
    internal const string Columns = "e.id AS Id, e.pack AS Pack, e.indicator AS Indicator, e.region AS Region, e.day AS Day, e.words AS Words, e.recorded AS Recorded, e.by_login AS ByLogin, e.withdrawn AS Withdrawn";
}

/// <summary>What somebody said of a warning once it had ended.</summary>
public sealed record WarningVerdict(string Verdict, string Note, string At);

/// <summary>What warnings turned out to be, what really happened, and how well warnings did.</summary>
public sealed class WarningVerdicts(Store store, PackRegistry packs, Warnings warnings, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The most characters of what is said.</summary>
    public const int Longest = 500;

    /// <summary>What a warning may be judged.</summary>
    public static readonly IReadOnlyList<string> Verdicts = ["confirmed", "false"];

    /// <summary>Judges a warning that has ended; judging it anew takes the place of what was said.</summary>
    /// <param name="verdict">confirmed or false.</param>
    /// <param name="version">As it was read; null where that does not matter.</param>
    /// <exception cref="RefusedException">404 not-found; 403 warning-elsewhere; 409 warning-running, warning-changed; 422 warning-verdict, warning-note.</exception>
    public Task JudgeAsync(string id, string? verdict, string? note, long? version, Person by, CancellationToken cancel = default)
    {
        if (verdict is null || !Verdicts.Contains(verdict))
            throw new RefusedException(422, "warning-verdict", string.Join(", ", Verdicts));
        var said = Said(note);
        return store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var warning = await change.FindAsync<Warning>($"SELECT {Warning.Columns} FROM warning WHERE id = @id{change.ForUpdate}", new { id }) ?? throw new RefusedException(404, "not-found", id);
            if (!MayJudge(by, warning.Region))
                throw new RefusedException(403, "warning-elsewhere");
            if (warning.State == "running")
                throw new RefusedException(409, "warning-running");
            if (version is { } read && read != warning.Version)
                throw new RefusedException(409, "warning-changed");
            await change.ExecuteAsync("UPDATE warning SET verdict = @verdict, verdict_note = @said, verdict_by = @Login, verdict_at = @Stamp, version = version + 1 WHERE id = @id", new { id, verdict, said, by.Login, change.Stamp });
            change.Record(by, "warning.judged", $"warning:{id}", JsonSerializer.Serialize(new { was = warning.Verdict, verdict }));
        }, cancel);
    }

    /// <summary>What was said of a warning, or null.</summary>
    public async Task<WarningVerdict?> OfAsync(string id, CancellationToken cancel = default) => await store.ReadAsync(c =>
        c.QueryFirstOrDefaultAsync<WarningVerdict>("SELECT verdict AS Verdict, coalesce(verdict_note, '') AS Note, verdict_at AS At FROM warning WHERE id = @id AND verdict IS NOT NULL", new { id }), cancel);

    /// <summary>Whether somebody may judge warnings of a region and record events there.</summary>
    public bool MayJudge(Person by, string region) => by.May("warning.judge", new Thing(Region: region), land);

    /// <summary>Records something that happened.</summary>
    /// <param name="day">yyyy-MM-dd, not in the future.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="RefusedException">422 warning-indicator, warning-day, warning-note; 403 warning-elsewhere; 409 warning-event-twice.</exception>
    public async Task<string> RecordAsync(string? pack, string? indicator, string? region, string? day, string? words, Person by, CancellationToken cancel = default)
    {
        if (packs.Find(pack ?? "")?.Indicator(indicator ?? "")?.Warn is null)
            throw new RefusedException(422, "warning-indicator", $"{pack}/{indicator}");
        if (land.Regions.Find(region) is not { } place || !land.Regions.Within(place.Code, land.Root) || !MayJudge(by, place.Code))
            throw new RefusedException(403, "warning-elsewhere");
        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(land.Offset).DateTime);
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) || on > today || on.Year < 1950)
            throw new RefusedException(422, "warning-day", day);
        var said = Said(words);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.FindAsync<string>("SELECT e.id FROM warning_event e WHERE e.pack = @pack AND e.indicator = @indicator AND e.region = @region AND e.day = @day AND e.withdrawn IS NULL", new { pack, indicator, region, day }) is not null)
                throw new RefusedException(409, "warning-event-twice");
            var id = Guid.CreateVersion7(change.At).ToString("n");
            await change.ExecuteAsync("INSERT INTO warning_event (id, pack, indicator, region, day, words, recorded, by_login) VALUES (@id, @pack, @indicator, @region, @day, @said, @Stamp, @Login)", new { id, pack, indicator, region, day, said, change.Stamp, by.Login });
            change.Record(by, "warning.event-recorded", $"warning-event:{id}", JsonSerializer.Serialize(new { pack, indicator, region, day }));
            return id;
        }, cancel);
    }

    /// <summary>Takes a recorded event back.</summary>
    /// <exception cref="RefusedException">404 not-found; 403 warning-elsewhere.</exception>
    public Task WithdrawAsync(string id, Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var one = await change.FindAsync<WarningEvent>($"SELECT {WarningEvent.Columns} FROM warning_event e WHERE e.id = @id AND e.withdrawn IS NULL", new { id }) ?? throw new RefusedException(404, "not-found", id);
        if (!MayJudge(by, one.Region))
            throw new RefusedException(403, "warning-elsewhere");
        if (await change.ExecuteAsync("UPDATE warning_event SET withdrawn = @Stamp WHERE id = @id AND withdrawn IS NULL", new { id, change.Stamp }) == 0)
            throw new RefusedException(404, "not-found", id);
        change.Record(by, "warning.event-withdrawn", $"warning-event:{id}", JsonSerializer.Serialize(new { one.Pack, one.Indicator, one.Region, one.Day }));
    }, cancel);

    /// <summary>The events that count, the latest first; of one pack or indicator, within a time, where given.</summary>
    public Task<IReadOnlyList<WarningEvent>> EventsAsync(string? pack = null, string? indicator = null, DateOnly? from = null, DateOnly? to = null, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<WarningEvent>)(await c.QueryAsync<WarningEvent>($"""
            SELECT {WarningEvent.Columns} FROM warning_event e WHERE e.withdrawn IS NULL AND (@pack IS NULL OR e.pack = @pack) AND (@indicator IS NULL OR e.indicator = @indicator) AND e.day >= @from AND e.day <= @to ORDER BY e.day DESC, e.id DESC
            """, new { pack, indicator, from = PeriodSteps.Write(from ?? DateOnly.MinValue), to = PeriodSteps.Write(to ?? DateOnly.MaxValue) })).AsList(), cancel);

    /// <summary>How well the warnings of each indicator that can warn did within a time: all together, then signal by signal.</summary>
    public async Task<IReadOnlyList<(Pack Pack, Indicator Indicator, IReadOnlyList<WarningMeasure> Measures)>> MeasureAsync(string? pack = null, string? indicator = null, DateOnly? from = null, DateOnly? to = null, CancellationToken cancel = default)
    {
        var measured = new List<(Pack, Indicator, IReadOnlyList<WarningMeasure>)>();
        foreach (var (applied, one) in warnings.Watched().Where(w => (pack is null || w.Applied.Pack.Id == pack) && (indicator is null || w.Indicator.Id == indicator)).OrderBy(w => w.Applied.Pack.Id, StringComparer.Ordinal))
        {
            var fired = await warnings.AllAsync(new WarningFilter(applied.Pack.Id, one.Id, From: from, To: to), cancel);
            var events = await EventsAsync(applied.Pack.Id, one.Id, from, to, cancel);
            measured.Add((applied.Pack, one, Measures.Of([.. fired.Select(Measured)], [.. events.Select(e => (e.Region, Day(e.Day)))])));
        }
        return measured;
    }

    private static MeasuredWarning Measured(Warning warning)
    {
        using var days = JsonDocument.Parse(warning.Days);
        var grave = days.RootElement.EnumerateArray().First(d => d.GetProperty("level").GetString() == warning.Level).GetProperty("day").GetString()!;
        return new MeasuredWarning(warning.Region, Day(warning.FirstDay), Day(warning.LastDay), Day(grave), warning.SignalList, warning.Verdict);
    }

    internal static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Said(string? words) => string.IsNullOrWhiteSpace(words) || words.Trim().Length > Longest ? throw new RefusedException(422, "warning-note", Longest) : words.Trim();
}
