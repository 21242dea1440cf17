using Guantong.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>At the Desk: finding an entry, reading its history, listing one by hand.</summary>
public sealed class CatalogueBrowserTests
{
    [Shows("plat-catalogue")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_steward_finds_an_entry_lists_one_changes_it_and_compares_its_versions(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync("reform.map");
        await platform.ApplyAsync("society.assistance");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("steward-ecology");
        await visitor.OpenAsync("/desk/data");
        await Assertions.Expect(main.Locator(".hits li")).ToHaveCountAsync(9);
        await visitor.LooksAsync("catalogue");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("空气");
        await main.GetByRole(AriaRole.Button, new() { Name = "查找" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q="));
        await visitor.IsReadyAsync();
        await Assertions.Expect(main.Locator(".hits li")).ToHaveCountAsync(3);
        if (screen == Screen.Phone)
            await main.GetByRole(AriaRole.Button, new() { Name = "筛选" }).ClickAsync();
        await main.Locator(".facets a").First.WaitForAsync();
        await visitor.LooksAsync("catalogue-found");
        await visitor.OpenAsync("/desk/data?q=%E7%A9%BA%E6%B1%BD%E8%B4%A8%E9%87%8F");
        await visitor.SeesAsync("没有与“空汽质量”完全相符的");
        await visitor.OpenAsync("/desk/data?q=%E9%87%8F%E5%AD%90%E7%BA%A0%E7%BC%A0");
        await visitor.SeesAsync("没有相符的数据资源");
        await visitor.LooksAsync("catalogue-none");

        await visitor.OpenAsync("/desk/catalogue/new");
        await page.GetByLabel("共享类型").SelectOptionAsync("none");
        await main.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await visitor.SeesAsync("处需要改正");
        await visitor.SeesAsync("不予共享的，请写明依据");
        await visitor.LooksAsync("catalogue-faults");
        await page.GetByLabel("信息资源名称").FillAsync("入河排污口台账");
        await page.GetByLabel("信息资源摘要").FillAsync("一行是一个入河排污口，附位置、类型和排入水体。");
        await page.GetByLabel("不予共享依据").FillAsync("水污染防治法第二十三条");
        await page.GetByLabel("开放类型").SelectOptionAsync("none");
        await page.GetByLabel("主题").SelectOptionAsync("environment");
        await main.GetByRole(AriaRole.Button, new() { Name = "添加信息项" }).ClickAsync();
        await page.GetByLabel("字段名").FillAsync("outlet_code");
        await page.GetByLabel("信息项名称").FillAsync("排污口编码");
        await visitor.LooksAsync("catalogue-edit");
        await main.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(main.GetByRole(AriaRole.Heading, new() { Name = "入河排污口台账" })).ToBeVisibleAsync();
        await visitor.IsReadyAsync();
        await visitor.LooksAsync("catalogue-entry");

        await main.GetByRole(AriaRole.Link, new() { Name = "修改目录" }).ClickAsync();
        await page.GetByLabel("共享类型").SelectOptionAsync("conditional");
        await page.GetByLabel("共享条件").FillAsync("生态环境执法");
        await page.GetByLabel("更新周期").SelectOptionAsync("quarterly");
        await main.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await main.GetByRole(AriaRole.Link, new() { Name = "历史（2）" }).ClickAsync();
        await main.GetByRole(AriaRole.Button, new() { Name = "比较" }).ClickAsync();
        await visitor.SeesAsync("第 1 版到第 2 版");
        await Assertions.Expect(main.GetByText("受限共享").First).ToBeVisibleAsync();
        await visitor.LooksAsync("catalogue-history");
        await main.GetByRole(AriaRole.Button, new() { Name = "撤下" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "撤下" }).ClickAsync();
        await visitor.SeesAsync("这一条已经撤下");
        await visitor.OpenAsync("/desk/catalogue/environment.air-quality:air-hourly?part=items");
        await visitor.LooksAsync("catalogue-items");
        await visitor.OpenAsync("/desk/catalogue/none");
        await visitor.SeesAsync("没有找到");
        Assert.NotNull(await platform.Services.GetRequiredService<CatalogueBook>().FindAsync("environment.air-quality:air-daily"));
    }

    [Fact]
    public async Task An_English_reader_finds_it_in_English()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync("/language?to=en&back=%2Fdesk%2Fdata%3Fq%3Dhourly");
        await visitor.SeesAsync("Hourly air quality");
        await visitor.LooksAsync("catalogue-en");
        // Who may not list anything is not offered to.
        await Assertions.Expect(visitor.Page.GetByText("New entry")).ToHaveCountAsync(0);
    }
}
