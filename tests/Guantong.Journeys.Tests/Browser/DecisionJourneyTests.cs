using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A designer reads a decision, tries it, sees what it covered, changes it and holds the change against past rows before it is published.</summary>
public sealed class DecisionJourneyTests
{
    private const string Page = "/desk/decisions/environment.air-quality/decisions/aqi.dmn";

    [Shows("model-iteration", Lacks = "release of a new version by region")]
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
        // Seven inputs, four decisions and two functions are drawn, with every requirement between them; and the standard's table 1 stands below.
        await Assertions.Expect(page.Locator(".dmn .djs-shape")).ToHaveCountAsync(13);
        await Assertions.Expect(page.Locator(".dmn .djs-connection")).ToHaveCountAsync(14);
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "浓度限值与分指数断点" }).Locator("tbody tr")).ToHaveCountAsync(54);
        await visitor.LooksAsync("desk-decision");

        await visitor.OpenAsync(Page + "?part=try");
        await page.FillAsync("#in-pm25", "80");
        await page.GetByRole(AriaRole.Button, new() { Name = "计算" }).ClickAsync();
        await visitor.SeesAsync("空气质量指数为 107，首要污染物为“PM2.5”，级别为 3，级别名称为“轻度污染”");
        await visitor.SeesAsync("符合规则 3：空气质量指数为 107（要求：高于 100 且不高于 150）。由此得出：级别为 3，名称为“轻度污染”。");
        await Assertions.Expect(page.GetByText("不符合规则 2：空气质量指数为 107")).ToBeHiddenAsync();
        await page.GetByText("其他 5 条规则为什么不适用").ClickAsync();
        await visitor.SeesAsync("不符合规则 2：空气质量指数为 107（要求：高于 50 且不高于 100）。");
        await visitor.LooksAsync("desk-decision-try");
        await visitor.OpenAsync(Page + "?part=coverage");
        var rules = page.GetByRole(AriaRole.Region, new() { Name = "空气质量指数级别" });
        await Assertions.Expect(rules.Locator("tbody tr")).ToHaveCountAsync(6);
        // What is asked first of the page, how often a rule fired, is in view on a phone too.
        await rules.ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(rules.Locator("td.share").First).ToBeInViewportAsync(new() { Ratio = 0.9f });
        await visitor.LooksAsync("desk-decision-coverage");
    }

    [Fact]
    public async Task A_changed_cell_is_compared_on_past_rows_and_published()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        var page = visitor.Page;
        await visitor.SignInAsync("designer");
        await visitor.OpenAsync(Page + "?part=edit");
        await ChangeAsync(page, "轻度污染", "\"轻微污染\"");
        await CompareAsync(page);
        await visitor.SeesAsync("级别名称 轻微污染");
        await visitor.SeesAsync("级别名称 轻度污染");
        await Assertions.Expect(page.GetByText("1,080 行中有 0 行的结果不同")).Not.ToBeVisibleAsync();
        await visitor.LooksAsync("desk-decision-compare");
        await page.GetByRole(AriaRole.Button, new() { Name = "发布" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "发布" }).ClickAsync();
        await visitor.SeesAsync("已发布");

        await visitor.OpenAsync(Page + "?part=try");
        await page.FillAsync("#in-pm25", "80");
        await page.GetByRole(AriaRole.Button, new() { Name = "计算" }).ClickAsync();
        await visitor.SeesAsync("级别名称为“轻微污染”");
    }

    [Theory]
    [InlineData("(100..150]", "(100..150", "“空气质量指数级别”，规则 3，“空气质量指数”", "FEEL 写错了")]
    [InlineData("(100..150]", "(110..150]", "“空气质量指数级别”", "没有规则覆盖的情形")]
    [InlineData("(100..150]", "(90..150]", "“空气质量指数级别”，规则 3，“空气质量指数”", "规则 2 和规则 3 会同时命中")]
    public async Task A_fault_is_named_at_its_cell_and_nothing_is_published(string cell, string becomes, string where, string what)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        var page = visitor.Page;
        await visitor.SignInAsync("designer");
        await visitor.OpenAsync(Page + "?part=edit");
        await ChangeAsync(page, cell, becomes);
        await CompareAsync(page);
        var faults = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "请先改正" });
        await Assertions.Expect(faults).ToContainTextAsync(where);
        await Assertions.Expect(faults).ToContainTextAsync(what);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "发布" })).ToBeDisabledAsync();
        await visitor.LooksAsync("desk-decision-refused");
    }

    // A thousand past rows are decided twice; a busy machine takes its time.
    private static async Task CompareAsync(IPage page)
    {
        var compare = page.GetByRole(AriaRole.Button, new() { Name = "与现行版本比较" });
        await compare.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).Or(page.GetByRole(AriaRole.Heading, new() { Name = "比较结果" })).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    // Opens the table of levels in the editor and writes a cell anew, as a designer does.
    private static async Task ChangeAsync(IPage page, string cell, string becomes)
    {
        await Assertions.Expect(page.Locator(".dmn .djs-element").First).ToBeVisibleAsync();
        await page.GetByLabel("视图").SelectOptionAsync(new SelectOptionValue { Label = "空气质量指数级别" });
        var place = page.Locator(".dmn tbody td").Filter(new() { HasText = cell });
        await place.ClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync(becomes);
        await Assertions.Expect(page.Locator(".dmn tbody td").Filter(new() { HasText = becomes.Trim('"') })).ToHaveCountAsync(1);
    }
}
