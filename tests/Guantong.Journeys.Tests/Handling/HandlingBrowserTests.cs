using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Officials at the Desk who have others sign, hand a task over and take it back, and act on several at once, on a desktop and a phone.</summary>
public sealed class HandlingBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Officials_have_others_sign_and_hand_a_task_over_and_take_it_back(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(HandledCase.People, TestContext.Current.CancellationToken);
        var land = platform.Services.GetRequiredService<Jurisdiction>();
        string Name(string unit) => land.Units.Find(unit)!.Name;
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        using var official = await platform.SignInAsync("worker-huzhou");
        var cases = await official.GetFromJsonAsync<JsonElement>("/api/v1/cases?state=open", TestContext.Current.CancellationToken);
        var id = cases.GetProperty("items").EnumerateArray().First(c => c.GetProperty("region").GetString() == "330500").GetProperty("id").GetString()!;

        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{id}");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "领取", Exact = true }).ClickAsync();
        await visitor.SeesAsync("我已领取");
        await page.Locator(".handling > summary").ClickAsync();
        await Kind(page, "会签").ClickAsync();
        foreach (var unit in (string[])[HandledCase.Weather, HandledCase.Traffic])
        {
            await page.FillAsync("#h-to-unit", Name(unit));
            await page.PressAsync("#h-to-unit", "Tab");
            await page.Locator(".adding").GetByRole(AriaRole.Button, new() { Name = "加入" }).ClickAsync();
            await Assertions.Expect(page.Locator("ol.whom")).ToContainTextAsync(Name(unit));
        }
        await page.FillAsync("#h-words", "请就红色响应方案会签");
        await visitor.LooksAsync("desk-task-countersign");
        await Do(page, "会签");
        await Assertions.Expect(page.Locator(".asked .chip", new() { HasText = "等待中" })).ToHaveCountAsync(2);
        await visitor.LooksAsync("desk-task-countersign-asked");

        // Who is asked finds it in their own list.
        await visitor.SignInAsync("worker-huzhou-weather");
        await Assertions.Expect(page.Locator(".chip", new() { HasText = "会签" })).ToHaveCountAsync(1);
        await visitor.LooksAsync("desk-tasks-asked");
        await page.Locator("td", new() { HasText = "会签" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await page.Locator(".ask textarea").FillAsync("扩散条件不利，同意");
        await visitor.LooksAsync("desk-ask-answer");
        await page.Locator(".ask .actions").GetByRole(AriaRole.Button, new() { Name = "同意", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".asked .said")).ToHaveTextAsync("扩散条件不利，同意");
        await Assertions.Expect(page.Locator(".ask textarea")).ToHaveCountAsync(0);

        await visitor.SignInAsync("worker-huzhou-traffic");
        await visitor.OpenAsync($"/desk/cases/{id}");
        await page.Locator(".ask textarea").FillAsync("限行方案须先评估");
        await page.Locator(".ask .actions").GetByRole(AriaRole.Button, new() { Name = "不同意" }).ClickAsync();
        await visitor.SeesAsync("达不到人数，由经办人决定");

        // Wrongly handed over, and taken back.
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{id}");
        await page.Locator(".handling > summary").ClickAsync();
        await Kind(page, "转办").ClickAsync();
        await page.FillAsync("#h-unit", Name(HandledCase.Civil));
        await page.FillAsync("#h-words", "属民政职责");
        await visitor.LooksAsync("desk-task-hand-over");
        await Do(page, "转办");
        var handed = page.Locator(".ask", new() { HasText = "属民政职责" });
        await Assertions.Expect(handed.Locator(".ask-head")).ToContainTextAsync("等待中");
        await visitor.LooksAsync("desk-task-handed-over");
        await handed.GetByRole(AriaRole.Button, new() { Name = "撤回" }).ClickAsync();
        await Assertions.Expect(handed.Locator(".ask-head")).ToContainTextAsync("已撤回");
        await visitor.SeesAsync("我已领取");

        // A leader's instruction, and the same to several at once.
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync($"/desk/cases/{id}?lang=en");
        await page.FillAsync("#instruct-words", "依法从快处置");
        await page.GetByRole(AriaRole.Button, new() { Name = "Instruct" }).ClickAsync();
        await visitor.SeesAsync("依法从快处置");
        await visitor.LooksAsync("desk-case-instructed-en");
        await visitor.SignInAsync("head", "/desk?lang=zh");
        await visitor.OpenAsync("/desk?lang=zh");
        await page.Locator("td.choose input").First.CheckAsync();
        await page.SelectOptionAsync("#b-login", "colleague");
        await visitor.LooksAsync("desk-tasks-batch");
        await page.GetByRole(AriaRole.Button, new() { Name = "对所选待办处理" }).ClickAsync();
        await Assertions.Expect(page.Locator("td", new() { HasText = "colleague" })).ToHaveCountAsync(1);
    }

    private static ILocator Kind(IPage page, string name) => page.Locator(".handling .kind b", new() { HasText = name }).First;

    private static Task Do(IPage page, string name) => page.Locator(".handling .move .actions").GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
}
