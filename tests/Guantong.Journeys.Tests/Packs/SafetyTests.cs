using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.PackPlay;

namespace Guantong.Tests;

/// <summary>Work safety: enterprises graded, drawn, inspected; dangers mended, listed, referred; alarms responded to and reviewed; licences and reports; and what a leader looks at.</summary>
public sealed class SafetyTests
{
    private const string Pack = "safety.production", Zhenhai = "330211", Emergency = "worker-zhenhai-emergency", City = "worker-ningbo-emergency", Fire = "worker-zhenhai-fire", Health = "worker-zhenhai-health",
        Police = "worker-zhenhai-police", Office = "worker-zhenhai", Building = "worker-ningbo-construction", Enforcement = "enforcement-zhenhai";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/safety/production");

    private static async Task<RunningPlatform> StartAsync(string store, TimeProvider clock)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await platform.ApplyAsync("law.administrative-penalty");
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync([new(Enforcement, "演示·镇海执法", "Demo Zhenhai enforcement officer", "official", "zj-enforcement-330211", Zhenhai, ["case-worker", "leader"])]);
        return platform;
    }

    // Those of a dataset's sample rows that are wanted; none of the samples quotes a value.
    private static Task LoadAsync(RunningPlatform platform, string dataset, Func<string[], bool> wanted)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, $"samples/{dataset}.csv"));
        return platform.LoadLinesAsync(Pack, dataset, lines.Skip(1).Where(l => wanted(l.Split(','))).Prepend(lines[0]));
    }

    /// <summary>Who plays, and what they do; time moves by seconds.</summary>
    private sealed class Play(RunningPlatform platform, StandingClock clock) : IAsyncDisposable
    {
        private readonly Dictionary<string, (HttpClient Http, DateTimeOffset Since)> _people = [];
        private readonly List<HttpClient> _past = [];

        // Nobody stays signed in for days.
        public async Task<HttpClient> AsAsync(string login)
        {
            if (_people.TryGetValue(login, out var known) && clock.Now - known.Since < TimeSpan.FromMinutes(10))
                return known.Http;
            _past.Add(await platform.SignInAsync(login));
            return (_people[login] = (_past[^1], clock.Now)).Http;
        }

        public async Task<string> OpenAsync(string login, string matter) =>
            (await (await AsAsync(login)).PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter }).JsonAsync()).GetProperty("id").GetString()!;

        public async Task<HttpStatusCode> TryAsync(string login, string id, string node, object given)
        {
            clock.Now += TimeSpan.FromSeconds(1);
            var status = await RunningPlatform.FinishAsync(await AsAsync(login), id, node, given);
            await platform.RunJobsAsync();
            return status;
        }

        public async Task DoAsync(string login, string id, string node, object given)
        {
            var status = await TryAsync(login, id, node, given);
            Assert.True(status == HttpStatusCode.NoContent, $"{login} {node}: {status}");
        }

        public async Task<JsonElement> FileAsync(string id, string login = Emergency) => await (await AsAsync(login)).GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");

        public async Task<string> OpenTasksAsync(string id, string login = Emergency) =>
            string.Join(' ', (await FileAsync(id, login)).GetProperty("tasks").EnumerateArray().Where(t => t.Text("state") == "open").Select(t => t.Text("node")).Order(StringComparer.Ordinal));

        public async Task<List<string>> CalledAsync(string id, string login = Emergency) => [.. (await FileAsync(id, login)).GetProperty("called").EnumerateArray().OrderBy(c => c.Text("number"), StringComparer.Ordinal).Select(c => c.Text("id")!)];

        public async Task<string> OutcomeAsync(string id, string login = Emergency)
        {
            var one = (await FileAsync(id, login)).GetProperty("case");
            return $"{one.Text("state")} {one.Text("outcome")}";
        }

        // A number's point is marked, so that it begins no list.
        public async Task<string> DocumentAsync(string id, string name, string login = Emergency) =>
            (await FileAsync(id, login)).GetProperty("documents").EnumerateArray().Last(d => d.Text("name") == name).Text("markdown")!.Replace("\\", "", StringComparison.Ordinal);

        public ValueTask DisposeAsync()
        {
            _past.ForEach(http => http.Dispose());
            return ValueTask.CompletedTask;
        }
    }

    private static async Task<(string Number, string Code)> ApplyAsync(HttpClient anyone, string matter, string region, object data)
    {
        var receipt = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/{matter}/applications", new { region, data }).JsonAsync();
        return (receipt.Text("number")!, receipt.Text("code")!);
    }

    private static object Declared(string enterprise, string name, string likelihood) =>
        new { enterprise, party_name = "演示企业", name, work = "设备设施", likelihood, exposure = "每天工作时间内暴露", consequence = "一至二人死亡", control = "联锁报警并双人监护" };

    [Shows("gov-safety")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_enterprise_is_graded_drawn_and_inspected_and_its_major_danger_is_supervised_until_it_is_mended(string store)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock);
        await using var play = new Play(platform, clock);
        await LoadAsync(platform, "enterprise", c => c[4] == Zhenhai);
        using var anyone = platform.Anonymous();
        var worker = await play.AsAsync(Emergency);
        var firms = await RowsAsync(worker, Pack, "enterprise");
        var firm = firms.First(f => f["field"].GetString() == "粉尘涉爆")["code"].GetString()!;
        Assert.Equal("未核定", Assert.Single(await RowsAsync(worker, Pack, "enterprise-risk", $"enterprise={firm}"))["grade"].GetString());

        // Declared: 6 × 6 × 15 = 540 is red. What does not agree with the facts is not confirmed, by an official and with reasons.
        var (declared, _) = await ApplyAsync(anyone, "risk-declare", Zhenhai, Declared(firm, "打磨车间", "相当可能"));
        var (wrong, secret) = await ApplyAsync(anyone, "risk-declare", Zhenhai, Declared(firm, "不存在的装置", "极不可能"));
        await platform.RunJobsAsync();
        await play.DoAsync(Emergency, declared, "verify", new { agreed = true, verify_note = "与现场一致" });
        await play.DoAsync(Emergency, wrong, "verify", new { agreed = false, verify_note = "现场没有这台装置" });
        Assert.Equal(["ended 已核定", "ended 不予核定"], [await play.OutcomeAsync(declared), await play.OutcomeAsync(wrong)]);
        Assert.Contains("D 为 540，等级 **红**", await play.DocumentAsync(declared, "风险点核定书"), StringComparison.Ordinal);
        Assert.Contains("现场没有这台装置", (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{wrong}?code={secret}")).ToString(), StringComparison.Ordinal);
        await FollowAsync(platform);
        Assert.Equal("红", Assert.Single(await RowsAsync(worker, Pack, "enterprise-risk", $"enterprise={firm}"))["grade"].GetString());
        Assert.Equal(1, Assert.Single(await RowsAsync(anyone, Pack, "risk-count", "grade=红"))["firms"].GetInt32());

        // The number that was drawn in public says who is inspected: every red one.
        var plan = await play.OpenAsync(Emergency, "inspection-plan");
        await play.DoAsync(Emergency, plan, "seed_task", new { quarter = "2026-10-01", seed = 271828, teams = 3, drawn_how = "在区政务服务大厅当众抽取，公证处见证" });
        await FollowAsync(platform);
        var chosen = Assert.Single(await RowsAsync(worker, Pack, "draw", "quarter=2026-10-01"), r => r["chosen"].GetBoolean() && r["grade"].GetString() == "红");
        Assert.Equal(firm, chosen["enterprise"].GetString());
        await play.DoAsync(Emergency, plan, "list", new { published = true, firms = new[] { new { enterprise = firm, party_name = "演示企业", field = "粉尘涉爆", team = chosen["team"].GetInt32() } } });
        var inspection = Assert.Single(await play.CalledAsync(plan));
        object Found(string item) => new { item, place = "打磨车间", detail = "现场查见" };
        await play.DoAsync(Emergency, inspection, "inspect", new { enterprise = firm, party_name = "演示企业", field = "粉尘涉爆", origin = "双随机抽查", inspected_on = "2026-11-02", two_officers = true, @checked = new[] { "设备设施和检验" }, finding = "发现三项隐患",
            dangers = new[] { Found("安全警示标志缺失"), Found("粉尘爆炸危险场所内设有人员聚集场所"), Found("有限空间作业未审批、未检测或者无人监护") } });
        Assert.Contains("发现隐患 3 项", await play.DocumentAsync(inspection, "现场检查记录"), StringComparison.Ordinal);
        if (await play.CalledAsync(inspection) is not [var general, var major, var stubborn])
            throw new InvalidOperationException("Each danger has a case of its own.");

        // A term longer than the rules allow is the longest that they do: 15 days, or 60.
        foreach (var (danger, days, until) in ((string, int, string)[])[(general, 30, "2026-11-17"), (major, 10, "2026-11-12"), (stubborn, 90, "2027-01-01")])
        {
            await play.DoAsync(Emergency, danger, "order_task", new { days, measures = "按标准整改", stop_work = danger != general });
            Assert.Contains($"于 {until} 前整改完毕", await play.DocumentAsync(danger, "责令限期整改指令书"), StringComparison.Ordinal);
        }
        // Looked at before it is due, it is looked at again; past its term a general one is ordered anew, and mended.
        await play.DoAsync(Emergency, general, "recheck", new { rechecked_on = "2026-11-10", mended = false, recheck_note = "标志还没有到货" });
        Assert.Equal("recheck", await play.OpenTasksAsync(general));
        clock.Now += TimeSpan.FromDays(16);
        await play.DoAsync(Emergency, general, "recheck", new { rechecked_on = "2026-11-18", mended = false, recheck_note = "标志还没有到货" });
        await play.DoAsync(Emergency, general, "order_task", new { days = 5, measures = "设置警示标志", stop_work = false });
        await play.DoAsync(Emergency, general, "recheck", new { rechecked_on = "2026-11-22", mended = true, recheck_note = "标志齐全" });
        Assert.Equal("ended 已销号", await play.OutcomeAsync(general));

        // A major one goes to the city, where the county sees and decides nothing.
        await play.DoAsync(Emergency, major, "recheck", new { rechecked_on = "2026-11-18", mended = false, recheck_note = "休息室还在车间内" });
        var board = Assert.Single(await play.CalledAsync(major, City));
        var listing = new { reason = "逾期未整改", listed_on = "2026-11-21", board_term = "2026-12-31", requirement = "拆除车间内休息室" };
        Assert.Equal(HttpStatusCode.NotFound, (await (await play.AsAsync(Emergency)).GetAsync($"/api/v1/cases/{board}")).StatusCode);
        await play.DoAsync(City, board, "list", listing);
        Assert.Equal("督办中", Assert.Single(await RowsAsync(anyone, Pack, "listed-danger"))["state"].GetString());
        await play.DoAsync(City, board, "watch", new { progress = "正在拆除", cut = false });
        await play.DoAsync(City, board, "verify", new { verified_on = "2026-12-20", lifted = true, lift_note = "已经拆除" });
        Assert.Equal("ended 已销号", await play.OutcomeAsync(major));
        Assert.Equal("已摘牌", Assert.Single(await RowsAsync(anyone, Pack, "listed-danger"))["state"].GetString());

        // One that is not mended there either is a case of the penalty pack, and stays open.
        await play.DoAsync(Emergency, stubborn, "recheck", new { rechecked_on = "2027-01-02", mended = false, recheck_note = "拒不整改" });
        board = Assert.Single(await play.CalledAsync(stubborn, City));
        await play.DoAsync(City, board, "list", listing);
        await play.DoAsync(City, board, "watch", new { progress = "拒不执行停产决定", cut = true, cut_note = "提前二十四小时书面通知供电公司" });
        await play.DoAsync(City, board, "verify", new { verified_on = "2026-12-20", lifted = false, lift_note = "仍未整改" });
        var penalty = (await play.CalledAsync(stubborn, City)).Single(c => c != board);
        var referred = (await play.FileAsync(penalty, Enforcement)).GetProperty("case");
        Assert.Equal(("law.administrative-penalty", "penalty-case"), (referred.Text("pack"), referred.Text("matter")));
        Assert.Equal("file", await play.OpenTasksAsync(penalty, Enforcement));

        // The record of it: two mended, if late; one overdue, which lifts the grade of whoever is not red already.
        worker = await play.AsAsync(Emergency);
        await FollowAsync(platform);
        var rows = (await RowsAsync(worker, Pack, "danger")).OrderBy(r => r["number"].GetString(), StringComparer.Ordinal).Select(r => $"{r["grade"]} {r["mended_on"]} {r["overdue"]}").ToList();
        Assert.Equal(["一般 2026-11-22 True", "重大 2026-12-20 True", "重大  True"], rows.Select(r => r.Replace("T00:00:00", "", StringComparison.Ordinal)));
        Assert.Contains("重大隐患逾期 1 项", Assert.Single(await RowsAsync(worker, Pack, "enterprise-risk", $"enterprise={firm}"))["why"].GetString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_call_starts_a_response_by_the_grade_of_the_accident_and_its_lessons_are_kept(string store)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock);
        await using var play = new Play(platform, clock);
        await LoadAsync(platform, "resource", c => c[3] == Zhenhai);
        var worker = await play.AsAsync(Emergency);
        var resources = await RowsAsync(worker, Pack, "resource");
        var sent = resources.Where(r => r["kind"].GetString() is "救援队伍" or "应急装备").Take(2).Select(r => new { resource = r["resource"].GetString(), task = "堵漏" }).ToList();

        var call = await play.OpenAsync(Emergency, "phone-alarm");
        await play.DoAsync(Emergency, call, "take", new { source = "事故单位", place = "演示化工罐区", field = "危险化学品", what = "储罐法兰泄漏" });
        var id = Assert.Single(await play.CalledAsync(call));
        await play.DoAsync(Emergency, id, "verify", new { real = true, verify_note = "现场确认", place = "演示化工罐区", field = "危险化学品", hazard = "泄漏", deaths = 0, injured = 1, trapped = 4, loss = 20 });
        Assert.Equal("aid cordon rescue send up", await play.OpenTasksAsync(id));
        var flash = await play.DocumentAsync(id, "生产安全事故信息报告");
        Assert.Contains("一般事故；三级响应，由设区的市人民政府启动", flash, StringComparison.Ordinal);
        Assert.Contains($"队伍 {resources.Count(r => r["kind"].GetString() == "救援队伍" && r["ready"].GetBoolean())} 支", flash, StringComparison.Ordinal);
        Assert.Contains("第三条第四项", flash, StringComparison.Ordinal);
        clock.Now += TimeSpan.FromMinutes(11);
        // The brigade's task is the brigade's.
        Assert.Equal(HttpStatusCode.Forbidden, await play.TryAsync(Emergency, id, "rescue", new { rescue_log = "到场处置" }));
        async Task RespondAsync(object[] goes)
        {
            await play.DoAsync(Emergency, id, "send", new { sent = goes });
            await play.DoAsync(Emergency, id, "up", new { reported_to = "宁波市应急管理局", in_time = true });
            await play.DoAsync(Fire, id, "rescue", new { rescue_log = "关阀堵漏" });
            await play.DoAsync(Health, id, "aid", new { medical_log = "送医一人" });
            await play.DoAsync(Police, id, "cordon", new { cordon_log = "周边五百米警戒", moved = 120 });
        }
        await RespondAsync([sent[0]]);
        // It gets worse: three deaths are a larger accident, reported anew, and more is sent.
        await play.DoAsync(Emergency, id, "judge", new { under_control = false, situation_note = "二次泄漏", deaths = 3, injured = 1, trapped = 0, loss = 300 });
        flash = await play.DocumentAsync(id, "生产安全事故信息报告");
        Assert.Contains("较大事故；三级响应", flash, StringComparison.Ordinal);
        Assert.Contains("第 2 次报告", flash, StringComparison.Ordinal);
        await RespondAsync([sent[1]]);
        await play.DoAsync(Emergency, id, "judge", new { under_control = true, situation_note = "已经堵漏", deaths = 3, injured = 1, trapped = 0, loss = 350 });
        await play.DoAsync(Emergency, id, "review", new { worked = "先期关阀", failed = "切断阀没有动作", lessons = new[] { new { cause = "设备失效", lesson = "切断阀没有动作", advice = "纳入月度测试" }, new { cause = "管理缺失", lesson = "外包没有统一管理", advice = "统一审批" } } });
        Assert.Equal(["ended 响应结束", "ended 响应结束"], [await play.OutcomeAsync(id), await play.OutcomeAsync(call)]);
        Assert.Contains("报警到出动 12 分钟，报告 2 次", await play.DocumentAsync(id, "应急响应总结评估报告"), StringComparison.Ordinal);

        // Numbers are public; of whom, nothing is anywhere.
        using var anyone = platform.Anonymous();
        var accident = Assert.Single(await RowsAsync(anyone, Pack, "accident"));
        Assert.Equal("较大事故 3 1", $"{accident["grade"]} {accident["deaths"]} {accident["injured"]}");
        Assert.Equal(["纳入月度测试", "统一审批"], (await RowsAsync(anyone, Pack, "lesson")).OrderBy(r => r["item_no"].GetInt32()).Select(r => r["advice"].GetString()));
        Assert.Equal("三级响应 12", Assert.Single(await RowsAsync(worker, Pack, "response")) is var response ? $"{response["level"]} {response["minutes"].GetDouble()}" : "");
        Assert.Equal(2, (await RowsAsync(worker, Pack, "dispatch")).Count);

        // A false alarm has its explanation and no accident.
        call = await play.OpenAsync(Emergency, "phone-alarm");
        await play.DoAsync(Emergency, call, "take", new { source = "群众", place = "演示路", field = "有限空间", what = "闻到异味" });
        id = Assert.Single(await play.CalledAsync(call));
        await play.DoAsync(Emergency, id, "verify", new { real = false, verify_note = "垃圾清运的气味" });
        Assert.Equal("ended 误报", await play.OutcomeAsync(id));
        Assert.Single(await RowsAsync(anyone, Pack, "accident"));
    }

    [Fact]
    public async Task A_licence_is_granted_or_refused_with_reasons_and_a_reported_danger_is_answered()
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync("sqlite", clock);
        await using var play = new Play(platform, clock);
        await LoadAsync(platform, "enterprise", c => c[4] == Zhenhai);
        using var anyone = platform.Anonymous();
        var firm = (await RowsAsync(await play.AsAsync(Emergency), Pack, "enterprise"))[0]["code"].GetString()!;

        async Task<(string, string)> LicenceAsync(string field, bool heads)
        {
            var basket = new Dictionary<string, string[]>();
            string? id = null;
            foreach (var material in (string[])["duties", "passed", "plan", .. field == "建筑施工" ? Array.Empty<string>() : ["assessment"]])
                id = (await anyone.SendAsync($"/api/v1/services/{Pack}/safety-licence/files?field=material:{material}&name={material}.pdf", Sheets.Pdf(), id).JsonAsync()).Text("basket");
            var data = new { enterprise = firm, party_name = "演示企业", field, kind = "首次申请", scope = "示例产品", duty = true, invest = true, office = true, heads, operators = true, insured = true, assessed = true, planned = true };
            var receipt = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/safety-licence/applications", new { region = "330200", files = id, data }).JsonAsync();
            return (receipt.Text("number")!, receipt.Text("code")!);
        }
        var (granted, _) = await LicenceAsync("危险化学品", heads: true);
        var (refused, code) = await LicenceAsync("建筑施工", heads: false);
        foreach (var (number, login) in ((string, string)[])[(granted, City), (refused, City)])
            Assert.Equal("204", await (await play.AsAsync(login)).PostAsJsonAsync($"/api/v1/cases/{number}/acceptance/accept", new { }).ToldAsync());
        await platform.RunJobsAsync();
        clock.Now += TimeSpan.FromMinutes(1);
        await play.DoAsync(City, granted, "review", new { site_visited = true, issue = true, review_reason = "条件符合" });
        // Builders are the construction bureau's.
        Assert.Equal("review_building", await play.OpenTasksAsync(refused, City));
        await play.DoAsync(Building, refused, "review_building", new { site_visited = false, issue = false, review_reason = "主要负责人没有考核合格，不符合第六条第四项" });
        Assert.Equal(["ended 准予许可", "ended 不予许可"], [await play.OutcomeAsync(granted, City), await play.OutcomeAsync(refused, City)]);
        Assert.Contains("有效期至 2029-11-02", await play.DocumentAsync(granted, "安全生产许可决定书", City), StringComparison.Ordinal);
        var letter = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{refused}?code={code}")).GetProperty("documents").EnumerateArray().Last(d => d.Text("name") == "不予安全生产许可决定书").Text("markdown")!.Replace("\\", "", StringComparison.Ordinal);
        Assert.All((string[])["主要负责人没有考核合格", "缺少的条件：主要负责人和安全管理人员考核合格", "行政复议"], said => Assert.Contains(said, letter, StringComparison.Ordinal));

        // Reported without a name: where somebody died the government looks into it; unfounded ones are answered too.
        var (report, secret) = await ApplyAsync(anyone, "danger-report", Zhenhai, new { field = "有限空间", site = "演示印染厂", seen_on = "2026-11-01", what = "污水池作业没有人监护", death = true });
        var (other, _) = await ApplyAsync(anyone, "danger-report", Zhenhai, new { field = "特种设备", site = "演示商场", seen_on = "2026-11-01", what = "电梯异响", death = false });
        await platform.RunJobsAsync();
        await play.DoAsync(Emergency, other, "check", new { substantiated = false, finding = "维保记录和检验合格" });
        Assert.Equal("ended 不属实", await play.OutcomeAsync(other));
        await play.DoAsync(Office, report, "check_office", new { substantiated = true, finding = "作业没有审批和监护", item = "有限空间作业未审批、未检测或者无人监护", party_name = "演示印染厂", found_on = "2026-11-02" });
        var danger = Assert.Single(await play.CalledAsync(report));
        await play.DoAsync(Emergency, danger, "order_task", new { days = 10, measures = "落实审批和监护", stop_work = true });
        await play.DoAsync(Emergency, danger, "recheck", new { rechecked_on = "2026-11-10", mended = true, recheck_note = "制度和器材齐全" });
        Assert.Equal("ended 已答复", await play.OutcomeAsync(report));
        var told = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{report}?code={secret}");
        Assert.Equal(["举报答复书", "举报答复书"], told.GetProperty("documents").EnumerateArray().Select(d => d.Text("name")!));
        Assert.Contains("制度和器材齐全", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_the_generated_rows_come_figures_warnings_and_their_cases_and_leaders_and_the_public_see_them()
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync("sqlite", clock);
        var pack = platform.Services.GetRequiredService<PackRegistry>().Find(Pack)!;
        await platform.Services.GetRequiredService<ClosedLoop>().LoadSamplesAsync(pack, Folder, TestContext.Current.CancellationToken);
        using var anyone = platform.Anonymous();
        using var leader = await platform.SignInAsync("leader");

        // By hand, from the file: those of 2026 mended in term, of those mended or overdue.
        var due = File.ReadLines(Path.Combine(Folder, "samples/danger.csv")).Skip(1).Select(l => l.Split(',')).Where(c => c[6].StartsWith("2026", StringComparison.Ordinal) && (c[8].Length > 0 || c[9] == "true")).ToList();
        Assert.Equal(100.0 * due.Count(c => c[8].Length > 0 && c[9] == "false") / due.Count, await FigureAsync("dangers-in-term"), 6);
        Assert.InRange(await FigureAsync("high-risk-share"), 10, 30);
        Assert.InRange(await FigureAsync("control-index"), 60, 100);
        Assert.Equal(File.ReadLines(Path.Combine(Folder, "samples/accident.csv")).Count(l => l.Contains(",2026-", StringComparison.Ordinal)), await FigureAsync("accidents"));

        async Task<double> FigureAsync(string indicator) => (await leader.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/{indicator}/values?period=year&region=330000")).EnumerateArray().Single(v => v.Text("at") == "2026-01-01").GetProperty("value").GetDouble();

        // What was written into them: two counties with majors overdue, a leak, two flickering sensors, two counties that inspect too little.
        var warnings = (await leader.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?pack={Pack}&take=100")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["overdue-majors 330424 orange True", "overdue-majors 330783 red True", "sensor-alarms 330211 red True", "sensor-alarms 330521 yellow False", "sensor-alarms 331082 yellow False"],
            warnings.Where(w => w.Text("indicator") != "inspected-share").Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Text("indicator")} {w.Text("region")} {w.Text("level")} {w.Text("caseId") is not null}")).Order(StringComparer.Ordinal));
        var idle = warnings.Where(w => w.Text("indicator") == "inspected-share").Select(w => w.Text("region")).Distinct().ToList();
        Assert.Equal(["330304", "330727"], idle.Order(StringComparer.Ordinal));

        // A value outside its range is turned away by file and line; addresses and readings that are missing are found, keys that lead nowhere are not there.
        var warehouse = platform.Services.GetRequiredService<Warehouse>();
        Assert.True(warehouse.RowCount(Pack, "reading") < File.ReadLines(Path.Combine(Folder, "samples/reading.csv")).Count() - 1);
        var failed = pack.Datasets.SelectMany(d => QualityView.Last(warehouse, Pack, d.Id).Where(r => !r.Passed && r.Rule != "fresh").Select(r => $"{d.Id} {r.Rule} {r.Field} {r.Grade}")).ToList();
        Assert.Contains("enterprise complete address warning", failed);
        Assert.DoesNotContain(failed, f => f.EndsWith("error", StringComparison.Ordinal));

        foreach (var screen in (Screen[])[Screen.Desktop, Screen.Phone])
        {
            await using var visitor = await Visitor.ComeAsync(platform, screen);
            var page = visitor.Page;
            foreach (var matter in (string[])["danger-report", "safety-licence", "risk-declare"])
            {
                await visitor.OpenAsync($"/services/{Pack}/{matter}/apply");
                await visitor.LooksAsync($"safety-{matter}-apply");
            }
            await visitor.OpenAsync("/language?to=en&back=/");
            await visitor.OpenAsync($"/services/{Pack}/safety-licence");
            await visitor.SeesAsync("45 days");
            await visitor.LooksAsync("safety-licence-en");
            await visitor.OpenAsync("/language?to=zh-CN&back=/");
            await CockpitAsync(visitor, Pack, "红橙色企业分布", "safety-cockpit");
        }
    }
}
