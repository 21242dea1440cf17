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

/// <summary>Water from source to tap: a reservoir runs low and use is restricted only where the law has it; water out of limits is supplied again only after two good samples on two days; a problem goes round until somebody else finds it solved; an organisation is connected, or told why not.</summary>
public sealed class WaterSupplyTests
{
    private const string Pack = "society.water-supply", Tonglu = "330122", Station = "ZD330122B", Source = "SY330122";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/society/water-supply");

    private static readonly Person[] People =
    [
        Official("tonglu-water", "zj-water-330122"), Official("tonglu-water-b", "zj-water-330122"), Official("tonglu-construction", "zj-construction-330122"), Official("tonglu-construction-b", "zj-construction-330122"),
        Official("tonglu-health", "zj-health-330122"), Official("tonglu-office", "zj-government-office-330122"),
    ];

    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        return platform;
    }

    private static Task ReportAsync(RunningPlatform platform, string day, int storage) => platform.LoadLinesAsync(Pack, "source-daily", "source,measured_on,storage,supply,demand", $"{Source},{day},{storage},10,10");

    private static Task TestAsync(RunningPlatform platform, string day, string turbidity, string chlorine, int coliforms) => platform.LoadLinesAsync(Pack, "water-test",
        File.ReadLines(Path.Combine(Folder, "samples/water-test.csv")).First(), $"{Station},{day},{turbidity},{chlorine},7.4,5,1.6,0.1,0.05,0.02,2,{coliforms}");

    private static async Task<List<(string Said, string? Case)>> WarningsAsync(HttpClient who) =>
        [.. (await who.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?pack={Pack}&take=100")).GetProperty("items").EnumerateArray().Select(w => ($"{w.Text("indicator")} {w.Text("region")} {w.Text("level")} {w.Text("state")}", w.Text("caseId"))).Order()];

    private static async Task<string> OnlyRowAsync(HttpClient who, string dataset) => Assert.Single((await who.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/{dataset}/rows")).GetProperty("rows").EnumerateArray()).ToString();

    [Shows("soc-water-supply", Lacks = "sensors, rain and inflow in the drought model, the technical guide's data standard")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_reservoir_that_runs_low_restricts_nobody_against_the_law_and_water_out_of_limits_comes_back_after_two_good_samples(string store)
    {
        await using var platform = await StartAsync(store);
        using var water = await platform.SignInAsync("tonglu-water");
        using var office = await platform.SignInAsync("tonglu-office");
        using var construction = await platform.SignInAsync("tonglu-construction");
        using var health = await platform.SignInAsync("tonglu-health");
        using var anyone = platform.Anonymous();
        await platform.LoadLinesAsync(Pack, "source", "code,name,kind,capacity,dead,backup,longitude,latitude,region", $"{Source},演示水库,水库,3000,200,false,119.68,29.79,{Tonglu}");
        await ReportAsync(platform, "2026-10-30", 650);

        // By hand: (650 − 200) ÷ 10 = 45 days, yellow.
        var (said, opened) = Assert.Single(await WarningsAsync(anyone));
        Assert.Equal($"drought-rank {Tonglu} yellow running", said);
        var id = opened!;
        var verified = new { real = true, source = Source, measured_on = "2026-10-30", verify_note = "水位和取水记录齐全（合成）" };
        await DoAsync(platform, water, id, "verify", verified with { source = "SY330199" });
        Assert.Equal("verify", Open(await FileAsync(water, id)));
        await DoAsync(platform, water, id, "verify", verified);
        Assert.Contains("可供水 45 天，不多于 60 天", Document(await water.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}"), "水源旱情通报"), StringComparison.Ordinal);

        // At yellow no household is restricted: the plan comes back.
        var plan = new { restrict = "限时限量供应居民生活用水", transfer = true, deliver = true, plan_note = "从邻近水库调水，向两个高地片区送水（合成）" };
        await DoAsync(platform, water, id, "plan", plan);
        Assert.Equal("plan", Open(await FileAsync(water, id)));
        await DoAsync(platform, water, id, "plan", plan with { restrict = "不限制" });
        Assert.Equal("deliver_do transfer_do", Open(await FileAsync(water, id)));
        await DoAsync(platform, water, id, "transfer_do", new { transfer_note = "日调水两万立方米（合成）" });
        await DoAsync(platform, office, id, "deliver_do", new { deliver_note = "每天四车（合成）" });

        // Twenty days are left: now it may be, once the government approves.
        await ReportAsync(platform, "2026-10-31", 400);
        var assessed = new { measured_on = "2026-10-31", assess_note = "没有下雨（合成）" };
        await DoAsync(platform, water, id, "assess", assessed);
        await DoAsync(platform, water, id, "plan", plan with { transfer = false, deliver = false });
        await DoAsync(platform, office, id, "approve", new { approved = false, approve_note = "写明供水时段（合成）" });
        await DoAsync(platform, water, id, "plan", plan with { transfer = false, deliver = false, plan_note = "每天六至九时、十七至二十时供水（合成）" });
        Assert.Equal(HttpStatusCode.Forbidden, await RunningPlatform.FinishAsync(water, id, "approve", new { approved = true, approve_note = "自己批（合成）" }));
        await DoAsync(platform, office, id, "approve", new { approved = true, approve_note = "同意（合成）" });
        Assert.Contains("第三十五条第五项", Document(await water.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}"), "应急供水公告"), StringComparison.Ordinal);
        await DoAsync(platform, construction, id, "restrict_do", new { restrict_note = "按时段供水（合成）" });
        await ReportAsync(platform, "2026-11-01", 1500);
        await DoAsync(platform, water, id, "assess", assessed with { measured_on = "2026-11-01", assess_note = "两天降雨（合成）" });
        var file = await platform.EndedAsync(water, id);
        Assert.Equal("已解除", file.GetProperty("case").Text("outcome"));
        Assert.Contains("立案时等级为 黄", Document(file, "应急供水解除公告"), StringComparison.Ordinal);
        Assert.Contains("限时限量供应居民生活用水", await OnlyRowAsync(anyone, "drought-case"), StringComparison.Ordinal);
        Assert.EndsWith("ended", Assert.Single(await WarningsAsync(anyone)).Said, StringComparison.Ordinal);

        // Coliforms without chlorine are red; the next day's sample has chlorine again and is orange.
        await platform.LoadLinesAsync(Pack, "works", "code,name,operator,credit,source,area,capacity,longitude,latitude,region", $"SC330122C,演示水厂,演示水务有限公司,91330122YY7000995Y,{Source},城镇,10,119.68,29.79,{Tonglu}");
        await platform.LoadLinesAsync(Pack, "station", "code,name,point,works,zone,longitude,latitude,region", $"{Station},演示出厂水站,出厂水,SC330122C,,119.68,29.79,{Tonglu}");
        await TestAsync(platform, "2026-10-30", "0.3", "0.1", 2);
        var red = Assert.Single(await WarningsAsync(anyone), w => w.Said.StartsWith("water-alarm", StringComparison.Ordinal));
        Assert.Equal($"water-alarm {Tonglu} red running", red.Said);
        id = red.Case!;
        var again = new { station = Station, sampled_on = "2026-10-31", resample_note = "出厂水复采（合成）" };
        await DoAsync(platform, health, id, "resample", again);
        Assert.Equal("resample", Open(await FileAsync(health, id)));
        await TestAsync(platform, "2026-10-31", "0.3", "0.5", 2);
        await DoAsync(platform, health, id, "resample", again);
        var act = new { stop = false, flush = true, tell = false, act_note = "更换滤料，加大投氯（合成）" };
        await DoAsync(platform, construction, id, "act", act);
        Assert.Equal("act", Open(await FileAsync(construction, id)));
        await DoAsync(platform, construction, id, "act", act with { stop = true, tell = true });
        await DoAsync(platform, construction, id, "carry", new { carry_note = "冲洗消毒完成（合成）" });

        // Good on one day counts once, however often it is told; a bad one begins anew.
        async Task SampleAsync(string day) => await DoAsync(platform, health, id, "sample", new { sampled_on = day, sample_note = "出厂水取样（合成）" });
        await TestAsync(platform, "2026-11-01", "0.3", "0.6", 0);
        await SampleAsync("2026-11-01");
        await SampleAsync("2026-11-01");
        Assert.Equal("sample", Open(await FileAsync(health, id)));
        await TestAsync(platform, "2026-11-02", "1.5", "0.6", 0);
        await SampleAsync("2026-11-02");
        await DoAsync(platform, construction, id, "act", act);
        await DoAsync(platform, construction, id, "carry", new { carry_note = "反冲洗完成（合成）" });
        await TestAsync(platform, "2026-11-03", "0.4", "0.6", 0);
        await SampleAsync("2026-11-01");
        await SampleAsync("2026-11-03");
        Assert.Equal("sample", Open(await FileAsync(health, id)));
        await TestAsync(platform, "2026-11-04", "0.4", "0.6", 0);
        await SampleAsync("2026-11-04");
        file = await platform.EndedAsync(health, id);
        Assert.Equal("已恢复", file.GetProperty("case").Text("outcome"));
        Assert.Contains("经 2 轮处置", Document(file, "恢复供水公告"), StringComparison.Ordinal);
        Assert.Contains("总大肠菌群超标", await OnlyRowAsync(anyone, "quality-case"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_goes_round_until_a_colleague_finds_it_solved_and_an_organisation_is_connected_or_told_why_not()
    {
        await using var platform = await StartAsync("sqlite");
        using var construction = await platform.SignInAsync("tonglu-construction");
        using var colleague = await platform.SignInAsync("tonglu-construction-b");
        using var water = await platform.SignInAsync("tonglu-water");
        using var anyone = platform.Anonymous();
        async Task<(string Number, string Code)> ReportedAsync(string area)
        {
            var receipt = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/supply-problem/applications", new { region = Tonglu, data = new { kind = "停水", area, place = "演示一路", detail = "早上七点起没有水（合成）" } }).JsonAsync();
            await platform.RunJobsAsync();
            return (receipt.Text("number")!, receipt.Text("code")!);
        }

        var (number, code) = await ReportedAsync("城镇");
        await DoAsync(platform, construction, number, "check", new { found = "属实", found_kind = "停水", site = "演示一路", check_note = "支管爆裂（合成）" });
        foreach (var solved in (bool[])[false, true])
        {
            await DoAsync(platform, construction, number, "mend", new { mend_note = solved ? "换管完成（合成）" : "临时抱箍（合成）" });
            Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(construction, number, "recheck", new { solved = true, recheck_note = "自己复核（合成）" }));
            await DoAsync(platform, colleague, number, "recheck", new { solved, recheck_note = solved ? "水压正常（合成）" : "仍有渗漏（合成）" });
        }
        Assert.Equal("已解决", (await platform.EndedAsync(construction, number)).GetProperty("case").Text("outcome"));
        var letter = Document(await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{number}?code={code}"), "供水问题答复书");
        Assert.Contains("换管完成", letter, StringComparison.Ordinal);
        var row = await OnlyRowAsync(anyone, "problem");
        Assert.Contains("停水", row, StringComparison.Ordinal);
        Assert.DoesNotContain("演示一路", row, StringComparison.Ordinal);
        Assert.True((await anyone.PostAsJsonAsync($"/api/v1/applications/{number}/rating", new { code, level = 5, reasons = Array.Empty<string>() })).IsSuccessStatusCode);

        // In the countryside the water authority looks, and says that the pipe is the user's own.
        var (rural, ruralCode) = await ReportedAsync("农村");
        Assert.Equal(HttpStatusCode.Forbidden, await RunningPlatform.FinishAsync(construction, rural, "check_rural", new { found = "属实", found_kind = "停水", site = "演示村", check_note = "越权（合成）" }));
        await DoAsync(platform, water, rural, "check_rural", new { found = "属于用户自有设施", found_kind = "停水", site = "演示村", check_note = "表后阀门损坏，可以找物业或者供水单位有偿维修（合成）" });
        Assert.Equal("已说明", (await platform.EndedAsync(water, rural)).GetProperty("case").Text("outcome"));
        Assert.Contains("表后阀门损坏", Document(await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{rural}?code={ruralCode}"), "供水问题答复书"), StringComparison.Ordinal);

        var service = $"/api/v1/services/{Pack}/water-connection";
        var wanted = new { party = "演示食品有限公司", code = "91330122YY7000995Y", way = "新装", place = "演示二路九号", daily = 60, fire = true };
        // A sole trader's code, behind which a person stands, is none of an organisation.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anyone.PostAsJsonAsync($"{service}/applications", new { region = Tonglu, data = wanted with { code = "92330122MAYY000010" } })).StatusCode);
        var refused = await ApplyAsync();
        await DoAsync(platform, construction, refused.Number, "survey", new { served = false, capacity_ok = true, outer = true, survey_note = "公共管网没有到（合成）" });
        var no = new { agreed = false, decide_reason = "管网明年六月到，在这以前由送水车供水（合成）" };
        Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(construction, refused.Number, "decide", no));
        await DoAsync(platform, colleague, refused.Number, "decide", no);
        Assert.Equal("暂不接入", (await platform.EndedAsync(construction, refused.Number)).GetProperty("case").Text("outcome"));
        var why = Document(await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{refused.Number}?code={refused.Code}"), "暂不接入答复");
        foreach (var told in (string[])["管网明年六月到", "优化营商环境条例", "供水主管部门协调"])
            Assert.Contains(told, why, StringComparison.Ordinal);

        var granted = await ApplyAsync();
        await DoAsync(platform, construction, granted.Number, "survey", new { served = true, capacity_ok = true, outer = false, survey_note = "门口有管（合成）" });
        await DoAsync(platform, colleague, granted.Number, "decide", new { agreed = true, decide_reason = "从演示二路接入，管径一百毫米（合成）" });
        await DoAsync(platform, construction, granted.Number, "install", new { install_note = "冲洗合格，压力正常（合成）" });
        Assert.Equal("已通水", (await platform.EndedAsync(construction, granted.Number)).GetProperty("case").Text("outcome"));
        Assert.Contains("演示食品有限公司", await OnlyRowAsync(construction, "connection"), StringComparison.Ordinal);

        async Task<(string Number, string Code)> ApplyAsync()
        {
            var basket = (await anyone.SendAsync($"{service}/files?field=material:site&name=lease.pdf", Sheets.Pdf()).JsonAsync()).Text("basket");
            var receipt = await anyone.PostAsJsonAsync($"{service}/applications", new { region = Tonglu, data = wanted, files = basket }).JsonAsync();
            Assert.Equal("204", await construction.PostAsJsonAsync($"/api/v1/cases/{receipt.Text("number")}/acceptance/accept", new { }).ToldAsync());
            await platform.RunJobsAsync();
            return (receipt.Text("number")!, receipt.Text("code")!);
        }
    }

    [Fact]
    public async Task A_leader_sees_sources_and_taps_on_a_map_and_anyone_the_services()
    {
        await using var platform = await StartAsync("sqlite");
        await SamplesAsync(platform, Pack, Folder, "source-daily");
        using var anyone = platform.Anonymous();
        Assert.Equal(["drought-rank 330226 yellow running", "drought-rank 330329 blue running", "drought-rank 330424 blue running", "drought-rank 330921 orange running", "drought-rank 331083 red running", "low-pressure 330522 yellow running"],
            (await WarningsAsync(anyone)).Select(w => w.Said).Where(w => w.EndsWith("running", StringComparison.Ordinal) && !w.StartsWith("water-alarm", StringComparison.Ordinal)));
        Assert.Contains(await WarningsAsync(anyone), w => w.Said.StartsWith("water-alarm 330783 orange", StringComparison.Ordinal));

        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.OpenAsync($"/services/{Pack}/supply-problem");
        await visitor.SeesAsync("不用写姓名和电话");
        await visitor.LooksAsync("water-supply-service");
        await visitor.OpenAsync($"/services/{Pack}/supply-problem/apply");
        await visitor.LooksAsync("water-supply-apply");
        await CockpitAsync(visitor, Pack, "管网综合漏损率", "water-supply-cockpit");
    }
}
