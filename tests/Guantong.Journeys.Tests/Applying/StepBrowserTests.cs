using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>One question a page: there and back, what a condition leaves out, files by the phone's camera, checking and sending; by a computer and a phone, with and without JavaScript, with and without an account.</summary>
public sealed class StepBrowserTests
{
    private const string Service = "/services/society.disability/disability-allowance";

    [Theory, InlineData(Screen.Desktop, true), InlineData(Screen.Phone, false)]
    public async Task A_stranger_answers_page_by_page_goes_back_changes_and_sends(Screen screen, bool script)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync("society.disability");
        await using var visitor = await Visitor.ComeAsync(platform, screen, script);
        var page = visitor.Page;
        Task LooksAsync(string name) => visitor.LooksAsync($"portal-steps-{name}");
        async Task OnAsync(string? sees = null)
        {
            await page.ClickAsync("button.send");
            await visitor.IsReadyAsync();
            if (sees is not null)
                await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(sees);
        }
        Task ChooseAsync(string field, string value) => page.CheckAsync($"input[name='{field}'][value='{value}']");

        await visitor.OpenAsync(Service + "/apply");
        await visitor.SeesAsync("第 1 步");
        await OnAsync();
        await visitor.SeesAsync("有 1 处需要改正");
        await LooksAsync("fault");
        await page.SelectOptionAsync("#f-region", "330106");
        await OnAsync("残疾等级");
        // Whether there is a page for the certificate turns on this answer: of how many is not said yet.
        await Assertions.Expect(page.GetByText("第 2 步", new() { Exact = true })).ToBeVisibleAsync();
        await LooksAsync("question");
        // By keyboard alone, as the enter key sends.
        await ChooseAsync("level", "还没有残疾人证");
        await page.Locator("input[name=level][value='还没有残疾人证']").PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("长期照护");
        await visitor.SeesAsync("第 3 步，共 8 步");
        await ChooseAsync("care", "true");
        // The browser's own way back, and forward again, keeps what was answered.
        await OnAsync("户籍在本地");
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("input[name=care][value=true]")).ToBeCheckedAsync();
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("input[name=level][value='还没有残疾人证']")).ToBeCheckedAsync();
        await page.GoForwardAsync();
        await page.GoForwardAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("户籍在本地");
        // So does the page's own, with what was chosen on it and not gone on with.
        await ChooseAsync("local", "true");
        await page.GetByRole(AriaRole.Button, new() { Name = "上一步" }).ClickAsync();
        await OnAsync("户籍在本地");
        await Assertions.Expect(page.Locator("input[name=local][value=true]")).ToBeCheckedAsync();
        await OnAsync("最低生活保障金");
        await ChooseAsync("low_income", "false");
        await OnAsync("同类待遇");
        await ChooseAsync("other", "没有");
        await OnAsync("接收通知的邮箱");
        await page.FillAsync("#f-notify-email", "nowhere");
        await OnAsync();
        await visitor.SeesAsync("有 1 处需要改正");
        await page.FillAsync("#f-notify-email", "");
        await OnAsync("核对您的回答");
        await visitor.SeesAsync("第 8 步，共 8 步");

        // Nobody else finds it, whatever address they open.
        await using (var other = await Visitor.ComeAsync(platform, screen, script))
        {
            await other.OpenAsync(Service + "/apply?step=check");
            await Assertions.Expect(other.Page.Locator("#f-region")).ToHaveValueAsync("");
        }

        // A changed answer opens the page that it asks for, and leads back to the last.
        await page.GetByRole(AriaRole.Link, new() { Name = "改：残疾等级" }).ClickAsync();
        await ChooseAsync("level", "一级");
        await OnAsync("残疾人证");
        await OnAsync();
        await visitor.SeesAsync("缺少材料“残疾人证”");
        var camera = page.Locator("input[capture=environment]");
        Assert.Equal("image/jpeg,image/png", await camera.GetAttributeAsync("accept"));
        await Assertions.Expect(camera).ToBeVisibleAsync(new() { Visible = screen == Screen.Phone });
        await LooksAsync("file");
        await page.Locator(screen == Screen.Phone ? "input[capture=environment]" : "input[type=file]:not([capture])").SetInputFilesAsync(new FilePayload { Name = "残疾人证.png", MimeType = "image/png", Buffer = Sheets.Png() });
        await page.GetByRole(AriaRole.Button, new() { Name = "先上传" }).ClickAsync();
        await visitor.SeesAsync("残疾人证.png");
        await OnAsync("核对您的回答");
        await visitor.SeesAsync("第 9 步，共 9 步");
        await visitor.SeesAsync("残疾人证.png");
        await LooksAsync("check");
        await visitor.OpenAsync($"/language?to=en&back={Uri.EscapeDataString(Service + "/apply?step=check")}");
        await visitor.SeesAsync("Check your answers");
        await visitor.SeesAsync("Level one");
        await page.ClickAsync("button.send");
        var number = await page.Locator("#number").InnerTextAsync();
        Assert.Equal(10, (await page.Locator("#code").InnerTextAsync()).Length);
        using var official = await platform.SignInAsync("duty");
        var data = JsonDocument.Parse((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").Text("data")!).RootElement;
        Assert.True(data.GetProperty("local").GetBoolean());
        // What was sent is not lying about any more.
        await visitor.OpenAsync(Service + "/apply?step=check");
        await Assertions.Expect(page.Locator("#f-region")).ToHaveValueAsync("");
    }

    [Theory, InlineData(Screen.Phone, true)]
    public async Task Whoever_has_an_account_puts_it_aside_and_goes_on_where_they_were(Screen screen, bool script)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync("society.disability");
        await using var visitor = await Visitor.ComeAsync(platform, screen, script);
        var page = visitor.Page;
        // Begun as a stranger: who signs in on the way takes it along.
        await visitor.OpenAsync(Service + "/apply");
        await page.SelectOptionAsync("#f-region", "330106");
        await page.ClickAsync("button.send");
        await page.GetByText("残疾等级").First.WaitForAsync();
        await page.GotoAsync("/sign-in?ReturnUrl=" + Uri.EscapeDataString(Service + "/apply"));
        await page.FillAsync("#login", "citizen-a");
        await page.FillAsync("#password", Accounts.DemoPassword);
        await page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("以谁的名义申请");
        await visitor.LooksAsync("portal-steps-for");
        await page.ClickAsync("button.send");
        await Assertions.Expect(page.Locator("#f-region")).ToHaveValueAsync("330106");
        await page.ClickAsync("button.send");
        await page.CheckAsync("input[name=level][value='二级']");
        await page.GetByRole(AriaRole.Button, new() { Name = "存下，以后再填" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/me/drafts$"));
        await visitor.SignInAsync("citizen-a", "/me/drafts");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "残疾人两项补贴申请" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("残疾等级");
        await Assertions.Expect(page.Locator("input[name=level][value='二级']")).ToBeCheckedAsync();
        // Another's draft is nobody's.
        var address = page.Url;
        await visitor.SignInAsync("citizen-b", "/me");
        await page.GotoAsync(address);
        await visitor.SeesAsync("没有这份草稿");
    }
}
