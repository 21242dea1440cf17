using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Fields that data fills in, seen by the applicant and by who handles it; an application put aside as a draft.</summary>
public sealed class PrefillBrowserTests
{
    private const string Apply = $"/services/{Residents.Pack}/{Residents.Matter}/apply";

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_filled_field_says_where_it_is_from_and_an_objection_reaches_the_official(Screen screen)
    {
        await using var platform = await Residents.StartAsync("sqlite");
        await Residents.GrantAsync(platform);
        await Residents.ProveAsync(platform, "citizen-a", Residents.Elder);
        await using var visitor = await Visitor.ComeAsync(platform, screen, script: false);
        var page = visitor.Page;
        await page.GotoAsync("/sign-in?ReturnUrl=/me");
        await page.FillAsync("#login", "citizen-a");
        await page.FillAsync("#password", Trust.Accounts.DemoPassword);
        await page.ClickAsync("main button[type=submit]");
        await visitor.OpenAsync(Apply);
        await visitor.SeesAsync("有 2 项已经由共享数据填好");
        await Assertions.Expect(page.Locator("#f-age-known")).ToHaveTextAsync("85");
        await Assertions.Expect(page.Locator("#f-resident-known")).ToHaveTextAsync("是");
        await Assertions.Expect(page.GetByText("来自“户籍登记摘要” · 省公安厅 · 数据截至").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("免提交").First).ToBeVisibleAsync();
        await page.SelectOptionAsync("#f-region", "330100");
        await page.CheckAsync("input[name=receiving][value=false]");
        await page.Locator("details.wrong").First.Locator("summary").ClickAsync();
        await page.FillAsync("#f-age", "79");
        await page.ClickAsync("button.send");
        await visitor.SeesAsync("请写下哪里不对、为什么");
        await page.FillAsync("#f-age-why", "登记的出生年份写错了");
        await page.ClickAsync("button.send");
        var number = await page.Locator("#number").InnerTextAsync();
        await visitor.OpenAsync("/me/reads");
        await visitor.SeesAsync("为您申请“高龄津贴申请”免填，读取“户籍登记摘要”");
        await platform.RunJobsAsync();

        await using var desk = await Visitor.ComeAsync(platform, screen);
        await desk.SignInAsync("citizen-a", "/me");
        await desk.OpenAsync(Apply);
        await desk.Page.Locator("details.wrong").First.Locator("summary").ClickAsync();
        await desk.LooksAsync("portal-prefilled");
        await desk.OpenAsync("/me/reads");
        await desk.LooksAsync("me-reads-prefill");
        await desk.SignInAsync("worker-hangzhou-civil");
        await desk.OpenAsync($"/desk/cases/{number}");
        var panel = desk.Page.GetByRole(AriaRole.Region, new() { Name = "免填和免提交" });
        await Assertions.Expect(panel.GetByText("登记的出生年份写错了")).ToBeVisibleAsync();
        await Assertions.Expect(panel.GetByText("85", new() { Exact = true })).ToBeVisibleAsync();
        await desk.LooksAsync("desk-prefilled");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_official_s_form_is_filled_in_with_its_source_and_may_be_overwritten(Screen screen)
    {
        await using var platform = await FarResidents.StartAsync("sqlite", new StandingClock());
        await Residents.ProveAsync(platform, "citizen-a", Residents.Elder);
        // What the application reads, and one look of the official.
        await FarResidents.GrantAsync(platform, perMinute: 2);
        using var mine = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-huzhou");
        var number = await FarResidents.ApplyAsync(mine, "self");
        await Persons.TaskAsync(platform, official, number);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;

        // A leader of the province sees the task, and nothing is read for them.
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync($"/desk/cases/{number}");
        await Assertions.Expect(page.Locator("section.task")).ToContainTextAsync("这一步由上述单位的人员办理");
        await Assertions.Expect(page.Locator(".source")).ToHaveCountAsync(0);

        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{number}");
        var form = page.Locator("section.task .form").First;
        await Assertions.Expect(form.Locator("#f-inspected_age")).ToHaveValueAsync("85");
        await Assertions.Expect(page.Locator("#f-inspected_age-source")).ToContainTextAsync("数据填的：“户籍登记摘要” · 省公安厅 · 数据截至");
        await Assertions.Expect(page.Locator("#f-inspected_years-source")).ToContainTextAsync("没有免填：个人的数据只填个人的申请");
        await visitor.LooksAsync("desk-task-prefilled");
        await form.Locator("#f-inspected_age").FillAsync("84");
        await form.Locator("#f-inspected_age").BlurAsync();
        await Assertions.Expect(page.Locator("#f-inspected_age-source")).ToContainTextAsync("数据里是 85");
        await visitor.LooksAsync("desk-task-prefill-overwritten");
        await page.Locator("#f-inspected_age-source").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(form.Locator("#f-inspected_age")).ToHaveValueAsync("85");
        await form.Locator("#f-inspected_age").FillAsync("84");
        await form.Locator("#f-inspected_age").BlurAsync();
        await visitor.SeesAsync("草稿已保存");

        // Read anew, the grant is used up: the draft stands, and the field says so.
        await visitor.OpenAsync($"/desk/cases/{number}?lang=en");
        await Assertions.Expect(page.Locator("#f-inspected_age")).ToHaveValueAsync("84");
        await Assertions.Expect(page.Locator("#f-inspected_age-source")).ToContainTextAsync("the grant is used up for now");
        await visitor.LooksAsync("desk-task-prefill-used-up-en");

        // And the applicant's page.
        await visitor.SignInAsync("citizen-a", "/me?lang=zh");
        await visitor.OpenAsync($"/services/{FarResidents.Pack}/{FarResidents.Matter}/apply?lang=zh");
        await visitor.SeesAsync("共享数据的读取次数暂时用完了");
        await visitor.LooksAsync("portal-prefill-used-up");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_application_is_put_aside_and_gone_on_with_and_two_pages_are_put_together(Screen screen)
    {
        await using var platform = await Residents.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("citizen-a", "/me");
        await visitor.OpenAsync(Apply);
        await page.SelectOptionAsync("#f-region", "330100");
        await page.FillAsync("#f-age", "81");
        await page.GetByRole(AriaRole.Button, new() { Name = "存为草稿" }).ClickAsync();
        await visitor.SeesAsync("草稿存于");
        await Assertions.Expect(page.Locator("#f-age")).ToHaveValueAsync("81");
        await visitor.LooksAsync("portal-draft-saved");
        var address = page.Url;

        // Another tab of the same draft.
        var tab = await page.Context.NewPageAsync();
        await tab.GotoAsync(address);
        await tab.FillAsync("#f-age", "82");
        await tab.CheckAsync("input[name=receiving][value=false]");
        await tab.GetByRole(AriaRole.Button, new() { Name = "存为草稿" }).ClickAsync();
        await Assertions.Expect(tab.GetByText("草稿存于")).ToBeVisibleAsync();
        await tab.CloseAsync();

        await page.FillAsync("#f-age", "83");
        await page.GetByRole(AriaRole.Button, new() { Name = "存为草稿" }).ClickAsync();
        await visitor.SeesAsync("草稿在别处改过");
        await visitor.LooksAsync("portal-draft-choice");
        await page.CheckAsync("input[name='pick:receiving'][value=theirs]");
        await page.GetByRole(AriaRole.Button, new() { Name = "按选择保存" }).ClickAsync();
        await visitor.SeesAsync("草稿存于");
        await Assertions.Expect(page.Locator("#f-age")).ToHaveValueAsync("83");
        await Assertions.Expect(page.Locator("input[name=receiving][value=false]")).ToBeCheckedAsync();

        await visitor.OpenAsync("/me/drafts");
        await visitor.LooksAsync("me-drafts");
        await page.GetByRole(AriaRole.Link, new() { Name = "高龄津贴申请" }).ClickAsync();
        await page.CheckAsync("input[name=resident][value=true]");
        await page.ClickAsync("button.send");
        await Assertions.Expect(page.Locator("#number")).ToBeVisibleAsync();
        await visitor.OpenAsync("/me/drafts");
        await visitor.SeesAsync("没有草稿");
    }
}
