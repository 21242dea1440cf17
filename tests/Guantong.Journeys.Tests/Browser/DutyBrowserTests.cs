using System.Net.Http.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>At the Desk: a role for a time asked for and agreed to, a dangerous act declined, roles confirmed anew.</summary>
public sealed class DutyBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_role_for_a_time_is_asked_for_agreed_to_and_given_back(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("steward");
        await visitor.OpenAsync("/desk/elevations");
        await visitor.SeesAsync("您还没有持有过临时角色");
        await page.GetByLabel("角色").First.SelectOptionAsync("operator");
        await page.GetByLabel("多少小时").FillAsync("3");
        await page.GetByLabel("理由").FillAsync("周末数据库升级值守");
        await visitor.LooksAsync("desk-elevation-ask");
        await page.GetByRole(AriaRole.Button, new() { Name = "提请", Exact = true }).ClickAsync();
        await visitor.SeesAsync("等待另一个人同意：系统管理员");
        await visitor.OpenAsync("/desk/four-eyes");
        await visitor.SeesAsync("撤回提请");

        await visitor.SignInAsync("security");
        await visitor.SeesAsync("有 1 件事等您复核");
        await visitor.OpenAsync("/desk/four-eyes");
        await visitor.SeesAsync("周末数据库升级值守");
        await visitor.LooksAsync("desk-four-eyes");
        await page.GetByRole(AriaRole.Button, new() { Name = "同意并执行" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "同意并执行" }).ClickAsync();
        await visitor.SeesAsync("没有等待复核的事");
        await visitor.OpenAsync("/desk/elevations");
        await visitor.LooksAsync("desk-elevations-present");

        await visitor.SignInAsync("steward");
        await visitor.SeesAsync("您临时担任“系统管理员”");
        await visitor.OpenAsync("/desk/elevations?lang=en");
        await visitor.LooksAsync("desk-elevations-mine");
        await page.GetByRole(AriaRole.Button, new() { Name = "Give back" }).ClickAsync();
        // The page was opened with a role that is no more.
        await visitor.SeesAsync("Your roles have changed");
        await page.GetByRole(AriaRole.Link, new() { Name = "Go on" }).ClickAsync();
        await visitor.IsReadyAsync();
        await visitor.OpenAsync("/desk/elevations?lang=en");
        await visitor.SeesAsync("given back");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_dangerous_act_is_declined_and_roles_are_confirmed_anew(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        using (var duty = await platform.SignInAsync("duty"))
            Assert.Equal(System.Net.HttpStatusCode.Accepted, (await duty.PostAsJsonAsync("/api/v1/people/editor/remove", new { reason = "演示人员离岗" })).StatusCode);
        // 演示·生态甲 is due, 演示·生态管家 is past the days of grace.
        foreach (var (login, days) in ((string, int)[])[("worker-ecology", 185), ("steward-ecology", 200), ("leader-ecology", 170)])
            await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteAsync("UPDATE person SET confirmed = @at WHERE login = @login", new { login, at = Time.Write(DateTimeOffset.UtcNow.AddDays(-days)) }));
        await visitor.SignInAsync("security");
        await visitor.OpenAsync("/desk/four-eyes");
        await page.GetByRole(AriaRole.Button, new() { Name = "不同意" }).ClickAsync();
        await visitor.SeesAsync("请说明理由");
        await page.GetByLabel("复核意见").FillAsync("还在岗，不能注销");
        await page.GetByRole(AriaRole.Button, new() { Name = "不同意" }).ClickAsync();
        await visitor.SeesAsync("没有等待复核的事");
        await visitor.OpenAsync("/desk/four-eyes?all=true");
        await visitor.SeesAsync("还在岗，不能注销");
        await visitor.LooksAsync("desk-four-eyes-all");

        await visitor.SignInAsync("leader-ecology");
        await visitor.SeesAsync("需要本单位领导或安全保密管理员复核");
        await visitor.OpenAsync("/desk/recertification");
        await visitor.LooksAsync("desk-recertification");
        await page.GetByLabel("复核意见").FillAsync("仍在岗");
        await page.GetByRole(AriaRole.Row, new() { Name = "演示·生态管家" }).GetByRole(AriaRole.Button, new() { Name = "确认" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "演示·生态管家" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Row, new() { Name = "演示·生态甲" }).GetByRole(AriaRole.Button, new() { Name = "收回" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "收回" }).ClickAsync();
        await visitor.SeesAsync("没有到期的角色");
        Assert.Empty((await platform.Services.GetRequiredService<Accounts>().FindAsync("worker-ecology"))!.Roles);
    }
}
