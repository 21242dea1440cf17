using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Leaders at the Desk: they supervise, act on what is overdue, suspend and terminate, say who stands in, hand a post over; on a desktop and a phone.</summary>
public sealed class LeadingBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Leaders_supervise_act_on_what_is_overdue_and_suspend(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(HandledCase.People, TestContext.Current.CancellationToken);
        using var official = await platform.SignInAsync("worker-huzhou");
        var cases = await official.GetFromJsonAsync<JsonElement>("/api/v1/cases?state=open", TestContext.Current.CancellationToken);
        var id = cases.GetProperty("items").EnumerateArray().First(c => c.GetProperty("region").GetString() == "330500").GetProperty("id").GetString()!;
        var store = platform.Services.GetRequiredService<Store>();
        // Overdue since yesterday.
        await store.ChangeAsync(DateTimeOffset.UtcNow, async change =>
        {
            await change.ExecuteAsync("UPDATE work_task SET due = @due WHERE case_id = @id AND state = 'open' AND unit = @unit", new { id, due = Time.Write(DateTimeOffset.UtcNow.AddDays(-1)), unit = HandledCase.Ecology });
            change.Record("test", "test.overdue", "case:test");
        }, TestContext.Current.CancellationToken);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;

        await visitor.SignInAsync("leader");
        await visitor.OpenAsync("/desk/supervisions");
        await visitor.SeesAsync("没有督办");
        await visitor.LooksAsync("desk-supervisions-none");
        await visitor.OpenAsync($"/desk/cases/{id}");
        var panel = page.GetByRole(AriaRole.Region, new() { Name = "督办", Exact = true });
        await panel.Locator("summary").ClickAsync();
        await page.SelectOptionAsync("#s-unit", HandledCase.Ecology);
        await page.FillAsync("#s-demand", "三日内落实红色响应措施并报告");
        await page.FillAsync("#s-reason", "污染过程已持续三天");
        await visitor.LooksAsync("desk-case-supervise");
        await panel.GetByRole(AriaRole.Button, new() { Name = "提出督办" }).ClickAsync();
        await Assertions.Expect(panel.Locator(".demand")).ToHaveTextAsync("三日内落实红色响应措施并报告");
        await Assertions.Expect(panel.Locator(".chip").First).ToHaveTextAsync("待答复");

        // The head finds what is overdue at the top, and what the unit is supervised for.
        await visitor.SignInAsync("head");
        await Assertions.Expect(page.Locator(".chip", new() { HasText = "超期升级" })).ToHaveCountAsync(1);
        await visitor.LooksAsync("desk-tasks-overdue");
        await page.Locator("td", new() { HasText = "超期升级" }).GetByRole(AriaRole.Link).First.ClickAsync();
        var overdue = page.GetByRole(AriaRole.Region, new() { Name = "超期升级" });
        await overdue.Locator("select").First.SelectOptionAsync("assign");
        await overdue.Locator("select").Nth(1).SelectOptionAsync("colleague");
        await overdue.Locator("textarea").FillAsync("原经办人出差，改派");
        await visitor.LooksAsync("desk-case-overdue");
        await overdue.GetByRole(AriaRole.Button, new() { Name = "处理" }).ClickAsync();
        await Assertions.Expect(overdue.Locator(".said")).ToHaveTextAsync("原经办人出差，改派");
        await panel.Locator("textarea").FillAsync("已启动应急响应，工地停工");
        await panel.GetByRole(AriaRole.Button, new() { Name = "答复" }).ClickAsync();
        await Assertions.Expect(panel.Locator(".said")).ToHaveTextAsync("已启动应急响应，工地停工");

        await visitor.SignInAsync("leader");
        await visitor.OpenAsync("/desk/supervisions?state=answered");
        await visitor.LooksAsync("desk-supervisions");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "销号" }).ClickAsync();
        await visitor.SeesAsync("没有督办");
        await visitor.OpenAsync("/desk/supervisions?state=closed&lang=en");
        await visitor.LooksAsync("desk-supervisions-closed");

        // Suspended by the head of the unit that leads, and resumed.
        await visitor.SignInAsync("head");
        await visitor.OpenAsync($"/desk/cases/{id}");
        var suspend = page.GetByRole(AriaRole.Region, new() { Name = "中止和终止" });
        await suspend.Locator("summary").ClickAsync();
        await page.FillAsync("#x-reason", "须等另案结果");
        await visitor.LooksAsync("desk-case-suspend");
        await suspend.GetByRole(AriaRole.Button, new() { Name = "中止办理" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "中止办理" }).ClickAsync();
        await visitor.SeesAsync("办件已中止办理");
        await visitor.LooksAsync("desk-case-suspended");
        await suspend.GetByRole(AriaRole.Button, new() { Name = "恢复办理" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "恢复办理" }).ClickAsync();
        await Assertions.Expect(suspend.GetByText("办件已中止办理")).ToHaveCountAsync(0);

        // Who stands in, and a post that is handed over: shown first.
        await visitor.OpenAsync("/desk/colleagues");
        await page.SelectOptionAsync("#c-who", "third");
        await page.SelectOptionAsync("#c-substitute", "worker-huzhou");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "登记外出" }).ClickAsync();
        await visitor.SeesAsync("外出中");
        await page.SelectOptionAsync("#p-from", "colleague");
        await page.SelectOptionAsync("#p-to", "worker-huzhou");
        await page.FillAsync("#p-reason", "调岗");
        await visitor.LooksAsync("desk-colleagues");
        await page.GetByRole(AriaRole.Button, new() { Name = "确认交接" }).ClickAsync();
        await visitor.SeesAsync("名下没有事项");
    }
}
