using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A small unit without a system of its own enters its rows at the Desk, changes and removes them.</summary>
public sealed class EnterBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Rows_are_entered_mended_changed_and_removed(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await GaugePack.ApplyAsync(platform, "from: form\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var main = visitor.Page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("duty");
        await visitor.OpenAsync($"/desk/data/{GaugePack.Id}/level");
        await main.GetByRole(AriaRole.Link, new() { Name = "填报" }).ClickAsync();
        await visitor.SeesAsync("还没有数据");
        await main.GetByLabel("测站").FillAsync("A");
        await main.GetByLabel("时间").FillAsync("2026-03-01T08:00");
        await main.GetByLabel("水位").FillAsync("500");
        await main.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(main.GetByRole(AriaRole.Alert).First).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-enter-faults");
        await main.GetByLabel("行政区划").FillAsync("330102");
        await main.GetByLabel("水位").FillAsync("5");
        await main.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(main.GetByLabel("测站")).ToHaveValueAsync("");
        await main.GetByRole(AriaRole.Button, new() { Name = "修改" }).ClickAsync();
        await Assertions.Expect(main.GetByLabel("水位")).ToHaveValueAsync("5");
        await main.GetByLabel("水位").FillAsync("6");
        await main.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr").GetByText("6", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-enter");
        await main.GetByRole(AriaRole.Button, new() { Name = "删除" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "删除" }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(0);
    }
}
