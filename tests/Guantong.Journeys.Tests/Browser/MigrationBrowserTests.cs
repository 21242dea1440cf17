using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>An operator at the Desk takes running cases to the new version of their process, and back.</summary>
public sealed class MigrationBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_operator_maps_checks_migrates_and_takes_it_back(Screen screen)
    {
        var move = await MigrationTests.Move.StartAsync("sqlite",
            MigrationTests.Line("inspect=现场核查 guantong:due=\"P5D\"", "review=复核", "mend=督促整改"),
            MigrationTests.Line("receive=受理", "inspect=现场核查 guantong:due=\"P3D\"", "mend_now=督促整改"), cases: 6);
        await using var played = move.Played;
        foreach (var id in move.Cases.Take(2))
            await played.FinishAsync(id, "inspect");
        await using var visitor = await Visitor.ComeAsync(played.Platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("duty");
        await visitor.OpenAsync("/desk/processes/environment.air-quality/processes/air-report.bpmn");
        await page.GetByRole(AriaRole.Link, new() { Name = "迁移办件" }).ClickAsync();
        await visitor.IsReadyAsync();
        await visitor.SeesAsync("还没有迁移过");
        await visitor.LooksAsync("desk-migration");
        await main.GetByRole(AriaRole.Button, new() { Name = "检查在办的办件" }).ClickAsync();
        await visitor.SeesAsync("4 件能迁移");
        await visitor.SeesAsync("停在“复核”，新版本里没有对应的节点");
        await visitor.LooksAsync("desk-migration-checked");

        // What stood at the step that is gone goes to the one after it.
        await page.GetByLabel("“复核”对应到").SelectOptionAsync("mend_now");
        await main.GetByRole(AriaRole.Button, new() { Name = "检查在办的办件" }).ClickAsync();
        await visitor.SeesAsync("6 件能迁移");
        await page.GetByLabel("理由").FillAsync("复核并入整改");
        await main.GetByRole(AriaRole.Button, new() { Name = "迁移 6 件" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "迁移 6 件" }).ClickAsync();
        await visitor.SeesAsync("待迁 6 件");
        using var runner = move.Runner();
        await runner.RunNextAsync(TestContext.Current.CancellationToken);
        await runner.RunNextAsync(TestContext.Current.CancellationToken);
        await visitor.SeesAsync("待迁 4 件");
        await visitor.LooksAsync("desk-migration-running");
        await move.DrainAsync();
        await visitor.SeesAsync("已迁 6 件");
        await visitor.SeesAsync("撤回迁移");
        await visitor.LooksAsync("desk-migration-done");
        Assert.Equal("inspect:done mend_now:open", await played.TasksAsync(move.Cases[0]));

        await page.GetByLabel("理由").FillAsync("复核仍要单独做");
        await main.GetByRole(AriaRole.Button, new() { Name = "撤回 6 件" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "撤回迁移" }).ClickAsync();
        await Assertions.Expect(main.GetByRole(AriaRole.Heading, new() { Name = "撤回到" })).ToBeVisibleAsync();
        await visitor.SeesAsync("待迁 6 件");
        await move.DrainAsync();
        await visitor.SeesAsync("已迁 6 件");
        Assert.Equal("inspect:done review:open", await played.TasksAsync(move.Cases[0]));
        await visitor.OpenAsync("/desk/migrations/environment.air-quality/air-report?lang=en");
        await visitor.LooksAsync("desk-migration-past");
        await visitor.OpenAsync($"/desk/cases/{move.Cases[0]}");
        await visitor.SeesAsync("已有新版本");
        await visitor.LooksAsync("desk-case-version");
    }
}
