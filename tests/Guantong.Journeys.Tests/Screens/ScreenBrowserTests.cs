using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A cockpit at a desk, on a phone and on a wall, from one declaration; changed, commented on, marked, taken away.</summary>
public sealed class ScreenBrowserTests
{
    private const string Air = "/desk/cockpit?pack=environment.air-quality";

    // Charts are drawn as they come into sight: a picture of the whole page has to see all of it first.
    private static async Task SeeAllAsync(IPage page)
    {
        await page.EvaluateAsync("async () => { for (let y = 0; y < document.body.scrollHeight; y += 500) { scrollTo(0, y); await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))); } scrollTo(0, 0); }");
        await Assertions.Expect(page.Locator(".cockpit .chart[data-option]:not([hidden]):not(:has(svg))")).ToHaveCountAsync(0);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_leader_reads_figures_as_charts_and_tables_back_in_time_in_other_colours(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync(Air);
        await SeeAllAsync(page);
        await visitor.LooksAsync("screen-air");
        // The same figures as a table, for who does not see the chart.
        var map = page.Locator("#card-map-pm25-mean");
        await map.GetByRole(AriaRole.Button, new() { Name = "看表格" }).ClickAsync();
        await Assertions.Expect(map.GetByRole(AriaRole.Cell, new() { Name = "湖州市" })).ToBeVisibleAsync();
        await Assertions.Expect(map.GetByRole(AriaRole.Button, new() { Name = "看图" })).ToHaveAttributeAsync("aria-pressed", "true");
        await map.GetByRole(AriaRole.Button, new() { Name = "看图" }).ClickAsync();
        await Assertions.Expect(map.Locator("svg path").First).ToBeVisibleAsync();
        // A figure leads to where it comes from, and to the warning that it fired.
        await map.GetByLabel("更多").ClickAsync();
        await Assertions.Expect(map.GetByRole(AriaRole.Link, new() { Name = "这个数的来历和明细" })).ToHaveAttributeAsync("href", "/desk/indicators/environment.air-quality/pm25-mean?period=day&region=330000&at=2026-10-31");
        await Assertions.Expect(map.GetByRole(AriaRole.Link, new() { Name = "预警 2026" })).ToBeVisibleAsync();
        await map.GetByLabel("更多").ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "深色" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "色觉友好" }).ClickAsync();
        await Assertions.Expect(page.Locator(".cockpit")).ToHaveAttributeAsync("data-palette", "safe");
        await SeeAllAsync(page);
        await visitor.LooksAsync("screen-air-dark");
        // It is remembered by the browser.
        await visitor.OpenAsync(Air + "&region=330500");
        await Assertions.Expect(page.Locator(".cockpit")).ToHaveAttributeAsync("data-theme", "dark");
        await page.GetByLabel("截至").FillAsync("2026-10-24");
        await page.GetByLabel("截至").PressAsync("Tab");
        await page.WaitForURLAsync("**at=2026-10-24**");
        await Assertions.Expect(page.Locator("#card-map-pm25-mean .heads small")).ToContainTextAsync("2026年10月24日");
        await page.GetByRole(AriaRole.Link, new() { Name = "回到最新" }).ClickAsync();
        await Assertions.Expect(page.Locator("#card-map-pm25-mean .heads small")).ToContainTextAsync("2026年10月31日");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_steward_changes_the_screen_by_buttons_sees_it_at_once_and_takes_it_back(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync(Air);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "调整", Exact = true })).ToHaveCountAsync(0);
        await visitor.SignInAsync("steward");
        await visitor.OpenAsync(Air);
        await page.GetByRole(AriaRole.Button, new() { Name = "调整", Exact = true }).ClickAsync();
        await visitor.SeesAsync("调整浙江省的驾驶舱");
        // By the keyboard alone.
        var first = page.Locator("#card-light-good-day-rate");
        await first.GetByRole(AriaRole.Button, new() { Name = "往后移" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".cockpit .card").First).ToHaveAttributeAsync("id", "card-light-heavy-days");
        await page.Locator("#card-list-tickets").GetByRole(AriaRole.Button, new() { Name = "移除" }).ClickAsync();
        await Assertions.Expect(page.Locator("#card-list-tickets")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "撤销一步" }).ClickAsync();
        await Assertions.Expect(page.Locator("#card-list-tickets")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "添加卡片" }).ClickAsync();
        await page.SelectOptionAsync("#card-kind", "pie");
        await page.SelectOptionAsync("#card-indicator", "heavy-days");
        await page.FillAsync("#card-title", "重污染天数构成");
        await SeeAllAsync(page);
        await visitor.LooksAsync("screen-editing");
        await page.GetByRole(AriaRole.Button, new() { Name = "放上去" }).ClickAsync();
        await Assertions.Expect(page.Locator(".cockpit .card h2", new() { HasText = "重污染天数构成" })).ToHaveCountAsync(1);
        await page.FillAsync("#edit-note", "增加构成");
        await page.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await visitor.SeesAsync("这是为浙江省调整过的驾驶舱");
        await Assertions.Expect(page.Locator(".cockpit .card h2", new() { HasText = "重污染天数构成" })).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Button, new() { Name = "调整", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "调整记录" }).ClickAsync();
        await visitor.SeesAsync("增加构成");
        await visitor.LooksAsync("screen-history");
        await page.GetByRole(AriaRole.Button, new() { Name = "恢复为原来的驾驶舱" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "恢复为原来的驾驶舱" }).ClickAsync();
        await Assertions.Expect(page.Locator(".cockpit .card h2", new() { HasText = "重污染天数构成" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByText("这是为浙江省调整过的驾驶舱")).ToHaveCountAsync(0);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Figures_are_talked_about_events_marked_and_the_screen_asked_for(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync(Air);
        await page.Locator("#card-light-good-day-rate").GetByRole(AriaRole.Button, new() { Name = "评论" }).ClickAsync();
        await visitor.SeesAsync("还没有人评论这个数");
        await page.FillAsync("#comment-words", "请分析原因");
        await page.GetByRole(AriaRole.Button, new() { Name = "发表" }).ClickAsync();
        await Assertions.Expect(page.Locator(".timeline .said")).ToHaveTextAsync("请分析原因");
        await Assertions.Expect(page.Locator("#card-light-good-day-rate").GetByRole(AriaRole.Button, new() { Name = "1 条" })).ToBeVisibleAsync();
        await visitor.LooksAsync("screen-comments");
        await page.GetByRole(AriaRole.Button, new() { Name = "撤回" }).ClickAsync();
        await visitor.SeesAsync("还没有人评论这个数");

        await page.GetByRole(AriaRole.Button, new() { Name = "标注事件" }).ClickAsync();
        await page.FillAsync("#event-first", "2026-10-25");
        await page.FillAsync("#event-words", "启动应急响应");
        await page.GetByRole(AriaRole.Button, new() { Name = "标注", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".plain b", new() { HasText = "启动应急响应" })).ToBeVisibleAsync();
        await page.Locator("#card-trend-pm25-mean").ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(page.Locator("#card-trend-pm25-mean svg text", new() { HasText = "启动应急响应" })).ToHaveCountAsync(1);
        await visitor.LooksAsync("screen-events");

        await page.GetByRole(AriaRole.Button, new() { Name = "订阅", Exact = true }).First.ClickAsync();
        await page.Locator(".panel").GetByRole(AriaRole.Button, new() { Name = "订阅", Exact = true }).ClickAsync();
        await visitor.SeesAsync("每周 周一");
        await visitor.LooksAsync("screen-subscriptions");
        await page.GetByRole(AriaRole.Button, new() { Name = "退订" }).ClickAsync();
        await visitor.SeesAsync("还没有订阅");

        await page.Locator(".screen-tools summary").ClickAsync();
        var book = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Excel 工作簿" }).ClickAsync());
        Assert.EndsWith(".xlsx", book.SuggestedFilename, StringComparison.Ordinal);
        var picture = await page.RunAndWaitForDownloadAsync(() => page.Locator(".screen-tools").GetByRole(AriaRole.Button, new() { Name = "PNG 图片" }).ClickAsync());
        var png = await File.ReadAllBytesAsync((await picture.PathAsync())!);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        if (Environment.GetEnvironmentVariable("GUANTONG_PICTURES") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"screen-export{(screen == Screen.Phone ? "-phone" : "")}.png"), png);
    }

    [Theory, InlineData("environment.air-quality", "湖州市"), InlineData("reform.map", "湖州市")]
    public async Task A_wall_shows_the_whole_screen_without_a_frame(string pack, string city)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Wall);
        var page = visitor.Page;
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync($"/desk/wall?pack={pack}&region=330000");
        await Assertions.Expect(page.Locator(".cockpit .chart[data-option]:not(:has(svg))")).ToHaveCountAsync(0);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollHeight - window.innerHeight"));
        await Assertions.Expect(page.Locator(".mud-appbar, .drawer")).ToHaveCountAsync(0);
        // Every card is on it, whole.
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('.cockpit .card')].filter(c => { const b = c.getBoundingClientRect(); return b.left < 0 || b.right > innerWidth || b.bottom > innerHeight || b.height < 60; }).length"));
        await visitor.LooksAsync($"wall-{pack}");
        await page.GotoAsync($"/desk/wall?pack={pack}&region=330500");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(city);
        await page.GetByRole(AriaRole.Link, new() { Name = "退出大屏" }).ClickAsync();
        await page.WaitForURLAsync("**/desk/cockpit**");
    }
}
