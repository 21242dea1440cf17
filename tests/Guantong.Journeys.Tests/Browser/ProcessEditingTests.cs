using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A designer changes a process on the Desk with mouse and keyboard, sees at once what the check says of it, and publishes it.</summary>
public sealed class ProcessEditingTests
{
    private const string Report = "/desk/processes/environment.air-quality/processes/air-report.bpmn";
    private const string Episode = "/desk/processes/environment.air-quality/processes/episode.bpmn";

    [Shows("plat-business-centre", Lacks = "forms that are made in the browser")]
    [Fact]
    public async Task A_task_that_is_added_is_done_in_new_cases_and_not_in_those_under_way()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var official = await platform.SignInAsync("worker-huzhou");
        var old = await OpenCaseAsync(official);
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        var page = visitor.Page;
        await visitor.SignInAsync("designer");
        await visitor.OpenAsync(Report + "?part=edit");
        await StandsAsync(page, "与现行版本相同");
        await Assertions.Expect(Publish(page)).ToBeDisabledAsync();

        // Renamed on the drawing.
        await RenameAsync(page, "inspect", "现场核查取证");

        // Dropped from the palette onto a flow, and made a task of people with a form and a deadline.
        var (gateway, explain) = ((await Element(page, "found").BoundingBoxAsync())!, (await Element(page, "explain").BoundingBoxAsync())!);
        await DragAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "新建任务" }), (gateway.X + gateway.Width + explain.X) / 2, explain.Y + explain.Height / 2);
        await page.Keyboard.InsertTextAsync("回访反映人");
        await page.Keyboard.PressAsync("Enter");
        await ChangeTypeAsync(page, "人工任务");
        await page.GetByLabel("表单").SelectOptionAsync("forms/air-mend.json");
        await page.GetByLabel("办理期限").FillAsync("2 天");
        await page.GetByLabel("办理期限").PressAsync("Tab");
        var found = page.GetByRole(AriaRole.Region, new() { Name = "检查" });
        await StandsAsync(page, "有 1 处错误，先改正");
        await Assertions.Expect(found).ToContainTextAsync("“回访反映人”的期限“2 天”不是时限");
        await Assertions.Expect(Publish(page)).ToBeDisabledAsync();
        await visitor.LooksAsync("desk-process-edit-refused");
        await page.GetByLabel("办理期限").FillAsync("P2D");
        await page.GetByLabel("办理期限").PressAsync("Tab");
        await StandsAsync(page, "检查通过，可以发布");
        await visitor.LooksAsync("desk-process-edit");

        await Publish(page).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("按现行版本在办的 1 件仍按原流程办完");
        await Assertions.Expect(dialog).ToContainTextAsync("增加 人工任务 回访反映人");
        await Assertions.Expect(dialog).ToContainTextAsync("改动 人工任务 现场核查取证（名称）");
        await visitor.LooksAsync("desk-process-publish");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "发布" }).ClickAsync();
        await StandsAsync(page, "已发布");
        await StandsAsync(page, "与现行版本相同");

        var renewed = await OpenCaseAsync(official);
        foreach (var id in (string[])[old, renewed])
        {
            Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(official, id, "inspect", new { confirmed = false, finding = "没有看到堆土" }));
        }
        Assert.Equal(["现场核查:done"], await TasksAsync(official, old));
        Assert.Equal(["回访反映人:open", "现场核查取证:done"], await TasksAsync(official, renewed));
        await platform.EndedAsync(official, old);
    }

    [Fact]
    public async Task A_deadlock_is_named_and_the_way_to_it_is_shown_on_the_drawing()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        var page = visitor.Page;
        await visitor.SignInAsync("designer");
        await visitor.OpenAsync(Episode + "?part=edit");
        await StandsAsync(page, "与现行版本相同");
        // One branch is taken only at times, and the join waits for both.
        await Element(page, "fork").ClickAsync();
        await ChangeTypeAsync(page, "包容网关");
        await page.GetByLabel("选择元素").SelectOptionAsync("to_diffusion");
        await page.GetByLabel("条件（FEEL）").FillAsync("level = \"红色\"");
        await page.GetByLabel("条件（FEEL）").PressAsync("Tab");
        await StandsAsync(page, "这样不能发布，请先改正");
        await Assertions.Expect(page.Locator(".findings li.shown")).ToContainTextAsync("可能永远等下去");
        await Assertions.Expect(page.Locator(".findings .way")).ToContainTextAsync("1 预警触发 → 2 核定污染等级");
        await Assertions.Expect(Publish(page)).ToBeDisabledAsync();
        await Assertions.Expect(page.Locator(".path-step").First).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator("g.djs-element.found-error[data-element-id=join]")).ToHaveCountAsync(1);
        Assert.True(await page.Locator("g.djs-connection.on-path").CountAsync() >= 3);
        await visitor.LooksAsync("desk-process-deadlock");

        for (var i = 0; i < 2; i++)
            await page.GetByRole(AriaRole.Button, new() { Name = "撤销" }).ClickAsync();
        await StandsAsync(page, "与现行版本相同");
        await Assertions.Expect(page.Locator(".path-step")).ToHaveCountAsync(0);

        // As it stands it is run, and the way that it took is shown.
        await page.GetByText("试运行").ClickAsync();
        await page.FillAsync("#try-data", """{"respond": false}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "运行", Exact = true }).ClickAsync();
        await StandsAsync(page, "办结了，依次办了");
        await Assertions.Expect(page.Locator("ol.ran li")).ToHaveTextAsync(["核定污染等级", "生成不启动说明"]);
        await visitor.LooksAsync("desk-process-tried");
    }

    [Fact]
    public async Task The_second_of_two_designers_is_told_and_loses_nothing()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        var page = visitor.Page;
        await visitor.SignInAsync("designer");
        await visitor.OpenAsync(Report + "?part=edit");
        await StandsAsync(page, "与现行版本相同");
        await RenameAsync(page, "mend", "督促整改到位");
        await StandsAsync(page, "检查通过，可以发布");

        var registry = platform.Services.GetRequiredService<PackRegistry>();
        var files = registry.Find("environment.air-quality")!.Files;
        var theirs = files with { Texts = files.Texts.Select(t => t.Key == "processes/air-report.bpmn" ? KeyValuePair.Create(t.Key, t.Value.Replace("现场核查", "到场核查", StringComparison.Ordinal)) : t).ToDictionary() };
        Assert.Equal("applied", (await registry.ApplyAsync(theirs, Policy.Operator, confirmed: false)).Result);

        await Publish(page).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "发布" }).ClickAsync();
        await StandsAsync(page, "有了更新的版本");
        var told = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "您改的都还在" });
        await Assertions.Expect(told).ToContainTextAsync("改动 人工任务 到场核查（名称）");
        await Assertions.Expect(Publish(page)).ToBeDisabledAsync();
        await Assertions.Expect(Element(page, "mend")).ToContainTextAsync("督促整改到位");
        Assert.DoesNotContain("督促整改到位", registry.Find("environment.air-quality")!.Files.Texts["processes/air-report.bpmn"], StringComparison.Ordinal);
        await UncoveredAsync(page);
        await visitor.LooksAsync("desk-process-moved");

        // Against the new version, publishing says that it would undo what the other did.
        await told.GetByRole(AriaRole.Button, new() { Name = "保留我的修改，按新版本检查" }).ClickAsync();
        await Publish(page).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("改动 人工任务 现场核查（名称）");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "取消" }).ClickAsync();

        // Who leaves with changes is asked first.
        await page.GetByRole(AriaRole.Link, new() { Name = "场景包" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "取消" }).ClickAsync();
        await Assertions.Expect(Element(page, "mend")).ToContainTextAsync("督促整改到位");
    }

    [Fact]
    public async Task A_phone_shows_the_process_and_says_that_editing_needs_more_room()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Phone);
        await visitor.SignInAsync("designer");
        await visitor.OpenAsync(Report + "?part=edit");
        await visitor.SeesAsync("修改流程需要更宽的屏幕");
        await Assertions.Expect(Element(visitor.Page, "inspect")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator(".djs-palette")).ToHaveCountAsync(0);
        await UncoveredAsync(visitor.Page);
        await visitor.LooksAsync("desk-process-edit");
    }

    // The whole pack is checked after each change; a busy machine takes its time.
    private static Task StandsAsync(IPage page, string text) => Assertions.Expect(page.GetByText(text)).ToBeVisibleAsync(new() { Timeout = 60_000 });

    // A dialog that closes fades over the page for a moment.
    private static Task UncoveredAsync(IPage page) => Assertions.Expect(page.Locator(".mud-overlay").First).ToBeHiddenAsync();

    private static async Task RenameAsync(IPage page, string id, string name)
    {
        await Element(page, id).DblClickAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.InsertTextAsync(name);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Element(page, id)).ToContainTextAsync(name);
    }

    private static ILocator Element(IPage page, string id) => page.Locator($"g.djs-element[data-element-id='{id}']").First;

    private static ILocator Publish(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "发布为新版本" });

    private static async Task ChangeTypeAsync(IPage page, string becomes)
    {
        await page.Locator(".djs-context-pad.open .entry[data-action=replace]").ClickAsync();
        await page.Locator(".djs-popup").GetByText(becomes, new() { Exact = true }).ClickAsync();
    }

    // A drag as a hand does it: the editor looks where the pointer is on the way.
    private static async Task DragAsync(IPage page, ILocator what, float x, float y)
    {
        var from = (await what.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(from.X + from.Width / 2, from.Y + from.Height / 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x, y - 30, new() { Steps = 8 });
        await page.Mouse.MoveAsync(x, y, new() { Steps = 8 });
        await page.Mouse.UpAsync();
    }

    private static async Task<string> OpenCaseAsync(HttpClient official)
    {
        var answer = await official.PostAsJsonAsync("/api/v1/cases", new { pack = "environment.air-quality", matter = "air-report", region = "330500", data = new { } });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<string[]> TasksAsync(HttpClient official, string id) =>
        [.. (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().Select(t => $"{t.GetProperty("name")}:{t.GetProperty("state")}").Order(StringComparer.Ordinal)];
}
