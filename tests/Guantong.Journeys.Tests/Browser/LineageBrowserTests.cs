using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>An official follows data from a source's column to the goal, and finds a field by its name.</summary>
public sealed class LineageBrowserTests
{
    [Shows("party-chains", Lacks = "the chain of execution on one page with who may see what and why")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Data_is_followed_both_ways_by_column(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: screen == Screen.Desktop);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var main = visitor.Page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("worker-hangzhou");
        await visitor.OpenAsync("/desk/lineage");
        await visitor.SeesAsync("查找字段、来源列");
        await main.GetByRole(AriaRole.Searchbox).FillAsync("细颗粒物");
        await main.GetByRole(AriaRole.Button, new() { Name = "查找" }).ClickAsync();
        // A link that is followed while the page is being connected is not.
        await visitor.Page.WaitForURLAsync("**q=**");
        await visitor.IsReadyAsync();
        await main.GetByRole(AriaRole.Link, new() { Name = "细颗粒物 PM2.5" }).First.ClickAsync();
        await Assertions.Expect(main.GetByText("优良天数比率").Last).ToBeVisibleAsync();
        await Assertions.Expect(main.Locator("svg .box.here")).ToHaveCountAsync(1);
        await visitor.LooksAsync("desk-lineage-field");
        await visitor.OpenAsync("/desk/lineage?key=goal/environment.air-quality/clean-air");
        await Assertions.Expect(main.Locator("svg .box.column").First).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-lineage-goal");
        await visitor.OpenAsync("/desk/lineage?q=nothing-is-called-so");
        await visitor.SeesAsync("没有名称含");
    }
}
