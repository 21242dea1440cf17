using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What time alone brings of appointments: a reminder the day before, and at the end of their day that they were not kept.</summary>
public sealed class BookingDays(Store store, PackRegistry packs, Notices notices, Jurisdiction land, TimeProvider clock, NoticeSignal news)
{
    private const int AtOnce = 100, KeptDays = 180;

    // Nobody is woken by it.
    private static readonly TimeSpan Morning = TimeSpan.FromHours(9);

    private sealed record Row(string Id, string Holder, string Number, string Place, string Pack, string Matter, string Starts);

    /// <summary>Reminds, from nine in the morning on, of what is tomorrow and was not booked today; gives how many.</summary>
    public async Task<int> RemindAsync(CancellationToken cancel = default)
    {
        var now = Here(clock.GetUtcNow());
        var tomorrow = Day(now.AddDays(1));
        const string due = "FROM work_booking WHERE day = @tomorrow AND state = 'booked' AND reminded IS NULL AND made < @today";
        var args = new { tomorrow, today = Time.Write(new DateTimeOffset(now.Date, land.Offset)), AtOnce };
        if (now.TimeOfDay < Morning || await store.ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) {due}", args), cancel) == 0)
            return 0;
        var told = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // Another node takes others.
            var rows = (await change.QueryAsync<Row>($"SELECT id AS Id, holder AS Holder, number AS Number, place AS Place, pack AS Pack, matter AS Matter, starts AS Starts {due} ORDER BY starts LIMIT @AtOnce{change.SkipLocked}", args)).AsList();
            foreach (var row in rows)
            {
                await change.ExecuteAsync("UPDATE work_booking SET reminded = @Stamp WHERE id = @Id", new { row.Id, change.Stamp });
                await notices.TellAsync(change, row.Holder, "booking-reminder", $"{Booking.About(row.Id)}:{row.Starts}", "/me/bookings/" + row.Id, lang => Facts(row, lang));
            }
            change.Record("bookings", "booking.reminded", "bookings:" + tomorrow, Counted(rows.Count));
            return rows.Count;
        }, cancel);
        news.Raise();
        return told;
    }

    /// <summary>Says of days that are over which appointments were not kept: they are nobody's from then on. What is older than half a year is nobody's either.</summary>
    public async Task EndDaysAsync(CancellationToken cancel = default)
    {
        var now = Here(clock.GetUtcNow());
        var args = new { today = Day(now), old = Day(now.AddDays(-KeptDays)) };
        const string unkept = "day < @today AND state = 'booked'", old = "day < @old AND holder IS NOT NULL";
        if (await store.ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) FROM work_booking WHERE ({unkept}) OR ({old})", args), cancel) == 0)
            return;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var absent = await change.ExecuteAsync($"UPDATE work_booking SET state = 'absent', holder = NULL, ended = @Stamp WHERE {unkept}", new { args.today, change.Stamp });
            await change.ExecuteAsync($"UPDATE work_booking SET holder = NULL WHERE {old}", new { args.old });
            change.Record("bookings", "booking.unkept", "bookings:" + args.today, Counted(absent));
        }, cancel);
    }

    private Dictionary<string, string?> Facts(Row row, string lang) => new()
    {
        ["number"] = row.Number,
        ["place.name"] = land.Places.FirstOrDefault(p => p.Id == row.Place)?.Say(lang) ?? row.Place,
        ["time"] = Here(Time.Read(row.Starts)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        ["matter.name"] = packs.Find(row.Pack) is { } pack && pack.Matter(row.Matter) is { } matter ? pack.Say(lang, matter.Name) : row.Matter,
    };

    private DateTimeOffset Here(DateTimeOffset at) => at.ToOffset(land.Offset);

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Counted(int count) => JsonSerializer.Serialize(new { count }, Json.Plain);
}
