using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>An official's wish to be sent a screen.</summary>
/// <param name="Every">weekly or monthly.</param>
/// <param name="Day">weekly: 1 (Monday) to 7; monthly: 1 to 28.</param>
/// <param name="Due">When it is sent next.</param>
/// <param name="Sent">When it was sent last; null before.</param>
public sealed record ScreenSubscription(string Id, string Login, string Owner, string Pack, string Region, string Every, long Day, string Due, string? Sent)
{
    internal const string Columns = "id AS Id, login AS Login, owner AS Owner, pack AS Pack, region AS Region, every AS Every, day AS Day, due AS Due, sent AS Sent";
}

/// <summary>Who is sent which screen, and when.</summary>
public sealed class ScreenSubscriptions(Store store, PackRegistry packs, NoticeBox box, Jurisdiction land, TimeProvider clock)
{
    /// <summary>How many one official may have.</summary>
    public const int Most = 20;

    // In the morning, by the jurisdiction's clock.
    private const int Hour = 8;

    /// <summary>An official's own, the next first.</summary>
    public Task<IReadOnlyList<ScreenSubscription>> OfAsync(Person me, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<ScreenSubscription>)(await c.QueryAsync<ScreenSubscription>($"SELECT {ScreenSubscription.Columns} FROM screen_subscription WHERE login = @Login AND ended IS NULL ORDER BY due, id", new { me.Login })).AsList(), cancel);

    /// <summary>Asks for a screen.</summary>
    /// <exception cref="RefusedException">subscription-day; subscription-screen: there is no such screen or region; subscription-many; subscription-twice.</exception>
    public async Task<ScreenSubscription> AskAsync(Person me, string pack, string region, string? every, long day, CancellationToken cancel = default)
    {
        if (packs.Find(pack) is not { Screen: not null } || land.Regions.Find(region) is null)
            throw new RefusedException(404, "subscription-screen");
        if (every is not ("weekly" or "monthly") || day < 1 || day > (every == "weekly" ? 7 : 28))
            throw new RefusedException(422, "subscription-day");
        var owner = await box.OwnerAsync(me, cancel);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.FindAsync<long>("SELECT count(*) FROM screen_subscription WHERE login = @Login AND ended IS NULL", new { me.Login }) >= Most)
                throw new RefusedException(409, "subscription-many", Most);
            var row = new ScreenSubscription(Guid.CreateVersion7(change.At).ToString("n"), me.Login, owner, pack, region, every, day, Time.Write(Next(every, day, change.At, land.Offset)), null);
            if (await change.ExecuteAsync("""
                INSERT INTO screen_subscription (id, login, owner, pack, region, every, day, due, made) VALUES (@Id, @Login, @Owner, @Pack, @Region, @Every, @Day, @Due, @Stamp)
                ON CONFLICT DO NOTHING
                """, new { row.Id, row.Login, row.Owner, row.Pack, row.Region, row.Every, row.Day, row.Due, change.Stamp }) != 1)
                throw new RefusedException(409, "subscription-twice");
            change.Record(me, "subscription.asked", $"screen:{pack}", JsonSerializer.Serialize(new { row.Id, row.Region, row.Every, row.Day }));
            return row;
        }, cancel);
    }

    /// <summary>Wants no more of it.</summary>
    /// <exception cref="RefusedException">subscription-gone: they have none of that id.</exception>
    public Task EndAsync(Person me, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        if (await change.ExecuteAsync("UPDATE screen_subscription SET ended = @Stamp WHERE id = @id AND login = @Login AND ended IS NULL", new { id, me.Login, change.Stamp }) == 0)
            throw new RefusedException(404, "subscription-gone");
        change.Record(me, "subscription.ended", $"subscription:{id}");
    }, cancel);

    /// <summary>When it is due next, after a time.</summary>
    /// <param name="offset">The clock of the jurisdiction, ahead of UTC.</param>
    public static DateTimeOffset Next(string every, long day, DateTimeOffset after, TimeSpan offset)
    {
        var local = after.ToOffset(offset);
        var today = new DateTimeOffset(local.Year, local.Month, local.Day, Hour, 0, 0, offset);
        // Monday is the first day of a week (GB/T 7408.1-2023).
        var next = every == "weekly" ? today.AddDays(((day % 7) - (int)today.DayOfWeek + 7) % 7) : today.AddDays(day - today.Day);
        return next > after ? next : every == "weekly" ? next.AddDays(7) : next.AddMonths(1);
    }
}
