using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Files in the browser: an applicant gives them with a form, an official attaches evidence and removes it.</summary>
public sealed class AttachmentBrowserTests
{
    private const string Photos = """{"photos": {"type": "array", "items": {"type": "string"}, "title": "现场照片", "description": "拍清楚位置。", "x-file": {"types": ["jpg", "png"], "megabytes": 1}, "maxItems": 2}}""";

    private static FilePayload Of(string name, byte[] content) => new() { Name = name, MimeType = "application/octet-stream", Buffer = content };

    [Theory, InlineData(Screen.Desktop, true), InlineData(Screen.Phone, false)]
    public async Task An_applicant_s_files_outlast_mistakes_and_an_official_opens_them_and_attaches_more(Screen screen, bool script)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await Sheets.WithFieldsAsync(platform, Photos, "photos");
        string number, code;
        await using (var visitor = await Visitor.ComeAsync(platform, screen, script))
        {
            var page = visitor.Page;
            await visitor.OpenAsync($"/services/{Sheets.Pack}/air-report/apply");
            await page.SelectOptionAsync("#f-region", "330500");
            await page.SelectOptionAsync("#f-kind", "其他");
            await page.FillAsync("#f-seen_on", "2026-11-01");
            await page.SetInputFilesAsync("#f-photos", Of("假.png", Sheets.Pdf()));
            await page.ClickAsync("button.send");
            await visitor.SeesAsync("文件内容与扩展名不符");
            await page.SetInputFilesAsync("#f-photos", [Of("门口.png", Sheets.Png()), Of("<b>路口.jpg", Sheets.Jpg())]);
            await page.GetByRole(AriaRole.Button, new() { Name = "先上传" }).ClickAsync();
            await visitor.SeesAsync("门口.png");
            await visitor.SeesAsync("_b_路口.jpg");
            // A place is missing: the form comes back with the files.
            await page.ClickAsync("button.send");
            await visitor.SeesAsync("必填");
            await visitor.SeesAsync("门口.png");
            if (script)
                await visitor.LooksAsync("portal-files");
            await page.GetByRole(AriaRole.Button, new() { Name = "移除 _b_路口.jpg" }).ClickAsync();
            await Assertions.Expect(page.GetByText("_b_路口.jpg")).ToHaveCountAsync(0);
            await page.FillAsync("#f-place", "示例村口");
            await page.ClickAsync("button.send");
            (number, code) = (await page.Locator("#number").InnerTextAsync(), await page.Locator("#code").InnerTextAsync());
            await visitor.OpenAsync($"/applications?number={number}");
            await page.FillAsync("#code", code);
            await page.ClickAsync("form button");
            await visitor.SeesAsync("提交的附件");
            if (script)
                await visitor.LooksAsync("portal-files-given");
            var waiting = page.WaitForDownloadAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "下载 门口.png" }).ClickAsync();
            Assert.Equal("门口.png", (await waiting).SuggestedFilename);
        }
        await platform.RunJobsAsync();
        await using var official = await Visitor.ComeAsync(platform, screen);
        await official.SignInAsync("worker-huzhou");
        await official.OpenAsync($"/desk/cases/{number}");
        await official.SeesAsync("随申请提交");
        var task = official.Page.Locator("section.task");
        await task.Locator("input[type=file]").SetInputFilesAsync(Of("笔录.docx", Sheets.Pdf()));
        await official.SeesAsync("文件内容与扩展名不符");
        await task.Locator("input[type=file]").SetInputFilesAsync(Of("笔录.docx", Sheets.Docx()));
        await Assertions.Expect(task.GetByRole(AriaRole.Link, new() { Name = "笔录.docx" })).ToBeVisibleAsync();
        await official.LooksAsync("desk-files");
        await task.GetByRole(AriaRole.Button, new() { Name = "移除 笔录.docx" }).ClickAsync();
        await official.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "移除" }).ClickAsync();
        await Assertions.Expect(task.GetByRole(AriaRole.Link, new() { Name = "笔录.docx" })).ToHaveCountAsync(0);
    }
}
