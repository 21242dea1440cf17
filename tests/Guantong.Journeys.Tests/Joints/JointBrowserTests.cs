using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>One thing (一件事) in the browser: the guide, the one form, the one page with each part; and the case with its parts at the Desk.</summary>
public sealed class JointBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task One_form_opens_all_parts_and_one_page_tells_how_each_stands(Screen screen)
    {
        await using var birth = await Birth.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(birth.Platform, screen);
        var page = visitor.Page;
        await visitor.OpenAsync("/services/society.birth/birth");
        await visitor.SeesAsync("包括哪些事项");
        await visitor.SeesAsync("在“出生医学证明签发”办结后开办");
        await visitor.LooksAsync("portal-joint-guide");
        await visitor.OpenAsync("/services/society.birth/birth/apply");
        await page.SelectOptionAsync("#f-region", "330100");
        await page.CheckAsync("input[name=register][value=true]");
        await page.CheckAsync("input[name=insure][value=false]");
        // What is asked for follows from what was chosen.
        await page.ClickAsync("button[name=look]");
        await visitor.IsReadyAsync();
        await Assertions.Expect(page.Locator("#f-settle_with")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#f-band")).ToHaveCountAsync(0);
        await page.FillAsync("#f-child_name", "演示儿童");
        await page.FillAsync("#f-born", "2026-10-20");
        await page.FillAsync("#f-mother_name", "演示母亲");
        await page.FillAsync("#f-hospital", "示例医院");
        await page.FillAsync("#f-clinic", "示例社区卫生服务中心");
        await page.SelectOptionAsync("#f-settle_with", "母亲");
        await page.GetByLabel("容缺受理").CheckAsync();
        await page.SetInputFilesAsync("input[name='material:household-book']", new FilePayload { Name = "户口簿.pdf", MimeType = "application/pdf", Buffer = Sheets.Pdf() });
        await visitor.LooksAsync("portal-joint-apply");
        await page.ClickAsync("button.send");
        var (number, code) = (await page.Locator("#number").InnerTextAsync(), await page.Locator("#code").InnerTextAsync());
        var seen = await birth.SeenAsync(number, code);
        await birth.DecideAsync("health", Birth.PartOf(seen, "vaccination"), "不予办理");

        async Task LookAsync()
        {
            await visitor.OpenAsync($"/applications?number={number}");
            await page.FillAsync("#code", code);
            await page.ClickAsync("form button");
            await visitor.SeesAsync("各事项办理情况");
        }
        await LookAsync();
        await visitor.SeesAsync("待开办");
        await visitor.SeesAsync("不予建档");
        await visitor.SeesAsync("不影响其他事项");
        await visitor.LooksAsync("portal-joint-track");

        Assert.Null(await birth.DoAsync("health", Birth.PartOf(seen, "birth-certificate"), "materials/hospital-record/close", new { reason = "医院已推送" }));
        await birth.DecideAsync("health", Birth.PartOf(seen, "birth-certificate"), "办成");
        seen = await birth.SeenAsync(number, code);
        await visitor.SignInAsync("health");
        await visitor.OpenAsync($"/desk/cases/{number}");
        await visitor.SeesAsync("组成事项");
        await visitor.SeesAsync("牵头单位");
        await visitor.LooksAsync("desk-joint");
        await birth.DecideAsync("police", Birth.PartOf(seen, "household"), "办成");
        await visitor.OpenAsync("/language?to=zh-CN&back=/");
        await LookAsync();
        await visitor.SeesAsync("全部办结");
        await page.GetByText("出生登记通知").First.ClickAsync();
        await visitor.LooksAsync("portal-joint-ended");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_refused_part_is_appealed_against_on_the_page_and_decided_at_the_Desk(Screen screen)
    {
        await using var birth = await Birth.StartAsync("sqlite");
        await birth.Platform.Services.GetRequiredService<Accounts>().SeedAsync([new("organ", "演示·省卫健", "Demo organ", "official", "zj-health", "330000", ["case-worker"])]);
        var (number, code) = await birth.AppliedAsync(register: false, insure: false);
        var part = Birth.PartOf(await birth.SeenAsync(number, code), "vaccination");
        await birth.DecideAsync("health", part, "不予办理");
        await using var visitor = await Visitor.ComeAsync(birth.Platform, screen);
        var page = visitor.Page;
        async Task LookAsync()
        {
            await visitor.OpenAsync($"/applications?number={number}");
            await page.FillAsync("#code", code!);
            await page.ClickAsync("form button");
            await visitor.SeesAsync("各事项办理情况");
        }
        // Beyond its term, the page asks why.
        ((StandingClock)birth.Platform.Services.GetRequiredService<TimeProvider>()).Now += TimeSpan.FromDays(90);
        await LookAsync();
        await page.GetByText("不服这个结果").ClickAsync();
        await page.GetByLabel("请求和理由").FillAsync("已提供接种点证明，请撤销不予建档的决定。");
        await visitor.LooksAsync("portal-appeal-form");
        await page.GetByRole(AriaRole.Button, new() { Name = "提交复议申请" }).ClickAsync();
        await visitor.SeesAsync("请写明理由（《行政复议法》第二十条）");
        await page.GetByLabel("超过期限的理由").FillAsync("因台风道路中断。");
        await page.GetByRole(AriaRole.Button, new() { Name = "提交复议申请" }).ClickAsync();
        await visitor.SeesAsync("您的复议申请");
        await visitor.LooksAsync("portal-appeal-filed");

        await visitor.SignInAsync("organ");
        await visitor.OpenAsync("/desk/appeals");
        await visitor.SeesAsync("因台风道路中断");
        await page.GetByLabel("理由").FillAsync("台风期间道路中断属实，予以受理");
        await visitor.LooksAsync("desk-appeals");
        await page.GetByRole(AriaRole.Button, new() { Name = "作出决定" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip").GetByText("已受理，审理中")).ToBeVisibleAsync();
        await visitor.SignInAsync("health");
        await visitor.OpenAsync($"/desk/cases/{part}");
        await visitor.SeesAsync("行政复议申请");
        await visitor.LooksAsync("desk-appeal-case");
    }
}
