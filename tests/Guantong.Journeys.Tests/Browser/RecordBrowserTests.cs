using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Officials at the Desk look at where a process's cases pile up, how long they take and which ways they go.</summary>
public sealed class RecordBrowserTests
{
    private const string Page = "/desk/processes/environment.air-quality/processes/air-report.bpmn";

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_operator_sees_where_cases_stand_how_long_they_take_and_which_ways_they_went(Screen screen)
    {
        await using var played = await PlayedProcess.StartAsync("sqlite", RecordedProcess.Body, RecordedProcess.Drawing);
        await using var visitor = await Visitor.ComeAsync(played.Platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("duty");
        await visitor.OpenAsync(Page + "?part=heat");
        await visitor.SeesAsync("这个流程还没有办件");
        await visitor.LooksAsync("desk-record-none");
        await RecordedProcess.PlayAsync(played);
        // Hours have gone by, in which the session ended.
        await visitor.SignInAsync("duty");
        await visitor.OpenAsync(Page + "?part=heat");
        await visitor.SeesAsync("共 5 件，已办结 4 件。");
        await page.WaitForSelectorAsync(".bpmn .badge.standing");
        await Assertions.Expect(page.Locator(".badge.standing")).ToHaveTextAsync("停 1");
        await Assertions.Expect(page.Locator(".badge.sum").GetByText("6", new() { Exact = true })).ToHaveCountAsync(1);
        var row = page.GetByRole(AriaRole.Region, new() { Name = "各环节" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "会签" });
        await Assertions.Expect(row).ToContainTextAsync("10 分钟");
        await visitor.LooksAsync("desk-record-heat");
        await page.GetByLabel("颜色表示").SelectOptionAsync("median");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("by=median"));
        await Assertions.Expect(page.Locator(".badge.sum")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".badge.sum")).ToHaveTextAsync("10 分钟");
        await page.GetByLabel("地区").SelectOptionAsync(new SelectOptionValue { Label = "杭州市" });
        await visitor.SeesAsync("没有符合条件的办件");

        await visitor.OpenAsync(Page + "?part=times");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "各环节用时" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "会签" })).ToContainTextAsync("30 分钟");
        await visitor.LooksAsync("desk-record-times");

        await visitor.OpenAsync(Page + "?part=ways");
        await Assertions.Expect(page.Locator(".ways li")).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Link, new() { Name = "催办", Exact = true }).ClickAsync();
        await page.WaitForSelectorAsync(".bpmn .past");
        await Assertions.Expect(page.Locator(".bpmn .past[data-element-id=remind]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".bpmn .past[data-element-id=sign]")).ToHaveCountAsync(0);
        await visitor.LooksAsync("desk-record-ways");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "XES", Exact = true }).ClickAsync());
        Assert.Equal("air-report.xes", download.SuggestedFilename);
        await visitor.OpenAsync(Page + "?part=heat&lang=en");
        await visitor.SeesAsync("5 cases, 4 of them ended.");
        await visitor.LooksAsync("desk-record-heat-en");
    }

    [Fact]
    public async Task A_process_without_a_drawing_is_told_in_tables_and_its_cases_lead_there()
    {
        await using var played = await PlayedProcess.StartAsync("sqlite", RecordedProcess.Body);
        await using var visitor = await Visitor.ComeAsync(played.Platform, Screen.Desktop);
        var id = await played.OpenAsync(new { round = 0, rounds = 1 });
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{id}");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "办理情况" }).ClickAsync();
        await visitor.SeesAsync("流程文件里没有图");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "核查" }).First).ToBeVisibleAsync();
        // Taking the events away is not for those who work on the cases.
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "XES", Exact = true })).ToHaveCountAsync(0);
        await visitor.LooksAsync("desk-record-undrawn");
    }
}
