using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.PackPlay;

namespace Guantong.Tests;

/// <summary>Signals from counts and lots of vaccines: several sources at once are verified, answered by grade and ended after two quiet weeks; a lot that froze is held, never released, recalled until none is out, and destroyed.</summary>
public sealed class EpidemicTests
{
    private const string Pack = "health.epidemic", Tonglu = "330122", Point = "LL330122A", Lot = "YM202601";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/health/epidemic");

    private static readonly Person[] People =
    [
        Official("tonglu-health", "zj-health-330122"), Official("tonglu-health-b", "zj-health-330122"), Official("tonglu-education", "zj-education-330122"),
        Official("tonglu-market", "zj-market-regulation-330122"), Official("tonglu-office", "zj-government-office-330122"), Official("ninghai-health", "zj-health-330226"),
    ];

    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        return platform;
    }

    private static async Task CountsAsync(RunningPlatform platform, int visits, int absences, int packs, params string[] weeks)
    {
        await platform.LoadLinesAsync(Pack, "pharmacy-week", ["region,week_on,syndrome,packs,shops", .. weeks.Select(w => $"{Tonglu},{w},流感样,{packs},90")]);
        await platform.LoadLinesAsync(Pack, "school-week", ["region,week_on,syndrome,absences,enrolled", .. weeks.Select(w => $"{Tonglu},{w},流感样,{absences},30000")]);
        await platform.LoadLinesAsync(Pack, "clinic-week", ["region,week_on,syndrome,visits,reporting", .. weeks.Select(w => $"{Tonglu},{w},流感样,{visits},6")]);
        await platform.RunJobsAsync();
    }

    [Shows("gov-epidemic", Lacks = "imported cold-chain food, testing capacity, medical rescue beyond beds, teams and kits, reports from a city up to the province")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_signal_from_several_sources_is_verified_answered_and_ended_and_a_frozen_lot_is_recalled_and_destroyed(string store)
    {
        await using var platform = await StartAsync(store);
        using var health = await platform.SignInAsync("tonglu-health");
        using var colleague = await platform.SignInAsync("tonglu-health-b");
        using var education = await platform.SignInAsync("tonglu-education");
        using var market = await platform.SignInAsync("tonglu-market");
        using var office = await platform.SignInAsync("tonglu-office");
        using var anyone = platform.Anonymous();
        await platform.LoadLinesAsync(Pack, "resource", "region,beds,beds_free,teams_total,teams_free,kits_free,counted_on", $"{Tonglu},80,20,6,3,500,2026-10-10");
        await CountsAsync(platform, 100, 40, 50, "2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28", "2026-10-05");
        Assert.Empty(await WarningsAsync(anyone, Pack));

        // By hand: 180 ÷ 100 and 84 ÷ 40; two sources at once are yellow.
        await CountsAsync(platform, 180, 84, 50, "2026-10-12");
        var warning = Assert.Single(await WarningsAsync(anyone, Pack));
        Assert.Equal($"signal-rank {Tonglu} yellow running", Told(warning));
        var id = warning.Text("caseId")!;
        var verified = new { week_on = "2026-10-12", syndrome = "流感样", finding = "需要响应", tested = 40, positives = 12, verify_note = "两家门诊和三所学校同时增多（合成）" };
        await DoAsync(platform, health, id, "verify", verified with { week_on = "2026-10-13" });
        Assert.Equal("verify", Open(await FileAsync(health, id)));
        await DoAsync(platform, health, id, "verify", verified);
        Assert.Contains("发热门诊 1.8 倍、学校缺勤 2.1 倍", Document(await FileAsync(health, id), "疫情警示信息通报"), StringComparison.Ordinal);

        // Neither more than the signal bears nor more than there is to send.
        var plan = new { response_grade = "Ⅳ级", beds = 10, teams = 1, kits = 100, school_act = true, tip = true, plan_note = "开放两个诊区，补充物资（合成）" };
        foreach (var wrong in new[] { plan with { response_grade = "报请上级启动" }, plan with { beds = 21 } })
        {
            await DoAsync(platform, health, id, "plan", wrong);
            Assert.Equal("plan", Open(await FileAsync(health, id)));
        }
        await DoAsync(platform, health, id, "plan", plan);
        var yes = new { approved = true, approve_note = "同意（合成）" };
        Assert.Equal(HttpStatusCode.Forbidden, await RunningPlatform.FinishAsync(health, id, "approve", yes));
        await DoAsync(platform, office, id, "approve", yes with { approved = false, approve_note = "写明诊区（合成）" });
        await DoAsync(platform, health, id, "plan", plan);
        await DoAsync(platform, office, id, "approve", yes);
        Assert.Equal("dispatch school_do", Open(await FileAsync(health, id)));
        Assert.Contains("也不要求任何人报告行踪", Document(await FileAsync(health, id), "健康风险提示"), StringComparison.Ordinal);
        await DoAsync(platform, health, id, "dispatch", new { beds_sent = 10, teams_sent = 1, kits_sent = 100, dispatch_note = "当天到位（合成）" });
        await DoAsync(platform, education, id, "school_do", new { schools = 12, school_note = "晨检和消毒落实（合成）" });

        // Red a week later: no response is too little, those above are asked.
        async Task AssessAsync(string week) => await DoAsync(platform, health, id, "assess", new { week_on = week, assess_note = "看各来源（合成）" });
        await CountsAsync(platform, 350, 150, 110, "2026-10-19");
        await AssessAsync("2026-10-19");
        var none = plan with { beds = 0, teams = 0, kits = 0, school_act = false, tip = false };
        await DoAsync(platform, health, id, "plan", none with { response_grade = "不启动" });
        Assert.Equal("plan", Open(await FileAsync(health, id)));
        await DoAsync(platform, health, id, "plan", none with { response_grade = "报请上级启动" });
        await DoAsync(platform, office, id, "approve", yes);
        await DoAsync(platform, office, id, "upper_do", new { upper_says = "上级已启动", upper_note = "按上级要求落实（合成）" });

        // It ends after two different quiet weeks: one week counts once.
        await CountsAsync(platform, 120, 45, 50, "2026-10-26");
        await AssessAsync("2026-10-26");
        await AssessAsync("2026-10-26");
        Assert.Equal("assess", Open(await FileAsync(health, id)));
        await CountsAsync(platform, 110, 42, 50, "2026-11-02");
        await AssessAsync("2026-11-02");
        await DoAsync(platform, office, id, "evaluate", new { effect = "有效", lessons = "调派当天到位，学校数据晚了一天（合成）" });
        var file = await platform.EndedAsync(health, id);
        Assert.Equal("响应终止", file.GetProperty("case").Text("outcome"));
        Assert.Contains("经 2 轮", Document(file, "响应终止和评估报告"), StringComparison.Ordinal);
        var row = Assert.Single(await RowsAsync(anyone, Pack, "response"));
        Assert.Equal("黄 报请上级启动 2 10", $"{row["first_level"]} {row["response_grade"]} {row["rounds"]} {row["beds_sent"]}");
        await FollowAsync(platform);
        Assert.EndsWith("ended", Told(Assert.Single(await WarningsAsync(anyone, Pack))), StringComparison.Ordinal);

        // A vaccination unit reports that a fridge froze. By hand: 200 delivered, 40 used, 100 back; 60 are out.
        await platform.LoadLinesAsync(Pack, "point", "point,point_name,kind,credit,devices,region", $"{Point},演示桐庐县疾控冷库,疾控冷库,12330122YY8400309M,3,{Tonglu}");
        await platform.LoadLinesAsync(Pack, "lot", "lot,product,maker,storage,freeze_sensitive,lot_doses,valid_until,certificate", $"{Lot},演示甲型疫苗,演示生物制品有限公司,冷藏,true,100000,2027-06-01,演示批签20260001");
        await platform.LoadLinesAsync(Pack, "delivery", "number,lot,point,doses,day", $"PS1,{Lot},{Point},200,2026-10-01");
        await platform.LoadLinesAsync(Pack, "lot-use", "number,lot,point,used,returned,day", $"SY1,{Lot},{Point},40,100,2026-10-31");
        var report = new { party = "演示桐庐县疾控中心", code = "12330122YY8400309M", point = Point, lot = Lot, begun_on = "2026-10-30", minutes = 90, highest = 6.0, lowest = -1.5, record_full = true, doses = 160, report_note = "温控器故障，已经隔离存放（合成）" };
        var service = $"/api/v1/services/{Pack}/lot-report/applications";
        async Task<string> ReportedAsync(object data)
        {
            var receipt = await anyone.PostAsJsonAsync(service, new { region = Tonglu, data }).JsonAsync();
            await platform.RunJobsAsync();
            return receipt.Text("number")!;
        }

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anyone.PostAsJsonAsync(service, new { region = Tonglu, data = report with { code = "92330122MAYY000010" } })).StatusCode);
        Assert.Equal("没有登记", (await platform.EndedAsync(health, await ReportedAsync(report with { lot = "YM209999" }))).GetProperty("case").Text("outcome"));
        var number = await ReportedAsync(report);
        await DoAsync(platform, health, number, "check", new { substantiated = true, check_note = "看过记录仪（合成）" });
        Assert.Equal("已登记", (await platform.EndedAsync(health, number)).GetProperty("case").Text("outcome"));
        await FollowAsync(platform);
        await platform.RunJobsAsync();
        var red = Assert.Single(await WarningsAsync(anyone, Pack), w => w.Text("indicator") == "excursion-rank");
        Assert.Equal($"excursion-rank {Tonglu} red running", Told(red));
        id = red.Text("caseId")!;
        var hold = new { excursion = number, held_doses = 60, signs_up = true, hold_note = "单独存放，贴封条（合成）" };
        await DoAsync(platform, health, id, "hold", hold with { excursion = "YC330122999" });
        Assert.Equal("hold", Open(await FileAsync(health, id)));
        await DoAsync(platform, health, id, "hold", hold);
        Assert.Contains("怕冻的到过 -1.5 ℃", Document(await FileAsync(health, id), "疫苗封存通知"), StringComparison.Ordinal);
        await DoAsync(platform, market, id, "opinion", new { maker_opinion = "可以继续使用", assessed_on = "2026-11-02", opinion_note = "稳定性报告（合成）" });

        // Whoever held it does not decide, and what froze is not released whatever the holder says.
        var destroy = new { fate = "销毁", dispose_reason = "冻过，不能使用（合成）" };
        Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(health, id, "dispose", destroy));
        await DoAsync(platform, colleague, id, "dispose", destroy with { fate = "放行", dispose_reason = "持有人同意（合成）" });
        Assert.Equal("dispose", Open(await FileAsync(health, id)));
        await DoAsync(platform, colleague, id, "dispose", destroy);
        var recalled = new { told_points = 1, recall_note = "逐点清点（合成）" };
        await DoAsync(platform, health, id, "recall", recalled);
        Assert.Equal("recall", Open(await FileAsync(health, id)));
        await platform.LoadLinesAsync(Pack, "lot-use", "number,lot,point,used,returned,day", $"SY2,{Lot},{Point},0,60,2026-11-01");
        await DoAsync(platform, health, id, "recall", recalled);
        var destroyed = new { destroyed_doses = 150, destroyed_on = "2026-11-02", two_officers = true, destroy_note = "按医疗废物处置（合成）" };
        await DoAsync(platform, market, id, "destroy", destroyed);
        Assert.Equal("destroy", Open(await FileAsync(market, id)));
        await DoAsync(platform, market, id, "destroy", destroyed with { destroyed_doses = 160 });
        file = await platform.EndedAsync(health, id);
        Assert.Equal("已销毁", file.GetProperty("case").Text("outcome"));
        Assert.Contains("送到 200 剂，用掉 40 剂，收回 160 剂，没有收回 0 剂", Document(file, "批次销毁报告"), StringComparison.Ordinal);
        row = Assert.Single(await RowsAsync(anyone, Pack, "lot-case"));
        Assert.Equal("红 销毁 160", $"{row["first_level"]} {row["fate"]} {row["destroyed_doses"]}");
    }

    [Fact]
    public async Task What_has_a_known_cause_or_may_be_used_ends_without_burden_and_a_leader_sees_signals_and_lots_on_a_map()
    {
        await using var platform = await StartAsync("sqlite");
        await SamplesAsync(platform, Pack, Folder, "point", "excursion");
        await platform.RunJobsAsync();
        using var anyone = platform.Anonymous();
        var warnings = await WarningsAsync(anyone, Pack);
        Assert.Equal(["excursion-rank 330122 yellow running", "excursion-rank 330424 orange running", "excursion-rank 331083 red running",
            "signal-rank 330226 yellow running", "signal-rank 330329 yellow running", "signal-rank 330424 blue running", "signal-rank 330921 orange running", "signal-rank 331083 red running"], warnings.Select(Told));

        using var ninghai = await platform.SignInAsync("ninghai-health");
        var known = warnings[3].Text("caseId")!;
        await DoAsync(platform, ninghai, known, "verify", new { week_on = "2026-10-26", syndrome = "流感样", finding = "已知原因", tested = 0, positives = 0, verify_note = "开学后的季节性升高（合成）" });
        Assert.Equal("不用响应", (await platform.EndedAsync(ninghai, known)).GetProperty("case").Text("outcome"));

        using var health = await platform.SignInAsync("tonglu-health");
        using var colleague = await platform.SignInAsync("tonglu-health-b");
        using var market = await platform.SignInAsync("tonglu-market");
        var lot = warnings[0].Text("caseId")!;
        await DoAsync(platform, health, lot, "hold", new { excursion = "YC330122900", held_doses = 100, signs_up = true, hold_note = "隔离存放（合成）" });
        await DoAsync(platform, market, lot, "opinion", new { maker_opinion = "可以继续使用", assessed_on = "2026-11-02", opinion_note = "在稳定性数据以内（合成）" });
        await DoAsync(platform, colleague, lot, "dispose", new { fate = "放行", dispose_reason = "持有人评估可以使用（合成）" });
        var file = await platform.EndedAsync(health, lot);
        Assert.Equal("已放行", file.GetProperty("case").Text("outcome"));
        Assert.Contains("冷藏偏离 3.5 ℃，50 分钟", Document(file, "疫苗放行通知"), StringComparison.Ordinal);

        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.OpenAsync($"/services/{Pack}/lot-report");
        await visitor.SeesAsync("先隔离存放、设置警示标志");
        await visitor.LooksAsync("epidemic-service");
        await CockpitAsync(visitor, Pack, "疫情信号二十四小时核实率", "epidemic-cockpit");
    }
}
