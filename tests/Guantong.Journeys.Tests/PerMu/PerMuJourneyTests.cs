using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.PerMu;

namespace Guantong.Tests;

/// <summary>Enterprises judged by what they yield per mu: from rows to classes, figures and warnings; published, appealed against, told what they pay, helped.</summary>
public sealed class PerMuJourneyTests
{
    private static async Task<JsonElement> FileAsync(HttpClient who, string id) => await who.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");

    // A number's point is marked, so that it begins no list.
    private static string Document(JsonElement file, string name) => file.GetProperty("documents").EnumerateArray().Last(d => d.Text("name") == name).Text("markdown")!.Replace("\\", "", StringComparison.Ordinal);

    private static async Task<double> FigureAsync(HttpClient who, string indicator, string region, int year = 2025) =>
        (await who.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/{indicator}/values?period=year&region={region}")).EnumerateArray().Single(v => v.Text("at") == $"{year}-01-01").GetProperty("value").GetDouble();

    [Shows("econ-per-mu")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_generated_enterprises_are_judged_as_worked_by_hand_and_two_counties_are_warned_of(string store)
    {
        await using var platform = await StartAsync(store, new StandingClock());
        var pack = platform.Services.GetRequiredService<PackRegistry>().Find(Pack)!;
        await SamplesAsync(platform);
        using var anyone = platform.Anonymous();
        using var official = await platform.SignInAsync(Economy);
        var warehouse = platform.Services.GetRequiredService<Warehouse>();
        foreach (var dataset in pack.Datasets.Where(d => d.Feed!.IsDelivered))
            Assert.Equal((dataset.Id, File.ReadLines(Path.Combine(Folder, dataset.Feed!.Path!.Name)).LongCount() - 1), (dataset.Id, warehouse.RowCount(Pack, dataset.Id)));
        foreach (var dataset in pack.Datasets)
            Assert.Empty(QualityView.Last(warehouse, Pack, dataset.Id).Where(r => r.Grade == "error" && !r.Passed).Select(r => $"{dataset.Id} {r.Rule} {r.Field} {r.Measured}"));

        // Reckoned by tools/land/permu.py, which knows nothing of the pack's tables.
        (string, double?)[] wanted = [("B", 78.9), ("D", 99.02), ("B", 25.98), ("D", 21.11), ("N", null), ("N", null), ("A", 97.97), ("B", 73.57)];
        foreach (var (code, judged) in Told.Zip(wanted))
            Assert.Equal(judged, await JudgedAsync(official, code));

        // By hand: all that the evaluated enterprises above the designated size paid, over their land, as the files have it.
        var (kinds, land) = (Table("enterprise").ToDictionary(r => r["code"]), Table("parcel").GroupBy(r => r["enterprise"]).ToDictionary(g => g.Key, g => g.Sum(r => (r["tenure"] == "租出" ? -1 : 1) * Number(r["area"]))));
        var counted = Table("tax-year").Where(r => r["year"] == "2025" && kinds[r["enterprise"]] is { } kind && kind["region"] == Xiaoshan && kind["above_scale"] == "true" && kind["exempt"].Length == 0).ToList();
        Assert.Equal(counted.Sum(r => Number(r["tax_paid"])) / counted.Sum(r => land[r["enterprise"]]), await FigureAsync(anyone, "tax-per-mu", Xiaoshan), 6);
        var shares = await Task.WhenAll(FigureAsync(anyone, "class-a-share", "330000"), FigureAsync(anyone, "class-d-share", "330000"));
        Assert.InRange(shares[0], 20, 25);
        Assert.InRange(shares[1], 3, 6);

        // By platform and industry, of three enterprises or more, where the county has published.
        var platforms = await RowsAsync(anyone, "platform-year", "year=2025");
        Assert.NotEmpty(platforms);
        Assert.All(platforms, p => Assert.True(p["firms"].GetInt32() >= 3));
        Assert.DoesNotContain(platforms, p => p["region"].GetString() == Xiaoshan);
        Assert.Contains(await RowsAsync(anyone, "platform-year", "year=2024"), p => p["region"].GetString() == Xiaoshan);
        Assert.Equal(20, (await RowsAsync(anyone, "industry-year", "year=2025&region=330100")).Count);

        var warnings = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?pack={Pack}&take=100")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["330723 orange", "330803 red"], warnings.Select(w => $"{w.Text("region")} {w.Text("level")}").Order(StringComparer.Ordinal));
        Assert.All(warnings, w => Assert.NotNull(w.Text("caseId")));
    }

    private static List<Dictionary<string, string>> Table(string sample)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, $"samples/{sample}.csv"));
        return [.. lines.Skip(1).Select(l => lines[0].Split(',').Zip(l.Split(',')).ToDictionary(p => p.First, p => p.Second))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_sole_trader_is_never_judged_and_each_sees_what_is_theirs_to_see(string store)
    {
        await using var platform = await ToldAsync(store, new StandingClock(), published: true);
        using var anyone = platform.Anonymous();
        using var official = await platform.SignInAsync(Economy);
        using var elsewhere = await platform.SignInAsync(Elsewhere);
        using var tax = await platform.SignInAsync(Tax);
        // The code of a sole trader (registered under 92) is a person's.
        const string trader = "92330109MAYY000010";
        await platform.LoadLinesAsync(Pack, "enterprise", "code,name,industry,platform,region,above_scale,started,exempt", $"{trader},演示个体户,34,,{Xiaoshan},true,2010-01-01,");
        await platform.LoadLinesAsync(Pack, "parcel", "parcel,enterprise,tenure,area,since,until", $"ZDX,{trader},自有,10,2010-01-01,");
        await platform.LoadLinesAsync(Pack, "tax-year", "enterprise,year,tax_paid", $"{trader},2025,100");
        Assert.Empty(await RowsAsync(official, "evaluation", $"enterprise={trader}"));
        Assert.Equal(8, (await RowsAsync(official, "evaluation")).Count);

        // Only classes are public, and only once they are published; figures are for the line and the region that answer for them.
        Assert.Equal(["A", "B", "B", "B", "D", "D"], (await RowsAsync(anyone, "class-list")).Select(r => r["class"].GetString()!).Order(StringComparer.Ordinal));
        foreach (var dataset in (string[])["evaluation", "tax-year", "factor-price"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"/api/v1/datasets/{Pack}/{dataset}/rows")).StatusCode);
            Assert.Empty(await RowsAsync(elsewhere, dataset));
        }
        Assert.Empty(await RowsAsync(tax, "evaluation"));
        Assert.NotEmpty(await RowsAsync(tax, "tax-year"));
    }

    [Shows("econ-per-mu")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_appeal_corrects_a_figure_and_score_class_and_prices_follow(string store)
    {
        await using var platform = await ToldAsync(store, new StandingClock(), published: true);
        using var anyone = platform.Anonymous();
        using var economy = await platform.SignInAsync(Economy);
        using var colleague = await platform.SignInAsync(Colleague);
        using var land = await platform.SignInAsync(Land);
        using var tax = await platform.SignInAsync(Tax);
        using var elsewhere = await platform.SignInAsync(Elsewhere);
        var code = Told[0];
        Assert.Equal(("B", 78.9), await JudgedAsync(economy, code));
        Assert.Equal(50, await ReliefAsync(economy, code));

        Assert.Equal("422 fields", await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/class-appeal/applications", new { region = Xiaoshan, data = new { enterprise = "91330109", party_name = "演示企业00001", year = 2025, item = "用地面积", claimed = 50, grounds = "合成：租出十亩没有减去" } }).ToldAsync());
        var (number, secret) = await AppealAsync(anyone, code, "用地面积", 50);
        Assert.Equal("204", await economy.PostAsJsonAsync($"/api/v1/cases/{number}/acceptance/accept", new { }).ToldAsync());
        await platform.RunJobsAsync();

        // It is the department's whose figure it is, and nobody else's.
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.GetAsync($"/api/v1/cases/{number}")).StatusCode);
        var check = new { found = "异议成立", checked_value = 50, check_note = "租赁合同 ZL-001，十亩租出" };
        Assert.Equal(HttpStatusCode.Forbidden, await RunningPlatform.FinishAsync(economy, number, "check_land", check));
        Assert.Equal(HttpStatusCode.Forbidden, await RunningPlatform.FinishAsync(tax, number, "check_land", check));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await RunningPlatform.FinishAsync(land, number, "check_land", new { found = "异议成立", checked_value = 50 }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(land, number, "check_land", check));

        // A correction needs its value; of two at once one decides.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await RunningPlatform.FinishAsync(economy, number, "settle", new { upheld = true, verdict_reason = "租出的从用地面积里减去" }));
        var decided = await Task.WhenAll(new[] { economy, colleague }.Select(who => RunningPlatform.FinishAsync(who, number, "settle", new { upheld = true, value = 50, verdict_reason = "租出的从用地面积里减去" })));
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict], decided.Order());
        await platform.RunJobsAsync();
        await FollowAsync(platform);

        // 1600 over 50 mu is 32 of 33.92, 33.02 of 35 points; 8000 over 50 is 160 of 174.9, 22.87 of 25; the rest as before: 88.21.
        Assert.Equal(("A", 88.21), await JudgedAsync(economy, code));
        Assert.Equal(100, await ReliefAsync(economy, code));
        Assert.Equal("A", Assert.Single(await RowsAsync(anyone, "class-list", $"enterprise={code}"))["class"].GetString());
        Assert.Equal(60, Assert.Single(await RowsAsync(land, "parcel", $"enterprise={code}"))["area"].GetDouble());
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(economy, number, "recheck", new { recheck_note = "由 B 类变为 A 类" }));
        var file = await platform.EndedAsync(economy, number);
        Assert.Equal("已更正", file.GetProperty("case").Text("outcome"));
        var answer = Document(await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{number}?code={secret}"), "评价异议答复书");
        foreach (var said in (string[])["更正为 50", "租赁合同 ZL-001", "用地面积 50 亩，亩均税收 32 万元，总分 88.21，类别 A", "由 B 类变为 A 类", "申请行政复议"])
            Assert.Contains(said, answer, StringComparison.Ordinal);
        // What was read stands in its dataset and not in the ledger, which keeps that it was read.
        var ledger = await economy.GetStringAsync($"/api/v1/cases/{number}/ledger");
        Assert.Contains("service:read-row", ledger, StringComparison.Ordinal);
        Assert.DoesNotContain("88.21", ledger, StringComparison.Ordinal);

        // It is undone as it was done: the value of a later case counts.
        (number, _) = await AppealAsync(anyone, code, "用地面积", 60, "合成：租约到期，用地已经收回");
        await economy.PostAsJsonAsync($"/api/v1/cases/{number}/acceptance/accept", new { }).ToldAsync();
        await platform.RunJobsAsync();
        await RunningPlatform.FinishAsync(land, number, "check_land", new { found = "异议成立", checked_value = 60, check_note = "租约终止协议" });
        await RunningPlatform.FinishAsync(colleague, number, "settle", new { upheld = true, value = 60, verdict_reason = "用地已经收回" });
        await platform.RunJobsAsync();
        await FollowAsync(platform);
        Assert.Equal(("B", 78.9), await JudgedAsync(economy, code));
    }

    private static async Task<double> ReliefAsync(HttpClient who, string code) => Assert.Single(await RowsAsync(who, "factor-price", $"enterprise={code}&year=2025"))["land_relief"].GetDouble();

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Who_speaks_for_an_enterprise_has_its_code_and_name_filled_in_and_nobody_else_does(string store)
    {
        await using var platform = await ToldAsync(store, new StandingClock(), published: true);
        using var keeper = await platform.SignInAsync("duty");
        using var head = await platform.SignInAsync("enterprise-a");
        using var other = await platform.SignInAsync("citizen-a");
        using var economy = await platform.SignInAsync(Economy);
        var (code, whom) = (Told[0], "organisation:" + Told[0]);
        Assert.Equal("201", await keeper.PostAsJsonAsync("/api/v1/organisations", new { code, name = "演示企业00001", kind = "enterprise", region = Xiaoshan, representative = "enterprise-a" }).ToldAsync());
        async Task<List<(string?, string?, string?)>> SaysAsync(HttpClient who, string? whom) =>
            [.. (await who.GetFromJsonAsync<JsonElement>($"/api/v1/services/{Pack}/class-appeal/prefill?region={Xiaoshan}{(whom is null ? "" : "&for=" + whom)}")).EnumerateArray().Select(p => (p.Text("field"), p.GetProperty("value").ValueKind == JsonValueKind.Null ? null : p.GetProperty("value").ToString(), p.Text("why")))];
        Assert.Equal([("enterprise", code, null), ("party_name", "演示企业00001", null)], await SaysAsync(head, whom));
        Assert.All(await SaysAsync(head, null), s => Assert.Equal((null, "not-self"), (s.Item2, s.Item3)));
        Assert.All(await SaysAsync(other, whom), s => Assert.Equal((null, "not-self"), (s.Item2, s.Item3)));

        // What is sent under a field that is filled does not count: nobody appeals in another's name.
        Task<HttpResponseMessage> ApplyAsync(HttpClient who) => who.PostAsJsonAsync($"/api/v1/services/{Pack}/class-appeal/applications", new { region = Xiaoshan, @for = whom, data = new { enterprise = Told[3], party_name = "演示企业00004", year = 2025, item = "用地面积", claimed = 50, grounds = "合成：租出十亩没有减去" } });
        Assert.Equal("422 fields", await ApplyAsync(other).ToldAsync());
        var number = (await ApplyAsync(head).JsonAsync()).Text("number")!;
        var data = JsonDocument.Parse((await FileAsync(economy, number)).GetProperty("case").Text("data")!).RootElement;
        Assert.Equal((code, "演示企业00001"), (data.Text("enterprise"), data.Text("party_name")));
        var read = (await Persons.ItemsAsync(head, $"/api/v1/me/reads?of={whom}")).First(r => r.Text("action") == "prefill.read");
        Assert.Equal("亩均评价异议申诉", read.Text("matter"));

        // Its own evaluation at once, whatever code is sent; and nobody else's, whatever code they know.
        Task<HttpResponseMessage> LookUpAsync(HttpClient who, string? whom) => who.PostAsJsonAsync($"/api/v1/services/{Pack}/result-lookup/applications", new { region = Xiaoshan, @for = whom, data = new { enterprise = Told[3], year = 2025 }, objections = new { enterprise = "我要看别家的" } });
        using var nobody = platform.Anonymous();
        Assert.Equal("422 fields", await LookUpAsync(nobody, null).ToldAsync());
        Assert.Equal("422 fields", await LookUpAsync(head, "self").ToldAsync());
        Assert.Equal("422 fields", await LookUpAsync(other, whom).ToldAsync());
        number = (await LookUpAsync(head, whom).JsonAsync()).Text("number")!;
        var file = await platform.EndedAsync(economy, number);
        Assert.Equal("已出具", file.GetProperty("case").Text("outcome"));
        foreach (var said in (string[])[code, "亩均税收 26.6667 万元，标准 33.92，得 27.52 分", "总分 78.9，类别 B", "土地使用税减免 50%"])
            Assert.Contains(said, Document(file, "亩均评价结果告知单"), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_appeal_that_does_not_hold_is_answered_with_reasons_and_remedies_and_changes_nothing(string store)
    {
        await using var platform = await ToldAsync(store, new StandingClock(), published: true);
        using var anyone = platform.Anonymous();
        using var economy = await platform.SignInAsync(Economy);
        using var tax = await platform.SignInAsync(Tax);
        var (number, secret) = await AppealAsync(anyone, Told[3], "实缴税金", 3000, "合成：有一笔税款没有计入");
        await economy.PostAsJsonAsync($"/api/v1/cases/{number}/acceptance/accept", new { }).ToldAsync();
        await platform.RunJobsAsync();
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(tax, number, "check_tax", new { found = "异议不成立", checked_value = 300, check_note = "金税系统全年入库 300 万元" }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(economy, number, "settle", new { upheld = false, verdict_reason = "与入库数一致，不予更正" }));
        var file = await platform.EndedAsync(economy, number);
        Assert.Equal("不予更正", file.GetProperty("case").Text("outcome"));
        var answer = Document(await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{number}?code={secret}"), "评价异议答复书");
        foreach (var said in (string[])["不予更正", "与入库数一致", "金税系统全年入库 300 万元", "总分 21.11，类别 D", "申请行政复议", "提起行政诉讼"])
            Assert.Contains(said, answer, StringComparison.Ordinal);
        await FollowAsync(platform);
        Assert.Empty(await RowsAsync(economy, "correction"));
        Assert.Equal(("D", 21.11), await JudgedAsync(economy, Told[3]));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Prices_are_read_from_the_published_class_and_who_pays_more_is_heard_first(string store)
    {
        await using var platform = await ToldAsync(store, new StandingClock(), published: true);
        using var economy = await platform.SignInAsync(Economy);
        using var colleague = await platform.SignInAsync(Colleague);
        using var elsewhere = await platform.SignInAsync(Elsewhere);
        var verified = new { party_name = "演示企业", effective_on = "2026-07-01", verify_note = "与评价结果一致" };

        // A grave violation: class D, by Hangzhou's own surcharge.
        var id = await OpenAsync(economy, "price-notice");
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(economy, id, "ask", new { enterprise = Told[1], year = 2025 }));
        await platform.RunJobsAsync();
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(economy, id, "verify", verified));
        await platform.RunJobsAsync();
        Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(economy, id, "hear", new { heard_note = "无意见", proceed = true }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(colleague, id, "hear", new { heard_note = "无意见", proceed = true }));
        var file = await platform.EndedAsync(economy, id);
        Assert.Equal("已告知", file.GetProperty("case").Text("outcome"));
        foreach (var said in (string[])["评价类别为 D", "0.35 元/千瓦时", "0.8 元/立方米", "多收的退还", "申请行政复议"])
            Assert.Contains(said, Document(file, "差别化要素价格告知书"), StringComparison.Ordinal);
        Assert.Equal((0.35, "D"), Assert.Single(await RowsAsync(economy, "issued-notice")) is var row ? (row["electricity"].GetDouble(), row["class"].GetString()) : default);

        // Its reasons hold: nothing is put into effect.
        id = await OpenAsync(economy, "price-notice");
        await RunningPlatform.FinishAsync(economy, id, "ask", new { enterprise = Told[3], year = 2025 });
        await platform.RunJobsAsync();
        await RunningPlatform.FinishAsync(economy, id, "verify", verified);
        await platform.RunJobsAsync();
        await RunningPlatform.FinishAsync(colleague, id, "hear", new { heard_note = "正在办理用地异议", proceed = false });
        Assert.Equal("暂缓执行", (await platform.EndedAsync(economy, id)).GetProperty("case").Text("outcome"));
        Assert.Single(await RowsAsync(economy, "issued-notice"));

        // Who pays nothing more need not be heard.
        id = await OpenAsync(economy, "price-notice");
        await RunningPlatform.FinishAsync(economy, id, "ask", new { enterprise = Told[6], year = 2025 });
        await platform.RunJobsAsync();
        await RunningPlatform.FinishAsync(economy, id, "verify", verified);
        file = await platform.EndedAsync(economy, id);
        Assert.Contains("减免 100%", Document(file, "差别化要素价格告知书"), StringComparison.Ordinal);

        // Who is not evaluated has no class; and what lies in another county is not read for this one.
        foreach (var (who, code) in ((HttpClient, string)[])[(economy, Told[5]), (elsewhere, Told[1])])
        {
            id = await OpenAsync(who, "price-notice");
            await RunningPlatform.FinishAsync(who, id, "ask", new { enterprise = code, year = 2025 });
            Assert.Equal("没有公布的类别", (await platform.EndedAsync(who, id)).GetProperty("case").Text("outcome"));
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_evaluation_is_confirmed_by_five_departments_shown_for_a_week_and_published(string store)
    {
        var clock = new StandingClock();
        await using var platform = await ToldAsync(store, clock, published: false);
        using var anyone = platform.Anonymous();
        using var economy = await platform.SignInAsync(Economy);
        Assert.Empty(await RowsAsync(anyone, "class-list"));
        var id = await OpenAsync(economy, "annual-evaluation");
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(economy, id, "plan", new { year = 2025, method = "规上企业和用地五亩以上的规下企业参评" }));
        await platform.RunJobsAsync();
        foreach (var (login, part) in ((string, string)[])[(Tax, "tax"), ("output-xiaoshan", "output"), (Land, "land"), ("ecology-xiaoshan", "discharge"), ("energy-xiaoshan", "energy")])
        {
            Assert.DoesNotContain("review", await TasksAsync(economy, id), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, await RunningPlatform.FinishAsync(economy, id, $"confirm_{part}", new Dictionary<string, object> { [$"{part}_ok"] = true, [$"{part}_note"] = "齐全" }));
            using var department = await platform.SignInAsync(login);
            Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(department, id, $"confirm_{part}", new Dictionary<string, object> { [$"{part}_ok"] = true, [$"{part}_note"] = "齐全" }));
        }
        await ReviewAsync(economy);
        Assert.Equal(["公示"], (await RowsAsync(anyone, "class-list")).Select(r => r["stage"].GetString()!).Distinct());
        Assert.Empty(await RowsAsync(economy, "factor-price"));
        await PassAsync(6.9);
        using var later = await platform.SignInAsync(Economy);
        Assert.DoesNotContain("settle", await TasksAsync(later, id), StringComparison.Ordinal);
        await PassAsync(0.2);

        // Who reviewed does not decide; what is not agreed is reviewed and shown again.
        using var again = await platform.SignInAsync(Economy);
        using var colleague = await platform.SignInAsync(Colleague);
        Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(again, id, "settle", Settled(true)));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(colleague, id, "settle", Settled(false)));
        await ReviewAsync(again);
        await PassAsync(7.1);
        using var decides = await platform.SignInAsync(Colleague);
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(decides, id, "settle", Settled(true)));
        var file = await platform.EndedAsync(decides, id);
        Assert.Contains("A 类 1 家，B 类 3 家，C 类 0 家，D 类 2 家", Document(file, "亩均效益综合评价结果公布"), StringComparison.Ordinal);
        await FollowAsync(platform);
        Assert.Equal(["公布"], (await RowsAsync(anyone, "class-list")).Select(r => r["stage"].GetString()!).Distinct());
        Assert.Equal(6, (await RowsAsync(decides, "factor-price")).Count);

        // Who is signed in does not stay so for days: they sign in anew.
        async Task PassAsync(double days)
        {
            clock.Now += TimeSpan.FromDays(days);
            await platform.RunJobsAsync();
        }

        async Task ReviewAsync(HttpClient who)
        {
            await platform.RunJobsAsync();
            Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(who, id, "review", new { count_a = 1, count_b = 3, count_c = 0, count_d = 2, review_note = "一票否决、过渡期、豁免逐一看过" }));
            await platform.RunJobsAsync();
            await FollowAsync(platform);
        }
    }

    private static object Settled(bool approved) => new { approved, objections = 1, settle_note = approved ? "同意公布" : "两家 D 类再核对一次" };

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_red_warning_opens_help_for_each_low_yield_enterprise_and_what_it_reached_counts(string store)
    {
        await using var platform = await ToldAsync(store, new StandingClock(), published: true);
        using var anyone = platform.Anonymous();
        using var economy = await platform.SignInAsync(Economy);
        using var land = await platform.SignInAsync(Land);
        using var ecology = await platform.SignInAsync("ecology-xiaoshan");
        // Two of the six that are evaluated are of class D.
        Assert.Equal(100.0 * 2 / 6, await FigureAsync(anyone, "class-d-share", Xiaoshan), 6);
        var warning = Assert.Single((await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?pack={Pack}")).GetProperty("items").EnumerateArray());
        Assert.Equal((Xiaoshan, "red"), (warning.Text("region"), warning.Text("level")));
        var id = warning.Text("caseId")!;
        await platform.RunJobsAsync();
        object Firm(string enterprise, string cause) => new { enterprise, cause, way = "技术改造", target = 12 };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await RunningPlatform.FinishAsync(economy, id, "list", new { diagnosis = "设备老旧", firms = new[] { new { enterprise = Told[3], cause = "老板不行" } } }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(economy, id, "list", new { diagnosis = "设备老旧，能耗偏高", firms = new[] { Firm(Told[1], "能耗排放高"), Firm(Told[3], "设备老旧") } }));
        await platform.RunJobsAsync();
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(land, id, "land", new { land_measures = "盘活闲置的二十亩" }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(ecology, id, "eco", new { eco_measures = "更换燃煤锅炉" }));
        await platform.RunJobsAsync();
        var tasks = (await FileAsync(economy, id)).GetProperty("tasks").EnumerateArray().Where(t => t.Text("node") == "accept").Select(t => t.Text("id")).ToList();
        Assert.Equal(2, tasks.Count);
        foreach (var (task, reached) in tasks.Zip((bool[])[true, false]))
            Assert.Equal("204", await economy.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", new { feedback = "合成：改造进行中", reached }).ToldAsync());
        await platform.RunJobsAsync();
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(economy, id, "sum_up", new { effect = "一般", summary = "两家中一家达到目标" }));
        var file = await platform.EndedAsync(economy, id);
        Assert.Contains("盘活闲置的二十亩", Document(file, "低效企业帮扶提升方案"), StringComparison.Ordinal);
        Assert.Contains("两家中一家达到目标", Document(file, "低效企业帮扶提升报告"), StringComparison.Ordinal);
        await FollowAsync(platform);
        Assert.Equal(["能耗排放高", "设备老旧"], (await RowsAsync(economy, "improvement")).Select(r => r["cause"].GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(50, await FigureAsync(anyone, "helped", Xiaoshan, 2026));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Each_March_an_evaluation_is_opened_for_every_county_that_takes_part(string store)
    {
        var clock = new StandingClock { Now = new(2027, 2, 28, 1, 0, 0, TimeSpan.Zero) };
        await using var platform = await StartAsync(store, clock);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync([new Person("economy-province", "演示·省经信", "Demo provincial economy", "official", "zj-economy-it", "330000", ["case-worker"])]);
        clock.Now = new(2027, 3, 1, 2, 0, 0, TimeSpan.Zero);
        await platform.RunJobsAsync();
        using var province = await platform.SignInAsync("economy-province");
        var opened = Assert.Single((await province.GetFromJsonAsync<JsonElement>($"/api/v1/cases?pack={Pack}")).GetProperty("items").EnumerateArray(), c => c.Text("matter") == "yearly-start");
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(province, opened.Text("id")!, "set_going", new { year = 2026, places = new[] { new { place = Xiaoshan }, new { place = "330110" } } }));
        await platform.RunJobsAsync();
        var called = (await province.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{opened.Text("id")}")).GetProperty("called").EnumerateArray().ToList();
        Assert.Equal(2, called.Count);
        using var county = await platform.SignInAsync(Economy);
        Assert.Single((await county.GetFromJsonAsync<JsonElement>("/api/v1/tasks")).GetProperty("items").EnumerateArray(), t => t.Text("name") == "制定评价方案");
    }
}
