using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Officials at the Desk who recall, send back and skip, on a desktop and a phone.</summary>
public sealed class MoveBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Officials_recall_send_back_and_skip_and_see_before_what_it_does(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        using var official = await platform.SignInAsync("worker-huzhou");
        var cases = await official.GetFromJsonAsync<JsonElement>("/api/v1/cases?state=open");
        var id = cases.GetProperty("items").EnumerateArray().First(c => c.GetProperty("region").GetString() == "330500").GetProperty("id").GetString()!;
        await RunningPlatform.FinishAsync(official, id, "verify", new { respond = true, level = "红色", opinion = "同意启动响应" });

        // One's own submission, which nobody has acted on.
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{id}");
        await Kind(page, "撤回").ClickAsync();
        await Assertions.Expect(page.Locator(".effects")).ToContainTextAsync("研判扩散条件");
        await Assertions.Expect(page.Locator(".bpmn .ending")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".bpmn .opening")).ToHaveCountAsync(1);
        await visitor.LooksAsync("desk-case-recall");
        await Do(page, "撤回");
        await visitor.SeesAsync("请写明处理理由");
        await page.FillAsync("#move-reason", "意见写得不完整");
        await DoAndConfirm(page, "撤回");
        await Assertions.Expect(page.Locator("#f-opinion")).ToHaveValueAsync("同意启动响应");
        await visitor.LooksAsync("desk-case-recalled");
        await page.FillAsync("#f-opinion", "同意启动响应，通报周边");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
        await Assertions.Expect(Kind(page, "撤回")).ToBeVisibleAsync();

        // Another unit at work sends it back; of others' work it may leave nothing.
        await visitor.SignInAsync("worker-huzhou-weather");
        await visitor.OpenAsync($"/desk/cases/{id}");
        await Assertions.Expect(Kind(page, "跳过")).ToHaveCountAsync(0);
        await Kind(page, "退回").ClickAsync();
        await page.FillAsync("#move-reason", "等级依据不足，请重新核定");
        await visitor.LooksAsync("desk-case-send-back");
        await DoAndConfirm(page, "退回");
        await visitor.SeesAsync("等级依据不足，请重新核定");

        await RunningPlatform.FinishAsync(official, id, "verify", new { respond = true, level = "红色", opinion = "已补充依据" });
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync($"/desk/cases/{id}");
        await Kind(page, "跳过").ClickAsync();
        // The drawing names the step as well as the list does.
        await page.Locator(".bpmn [data-element-id=traffic]").ClickAsync();
        await Assertions.Expect(page.Locator("#move-left option:checked")).ToContainTextAsync("落实机动车管控");
        await Assertions.Expect(page.Locator(".effect").Nth(2)).ToContainTextAsync("研判扩散条件");
        await page.FillAsync("#instead-measures", "已由省级统一管控");
        await page.FillAsync("#move-reason", "省级已统一落实");
        await visitor.LooksAsync("desk-case-skip");
        await DoAndConfirm(page, "跳过");
        await visitor.SeesAsync("“落实机动车管控”没有办");
        await visitor.LooksAsync("desk-case-moved");
        await visitor.OpenAsync($"/desk/cases/{id}?lang=en");
        await Kind(page, "Send back").ClickAsync();
        await visitor.LooksAsync("desk-case-moved-en");
    }

    private static ILocator Kind(IPage page, string name) => page.Locator(".moves .kind", new() { HasText = name }).First;

    private static Task Do(IPage page, string name) => page.Locator(".moves .move .actions").GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();

    // Asked once more, with what it ends.
    private static async Task DoAndConfirm(IPage page, string name)
    {
        await Do(page, name);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        await Assertions.Expect(page.Locator(".moves .move")).ToHaveCountAsync(0);
    }
}
