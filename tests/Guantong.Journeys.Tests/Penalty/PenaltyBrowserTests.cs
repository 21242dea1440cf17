using System.Text.Json;
using Microsoft.Playwright;
using static Guantong.Tests.PenaltyCase;

namespace Guantong.Tests;

/// <summary>A penalty case at the Desk, from inspection to the party's hands: officials of three units, on a desktop and a phone.</summary>
public sealed class PenaltyBrowserTests
{
    [Shows("law-enforcement", Lacks = "patterns of faulty enforcement by units")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Officials_of_three_units_play_a_case_to_the_party_s_hands_with_hand_back_clock_red_light_hearing_and_countersign(Screen screen)
    {
        await using var penalty = await StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(penalty.Platform, screen);
        var page = visitor.Page;
        var play = new Play(penalty, visitor);
        using var keeper = await penalty.Platform.SignInAsync("duty");
        var code = await Persons.OrganisationAsync(keeper, "enterprise-a");

        // An officer inspects and opens a case.
        await visitor.SignInAsync(Investigator, "/desk/cases");
        await page.GetByRole(AriaRole.Button, new() { Name = "发起办件" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "执法检查" }).Or(page.Locator(".mud-menu-item", new() { HasText = "执法检查" })).First.ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "发起办件" }).ClickAsync();
        await visitor.SeesAsync("登记检查");
        await play.FinishAsync("inspect", ("origin", "双随机抽查"), ("kind", "擅自倾倒建筑垃圾"), ("site", "示例路工地"), ("inspected_on", "2026-11-02"), ("two_officers", "true"), ("finding", "现场倾倒渣土约三车，未见处置核准文件"), ("course", "立案查处"));
        var inspection = page.Url.Split('/')[^1];
        var id = (await penalty.FileAsync(inspection)).GetProperty("called").EnumerateArray().Single().GetProperty("number").GetString()!;

        await play.AsAsync(Leader, id);
        await play.FinishAsync("file", ("filed", "true"), ("filing_reason", "有初步证据，属于本机关管辖"), ("within_time", "true"));

        // The sample is appraised: the clock stands, on a ground that is told, and goes on.
        await play.AsAsync(Investigator, id);
        await page.SelectOptionAsync("#clock-ground", "appraisal");
        await page.FillAsync("#clock-reason", "渣土成分送检");
        await page.Locator(".clock").GetByRole(AriaRole.Button, new() { Name = "中止计时" }).ClickAsync();
        await page.Locator(".mud-dialog .mud-button-filled, .mud-dialog button").Last.ClickAsync();
        await visitor.SeesAsync("渣土成分送检");
        await visitor.LooksAsync("penalty-clock-stands");
        penalty.Clock.Now += TimeSpan.FromDays(3);
        await play.AsAsync(Investigator, id);
        await page.Locator(".clock").GetByRole(AriaRole.Button, new() { Name = "恢复计时" }).ClickAsync();
        await page.Locator(".mud-dialog button").Last.ClickAsync();
        await Assertions.Expect(page.Locator("#clock-reason")).ToBeVisibleAsync();
        await play.FinishAsync("investigate", ("party_kind", "法人或者其他组织"), ("party", "演示·合成企业"), ("party_code", code), ("two_officers", "true"), ("recusal_told", "true"),
            ("evidence", "现场笔录：示例路工地，执法人员制作，一份\n鉴定意见：渣土成分，检测机构出具，一份"), ("preserve", "false"), ("assist", "true"), ("assist_question", "是否属于擅自倾倒建筑垃圾"));

        await play.AsAsync(Construction, id);
        await play.FinishAsync("assist_opinion", ("assist_result", "构成违法行为"), ("assist_opinion", "未办理建筑垃圾处置核准"));

        await play.AsAsync(Investigator, id);
        await play.FinishAsync("conclude", ("facts", "未经核准倾倒建筑垃圾三车"), ("law", "《示例条例》第十条"), ("harm", "一般"), ("first", "true"), ("corrected", "false"), ("aggravated", "false"), ("crime", "false"));
        await visitor.SeesAsync("演示基准第四条");
        await play.FinishAsync("propose", ("penalty", "罚款"), ("fine", "60000"), ("propose_reason", "没有从轻、从重情节"));

        // The reviewer finds a gap and hands the case back; the officer mends it.
        await play.AsAsync(Legal, id);
        await page.Locator(".moves .kind b", new() { HasText = "退回" }).First.ClickAsync();
        await page.SelectOptionAsync("#move-to", new SelectOptionValue { Label = "拟处罚意见" });
        await page.FillAsync("#move-reason", "裁量理由没有说明数量依据");
        await visitor.LooksAsync("penalty-hand-back");
        await page.Locator(".moves .move .actions").GetByRole(AriaRole.Button, new() { Name = "退回" }).ClickAsync();
        await page.Locator(".mud-dialog button").Last.ClickAsync();
        await visitor.SeesAsync("裁量理由没有说明数量依据");
        await play.AsAsync(Investigator, id);
        await play.FinishAsync("propose", ("penalty", "罚款"), ("fine", "60000"), ("propose_reason", "三车，按现场笔录和运输记录认定"));

        // Nobody reviews it in time: the light turns red, and the head of the bureau finds it at the top of the list and acts.
        penalty.Clock.Now += TimeSpan.FromDays(14);
        await penalty.Platform.RunJobsAsync();
        await visitor.SignInAsync(Leader);
        await Assertions.Expect(page.Locator("tbody tr").First).ToContainTextAsync("超期升级");
        await visitor.LooksAsync("penalty-overdue-list");
        await visitor.OpenAsync($"/desk/cases/{id}");
        var overdue = page.Locator("section", new() { HasText = "怎样处理" }).Last;
        await overdue.Locator("select").First.SelectOptionAsync("instruct");
        await overdue.Locator("textarea").FillAsync("今天之内完成法制审核");
        await visitor.LooksAsync("penalty-overdue");
        await overdue.GetByRole(AriaRole.Button, new() { Name = "处理", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".chip", new() { HasText = "已处理" }).First).ToBeVisibleAsync();
        await play.AsAsync(Legal, id);
        await visitor.SeesAsync("今天之内完成法制审核");
        await play.FinishAsync("legal", ("legal_ok", "true"), ("legal_opinion", "事实清楚，程序合法"));

        await play.AsAsync(Investigator, id);
        await play.FinishAsync("serve_notice", ("notice_way", "直接送达"), ("notice_on", "2026-11-06"));
        await play.FinishAsync("response", ("response", "要求听证"));
        await play.AsAsync(Legal, id);
        await play.FinishAsync("hearing", ("heard_on", "2026-11-20"), ("heard_public", "true"), ("not_investigator", "true"), ("hearing_text", "当事人对数量有异议，提出其中一车有核准"), ("hearing_opinion", "数量按两车计"));

        // The head has the other two units sign before the discussion is closed.
        await play.AsAsync(Leader, id);
        await page.Locator(".task").GetByRole(AriaRole.Button, new() { Name = "领取", Exact = true }).ClickAsync();
        await visitor.SeesAsync("我已领取");
        await page.Locator(".task .handling > summary").ClickAsync();
        await page.Locator(".task .handling .kind b", new() { HasText = "会签" }).First.ClickAsync();
        foreach (var unit in (string[])["杭州市建设局", "杭州市公安局"])
        {
            await page.FillAsync("#h-to-unit", unit);
            await page.PressAsync("#h-to-unit", "Tab");
            await page.Locator(".adding").GetByRole(AriaRole.Button, new() { Name = "加入" }).ClickAsync();
            await Assertions.Expect(page.Locator("ol.whom")).ToContainTextAsync(unit);
        }
        await page.FillAsync("#h-words", "请对拟处罚意见会签");
        await page.Locator(".task .handling .move .actions").GetByRole(AriaRole.Button, new() { Name = "会签" }).ClickAsync();
        await Assertions.Expect(page.Locator(".task .asked .chip", new() { HasText = "等待中" })).ToHaveCountAsync(2);
        foreach (var (signer, words) in ((string, string)[])[(Construction, "同意按两车认定"), (Police, "未发现犯罪线索，同意")])
        {
            await play.AsAsync(signer, id);
            await page.Locator(".ask textarea").FillAsync(words);
            await page.Locator(".ask .actions").GetByRole(AriaRole.Button, new() { Name = "同意", Exact = true }).ClickAsync();
            await Assertions.Expect(page.Locator(".ask textarea")).ToHaveCountAsync(0);
        }
        await play.AsAsync(Leader, id);
        await visitor.LooksAsync("penalty-countersigned");
        await play.FinishAsync("panel", ("panel_on", "2026-11-24"), ("panel_members", "5"), ("panel_opinion", "同意按两车从轻处罚"));
        await play.FinishAsync("decide", ("verdict", "予以处罚"), ("final_fine", "40000"), ("verdict_reason", "采纳听证意见，按两车认定"));

        // The party agrees to be served by its account, is served the decision, reads it and confirms that it has it.
        await visitor.SignInAsync("enterprise-a", "/me/served");
        await page.Locator("#consent li", new() { HasText = "演示·合成企业" }).GetByRole(AriaRole.Button, new() { Name = "同意电子送达" }).ClickAsync();
        await visitor.SeesAsync("已同意电子送达");
        await play.AsAsync(Investigator, id);
        var decision = await page.Locator("#serve-document option", new() { HasText = "行政处罚决定书" }).First.GetAttributeAsync("value");
        await page.SelectOptionAsync("#serve-document", decision!);
        await page.SelectOptionAsync("#serve-way", "electronic");
        await page.FillAsync("#serve-code", code);
        await visitor.LooksAsync("penalty-serving");
        await page.GetByRole(AriaRole.Button, new() { Name = "送达文书" }).ClickAsync();
        await Assertions.Expect(page.Locator("section[aria-label=文书送达] .chip")).ToHaveTextAsync("送达中");
        await visitor.SignInAsync("enterprise-a", "/me/served");
        await visitor.LooksAsync("penalty-served");
        await page.GetByRole(AriaRole.Link, new() { Name = "行政处罚决定书" }).ClickAsync();
        await visitor.SeesAsync("罚款 40000 元");
        await visitor.LooksAsync("penalty-served-document");
        await visitor.OpenAsync("/me/served");
        await page.GetByRole(AriaRole.Button, new() { Name = "确认收到" }).ClickAsync();
        await visitor.SeesAsync("已确认收到");
        await play.AsAsync(Investigator, id);
        await visitor.SeesAsync("复议期限至");
        await play.FinishAsync("serve", ("served_way", "经同意电子送达"), ("served_on", "2026-11-26"));
        await play.FinishAsync("execute", ("performed", "已履行"), ("performed_on", "2026-12-01"));
        await play.AsAsync(Leader, id);
        await play.FinishAsync("close", ("closing_opinion", "已缴清，同意结案"), ("published", "true"));
        await visitor.SeesAsync("已办结");
        await page.Locator("details.document > summary", new() { HasText = "行政处罚决定书" }).ClickAsync();
        await visitor.SeesAsync("罚款 40000 元");
        await visitor.LooksAsync("penalty-closed");
        Assert.Equal(12, (await penalty.DocumentsAsync(id)).Count);

        // The file is archived; and the pages of what is told, supervised, kept and counted look as they should.
        await visitor.OpenAsync($"/desk/cases/{id}/file");
        await visitor.SeesAsync("行政处罚决定书");
        await visitor.LooksAsync("penalty-file-index");
        foreach (var at in (string[])["archive", "figures", "notices", "supervisions", "colleagues"])
        {
            await visitor.OpenAsync("/desk/" + at);
            await visitor.LooksAsync("desk-" + at);
        }
        await visitor.SignInAsync(Investigator);
        await visitor.OpenAsync("/desk/promises");
        await visitor.LooksAsync("desk-promises");
        await visitor.SignInAsync("enterprise-a", "/me/notices");
        await visitor.LooksAsync("me-notices");
    }

    /// <summary>Who sits at the screen, and how they fill in and finish what is open.</summary>
    private sealed class Play(PenaltyCase penalty, Visitor visitor)
    {
        private readonly IPage _page = visitor.Page;
        private string _login = Investigator;

        public async Task AsAsync(string login, string id)
        {
            await visitor.SignInAsync(_login = login);
            await visitor.OpenAsync($"/desk/cases/{id}");
        }

        public async Task FinishAsync(string node, params (string Field, string Value)[] given)
        {
            // What is done one after the other is told apart by its time.
            penalty.Clock.Now += TimeSpan.FromSeconds(1);
            foreach (var (field, value) in given)
            {
                if (value is "true" or "false")
                    await _page.Locator($"input[name=f-{field}][value={value}]").CheckAsync();
                else if (await _page.Locator($"select#f-{field}").CountAsync() > 0)
                    await _page.SelectOptionAsync($"#f-{field}", value);
                else
                    await _page.FillAsync($"#f-{field}", value);
            }
            await visitor.LooksAsync($"penalty-{node}");
            await _page.Locator(".task > .actions").GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
            await _page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
            await Assertions.Expect(_page.Locator($"#f-{given[0].Field}, input[name=f-{given[0].Field}]").First).ToBeHiddenAsync();
            await penalty.Platform.RunJobsAsync();
            await visitor.OpenAsync(_page.Url);
        }
    }
}
