using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Guantong.Tests.PackPlay;

namespace Guantong.Tests;

/// <summary>An enterprise assesses itself, is matched to solutions, diagnosed by a provider without an interest, objects and accepts; a case is shown, objected to and chosen; of regions there is an index, and of fewer than five nothing.</summary>
public sealed class SmartManufacturingTests
{
    private const string Pack = "economy.smart-manufacturing", Xiaoshan = "330109", City = "330100", Economy = "worker-xiaoshan-economy", Colleague = "worker-xiaoshan-economy-b";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/economy/smart-manufacturing");

    private static readonly string[] Domains = ["strategy", "skills", "data_use", "integration", "security", "equipment", "network", "design", "craft", "purchase", "schedule", "operation", "device", "storage", "safety", "energy", "logistics", "sales", "customer", "product"];

    private static readonly string[] Firm = Sample("enterprise").First(r => r[4] == Xiaoshan && r[2].Length > 0);

    private static readonly string Code = Firm[0], Whom = "organisation:" + Firm[0];

    // Of the sample's providers the first three diagnose; the first is given an interest in the enterprise.
    private static readonly string[] Providers = [.. Sample("provider").Take(3).Select(r => r[0])];

    private static List<string[]> Sample(string dataset) => [.. File.ReadLines(Path.Combine(Folder, $"samples/{dataset}.csv")).Skip(1).Select(l => l.Split(','))];

    private static async Task<RunningPlatform> StartAsync(string store, StandingClock clock)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync([.. from login in (string[])["city-economy", "city-economy-b"] select new Person(login, "演示·" + login, "Demo " + login, "official", $"zj-economy-it-{City}", City, ["case-worker"])]);
        return platform;
    }

    private static async Task<RunningPlatform> ToldAsync(string store, StandingClock clock)
    {
        var platform = await StartAsync(store, clock);
        await platform.LoadLinesAsync(Pack, "enterprise", "code,name,industry,size,region,started", string.Join(',', Firm));
        await platform.LoadLinesAsync(Pack, "provider", File.ReadLines(Path.Combine(Folder, "samples/provider.csv")));
        await platform.LoadLinesAsync(Pack, "provider-tie", "provider,enterprise,tie,since", $"{Providers[0]},{Code},近三年供货,2026-01-01");
        await platform.LoadLinesAsync(Pack, "solution", "solution,solution_name,provider,domain,fits_industry,from_level,to_level,cost,effect",
            $"FA1,演示通用联网,{Providers[1]},资源,通用,1,3,18,在线率提高", $"FA2,演示行业数控,{Providers[1]},资源,{Firm[2]},1,2,30,关键工序数控化", $"FA3,演示进阶联网,{Providers[1]},资源,通用,2,4,20,在线率提高", $"FA4,演示整线改造,{Providers[1]},资源,通用,1,3,200,整线联网");
        using var keeper = await platform.SignInAsync("duty");
        Assert.Equal("201", await keeper.PostAsJsonAsync("/api/v1/organisations", new { code = Code, name = Firm[1], kind = "enterprise", region = Xiaoshan, representative = "enterprise-a" }).ToldAsync());
        return platform;
    }

    private static Dictionary<string, object> Answers(string all, params (string Domain, string Step)[] others)
    {
        var given = Domains.ToDictionary(d => d, _ => (object)all);
        foreach (var (domain, step) in others)
            given[domain] = step;
        return given;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient who, string matter, object data, string region = Xiaoshan) =>
        who.PostAsJsonAsync($"/api/v1/services/{Pack}/{matter}/applications", new { region, @for = Whom, data });

    // Nobody stays signed in for days: each act is signed in anew.
    private static async Task<string> ApplyAsync(RunningPlatform platform, string matter, object data, string region = Xiaoshan)
    {
        Later(platform);
        using var who = await platform.SignInAsync("enterprise-a");
        var number = (await SendAsync(who, matter, data, region).JsonAsync()).Text("number")!;
        await platform.RunJobsAsync();
        return number;
    }

    // What is done one after the other is told apart by its time.
    private static void Later(RunningPlatform platform, TimeSpan? by = null) => ((StandingClock)platform.Services.GetRequiredService<TimeProvider>()).Now += by ?? TimeSpan.FromSeconds(1);

    private static object Assigned(string provider, int group) => new { provider, group_no = group, tie_declared = false, assign_note = "按需求委派（合成）" };

    private static object Visited(string findings) =>
        new { visited_on = "2026-11-12", found_level = 1, found_weak = "资源", findings, recommended = new[] { new { project = "关键设备联网", project_domain = "资源", cost = 30 }, new { project = "岗位技能地图", project_domain = "人员", cost = 6 } } };

    [Shows("econ-smart-manufacturing", Lacks = "expert groups and providers answer through the county’s officials, since no task is theirs; experts are no register of their own")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_enterprise_assesses_itself_is_matched_and_diagnosed_without_an_interest_objects_and_accepts(string store)
    {
        var clock = new StandingClock();
        await using var platform = await ToldAsync(store, clock);
        using var head = await platform.SignInAsync("enterprise-a");
        using var other = await platform.SignInAsync("citizen-a");
        using var anyone = platform.Anonymous();

        // By hand: 1 × 0.1 + 2 × 0.2 + 1.5 × 0.2 + 2 × 0.5 = 1.8, level two; nobody assesses another's enterprise.
        var answers = Answers("二级 规范", ("strategy", "一级 规划"), ("skills", "一级 规划"), ("network", "一级 规划"));
        Assert.Equal("422 fields", await SendAsync(other, "self-assessment", answers).ToldAsync());
        Assert.Equal("422 fields", await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/self-assessment/applications", new { region = Xiaoshan, data = answers }).ToldAsync());
        var assessed = await FileAsync(platform, Economy, await ApplyAsync(platform, "self-assessment", answers));
        Assert.Equal("已出报告", assessed.GetProperty("case").Text("outcome"));
        foreach (var part in (string[])["二级（规范级）", "人员 1 分（1 级），技术 2 分（2 级），资源 1.5 分（1 级），制造 2 分（2 级）", "短板要素：人员", "网络（1 级）", "不作为处罚、收费或者限制的依据"])
            Assert.Contains(part, Document(assessed, "成熟度自评估报告"), StringComparison.Ordinal);
        Assert.False((await anyone.GetAsync($"/api/v1/datasets/{Pack}/assessment/rows")).IsSuccessStatusCode);

        // What is for its industry first; what is beyond its level or its budget not at all; nothing fits for people.
        await FollowAsync(platform);
        var matched = Document(await FileAsync(platform, Economy, await ApplyAsync(platform, "solution-match", new { domain = "资源", budget = "十万到五十万元" })), "解决方案匹配单");
        Assert.True(matched.IndexOf("演示行业数控", StringComparison.Ordinal) < matched.IndexOf("演示通用联网", StringComparison.Ordinal));
        Assert.Contains("共 2 个", matched, StringComparison.Ordinal);
        Assert.DoesNotContain("演示进阶联网", matched, StringComparison.Ordinal);
        var unmatched = await FileAsync(platform, Economy, await ApplyAsync(platform, "solution-match", new { domain = "人员", budget = "十万元以下" }));
        Assert.Equal("没有匹配到", unmatched.GetProperty("case").Text("outcome"));

        // Who supplied the enterprise is not appointed, and the official chooses anew.
        var number = await ApplyAsync(platform, "diagnosis", new { domain = "资源", wish = "设备停机多，找不到原因（合成）", on_site = true });
        await AnswerAsync(platform, Economy, number, "accept", new { });
        await DoAsync(platform, Economy, number, "assign", Assigned(Providers[0], 1));
        var file = await FileAsync(platform, Economy, number);
        Assert.Equal("assign", Open(file));
        await DoAsync(platform, Economy, number, "assign", Assigned(Providers[1], 1));
        await DoAsync(platform, Economy, number, "visit", Visited("网络覆盖不到工位（合成）"));
        var report = Document(await FileAsync(platform, Economy, number), "智能化诊断报告");
        foreach (var part in (string[])["诊断等级 1 级（自评估 2 级）", "共 2 个，预计投入 36 万元", "关键设备联网（资源，30 万元）"])
            Assert.Contains(part, report, StringComparison.Ordinal);

        // An answer to another number reaches nobody; an objection is looked at by somebody else, and another group diagnoses anew.
        object Answer(string verdict, string? objection = null, string? to = null) => objection is null ? new { diagnosis = to ?? number, verdict } : new { diagnosis = to ?? number, verdict, objection };
        var nowhere = await FileAsync(platform, Economy, await ApplyAsync(platform, "diagnosis-answer", Answer("确认", to: "ZD-没有")));
        Assert.Equal("没有待答复的报告", nowhere.GetProperty("case").Text("outcome"));
        Assert.Equal("422 fields", await SendAsync(head, "diagnosis-answer", Answer("异议")).ToldAsync());
        await ApplyAsync(platform, "diagnosis-answer", Answer("异议", "装备已经数控化，报告没有看二车间（合成）"));
        var review = new { upheld = true, review_note = "二车间没有看（合成）" };
        using (var visited = await platform.SignInAsync(Economy))
            Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(visited, number, "review", review));
        await DoAsync(platform, Colleague, number, "review", review);
        await DoAsync(platform, Economy, number, "assign", Assigned(Providers[1], 1));
        Assert.Equal("assign", Open(await FileAsync(platform, Economy, number)));
        await DoAsync(platform, Economy, number, "assign", Assigned(Providers[1], 2));
        await DoAsync(platform, Economy, number, "visit", Visited("二车间已经数控化（合成）"));
        await ApplyAsync(platform, "diagnosis-answer", Answer("确认"));
        file = await FileAsync(platform, Economy, number);
        Assert.Equal("企业已确认", file.GetProperty("case").Text("outcome"));
        Assert.Contains("二车间已经数控化", Document(file, "智能化诊断报告"), StringComparison.Ordinal);
        using var economy = await platform.SignInAsync(Economy);
        var kept = Assert.Single(await RowsAsync(economy, Pack, "diagnosis"));
        Assert.Equal(("已确认", 2), (kept["answer"].GetString(), kept["group_no"].GetInt32()));

        // Without an answer in fifteen days a report is filed so.
        var silent = await ApplyAsync(platform, "diagnosis", new { domain = "制造", wish = "再看一次排产（合成）", on_site = true });
        await AnswerAsync(platform, Economy, silent, "accept", new { });
        await DoAsync(platform, Economy, silent, "assign", Assigned(Providers[2], 1));
        await DoAsync(platform, Economy, silent, "visit", Visited("排产靠人（合成）"));
        Later(platform, TimeSpan.FromDays(15.1));
        await platform.RunJobsAsync();
        Assert.Equal("企业未答复", (await FileAsync(platform, Economy, silent)).GetProperty("case").Text("outcome"));
    }

    [Fact]
    public async Task A_case_is_chosen_with_published_reasons_once_no_objection_is_open_and_a_request_that_cannot_be_met_is_told_why()
    {
        var clock = new StandingClock();
        await using var platform = await ToldAsync("sqlite", clock);
        using var anyone = platform.Anonymous();
        object submitted = new { case_title = "老旧设备联网改造", domain = "资源", practice = "给服役十年以上的机床加装采集模块，保留原有的控制器（合成）。", effect = "设备在线率从 38% 提高到 91%（合成）。", agree_open = true };
        object Reviewed(string proven) => new { group_no = 3, advanced = "好", effective = "好", repeatable = "中", proven, review_note = "可以在同类车间推广（合成）" };

        // Below level three, or with one mark poor, it is not chosen, and told why.
        var early = await ApplyAsync(platform, "recognised-case", submitted, City);
        await AnswerAsync(platform, "city-economy", early, "accept", new { });
        await DoAsync(platform, "city-economy", early, "review", Reviewed("中"));
        var refused = await FileAsync(platform, "city-economy", early);
        Assert.Equal("没有入选", refused.GetProperty("case").Text("outcome"));
        Assert.Contains("没有自评估，或者没有到三级", Document(refused, "典型案例申报答复书"), StringComparison.Ordinal);
        Assert.Empty(await RowsAsync(anyone, Pack, "recognised-case"));

        await ApplyAsync(platform, "self-assessment", Answers("三级 集成", ("design", "不适用")));
        await FollowAsync(platform);
        var number = await ApplyAsync(platform, "recognised-case", submitted, City);
        await AnswerAsync(platform, "city-economy", number, "accept", new { });
        await DoAsync(platform, "city-economy", number, "review", Reviewed("中"));
        var shown = Assert.Single(await RowsAsync(anyone, Pack, "recognised-case"));
        Assert.Equal(("公示", number), (shown["stage"].GetString(), shown["case_no"].GetString()));
        Assert.Contains("先进性好，成效好", shown["why"].GetString(), StringComparison.Ordinal);

        // Anybody objects without a name; while that is looked into nothing is decided.
        var receipt = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/case-objection/applications", new { region = City, data = new { case_no = number, grounds = "在线率的数据和公开的月报对不上（合成）" } }).JsonAsync();
        var objection = receipt.Text("number")!;
        await platform.RunJobsAsync();
        await FollowAsync(platform);
        Later(platform, TimeSpan.FromDays(7.1));
        await platform.RunJobsAsync();
        Assert.Equal("", Open(await FileAsync(platform, "city-economy", number)));
        await DoAsync(platform, "city-economy-b", objection, "verify", new { holds = false, verify_note = "月报是改造前的口径（合成）" });
        await FollowAsync(platform);
        Later(platform, TimeSpan.FromDays(2.1));
        await platform.RunJobsAsync();
        var decided = new { approved = true, settle_note = "异议已经核查答复（合成）" };
        using (var reviewer = await platform.SignInAsync("city-economy"))
            Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(reviewer, number, "settle", decided));
        await DoAsync(platform, "city-economy-b", number, "settle", decided);
        Assert.Equal("已入选", (await FileAsync(platform, "city-economy", number)).GetProperty("case").Text("outcome"));
        Assert.Equal("入选", Assert.Single(await RowsAsync(anyone, Pack, "recognised-case"))["stage"].GetString());
        Assert.Contains("月报是改造前的口径", (await anyone.GetStringAsync($"/api/v1/applications/{objection}?code={receipt.Text("code")}")).Replace("\\\\", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // Nobody leases that machine: told in writing; then training, with whom the register knows for it.
        object Wanted(string kind) => new { kind, domain = "人员", amount = 20, wish = "数控操作，周末上课（合成）" };
        var leasing = await ApplyAsync(platform, "training-lease", Wanted("设备租赁"));
        await DoAsync(platform, Economy, leasing, "arrange", new { arranged = false, arrange_note = "名录里没有这种设备，建议联系行业协会（合成）" });
        Assert.Contains("建议联系行业协会", Document(await FileAsync(platform, Economy, leasing), "需求答复书"), StringComparison.Ordinal);
        var trainer = Sample("provider").First(r => r[0] != Providers[0] && r[2].Contains("培训", StringComparison.Ordinal) && r[3] == "在册" && r[4].StartsWith("2027", StringComparison.Ordinal))[0];
        var training = await ApplyAsync(platform, "training-lease", Wanted("培训"));
        await DoAsync(platform, Economy, training, "arrange", new { arranged = true, provider = Providers[0], tie_declared = false, arrange_note = "每周六上课（合成）" });
        Assert.Equal("arrange", Open(await FileAsync(platform, Economy, training)));
        await DoAsync(platform, Economy, training, "arrange", new { arranged = true, provider = trainer, tie_declared = false, arrange_note = "每周六上课（合成）" });
        Assert.Equal("已对接", (await FileAsync(platform, Economy, training)).GetProperty("case").Text("outcome"));
    }

    [Fact]
    public async Task From_the_generated_rows_come_the_index_and_warnings_and_of_fewer_than_five_nothing_and_a_leader_sees_it()
    {
        await using var platform = await StartAsync("sqlite", new StandingClock());
        await SamplesAsync(platform, Pack, Folder, "diagnosis");
        using var anyone = platform.Anonymous();

        // By hand, from the files: those assessed in 2026, of all; and the index from its four parts.
        double assessed = Sample("assessment").Where(r => r[3].StartsWith("2026", StringComparison.Ordinal)).Select(r => r[1]).Distinct().Count();
        Assert.Equal(100 * assessed / Sample("enterprise").Count, await FigureAsync("assessed-share"), 6);
        static double Points(double value, double ceiling) => Math.Min(100, 100 * value / ceiling);
        var made = 0.25 * Points(await FigureAsync("assessed-share"), 80) + 0.35 * Points(await FigureAsync("mean-score"), 4) + 0.2 * Points(await FigureAsync("integrated-share"), 50) + 0.2 * Points(await FigureAsync("diagnosed-share"), 40);
        Assert.Equal(made, await FigureAsync("development-index"), 6);
        Assert.NotEmpty(await RowsAsync(anyone, Pack, "industry-maturity"));
        Assert.All(await RowsAsync(anyone, Pack, "industry-maturity"), r => Assert.True(r["firms"].GetInt32() >= 5));
        var warnings = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?pack={Pack}&take=100")).GetProperty("items").EnumerateArray().Select(w => $"{w.Text("indicator")} {w.Text("region")}").ToList();
        Assert.Contains("assessed-share 331100", warnings);
        Assert.Contains("diagnosis-days 330900", warnings);

        async Task<double> FigureAsync(string indicator) => (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/{indicator}/values?period=year&region=330000")).EnumerateArray().Single(v => v.Text("at") == "2026-01-01").GetProperty("value").GetDouble();

        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.OpenAsync($"/services/{Pack}/self-assessment");
        await visitor.SeesAsync("GB/T 39116-2020");
        await visitor.LooksAsync("smart-service");
        await CockpitAsync(visitor, Pack, "新智造发展指数", "smart-cockpit");
    }
}
