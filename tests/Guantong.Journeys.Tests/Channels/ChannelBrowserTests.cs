using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A city publishes its channel without code: written, previewed, submitted and approved in the browser, and read by anybody without JavaScript.</summary>
public sealed class ChannelBrowserTests
{
    private const string Channel = "/desk/channels/330100";

    [Shows("plat-citizen-front")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_channel_is_written_seen_as_the_public_will_approved_and_read(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var editor = await Visitor.ComeAsync(platform, screen);
        var page = editor.Page;
        await editor.SignInAsync("editor-hangzhou");
        await editor.OpenAsync("/desk/channels");
        await page.GetByRole(AriaRole.Button, new() { Name = "开设杭州市频道" }).ClickAsync();
        await page.WaitForURLAsync("**/edit");
        await page.FillAsync("#f-about", "欢迎 <script>alert(1)</script>");
        await page.GetByRole(AriaRole.Button, new() { Name = "添加动态" }).ClickAsync();
        await page.FillAsync("#f-news-0-title", "窗口照常办理");
        await SaveAsync(page);
        await editor.SeesAsync("这里有网页代码");
        await Assertions.Expect(page.Locator("#f-news-0-text")).ToHaveAttributeAsync("aria-invalid", "true");
        await editor.LooksAsync("desk-channel-faults");

        await page.FillAsync("#f-about", "演示内容，均为虚构。常用服务都在**这里**。");
        await page.FillAsync("#f-aboutEn", "Made up for trial. Services in demand are **here**.");
        await page.FillAsync("#f-news-0-text", "上午办理，见[服务](/services)。");
        await page.SelectOptionAsync("#f-matters", "service:environment.air-quality/air-report");
        await page.GetByRole(AriaRole.Button, new() { Name = "添加到推荐服务" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "添加专区" }).ClickAsync();
        await page.FillAsync("#f-zones-0-title", "好空气专区");
        await page.FillAsync("#f-zones-0-titleEn", "Clean air");
        await page.FillAsync("#f-zones-0-id", "air");
        await page.FillAsync("#f-zones-0-sections-0-title", "查看");
        await page.SelectOptionAsync("#f-zones-0-sections-0-things", "dataset:environment.air-quality/air-daily");
        await page.GetByRole(AriaRole.Button, new() { Name = "添加到事项、导服和数据" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "添加链接" }).ClickAsync();
        await page.FillAsync("#f-links-0-title", "国家政务服务平台");
        await page.FillAsync("#f-links-0-address", "https://gjzwfw.www.gov.cn/");
        await SaveAsync(page);
        await Assertions.Expect(page.Locator(".fault")).ToHaveCountAsync(0);
        await editor.SeesAsync("已全部保存");
        await editor.LooksAsync("desk-channel-edit");

        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "预览" }).ClickAsync();
        var frame = page.FrameLocator("iframe.preview");
        await Assertions.Expect(frame.GetByText("窗口照常办理")).ToBeVisibleAsync();
        await editor.LooksAsync("desk-channel-preview");
        await page.GetByRole(AriaRole.Link, new() { Name = "手机宽度" }).ClickAsync();
        await Assertions.Expect(page.Locator("iframe.preview.phone")).ToBeVisibleAsync();
        await frame.GetByRole(AriaRole.Link, new() { Name = "好空气专区" }).ClickAsync();
        await Assertions.Expect(frame.GetByRole(AriaRole.Heading, new() { Name = "查看" })).ToBeVisibleAsync();
        await editor.OpenAsync(Channel);
        await page.GetByRole(AriaRole.Button, new() { Name = "提交审核" }).ClickAsync();
        await editor.SeesAsync("第 1 版由演示·杭州编辑甲");
        await editor.LooksAsync("desk-channel");

        await using (var leader = await Visitor.ComeAsync(platform, screen))
        {
            await leader.SignInAsync("approver-hangzhou");
            await leader.OpenAsync(Channel);
            await leader.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "审核" }).ClickAsync();
            await leader.SeesAsync("常用服务都在**这里**");
            await leader.LooksAsync("desk-channel-review");
            await leader.Page.GetByRole(AriaRole.Button, new() { Name = "通过" }).ClickAsync();
            await Assertions.Expect(leader.Page.GetByRole(AriaRole.Main).GetByText("展示中").First).ToBeVisibleAsync();
        }

        await using (var anyone = await Visitor.ComeAsync(platform, screen, script: false))
        {
            await anyone.OpenAsync("/");
            await anyone.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "杭州市", Exact = true }).ClickAsync();
            await anyone.SeesAsync("窗口照常办理");
            await anyone.SeesAsync("离开本站，前往 gjzwfw.www.gov.cn");
            await anyone.LooksAsync("portal-channel-plain");
        }
        await using var reader = await Visitor.ComeAsync(platform, screen);
        foreach (var (path, name) in ((string, string)[])[("/channels", "portal-channels"), ("/channels/330100", "portal-channel"), ("/channels/330100?lang=en", "portal-channel-en"), ("/channels/330100/zones/air?lang=en", "portal-zone-en")])
            await LookAsync(reader, path, name);

        // Two editors at once: each saved; the second finds both and chooses.
        await editor.OpenAsync(Channel + "/edit");
        using (var other = await platform.SignInAsync("editor-hangzhou-b"))
        {
            var channel = (await other.GetFromJsonAsync<JsonNode>("/api/v1/channels/330100/draft", TestContext.Current.CancellationToken))!["channel"]!;
            var content = channel["draft"]!.DeepClone();
            (content["title"], content["aboutEn"]) = ("乙写的标题", "Written by the other.");
            (await other.PutAsJsonAsync("/api/v1/channels/330100/draft", new { content, revision = (long)channel["revision"]! }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }
        await page.FillAsync("#f-title", "甲写的标题");
        await page.FillAsync("#f-titleEn", "By the first");
        await SaveAsync(page);
        await editor.SeesAsync("两人改了同一处");
        await editor.LooksAsync("desk-channel-clash");
        await page.GetByLabel("采用演示·杭州编辑乙的").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "合并并保存" }).ClickAsync();
        await Assertions.Expect(page.Locator("#f-title")).ToHaveValueAsync("乙写的标题");
        await Assertions.Expect(page.Locator("#f-titleEn")).ToHaveValueAsync("By the first");
        await Assertions.Expect(page.Locator("#f-aboutEn")).ToHaveValueAsync("Written by the other.");
        await editor.SeesAsync("已全部保存");

        // Nobody of another city gets in.
        await editor.SignInAsync("editor-lishui");
        await editor.OpenAsync(Channel + "/edit");
        await editor.SeesAsync("没有这个频道");
    }

    private static async Task LookAsync(Visitor reader, string path, string name)
    {
        await reader.OpenAsync(path);
        await reader.LooksAsync(name);
    }

    private static Task SaveAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "保存草稿" }).ClickAsync();
}
