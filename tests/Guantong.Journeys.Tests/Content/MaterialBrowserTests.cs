using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Materials in the browser: the guide, an application with one to follow, giving it; a promise and its check.</summary>
public sealed class MaterialBrowserTests
{
    private const string Service = "/services/society.assistance/temporary-assistance";

    private static async Task<(string Number, string Code)> ApplyAsync(Visitor visitor, string hardship, Func<IPage, Task> choose, string? refused)
    {
        var page = visitor.Page;
        await visitor.OpenAsync(Service + "/apply");
        await page.SelectOptionAsync("#f-region", "330100");
        await page.SelectOptionAsync("#f-hardship", hardship);
        await page.FillAsync("#f-household", "2");
        await page.FillAsync("#f-income", "100");
        await page.CheckAsync("input[name=on_allowance][value=false]");
        if (refused is not null)
        {
            await page.ClickAsync("button.send");
            await visitor.SeesAsync(refused);
            await visitor.LooksAsync("portal-materials-missing");
        }
        await choose(page);
        await page.ClickAsync("button.send");
        return (await page.Locator("#number").InnerTextAsync(), await page.Locator("#code").InnerTextAsync());
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task What_is_owed_is_given_later_and_a_promise_is_checked(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync("society.assistance");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.OpenAsync(Service);
        await visitor.SeesAsync("可容缺");
        await visitor.LooksAsync("portal-materials-guide");
        var (number, code) = await ApplyAsync(visitor, "火灾", p => p.GetByLabel("容缺受理").CheckAsync(), "缺少材料“火灾情况证明”");
        await platform.RunJobsAsync();
        await visitor.OpenAsync($"/applications?number={number}");
        await page.FillAsync("#code", code);
        await page.ClickAsync("form button");
        await visitor.SeesAsync("待补交");
        await visitor.LooksAsync("portal-materials-owed");
        await page.SetInputFilesAsync("input[name=file]", new FilePayload { Name = "证明.png", MimeType = "image/png", Buffer = Sheets.Pdf() });
        await page.GetByRole(AriaRole.Button, new() { Name = "补交", Exact = true }).ClickAsync();
        await visitor.SeesAsync("文件内容与扩展名不符");
        await page.SetInputFilesAsync("input[name=file]", new FilePayload { Name = "证明.png", MimeType = "image/png", Buffer = Sheets.Png() });
        await page.GetByRole(AriaRole.Button, new() { Name = "补交", Exact = true }).ClickAsync();
        await visitor.SeesAsync("证明.png");
        await Assertions.Expect(page.GetByText("待补交")).ToHaveCountAsync(0);

        var (owed, _) = await ApplyAsync(visitor, "火灾", p => p.GetByLabel("容缺受理").CheckAsync(), null);
        var (promised, _) = await ApplyAsync(visitor, "失业", p => p.GetByLabel("作出承诺").CheckAsync(), null);
        await platform.RunJobsAsync();
        await visitor.SignInAsync("worker-hangzhou-civil");
        await visitor.OpenAsync("/desk/promises");
        await visitor.SeesAsync(promised);
        await visitor.LooksAsync("desk-promises");
        await visitor.OpenAsync($"/desk/cases/{owed}");
        var panel = page.GetByRole(AriaRole.Region, new() { Name = "申请材料" });
        await panel.GetByLabel("不再要求补交的理由").FillAsync("社区已到场核实");
        await panel.GetByRole(AriaRole.Button, new() { Name = "不再要求补交" }).ClickAsync();
        await visitor.LooksAsync("desk-materials");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "不再要求补交" }).ClickAsync();
        await Assertions.Expect(panel.GetByText("已结清")).ToBeVisibleAsync();
        await visitor.OpenAsync($"/desk/cases/{promised}");
        await panel.GetByLabel("核查情况").FillAsync("社保记录与承诺一致");
        await panel.GetByRole(AriaRole.Button, new() { Name = "属实", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "登记核查结果" }).ClickAsync();
        await visitor.SeesAsync("已登记");
        await Assertions.Expect(panel.GetByText("社保记录与承诺一致")).ToBeVisibleAsync();
    }
}
