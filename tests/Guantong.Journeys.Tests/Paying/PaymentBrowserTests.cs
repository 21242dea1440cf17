using System.Net.Http.Json;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Paying in the browser, with and without JavaScript: asked for, failed, paid, with its receipt; and the accountant's list at the Desk.</summary>
public sealed class PaymentBrowserTests
{
    [Shows("plat-interaction-centre", Lacks = "logistics, speech and image recognition, navigation")]
    [Theory, InlineData(Screen.Desktop, true), InlineData(Screen.Phone, true), InlineData(Screen.Phone, false)]
    public async Task What_is_asked_is_paid_at_the_simulated_channel_and_settled_by_the_accountant(Screen screen, bool script)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await PaidPack.ApplyAsync(platform, "20.5");
        await PaidPack.SeedAsync(platform);
        using var anyone = platform.Anonymous();
        var receipt = await anyone.PostAsJsonAsync("/api/v1/services/environment.air-quality/air-report/applications", new { region = "330500", data = new { kind = "露天焚烧", place = "示例村口", seen_on = "2026-02-20" } }).JsonAsync();
        var (number, code) = (receipt.Text("number")!, receipt.Text("code")!);
        await platform.RunJobsAsync();

        await using var visitor = await Visitor.ComeAsync(platform, screen, script);
        var page = visitor.Page;
        // Pictures are taken by a script.
        Task LooksAsync(string name) => script ? visitor.LooksAsync(name) : Task.CompletedTask;
        await visitor.OpenAsync("/services/environment.air-quality/air-report");
        await visitor.SeesAsync("人民币 20.50 元");
        await visitor.OpenAsync($"/applications?number={number}");
        await page.FillAsync("#code", code);
        await page.ClickAsync("form.form button");
        await visitor.SeesAsync("待缴");
        await LooksAsync("pay-application");
        await page.ClickAsync("#payments a.button");
        await visitor.SeesAsync("合成收费标准第一条");
        await LooksAsync("pay-due");
        await page.ClickAsync("form.pay button");
        await visitor.SeesAsync("没有真实的资金往来");
        await LooksAsync("pay-simulated");
        await page.ClickAsync("button[value=fail]");
        await visitor.SeesAsync("这次没有缴成");
        await LooksAsync("pay-failed");
        await page.ClickAsync("form.pay button");
        await page.ClickAsync("button[value=leave]");
        await visitor.SeesAsync("缴款期限");
        await page.ClickAsync("form.pay button");
        await page.ClickAsync("button[value=pay]");
        await visitor.SeesAsync("已缴清");
        await LooksAsync("pay-paid");
        await visitor.OpenAsync("/pay");
        await page.FillAsync("#code", "ABCD EFGH 2345");
        await page.ClickAsync("form.form button");
        await visitor.SeesAsync("没有这个缴款码");
        await LooksAsync("pay-none");

        var order = (await anyone.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/v1/applications/{number}?code={code}")).GetProperty("payments")[0].Text("number")!;
        Assert.Equal("twice", await PaidPack.TellAsync(platform, new Work.PaymentNews(order, "T2", 2050, "paid", DateTimeOffset.UtcNow)));
        await using var desk = await Visitor.ComeAsync(platform, screen);
        await desk.SignInAsync(PaidPack.Accountant, "/desk/payments");
        await desk.SeesAsync("重复缴款");
        await desk.LooksAsync("desk-payments");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "已查明" }).ClickAsync();
        await desk.SeesAsync("请写明处理理由");
        await desk.Page.GetByLabel("原因（会留痕）").FillAsync("合成：申请人误缴，已电话核实");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "已查明" }).ClickAsync();
        await desk.SeesAsync("差异已处理");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "退款", Exact = true }).ClickAsync();
        await desk.Page.Locator("#r-reason").FillAsync("合成：收费取消");
        await desk.LooksAsync("desk-payments-refund");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "确定退款" }).ClickAsync();
        await desk.SeesAsync("已发起退款");
        await desk.SignInAsync("worker-huzhou", $"/desk/cases/{number}");
        await desk.SeesAsync("缴款单");
        await desk.LooksAsync("desk-case-payments");
    }
}
