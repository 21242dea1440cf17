using Microsoft.Playwright;

namespace Guantong.Tests;

public sealed partial class OpenPagesTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Anyone_finds_open_data_rates_it_and_asks_for_more_and_units_answer(Screen screen)
    {
        await using var played = await PlayAsync("sqlite");
        await PublishAsync(played.Platform, "resident");
        await PublishAsync(played.Platform, "resident-cell");
        await played.Platform.LoadAsync("station", Path.Combine(Repository.Root, "packs/environment/air-quality/samples/station.csv"));
        await using var visitor = await Visitor.ComeAsync(played.Platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.OpenAsync("/data");
        await visitor.LooksAsync("open-list");
        await main.GetByLabel("开放条件").SelectOptionAsync("conditional");
        await main.GetByRole(AriaRole.Button, new() { Name = "筛选" }).ClickAsync();
        await visitor.SeesAsync("用于公共卫生研究");
        await Assertions.Expect(main.GetByRole(AriaRole.Link, new() { Name = "申请使用" })).ToHaveAttributeAsync("href", $"/data/{Pack}/resident-cell/apply");
        await visitor.LooksAsync("open-list-conditional");
        await main.GetByRole(AriaRole.Link, new() { Name = "居民补助统计" }).ClickAsync();
        await visitor.SeesAsync("先申请");
        await visitor.LooksAsync("open-conditional");
        await visitor.OpenAsync("/data?q=没有这样的数据吧");
        await visitor.LooksAsync("open-list-none");

        await visitor.OpenAsync("/data?q=居民补助明细");
        await main.GetByRole(AriaRole.Link, new() { Name = "居民补助明细" }).ClickAsync();
        await visitor.SeesAsync("只公布到");
        await visitor.SeesAsync("还剩多少风险");
        await visitor.LooksAsync("open-dataset");
        await main.GetByRole(AriaRole.Link, new() { Name = "下一页" }).First.ClickAsync();
        await visitor.SeesAsync("第 21–40 行");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "下载 CSV" }).ClickAsync());
        Assert.StartsWith("region,birth,aid", await File.ReadAllTextAsync((await download.PathAsync())!), StringComparison.Ordinal);

        // Signed in: rated, with a fault first; what was written stays.
        await main.GetByRole(AriaRole.Link, new() { Name = "登录后可以评分、留言" }).ClickAsync();
        await page.FillAsync("#login", "citizen-a");
        await page.FillAsync("#password", Trust.Accounts.DemoPassword);
        await page.ClickAsync("main button[type=submit]");
        await visitor.SeesAsync("给这份数据评分");
        await main.GetByRole(AriaRole.Button, new() { Name = "提交评分" }).ClickAsync();
        await visitor.SeesAsync("请给 1 到 5 星");
        await main.GetByLabel("4 星").CheckAsync();
        await main.GetByRole(AriaRole.Button, new() { Name = "提交评分" }).ClickAsync();
        await visitor.SeesAsync("评分已记下");
        await main.GetByLabel("写留言").FillAsync("打 13800138000 找我");
        await main.GetByRole(AriaRole.Button, new() { Name = "提交留言" }).ClickAsync();
        await visitor.SeesAsync("请去掉身份证号、手机号");
        await Assertions.Expect(main.GetByLabel("写留言")).ToHaveValueAsync("打 13800138000 找我");
        await visitor.LooksAsync("open-comment-fault");
        await main.GetByLabel("写留言").FillAsync("能不能公布到县？");
        await main.GetByRole(AriaRole.Button, new() { Name = "提交留言" }).ClickAsync();
        await visitor.SeesAsync("等待审核");
        await visitor.OpenAsync("/data-requests");
        await visitor.SeesAsync("还没有人提出需求");
        await visitor.LooksAsync("requests-none");
        await main.GetByRole(AriaRole.Link, new() { Name = "提出数据需求" }).ClickAsync();
        await main.GetByLabel("用来做什么").FillAsync("带孩子出门，想知道附近哪里有母婴室。");
        await main.GetByRole(AriaRole.Button, new() { Name = "提交需求" }).ClickAsync();
        await visitor.SeesAsync("有 1 处需要改正");
        await Assertions.Expect(main.GetByLabel("用来做什么")).ToHaveValueAsync("带孩子出门，想知道附近哪里有母婴室。");
        await visitor.LooksAsync("requests-new-fault");
        await main.GetByLabel("需要什么数据").FillAsync("母婴室位置");
        await main.GetByRole(AriaRole.Button, new() { Name = "提交需求" }).ClickAsync();
        await visitor.SeesAsync("需求已提出");
        await visitor.LooksAsync("requests-asked");
        var request = new Uri(page.Url).AbsolutePath;

        await visitor.SignInAsync("steward-ecology");
        await visitor.OpenAsync("/desk/sharing/voices");
        await visitor.SeesAsync("能不能公布到县");
        await main.GetByRole(AriaRole.Button, new() { Name = "不公开" }).ClickAsync();
        await visitor.SeesAsync("个字写明");
        await main.GetByLabel("答复，或不公开的理由").FillAsync("人数少的县会被认出来，只能公布到市。");
        await visitor.LooksAsync("voices-desk");
        await main.GetByRole(AriaRole.Button, new() { Name = "公开并答复" }).ClickAsync();
        await visitor.SeesAsync("没有等待审核的留言");
        await visitor.SignInAsync("data-bureau");
        await visitor.OpenAsync("/desk/sharing/voices?part=requests");
        await visitor.SeesAsync("母婴室位置");
        await main.GetByLabel("办理结果").SelectOptionAsync("opened");
        await main.GetByLabel("开放的数据").FillAsync($"{Pack}/station");
        await main.GetByLabel("公开答复").FillAsync("已随站点数据开放。");
        await visitor.LooksAsync("voices-desk-requests");
        await main.GetByRole(AriaRole.Button, new() { Name = "公布答复" }).ClickAsync();
        await visitor.SeesAsync("没有这样的需求");

        await visitor.OpenAsync("/data-requests");
        await visitor.LooksAsync("requests-list");
        await visitor.OpenAsync(request);
        await visitor.SeesAsync("已随站点数据开放");
        await visitor.LooksAsync("requests-answered");
        await visitor.OpenAsync($"/data/{Pack}/resident");
        await visitor.SeesAsync("人数少的县会被认出来");
        await visitor.LooksAsync("open-dataset-answered");
        await visitor.OpenAsync($"/language?to=en&back=/data/{Pack}/resident-cell");
        await visitor.SeesAsync("What is left of risk");
        await visitor.LooksAsync("open-counts-en");
        await visitor.OpenAsync("/data");
        await visitor.LooksAsync("open-list-en");
    }
}
