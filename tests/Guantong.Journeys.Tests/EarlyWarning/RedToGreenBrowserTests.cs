using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Guantong.Tests.WarnedAir;

namespace Guantong.Tests;

/// <summary>The loop whole, as a leader and three units go through it in the browser: a red warning in the cockpit, an instruction, tasks, feedback, a correction, a green light.</summary>
public sealed class RedToGreenBrowserTests
{
    private const string Cockpit = "/desk/cockpit?pack=environment.air-quality&region=330500";

    private const string Levels = """
            period: day
            regions: [province, city]
            levels: {blue: "> 75", yellow: "> 115", orange: "> 150", red: "> 250"}
            keep: 1
        """;

    [Shows("party-app", Lacks = "all major tasks and main fields on one screen")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_red_light_is_instructed_on_worked_on_corrected_and_green_again(Screen screen)
    {
        // Messages fade by the clock.
        await using var air = await StartAsync("sqlite", Levels, moves: true);
        await air.LoadAsync(0, [.. Weeks(10), 262, 270]);
        await using var visitor = await Visitor.ComeAsync(air.Platform, screen);
        var page = visitor.Page;
        var light = page.Locator("#card-light-pm25-mean");

        // The leader sees red, finds out why, and writes an instruction.
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync(Cockpit);
        await Assertions.Expect(light).ToHaveClassAsync(new Regex("unmet"));
        await Assertions.Expect(light.Locator(".level.red")).ToHaveTextAsync("红色");
        await visitor.LooksAsync("loop-cockpit-red");
        await light.Locator("a", new() { HasText = "预警" }).Last.ClickAsync();
        await page.WaitForURLAsync("**/desk/warnings/*");
        await visitor.IsReadyAsync();
        await visitor.SeesAsync("超过 250");
        await visitor.LooksAsync("loop-warning-red");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "查看办件" }).First.ClickAsync();
        await page.WaitForURLAsync("**/desk/cases/*");
        await visitor.IsReadyAsync();
        var file = page.Url;
        await page.FillAsync("#instruct-words", "依法从快处置，当日反馈（合成）");
        await page.GetByRole(AriaRole.Button, new() { Name = "批示" }).ClickAsync();
        await visitor.SeesAsync("依法从快处置，当日反馈");
        await visitor.LooksAsync("loop-instructed");

        // The unit finds it in its list, acknowledges it and does its task.
        await visitor.SignInAsync("worker-huzhou");
        await page.Locator("tr", new() { HasText = "批示" }).Filter(new() { HasText = "湖州" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await page.WaitForURLAsync("**/desk/cases/*");
        await visitor.IsReadyAsync();
        await page.Locator(".ask textarea").FillAsync("立即会同气象、交通落实（合成）");
        await page.GetByRole(AriaRole.Button, new() { Name = "签收" }).ClickAsync();
        await visitor.SeesAsync("立即会同气象、交通落实");
        await page.GetByLabel("是", new() { Exact = true }).CheckAsync();
        await page.SelectOptionAsync("#f-level", "红色");
        await page.FillAsync("#f-opinion", "同意启动响应（合成）");
        await visitor.LooksAsync("loop-task");
        await SubmitAsync(page);
        await visitor.SeesAsync("研判扩散条件");

        // The leader holds another unit to it. What it feeds back is not enough; it corrects that.
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync(file);
        var panel = page.GetByRole(AriaRole.Region, new() { Name = "督办", Exact = true });
        await panel.Locator("summary").ClickAsync();
        await page.SelectOptionAsync("#s-unit", HandledCase.Traffic);
        await page.FillAsync("#s-demand", "当日落实机动车管控并反馈（合成）");
        await page.FillAsync("#s-reason", "PM2.5 日均浓度达到红色级别（合成）");
        await panel.GetByRole(AriaRole.Button, new() { Name = "提出督办" }).ClickAsync();
        await Assertions.Expect(panel.Locator(".demand")).ToHaveTextAsync("当日落实机动车管控并反馈（合成）");
        await visitor.SignInAsync("worker-huzhou-traffic");
        await visitor.OpenAsync(file);
        await panel.Locator("textarea").FillAsync("示例路已限行（合成）");
        await panel.GetByRole(AriaRole.Button, new() { Name = "答复" }).ClickAsync();
        await Assertions.Expect(panel.Locator(".said")).ToHaveTextAsync("示例路已限行（合成）");
        await visitor.LooksAsync("loop-feedback");
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync("/desk/supervisions?state=answered");
        var main = page.GetByRole(AriaRole.Main);
        await main.Locator("article textarea").FillAsync("范围太小，请扩大到示例区全域（合成）");
        await main.Locator("article input[type=datetime-local]").FillAsync(DateTime.UtcNow.AddDays(2).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        await visitor.LooksAsync("loop-sending-back");
        await main.GetByRole(AriaRole.Button, new() { Name = "退回重办" }).ClickAsync();
        await visitor.SeesAsync("没有督办");
        await visitor.SignInAsync("worker-huzhou-traffic");
        await visitor.OpenAsync(file);
        await visitor.SeesAsync("范围太小，请扩大到示例区全域");
        await panel.Locator("textarea").FillAsync("已扩大到示例区全域（合成）");
        await panel.GetByRole(AriaRole.Button, new() { Name = "答复" }).ClickAsync();
        await visitor.SeesAsync("已扩大到示例区全域");
        await page.FillAsync("#f-measures", "高排放车辆全域限行（合成）");
        await page.FillAsync("#f-restricted", "1200");
        await SubmitAsync(page);
        await Assertions.Expect(page.Locator("#f-measures")).ToHaveCountAsync(0);
        await visitor.LooksAsync("loop-corrected");
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync("/desk/supervisions?state=answered");
        await main.GetByRole(AriaRole.Button, new() { Name = "销号" }).ClickAsync();
        await visitor.SeesAsync("没有督办");

        // The others finish theirs; the air is clean again.
        await visitor.SignInAsync("worker-huzhou-weather");
        await visitor.OpenAsync(file);
        await page.SelectOptionAsync("#f-diffusion", new SelectOptionValue { Index = 1 });
        await page.FillAsync("#f-relief_day", Day(12));
        await SubmitAsync(page);
        await Assertions.Expect(page.Locator("#f-diffusion")).ToHaveCountAsync(0);
        await air.LoadAsync(12, 44, 40);
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync(file);
        await page.FillAsync("#f-lifted_on", Day(12));
        await page.SelectOptionAsync("#f-effect", new SelectOptionValue { Index = 1 });
        await page.FillAsync("#f-summary", "管控扩大后浓度回落（合成）");
        await SubmitAsync(page);
        await Assertions.Expect(page.Locator("#f-summary")).ToHaveCountAsync(0);
        await air.Platform.EndedAsync(await air.AsAsync("worker-huzhou"), new Uri(file).Segments[^1]);

        // The leader sees green, and what came of it.
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync(Cockpit);
        await Assertions.Expect(light).ToHaveClassAsync(new Regex(@"\bmet\b"));
        await Assertions.Expect(light).ToContainTextAsync("没有预警");
        await Assertions.Expect(page.Locator("#card-list-warnings")).ToContainTextAsync("已解除");
        await visitor.LooksAsync("loop-cockpit-green");
        await visitor.OpenAsync(file);
        await visitor.SeesAsync("重污染天气应急处置报告");
        await visitor.LooksAsync("loop-case-ended");
    }

    // What cannot be undone is asked once more.
    private static async Task SubmitAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
    }
}
