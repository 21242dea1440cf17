using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Applications built on open data are sent in, released, entered into a competition and given awards.</summary>
public sealed class GalleryTests
{
    private const string Station = "environment.air-quality/station";

    private static async Task<string> CodeAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        return $"{(int)answer.StatusCode} {(answer.IsSuccessStatusCode || text.Length == 0 ? "" : JsonDocument.Parse(text).RootElement is var root && root.TryGetProperty("code", out var code) ? code.GetString() : string.Join(',', root.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order()))}".TrimEnd();
    }

    private static async Task<string> MadeAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static object App(string title = "今天能开窗吗", string link = "https://window.example.cn/", params string[] datasets) => new { title, about = "按最近的站点告诉您今天适不适合开窗通风。", link, datasets = datasets.Length == 0 ? [Station] : datasets };

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_application_is_shown_once_it_was_released_and_wins_an_award_once_the_competition_has_closed(string store)
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        using var citizen = await platform.SignInAsync("citizen-a");
        using var firm = await platform.SignInAsync("enterprise-a");
        using var bureau = await platform.SignInAsync("data-bureau");
        using var anyone = platform.Anonymous();
        async Task<string[]> ShownAsync() => [.. (await anyone.GetFromJsonAsync<JsonElement>("/api/v1/gallery/apps")).EnumerateArray().Select(a => a.GetProperty("title").GetString()!)];

        foreach (var link in (string[])["http://window.example.cn/", "javascript:alert(1)", "https://a.cn@evil.example/", "https://window example.cn", "//x.cn", "https://localhost/", ""])
            Assert.Equal("422 link", await CodeAsync(citizen.PostAsJsonAsync("/api/v1/gallery/apps", App(link: link))));
        Assert.Equal("422 about,datasets,link,title", await CodeAsync(citizen.PostAsJsonAsync("/api/v1/gallery/apps", new { })));
        Assert.Equal("422 datasets", await CodeAsync(citizen.PostAsJsonAsync("/api/v1/gallery/apps", App(datasets: "environment.air-quality/none"))));
        Assert.Equal("403 not-allowed", await CodeAsync(bureau.PostAsJsonAsync("/api/v1/gallery/apps", App())));

        var window = await MadeAsync(citizen.PostAsJsonAsync("/api/v1/gallery/apps", App()));
        var other = await MadeAsync(firm.PostAsJsonAsync("/api/v1/gallery/apps", App("<b>跑步地图</b>")));
        Assert.Empty(await ShownAsync());
        Assert.Equal("403 not-allowed", await CodeAsync(citizen.PostAsJsonAsync($"/api/v1/gallery/apps/{window}/decide", new { agree = true })));
        Assert.Equal("422 share-reason", await CodeAsync(bureau.PostAsJsonAsync($"/api/v1/gallery/apps/{other}/decide", new { agree = false })));
        foreach (var id in (string[])[window, other])
            Assert.Equal("200", await CodeAsync(bureau.PostAsJsonAsync($"/api/v1/gallery/apps/{id}/decide", new { agree = true })));
        Assert.Equal(["<b>跑步地图</b>", "今天能开窗吗"], (await ShownAsync()).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("<b>跑步", await anyone.GetStringAsync("/data/apps"), StringComparison.Ordinal);

        object Declared(string from, string until) => new { title = "空气数据大赛", titleEn = "Air data contest", rules = "用空气质量数据做一个对居民有用的应用。", rulesEn = "Build something of use on air data.", from, until, datasets = new[] { Station } };
        Assert.Equal("403 not-allowed", await CodeAsync(citizen.PostAsJsonAsync("/api/v1/competitions", Declared("2026-11-02", "2026-11-10"))));
        Assert.Equal("422 from,until", await CodeAsync(bureau.PostAsJsonAsync("/api/v1/competitions", Declared("tomorrow", "2026-11-01"))));
        var contest = await MadeAsync(bureau.PostAsJsonAsync("/api/v1/competitions", Declared("2026-11-02", "2026-11-10")));
        var enter = $"/api/v1/competitions/{contest}/entries";
        Assert.Equal("404 not-found", await CodeAsync(citizen.PostAsJsonAsync(enter, new { app = other })));
        Assert.Equal("204", await CodeAsync(citizen.PostAsJsonAsync(enter, new { app = window })));
        Assert.Equal("409 competition-entered", await CodeAsync(citizen.PostAsJsonAsync(enter, new { app = window })));
        Assert.Equal("409 competition-not-closed", await CodeAsync(bureau.PostAsJsonAsync($"/api/v1/competitions/{contest}/awards", new { app = window, award = "一等奖" })));

        clock.Now += TimeSpan.FromDays(9);
        using var later = await platform.SignInAsync("data-bureau");
        using var late = await platform.SignInAsync("enterprise-a");
        Assert.Equal("409 competition-shut", await CodeAsync(late.PostAsJsonAsync(enter, new { app = other })));
        Assert.Equal("404 not-found", await CodeAsync(later.PostAsJsonAsync($"/api/v1/competitions/{contest}/awards", new { app = other, award = "一等奖" })));
        Assert.Equal("204", await CodeAsync(later.PostAsJsonAsync($"/api/v1/competitions/{contest}/awards", new { app = window, award = "一等奖" })));
        var result = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/competitions/{contest}");
        Assert.Equal(("closed", "一等奖"), (result.GetProperty("competition").GetProperty("state").GetString(), result.GetProperty("entries")[0].GetProperty("award").GetString()));
        Assert.False(result.GetProperty("entries")[0].GetProperty("app").TryGetProperty("login", out _));

        using var back = await platform.SignInAsync("citizen-a");
        Assert.Equal("404 not-found", await CodeAsync(late.PostAsync($"/api/v1/gallery/apps/{window}/withdraw", null)));
        Assert.Equal("204", await CodeAsync(back.PostAsync($"/api/v1/gallery/apps/{window}/withdraw", null)));
        Assert.Equal(["<b>跑步地图</b>"], await ShownAsync());
        using var auditor = await platform.SignInAsync("auditor");
        var actions = (await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger?take=200")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()!).ToHashSet();
        Assert.Superset(new HashSet<string> { "gallery.sent", "gallery.released", "gallery.withdrawn", "competition.declared", "competition.entered", "competition.awarded" }, actions);
    }
}
