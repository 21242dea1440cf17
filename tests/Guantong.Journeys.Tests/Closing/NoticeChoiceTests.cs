using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>By which channels people are told of what, and when not; what is served stands whatever they choose.</summary>
public sealed class NoticeChoiceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<Dictionary<string, string>> SmsAsync(ClosedCase closed, string number) =>
        (await closed.GetAsync("worker-huzhou", $"cases/{number}/notices")).EnumerateArray().Where(n => n.Text("channel") == "sms").ToDictionary(n => n.Text("on")!, n => n.Text("state")!);

    private static async Task DeliverAsync(ClosedCase closed)
    {
        while (await closed.Platform.Services.GetRequiredService<NoticePost>().DeliverNextAsync(Stop))
        {
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_not_chosen_is_not_sent_and_quiet_hours_delay_the_word_alone(string store)
    {
        await using var closed = await ClosedCase.StartAsync(store, ends: false);
        Task<string> ChooseAsync(object given) => closed.PostAsync("citizen-a", "me/notices/choices", given, HttpMethod.Put);
        Assert.Equal("204", await closed.PostAsync("citizen-a", "me/notices/contacts", new { channel = "sms", address = "13800138000" }, HttpMethod.Put));
        Assert.Equal("422 notice-kind", await ChooseAsync(new { off = new[] { new { kind = "result", channel = "inbox" } } }));
        Assert.Equal("422 quiet-hours", await ChooseAsync(new { off = Array.Empty<object>(), quiet = new { from = "22:00", to = "22:00" } }));
        Assert.Equal("422 quiet-hours", await ChooseAsync(new { off = Array.Empty<object>(), quiet = new { from = "10 pm", to = "08:00" } }));
        Assert.Equal("204", await ChooseAsync(new { off = new[] { new { kind = "course", channel = "sms" } }, quiet = new { from = "22:00", to = "08:00" } }));
        // It is nine in the morning in Huzhou: nothing is quiet, and how a case goes is not sent.
        var number = await closed.ApplyAsync();
        await DeliverAsync(closed);
        Assert.Empty(await SmsAsync(closed, number));
        await closed.EndAsync(number);
        await DeliverAsync(closed);
        Assert.Equal("logged", (await SmsAsync(closed, number))["decided"]);
        // At eleven at night a document is served: its day is today, the word of it comes at eight.
        closed.Clock.Now += TimeSpan.FromHours(14);
        Assert.Equal("204", await closed.PostAsync("citizen-a", "me/servings/consent", new { agrees = true }, HttpMethod.Put));
        Assert.Equal("201", await closed.PostAsync("worker-huzhou", $"documents/{closed.Document}/serve", new { way = "electronic" }));
        await DeliverAsync(closed);
        Assert.Equal("waiting", (await SmsAsync(closed, number))["served"]);
        Assert.Equal("2026-11-02", (await closed.GetAsync("citizen-a", "me/servings")).GetProperty("items")[0].Text("served"));
        Assert.Contains("served", (await closed.GetAsync("citizen-a", "me/notices")).GetProperty("items")[0].Text("on")!, StringComparison.Ordinal);
        closed.Clock.Now += TimeSpan.FromHours(9) - TimeSpan.FromMinutes(1);
        await DeliverAsync(closed);
        Assert.Equal("waiting", (await SmsAsync(closed, number))["served"]);
        closed.Clock.Now += TimeSpan.FromMinutes(1);
        await DeliverAsync(closed);
        Assert.Equal("logged", (await SmsAsync(closed, number))["served"]);
    }

    [Theory, InlineData("22:00", "08:00", "2026-11-02T21:59", null), InlineData("22:00", "08:00", "2026-11-02T22:00", "2026-11-03T08:00"), InlineData("22:00", "08:00", "2026-11-03T07:59", "2026-11-03T08:00"), InlineData("22:00", "08:00", "2026-11-03T08:00", null), InlineData("12:00", "14:00", "2026-11-03T13:00", "2026-11-03T14:00")]
    public void Quiet_hours_end_where_they_say(string from, string to, string now, string? until)
    {
        DateTimeOffset At(string text) => DateTimeOffset.Parse(text + ":00+08:00", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(until is null ? null : At(until), NoticeChoices.Until(new QuietHours(from, to), At(now)));
    }
}
