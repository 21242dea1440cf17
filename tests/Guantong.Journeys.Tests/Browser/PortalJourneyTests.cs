using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>What people meet at the Portal, with and without JavaScript, on a desktop and a phone.</summary>
public sealed class PortalJourneyTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Anyone_finds_data_and_figures_and_changes_the_language(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        await visitor.LooksAsync("portal-home");
        await page.FillAsync("input[name=q]", "空气质量");
        await page.ClickAsync(".search button");
        await visitor.SeesAsync("空气质量日值");
        await visitor.LooksAsync("portal-search");
        await page.GetByRole(AriaRole.Link, new() { Name = "空气质量日值" }).ClickAsync();
        await visitor.SeesAsync("首要污染物");
        await visitor.LooksAsync("portal-dataset");
        await page.GetByRole(AriaRole.Link, new() { Name = "下一页" }).ClickAsync();
        await visitor.SeesAsync("第 21–40 行");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "下载 CSV" }).ClickAsync());
        Assert.StartsWith("station,day,hours", await File.ReadAllTextAsync((await download.PathAsync())!), StringComparison.Ordinal);

        await visitor.OpenAsync("/screens/environment.air-quality");
        await visitor.SeesAsync("合成数据");
        await visitor.LooksAsync("portal-air");
        await page.Locator("figure.map a[href*='330500']").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("湖州市");
        await page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Huzhou");
        await visitor.LooksAsync("portal-air-en");
        await visitor.OpenAsync("/search?q=nothing-of-the-kind");
        await visitor.SeesAsync("Nothing found");
        await visitor.OpenAsync("/no/such/page");
        await visitor.LooksAsync("portal-missing");
    }

    [Theory, InlineData(Screen.Desktop, true), InlineData(Screen.Phone, false)]
    public async Task Anyone_reports_a_problem_mends_a_mistake_and_reads_the_reply(Screen screen, bool script)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        // Axe needs JavaScript, so a visit without it only walks the way.
        await using var visitor = await Visitor.ComeAsync(platform, screen, script);
        var page = visitor.Page;
        Task Looks(string name) => script ? visitor.LooksAsync(name) : Task.CompletedTask;
        await visitor.OpenAsync("/services");
        await Looks("portal-services");
        await page.GetByRole(AriaRole.Link, new() { Name = "大气污染问题反映" }).ClickAsync();
        await visitor.SeesAsync("15 天");
        await Looks("portal-service");
        await page.GetByRole(AriaRole.Link, new() { Name = "开始办理" }).ClickAsync();
        await page.SelectOptionAsync("#f-kind", "工地扬尘");
        await page.FillAsync("#f-place", "示例路 1 号 <script>alert(1)</script>");
        await page.ClickAsync("form button");
        await visitor.SeesAsync("有 2 处需要改正");
        await Looks("portal-apply");
        await Assertions.Expect(page.Locator("#f-kind")).ToHaveValueAsync("工地扬尘");
        await page.SelectOptionAsync("#f-region", "330100");
        await page.FillAsync("#f-seen_on", "2026-11-20");
        await page.ClickAsync("form button");
        await visitor.SeesAsync("已提交");
        await Looks("portal-receipt");
        var (number, code) = (await page.Locator("#number").InnerTextAsync(), await page.Locator("#code").InnerTextAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = "查看进展" }).ClickAsync();
        await page.FillAsync("#code", "WRONGCODE2");
        await page.ClickAsync("form button");
        await visitor.SeesAsync("对不上");
        await page.FillAsync("#code", code);
        await page.ClickAsync("form button");
        await visitor.SeesAsync("正在办理");

        using var official = await platform.SignInAsync("worker-hangzhou");
        await RunningPlatform.FinishAsync(official, number, "inspect", new { confirmed = false, finding = "现场未见施工 <b>粗体</b>" });
        await platform.EndedAsync(official, number);
        await visitor.OpenAsync($"/applications?number={number}");
        await page.FillAsync("#code", code.ToLowerInvariant());
        await page.ClickAsync("form button");
        await visitor.SeesAsync("已答复");
        await visitor.SeesAsync("<b>粗体</b>");
        await Looks("portal-track");
    }
}
