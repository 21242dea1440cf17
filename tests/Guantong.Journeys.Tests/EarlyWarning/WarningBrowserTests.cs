using Microsoft.Playwright;
using static Guantong.Tests.WarnedAir;

namespace Guantong.Tests;

/// <summary>Early warning in the browser: a leader makes the roster, whoever is on call acknowledges, a leader judges, measures and tries thresholds out.</summary>
public sealed class WarningBrowserTests
{
    private const string Signals = """
            period: day
            regions: [city]
            levels: {blue: "> 75", yellow: "> 115", orange: "> 150", red: "> 250"}
            signals:
              - {signal: jump, name: 骤升, by: change, levels: {yellow: "> 50", orange: "> 100"}}
              - {signal: unusual, name: 异常, by: forecast, season: 7, levels: {blue: "> 3"}}
            together:
              - {trigger: several, name: 多点, of: [jump, unusual], least: 2, within: P3D, area: city, level: orange}
        """;

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_warning_is_acknowledged_judged_and_measured_and_thresholds_are_tried(Screen screen)
    {
        // Messages fade by the clock.
        await using var air = await StartAsync("sqlite", Signals, moves: true);
        string In(int days) => DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        await air.LoadAsync(0, Weeks(40));
        await using var visitor = await Visitor.ComeAsync(air.Platform, screen);
        var page = visitor.Page;

        await visitor.SignInAsync("head", "/desk/on-call");
        await visitor.SeesAsync("没有排班");
        await page.SelectOptionAsync("#o-who", "colleague");
        await page.FillAsync("#o-from", In(-1));
        await page.FillAsync("#o-to", In(-2));
        await page.GetByRole(AriaRole.Button, new() { Name = "排班" }).ClickAsync();
        await visitor.SeesAsync("值班时间有误");
        // A message under the pointer stays.
        await page.Mouse.MoveAsync(0, 0);
        await Assertions.Expect(page.Locator(".mud-snackbar")).ToHaveCountAsync(0);
        await page.FillAsync("#o-to", In(7));
        await page.GetByRole(AriaRole.Button, new() { Name = "排班" }).ClickAsync();
        await visitor.SeesAsync("值班中");
        await visitor.LooksAsync("desk-on-call");

        await air.LoadAsync(40, 96);
        await visitor.SignInAsync("colleague", "/desk/warnings");
        await visitor.SeesAsync("等待本单位确认");
        await visitor.LooksAsync("desk-warnings-waiting");
        await page.GetByRole(AriaRole.Region, new() { Name = "等待本单位确认" }).GetByRole(AriaRole.Link).ClickAsync();
        await page.WaitForURLAsync("**/desk/warnings/*");
        await visitor.IsReadyAsync();
        await visitor.SeesAsync("较前一日上升");
        await visitor.SeesAsync("倍标准误，超过 3");
        await visitor.LooksAsync("desk-warning");
        await page.GetByRole(AriaRole.Button, new() { Name = "确认预警" }).ClickAsync();
        await visitor.SeesAsync("请写明情况");
        await page.FillAsync("#a-note", "已通知重点企业减排，加密巡查（合成）");
        await page.GetByRole(AriaRole.Button, new() { Name = "确认预警" }).ClickAsync();
        await visitor.SeesAsync("加密巡查");
        await Assertions.Expect(page.Locator("#a-note")).ToHaveCountAsync(0);
        await visitor.LooksAsync("desk-warning-acknowledged");
        await visitor.OpenAsync("/desk/notices");
        await visitor.SeesAsync("橙色预警：湖州市");
        await visitor.LooksAsync("desk-notices-warning");

        await air.LoadAsync(41, 44, 43);
        await visitor.SignInAsync("head", "/desk/warnings");
        await page.SelectOptionAsync("select[name=state]", "ended");
        await page.SelectOptionAsync("select[name=level]", "orange");
        await page.GetByRole(AriaRole.Button, new() { Name = "查找" }).ClickAsync();
        await page.WaitForURLAsync("**state=ended**");
        await visitor.IsReadyAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "湖州市" }).ClickAsync();
        await page.WaitForURLAsync("**/desk/warnings/*");
        await visitor.IsReadyAsync();
        var verdict = page.GetByRole(AriaRole.Region, new() { Name = "判定" });
        await verdict.Locator("summary").ClickAsync();
        await verdict.GetByLabel("属实").CheckAsync();
        await verdict.Locator("#v-note").FillAsync("监测值与走航一致（合成）");
        await visitor.LooksAsync("desk-warning-judging");
        await verdict.GetByRole(AriaRole.Button, new() { Name = "判定" }).ClickAsync();
        await visitor.SeesAsync("监测值与走航一致");
        await visitor.OpenAsync("/desk/warnings/measured");
        await page.SelectOptionAsync("#e-region", "330500");
        await page.FillAsync("#e-day", Day(42));
        await page.FillAsync("#e-words", "呼吸科就诊增多（合成）");
        await page.GetByRole(AriaRole.Button, new() { Name = "登记" }).ClickAsync();
        await visitor.SeesAsync("呼吸科就诊增多");
        await Assertions.Expect(page.GetByText("（1/1）").First).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-warnings-measured");

        await visitor.OpenAsync("/desk/warnings/replay");
        await page.FillAsync("#r-warn", "period: day\nregions: [city]\nlevels: {blue: \"> 75\"}\nsignals:\n  - {signal: jump, by: chance}\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "试算" }).ClickAsync();
        await visitor.SeesAsync("预警声明有误");
        await visitor.LooksAsync("desk-warnings-replay-broken");
        await page.FillAsync("#r-warn", "period: day\nregions: [city]\nlevels: {blue: \"> 45\", red: \"> 90\"}\nkeep: 2\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "试算" }).ClickAsync();
        await visitor.SeesAsync("试算结果");
        await visitor.LooksAsync("desk-warnings-replay");
        await page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await visitor.IsReadyAsync();
        await visitor.SeesAsync("As it would stand under warn");
        // The title comes with the live page.
        await Assertions.Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^Replay"));
        await visitor.LooksAsync("desk-warnings-replay-en");
    }
}
