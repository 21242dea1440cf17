using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Rating in the browser: an applicant rates badly and is answered; the leader and the bureau do their part.</summary>
public sealed class RatingBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_applicant_rates_badly_is_answered_by_the_unit_and_says_whether_that_will_do(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var anyone = platform.Anonymous();
        using var answer = await anyone.PostAsJsonAsync("/api/v1/services/environment.air-quality/air-report/applications", new { region = "330500", data = new { kind = "露天焚烧", place = "示例村口", seen_on = "2026-02-20" } });
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var (number, code) = (receipt.GetProperty("number").GetString()!, receipt.GetProperty("code").GetString()!);
        using var official = await platform.SignInAsync("worker-huzhou");
        await RunningPlatform.FinishAsync(official, number, "inspect", new { confirmed = false, finding = "现场没有发现焚烧" });
        await platform.EndedAsync(official, number);

        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var (page, main) = (visitor.Page, visitor.Page.GetByRole(AriaRole.Main));
        async Task LookUpAsync()
        {
            await visitor.OpenAsync("/applications");
            await main.GetByLabel("编号").FillAsync(number);
            await main.GetByLabel("查询码").FillAsync(code);
            await main.GetByRole(AriaRole.Button, new() { Name = "查询" }).ClickAsync();
        }
        await LookUpAsync();
        await visitor.SeesAsync("您满意吗");
        await visitor.LooksAsync("rating-form");
        await main.GetByLabel("不满意", new() { Exact = true }).CheckAsync();
        await main.GetByLabel("办得慢").CheckAsync();
        await main.GetByLabel("说不清楚").CheckAsync();
        await main.GetByLabel("想说的话").FillAsync("等了很久才有人来 <script>alert(1)</script>");
        await main.GetByRole(AriaRole.Button, new() { Name = "提交评价" }).ClickAsync();
        await visitor.SeesAsync("待核实");
        await visitor.LooksAsync("rating-given");

        await visitor.SignInAsync("leader-ecology");
        await visitor.OpenAsync("/desk/ratings");
        await visitor.SeesAsync("等了很久才有人来 <script>");
        await visitor.LooksAsync("rating-desk");
        var panel = page.GetByRole(AriaRole.Region, new() { Name = number });
        await panel.GetByRole(AriaRole.Button, new() { Name = "答复" }).ClickAsync();
        await visitor.SeesAsync("请写明内容");
        await panel.GetByLabel("答复内容").FillAsync("已核实：当天值班人员出警较晚，已调整值班安排。");
        await panel.GetByRole(AriaRole.Button, new() { Name = "答复" }).ClickAsync();
        await visitor.SeesAsync("已提交");
        await visitor.LooksAsync("rating-desk-answered");
        await visitor.OpenAsync($"/desk/cases/{number}");
        await Assertions.Expect(main.GetByRole(AriaRole.Link, new() { Name = "下载 Word" })).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-case-document");

        await visitor.OpenAsync("/language?to=zh-CN&back=/applications");
        await LookUpAsync();
        await visitor.SeesAsync("已调整值班安排");
        await visitor.LooksAsync("rating-answered");
        await main.GetByLabel("不满意，请再处理").CheckAsync();
        await main.GetByRole(AriaRole.Button, new() { Name = "提交回复" }).ClickAsync();
        await visitor.SeesAsync("请写明内容");
        await main.GetByLabel("满意", new() { Exact = true }).CheckAsync();
        await main.GetByRole(AriaRole.Button, new() { Name = "提交回复" }).ClickAsync();
        await visitor.SeesAsync("已办结");
        await visitor.LooksAsync("rating-closed");
        // The document of the case is real, as its code says.
        var check = (await main.Locator("code").Nth(1).InnerTextAsync()).Trim();
        await visitor.OpenAsync("/documents");
        await main.GetByLabel("验证码").FillAsync("2222 2222 2222");
        await main.GetByRole(AriaRole.Button, new() { Name = "核验" }).ClickAsync();
        await visitor.SeesAsync("没有这个验证码");
        await main.GetByLabel("验证码").FillAsync(check);
        await main.GetByRole(AriaRole.Button, new() { Name = "核验" }).ClickAsync();
        await visitor.SeesAsync("确有这份文书");
        await visitor.LooksAsync("document-checked");
    }
}
