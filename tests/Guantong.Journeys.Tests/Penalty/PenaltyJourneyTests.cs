using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static Guantong.Tests.PenaltyCase;

namespace Guantong.Tests;

/// <summary>The pack law.administrative-penalty, played by its officials: every way that the Administrative Penalty Law (2021) has.</summary>
public sealed class PenaltyJourneyTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_inspection_leads_to_a_case_with_hearing_discussion_decision_and_enforcement(string store)
    {
        await using var penalty = await StartAsync(store);
        var id = await penalty.InspectAsync("立案查处");
        await penalty.InvestigateAsync(id);

        // Below the table's range without reasons it comes back; the table's level and range are the case's data.
        await penalty.DoAsync(Investigator, id, "propose", new { penalty = "罚款", fine = 5000, propose_reason = "情节轻" });
        Assert.Equal("propose", await penalty.OpenAsync(id));
        await penalty.DoAsync(Investigator, id, "propose", new { penalty = "罚款", fine = 60000, propose_reason = "没有从轻、从重情节" });

        // Who investigated does not review (Art. 58); what does not pass goes back to investigation.
        Assert.Equal(HttpStatusCode.Conflict, await penalty.TryAsync(Investigator, id, "legal", new { legal_ok = true, legal_opinion = "自己审自己" }));
        await penalty.DoAsync(Legal, id, "legal", new { legal_ok = false, legal_opinion = "缺少运输记录" });
        Assert.Equal("investigate", await penalty.OpenAsync(id));
        await penalty.DoAsync(Investigator, id, "investigate", new { party_kind = "法人或者其他组织", party = "示例渣土运输有限公司", two_officers = true, recusal_told = true, evidence = "书证：运输记录，一本", preserve = false, assist = false });
        await penalty.DoAsync(Investigator, id, "conclude", new { facts = "未经核准倾倒建筑垃圾三车", law = "《示例条例》第十条", harm = "一般", first = true, corrected = false, aggravated = false, crime = false });
        await penalty.ProposeAsync(id, 60000, "要求听证");

        // A fine that large may be heard, not by who investigated (Art. 64), and is discussed together.
        Assert.Equal(HttpStatusCode.Conflict, await penalty.TryAsync(Investigator, id, "hearing", new { heard_on = "2026-11-20", heard_public = true, not_investigator = false, hearing_text = "记录", hearing_opinion = "意见" }));
        await penalty.DoAsync(Legal, id, "hearing", new { heard_on = "2026-11-20", heard_public = true, not_investigator = true, hearing_text = "当事人对数量有异议", hearing_opinion = "数量按两车计" });
        await penalty.DoAsync(Leader, id, "panel", new { panel_on = "2026-11-24", panel_members = 5, panel_opinion = "同意按两车从轻" });

        // A hearing makes nothing heavier (Art. 45).
        await penalty.DoAsync(Leader, id, "decide", new { verdict = "予以处罚", final_fine = 70000, verdict_reason = "加重" });
        Assert.Equal("decide", await penalty.OpenAsync(id));
        await penalty.DoAsync(Leader, id, "decide", new { verdict = "予以处罚", final_fine = 40000, verdict_reason = "采纳听证意见" });
        await penalty.DoAsync(Investigator, id, "serve", new { served_way = "直接送达", served_on = "2026-11-26" });
        await penalty.DoAsync(Investigator, id, "execute", new { performed = "未履行" });
        await penalty.DoAsync(Investigator, id, "urge", new { urged = false });
        await penalty.DoAsync(Investigator, id, "court", new { court_on = "2027-01-10", court_result = "法院裁定准予执行，已缴清" });
        await penalty.DoAsync(Leader, id, "close", new { closing_opinion = "同意结案", published = true });

        var file = await penalty.FileAsync(id);
        Assert.Equal(("ended", "结案"), (file.GetProperty("case").GetProperty("state").GetString(), file.GetProperty("case").GetProperty("outcome").GetString()));
        // What is made within the same moment has no order here: the clock stands.
        Assert.Equal([.. ((string[])["立案审批表", "证据清单", "先行登记保存证据通知书", "协助认定函", "调查终结报告", "证据清单", "调查终结报告", "法制审核意见书", "行政处罚事先告知书", "听证通知书", "听证笔录", "集体讨论记录", "行政处罚决定书", "送达回证", "催告书", "强制执行申请书", "结案报告"]).Order(StringComparer.Ordinal)],
            (await penalty.DocumentsAsync(id)).Order(StringComparer.Ordinal));
        var decision = await penalty.DocumentAsync(id, "行政处罚决定书");
        foreach (var said in (string[])["示例渣土运输有限公司", "罚款 40000 元", "未经核准倾倒建筑垃圾三车", "演示基准第四条", "行政复议", "百分之三"])
            Assert.Contains(said, decision, StringComparison.Ordinal);
        Assert.Contains("有听证权利：是", await penalty.DocumentAsync(id, "行政处罚事先告知书"), StringComparison.Ordinal);
        // The party is sealed: the auditor, who sees every case, does not read who it is.
        Assert.DoesNotContain("示例渣土运输有限公司", (await penalty.FileAsync(id, "auditor")).ToString(), StringComparison.Ordinal);
        Assert.Equal(["kind=擅自倾倒建筑垃圾 procedure=普通程序 result=予以处罚 fine=40000 heard=True on_table=True"], await penalty.RowsAsync("penalty", Legal, "kind", "procedure", "result", "fine", "heard", "on_table"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_small_fine_is_decided_on_the_spot_and_a_larger_one_turns_to_the_ordinary_procedure(string store)
    {
        await using var penalty = await StartAsync(store);
        object Spot(decimal fine, string party_kind = "公民") => new { party_kind, party = "演示·当事人", facts = "占用道路摆摊", law = "《示例条例》第八条", spot_kind = "罚款", fine, told = true, two_officers = true };
        var small = await penalty.InspectAsync("当场处罚");
        await penalty.DoAsync(Investigator, small, "spot", Spot(200));
        Assert.Equal(["当场处罚决定书"], await penalty.DocumentsAsync(small));
        await penalty.DoAsync(Leader, small, "spot_file", new { filed_on = "2026-11-03", published = false });
        Assert.Equal("结案", (await penalty.FileAsync(small)).GetProperty("case").GetProperty("outcome").GetString());
        Assert.Equal(["procedure=简易程序 result=予以处罚 fine=200 heard=False"], await penalty.RowsAsync("penalty", Legal, "procedure", "result", "fine", "heard"));

        // 201 yuan is too much for a person, not for an organisation (Art. 51).
        var large = await penalty.InspectAsync("当场处罚");
        await penalty.DoAsync(Investigator, large, "spot", Spot(201));
        var called = Assert.Single((await penalty.FileAsync(large)).GetProperty("called").EnumerateArray());
        Assert.Equal("file", await penalty.OpenAsync(called.GetProperty("id").GetString()!));
        var organisation = await penalty.InspectAsync("当场处罚");
        await penalty.DoAsync(Investigator, organisation, "spot", Spot(3000, "法人或者其他组织"));
        Assert.Equal("spot_file", await penalty.OpenAsync(organisation));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_suspected_crime_goes_to_the_police_and_comes_back_where_nobody_is_prosecuted(string store)
    {
        await using var penalty = await StartAsync(store);
        var refused = await penalty.InspectAsync("立案查处");
        await penalty.InvestigateAsync(refused, crime: true);
        Assert.Equal("police_review", await penalty.OpenAsync(refused));
        Assert.Contains("数额达到追诉标准", await penalty.DocumentAsync(refused, "涉嫌犯罪案件移送书"), StringComparison.Ordinal);
        // The transfer is the police's to review, not the bureau's.
        Assert.Equal(HttpStatusCode.Forbidden, await penalty.TryAsync(Investigator, refused, "police_review", new { police_accepts = false, police_reason = "代为办理" }));
        await penalty.DoAsync(Police, refused, "police_review", new { police_accepts = false, police_reason = "未达到追诉标准" });
        Assert.Equal("propose", await penalty.OpenAsync(refused));

        var back = await penalty.InspectAsync("立案查处");
        await penalty.InvestigateAsync(back, crime: true);
        await penalty.DoAsync(Police, back, "police_review", new { police_accepts = true, police_reason = "立案侦查" });
        await penalty.DoAsync(Police, back, "police_result", new { prosecution = "不予追究，移送回", prosecution_note = "检察院不起诉" });
        Assert.Equal("propose", await penalty.OpenAsync(back));

        var prosecuted = await penalty.InspectAsync("立案查处");
        await penalty.InvestigateAsync(prosecuted, crime: true);
        await penalty.DoAsync(Police, prosecuted, "police_review", new { police_accepts = true, police_reason = "立案侦查" });
        await penalty.DoAsync(Police, prosecuted, "police_result", new { prosecution = "追究刑事责任", prosecution_note = "已提起公诉" });
        Assert.Equal("已移送司法机关", (await penalty.FileAsync(prosecuted)).GetProperty("case").GetProperty("outcome").GetString());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_slight_first_offence_put_right_goes_unpunished_and_nothing_is_decided_by_machine(string store)
    {
        await using var penalty = await StartAsync(store);
        var id = await penalty.InspectAsync("立案查处");
        await penalty.DoAsync(Leader, id, "file", new { filed = true, filing_reason = "有初步证据", within_time = true });
        var exhibit = "%PDF-1.4\n%%EOF\n"u8.ToArray();
        var task = (await penalty.FileAsync(id)).GetProperty("tasks").EnumerateArray().Last(t => t.GetProperty("node").GetString() == "investigate").GetProperty("id").GetString();
        using var body = new ByteArrayContent(exhibit) { Headers = { ContentType = new("application/octet-stream") } };
        (await (await penalty.AsAsync(Investigator)).PostAsync($"/api/v1/tasks/{task}/attachments?name={Uri.EscapeDataString("现场笔录.pdf")}&field=exhibits", body)).EnsureSuccessStatusCode();
        await penalty.DoAsync(Investigator, id, "investigate", new { party_kind = "公民", party = "演示·当事人", two_officers = true, recusal_told = true, evidence = "现场笔录一份", preserve = false, assist = false });
        await penalty.DoAsync(Investigator, id, "conclude", new { facts = "倾倒一袋装修垃圾", law = "《示例条例》第十条", harm = "轻微", first = true, corrected = true, aggravated = false, crime = false });
        Assert.Equal("propose", await penalty.OpenAsync(id));
        await penalty.DoAsync(Investigator, id, "propose", new { penalty = "不予处罚", fine = 0, propose_reason = "初次违法、轻微、已改正" });
        await penalty.DoAsync(Legal, id, "legal", new { legal_ok = true, legal_opinion = "符合第三十三条" });
        await penalty.DoAsync(Investigator, id, "serve_notice", new { notice_way = "直接送达", notice_on = "2026-11-05" });
        // A hearing is not to be had for it, whatever is asked for.
        await penalty.DoAsync(Investigator, id, "response", new { response = "要求听证" });
        Assert.Equal("decide", await penalty.OpenAsync(id));
        await penalty.DoAsync(Leader, id, "decide", new { verdict = "不予处罚", final_fine = 0, verdict_reason = "第三十三条第一款" });
        await penalty.DoAsync(Investigator, id, "serve_no_penalty", new { served_way = "直接送达", served_on = "2026-11-12" });
        await penalty.DoAsync(Leader, id, "close", new { closing_opinion = "同意结案", published = false });
        Assert.Equal([.. ((string[])["立案审批表", "证据清单", "调查终结报告", "法制审核意见书", "行政处罚事先告知书", "不予行政处罚决定书", "结案报告"]).Order(StringComparer.Ordinal)], (await penalty.DocumentsAsync(id)).Order(StringComparer.Ordinal));
        // The file that is archived holds the exhibit byte for byte; its index, which is kept in clear, does not say what it is called.
        Assert.Equal(HttpStatusCode.NoContent, (await (await penalty.AsAsync(Investigator)).PostAsync($"/api/v1/cases/{id}/archive", null)).StatusCode);
        using var zip = new ZipArchive(await (await penalty.AsAsync(Investigator)).GetStreamAsync($"/api/v1/cases/{id}/file.zip"));
        using var kept = new MemoryStream();
        await using (var entry = zip.Entries.Single(e => e.Name.EndsWith("-attachment.pdf", StringComparison.Ordinal)).Open())
            await entry.CopyToAsync(kept);
        Assert.Equal(exhibit, kept.ToArray());
        using var index = new StreamReader(zip.GetEntry("index.json")!.Open());
        var list = await index.ReadToEndAsync();
        Assert.Contains("\"retention\": \"P30Y\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain("现场笔录.pdf", list, StringComparison.Ordinal);
        Assert.Equal(["result=不予处罚 fine=0 heard=False on_table=True"], await penalty.RowsAsync("penalty", Legal, "result", "fine", "heard", "on_table"));

        var unfiled = await penalty.InspectAsync("立案查处");
        await penalty.DoAsync(Leader, unfiled, "file", new { filed = false, filing_reason = "不属于本机关管辖", within_time = true });
        Assert.Equal("不予立案", (await penalty.FileAsync(unfiled)).GetProperty("case").GetProperty("outcome").GetString());
        Assert.Equal(["不予立案告知书"], await penalty.DocumentsAsync(unfiled));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Who_reports_an_offence_is_told_that_a_case_was_filed_and_how_it_ended_but_not_who_the_party_is(string store)
    {
        await using var penalty = await StartAsync(store);
        var anyone = await penalty.AsAsync(null);
        var answer = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/violation-report/applications", new { region = "330100", data = new { kind = "擅自倾倒建筑垃圾", site = "示例路工地", seen_on = "2026-11-01", what = "夜间倾倒渣土" } });
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var (number, code) = (receipt.GetProperty("number").GetString()!, receipt.GetProperty("code").GetString());
        await penalty.Platform.RunJobsAsync();
        await penalty.DoAsync(Investigator, number, "check", new { substantiated = true, finding = "现场有三车渣土" });
        async Task<JsonElement> Seen() => await (await penalty.AsAsync(null)).GetFromJsonAsync<JsonElement>($"/api/v1/applications/{number}?code={code}");
        Assert.Contains("已立案查处", (await Seen()).GetProperty("documents")[0].GetProperty("markdown").GetString(), StringComparison.Ordinal);
        var id = Assert.Single((await penalty.FileAsync(number)).GetProperty("called").EnumerateArray()).GetProperty("id").GetString()!;
        await penalty.InvestigateAsync(id);
        await penalty.ProposeAsync(id, 20000 + 20000);
        await penalty.DoAsync(Leader, id, "panel", new { panel_on = "2026-11-24", panel_members = 5, panel_opinion = "同意" });
        await penalty.DoAsync(Leader, id, "decide", new { verdict = "予以处罚", final_fine = 40000, verdict_reason = "事实清楚" });
        await penalty.DoAsync(Investigator, id, "serve", new { served_way = "直接送达", served_on = "2026-11-26" });
        await penalty.DoAsync(Investigator, id, "execute", new { performed = "已履行", performed_on = "2026-11-28" });
        await penalty.DoAsync(Leader, id, "close", new { closing_opinion = "同意结案", published = true });
        var seen = await Seen();
        Assert.Equal("已答复处理结果", seen.GetProperty("outcome").GetString());
        Assert.Contains("处理结果：予以处罚", seen.GetProperty("documents")[1].GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("示例渣土运输有限公司", seen.ToString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Files_are_drawn_each_quarter_and_reviewed_one_by_one_and_the_share_that_passes_is_counted(string store)
    {
        await using var penalty = await StartAsync(store);
        // The next quarter begins on the fifth of January.
        penalty.Clock.Now = new DateTimeOffset(2027, 1, 5, 2, 0, 0, TimeSpan.Zero);
        await penalty.Platform.RunJobsAsync();
        var justice = await penalty.AsAsync(Justice);
        var review = (await justice.GetFromJsonAsync<JsonElement>("/api/v1/cases?matter=file-review")).GetProperty("items").EnumerateArray().Single().GetProperty("id").GetString()!;
        await penalty.DoAsync(Justice, review, "draw", new { drawn = "LAW-1，LAW-2" });
        var tasks = (await penalty.FileAsync(review, Justice)).GetProperty("tasks").EnumerateArray().Where(t => t.GetProperty("state").GetString() == "open").OrderBy(t => t.GetProperty("name").GetString()).ToList();
        // Each task says which file it is about.
        Assert.Equal(["评查案卷（LAW-1）", "评查案卷（LAW-2）"], tasks.Select(t => t.GetProperty("name").GetString()));
        object Checked(string evidence, string notice) => new { filing_ok = "是", officers_ok = "是", evidence_ok = evidence, notice_ok = notice, hearing_ok = "不适用", legal_review_ok = "是", discretion_ok = "是", decision_ok = "是", served_ok = "是", archive_ok = "是" };
        // Finished one after the other before anything runs: what each knows stays its own.
        foreach (var (task, given) in tasks.Zip([Checked("否", "否"), Checked("是", "否")]))
            Assert.Equal(HttpStatusCode.NoContent, (await justice.PostAsJsonAsync($"/api/v1/tasks/{task.GetProperty("id").GetString()}/finish", given)).StatusCode);
        await penalty.Platform.RunJobsAsync();
        await penalty.DoAsync(Justice, review, "summarise", new { summary = "告知环节问题较多，请限期改正" });
        Assert.Equal(["案卷评查意见书"], await penalty.DocumentsAsync(review, Justice));
        Assert.Equal(["reviewed=LAW-1 faults=2 passed=False", "reviewed=LAW-2 faults=1 passed=True"], await penalty.RowsAsync("file-review", Justice, "reviewed", "faults", "passed"));
    }
}
