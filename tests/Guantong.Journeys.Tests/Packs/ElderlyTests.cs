using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.PackPlay;

namespace Guantong.Tests;

/// <summary>Elderly care: an institution files, is inspected, lets its term pass, is suspended once those who live there are provided for, mends and is closed; an old person is assessed by two who differ and granted a subsidy, another is refused with reasons and appeals.</summary>
public sealed class ElderlyTests
{
    private const string Pack = "society.elderly", Tonglu = "330122", Civil = "tonglu-civil", CivilB = "tonglu-civil-b", CivilC = "tonglu-civil-c", CivilD = "tonglu-civil-d", Office = "tonglu-office";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/society/elderly");

    private static readonly Person[] People =
    [
        Official(Civil, "zj-civil-affairs-330122"), Official(CivilB, "zj-civil-affairs-330122"), Official(CivilC, "zj-civil-affairs-330122"), Official(CivilD, "zj-civil-affairs-330122"),
        Official(Office, "zj-government-office-330122"),
    ];

    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        return platform;
    }

    private static async Task<(string Number, string Code)> ApplyAsync(RunningPlatform platform, HttpClient anyone, string matter, object data, params string[] materials)
    {
        var service = $"/api/v1/services/{Pack}/{matter}";
        string? basket = null;
        foreach (var material in materials)
            basket = (await anyone.SendAsync($"{service}/files?field=material:{material}&name={material}.pdf", Sheets.Pdf(), basket).JsonAsync()).Text("basket");
        var receipt = await anyone.PostAsJsonAsync($"{service}/applications", new { region = Tonglu, data, files = basket }).JsonAsync();
        await platform.RunJobsAsync();
        return (receipt.Text("number")!, receipt.Text("code")!);
    }

    private static async Task<string> LetterAsync(HttpClient anyone, (string Number, string Code) of, string name) =>
        Document(await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{of.Number}?code={of.Code}"), name);

    private static async Task<string?> OutcomeAsync(RunningPlatform platform, string id) => (await FileAsync(platform, Civil, id)).GetProperty("case").Text("outcome");

    private static async Task<HttpStatusCode> TryAsync(RunningPlatform platform, string login, string id, string node, object given)
    {
        using var who = await platform.SignInAsync(login);
        return await RunningPlatform.FinishAsync(who, id, node, given);
    }

    [Shows("soc-elderly", Lacks = "home devices, the payment of a subsidy, the 26 items of GB/T 42195-2022")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_institution_files_and_mends_what_is_found_and_an_old_person_is_granted_a_subsidy_or_told_why_not(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = platform.Anonymous();

        // Two assess, and differ on self-care: a third looks, none of them decides.
        var wanted = new { age = 81, local = true, low_income = true, other = "没有", visit_place = "演示三路五号", visit_phone = "0571-00000000", agreed_to = true };
        var granted = await ApplyAsync(platform, anyone, "ability-assessment", wanted);
        Assert.Equal("assess_a assess_b", Open(await FileAsync(platform, Civil, granted.Number)));
        await DoAsync(platform, Civil, granted.Number, "assess_a", new { a_on = "2026-11-02", a_self = "中度", a_move = "轻度", a_mind = "完好", a_sense = "轻度", a_note = "需要协助洗澡（合成）" });
        var second = new { b_on = "2026-11-02", b_self = "重度", b_move = "轻度", b_mind = "完好", b_sense = "轻度", b_note = "起身也要协助（合成）" };
        Assert.Equal(HttpStatusCode.Conflict, await TryAsync(platform, Civil, granted.Number, "assess_b", second));
        await DoAsync(platform, CivilB, granted.Number, "assess_b", second);
        var third = new { self_care = "中度", movement = "轻度", mind = "完好", sense = "轻度", joint_note = "起身可以自己完成（合成）" };
        Assert.Equal(HttpStatusCode.Conflict, await TryAsync(platform, CivilB, granted.Number, "review", third));
        await DoAsync(platform, CivilC, granted.Number, "review", third);
        Assert.Equal(HttpStatusCode.Conflict, await TryAsync(platform, CivilC, granted.Number, "decide", new { granted = true, reason = "同意给予（合成）" }));
        await DoAsync(platform, CivilD, granted.Number, "decide", new { granted = true, reason = "同意给予（合成）" });
        Assert.Equal("已给予", await OutcomeAsync(platform, granted.Number));
        var letter = await LetterAsync(anyone, granted, "给予养老服务补贴决定书");
        Assert.All((string[])["护理补贴，每月 300 元，至 2027-11-02", "第三十条", "只用于这一次申请"], said => Assert.Contains(said, letter, StringComparison.Ordinal));

        // What the table says does not fit is not granted; the refusal has reasons and is appealed.
        var refused = await ApplyAsync(platform, anyone, "ability-assessment", wanted with { age = 58, low_income = false });
        await DoAsync(platform, Civil, refused.Number, "assess_a", new { a_on = "2026-11-02", a_self = "轻度", a_move = "轻度", a_mind = "完好", a_sense = "完好", a_note = "上下楼要扶（合成）" });
        await DoAsync(platform, CivilB, refused.Number, "assess_b", new { b_on = "2026-11-02", b_self = "轻度", b_move = "轻度", b_mind = "完好", b_sense = "完好", b_note = "上下楼要扶（合成）" });
        await DoAsync(platform, CivilD, refused.Number, "decide", new { granted = true, reason = "想要照顾（合成）" });
        Assert.Equal("decide", Open(await FileAsync(platform, Civil, refused.Number)));
        await DoAsync(platform, CivilD, refused.Number, "decide", new { granted = false, reason = "满六十周岁并且认定为经济困难以后可以再申请（合成）" });
        Assert.Equal("不予给予", await OutcomeAsync(platform, refused.Number));
        letter = await LetterAsync(anyone, refused, "不予给予养老服务补贴决定书");
        Assert.All((string[])["满六十周岁并且认定为经济困难以后", "不满六十周岁；不属于经济困难", "行政复议"], said => Assert.Contains(said, letter, StringComparison.Ordinal));
        Assert.Equal("204", await anyone.PostAsJsonAsync($"/api/v1/applications/{refused.Number}/appeal", new { words = "家庭刚被认定为低保边缘（合成）", code = refused.Code }).ToldAsync());

        // Of either is kept when it was decided, and how; nothing of the person.
        using (var civil = await platform.SignInAsync(Civil))
        {
            var kept = await RowsAsync(civil, Pack, "handled");
            Assert.Equal(["不予给予 False", "给予 True"], kept.Select(r => $"{r["result"]} {r["joint"].GetBoolean()}").Order(StringComparer.Ordinal));
            Assert.DoesNotContain(kept[0].Keys, k => k is "age" or "grade" or "monthly");
        }

        // A bath at home: nobody came the first time, so it is arranged anew; meals find no place, and that counts.
        var wish = new { service = "助浴", wanted_on = "2026-11-04", visit_place = "演示三路五号", visit_phone = "0571-00000000", agreed_to = true };
        var bath = await ApplyAsync(platform, anyone, "home-care-order", wish);
        foreach (var came in (bool[])[false, true])
        {
            await DoAsync(platform, Civil, bath.Number, "arrange", new { has_place = true, station = "演示桐君服务站", visit_on = "2026-11-04", arrange_note = "两人上门（合成）" });
            await DoAsync(platform, Civil, bath.Number, "visit", came ? new { was_served = true, served_on = "2026-11-04", visit_note = "已经服务（合成）" } : (object)new { was_served = false, visit_note = "车坏了没有去（合成）" });
        }
        Assert.Equal("已服务", await OutcomeAsync(platform, bath.Number));
        var meals = await ApplyAsync(platform, anyone, "home-care-order", wish with { service = "助餐" });
        await DoAsync(platform, Civil, meals.Number, "arrange", new { has_place = false, arrange_note = "送餐线路还没有到，可以找演示社区食堂（合成）" });
        Assert.Contains("可以找演示社区食堂", await LetterAsync(anyone, meals, "居家养老服务答复"), StringComparison.Ordinal);
        using (var civil = await platform.SignInAsync(Civil))
            Assert.Equal(["助浴 已服务", "助餐 没有排上"], (await RowsAsync(civil, Pack, "home-order")).Select(r => $"{r["service"]} {r["order_result"]}").Order(StringComparer.Ordinal));

        // An institution files: what is missing is told, then there is a receipt.
        var code = File.ReadLines(Path.Combine(Folder, "samples/institution.csv")).First(l => l.Contains($",{Tonglu},", StringComparison.Ordinal)).Split(',')[0];
        var home = new { code, institution_name = "演示桐庐颐养院", nature = "民办非营利", place = "演示四路一号", premises = "租赁", beds = 80, nursing = 90, floor_area = 3200, admitted_on = "2026-10-26", promised = true };
        var asked = await ApplyAsync(platform, anyone, "institution-filing", home, "registration", "promise");
        await DoAsync(platform, Civil, asked.Number, "review", new { complete = false, review_note = "护理型床位填多了，改正后重新提交（合成）" });
        Assert.Equal("已指导补正", await OutcomeAsync(platform, asked.Number));
        Assert.Contains("护理型床位多于养老床位", await LetterAsync(anyone, asked, "养老机构备案补正指导"), StringComparison.Ordinal);
        asked = await ApplyAsync(platform, anyone, "institution-filing", home with { nursing = 40 }, "registration", "promise");
        await DoAsync(platform, Civil, asked.Number, "review", new { complete = true, review_note = "材料齐全（合成）" });
        Assert.Contains("养老床位 80 张，其中护理型 40 张", await LetterAsync(anyone, asked, "养老机构备案回执"), StringComparison.Ordinal);

        // It is inspected; a code that is no institution's leads back.
        string inspection;
        using (var civil = await platform.SignInAsync(Civil))
            inspection = (await civil.PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter = "inspection" }).JsonAsync()).Text("id")!;
        object Seen(string of) => new { code = of, inspected_on = "2026-11-02", origin = "备案后检查", seen = "安全出口上锁（合成）", found = new[] { new { item = "消防设施和疏散通道", severity = "重大", detail = "二层安全出口上锁（合成）" } } };
        await DoAsync(platform, Civil, inspection, "inspect", Seen("52330122YY00000000"));
        Assert.Equal("inspect", Open(await FileAsync(platform, Civil, inspection)));
        await DoAsync(platform, Civil, inspection, "inspect", Seen(code));
        var danger = Assert.Single((await FileAsync(platform, Civil, inspection)).GetProperty("called").EnumerateArray()).Text("id")!;
        var order = Document(await FileAsync(platform, Civil, danger), "责令限期改正通知书");
        Assert.All((string[])["2026-11-09 以前改正", "第四十五条"], said => Assert.Contains(said, order, StringComparison.Ordinal));
        await DoAsync(platform, Civil, danger, "safeguard", new { moved = true, safeguard_note = "当场打开出口，派人值守（合成）" });
        Assert.Equal("mend", Open(await FileAsync(platform, Civil, danger)));

        // Past the seven days it is overdue by itself, its county has a red line to answer, and it is suspended only once the old people are provided for.
        ((StandingClock)platform.Services.GetRequiredService<TimeProvider>()).Now += TimeSpan.FromDays(9);
        await platform.RunJobsAsync();
        Assert.Equal("order", Open(await FileAsync(platform, Civil, danger)));
        await FollowAsync(platform);
        var warning = Assert.Single(await WarningsAsync(anyone, Pack));
        Assert.Equal($"overdue-institutions {Tonglu} orange running", Told(warning));
        var push = warning.Text("caseId")!;
        await DoAsync(platform, Civil, danger, "order", new { measure = "责令停业整顿", new_term = "2026-11-20", placed = false, order_reason = "出口又被锁上（合成）" });
        Assert.Equal("order", Open(await FileAsync(platform, Civil, danger)));
        await DoAsync(platform, Civil, danger, "order", new { measure = "责令停业整顿", new_term = "2026-11-20", placed = true, order_reason = "出口又被锁上，老年人转到演示敬老院（合成）" });
        Assert.Contains("责令停业整顿；新的期限：2026-11-20", Document(await FileAsync(platform, Civil, danger), "逾期未改正决定书"), StringComparison.Ordinal);

        // Nobody checks what they saw to themselves, and what is not mended goes back.
        foreach (var passed in (bool[])[false, true])
        {
            await DoAsync(platform, Civil, danger, "mend", new { mended_on = "2026-11-11", mend_note = "换成推杆锁（合成）" });
            var check = new { checked_on = "2026-11-11", passed, check_note = passed ? "四个出口都能推开（合成）" : "还有一个出口推不开（合成）" };
            Assert.Equal(HttpStatusCode.Conflict, await TryAsync(platform, Civil, danger, "check", check));
            await DoAsync(platform, CivilB, danger, "check", check);
        }
        Assert.Equal(["已闭环", "隐患已整改"], [await OutcomeAsync(platform, danger), await OutcomeAsync(platform, inspection)]);
        using (var civil = await platform.SignInAsync(Civil))
        {
            var row = Assert.Single(await RowsAsync(civil, Pack, "danger"));
            Assert.Equal("2026-11-11 True False", $"{row["closed_on"]} {row["overdue"].GetBoolean()} {row["suspended"].GetBoolean()}");
        }
        await FollowAsync(platform);
        Assert.EndsWith("ended", Told(Assert.Single(await WarningsAsync(anyone, Pack))), StringComparison.Ordinal);
        await DoAsync(platform, Civil, push, "list", new { diagnosis = "机构没有人管出口（合成）", late = new[] { new { late_code = code, cause = "出口上锁（合成）", mend_by = "2026-11-20" } } });
        await DoAsync(platform, Office, push, "supervise", new { visited = true, opinion = "看过现场（合成）" });
        await DoAsync(platform, Civil, push, "clear", new { cleared = true, clear_note = "已经清零（合成）" });
        Assert.Equal("督办完成", await OutcomeAsync(platform, push));
    }

    [Fact]
    public async Task A_leader_sees_beds_and_overdue_institutions_by_county_and_anyone_the_services()
    {
        await using var platform = await StartAsync("sqlite");
        await SamplesAsync(platform, Pack, Folder, "institution", "inspection", "danger", "home-service", "home-order", "handled");
        using var anyone = platform.Anonymous();
        Assert.Equal(["overdue-institutions 330212 orange running", "overdue-institutions 330522 red running", "overdue-institutions 331003 orange running"], (await WarningsAsync(anyone, Pack)).Select(Told));

        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.OpenAsync($"/services/{Pack}/ability-assessment");
        await visitor.SeesAsync("不给人打分");
        await visitor.LooksAsync("elderly-service");
        await visitor.OpenAsync($"/services/{Pack}/ability-assessment/apply");
        await visitor.LooksAsync("elderly-apply");
        await CockpitAsync(visitor, Pack, "养老床位分布", "elderly-cockpit");
    }
}
