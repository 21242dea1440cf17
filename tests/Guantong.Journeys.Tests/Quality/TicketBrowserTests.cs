using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Officials at the Desk and anyone on the Portal see faults of data, mend, verify and report them.</summary>
public sealed class TicketBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_unit_mends_and_the_bureau_verifies_at_the_Desk(Screen screen)
    {
        await using var water = await WaterPlatform.StartAsync("sqlite");
        await water.LoadAsync("h1,330100,500,甲", "h2,330100,7,乙", "h3,330100,-4,丙", "z1,330500,300,丁", "z2,330500,3,", "z3,330500,3,", "p1,330000,999,戊");
        await using var visitor = await Visitor.ComeAsync(water.Platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("steward");
        await visitor.OpenAsync("/desk/quality");
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(4);
        await visitor.LooksAsync("desk-tickets");
        await visitor.OpenAsync("/desk/quality?unit=nobody");
        await visitor.SeesAsync("没有单位“nobody”");
        await visitor.OpenAsync("/desk/quality?light=red");
        await visitor.SeesAsync("没有符合条件的工单");
        await visitor.LooksAsync("desk-tickets-none");
        await visitor.OpenAsync($"/desk/data/{WaterPlatform.Pack}/outlet?part=quality");
        await visitor.SeesAsync("排放量合理");
        await visitor.LooksAsync("desk-dataset-quality");
        await visitor.OpenAsync("/desk/quality/reasons");
        await main.GetByLabel("编码").FillAsync("meter");
        await main.GetByLabel("中文").FillAsync("仪表故障");
        await main.GetByLabel("英文").FillAsync("A broken meter");
        await main.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(8);
        await visitor.LooksAsync("desk-reasons");

        await visitor.SignInAsync("worker-hangzhou");
        await visitor.OpenAsync("/desk/quality?mine=true");
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await main.Locator("tbody tr a").First.ClickAsync();
        await visitor.SeesAsync("共 3 行，其中 2 行不符合规则");
        await visitor.SeesAsync("code=h1");
        await visitor.LooksAsync("desk-ticket");
        await main.GetByLabel("说明", new() { Exact = true }).FillAsync("已通知企业更正");
        await main.GetByRole(AriaRole.Button, new() { Name = "已整改，请复查" }).ClickAsync();
        await visitor.SeesAsync("请选择问题的原因");
        await main.GetByLabel("原因", new() { Exact = true }).SelectOptionAsync("meter");
        await main.GetByRole(AriaRole.Button, new() { Name = "已整改，请复查" }).ClickAsync();
        // The rows are as they were: the rule sends it back.
        await visitor.SeesAsync("复查不通过，退回");
        var address = new Uri(page.Url).AbsolutePath;

        await water.LoadAsync("h1,330100,50,甲", "h3,330100,4,丙");
        await visitor.SignInAsync("steward");
        await visitor.OpenAsync(address);
        await visitor.SeesAsync("规则复查时已没有问题");
        await main.GetByRole(AriaRole.Button, new() { Name = "核验通过并办结" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "核验通过并办结" }).ClickAsync();
        await visitor.SeesAsync("办结并告知下游");
        await visitor.LooksAsync("desk-ticket-shared");
        await visitor.SignInAsync("worker-hangzhou");
        await visitor.OpenAsync("/desk/quality/notices");
        await visitor.SeesAsync("的问题已办结");
        await visitor.LooksAsync("desk-notices");
        await visitor.OpenAsync("/desk/quality/standing");
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(3);
        await visitor.LooksAsync("desk-standing");
        await main.GetByLabel("排序").SelectOptionAsync("open");
        await main.GetByRole(AriaRole.Button, new() { Name = "查找" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("sort=open"));
        await Assertions.Expect(main.Locator("tbody tr").First).ToContainTextAsync("杭州市生态环境局");
        await visitor.OpenAsync("/desk/quality/standing?by=region&region=330100");
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Anyone_reports_a_fault_of_open_data_and_follows_it(Screen screen)
    {
        await using var water = await WaterPlatform.StartAsync("sqlite");
        await water.LoadAsync("h1,330100,5,甲");
        await using var visitor = await Visitor.ComeAsync(water.Platform, screen);
        var page = visitor.Page;
        await page.GotoAsync($"/data/{WaterPlatform.Pack}/outlet");
        await page.GetByRole(AriaRole.Link, new() { Name = "反映数据问题" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "提交" }).ClickAsync();
        await visitor.SeesAsync("请用不超过 1000 个字说明");
        await page.GetByLabel("哪个字段").SelectOptionAsync("owner");
        await page.GetByLabel("哪些行").FillAsync("h1");
        await page.GetByLabel("问题和理由").FillAsync("企业已经更名，这里还是旧名。");
        await visitor.LooksAsync("portal-report");
        await page.GetByRole(AriaRole.Button, new() { Name = "提交" }).ClickAsync();
        await visitor.LooksAsync("portal-reported");
        var (number, code) = (await page.Locator("#number").InnerTextAsync(), await page.Locator("#code").InnerTextAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = "查看问题进展" }).ClickAsync();
        await page.GetByLabel("查询码").FillAsync("AAAA");
        await page.GetByRole(AriaRole.Button).Last.ClickAsync();
        await visitor.SeesAsync("没有这样的编号和查询码");
        await page.GetByLabel("编号").FillAsync(number);
        await page.GetByLabel("查询码").FillAsync(code);
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).ClickAsync();
        await visitor.SeesAsync("等待核实");
        await visitor.LooksAsync("portal-report-followed");

        await using var official = await Visitor.ComeAsync(water.Platform, screen);
        await official.SignInAsync("steward");
        await official.OpenAsync($"/desk/quality/{number}");
        await official.SeesAsync("企业已经更名");
        await official.LooksAsync("desk-ticket-report");
        await official.Page.GetByRole(AriaRole.Button, new() { Name = "交办", Exact = true }).ClickAsync();
        await official.SeesAsync("交责任单位");
        await official.OpenAsync($"/desk/quality/report/{WaterPlatform.Pack}/outlet");
        await official.LooksAsync("desk-report");
        await official.Page.GetByRole(AriaRole.Button, new() { Name = "提交" }).ClickAsync();
        await official.SeesAsync("请用不超过 1000 个字说明");
        await official.Page.GetByLabel("问题和理由").FillAsync("排放量单位写错");
        await official.Page.GetByRole(AriaRole.Button, new() { Name = "提交" }).ClickAsync();
        await official.SeesAsync("排放量单位写错");
    }
}
