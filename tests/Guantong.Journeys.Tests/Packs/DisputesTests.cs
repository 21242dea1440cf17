using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.PackPlay;

namespace Guantong.Tests;

/// <summary>Disputes from the first word to the kept agreement: said once, sorted by rules, mediated, signed, confirmed, followed up; refused, failed, not kept; hot topics by county and never by person.</summary>
public sealed class DisputesTests
{
    private const string Pack = "law.disputes", Region = "330106", Centre = "centre-xihu", Justice = "justice-xihu", Colleague = "justice-xihu-b", Labour = "labour-xihu", Court = "court-xihu", Street = "worker-xihu", StreetToo = "street-xihu-b";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/law/disputes");

    private static readonly Person[] People = [.. from p in ((string Login, string Line)[])[(Centre, "political-legal"), (Justice, "justice"), (Colleague, "justice"), (Labour, "human-resources"), (Court, "court"), (StreetToo, "government-office")]
        select new Person(p.Login, $"演示·{p.Login}", $"Demo {p.Login}", "official", $"zj-{p.Line}-{Region}", Region, ["case-worker"])];

    private static async Task<RunningPlatform> StartAsync(string store, StandingClock clock)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        return platform;
    }

    private static object Registered(string topic, decimal amount, string consent = "双方同意", string elsewhere = "没有") =>
        new { source = "12345 热线", topic, party_a = "演示甲", party_b = "演示乙", amount, consent, elsewhere };

    private static readonly object InPlace = new { meet_on = "2026-11-05", meet_at = "09:30", meet_way = "现场", room = "示例社区调解室", rights_told = true };

    private static object Agreed(string performance, string? by = null) =>
        new { held_on = "2026-11-05", session_note = "双方当场核对了漏点", came_to = "达成协议", facts = "合成：楼上卫生间渗水", terms = "甲重做防水，乙自理清洁", content_kind = "给付和履行", performance, perform_by = by };

    private static readonly object Signed = new { signed = "各方已签名", effective_on = "2026-11-06", confirm_told = true };

    private static async Task<(string Number, string Code)> AppliedAsync(HttpClient anyone)
    {
        var receipt = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/dispute/applications", new { region = Region, data = new { detail = "合成：和用人单位为报酬有争议，想请人调解" } }).JsonAsync();
        return (receipt.Text("number")!, receipt.Text("code")!);
    }

    // Both parties at the court, with the agreement and what proves who they are.
    private static async Task<(string Number, string Code)> ConfirmAsync(HttpClient anyone, string mediation, bool both = true)
    {
        const string service = $"/api/v1/services/{Pack}/judicial-confirmation";
        var file = await anyone.SendAsync($"{service}/files?field=material:agreement-text&name=a.pdf", Sheets.Pdf()).JsonAsync();
        var files = file.Text("basket")!;
        await anyone.SendAsync($"{service}/files?field=material:identity&name=b.pdf", Sheets.Pdf(), files).JsonAsync();
        var receipt = await anyone.PostAsJsonAsync($"{service}/applications", new { region = Region, files, data = new { mediation, both_apply = both, content_kind = "给付和履行", parties = "演示甲、演示乙", promise = true } }).JsonAsync();
        return (receipt.Text("number")!, receipt.Text("code")!);
    }

    [Shows("law-disputes")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_dispute_is_said_once_mediated_online_confirmed_by_a_court_and_mediated_again_where_it_is_not_kept(string store)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock);
        using var anyone = platform.Anonymous();
        using var clerk = await platform.SignInAsync("clerk-hangzhou");
        // Said on the Portal and, the same, on the phone: one case.
        const string said = "合成：楼上邻居家漏水，把我家顶棚泡坏了，谈了几次没有谈拢，想请人来调解";
        var receipt = await anyone.PostAsJsonAsync("/api/v1/reception", new { region = Region, said }).JsonAsync();
        var (reception, code) = (receipt.Text("number")!, receipt.Text("code")!);
        var number = (await clerk.GetFromJsonAsync<JsonElement>($"/api/v1/receptions/{reception}")).GetProperty("reception").Text("caseNumber")!;
        var again = (await clerk.PostAsJsonAsync("/api/v1/receptions", new { channel = "phone", region = Region, said = "合成：楼上邻居家漏水，把我家顶棚泡坏了，谈了几次没有谈拢，想请人调解一下" }).JsonAsync()).Text("number")!;
        Assert.Equal(reception, (await clerk.GetFromJsonAsync<JsonElement>($"/api/v1/receptions/{again}")).GetProperty("alike").EnumerateArray().First().Text("number"));
        Assert.Equal("204", await clerk.PostAsJsonAsync($"/api/v1/receptions/{again}/join", new { @case = number, reason = "同一户的同一件事" }).ToldAsync());
        Task<JsonElement> SeenAsync() => anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{number}?code={code}");

        // Sorted by the table to the street; both are told when, by which link, and by which rule.
        await AnswerAsync(platform, Centre, number, "accept", new { });
        await DoAsync(platform, Centre, number, "register", Registered("邻里", 8000));
        using (var centre = await platform.SignInAsync(Centre))
            Assert.Equal(HttpStatusCode.UnprocessableEntity, await RunningPlatform.FinishAsync(centre, number, "schedule", new { meet_on = "2026-11-05", meet_at = "19:00", meet_way = "线上", link = "随便写的", rights_told = true }));
        await DoAsync(platform, Centre, number, "schedule", new { meet_on = "2026-11-05", meet_at = "19:00", meet_way = "线上", link = "https://meet.example.cn/330106-1", rights_told = true });
        var notice = Document(await SeenAsync(), "调解通知书");
        foreach (var part in (string[])["https://meet.example.cn/330106-1", "由乡镇(街道)以人民调解方式办理，30 日内办结", "十万元以下的由乡镇（街道）人民调解委员会就地调解", "要求调解员回避的"])
            Assert.Contains(part, notice, StringComparison.Ordinal);

        // By rota; whoever is related to a party steps back, and the other mediates.
        var task = (await FileAsync(platform, Street, number)).GetProperty("tasks").EnumerateArray().Single(t => t.Text("node") == "mediate_town");
        var (first, second) = task.Text("assignee") == Street ? (Street, StreetToo) : (StreetToo, Street);
        Assert.Equal(first, task.Text("assignee"));
        using (var related = await platform.SignInAsync(first))
        {
            Assert.Equal("204", await related.PostAsJsonAsync($"/api/v1/tasks/{task.Text("id")}/recuse", new { reason = "当事人是本人亲属" }).ToldAsync());
            Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(related, number, "mediate_town", Agreed("当场履行")));
        }
        await DoAsync(platform, second, number, "mediate_town", new { held_on = "2026-11-05", session_note = "双方各说了经过，约定看过管道再谈", came_to = "再次调解" });
        await DoAsync(platform, Centre, number, "schedule", InPlace);
        await DoAsync(platform, second, number, "mediate_town", Agreed("按期履行", "2026-11-20"));
        Assert.Contains("在 2026-11-20 前履行", Document(await SeenAsync(), "调解协议书"), StringComparison.Ordinal);
        await DoAsync(platform, Centre, number, "sign", Signed);

        // The court finds the agreement by its number, and the days by its register.
        var confirmation = await ConfirmAsync(anyone, number);
        await AnswerAsync(platform, Court, confirmation.Number, "accept", new { });
        await DoAsync(platform, Court, confirmation.Number, "examine", new { ruling = "确认有效", ruling_reason = "自愿、合法，内容明确" });
        var ruled = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{confirmation.Number}?code={confirmation.Code}");
        foreach (var part in (string[])["协议于 2026-11-06 生效", "自协议生效之日起三十日内由双方共同申请", "可以向人民法院申请执行"])
            Assert.Contains(part, Document(ruled, "民事裁定书"), StringComparison.Ordinal);

        // Not kept on its day: mediated again, performed on the spot, kept.
        Assert.Equal("", Open(await FileAsync(platform, Centre, number)));
        clock.Now = new(2026, 11, 20, 1, 0, 0, TimeSpan.Zero);
        await platform.RunJobsAsync();
        await DoAsync(platform, Centre, number, "visit", new { performed = "未履行", visit_note = "防水还没有做，双方愿意再谈", then_what = "再次调解" });
        using var later = await platform.SignInAsync(Centre);
        Assert.Equal(("false", "1"), await KeptAsync());
        await DoAsync(platform, Centre, number, "schedule", InPlace);
        await DoAsync(platform, second, number, "mediate_town", Agreed("当场履行"));
        await DoAsync(platform, Centre, number, "sign", Signed);
        Assert.Equal("协议已履行", (await SeenAsync()).Text("outcome"));
        Assert.Equal(("true", "1"), await KeptAsync());
        Assert.Equal("204", await anyone.PostAsJsonAsync($"/api/v1/applications/{number}/rating", new { code, level = 5 }).ToldAsync());

        async Task<(string, string)> KeptAsync()
        {
            var row = (await RowsAsync(later, Pack, "disputes")).Single(r => r["number"].GetString() == number);
            Assert.Equal("邻里 人民调解 乡镇(街道) 达成协议 12345 热线", string.Join(' ', ((string[])["topic", "way", "level", "result", "channel"]).Select(f => row[f].GetString())));
            return (row["kept"].ToString().ToLowerInvariant(), row["again"].ToString());
        }
    }

    [Fact]
    public async Task What_is_not_mediated_or_not_agreed_is_told_where_else_to_go_and_a_late_or_single_application_is_dismissed_by_a_judge()
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync("sqlite", clock);
        using var anyone = platform.Anonymous();
        // One side refuses: nobody mediates.
        var refused = await AppliedAsync(anyone);
        await AnswerAsync(platform, Centre, refused.Number, "accept", new { });
        await DoAsync(platform, Centre, refused.Number, "register", Registered("合同债务", 30000, consent: "一方明确拒绝"));
        Assert.Equal("guide", Open(await FileAsync(platform, Centre, refused.Number)));
        await DoAsync(platform, Centre, refused.Number, "guide", new { guide_why = "对方明确拒绝调解", guide_note = "带上转账记录到区法院立案庭" });
        await ToldAsync(refused, "《人民调解法》第十七条", "向人民法院起诉（诉讼时效一般三年）", "区法院立案庭");

        // Fifteen days without agreement: labour may go to arbitration.
        var labour = await AppliedAsync(anyone);
        await AnswerAsync(platform, Centre, labour.Number, "accept", new { });
        await DoAsync(platform, Centre, labour.Number, "register", Registered("劳动争议", 24000));
        await DoAsync(platform, Centre, labour.Number, "schedule", InPlace);
        Assert.Equal("mediate_labour", Open(await FileAsync(platform, Labour, labour.Number)));
        clock.Now += TimeSpan.FromDays(15.5);
        await platform.RunJobsAsync();
        Assert.Equal("term_over", Open(await FileAsync(platform, Centre, labour.Number)));
        await DoAsync(platform, Centre, labour.Number, "term_over", new { go_on = false, why_not = "对补偿的月数说法不一" });
        await DoAsync(platform, Centre, labour.Number, "guide", new { guide_why = "十五日内没有达成协议", guide_note = "区劳动争议仲裁委员会，带劳动合同和工资流水" });
        await ToldAsync(labour, "向劳动争议仲裁委员会申请仲裁", "一年", "《劳动争议调解仲裁法》第五条");

        // Agreed, but one side will not sign.
        var unsigned = await AppliedAsync(anyone);
        await AnswerAsync(platform, Centre, unsigned.Number, "accept", new { });
        await DoAsync(platform, Centre, unsigned.Number, "register", Registered("合同债务", 300000));
        await DoAsync(platform, Centre, unsigned.Number, "schedule", InPlace);
        var mediator = (await FileAsync(platform, Justice, unsigned.Number)).GetProperty("tasks").EnumerateArray().Single(t => t.Text("node") == "mediate_people").Text("assignee")!;
        await DoAsync(platform, mediator, unsigned.Number, "mediate_people", Agreed("按期履行", "2026-12-20"));
        await DoAsync(platform, Centre, unsigned.Number, "sign", new { signed = "有一方不愿签", why_not = "要回去和家人商量" });
        Assert.Equal("guide", Open(await FileAsync(platform, Centre, unsigned.Number)));

        // The rules point out what does not fit; the judge dismisses, with reasons and what can be done.
        var unknown = await ConfirmAsync(anyone, unsigned.Number, both: false);
        await AnswerAsync(platform, Court, unknown.Number, "accept", new { });
        await DoAsync(platform, Court, unknown.Number, "examine", new { ruling = "驳回申请", ruling_reason = "没有生效的调解协议" });
        var dismissed = Document(await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{unknown.Number}?code={unknown.Code}"), "民事裁定书（驳回）");
        foreach (var part in (string[])["没有查到这份协议的登记", "没有生效的调解协议", "也可以向人民法院起诉"])
            Assert.Contains(part, dismissed, StringComparison.Ordinal);

        async Task ToldAsync((string Number, string Code) of, params string[] parts)
        {
            var seen = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{of.Number}?code={of.Code}");
            Assert.Equal("已告知其他途径", seen.Text("outcome"));
            var told = Document(seen, "纠纷处理途径告知书");
            Assert.All(parts, p => Assert.Contains(p, told, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_topic_that_breaks_out_in_a_county_is_a_task_of_the_competent_unit_and_what_is_counted_over_fewer_than_five_has_no_figure()
    {
        await using var platform = await StartAsync("sqlite", new StandingClock());
        using var anyone = platform.Anonymous();
        var lines = File.ReadAllLines(Path.Combine(Folder, "samples/disputes.csv"));
        await platform.LoadLinesAsync(Pack, "disputes", lines.Where((l, i) => i == 0 || l.Split(',')[1] == Region));
        // Of a week in autumn with 24 new labour disputes, and of no other.
        var warning = Assert.Single((await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?pack={Pack}")).GetProperty("items").EnumerateArray());
        Assert.Equal((Region, "orange", "labour-new"), (warning.Text("region"), warning.Text("level"), warning.Text("indicator")));
        var counted = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/new-disputes/values?period=month&region={Region}&dimension=topic")).EnumerateArray().Where(v => v.GetProperty("value").ValueKind == JsonValueKind.Number).Select(v => v.GetProperty("value").GetDouble()).ToList();
        Assert.NotEmpty(counted);
        Assert.All(counted, n => Assert.True(n >= 5));

        // Verified, dealt with by the line whose topic it is, looked at, and again where it has not eased.
        var id = warning.Text("caseId")!;
        await DoAsync(platform, Centre, id, "verify", new { real = true, hot_kind = "劳动争议", hot_cause = "几家分包工地年底结算集中，合同没有写付款日期" });
        foreach (var eased in (bool[])[false, true])
        {
            await DoAsync(platform, Labour, id, "act_labour", new { measures = "督促总包单位按月结算，公布标准合同", done_by = "2026-11-20" });
            await DoAsync(platform, Centre, id, "assess", new { eased, assess_note = "看了此后一周的新增数" });
        }
        var report = Document(await FileAsync(platform, Centre, id), "热点处置报告");
        foreach (var part in (string[])["西湖区", "新增劳动争议 24 件，橙色预警", "督促总包单位按月结算"])
            Assert.Contains(part, report, StringComparison.Ordinal);

        // A typical case is public once a colleague has found nobody in it.
        using var justice = await platform.SignInAsync(Justice);
        using var colleague = await platform.SignInAsync(Colleague);
        var draft = (await justice.PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter = "typical-case" }).JsonAsync()).Text("id")!;
        object written = new { case_title = "分包工地结清报酬", topic = "劳动争议", case_way = "劳动争议调解", case_facts = "某分包单位因为总包没有结算，拖欠十几名工人两个月报酬。", case_handling = "请总包到场核对考勤，由总包先行支付。", case_law = "总包单位先行清偿" };
        object Checked(bool nameless) => new { nameless, placeless = true, verdict = "发布", check_note = "逐句看过" };
        await DoAsync(platform, Justice, draft, "draft", written);
        Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(justice, draft, "check", Checked(true)));
        await DoAsync(platform, Colleague, draft, "check", Checked(false));
        Assert.Empty(await RowsAsync(anyone, Pack, "typical-case"));
        await DoAsync(platform, Justice, draft, "draft", written);
        await DoAsync(platform, Colleague, draft, "check", Checked(true));
        Assert.Equal("分包工地结清报酬", Assert.Single(await RowsAsync(anyone, Pack, "typical-case"))["case_title"].GetString());
    }
}
