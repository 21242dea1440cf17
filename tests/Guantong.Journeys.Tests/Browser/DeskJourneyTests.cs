using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>What officials do at the Desk, on a desktop and a phone.</summary>
public sealed class DeskJourneyTests
{
    [Shows("plat-official-front", Lacks = "contacts, video links, document collaboration and a market of applications")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Three_units_work_an_episode_to_its_end(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.OpenAsync("/desk");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in"));
        await visitor.LooksAsync("desk-sign-in");

        await visitor.SignInAsync("worker-huzhou");
        await visitor.LooksAsync("desk-tasks");
        await page.Locator("a[href^='/desk/cases/330500']").First.ClickAsync();
        await visitor.IsReadyAsync();
        await Assertions.Expect(page.Locator(".bpmn svg .djs-element.now, .bpmn svg .now").First).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-case");
        await Submit(page);
        await visitor.SeesAsync("必填");
        await visitor.LooksAsync("desk-form-fault");
        await page.GetByLabel("是", new() { Exact = true }).CheckAsync();
        await page.SelectOptionAsync("#f-level", "红色");
        await page.FillAsync("#f-opinion", "同意启动响应");
        await SubmitAndConfirm(page);
        await visitor.SeesAsync("研判扩散条件");
        var file = page.Url;

        await visitor.SignInAsync("worker-huzhou-weather");
        await visitor.OpenAsync(file);
        await page.SelectOptionAsync("#f-diffusion", new SelectOptionValue { Index = 1 });
        await page.FillAsync("#f-relief_day", "2026-10-31");
        await SubmitAndConfirm(page);
        await Assertions.Expect(page.Locator("#f-diffusion")).ToHaveCountAsync(0);

        await visitor.SignInAsync("worker-huzhou-traffic");
        await visitor.OpenAsync(file);
        await page.FillAsync("#f-measures", "高排放车辆限行");
        await page.FillAsync("#f-restricted", "1200");
        await SubmitAndConfirm(page);
        await Assertions.Expect(page.Locator("#f-measures")).ToHaveCountAsync(0);

        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync(file);
        await page.FillAsync("#f-lifted_on", "2026-10-31");
        await page.SelectOptionAsync("#f-effect", new SelectOptionValue { Index = 1 });
        await page.FillAsync("#f-summary", "冷空气到达后解除");
        await SubmitAndConfirm(page);
        using var official = await platform.SignInAsync("worker-huzhou");
        await platform.EndedAsync(official, new Uri(file).Segments[^1]);
        await visitor.OpenAsync(file);
        await visitor.SeesAsync("重污染天气应急处置报告");
        await visitor.SeesAsync("高排放车辆限行");
        await visitor.LooksAsync("desk-case-ended");
        await visitor.OpenAsync("/desk/cases");
        await visitor.SeesAsync("办结");
        await visitor.LooksAsync("desk-cases");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_leader_drills_the_map_from_province_to_county_and_changes_the_language(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync("/desk/cockpit?pack=environment.air-quality");
        await visitor.SeesAsync("未达目标");
        await visitor.LooksAsync("desk-cockpit");
        await Drill(page, "330500", "湖州市");
        await visitor.IsReadyAsync();
        await visitor.LooksAsync("desk-cockpit-city");
        await Drill(page, "330523", "安吉县");
        await page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await visitor.IsReadyAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Anji");
        await visitor.LooksAsync("desk-cockpit-county-en");
        await visitor.OpenAsync("/desk/cockpit?pack=reform.map");
        await visitor.LooksAsync("desk-reform");
        await visitor.OpenAsync("/desk/warnings");
        await visitor.LooksAsync("desk-warnings");
    }

    [Shows("plat-portal", Lacks = "one page by role with the live state of every application")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Officials_read_the_catalogue_the_packs_and_the_ledger(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("auditor");
        await visitor.OpenAsync("/desk/data");
        await visitor.LooksAsync("desk-catalogue");
        await page.GetByRole(AriaRole.Link, new() { Name = "空气质量小时值" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "查看数据" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/desk/data/environment.air-quality/air-hourly"));
        await visitor.IsReadyAsync();
        await visitor.LooksAsync("desk-rows");
        foreach (var part in (string[])["fields", "quality", "lineage"])
        {
            await visitor.OpenAsync($"/desk/data/environment.air-quality/air-daily?part={part}");
            await visitor.LooksAsync("desk-" + part);
        }
        await visitor.OpenAsync("/desk/packs");
        await visitor.LooksAsync("desk-packs");
        await page.GetByRole(AriaRole.Link, new() { Name = "大气环境监测预报预警" }).First.ClickAsync();
        await visitor.SeesAsync("下行拆解");
        await visitor.LooksAsync("desk-v");
        await visitor.OpenAsync("/desk/packs/environment.air-quality?part=trace");
        await Assertions.Expect(page.Locator(".trace").GetByText("空气质量日值").First).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-trace");
        await visitor.OpenAsync("/desk/packs/environment.air-quality?part=findings");
        await visitor.LooksAsync("desk-findings");
    }

    private static Task Submit(IPage page) => page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();

    // What cannot be undone is asked once more.
    private static async Task SubmitAndConfirm(IPage page)
    {
        await Submit(page);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
    }

    // Clicks the middle of what ECharts drew for a region: the map is a picture, so its areas are found by asking the chart.
    // On a phone the page may still be settling under the pointer: a click beside the area is made again, as anyone would.
    private static async Task Drill(IPage page, string region, string name)
    {
        for (var tries = 0; tries < 8 && !(await page.Locator("h1").InnerTextAsync()).Contains(name, StringComparison.Ordinal); tries++)
        {
            await Click(page, region);
            try
            {
                await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(name, new() { Timeout = 2500 });
            }
            catch (PlaywrightException)
            {
                // tried again, or told below
            }
        }
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(name);
    }

    private static async Task Click(IPage page, string region)
    {
        await page.WaitForSelectorAsync(".map svg path");
        await page.Locator(".map").First.ScrollIntoViewIfNeededAsync();
        var at = await page.EvaluateAsync<double[]>("""
            code => {
              const place = [...document.querySelectorAll('.map')].find(e => window.echarts.getInstanceByDom(e));
              const chart = window.echarts.getInstanceByDom(place);
              const area = chart.getModel().getSeriesByIndex(0).coordinateSystem.regions.find(r => r.name === code || r.properties?.code === code);
              const [x, y] = chart.convertToPixel({ seriesIndex: 0 }, area.getCenter());
              const box = place.getBoundingClientRect();
              return [box.left + x, box.top + y];
            }
            """, region);
        await page.Mouse.ClickAsync((float)at[0], (float)at[1]);
    }
}
