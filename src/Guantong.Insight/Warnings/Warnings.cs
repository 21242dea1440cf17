using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>A warning that fired: an episode of an indicator in a region, and the case it opened.</summary>
/// <param name="Level">The gravest level reached: blue, yellow, orange or red.</param>
/// <param name="Value">The figure of the gravest day.</param>
/// <param name="Days">JSON: each day's figure and level.</param>
/// <param name="State">running, or ended: normal again (green).</param>
/// <param name="EndedOn">The period with which it was normal again; null while it runs, and of old ones of which that is not known.</param>
/// <param name="Signals">What warned, between commas, as in <c>,jump,levels,</c>.</param>
/// <param name="Why">JSON: day → causes (<see cref="Cause"/>); null of old ones.</param>
/// <param name="Verdict">confirmed or false, once somebody has judged it; else null.</param>
public sealed record Warning(string Id, string Pack, string Indicator, string Region, string FirstDay, string LastDay, string Level, double Value, string Days, string? CaseId, string Fired,
    string State, string? EndedOn, string Signals, string? Why, string? Verdict, long Version)
{
    internal const string Columns = """
        id AS Id, pack AS Pack, indicator AS Indicator, region AS Region, first_day AS FirstDay, last_day AS LastDay, level AS Level, value AS Value, days AS Days, case_id AS CaseId, fired AS Fired,
        state AS State, ended_on AS EndedOn, signals AS Signals, why AS Why, verdict AS Verdict, version AS Version
        """;

    /// <summary>What warned, by id.</summary>
    internal IReadOnlyList<string> SignalList => Signals.Split(',', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Which warnings are looked for; what is null does not matter.</summary>
/// <param name="Region">Of this region itself.</param>
/// <param name="Within">Of this region and those below it.</param>
/// <param name="Level">Of this level.</param>
/// <param name="State">running or ended.</param>
/// <param name="Signal">Fired by this signal.</param>
/// <param name="From">With a day on or after this one.</param>
/// <param name="To">With a day on or before this one.</param>
public sealed record WarningFilter(string? Pack = null, string? Indicator = null, string? Region = null, string? Within = null, string? Level = null, string? State = null, string? Signal = null, DateOnly? From = null, DateOnly? To = null);

/// <summary>Turns figures that cross a level into warnings, and warnings into cases and calls. Doing it again changes nothing.</summary>
public sealed class Warnings(Store store, PackRegistry packs, Cases cases, WarningCalls calls, Jurisdiction land, TimeProvider clock, WorkSignal signal)
{
    /// <summary>The states of a warning.</summary>
    public static readonly IReadOnlyList<string> States = ["running", "ended"];

    /// <summary>Brings the warnings of an indicator in line with its episodes.</summary>
    /// <param name="regions">The regions that the episodes are all of: what stands of others is left as it is. Null for every region.</param>
    /// <returns>How many fired anew or grew.</returns>
    public async Task<int> FireAsync(AppliedPack applied, Indicator indicator, IReadOnlyList<Episode> episodes, IReadOnlySet<string>? regions = null, CancellationToken cancel = default)
    {
        var known = (await store.ReadAsync(c => c.QueryAsync<Warning>($"SELECT {Warning.Columns} FROM warning WHERE pack = @Id AND indicator = @indicator",
            new { applied.Pack.Id, indicator = indicator.Id }), cancel)).Where(w => regions is null || regions.Contains(w.Region)).ToLookup(w => w.Region);
        var fired = 0;
        var met = new HashSet<string>();
        foreach (var episode in episodes)
        {
            // The episode that a warning told of is the one it overlaps: later rows may have moved either end.
            var before = known[episode.Region].FirstOrDefault(w => string.CompareOrdinal(w.FirstDay, Day(episode.Last)) <= 0 && string.CompareOrdinal(w.LastDay, Day(episode.First)) >= 0);
            met.Add(before?.Id ?? "");
            var days = JsonSerializer.Serialize(episode.Days.Select(d => new { day = Day(d.Day), value = Math.Round(d.Value, 1), level = d.Level }));
            var why = Cause.Write(episode.Days);
            if (before is null || before.Days != days || (before.Why ?? why) != why || (before.CaseId is null && OpensCase(applied.Pack, indicator, episode) is not null))
            {
                await FireAsync(applied, indicator, episode, days, why, before, cancel);
                fired++;
            }
            else if (before.State != State(episode) || (before.EndedOn is not null && before.EndedOn != EndedOn(episode)))
                await TurnAsync(before, episode.Ended, cancel);
        }
        // Rows were mended since, and it never was.
        foreach (var gone in known.SelectMany(k => k).Where(w => w.State == "running" && !met.Contains(w.Id)))
            await TurnAsync(gone, DateOnly.ParseExact(gone.LastDay, "yyyy-MM-dd", CultureInfo.InvariantCulture), cancel);
        if (fired > 0)
            signal.Raise();
        return fired;
    }

    private async Task FireAsync(AppliedPack applied, Indicator indicator, Episode episode, string days, string why, Warning? before, CancellationToken cancel) =>
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var warning = new Warning(before?.Id ?? Guid.CreateVersion7(change.At).ToString("n"), applied.Pack.Id, indicator.Id, episode.Region,
                before is null ? Day(episode.First) : Min(before.FirstDay, Day(episode.First)), Day(episode.Last), episode.Peak.Level, Math.Round(episode.Peak.Value, 1), days, before?.CaseId, before?.Fired ?? change.Stamp,
                State(episode), EndedOn(episode), $",{string.Join(',', episode.Signals)},", why, before?.Verdict, (before?.Version ?? 0) + 1);
            change.Record("insight", before is null ? "warning.fired" : "warning.updated", $"warning:{warning.Id}",
                JsonSerializer.Serialize(new { warning.Pack, warning.Indicator, warning.Region, warning.FirstDay, warning.LastDay, warning.Level, warning.Value, Signals = episode.Signals }));
            if (warning.CaseId is null && OpensCase(applied.Pack, indicator, episode) is { } matter)
                warning = warning with { CaseId = await OpenCaseAsync(change, applied, matter, indicator, warning) };
            await change.ExecuteAsync("""
                INSERT INTO warning (id, pack, indicator, region, first_day, last_day, level, value, days, case_id, fired, state, ended_on, signals, why, version)
                VALUES (@Id, @Pack, @Indicator, @Region, @FirstDay, @LastDay, @Level, @Value, @Days, @CaseId, @Fired, @State, @EndedOn, @Signals, @Why, @Version)
                ON CONFLICT (id) DO UPDATE SET first_day = excluded.first_day, last_day = excluded.last_day, level = excluded.level, value = excluded.value, days = excluded.days, case_id = excluded.case_id,
                    state = excluded.state, ended_on = excluded.ended_on, signals = excluded.signals, why = excluded.why, version = warning.version + 1
                """, warning);
            // What is over by the time that its rows come in calls nobody.
            if (episode.Ended is null)
                await calls.CallAsync(change, applied.Pack, indicator, warning, episode.Peak);
        }, cancel);

    // It has ended, or goes on after all.
    private Task TurnAsync(Warning before, DateOnly? ended, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var day = ended is { } on ? Day(on) : null;
        await change.ExecuteAsync("UPDATE warning SET state = @state, ended_on = @day, version = version + 1 WHERE id = @Id", new { before.Id, state = day is null ? "running" : "ended", day });
        change.Record("insight", day is null ? "warning.resumed" : "warning.ended", $"warning:{before.Id}", JsonSerializer.Serialize(new { before.Pack, before.Indicator, before.Region, ended = day }));
    }, cancel);

    private static string State(Episode episode) => episode.Ended is null ? "running" : "ended";

    private static string? EndedOn(Episode episode) => episode.Ended is { } day ? Day(day) : null;

    private static Matter? OpensCase(Pack pack, Indicator indicator, Episode episode) =>
        indicator.Then is { } then && pack.Matter(then.Name) is { StartBy: "warning" } matter
        && Episode.Rank(episode.Peak.Level) >= Episode.Rank(matter.StartLevel ?? Warn.Order[0]) ? matter : null;

    private Task<string> OpenCaseAsync(Change change, AppliedPack applied, Matter matter, Indicator indicator, Warning warning)
    {
        var region = land.Regions.Find(warning.Region)?.Name ?? warning.Region;
        var data = new JsonObject
        {
            ["warning"] = new JsonObject
            {
                ["indicator"] = indicator.Name,
                ["region"] = region,
                ["level"] = LevelName(warning.Level),
                ["value"] = warning.Value,
                ["unit"] = indicator.Unit,
                ["first"] = warning.FirstDay,
                ["last"] = warning.LastDay,
            },
        };
        return cases.OpenAsync(change, applied, matter, $"{region} {warning.FirstDay} {matter.Name}", warning.Region, data, warning.Id, "insight");
    }

    private static string LevelName(string level) => level switch { "blue" => "蓝色", "yellow" => "黄色", "orange" => "橙色", _ => "红色" };

    private static string Min(string a, string b) => string.CompareOrdinal(a, b) < 0 ? a : b;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A page of warnings, the latest first.</summary>
    public Task<Page<Warning>> PageAsync(WarningFilter filter, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var (where, args) = Where(filter, skip, take);
        var items = (await connection.QueryAsync<Warning>($"SELECT {Warning.Columns} FROM warning {where} ORDER BY last_day DESC, first_day DESC, region, indicator LIMIT @take OFFSET @skip", args)).AsList();
        return new Page<Warning>(items, await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM warning {where}", args), skip, take);
    }, cancel);

    /// <summary>The same of a pack, region or level.</summary>
    public Task<Page<Warning>> PageAsync(string? pack, string? region, string? level, int skip, int take, CancellationToken cancel = default) => PageAsync(new WarningFilter(pack, Region: region, Level: level), skip, take, cancel);

    private (string Where, object Args) Where(WarningFilter f, int skip, int take)
    {
        var within = f.Within is { } outer ? land.Regions.All.Where(r => land.Regions.Within(r.Code, outer)).Select(r => r.Code).ToArray() : null;
        string[] conditions =
        [
            .. f.Pack is null ? (string[])[] : ["pack = @Pack"],
            .. f.Indicator is null ? (string[])[] : ["indicator = @Indicator"],
            .. f.Region is null ? (string[])[] : ["region = @Region"],
            .. within is null ? (string[])[] : [store.IsPostgres ? "region = ANY(@within)" : "region IN @within"],
            .. f.Level is null ? (string[])[] : ["level = @Level"],
            .. f.State is null ? (string[])[] : ["state = @State"],
            .. f.Signal is null ? (string[])[] : ["signals LIKE @signal"],
            .. f.From is null ? (string[])[] : ["last_day >= @from"],
            .. f.To is null ? (string[])[] : ["first_day <= @to"],
        ];
        return (conditions.Length == 0 ? "" : "WHERE " + string.Join(" AND ", conditions),
            new { f.Pack, f.Indicator, f.Region, within, f.Level, f.State, signal = $"%,{f.Signal},%", from = f.From is { } from ? Day(from) : null, to = f.To is { } to ? Day(to) : null, skip, take });
    }

    /// <summary>Every warning of an indicator, or of a pack, that has a day within a time.</summary>
    public Task<IReadOnlyList<Warning>> AllAsync(WarningFilter filter, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var (where, args) = Where(filter, 0, 0);
        return (IReadOnlyList<Warning>)(await connection.QueryAsync<Warning>($"SELECT {Warning.Columns} FROM warning {where} ORDER BY first_day, region, id", args)).AsList();
    }, cancel);

    /// <summary>A warning by id, or null.</summary>
    public Task<Warning?> FindAsync(string id, CancellationToken cancel = default) => store.ReadAsync(c =>
        c.QueryFirstOrDefaultAsync<Warning>($"SELECT {Warning.Columns} FROM warning WHERE id = @id", new { id }), cancel);

    /// <summary>The packs whose indicators can warn.</summary>
    public IEnumerable<(AppliedPack Applied, Indicator Indicator)> Watched() =>
        packs.Applied.Values.SelectMany(a => a.Pack.Indicators.Where(i => i.Warn is not null).Select(i => (a, i)));
}
