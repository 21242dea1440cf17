using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Data open on condition is applied for on the Portal, decided on at the Desk, used and given up; what was built on it is shown and wins.</summary>
public sealed class PermissionBrowserTests
{
    private static Task PressAsync(ILocator within, string name) => within.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static Task ConfirmAsync(Visitor visitor, string name) => PressAsync(visitor.Page.GetByRole(AriaRole.Dialog), name);

    [Shows("plat-opening")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Data_is_applied_for_with_mistakes_mended_decided_on_asked_in_the_sandbox_and_given_up(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await AppliedPack.ApplyAsync(platform);
        await AppliedPack.FillAsync(platform);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        // Who is not signed in is sent to sign in, and comes back.
        await visitor.OpenAsync("/data/on-condition");
        await visitor.SeesAsync("生态补助发放");
        await visitor.LooksAsync("offers");
        await visitor.SignInAsync("citizen-a", "/me");
        await visitor.OpenAsync("/my/data");
        await visitor.SeesAsync("您还没有申请过");
        await visitor.LooksAsync("my-data-none");
        await visitor.OpenAsync($"/data/{AppliedPack.Allowance}/apply");
        await visitor.LooksAsync("offer-apply");
        await main.GetByLabel("用途", new() { Exact = true }).FillAsync("研究各地补助政策的落实情况");
        await main.GetByLabel("使用期限（天）").FillAsync("400");
        await PressAsync(main, "提交申请");
        await visitor.SeesAsync("有 4 处需要改正");
        await visitor.LooksAsync("offer-apply-faults");
        await Assertions.Expect(main.GetByLabel("用途", new() { Exact = true })).ToHaveValueAsync("研究各地补助政策的落实情况");
        await main.GetByLabel("用在什么成果里").FillAsync("一篇公开发表的研究报告");
        await main.GetByLabel("使用期限（天）").FillAsync("90");
        await main.GetByLabel("怎样保护数据").FillAsync("只在加密的电脑上保存，项目结束即删除");
        await main.GetByRole(AriaRole.Radio, new() { Name = "数据沙箱" }).CheckAsync();
        await main.GetByRole(AriaRole.Checkbox, new() { Name = "我已阅读并接受" }).CheckAsync();
        await PressAsync(main, "提交申请");
        await visitor.SeesAsync("申请已提交");
        await visitor.LooksAsync("my-data-sent");

        await visitor.SignInAsync("steward-ecology");
        await visitor.OpenAsync("/desk/opening");
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await visitor.LooksAsync("opening-applications");
        await main.Locator("tbody tr a").First.ClickAsync();
        await visitor.SeesAsync("申请内容");
        await PressAsync(main, "不同意");
        await visitor.SeesAsync("个字写明理由");
        await visitor.LooksAsync("opening-application");
        await PressAsync(main, "同意");
        await ConfirmAsync(visitor, "同意");
        await visitor.SeesAsync("使用中");
        await visitor.LooksAsync("opening-granted");

        await visitor.SignInAsync("citizen-a", "/me");
        await visitor.OpenAsync("/my/data");
        await visitor.LooksAsync("my-data-granted");
        await main.GetByRole(AriaRole.Link, new() { Name = "打开数据沙箱" }).ClickAsync();
        await visitor.SeesAsync("个人信息和加密的字段不在其中");
        await main.GetByLabel("新单元的语句").FillAsync("SELECT id FROM allowance");
        await PressAsync(main, "运行");
        await visitor.LooksAsync("notebook-fault");
        await main.GetByLabel("单元 1 的语句").FillAsync("SELECT aid, count(*) AS n, sum(amount) AS amount\nFROM allowance\nGROUP BY aid ORDER BY aid");
        await main.GetByRole(AriaRole.Button, new() { Name = "运行" }).First.ClickAsync();
        await visitor.SeesAsync("等待核查");
        await visitor.LooksAsync("notebook-held");

        await visitor.SignInAsync("steward-ecology");
        await visitor.OpenAsync("/desk/opening/results");
        await visitor.SeesAsync("GROUP BY aid");
        await visitor.LooksAsync("opening-results");
        await PressAsync(main, "放行");
        await visitor.SeesAsync("没有等待核查的结果");

        await visitor.SignInAsync("citizen-a", "/me");
        await visitor.OpenAsync("/my/data");
        await main.GetByRole(AriaRole.Link, new() { Name = "打开数据沙箱" }).ClickAsync();
        await visitor.SeesAsync("已放行");
        await Assertions.Expect(main.Locator(".result tbody tr")).ToHaveCountAsync(2);
        await visitor.LooksAsync("notebook-released");
        var csv = await page.APIRequest.GetAsync(await main.GetByRole(AriaRole.Link, new() { Name = "下载 CSV" }).GetAttributeAsync("href") ?? "");
        Assert.Contains("aid,n,amount", await csv.TextAsync(), StringComparison.Ordinal);
        await visitor.OpenAsync("/my/data");
        await main.GetByRole(AriaRole.Link, new() { Name = "数据使用协议" }).ClickAsync();
        await visitor.LooksAsync("my-data-agreement");
        await visitor.OpenAsync("/my/data");
        await main.GetByText("放弃许可").ClickAsync();
        await PressAsync(main, "确认放弃");
        await visitor.SeesAsync("已放弃");
        await Assertions.Expect(main.GetByRole(AriaRole.Link, new() { Name = "打开数据沙箱" })).ToHaveCountAsync(0);
    }

    [Shows("plat-opening")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task What_was_built_is_sent_in_released_entered_and_shown_with_its_award(Screen screen)
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync("sqlite", clock: clock);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var main = visitor.Page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("data-bureau");
        await visitor.OpenAsync("/desk/opening/competitions");
        await visitor.SeesAsync("还没有大赛");
        await PressAsync(main, "发起大赛");
        await PressAsync(main, "发起");
        await visitor.SeesAsync("中英文都要写");
        await main.GetByLabel("名称（中文）").FillAsync("空气数据大赛");
        await main.GetByLabel("名称（英文）").FillAsync("Air data contest");
        await main.GetByLabel("报名开始").FillAsync("2026-11-02");
        await main.GetByLabel("报名截止").FillAsync("2026-11-10");
        await main.GetByLabel("规则（中文）").FillAsync("用空气质量数据做一个对居民有用的应用。");
        await main.GetByLabel("规则（英文）").FillAsync("Build something of use to residents on air data.");
        await visitor.LooksAsync("competition-new");
        await PressAsync(main, "发起");
        await visitor.SeesAsync("2026-11-02 至 2026-11-10");

        await visitor.SignInAsync("citizen-a", "/me");
        await visitor.OpenAsync("/my/apps");
        await PressAsync(main, "提交");
        await visitor.SeesAsync("有 4 处需要改正");
        await visitor.LooksAsync("my-apps-faults");
        await main.GetByLabel("名称", new() { Exact = true }).FillAsync("今天能开窗吗");
        await main.GetByLabel("它做什么").FillAsync("按最近的站点告诉您今天适不适合开窗通风，每小时更新。");
        await main.GetByLabel("链接").FillAsync("https://window.example.cn/");
        await main.Locator("input[name=datasets]").First.CheckAsync();
        await PressAsync(main, "提交");
        await visitor.SeesAsync("应用已提交");
        await visitor.LooksAsync("my-apps");
        await visitor.OpenAsync("/data/competitions");
        await visitor.LooksAsync("competitions");
        await main.GetByRole(AriaRole.Link, new() { Name = "空气数据大赛" }).ClickAsync();
        await visitor.LooksAsync("competition-open");
        await PressAsync(main, "报名参赛");
        await visitor.SeesAsync("已报名参赛");

        await visitor.SignInAsync("data-bureau");
        await visitor.OpenAsync("/desk/opening/gallery");
        await visitor.LooksAsync("gallery-waiting");
        await PressAsync(main, "不予展示");
        await visitor.SeesAsync("个字写明理由");
        await PressAsync(main, "审核通过并展示");
        await visitor.SeesAsync("没有待审核的应用");
        clock.Now += TimeSpan.FromDays(9);
        await visitor.SignInAsync("data-bureau");
        await visitor.OpenAsync("/desk/opening/competitions");
        await main.GetByLabel("“今天能开窗吗”的奖项").FillAsync("一等奖");
        await PressAsync(main, "登记");
        await visitor.SeesAsync("已登记");
        await visitor.LooksAsync("competition-awarding");
        await visitor.OpenAsync("/data/apps");
        await visitor.SeesAsync("今天能开窗吗");
        await visitor.LooksAsync("gallery");
        await visitor.OpenAsync("/data/competitions");
        await main.GetByRole(AriaRole.Link, new() { Name = "空气数据大赛" }).ClickAsync();
        await visitor.SeesAsync("一等奖");
        await visitor.LooksAsync("competition-results");
        await visitor.OpenAsync($"/language?to=en&back={Uri.EscapeDataString("/data/apps")}");
        await visitor.SeesAsync("Built on open data");
        await visitor.LooksAsync("gallery-en");
    }
}
