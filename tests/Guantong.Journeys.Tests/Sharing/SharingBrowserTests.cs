using Guantong.Data;
using Guantong.Gateway;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Data is asked for, decided on, called and ended at the Desk.</summary>
public sealed class SharingBrowserTests
{
    private const string Holder = $"{SharedPack.Id}/holder", Matter = "environment.air-quality/air-report";

    private static Task PressAsync(ILocator within, string name) => within.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static Task ConfirmAsync(Visitor visitor, string name) => PressAsync(visitor.Page.GetByRole(AriaRole.Dialog), name);

    [Shows("plat-sharing")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Data_is_asked_for_with_a_mistake_mended_decided_on_called_suspended_and_ended(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await SharedPack.ApplyAsync(platform);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("worker-transport");
        await visitor.OpenAsync("/desk/sharing");
        await visitor.SeesAsync("还没有数据申请");
        await visitor.LooksAsync("sharing-none");
        await visitor.OpenAsync("/desk/sharing/grants");
        await visitor.SeesAsync("还没有授权");
        await visitor.OpenAsync("/desk/sharing/new");
        await visitor.SeesAsync("举报线索");
        await visitor.LooksAsync("sharing-pick");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("持有人");
        await PressAsync(main, "查找");
        // A link that is followed while the page is being connected is not.
        await page.WaitForURLAsync("**q=**");
        await visitor.IsReadyAsync();
        await main.GetByRole(AriaRole.Link, new() { Name = "选择 许可持有人" }).ClickAsync();
        await visitor.IsReadyAsync();
        await visitor.SeesAsync("选好字段后自动检查");

        // Sent empty: said field by field, and again until it is right; what was filled in stays.
        await PressAsync(main, "提交申请");
        await visitor.SeesAsync("有 3 处需要改正");
        await main.GetByLabel("用途说明").FillAsync("核对许可持有人是否在运输企业名录里");
        await main.GetByLabel("用途", new() { Exact = false }).First.SelectOptionAsync("handling");
        foreach (var field in (string[])["证件号", "姓名", "许可数"])
            await main.GetByRole(AriaRole.Checkbox, new() { Name = field }).First.CheckAsync();
        await visitor.SeesAsync("含个人信息的数据要写明在哪个事项里使用");
        await main.GetByRole(AriaRole.Checkbox, new() { Name = "姓名 不脱敏" }).CheckAsync();
        await PressAsync(main, "提交申请");
        await visitor.SeesAsync("有 1 处需要改正");
        await visitor.LooksAsync("sharing-ask-faults");
        await main.GetByLabel("用于事项").SelectOptionAsync(Matter);
        await main.GetByRole(AriaRole.Checkbox, new() { Name = "核验" }).CheckAsync();
        await visitor.SeesAsync("安全管理员");
        await Assertions.Expect(main.GetByLabel("用途说明")).ToHaveValueAsync("核对许可持有人是否在运输企业名录里");
        await visitor.LooksAsync("sharing-ask");
        await PressAsync(main, "提交申请");
        await visitor.SeesAsync("待前一步同意后开始");
        await visitor.LooksAsync("sharing-request");
        await Assertions.Expect(main.GetByRole(AriaRole.Button, new() { Name = "同意", Exact = true })).ToHaveCountAsync(0);
        var request = new Uri(page.Url).AbsolutePath;

        // The source's steward agrees to less: the name is masked after all, so that no security officer would have to look at it; the step stays all the same.
        await visitor.SignInAsync("steward-ecology");
        await visitor.OpenAsync("/desk/sharing?mine=true");
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await visitor.LooksAsync("sharing-requests");
        await main.Locator("tbody tr a").First.ClickAsync();
        await PressAsync(main, "不同意");
        await visitor.SeesAsync("个字写明理由");
        await main.GetByRole(AriaRole.Checkbox, new() { Name = "姓名 不脱敏" }).UncheckAsync();
        await visitor.SeesAsync("1 个字段改为脱敏");
        await visitor.LooksAsync("sharing-decide");
        await PressAsync(main, "缩小范围后同意");
        await ConfirmAsync(visitor, "缩小范围后同意");
        await visitor.SeesAsync("已按缩小的范围同意");
        foreach (var who in (string[])["data-bureau", "security"])
        {
            await visitor.SignInAsync(who);
            await visitor.OpenAsync(request);
            await main.GetByLabel("理由").FillAsync("与事项相符");
            await PressAsync(main, "同意");
            await ConfirmAsync(visitor, "同意");
            await visitor.SeesAsync("已同意");
        }
        await visitor.SeesAsync("查看怎样调用");

        await visitor.SignInAsync("worker-transport");
        await visitor.OpenAsync(request);
        await visitor.LooksAsync("sharing-request-granted");
        await main.GetByRole(AriaRole.Link, new() { Name = "查看怎样调用" }).ClickAsync();
        await visitor.SeesAsync("Guantong-Purpose: handling");
        await visitor.IsReadyAsync();
        await PressAsync(main, "生成密钥");
        await visitor.SeesAsync("请写程序的名称");
        await main.GetByLabel("程序名称").FillAsync("运输企业核对");
        await PressAsync(main, "生成密钥");
        await visitor.SeesAsync("密钥只显示这一次");
        await visitor.LooksAsync("sharing-grant");
        var grant = new Uri(page.Url).AbsolutePath;
        var key = await main.Locator(".once pre").InnerTextAsync();
        Assert.Equal(200, await CallAsync(platform, grant, key));
        // Renewed: the form is filled in as it was granted.
        await main.GetByRole(AriaRole.Link, new() { Name = "申请续期" }).ClickAsync();
        await Assertions.Expect(main.GetByLabel("用途说明")).ToHaveValueAsync("核对许可持有人是否在运输企业名录里");
        await Assertions.Expect(main.GetByRole(AriaRole.Checkbox, new() { Name = "姓名" }).First).ToBeCheckedAsync();

        await visitor.SignInAsync("steward-ecology");
        await visitor.OpenAsync("/desk/sharing/grants?whose=from-us");
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await visitor.LooksAsync("sharing-grants");
        await visitor.OpenAsync(grant);
        await PressAsync(main, "暂停");
        await visitor.SeesAsync("个字写明理由");
        await main.GetByLabel("理由").FillAsync("核对调用异常");
        await PressAsync(main, "暂停");
        await ConfirmAsync(visitor, "暂停");
        await visitor.SeesAsync("暂停的理由");
        await visitor.LooksAsync("sharing-grant-suspended");
        Assert.Equal(403, await CallAsync(platform, grant, key));
        await PressAsync(main, "恢复");
        await ConfirmAsync(visitor, "恢复");
        await visitor.SeesAsync("已恢复");
        Assert.Equal(200, await CallAsync(platform, grant, key));
        await main.GetByLabel("理由").FillAsync("事项已经取消");
        await PressAsync(main, "终止");
        await ConfirmAsync(visitor, "终止");
        await visitor.SeesAsync("终止的理由");
        await Assertions.Expect(main.GetByRole(AriaRole.Button, new() { Name = "恢复" })).ToHaveCountAsync(0);
    }

    private static async Task<int> CallAsync(RunningPlatform platform, string grant, string key)
    {
        using var http = platform.Anonymous();
        using var call = new HttpRequestMessage(HttpMethod.Post, $"/gateway/{grant.Split('/')[^1]}/rows") { Content = new StringContent($$$"""{"by": {"id": "{{{SharedPack.One}}}"}}""", System.Text.Encoding.UTF8, "application/json") };
        call.Headers.Add("X-API-Key", key);
        call.Headers.Add(GatewayCall.PurposeHeader, "handling");
        call.Headers.Add(GatewayCall.MatterHeader, Matter);
        using var answer = await http.SendAsync(call);
        return (int)answer.StatusCode;
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Interfaces_figures_and_other_platforms_have_their_pages(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await SharedPack.ApplyAsync(platform);
        await platform.Services.GetRequiredService<Connections>().PutAsync(new Connection("permits", "http", "http://127.0.0.1:9/base"), null, Policy.Operator);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("steward-ecology");
        await visitor.OpenAsync("/desk/sharing/interfaces");
        await visitor.SeesAsync("还没有登记的接口");
        await PressAsync(main, "登记接口");
        await PressAsync(main, "保存");
        await visitor.SeesAsync("需要改正");
        await main.GetByLabel("编号").FillAsync("permit-check");
        await main.GetByLabel("名称").First.FillAsync("许可核验");
        await main.GetByLabel("连接").SelectOptionAsync("permits");
        await main.GetByLabel("字段名").FillAsync("id");
        await main.GetByLabel("个人信息").SelectOptionAsync("identity");
        await visitor.LooksAsync("sharing-interface-new");
        await PressAsync(main, "保存");
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await PressAsync(main, "修改接口 许可核验");
        await main.GetByLabel("状态").SelectOptionAsync("deprecated");
        await PressAsync(main, "保存");
        await visitor.SeesAsync("停用日期，例如");
        await main.GetByLabel("停用日期").FillAsync("2027-03-31");
        await PressAsync(main, "保存");
        await visitor.SeesAsync("2027-03-31 停用");
        await visitor.LooksAsync("sharing-interfaces");

        await visitor.OpenAsync("/desk/sharing/supply");
        await visitor.SeesAsync("还没有数据");
        await visitor.LooksAsync("sharing-supply-none");
        var book = platform.Services.GetRequiredService<SharingBook>();
        var asker = await platform.Services.GetRequiredService<Accounts>().FindAsync("worker-transport") ?? throw new InvalidOperationException();
        var file = await book.AskAsync(asker, $"{SharedPack.Id}/gauge", new ShareTerms("supervision", "核对示例数据", null, ["id", "level"], new Dictionary<string, string>(), "330100", ["query"], "any", 600, 10_000, 20, []));
        var (_, key) = await platform.Services.GetRequiredService<Accounts>().IssueKeyAsync(asker, "示例程序", [PolicyBook.Consumer]);
        using (var program = platform.Anonymous())
        {
            program.DefaultRequestHeaders.Add("X-API-Key", key);
            program.DefaultRequestHeaders.Add(GatewayCall.PurposeHeader, "supervision");
            for (var i = 0; i < 5; i++)
                (await program.GetAsync($"/gateway/{file.Grant!.Id}/rows")).EnsureSuccessStatusCode();
        }
        for (var i = 0; i < 60 && (await platform.Services.GetRequiredService<SupplyLedger>().ServiceAsync(1)).Count == 0; i++)
            await Task.Delay(500);
        await visitor.OpenAsync("/desk/sharing/supply?days=1");
        await visitor.SeesAsync("100%");
        await visitor.LooksAsync("sharing-supply");
        var csv = await page.APIRequest.GetAsync("/api/v1/sharing/service.csv?days=1");
        Assert.Contains($"{SharedPack.Id}/gauge", await csv.TextAsync(), StringComparison.Ordinal);
        // It ends within thirty days.
        await visitor.OpenAsync("/desk/sharing/grants?state=near");
        await visitor.SeesAsync("还有 20 天");
        await Assertions.Expect(main.GetByRole(AriaRole.Link, new() { Name = "平台间交换" })).ToHaveCountAsync(0);
        await visitor.OpenAsync($"/desk/data/{SharedPack.Id}/gauge");
        await Assertions.Expect(main.GetByRole(AriaRole.Link, new() { Name = "申请使用" })).ToBeVisibleAsync();
        await visitor.OpenAsync($"/desk/data/{SharedPack.Id}/secret");
        await Assertions.Expect(main.GetByRole(AriaRole.Link, new() { Name = "申请使用" })).ToHaveCountAsync(0);

        await visitor.SignInAsync("data-bureau");
        await visitor.OpenAsync("/desk/sharing/exchange");
        await visitor.SeesAsync("还没有登记其他平台");
        await PressAsync(main, "登记平台");
        await main.GetByLabel("平台编号").FillAsync("beijing");
        await main.GetByLabel("名称").FillAsync("北京市数字政府平台");
        await main.GetByLabel("地址").FillAsync("https://127.0.0.1:9");
        await PressAsync(main, "保存");
        await visitor.SeesAsync("证书要是没有过期的");
        await main.GetByLabel("证书（PEM）").Last.FillAsync(platform.Services.GetRequiredService<ExchangeIdentity>().Certificate.ExportCertificatePem());
        await PressAsync(main, "保存");
        await visitor.SeesAsync("有效");
        await platform.Services.GetRequiredService<Outbox>().TakeAsync(Policy.Operator, "beijing", "catalogue.changed", "application/json", "{}"u8.ToArray());
        // The first try is made within a second; on a machine that is busy it takes its time.
        for (var i = 0; i < 400 && (await platform.Services.GetRequiredService<Outbox>().ListAsync("waiting", 10)).All(m => m.Fault.Length == 0); i++)
            await Task.Delay(250);
        await visitor.OpenAsync("/desk/sharing/exchange?message=0");
        await visitor.SeesAsync("连不上对方平台");
        await visitor.SeesAsync("没有这条消息的记录");
        await visitor.LooksAsync("sharing-exchange");
        await PressAsync(main, "撤销");
        await ConfirmAsync(visitor, "撤销");
        await visitor.SeesAsync("已撤销");
    }

    [Fact]
    public async Task An_English_reader_asks_in_English()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await SharedPack.ApplyAsync(platform);
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.SignInAsync("worker-transport");
        await visitor.OpenAsync($"/language?to=en&back={Uri.EscapeDataString($"/desk/sharing/new?about={Holder}")}");
        await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "All", Exact = true }).ClickAsync();
        await visitor.SeesAsync("A check fails: mend it first.");
        await visitor.LooksAsync("sharing-ask-en");
        await visitor.OpenAsync("/desk/sharing/supply");
        await visitor.SeesAsync("no figure yet");
        await visitor.LooksAsync("sharing-supply-en");
    }
}
