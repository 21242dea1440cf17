using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Work;
using static Guantong.Tests.ConcernCase;

namespace Guantong.Tests;

/// <summary>Follow-up visits: who is drawn, who asks, what it comes to.</summary>
public sealed class FollowUpTests
{
    private static async Task<RunningPlatform> StartAsync(string store, StandingClock clock)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/society/concerns"), "packs/society/concerns");
        await platform.ApplyAsync(files with { Texts = files.Texts.ToDictionary(t => t.Key, t => t.Value.Replace("share: 50", "share: 100", StringComparison.Ordinal)) });
        return platform;
    }

    private static async Task EndAsync(RunningPlatform platform, string number)
    {
        using var officer = await platform.SignInAsync(Officer);
        Assert.Equal("204", await AnswerAsync(officer, number, "accept"));
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(officer, number, "handle", new { settled = "解决", reply = "已责令停止夜间施工（合成）" }));
        await platform.EndedAsync(officer, number);
    }

    private static async Task<List<string>> WaitingAsync(HttpClient who) => [.. (await who.GetFromJsonAsync<JsonElement>("/api/v1/follow-ups")).GetProperty("items").EnumerateArray().Select(f => f.GetProperty("number").GetString()!)];

    private static Task<string> SayAsync(HttpClient who, string number, object given) => who.PostAsJsonAsync($"/api/v1/follow-ups/{number}", given).ToldAsync();

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Who_has_not_rated_is_asked_by_another_unit_and_what_they_say_is_a_rating(string store)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock);
        using var anyone = platform.Anonymous();
        using var citizen = await platform.SignInAsync("citizen-a");
        var own = (await citizen.PostAsJsonAsync($"/api/v1/services/{ConcernCase.Pack}/construction-noise/applications", new { region = "330100", @for = "self", data = new { detail = "合成：工地太吵了睡不着觉" } }).JsonAsync()).GetProperty("number").GetString()!;
        var (rated, unhappy, silent) = (await AppliedAsync(anyone), await AppliedAsync(anyone), await AppliedAsync(anyone));
        foreach (var number in (string[])[own, rated.Number, unhappy.Number, silent.Number])
            await EndAsync(platform, number);
        Assert.Equal("204", await anyone.PostAsJsonAsync($"/api/v1/applications/{rated.Number}/rating", new { rated.Code, level = 5 }).ToldAsync());
        using (var early = await platform.SignInAsync(Clerk))
            Assert.Empty(await WaitingAsync(early));
        clock.Now = clock.Now.AddDays(4);
        await platform.RunJobsAsync();
        using var clerk = await platform.SignInAsync(Clerk);
        using var officer = await platform.SignInAsync(Officer);
        using var again = await platform.SignInAsync("citizen-a");
        Assert.Equal(new[] { own, unhappy.Number, silent.Number }.Order(), (await WaitingAsync(clerk)).Order());
        Assert.Contains("follow-up", (await again.GetStringAsync("/api/v1/me/notices")), StringComparison.Ordinal);
        Assert.StartsWith("403", await SayAsync(officer, own, new { reached = true, level = 5 }), StringComparison.Ordinal);
        Assert.Equal("404 follow-up-gone", await SayAsync(clerk, rated.Number, new { reached = true, level = 5 }));
        // That somebody looked up how to reach them, they see.
        Assert.DoesNotContain("follow-up.read", await again.GetStringAsync("/api/v1/me/reads"), StringComparison.Ordinal);
        Assert.Equal(own, (await clerk.GetFromJsonAsync<JsonElement>($"/api/v1/follow-ups/{own}")).GetProperty("case").GetProperty("number").GetString());
        Assert.Contains("follow-up.read", await again.GetStringAsync("/api/v1/me/reads"), StringComparison.Ordinal);

        Assert.Equal("422 rating-level", await SayAsync(clerk, unhappy.Number, new { reached = true, level = 9 }));
        var both = await Task.WhenAll(SayAsync(clerk, unhappy.Number, new { reached = true, level = 1, reasons = new[] { "slow" }, words = "等了太久" }), SayAsync(clerk, unhappy.Number, new { reached = true, level = 5 }));
        Assert.Single(both, "204");
        Assert.Single(both, b => b.StartsWith('4'));
        for (var i = 0; i < FollowUps.MostTries; i++)
            Assert.Equal("204", await SayAsync(clerk, silent.Number, new { reached = false }));
        Assert.Equal("404 follow-up-gone", await SayAsync(clerk, silent.Number, new { reached = false }));
        Assert.Equal("204", await SayAsync(clerk, own, new { reached = true, level = 4 }));
        Assert.Empty(await WaitingAsync(clerk));
        var figures = (await clerk.GetFromJsonAsync<JsonElement>("/api/v1/follow-ups/figures")).EnumerateArray().Single();
        Assert.Equal((4, 2, 1, 3), (figures.GetProperty("drawn").GetInt64(), figures.GetProperty("reached").GetInt64(), figures.GetProperty("missed").GetInt64(), figures.GetProperty("rated").GetInt64()));
        // Only a bad one goes round the loop.
        using var head = await platform.SignInAsync(Head);
        var open = (await head.GetFromJsonAsync<JsonElement>("/api/v1/ratings?state=open")).GetProperty("items").EnumerateArray().Select(r => r.GetProperty("number").GetString());
        Assert.Equal(both[0] == "204" ? [unhappy.Number] : [], open);
    }

    [Fact]
    public void The_draw_is_the_same_for_whoever_reckons_and_takes_about_the_share()
    {
        var drawn = Enumerable.Range(0, 10_000).Count(i => FollowUps.IsDrawn($"330100-2026-{i:000000}", "r1", 20));
        Assert.InRange(drawn, 1_800, 2_200);
        Assert.Equal(FollowUps.IsDrawn("330100-2026-000001", "r1", 20), FollowUps.IsDrawn("330100-2026-000001", "r1", 20));
        Assert.True(FollowUps.IsDrawn("330100-2026-000001", "r1", 100));
    }
}
