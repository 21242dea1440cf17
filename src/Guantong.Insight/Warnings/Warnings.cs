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
public sealed record Warning(string Id, string Pack, string Indicator, string Region, string FirstDay, string LastDay, string Level, double Value, string Days, string? CaseId, string Fired)
{
    internal const string Columns = "id AS Id, pack AS Pack, indicator AS Indicator, region AS Region, first_day AS FirstDay, last_day AS LastDay, level AS Level, value AS Value, days AS Days, case_id AS CaseId, fired AS Fired";
}

/// <summary>Turns figures that cross a level into warnings, and warnings into cases. Doing it again changes nothing.</summary>
public sealed class Warnings(Store store, PackRegistry packs, Cases cases, Jurisdiction land, TimeProvider clock, WorkSignal signal)
{
    /// <summary>Brings the warnings of an indicator in line with its episodes.</summary>
    /// <returns>How many fired anew or grew.</returns>
    public async Task<int> FireAsync(AppliedPack applied, Indicator indicator, IReadOnlyList<Episode> episodes, CancellationToken cancel = default)
    {
        var known = (await store.ReadAsync(c => c.QueryAsync<Warning>($"SELECT {Warning.Columns} FROM warning WHERE pack = @Id AND indicator = @indicator",
            new { applied.Pack.Id, indicator = indicator.Id }), cancel)).ToLookup(w => w.Region);
        var fired = 0;
        foreach (var episode in episodes)
        {
            // The episode that a warning told of is the one it overlaps: later rows may have moved either end.
            var warning = known[episode.Region].FirstOrDefault(w => string.CompareOrdinal(w.FirstDay, Day(episode.Last)) <= 0 && string.CompareOrdinal(w.LastDay, Day(episode.First)) >= 0);
            var days = JsonSerializer.Serialize(episode.Days.Select(d => new { day = Day(d.Day), value = Math.Round(d.Value, 1), level = d.Level }));
            if (warning?.Days == days && (warning.CaseId is not null || OpensCase(applied.Pack, indicator, episode) is null))
                continue;
            await FireAsync(applied, indicator, episode, days, warning, cancel);
            fired++;
        }
        if (fired > 0)
            signal.Raise();
        return fired;
    }

    private async Task FireAsync(AppliedPack applied, Indicator indicator, Episode episode, string days, Warning? before, CancellationToken cancel) =>
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var warning = new Warning(before?.Id ?? Guid.CreateVersion7(change.At).ToString("n"), applied.Pack.Id, indicator.Id, episode.Region,
                before is null ? Day(episode.First) : Min(before.FirstDay, Day(episode.First)), Day(episode.Last), episode.Peak.Level, Math.Round(episode.Peak.Value, 1), days, before?.CaseId, before?.Fired ?? change.Stamp);
            change.Record("insight", before is null ? "warning.fired" : "warning.updated", $"warning:{warning.Id}",
                JsonSerializer.Serialize(new { warning.Pack, warning.Indicator, warning.Region, warning.FirstDay, warning.LastDay, warning.Level, warning.Value }));
            if (warning.CaseId is null && OpensCase(applied.Pack, indicator, episode) is { } matter)
                warning = warning with { CaseId = await OpenCaseAsync(change, applied, matter, indicator, warning) };
            await change.ExecuteAsync("""
                INSERT INTO warning (id, pack, indicator, region, first_day, last_day, level, value, days, case_id, fired)
                VALUES (@Id, @Pack, @Indicator, @Region, @FirstDay, @LastDay, @Level, @Value, @Days, @CaseId, @Fired)
                ON CONFLICT (id) DO UPDATE SET first_day = excluded.first_day, last_day = excluded.last_day, level = excluded.level, value = excluded.value, days = excluded.days, case_id = excluded.case_id
                """, warning);
        }, cancel);

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

    /// <summary>A page of warnings, the latest first; of one pack, indicator, region or least level when given.</summary>
    public Task<Page<Warning>> PageAsync(string? pack, string? region, string? level, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        const string where = "WHERE (@pack IS NULL OR pack = @pack) AND (@region IS NULL OR region = @region) AND (@level IS NULL OR level = @level)";
        var args = new { pack, region, level, skip, take };
        var items = (await connection.QueryAsync<Warning>($"SELECT {Warning.Columns} FROM warning {where} ORDER BY last_day DESC, first_day DESC, region LIMIT @take OFFSET @skip", args)).AsList();
        return new Page<Warning>(items, await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM warning {where}", args), skip, take);
    }, cancel);

    /// <summary>A warning by id, or null.</summary>
    public Task<Warning?> FindAsync(string id, CancellationToken cancel = default) => store.ReadAsync(c =>
        c.QueryFirstOrDefaultAsync<Warning>($"SELECT {Warning.Columns} FROM warning WHERE id = @id", new { id }), cancel);

    /// <summary>The packs whose indicators can warn.</summary>
    public IEnumerable<(AppliedPack Applied, Indicator Indicator)> Watched() =>
        packs.Applied.Values.SelectMany(a => a.Pack.Indicators.Where(i => i.Warn is not null).Select(i => (a, i)));
}
