using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A cockpit at a desk, on a phone and on a wall, from one declaration; changed, commented on, marked, taken away.</summary>
public sealed class ScreenBrowserTests
{
    private const string Air = "/desk/cockpit?pack=environment.air-quality";

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_leader_reads_figures_as_charts_and_tables_back_in_time_in_other_colours(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync(Air);
        await visitor.SeeAllAsync();
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
        await visitor.SeeAllAsync();
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
        // It has no dimension, so there is none to choose.
        await Assertions.Expect(page.Locator("#card-by")).ToHaveCountAsync(0);
        await page.FillAsync("#card-title", "重污染天数构成");
        await visitor.SeeAllAsync();
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

        // Where the indicator has a dimension, its values are chosen; then a heat map has periods beside each other in place of days.
        await WorksPack.ApplyAsync(platform);
        await WorksPack.ReportAsync(platform, from m in Enumerable.Range(1, 9) from k in (string[])["coal", "gas", "wind"] select $"a,330106,2026-{m:00}-05,{k},{(m * 3 + k.Length * 5) % 11 + 1},true");
        await visitor.OpenAsync($"/desk/cockpit?pack={WorksPack.Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "调整", Exact = true }).ClickAsync();
        await page.Locator("#card-heat-output").GetByRole(AriaRole.Button, new() { Name = "移除" }).ClickAsync();
        await Assertions.Expect(page.Locator("#card-heat-output")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "添加卡片" }).ClickAsync();
        await page.SelectOptionAsync("#card-kind", "heat");
        await page.SelectOptionAsync("#card-indicator", "output");
        await Assertions.Expect(page.Locator("#card-period")).ToHaveCountAsync(0);
        await page.SelectOptionAsync("#card-by", new SelectOptionValue { Label = "种类" });
        await page.SelectOptionAsync("#card-period", "month");
        await page.GetByRole(AriaRole.Button, new() { Name = "放上去" }).ClickAsync();
        var heat = page.Locator(".card.is-heat");
        await Assertions.Expect(heat.Locator("h2")).ToHaveTextAsync("产量（按种类）");
        await page.FillAsync("#edit-note", "按种类看产量");
        await page.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await visitor.SeesAsync("这是为浙江省调整过的驾驶舱");
        await heat.GetByRole(AriaRole.Button, new() { Name = "看表格" }).ClickAsync();
        await Assertions.Expect(heat.Locator("thead th")).ToHaveCountAsync(4);
        await Assertions.Expect(heat.Locator("tbody tr")).ToHaveCountAsync(9);
        await heat.GetByRole(AriaRole.Button, new() { Name = "看图" }).ClickAsync();
        await visitor.SeeAllAsync();
        await visitor.LooksAsync("screen-heat-by");
    }

    [Fact]
    public async Task A_steward_drags_cards_to_other_places_and_sizes()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        var page = visitor.Page;
        await visitor.SignInAsync("steward");
        await visitor.OpenAsync(Air);
        // While nobody changes the screen there is nothing to take hold of.
        await Assertions.Expect(page.Locator(".grip")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "调整", Exact = true }).ClickAsync();
        var (first, cards) = (page.Locator("#card-light-good-day-rate"), page.Locator(".cockpit .card"));
        await Assertions.Expect(first.Locator(".grip")).ToBeVisibleAsync();
        await page.EvaluateAsync("document.querySelector('#card-light-good-day-rate').scrollIntoView({ block: 'center' })");
        async Task HoldAsync(ILocator what, ILocator over, float across)
        {
            var (from, to) = ((await what.BoundingBoxAsync())!, (await over.BoundingBoxAsync())!);
            await page.Mouse.MoveAsync(from.X + (from.Width / 2), from.Y + (from.Height / 2));
            await page.Mouse.DownAsync();
            await page.Mouse.MoveAsync(to.X + (to.Width * across), to.Y + (to.Height / 2), new() { Steps = 6 });
        }
        // Given up half-way, nothing happened.
        await HoldAsync(first.Locator("h2"), page.Locator("#card-light-heavy-days"), 0.8f);
        await Assertions.Expect(page.Locator("#card-light-heavy-days")).ToHaveAttributeAsync("data-drop", "after");
        await Assertions.Expect(page.Locator(".drag-likeness")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await page.Mouse.UpAsync();
        await Assertions.Expect(page.Locator(".drag-likeness, [data-drop]")).ToHaveCountAsync(0);
        await Assertions.Expect(cards.First).ToHaveAttributeAsync("id", "card-light-good-day-rate");
        // Let go behind the next, it stands there; before it again, it is back.
        await HoldAsync(first.Locator("h2"), page.Locator("#card-light-heavy-days"), 0.8f);
        await page.Mouse.UpAsync();
        await Assertions.Expect(cards.First).ToHaveAttributeAsync("id", "card-light-heavy-days");
        await HoldAsync(first.Locator("h2"), page.Locator("#card-light-heavy-days"), 0.2f);
        await page.Mouse.UpAsync();
        await Assertions.Expect(cards.First).ToHaveAttributeAsync("id", "card-light-good-day-rate");
        // Its corner: three columns wider, a row higher.
        var (grip, wide) = ((await first.Locator(".grip").BoundingBoxAsync())!, (await first.BoundingBoxAsync())!.Width / 6);
        await page.Mouse.MoveAsync(grip.X + 14, grip.Y + 14);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(grip.X + 14 + (3 * wide), grip.Y + 14 + 88, new() { Steps = 6 });
        await Assertions.Expect(first).ToHaveAttributeAsync("data-size", "9 × 3");
        await page.Mouse.UpAsync();
        await Assertions.Expect(first).ToHaveAttributeAsync("style", new System.Text.RegularExpressions.Regex("--w:9;--h:3;"));
        await Assertions.Expect(page.Locator(".changes .chip", new() { HasText = "改大小" })).ToHaveCountAsync(1);
        await visitor.LooksAsync("screen-dragged");
        await page.GetByRole(AriaRole.Button, new() { Name = "撤销一步" }).ClickAsync();
        await Assertions.Expect(page.Locator(".changes .chip", new() { HasText = "改大小" })).ToHaveCountAsync(0);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_leader_sees_what_was_known_on_a_day_and_figures_by_a_dimension(Screen screen)
    {
        var clock = new StandingClock { Now = new DateTimeOffset(2025, 3, 15, 4, 0, 0, TimeSpan.Zero) };
        await using var platform = await RunningPlatform.StartAsync("sqlite", clock: clock);
        await WorksPack.ApplyAsync(platform);
        await WorksPack.ReportAsync(platform, "a,330106,2025-01-05,coal,10,true", "b,330502,2025-01-06,gas,4,false", "a,330106,2025-02-07,gas,6,true");
        clock.Now += TimeSpan.FromDays(3);
        await WorksPack.ReportAsync(platform, "a,330106,2025-01-05,coal,12,true", "a,330106,2025-02-07,gas,7,true");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync($"/desk/cockpit?pack={WorksPack.Id}&at=2025-03-15");
        var light = page.Locator("#card-light-output .big");
        await Assertions.Expect(light).ToHaveTextAsync("7 吨");
        await page.GetByRole(AriaRole.Link, new() { Name = "按当日已知的数" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("known=2025-03-15"));
        await Assertions.Expect(light).ToHaveTextAsync("6 吨");
        await visitor.SeesAsync("按 2025年3月15日 当日已知的数");
        await visitor.SeeAllAsync();
        await visitor.LooksAsync("screen-known");
        // A figure leads to its page as it was known, with the rows that it rested on then.
        await page.Locator("#card-light-output .more-tools summary").ClickAsync();
        await page.Locator("#card-light-output").GetByRole(AriaRole.Link, new() { Name = "来历和明细" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/desk/indicators/.*known=2025-03-15"));
        await visitor.IsReadyAsync();
        var figure = page.Locator(".lights .big").First;
        await Assertions.Expect(figure).ToHaveTextAsync("6 吨");
        await Assertions.Expect(page.Locator("#rows tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#rows tbody td.num").First).ToHaveTextAsync("6");
        await visitor.SeesAsync("按 2025年3月15日 当日已知的数");
        await visitor.LooksAsync("indicator-known");
        await page.GetByLabel("按哪天已知的数").FillAsync("2025-03-18");
        await Assertions.Expect(figure).ToHaveTextAsync("7 吨");
        await page.GetByLabel("按哪天已知的数").FillAsync("2025-03-14");
        await visitor.SeesAsync("到那天为止还没有这个数");
        await page.GetByRole(AriaRole.Link, new() { Name = "回到最新" }).ClickAsync();
        await Assertions.Expect(figure).ToHaveTextAsync("7 吨");
        await Assertions.Expect(page.Locator(".notice.known")).ToHaveCountAsync(0);
        await visitor.OpenAsync($"/desk/cockpit?pack={WorksPack.Id}&at=2025-03-15&known=2025-03-15");
        await page.GetByRole(AriaRole.Link, new() { Name = "按修订后的数" }).ClickAsync();
        await Assertions.Expect(light).ToHaveTextAsync("7 吨");
        await Assertions.Expect(page.Locator(".notice.known")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "回到最新" }).ClickAsync();

        // By fuel: as a table each leads to its own figure, and the rows behind it.
        await visitor.SeeAllAsync();
        await visitor.LooksAsync("screen-by");
        var rank = page.Locator("#card-rank-output");
        await rank.GetByRole(AriaRole.Button, new() { Name = "看表格" }).ClickAsync();
        await rank.GetByRole(AriaRole.Link, new() { Name = "煤" }).ClickAsync();
        await visitor.SeesAsync("产量 · 浙江省 · 煤");
        await Assertions.Expect(page.Locator(".lights .big").First).ToHaveTextAsync("12 吨");
        await Assertions.Expect(page.Locator("#rows tbody tr")).ToHaveCountAsync(1);
        await visitor.LooksAsync("indicator-member");
        await page.GetByRole(AriaRole.Link, new() { Name = "看全部种类" }).ClickAsync();
        await Assertions.Expect(page.Locator("#rows tbody tr")).ToHaveCountAsync(3);
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
