using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Return flow: each region takes its own rows back, what changed and what went since the last time, and nobody else's.</summary>
public sealed class ReturnTests
{
    private const string Path = $"/api/v1/datasets/{GaugePack.Id}/level/changes";

    private const string Pushed = "from: push\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}";

    private static object Row(string gauge, string region, double level) => new { gauge, at = "2026-03-01 08:00", region, level, note = (string?)null };

    private static async Task PushAsync(RunningPlatform platform, string what, params object[] rows)
    {
        using var source = await platform.SignInAsync("duty");
        using var answer = await source.PostAsJsonAsync($"/api/v1/datasets/{GaugePack.Id}/level/rows{what}", rows);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static Task LoadAsync(RunningPlatform platform, params string[] rows) => platform.LoadLinesAsync(GaugePack.Id, "level", rows.Select(r => r + ",").Prepend("gauge,at,region,level,note"));

    // Everything since a position, page by page, as a receiver keeps it: what came or changed, what went.
    private static async Task<(string Kept, string Position)> TakeAsync(HttpClient http, string? position, string query = "", int take = 2)
    {
        List<string> rows = [], gone = [];
        for (var more = true; more;)
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"{Path}?take={take}{(position is null ? "" : $"&position={position}")}{query}");
            rows.AddRange(page.GetProperty("rows").EnumerateArray().Select(r => $"{r.GetProperty("gauge").GetString()}={r.GetProperty("level")}"));
            gone.AddRange(page.GetProperty("removed").EnumerateArray().Select(r => r.GetProperty("gauge").GetString()!));
            (position, more) = (page.GetProperty("position").GetString()!, page.GetProperty("more").GetBoolean());
        }
        return ($"{string.Join(' ', rows)}|{string.Join(' ', gone)}", position!);
    }

    [Shows("plat-warehouses")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_region_takes_its_own_rows_what_changed_and_what_went(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await GaugePack.ApplyAsync(platform, Pushed, shared: "share: unconditional\nopen: unconditional\ngrade: 1\nregion: region");
        await PushAsync(platform, "", Row("A", "330102", 1), Row("B", "330106", 2), Row("C", "330502", 3), Row("D", "330110", 4));
        using var http = await platform.SignInAsync("steward");
        var (first, hangzhou) = await TakeAsync(http, null, "&for=330100");
        var (other, huzhou) = await TakeAsync(http, null, "&for=330500");
        Assert.Equal(("A=1 B=2 D=4|", "C=3|"), (first, other));
        Assert.Equal(("|", "|"), ((await TakeAsync(http, hangzhou, "&for=330100")).Kept, (await TakeAsync(http, huzhou, "&for=330500")).Kept));

        // B changes, D goes, A moves to Huzhou, E comes.
        await PushAsync(platform, "", Row("A", "330502", 1), Row("B", "330106", 5), Row("C", "330502", 3), Row("E", "330102", 6));
        await PushAsync(platform, "/removals", new { gauge = "D", at = "2026-03-01 08:00" });
        Assert.Equal("B=5 E=6|A D", Sorted((await TakeAsync(http, hangzhou, "&for=330100")).Kept));
        Assert.Equal("A=1|", (await TakeAsync(http, huzhou, "&for=330500", take: 1)).Kept);

        var lines = await http.GetFromJsonAsync<JsonElement>("/api/v1/regions/330100/datasets");
        var line = lines.EnumerateArray().Single(l => l.GetProperty("pack").GetString() == GaugePack.Id);
        Assert.Equal((2, "steward", 0), (line.GetProperty("rows").GetInt32(), line.GetProperty("returns")[0].GetProperty("receiver").GetString(), line.GetProperty("returns")[0].GetProperty("behind").GetInt32()));
        foreach (var (query, status) in ((string, HttpStatusCode)[])[("?position=nonsense", HttpStatusCode.BadRequest), ("?position=e30", HttpStatusCode.BadRequest), ("?take=0", HttpStatusCode.BadRequest), ("?for=999999", HttpStatusCode.NotFound)])
            Assert.Equal(status, (await http.GetAsync(Path + query)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await platform.Anonymous().GetAsync(Path)).StatusCode);
    }

    private static string Sorted(string kept) => string.Join('|', kept.Split('|').Select(p => string.Join(' ', p.Split(' ').Order(StringComparer.Ordinal))));

    [Fact]
    public async Task A_city_sees_the_rows_of_its_own_region_alone_and_who_was_away_too_long_begins_anew()
    {
        var clock = new StandingClock();
        await using var played = await RunningPlatform.StartAsync("sqlite", clock: clock);
        await GaugePack.ApplyAsync(played, Pushed, shared: "share: unconditional\nopen: none\ngrade: 2\nregion: region");
        await PushAsync(played, "", Row("A", "330102", 1), Row("C", "330502", 3));
        string position;
        using (var http = await played.SignInAsync("worker-huzhou"))
        {
            (var kept, position) = await TakeAsync(http, null);
            Assert.Equal("C=3|", kept);
            Assert.Equal("|", (await TakeAsync(http, null, "&for=330100")).Kept);
        }
        await PushAsync(played, "/removals", new { gauge = "C", at = "2026-03-01 08:00" });
        clock.Now += TimeSpan.FromDays(31);
        using var later = await played.SignInAsync("worker-huzhou");
        Assert.Equal(HttpStatusCode.Gone, (await later.GetAsync($"{Path}?position={position}")).StatusCode);
        Assert.Equal("|", (await TakeAsync(later, null)).Kept);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task The_bureau_sees_a_regions_warehouse_and_who_takes_it_back(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: screen == Screen.Desktop);
        await GaugePack.ApplyAsync(platform, "from: csv\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}", shared: "share: unconditional\nopen: none\ngrade: 2\nregion: region");
        await LoadAsync(platform, "A,2026-03-01 08:00,330102,1", "C,2026-03-01 08:00,330502,3");
        using (var http = await platform.SignInAsync("steward"))
            await TakeAsync(http, null, "&for=330100");
        await LoadAsync(platform, "B,2026-03-01 08:00,330106,2");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        await visitor.SignInAsync("steward");
        await visitor.OpenAsync("/desk/regions?region=330100");
        await visitor.SeesAsync("还差 1 次装载");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Main).GetByLabel("地区")).ToHaveValueAsync("330100");
        await visitor.LooksAsync("desk-regions");
        // Towns are offered of the county that is looked at, not of all ninety.
        await visitor.OpenAsync("/desk/regions?region=330106002");
        var regions = visitor.Page.GetByRole(AriaRole.Main).GetByLabel("地区");
        await Assertions.Expect(regions).ToHaveValueAsync("330106002");
        await Assertions.Expect(regions.Locator("option[value='330106009']")).ToHaveCountAsync(1);
        await Assertions.Expect(regions.Locator("option[value='330102001']")).ToHaveCountAsync(0);
        await visitor.LooksAsync("desk-regions-town");
    }
}
