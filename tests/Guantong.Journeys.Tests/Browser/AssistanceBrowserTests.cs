using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A decision as the applicant and the official see it.</summary>
public sealed class AssistanceBrowserTests
{
    private const string Service = "/services/society.assistance/temporary-assistance";

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_applicant_reads_why_and_an_official_sees_why_the_table_left_it_to_them(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync("society.assistance");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.OpenAsync(Service);
        await visitor.SeesAsync("不会自动拒绝");
        await visitor.LooksAsync("portal-assistance");
        var (number, code) = await ApplyAsync(visitor, "重病", "3", "4500");
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        await platform.EndedAsync(official, number);
        await TrackAsync(visitor, number, code);
        await visitor.SeesAsync("已给予");
        await visitor.SeesAsync("符合规则 2：正在领取低保为“否”；困难原因为“重病”（要求：“火灾”或“重病”）；人均月收入为 1500（要求：低于 2000）。");
        await visitor.LooksAsync("portal-assistance-why");
        await page.GetByText("其他 5 条规则为什么不适用").ClickAsync();
        await visitor.SeesAsync("不符合规则 3：困难原因为“重病”（要求：“失业”）；人均月收入为 1500（要求：低于 1200）。");

        (number, _) = await ApplyAsync(visitor, "其他", "1", "90000");
        await platform.RunJobsAsync();
        await visitor.SignInAsync("worker-hangzhou-civil");
        await visitor.OpenAsync($"/desk/cases/{number}");
        await visitor.SeesAsync("符合规则 6：正在领取低保为“否”；困难原因为“其他”。由此得出：认定方式为“转人工核定”。依据：演示标准第五条");
        await visitor.LooksAsync("desk-case-decided");
    }

    [Fact]
    public async Task The_reasons_read_in_English_too()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync("society.assistance");
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.OpenAsync(Service);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        var (number, code) = await ApplyAsync(visitor, "重病", "3", "4500");
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        await platform.EndedAsync(official, number);
        await TrackAsync(visitor, number, code);
        await visitor.SeesAsync("Rule 2 fits — Receives the minimum-living allowance: no; Hardship: “serious illness” (wanted: “fire” or “serious illness”); Monthly income per person: 1500 (wanted: less than 2000). Result — Way of deciding: “granted on the spot”.");
        await visitor.LooksAsync("portal-assistance-why-en");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_model_without_a_diagram_is_drawn_and_tried(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync("society.assistance");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("designer");
        await visitor.OpenAsync("/desk/decisions/society.assistance/decisions/temporary-assistance.dmn?decision=way");
        await Assertions.Expect(page.Locator(".dmn .djs-shape")).ToHaveCountAsync(7);
        await Assertions.Expect(page.Locator(".dmn .djs-connection")).ToHaveCountAsync(6);
        await visitor.LooksAsync("desk-decision-assistance");
        await visitor.OpenAsync("/desk/decisions/society.assistance/decisions/temporary-assistance.dmn?decision=way&part=try");
        await page.GetByLabel("困难原因").SelectOptionAsync(new SelectOptionValue { Label = "失业" });
        await page.GetByLabel("正在领取低保").SelectOptionAsync(new SelectOptionValue { Label = "否" });
        await page.GetByLabel("全家上月收入").FillAsync("3000");
        await page.GetByRole(AriaRole.Button, new() { Name = "计算" }).ClickAsync();
        await visitor.SeesAsync("人均月收入未填写：没有符合的规则");
        await page.GetByLabel("家庭人数").FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "计算" }).ClickAsync();
        await visitor.SeesAsync("临时救助：“当场给予”。");
        await visitor.LooksAsync("desk-decision-assistance-try");
    }

    private static async Task<(string Number, string Code)> ApplyAsync(Visitor visitor, string hardship, string household, string income)
    {
        var page = visitor.Page;
        await visitor.OpenAsync(Service + "/apply");
        await page.SelectOptionAsync("#f-region", "330100");
        await page.SelectOptionAsync("#f-hardship", hardship);
        await page.FillAsync("#f-household", household);
        await page.FillAsync("#f-income", income);
        await page.CheckAsync("input[name=on_allowance][value=false]");
        await page.ClickAsync("button.send");
        return (await page.Locator("#number").InnerTextAsync(), await page.Locator("#code").InnerTextAsync());
    }

    private static async Task TrackAsync(Visitor visitor, string number, string code)
    {
        await visitor.OpenAsync($"/applications?number={number}");
        await visitor.Page.FillAsync("#code", code);
        await visitor.Page.ClickAsync("form button");
    }
}
