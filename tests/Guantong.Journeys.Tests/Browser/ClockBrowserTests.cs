using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A clock stopped and resumed at the Desk, and what its applicant sees of it.</summary>
public sealed class ClockBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_official_stops_and_resumes_the_clock_and_the_applicant_sees_why(Screen screen)
    {
        await using var platform = await Persons.StartAsync("sqlite");
        using var citizen = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        var number = await Persons.ApplyAsync(citizen, "self");
        await Persons.TaskAsync(platform, official, number);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("worker-hangzhou-civil");
        await visitor.SeesAsync("正常");
        await visitor.LooksAsync("desk-tasks-lights");
        await visitor.OpenAsync("/desk/cases");
        await visitor.SeesAsync("正常");
        await visitor.LooksAsync("desk-cases-lights");
        await visitor.OpenAsync($"/desk/cases/{number}");
        await visitor.SeesAsync("10 个工作日");
        await page.GetByRole(AriaRole.Button, new() { Name = "中止计时" }).ClickAsync();
        await visitor.SeesAsync("请写明处理理由");
        await page.SelectOptionAsync("#clock-ground", "appraisal");
        await visitor.SeesAsync("《行政许可法》第四十五条");
        await page.FillAsync("#clock-reason", "家庭支出需委托鉴定");
        await visitor.LooksAsync("desk-case-clock");
        await ConfirmAsync(page, "中止计时");
        await visitor.SeesAsync("说明：家庭支出需委托鉴定");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "恢复计时" })).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-case-clock-stopped");
        await visitor.OpenAsync($"/desk/cases/{number}?lang=en");
        await visitor.SeesAsync("clock stopped");
        await visitor.OpenAsync($"/desk/cases/{number}?lang=zh-CN");

        await visitor.SignInAsync("citizen-a", "/me/applications");
        await visitor.SeesAsync("已中止计时");
        await visitor.LooksAsync("portal-applications-stopped");
        await visitor.OpenAsync($"/me/applications/{number}");
        await visitor.SeesAsync("家庭支出需委托鉴定");
        await visitor.LooksAsync("portal-application-stopped");

        await visitor.SignInAsync("worker-hangzhou-civil");
        await visitor.OpenAsync($"/desk/cases/{number}");
        await ConfirmAsync(page, "恢复计时");
        await visitor.SeesAsync("已恢复");
        Assert.Equal(JsonValueKind.Null, (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").GetProperty("stopped").ValueKind);
        await visitor.SignInAsync("citizen-a", $"/me/applications/{number}");
        await visitor.SeesAsync("中止过的时间");
        await visitor.LooksAsync("portal-application-resumed");
    }

    private static async Task ConfirmAsync(IPage page, string act)
    {
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = act }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = act }).ClickAsync();
    }
}
