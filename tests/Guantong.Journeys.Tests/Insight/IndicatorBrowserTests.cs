using Guantong.Insight;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A figure's page, and sheets that are filled in and reviewed, in the browser.</summary>
public sealed class IndicatorBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_figure_leads_to_its_rows_and_a_sheet_to_a_figure(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await WorksPack.ApplyAsync(platform);
        await WorksPack.ReportAsync(platform, from m in Enumerable.Range(1, 12) from y in (int[])[2024, 2025] from w in (string[])["a,330106", "b,330502", "c,330203"]
                                              select $"{w},{y}-{m:00}-05,{(m % 2 == 0 ? "coal" : "gas")},{((m * 7 + y + w[0]) % 13) + 2},{(m % 3 == 0 ? "true" : "false")}");
        await platform.Services.GetRequiredService<Returns>().OpenDueAsync();
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var main = visitor.Page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("leader-ecology", $"/desk/figures/{WorksPack.Id}/output?period=month&at=2025-06-01");
        await visitor.SeesAsync("上年同期");
        await visitor.SeesAsync("背后的数据");
        await visitor.LooksAsync("desk-indicator");
        await main.GetByLabel("分组").SelectOptionAsync("kind");
        await visitor.SeesAsync("按种类");
        await Assertions.Expect(main.GetByRole(AriaRole.Cell, new() { Name = "煤" })).ToBeVisibleAsync();
        await visitor.OpenAsync($"/desk/figures/{WorksPack.Id}/index");
        await visitor.LooksAsync("desk-indicator-index");
        await visitor.OpenAsync($"/desk/figures/{WorksPack.Id}/no-such");
        await visitor.SeesAsync("没有“environment.works/no-such”");

        await visitor.SignInAsync("worker-hangzhou", "/desk/returns");
        await main.GetByRole(AriaRole.Link, new() { Name = "治理投入" }).ClickAsync();
        await main.GetByLabel("投入").FillAsync("-3");
        await main.GetByRole(AriaRole.Button, new() { Name = "报送" }).ClickAsync();
        await visitor.SeesAsync("超出允许范围");
        await visitor.LooksAsync("desk-return-faults");
        await main.GetByLabel("投入").FillAsync("120");
        await main.GetByLabel("项目数").FillAsync("3");
        await main.GetByRole(AriaRole.Button, new() { Name = "报送" }).ClickAsync();
        await Assertions.Expect(main.Locator(".title-row .chip")).ToHaveTextAsync("待审核");
        await visitor.LooksAsync("desk-return");

        await visitor.SignInAsync("leader-ecology", "/desk/returns?side=review");
        await visitor.LooksAsync("desk-returns");
        await main.GetByRole(AriaRole.Link, new() { Name = "治理投入" }).First.ClickAsync();
        await main.GetByRole(AriaRole.Button, new() { Name = "通过并入库" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "通过并入库" }).ClickAsync();
        await Assertions.Expect(main.Locator(".title-row .chip")).ToHaveTextAsync("已入库");
    }
}
