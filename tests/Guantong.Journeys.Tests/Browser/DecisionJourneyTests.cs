using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A designer reads a decision, tries it, sees what it covered, changes it and holds the change against past rows before it is published.</summary>
public sealed class DecisionJourneyTests
{
    private const string Page = "/desk/decisions/environment.air-quality/decisions/aqi.dmn";

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_designer_reads_tries_and_covers_a_decision(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("designer");
        await visitor.OpenAsync("/desk/packs/environment.air-quality?part=decisions");
        await visitor.LooksAsync("desk-decisions");
        await page.GetByRole(AriaRole.Link, new() { Name = "空气质量指数与首要污染物" }).ClickAsync();
        await visitor.IsReadyAsync();
        await Assertions.Expect(page.Locator(".dmn .djs-element").First).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-decision");

        await visitor.OpenAsync(Page + "?part=try");
        await page.FillAsync("#in-pm25", "80");
        await page.GetByRole(AriaRole.Button, new() { Name = "计算" }).ClickAsync();
        await visitor.SeesAsync("轻度污染");
        await visitor.SeesAsync("表 grade_table 的第 3 条");
        await visitor.LooksAsync("desk-decision-try");
        await visitor.OpenAsync(Page + "?part=coverage");
        await visitor.SeesAsync("grade_table");
        await visitor.LooksAsync("desk-decision-coverage");
    }

    [Fact]
    public async Task An_edited_model_is_compared_on_past_rows_and_published()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        var page = visitor.Page;
        await visitor.SignInAsync("designer");
        await visitor.OpenAsync(Page + "?part=edit");
        await Assertions.Expect(page.Locator(".dmn .djs-element").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "与现行版本比较" }).ClickAsync();
        await visitor.SeesAsync("1,080 行中有 0 行的结果不同");
        await page.GetByRole(AriaRole.Button, new() { Name = "发布" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "发布" }).ClickAsync();
        await visitor.SeesAsync("已发布");
    }
}
