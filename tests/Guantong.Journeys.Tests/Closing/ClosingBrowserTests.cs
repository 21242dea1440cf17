using System.Net.Http.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>What an applicant and an official see and do once a case has its result: notices, service, the file, figures.</summary>
public sealed class ClosingBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_document_is_served_and_confirmed_and_its_case_archived(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.Services.GetRequiredService<Accounts>().SeedAsync([ClosedCase.Head]);
        using var citizen = await platform.SignInAsync("citizen-a");
        using var worker = await platform.SignInAsync("worker-huzhou");
        using var answer = await citizen.PostAsJsonAsync("/api/v1/services/environment.air-quality/air-report/applications", new { region = "330500", data = new { kind = "露天焚烧", place = "示例村口", seen_on = "2026-02-20" }, @for = "self" });
        var number = (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).Text("number")!;
        await RunningPlatform.FinishAsync(worker, number, "inspect", new { confirmed = false, finding = "现场没有发现焚烧" });
        await platform.EndedAsync(worker, number);

        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("citizen-a", "/me");
        await visitor.OpenAsync("/me/notices");
        await visitor.SeesAsync("已有结果");
        await visitor.LooksAsync("portal-notices");
        await page.FillAsync("#a-sms", "13800001234");
        await page.GetByRole(AriaRole.Button, new() { Name = "保存号码" }).ClickAsync();
        await visitor.SeesAsync("号码已保存");
        await page.GetByRole(AriaRole.Button, new() { Name = "全部标为已读" }).ClickAsync();
        await Assertions.Expect(page.GetByText("条未读")).ToHaveCountAsync(0);
        await visitor.OpenAsync("/me/served");
        await visitor.SeesAsync("没有送达给您的文书");
        await page.GetByRole(AriaRole.Button, new() { Name = "同意电子送达" }).ClickAsync();
        await visitor.SeesAsync("已同意电子送达");

        await visitor.SignInAsync("worker-huzhou", $"/desk/cases/{number}");
        await page.SelectOptionAsync("#serve-way", "electronic");
        await page.GetByRole(AriaRole.Button, new() { Name = "送达文书" }).ClickAsync();
        await visitor.SeesAsync("已登记");
        await visitor.SeesAsync("送达中");
        await visitor.LooksAsync("desk-case-serving");

        await visitor.SignInAsync("citizen-a", "/me/served");
        await visitor.SeesAsync("电子送达 ·");
        await visitor.LooksAsync("portal-served");
        await page.GetByRole(AriaRole.Button, new() { Name = "确认收到" }).ClickAsync();
        await visitor.SeesAsync("已确认收到");
        await visitor.SeesAsync("申请行政复议");
        await visitor.LooksAsync("portal-served-confirmed");

        await visitor.SignInAsync("head", "/desk/archive");
        await visitor.SeesAsync(number);
        await visitor.LooksAsync("desk-archive");
        await visitor.OpenAsync($"/desk/cases/{number}/file");
        await visitor.SeesAsync("卷内目录");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "归档" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "归档" }).ClickAsync();
        await visitor.SeesAsync("下载移交包");
        await visitor.LooksAsync("desk-case-file");
        await visitor.OpenAsync("/desk/figures");
        await visitor.SeesAsync("平均天数");
        await visitor.LooksAsync("desk-figures");
        await visitor.OpenAsync("/desk/notices");
        await visitor.SeesAsync("没有通知");
        await visitor.LooksAsync("desk-notices");
    }
}
