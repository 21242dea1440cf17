using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>A change of a screen in place.</summary>
/// <param name="Region">For which region, and all below it.</param>
/// <param name="Screen">JSON in the form of <c>screen.yaml</c>; null where the change was taken back.</param>
public sealed record ScreenVersion(string Pack, string Region, long Version, string? Screen, string Note, string Made, string ByLogin, string? ByUnit)
{
    internal const string Columns = "pack AS Pack, region AS Region, version AS Version, screen AS Screen, note AS Note, made AS Made, by_login AS ByLogin, by_unit AS ByUnit";
}

/// <summary>A change with what it did to the one before.</summary>
public sealed record ScreenStep(ScreenVersion Version, IReadOnlyList<CardChange> Changes);

/// <summary>The screen that is seen from a region.</summary>
/// <param name="EditedFor">The region for which it was changed; null for the declared one.</param>
/// <param name="Version">The last version of the region that it is looked at from; 0 where there is none. Whoever changes it says this one.</param>
public sealed record ScreenInForce(Screen Screen, string? EditedFor, long Version);

/// <summary>Keeps screens as officials change them in place, and finds the one that is in force.</summary>
public sealed class ScreenBook(Store store, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest note, in characters.</summary>
    public const int LongestNote = 200;

    /// <summary>The longest screen, in characters of its JSON, and the most cards.</summary>
    public const int Longest = 64_000, MostCards = 80;

    // A pack that is brought into force anew is another one: its edited screens are read again.
    private readonly ConditionalWeakTable<Pack, ConcurrentDictionary<string, Screen?>> _read = [];

    /// <summary>The screen in force where somebody looks from a region.</summary>
    public Task<ScreenInForce> InForceAsync(Pack pack, string region, CancellationToken cancel = default) => store.ReadAsync(async c =>
        Choose(pack, region, await c.QueryAsync<ScreenVersion>(LatestSql(store), new { pack = pack.Id, up = Upwards(region) })), cancel);

    /// <summary>The latest version of each region of <c>@up</c>.</summary>
    internal static string LatestSql(Store store) => $"SELECT {ScreenVersion.Columns} FROM screen_version v WHERE pack = @pack AND region {Among(store)} AND version = (SELECT max(w.version) FROM screen_version w WHERE w.pack = v.pack AND w.region = v.region)";

    internal static string Among(Store store) => store.IsPostgres ? "= ANY(@up)" : "IN @up";

    internal string[] Upwards(string region) => [.. land.Regions.Upwards(region).Select(r => r.Code)];

    /// <summary>The nearest change upwards that still holds, else what is declared.</summary>
    internal ScreenInForce Choose(Pack pack, string region, IEnumerable<ScreenVersion> latest)
    {
        var byRegion = latest.ToDictionary(v => v.Region);
        var version = byRegion.GetValueOrDefault(region)?.Version ?? 0;
        foreach (var code in Upwards(region))
        {
            // What a newer pack no longer has cannot be shown: the declared screen stands again.
            if (byRegion.GetValueOrDefault(code)?.Screen is { } text && Read(pack, text) is { } screen)
                return new ScreenInForce(screen, code, version);
        }
        return new ScreenInForce(pack.Screen!, null, version);
    }

    private Screen? Read(Pack pack, string text) => _read.GetOrCreateValue(pack).GetOrAdd(text, t => ScreenReader.Check(pack, "screen.json", t).Screen);

    /// <summary>Reads a screen that somebody would have, by the proofs of declared ones.</summary>
    /// <exception cref="RefusedException">screen-form, screen-long, screen-other: it is no object, too large, or another screen's.</exception>
    public static (Screen? Screen, IReadOnlyList<Finding> Findings) Check(Pack pack, JsonElement given)
    {
        if (given.ValueKind != JsonValueKind.Object)
            throw new RefusedException(422, "screen-form");
        var text = ScreenReader.Write(given);
        if (text.Length > Longest)
            throw new RefusedException(422, "screen-long", MostCards);
        var (screen, findings) = ScreenReader.Check(pack, "screen.json", text);
        if (screen is { Cards.Count: > MostCards })
            throw new RefusedException(422, "screen-long", MostCards);
        if (screen is not null && screen.Id != pack.Screen!.Id)
            throw new RefusedException(422, "screen-other", pack.Screen.Id);
        return (screen, findings);
    }

    /// <summary>Changes the screen of a region.</summary>
    /// <param name="version">The region's last version that its author saw; 0 for none.</param>
    /// <returns>The new version.</returns>
    /// <exception cref="RefusedException">screen-not-yours: the region is not theirs; screen-note; screen-changed: somebody changed it meanwhile; screen-unedited: there is nothing to take back.</exception>
    public Task<long> SaveAsync(Person by, Pack pack, string region, long version, Screen screen, string? note, CancellationToken cancel = default) =>
        PutAsync(by, pack, region, version, screen, note, cancel);

    /// <summary>Takes the changes of a region back: what is above it, or declared, stands again.</summary>
    /// <inheritdoc cref="SaveAsync"/>
    public Task<long> UndoAsync(Person by, Pack pack, string region, long version, string? note, CancellationToken cancel = default) =>
        PutAsync(by, pack, region, version, null, note, cancel);

    private async Task<long> PutAsync(Person by, Pack pack, string region, long version, Screen? screen, string? note, CancellationToken cancel)
    {
        if (!by.May("screen.edit", new Thing(Region: region), land))
            throw new RefusedException(403, "screen-not-yours", land.Regions.Find(region)?.Name ?? region);
        var words = (note ?? "").Trim();
        if (words.Length > LongestNote)
            throw new RefusedException(422, "screen-note", LongestNote);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var latest = (await change.QueryAsync<ScreenVersion>(LatestSql(store), new { pack = pack.Id, up = Upwards(region) })).AsList();
            var before = Choose(pack, region, latest);
            if (before.Version != version)
                throw new RefusedException(409, "screen-changed");
            if (screen is null && latest.FirstOrDefault(v => v.Region == region)?.Screen is null)
                throw new RefusedException(409, "screen-unedited");
            var row = new ScreenVersion(pack.Id, region, version + 1, screen is null ? null : ScreenReader.Write(screen), words, change.Stamp, by.Login, by.Unit);
            // Of two who saw the same version, one has it.
            if (await change.ExecuteAsync("""
                INSERT INTO screen_version (pack, region, version, screen, note, made, by_login, by_unit) VALUES (@Pack, @Region, @Version, @Screen, @Note, @Made, @ByLogin, @ByUnit)
                ON CONFLICT (pack, region, version) DO NOTHING
                """, row) != 1)
                throw new RefusedException(409, "screen-changed");
            change.Record(by, screen is null ? "screen.undone" : "screen.edited", $"screen:{pack.Id}", JsonSerializer.Serialize(new
            {
                region,
                version = row.Version,
                cards = screen is null ? [] : ScreenDiff.Of(before.Screen, screen).Select(c => $"{c.Kind} {c.Card}"),
            }));
            return row.Version;
        }, cancel);
    }

    /// <summary>The changes of a region, the latest first, each with what it did.</summary>
    public Task<IReadOnlyList<ScreenStep>> HistoryAsync(Pack pack, string region, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var versions = (await c.QueryAsync<ScreenVersion>($"SELECT {ScreenVersion.Columns} FROM screen_version WHERE pack = @pack AND region = @region ORDER BY version", new { pack = pack.Id, region })).AsList();
        var (steps, before) = (new List<ScreenStep>(), pack.Screen!);
        foreach (var version in versions)
        {
            var after = version.Screen is { } text ? Read(pack, text) ?? before : pack.Screen!;
            steps.Add(new ScreenStep(version, ScreenDiff.Of(before, after)));
            before = after;
        }
        steps.Reverse();
        return (IReadOnlyList<ScreenStep>)steps;
    }, cancel);
}
