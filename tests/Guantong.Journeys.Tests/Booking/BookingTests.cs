using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Appointments: one slot for one person whoever asks at the same moment, none on holidays, moved and cancelled, reminded of, and queued by; what was not kept is nobody's.</summary>
public sealed class BookingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_at_once_one_gets_the_slot_and_it_is_free_again_once_given_up(string store)
    {
        await using var hall = await BookedHall.StartAsync(store);
        using var anyone = hall.Platform.Anonymous();
        using var first = await hall.Platform.SignInAsync("citizen-a");
        using var second = await hall.Platform.SignInAsync("citizen-b");
        Assert.Equal(["09:30", "10:00", "10:30", "11:00", "11:30", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30"], (await BookedHall.FreeAsync(anyone, "2026-09-23")).Keys);
        // Mid-Autumn and National Day: a Friday, and seven days, on which weekdays would be open.
        foreach (var off in (string[])["2026-09-25", "2026-10-01", "2026-10-05"])
            Assert.Empty(await BookedHall.FreeAsync(anyone, off));
        Assert.Equal(["18:00", "19:00", "20:00"], (await BookedHall.FreeAsync(anyone, "2026-09-24", "society.birth/vaccination", "xihu-courts")).Where(s => s.Value == 6).Select(s => s.Key));
        Assert.Equal("401", (await BookedHall.BookAsync(anyone, "2026-09-28T09:00").ToldAsync())[..3]);
        Assert.Equal("422 booking-slot", await BookedHall.BookAsync(first, "2026-10-01T09:00").ToldAsync());
        Assert.Equal("422 booking-slot", await BookedHall.BookAsync(first, "2026-09-23T09:00").ToldAsync());
        Assert.Equal("422 booking-slot", await BookedHall.BookAsync(first, "2026-10-08T09:00").ToldAsync());
        Assert.Equal("422 booking-slot", await BookedHall.BookAsync(first, "tomorrow").ToldAsync());
        Assert.Equal("422 booking-place", await BookedHall.BookAsync(first, "2026-09-28T18:00", "xihu-courts").ToldAsync());
        Assert.Equal("422 booking-place", await BookedHall.BookAsync(first, "2026-09-28T09:00", service: "society.birth/household").ToldAsync());

        // Every slot of a day is asked for by both at once: each goes to one of them, as far as they may have so many.
        var asked = await Task.WhenAll(((string[])["09:00", "09:30", "10:00"]).SelectMany(t => new[] { first, second }.Select(async who => (At: t, Who: who, Told: await BookedHall.BookAsync(who, "2026-09-28T" + t).ToldAsync()))));
        foreach (var slot in asked.GroupBy(a => a.At))
            Assert.Equal(["201", "409 booking-full"], slot.Select(a => a.Told).Order());
        Assert.All(((string[])["09:00", "09:30", "10:00"]), t => Assert.Contains(t, asked.Select(a => a.At)));
        Assert.Equal([0, 0, 0, 1], (await BookedHall.FreeAsync(anyone, "2026-09-28")).Values.Take(4));

        var (winner, loser) = asked.Where(a => a.Told == "201").GroupBy(a => a.Who).OrderByDescending(g => g.Count()).Select(g => g.Key).First() is var most && most == first ? (first, second) : (second, first);
        var won = (await MineAsync(winner))[0];
        var at = asked.First(a => a.Who == winner && a.Told == "201").At;
        Assert.Equal("409 booking-clash", await BookedHall.BookAsync(winner, $"2026-09-28T{at}", "hangzhou-hall").ToldAsync());
        foreach (var day in Enumerable.Range(28, 3 - (await MineAsync(winner)).Count))
            Assert.Equal("201", await BookedHall.BookAsync(winner, $"2026-09-{day}T16:00").ToldAsync());
        Assert.Equal("409 booking-many", await BookedHall.BookAsync(winner, "2026-09-30T15:00").ToldAsync());

        var moving = await MineAsync(loser) is [var has, ..] ? has : await BookedHall.BookAsync(loser, "2026-09-29T09:00").JsonAsync();
        Task<HttpResponseMessage> MoveAsync(HttpClient who, string to) => who.PostAsJsonAsync($"/api/v1/me/bookings/{moving.Text("id")}/move", new { place = BookedHall.Hall, at = to });
        Assert.Equal("404 booking-gone", await MoveAsync(winner, "2026-09-29T10:00").ToldAsync());
        Assert.Equal("409 booking-full", await MoveAsync(loser, $"2026-09-28T{at}").ToldAsync());
        Assert.Equal("404 booking-gone", await CancelAsync(loser, won).ToldAsync());
        Assert.Equal("204", await CancelAsync(winner, won).ToldAsync());
        Assert.Equal("409 booking-over", await CancelAsync(winner, won).ToldAsync());
        Assert.Equal("200", await MoveAsync(loser, $"2026-09-28T{at}").ToldAsync());
        Assert.Equal(moving.Text("number"), (await loser.GetFromJsonAsync<JsonElement>($"/api/v1/me/bookings/{moving.Text("id")}", Stop)).Text("number"));
        Assert.Equal(0, (await BookedHall.FreeAsync(anyone, "2026-09-28"))[at]);

        // Whoever looks into the ledger learns that somebody comes, not what for.
        using var auditor = await hall.Platform.SignInAsync("auditor");
        var entries = await auditor.GetStringAsync("/api/v1/ledger?action=booking.made", Stop);
        Assert.Contains(BookedHall.Hall, entries, StringComparison.Ordinal);
        Assert.DoesNotContain("birth", entries, StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Who_booked_goes_by_their_slot_and_what_is_not_kept_counts_for_the_place_alone(string store)
    {
        await using var hall = await BookedHall.StartAsync(store);
        using var anyone = hall.Platform.Anonymous();
        var days = hall.Platform.Services.GetRequiredService<BookingDays>();
        string kept;
        using (var me = await hall.Platform.SignInAsync("citizen-a"))
        {
            kept = (await BookedHall.BookAsync(me, "2026-09-28T09:30").JsonAsync()).Text("id")!;
            Assert.Equal("201", await BookedHall.BookAsync(me, "2026-09-28T14:00").ToldAsync());
        }
        hall.At(9, 27, 8, 59);
        Assert.Equal(0, await days.RemindAsync(Stop));
        hall.At(9, 27, 9, 0);
        Assert.Equal(2, await days.RemindAsync(Stop));
        Assert.Equal(0, await days.RemindAsync(Stop));
        using (var me = await hall.Platform.SignInAsync("citizen-a"))
        {
            var told = (await me.GetFromJsonAsync<JsonElement>("/api/v1/me/notices", Stop)).GetProperty("items").EnumerateArray().ToList();
            Assert.Equal(2, told.Count);
            Assert.Contains(told, n => n.Text("on") == "booking-reminder" && n.Text("subject") == "明天有一个预约：2026-09-28 09:30 西湖区政务服务中心（合成）");
            // Booked today for tomorrow: nobody has to be reminded.
            Assert.Equal("201", await BookedHall.BookAsync(me, "2026-09-28T16:00").ToldAsync());
        }
        Assert.Equal(0, await days.RemindAsync(Stop));

        hall.At(9, 28, 9, 20);
        using var clerk = await hall.Platform.SignInAsync("clerk-hangzhou");
        Task<HttpResponseMessage> DoAsync(string act, object? body = null, string place = BookedHall.Hall) => clerk.PostAsJsonAsync($"/api/v1/places/{place}/{act}", body ?? new { });
        Assert.Equal("404 place-gone", await DoAsync("tickets", place: "ningbo-hall").ToldAsync());
        Assert.Equal("409 queue-empty", await DoAsync("next", new { counter = 1 }).ToldAsync());
        Assert.Equal("422 queue-counter", await DoAsync("next", new { counter = 9 }).ToldAsync());
        Assert.Equal("001", (await DoAsync("tickets").JsonAsync()).Text("ticket"));
        Assert.Equal("002", (await DoAsync($"bookings/{kept}/arrived").JsonAsync()).Text("ticket"));
        Assert.Equal("409 ticket-state", await DoAsync($"bookings/{kept}/arrived").ToldAsync());
        Assert.Equal("003", (await DoAsync("tickets").JsonAsync()).Text("ticket"));
        Assert.Equal("404 ticket-gone", await DoAsync("bookings/none/arrived").ToldAsync());
        // Before half past nine who came first is first; then who booked.
        Assert.Equal("001", (await DoAsync("next", new { counter = 1 }).JsonAsync()).Text("ticket"));
        Assert.Equal("004", (await DoAsync("tickets").JsonAsync()).Text("ticket"));
        hall.At(9, 28, 9, 31);
        var both = await Task.WhenAll(DoAsync("next", new { counter = 2 }).JsonAsync(), DoAsync("next", new { counter = 3 }).JsonAsync());
        Assert.Equal(["002", "003"], both.Select(b => b.Text("ticket")).Order());
        var shown = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/places/{BookedHall.Hall}", Stop);
        Assert.Equal((1, 3), (shown.GetProperty("queue").GetProperty("waiting").GetInt32(), shown.GetProperty("queue").GetProperty("called").GetArrayLength()));
        Assert.Equal("422 ticket-how", await DoAsync($"bookings/{kept}/end", new { how = "late" }).ToldAsync());
        Assert.Equal("204", await DoAsync($"bookings/{kept}/end", new { how = "done" }).ToldAsync());
        Assert.Equal("004", (await DoAsync("next", new { counter = 1 }).JsonAsync()).Text("ticket"));
        Assert.Equal(JsonValueKind.Null, (await DoAsync("next", new { counter = 1 }).JsonAsync()).GetProperty("ticket").ValueKind);
        // Nothing that officials read says whose it is.
        var day = await clerk.GetStringAsync($"/api/v1/places/{BookedHall.Hall}/bookings", Stop);
        Assert.DoesNotContain("holder", day, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("citizen-a", day, StringComparison.Ordinal);

        hall.At(9, 29, 0, 1);
        await days.EndDaysAsync(Stop);
        using var later = await hall.Platform.SignInAsync("citizen-a");
        Assert.Equal([kept], (await later.GetFromJsonAsync<JsonElement>("/api/v1/me/bookings", Stop)).GetProperty("past").EnumerateArray().Select(b => b.Text("id")));
        using var officials = await hall.Platform.SignInAsync("clerk-hangzhou");
        var figures = await officials.GetFromJsonAsync<JsonElement>($"/api/v1/places/{BookedHall.Hall}/figures?from=2026-09-01&to=2026-09-30", Stop);
        Assert.Equal((3, 1, 2, 3), (Count("booked"), Count("kept"), Count("absent"), Count("walkedIn")));
        int Count(string name) => figures.GetProperty(name).GetInt32();
        using var auditor = await hall.Platform.SignInAsync("auditor");
        var unkept = Assert.Single((await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger?action=booking.unkept", Stop)).GetProperty("items").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, unkept.GetProperty("subject").ValueKind);
    }

    [Theory, InlineData("2026-11-06", "09:00-12:00 13:30-17:00"), InlineData("2026-11-07", "09:00-12:00"), InlineData("2026-11-08", ""), InlineData("2026-10-01", ""), InlineData("2026-09-20", "09:00-12:00 13:30-17:00"), InlineData("2026-10-10", "09:00-12:00")]
    public void A_hall_keeps_its_week_but_on_holidays_and_on_days_worked_for_them(string day, string hours)
    {
        var place = Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions/zhejiang/jurisdiction.yaml")).Places.Single(p => p.Id == BookedHall.Hall);
        var on = DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(hours, string.Join(' ', (place.HoursOn(on)?.Spans ?? []).Select(s => $"{s.From:HH\\:mm}-{s.To:HH\\:mm}")));
        // Whole slots alone: of three hours, two of an hour and a quarter.
        Assert.Equal(hours.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length * 2, Slots.On(place, new BookingRule(TimeSpan.FromMinutes(75), 4, 14), on, TimeSpan.FromHours(8)).Count());
    }

    private static async Task<IReadOnlyList<JsonElement>> MineAsync(HttpClient who) => [.. (await who.GetFromJsonAsync<JsonElement>("/api/v1/me/bookings", Stop)).GetProperty("ahead").EnumerateArray()];

    private static Task<HttpResponseMessage> CancelAsync(HttpClient who, JsonElement one) => who.PostAsJsonAsync($"/api/v1/me/bookings/{one.Text("id")}/cancel", new { });
}
