using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>An operator at the Desk: sees what is stuck, mends it, resumes it.</summary>
public sealed class IncidentBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_operator_mends_a_stuck_case_and_resumes_it(Screen screen)
    {
        await using var played = await PlayedProcess.StartAsync("sqlite", IncidentTests.Choice);
        await using var visitor = await Visitor.ComeAsync(played.Platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("duty");
        await visitor.OpenAsync("/desk/incidents");
        await visitor.SeesAsync("没有未处理的异常");
        await visitor.LooksAsync("desk-incidents-none");
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "inspect", new { confirmed = true, finding = "有焚烧痕迹" });

        await visitor.OpenAsync($"/desk/cases/{id}");
        await visitor.SeesAsync("补正并恢复");
        // This process has no diagram.
        await visitor.SeesAsync("流程文件里没有图");
        await visitor.LooksAsync("desk-case-stuck");
        await visitor.OpenAsync("/desk/incidents");
        await visitor.LooksAsync("desk-incidents");
        await page.GetByRole(AriaRole.Link, new() { Name = "“属实？”没有一个走向的条件成立" }).ClickAsync();
        await visitor.IsReadyAsync();
        await visitor.LooksAsync("desk-incident");
        await page.GetByLabel("处理理由").FillAsync("补上地点");
        await page.GetByLabel("办件数据").FillAsync("{\"place\": \"示例村口\"}");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "重试" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "重试" }).ClickAsync();
        await visitor.SeesAsync("已重试");
        await played.RunAsync();
        Assert.Equal("inspect:done mend:open", await played.TasksAsync(id));
        await visitor.OpenAsync("/desk/incidents?state=resolved&lang=en");
        await visitor.LooksAsync("desk-incidents-resolved");
    }
}
