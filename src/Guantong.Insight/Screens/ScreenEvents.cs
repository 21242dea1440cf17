using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>Something that happened, drawn as a mark on trends.</summary>
/// <param name="Region">It holds for the region and all below it.</param>
/// <param name="LastDay">The same day where it was on one day.</param>
public sealed record ScreenEvent(string Id, string Pack, string Region, string FirstDay, string LastDay, string Words, string Made, string ByLogin)
{
    internal const string Columns = "id AS Id, pack AS Pack, region AS Region, first_day AS FirstDay, last_day AS LastDay, words AS Words, made AS Made, by_login AS ByLogin";
}

/// <summary>What officials write on trends of a region: an event that explains them.</summary>
public sealed class ScreenEvents(Store store, PackRegistry packs, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest text of a mark, in characters.</summary>
    public const int Longest = 120;

    /// <summary>Writes one.</summary>
    /// <exception cref="RefusedException">event-words, event-days; screen-not-yours: the region is not theirs; event-place: there is no such pack or region.</exception>
    public async Task<ScreenEvent> AddAsync(Person by, string pack, string region, DateOnly first, DateOnly? last, string? words, CancellationToken cancel = default)
    {
        var said = (words ?? "").Trim();
        if (packs.Find(pack) is null || land.Regions.Find(region) is not { } place)
            throw new RefusedException(404, "event-place");
        if (said.Length is 0 or > Longest)
            throw new RefusedException(422, "event-words", Longest);
        if (last < first)
            throw new RefusedException(422, "event-days");
        if (!by.May("screen.edit", new Thing(Region: region), land))
            throw new RefusedException(403, "screen-not-yours", place.Name);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var row = new ScreenEvent(Guid.CreateVersion7(change.At).ToString("n"), pack, region, Day(first), Day(last ?? first), said, change.Stamp, by.Login);
            await change.ExecuteAsync("INSERT INTO screen_event (id, pack, region, first_day, last_day, words, made, by_login) VALUES (@Id, @Pack, @Region, @FirstDay, @LastDay, @Words, @Made, @ByLogin)", row);
            change.Record(by, "event.added", $"screen:{pack}", JsonSerializer.Serialize(new { row.Id, row.Region, row.FirstDay, row.LastDay }));
            return row;
        }, cancel);
    }

    /// <summary>Takes one off.</summary>
    /// <exception cref="RefusedException">event-gone: there is none; screen-not-yours: its region is not theirs.</exception>
    public Task RemoveAsync(Person by, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var row = await change.FindAsync<ScreenEvent>($"SELECT {ScreenEvent.Columns} FROM screen_event WHERE id = @id AND withdrawn IS NULL{change.ForUpdate}", new { id }) ?? throw new RefusedException(404, "event-gone");
        if (!by.May("screen.edit", new Thing(Region: row.Region), land))
            throw new RefusedException(403, "screen-not-yours", land.Regions.Find(row.Region)?.Name ?? row.Region);
        await change.ExecuteAsync("UPDATE screen_event SET withdrawn = @Stamp WHERE id = @id", new { id, change.Stamp });
        change.Record(by, "event.removed", $"screen:{row.Pack}", JsonSerializer.Serialize(new { row.Id }));
    }, cancel);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
