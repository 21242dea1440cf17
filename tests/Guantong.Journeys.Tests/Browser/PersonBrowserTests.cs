using System.Text.RegularExpressions;
using Guantong.Trust;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>What a person sees of their own: applying for themselves and for others, who read their data, what they allowed; on a desktop and a phone.</summary>
public sealed class PersonBrowserTests
{
    private const string Service = "/services/society.assistance/temporary-assistance";

    private static async Task EnterAsync(IPage page, string login, string back)
    {
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/sign-in?ReturnUrl=" + Uri.EscapeDataString(back));
        await page.FillAsync("#login", login);
        await page.FillAsync("#password", Accounts.DemoPassword);
        await page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("sign-in"));
    }

    private static async Task FillAsync(IPage page)
    {
        await page.SelectOptionAsync("#f-region", "330100");
        await page.SelectOptionAsync("#f-hardship", "其他");
        await page.FillAsync("#f-household", "1");
        await page.FillAsync("#f-income", "900");
        await page.CheckAsync("input[name=on_allowance][value=false]");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_agent_chooses_for_whom_and_is_told_when_the_authority_has_ended_meanwhile(Screen screen)
    {
        await using var platform = await Persons.StartAsync("sqlite");
        using var principal = await platform.SignInAsync("citizen-a");
        using var agent = await platform.SignInAsync("citizen-c");
        var authority = await Persons.AuthorizeAsync(principal, "person:citizen-a", agent, "citizen-c", Persons.Matter);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.OpenAsync(Service + "/apply");
        await visitor.SeesAsync("登录后申请");
        await EnterAsync(page, "citizen-c", "/me/applications");
        await visitor.SeesAsync("还没有用这个账号申请过");
        await visitor.OpenAsync(Service + "/apply");
        await page.CheckAsync("input[name=for][value='person:citizen-a']");
        await visitor.LooksAsync("portal-apply-for");
        await FillAsync(page);
        await page.ClickAsync("main button.send");
        await visitor.SeesAsync("已记在账号下");
        Assert.Equal(0, await page.Locator("#code").CountAsync());
        await visitor.LooksAsync("portal-receipt-account");
        var number = await page.InnerTextAsync("#number");
        await page.GetByText("查看进展").First.ClickAsync();
        await visitor.SeesAsync("我替 演示·居民甲 申请");
        await visitor.LooksAsync("me-application-agent");

        await visitor.OpenAsync(Service + "/apply");
        await page.CheckAsync("input[name=for][value='person:citizen-a']");
        await FillAsync(page);
        (await principal.DeleteAsync($"/api/v1/authorities/{authority}")).EnsureSuccessStatusCode();
        await page.ClickAsync("main button.send");
        await visitor.SeesAsync("授权没有接受、已到期、已结束");
        // What was typed is kept, and nobody is chosen instead.
        Assert.Equal("900", await page.InputValueAsync("#f-income"));
        Assert.Equal(0, await page.Locator("input[name=for]:checked").CountAsync());
        await visitor.LooksAsync("portal-apply-ended");
        await visitor.OpenAsync($"/me/applications/{number}");
        await visitor.SeesAsync("没有这个页面");
        await EnterAsync(page, "citizen-a", "/me/applications");
        await visitor.SeesAsync("由 演示·居民丙 代办");
        await visitor.LooksAsync("me-applications");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_person_sees_who_read_their_data_asks_about_it_and_reads_the_answer(Screen screen)
    {
        await using var platform = await Persons.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        using var mine = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        var number = await Persons.ApplyAsync(mine, "self");
        await Persons.TaskAsync(platform, official, number);
        await visitor.SignInAsync("worker-hangzhou-civil");
        await visitor.OpenAsync($"/desk/cases/{number}");
        await visitor.SeesAsync("演示·居民甲");
        await visitor.LooksAsync("desk-case-applicant");

        await EnterAsync(page, "citizen-a", "/me");
        await visitor.LooksAsync("me");
        await visitor.OpenAsync("/me/reads");
        await visitor.SeesAsync("杭州市民政局");
        await visitor.SeesAsync("全家上月收入（元）");
        await visitor.LooksAsync("me-reads");
        // A page that is drawn twice was looked at once: the tests' own two reads by the API, and this.
        await page.Locator(".reads details summary").First.ClickAsync();
        await page.Locator(".reads details[open] textarea").FillAsync("为什么看我的收入？");
        await page.Locator(".reads details[open] button").ClickAsync();
        await visitor.SeesAsync("等待答复");
        await page.FillAsync("#from", "2001-01-01");
        await page.FillAsync("#to", "2001-01-02");
        await page.ClickAsync(".filter button");
        await visitor.SeesAsync("这段时间里没有");

        await visitor.SignInAsync("auditor");
        await visitor.OpenAsync("/desk/objections");
        await visitor.SeesAsync("为什么看我的收入？");
        await page.GetByLabel("答复").First.FillAsync("是核定您的申请时看的。");
        await visitor.LooksAsync("desk-objections");
        await page.GetByRole(AriaRole.Button, new() { Name = "答复" }).First.ClickAsync();
        await visitor.SeesAsync("已答复");
        await EnterAsync(page, "citizen-a", "/me/reads");
        await visitor.SeesAsync("是核定您的申请时看的。");
        await visitor.LooksAsync("me-reads-answered");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_consent_is_seen_and_taken_back(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var keeper = await platform.SignInAsync("duty");
        await AllowedProgram.AddAsync(keeper);
        using (var browser = await AllowedProgram.SignInAsync(platform.Address, "citizen-a"))
            await AllowedProgram.AllowAsync(browser);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await EnterAsync(page, "citizen-a", "/me/consents");
        await visitor.SeesAsync("出行助手");
        await page.ClickAsync(".confirm summary");
        await visitor.LooksAsync("me-consents");
        await page.ClickAsync(".confirm button");
        await visitor.SeesAsync("已收回，它的令牌都已作废");
        await visitor.SeesAsync("您没有允许任何程序");
        await visitor.LooksAsync("me-consents-none");
    }
}
