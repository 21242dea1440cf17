using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.PackPlay;

namespace Guantong.Tests;

/// <summary>Housing safety: a plan, inspections and reports, a danger appraised D that is emptied late, pressed for, mended and closed; what anybody may ask; a filing of civil-defence works that is declined.</summary>
public sealed class HousingTests
{
    private const string Pack = "society.housing", Xihu = "330106", Town = "330106002", House = "330106002-0001", Home = "xihu-construction", HomeB = "xihu-construction-b", Street = "worker-beishan", Office = "worker-xihu", Defence = "xihu-civil-defence";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/society/housing");

    private static Person Official(string login, string unit) => new(login, "演示·" + login, "Demo " + login, "official", unit, Xihu, ["case-worker"]);

    private static async Task<RunningPlatform> StartAsync(string store, TimeProvider clock)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync([Official(Home, "zj-construction-330106"), Official(HomeB, "zj-construction-330106"), Official(Defence, "zj-civil-defence-330106")]);
        return platform;
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
            (await (await AsAsync(login)).PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter }).JsonAsync()).Text("id")!;

        public async Task DoAsync(string login, string id, string node, object given)
        {
            clock.Now += TimeSpan.FromSeconds(1);
            Assert.Equal((login, node, HttpStatusCode.NoContent), (login, node, await RunningPlatform.FinishAsync(await AsAsync(login), id, node, given)));
            await platform.RunJobsAsync();
        }

        public async Task<JsonElement> FileAsync(string id, string login = Home) => await (await AsAsync(login)).GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");

        public async Task<string> OpenTasksAsync(string id) =>
            string.Join(' ', (await FileAsync(id)).GetProperty("tasks").EnumerateArray().Where(t => t.Text("state") == "open").Select(t => t.Text("node")).Order(StringComparer.Ordinal));

        public async Task<string> CalledAsync(string id, string login) => Assert.Single((await FileAsync(id, login)).GetProperty("called").EnumerateArray()).Text("id")!;

        public async Task<string?> OutcomeAsync(string id, string login = Home) => (await FileAsync(id, login)).GetProperty("case").Text("outcome");

        public async Task<string> DocumentAsync(string id, string name, string login = Home) =>
            (await FileAsync(id, login)).GetProperty("documents").EnumerateArray().Last(d => d.Text("name") == name).Text("markdown")!.Replace("\\", "", StringComparison.Ordinal);

        public ValueTask DisposeAsync()
        {
            _past.ForEach(http => http.Dispose());
            return ValueTask.CompletedTask;
        }
    }

    [Shows("soc-housing-safety", Lacks = "single buildings on the map; property management itself (contracts, charges, owners' meetings)")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_danger_is_appraised_D_emptied_late_and_closed_and_anybody_asks_and_reports(string store)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock);
        await using var play = new Play(platform, clock);
        await platform.LoadLinesAsync(Pack, "manager", "code,name,region", File.ReadLines(Path.Combine(Folder, "samples/manager.csv")).First(l => l.EndsWith(",330106", StringComparison.Ordinal)));
        var manager = Assert.Single(await RowsAsync(await play.AsAsync(Home), Pack, "manager"))["code"].GetString()!;
        await platform.LoadLinesAsync(Pack, "building", "building,building_name,region,street,built,structure,storeys,use,area,extended,converted,managed,manager,checked_on,lon,lat", $"{House},演示花园1幢,{Town},演示北山街道,1988,砌体,6,住宅,3200,false,false,true,{manager},2026-06-01,120.14,30.26");
        await platform.LoadLinesAsync(Pack, "responsibility", "building,duty,unit,region", $"{House},网格巡查,演示北山街道,{Town}", $"{House},日常维修,演示西湖物业服务,{Town}", $"{House},督促鉴定和解危,西湖区住房和城乡建设局,{Town}");
        await platform.LoadLinesAsync(Pack, "works", "works,building,region,works_area,use_now,counted_on", $"RF{Town}-001,{House},{Town},1200,未使用,2026-06-01");
        var loop = platform.Services.GetRequiredService<ClosedLoop>();
        using var anyone = platform.Anonymous();

        // By hand: masonry of 38 years is yellow, inspected half-yearly; of the basement nobody is named.
        var risk = Assert.Single(await RowsAsync(await play.AsAsync(Home), Pack, "building-risk"));
        Assert.Equal("黄 6", $"{risk["grade"]} {risk["every"]}");
        Assert.Equal("责任单位", Assert.Single(await RowsAsync(await play.AsAsync(Home), Pack, "building-file"))["missing"].GetString());

        var plan = await play.OpenAsync(Home, "annual-plan");
        await play.DoAsync(Home, plan, "draft", new { plan_year = 2026, plan_note = "汛期前先查砌体房屋（合成）" });
        await play.DoAsync(HomeB, plan, "approve", new { approved = true, approve_note = "同意（合成）" });
        Assert.Equal("已公布", await play.OutcomeAsync(plan));

        // The street inspects; a code that is no building's leads back.
        var inspection = await play.OpenAsync(Street, "inspection");
        object Seen(string building) => new { building, inspected_on = "2026-11-02", origin = "年度计划", seen = "墙体开裂（合成）", found = new[] { new { item = "承重构件裂缝或者变形", severity = "明显", part = "承重墙柱", detail = "一层纵墙竖向裂缝（合成）" } } };
        await play.DoAsync(Street, inspection, "inspect", Seen("330106002-9999"));
        await play.DoAsync(Street, inspection, "inspect", Seen(House));
        var danger = await play.CalledAsync(inspection, Street);
        await play.DoAsync(Home, danger, "verify", new { real = true, severity = "严重", verify_note = "裂缝贯通（合成）" });
        await play.DoAsync(Street, danger, "safeguard", new { cordoned = true, cleared = true, safeguard_note = "一层停用并警戒（合成）" });
        await play.DoAsync(Home, danger, "order", new { body = "演示房屋安全鉴定所", report_by = "2026-11-07", order_reason = "整幢鉴定（合成）" });
        await play.DoAsync(Home, danger, "appraise", new { appraised_on = "2026-11-02", report_no = "演示鉴字2026-1", grade = "D", advice = "停止使用（合成）" });
        Assert.Contains("方式：停止使用；期限至 2026-11-05", await play.DocumentAsync(danger, "房屋安全隐患处置通知书"), StringComparison.Ordinal);
        Assert.Equal("empty", await play.OpenTasksAsync(danger));

        // Past the three days it is overdue by itself, and the government office sets a new term.
        clock.Now += TimeSpan.FromDays(5);
        await platform.RunJobsAsync();
        Assert.Equal("", await play.OpenTasksAsync(danger));
        var press = await play.CalledAsync(danger, Home);
        Assert.True(Assert.Single(await RowsAsync(await play.AsAsync(Home), Pack, "danger"))["overdue"].GetBoolean());
        await play.DoAsync(Office, press, "press", new { new_term = "2026-11-09", press_note = "两日内撤离封控（合成）" });
        await play.DoAsync(Street, danger, "empty", new { emptied_on = "2026-11-08", closed_off = true, empty_note = "已经封控，安置由街道负责（合成）" });
        await play.DoAsync(Home, danger, "dispose", new { disposal = "加固修缮", mended_on = "2026-11-08", dispose_note = "纵墙加固（合成）" });
        await play.DoAsync(Home, danger, "check", new { checked_on = "2026-11-08", passed = false, check_note = "还有一处没有做完（合成）" });
        Assert.Equal("dispose", await play.OpenTasksAsync(danger));
        await loop.CatchUpAsync(TestContext.Current.CancellationToken);
        Assert.Equal("红", Assert.Single(await RowsAsync(await play.AsAsync(Home), Pack, "building-risk"))["grade"].GetString());
        await play.DoAsync(Home, danger, "dispose", new { disposal = "加固修缮", mended_on = "2026-11-10", dispose_note = "全部做完（合成）" });
        await play.DoAsync(Home, danger, "check", new { checked_on = "2026-11-10", passed = true, check_note = "加固到位（合成）" });
        Assert.Equal(["已闭环", "隐患已处置"], [await play.OutcomeAsync(danger), await play.OutcomeAsync(inspection, Street)]);

        // Anybody asks by the code, and reports without a name; what names a flat is not taken.
        async Task<JsonElement> AskAsync(string matter, object data) => await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/{matter}/applications", new { region = Xihu, data }).JsonAsync();
        var asked = await AskAsync("appraisal-lookup", new { building = House });
        await platform.RunJobsAsync();
        var told = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{asked.Text("number")}?code={asked.Text("code")}")).ToString();
        Assert.All((string[])["演示房屋安全鉴定所", "演示北山街道", "西湖区住房和城乡建设局"], said => Assert.Contains(said, told, StringComparison.Ordinal));
        object Told(string what) => new { building = House, part = "外墙和阳台", item = "外墙面或者构件脱落", seen_on = "2026-11-07", what };
        var refused = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/danger-report/applications", new { region = Xihu, data = Told("3单元502室拆墙") });
        Assert.False(refused.IsSuccessStatusCode);
        var report = await AskAsync("danger-report", Told("外墙面砖松动（合成）"));
        await platform.RunJobsAsync();
        await play.DoAsync(Home, report.Text("number")!, "check_report", new { substantiated = true, severity = "轻微", finding = "面砖空鼓（合成）" });
        var small = await play.CalledAsync(report.Text("number")!, Home);
        await play.DoAsync(Home, small, "mend", new { mended_on = "2026-11-07", mend_note = "物业服务企业已经修补（合成）" });
        await play.DoAsync(Home, small, "check", new { checked_on = "2026-11-08", passed = true, check_note = "已经修好（合成）" });
        told = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{report.Text("number")}?code={report.Text("code")}")).ToString();
        Assert.Contains("已经修好", told, StringComparison.Ordinal);

        // A filing that is against the law is declined by an official, who quotes the article.
        var basket = (await anyone.SendAsync($"/api/v1/services/{Pack}/works-filing/files?field=material:contract&name=contract.pdf", Sheets.Pdf()).JsonAsync()).Text("basket");
        var wanted = new { enterprise = manager, party_name = "演示西湖物业服务", works = $"RF{Town}-001", peace_use = "仓储", from_on = "2026-12-01", until_on = "2027-12-01", hazardous = true, altered_doors = false, open_in_time = true };
        var filing = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/works-filing/applications", new { region = Xihu, files = basket, data = wanted }).JsonAsync();
        await platform.RunJobsAsync();
        await play.DoAsync(Defence, filing.Text("number")!, "review", new { filed = false, review_note = "存放油漆，清空以后可以重新备案（合成）" });
        Assert.Equal("不予备案", await play.OutcomeAsync(filing.Text("number")!, Defence));
        Assert.Contains("第二十七条", await play.DocumentAsync(filing.Text("number")!, "人防工程平时使用不予备案通知", Defence), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_the_generated_rows_come_figures_and_warnings_and_a_leader_and_the_public_see_them()
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync("sqlite", clock);
        await SamplesAsync(platform, Pack, Folder, "building");
        using var leader = await platform.SignInAsync("leader");
        var late = (await leader.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?pack={Pack}&take=100")).GetProperty("items").EnumerateArray().Where(w => w.Text("indicator") == "overdue-dangers").Select(w => $"{w.Text("region")} {w.Text("level")} {w.Text("caseId") is not null}");
        Assert.Equal(["330304 orange True", "330683 red True", "331022 yellow False"], late.Order(StringComparer.Ordinal));

        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.OpenAsync($"/services/{Pack}/danger-report");
        await visitor.SeesAsync("不写哪家住户");
        await visitor.LooksAsync("housing-report");
        await CockpitAsync(visitor, Pack, "红橙色房屋分布", "housing-cockpit");
    }
}
