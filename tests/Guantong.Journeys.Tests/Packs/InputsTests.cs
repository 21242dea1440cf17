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

/// <summary>Fertiliser and pesticide in a loop: a lot that does not reconcile is checked until it does, an overdrawn quota is set against the next year, a greater quota and a pesticide licence are refused with reasons and granted.</summary>
public sealed class InputsTests
{
    private const string Pack = "rural.inputs", Tonglu = "330122", Holding = "93330122YY84990118", Shop = "91330122YY88990155", Pesticide = "PC2026N01", Fertiliser = "PC2026H01";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/rural/inputs");

    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await platform.ApplyAsync("law.administrative-penalty");
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync([Official("tonglu-farm", "zj-agriculture-330122"), Official("tonglu-farm-b", "zj-agriculture-330122"), Official("tonglu-enforce", "zj-enforcement-330122")]);
        return platform;
    }

    /// <summary>A cooperative with ten hectares of rice: 3,000 kg of fertiliser and 26 kg of pesticide. It bought 140 sacks of 22.5 kg, 150 kg too much; the shop counted 15 packs of pesticide where its books say 20.</summary>
    private static async Task<RunningPlatform> KeptAsync(string store)
    {
        var platform = await StartAsync(store);
        Task Load(string dataset, params string[] lines) => platform.LoadLinesAsync(Pack, dataset, lines.Prepend(File.ReadLines(Path.Combine(Folder, $"samples/{dataset}.csv")).First()));
        await Load("norm", "水稻,化肥,300", "水稻,农药,2.6");
        await Load("holding", $"{Holding},演示合作社,农民专业合作社,{Tonglu},浙江省桐庐县演示一路1号");
        await Load("shop", $"{Shop},演示农资店,{Tonglu},浙江省桐庐县演示一路2号,false");
        await Load("lot", $"{Pesticide},演示杀虫剂甲,农药,20,1,演示农化1有限公司,false,2025-11-20", $"{Fertiliser},演示复合肥,化肥,45,50,演示肥业1有限公司,false,2025-11-20");
        await Load("planting", $"{Holding},2026,水稻,10");
        await Load("buying", $"JH1,{Shop},{Pesticide},200,演示农资批发1有限公司,2026-02-01", $"JH2,{Shop},{Fertiliser},200,演示农资批发1有限公司,2026-02-01");
        await Load("sale", $"XS1,{Shop},{Pesticide},{Holding},100,2026-05-06", $"XS2,{Shop},{Pesticide},,80,2026-06-01", $"XS3,{Shop},{Fertiliser},{Holding},140,2026-04-10");
        await Load("usage", "SY1,XS1,水稻,90,10,2026-06-20", "SY2,XS3,水稻,130,10,2026-05-02");
        await Load("take-back", "HS1,XS1,75,2026-08-01");
        await Load("stock-count", $"PD1,{Shop},{Pesticide},15,2026-10-20");
        return platform;
    }

    private static async Task<Dictionary<string, string>> RowAsync(HttpClient who, string dataset, string query)
    {
        var page = await who.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/{dataset}/rows?take=5&{query}");
        return page.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).Zip(Assert.Single(page.GetProperty("rows").EnumerateArray()).EnumerateArray().Select(v => v.ToString())).ToDictionary();
    }

    private static object Checked(string lot) => new { shop = Shop, lot, site = "演示一路2号", checked_on = "2026-11-02", two_officers = true, check_note = "核对了票据和库存（合成）" };

    private static object Ordered(string course) => new { course, demand = "查清差额，如实补记（合成）", mend_by = "2026-11-12" };

    private static object Rechecked(string state) => new { rechecked_on = "2026-11-12", state, recheck_note = "看了台账和库存（合成）" };

    [Shows("gov-rural", Lacks = "fishing vessels, collective assets, low-income households, farmer services")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_lot_that_does_not_reconcile_and_a_quota_overdrawn_are_closed_only_by_ledgers_that_agree(string store)
    {
        await using var platform = await KeptAsync(store);
        using var farm = await platform.SignInAsync("tonglu-farm");
        using var colleague = await platform.SignInAsync("tonglu-farm-b");
        using var anyone = platform.Anonymous();

        // By hand: 200 in, 100 and 80 out leave 20; 15 were counted. 140 × 50 kg × 45 % = 3150 kg, of 10 ha × 300 kg.
        var lot = await RowAsync(farm, "lot-balance", $"lot={Pesticide}");
        Assert.Equal("200 180 100 15 20 90 75 账实不符 门店", string.Join(' ', new[] { "bought", "sold", "sold_held", "counted", "book", "used", "returned", "fault", "place" }.Select(f => lot[f])));
        var quota = await RowAsync(farm, "quota-balance", $"holding={Holding}&kind=化肥");
        Assert.Equal("3000 3150 2925 150", string.Join(' ', new[] { "quota", "drawn", "used", "excess" }.Select(f => quota[f])));
        var warnings = await WarningsAsync(anyone, Pack);
        Assert.Equal([$"overdrawn-quotas {Tonglu} yellow running", $"unreconciled-lots {Tonglu} yellow running"], warnings.Select(Told));
        var (overdrawn, open) = (warnings[0].Text("caseId")!, warnings[1].Text("caseId")!);

        // A lot that the shop never had leads back; what the order says is what the ledgers say.
        await DoAsync(platform, farm, open, "check", Checked("PC2026N99"));
        Assert.Equal("check", Open(await FileAsync(farm, open)));
        await DoAsync(platform, farm, open, "check", Checked(Pesticide));
        await DoAsync(platform, farm, open, "order", Ordered("责令限期改正"));
        var order = Document(await farm.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{open}"), "责令改正通知书");
        foreach (var said in (string[])["账实不符", "盘点库存 15 件，账上 20 件", "第二十六条", "申请行政复议"])
            Assert.Contains(said, order, StringComparison.Ordinal);

        // Whoever checked does not recheck, and nobody's word closes it.
        Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(farm, open, "recheck", Rechecked("已改正")));
        await DoAsync(platform, colleague, open, "recheck", Rechecked("已改正"));
        Assert.Equal("order", Open(await FileAsync(farm, open)));
        await DoAsync(platform, farm, open, "order", Ordered("责令限期改正"));

        // Meanwhile a second lot of the county has more packs returned than used; the first is counted anew and agrees.
        await platform.LoadLinesAsync(Pack, "take-back", "number,sale,packs,day", "HS2,XS3,131,2026-08-02");
        await platform.LoadLinesAsync(Pack, "stock-count", "number,shop,lot,packs,day", $"PD2,{Shop},{Pesticide},20,2026-11-02");
        await DoAsync(platform, colleague, open, "recheck", Rechecked("已改正"));
        Assert.Equal("check", Open(await FileAsync(farm, open)));
        Assert.Contains("发现：账实不符", Document(await farm.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{open}"), "批次核查报告"), StringComparison.Ordinal);
        await platform.LoadLinesAsync(Pack, "take-back", "number,sale,packs,day", "HS2,XS3,120,2026-08-02");
        await DoAsync(platform, farm, open, "check", Checked(Fertiliser));
        Assert.Equal("已平账", (await platform.EndedAsync(farm, open)).GetProperty("case").Text("outcome"));

        // What was used cannot be taken back: it is set against the next year, which starts 150 kg lower.
        var looked = new { holding = Holding, year = 2026, kind = "化肥", site = "演示一路1号田块", checked_on = "2026-11-02", cause = "施用过量", check_note = "已经用掉（合成）" };
        await DoAsync(platform, farm, overdrawn, "check", looked with { year = 2025 });
        Assert.Equal("check", Open(await FileAsync(farm, overdrawn)));
        await DoAsync(platform, farm, overdrawn, "check", looked);
        await DoAsync(platform, farm, overdrawn, "course_task", Ordered("退回门店"));
        await DoAsync(platform, colleague, overdrawn, "recheck", Rechecked("正在改正"));
        Assert.Equal("course_task", Open(await FileAsync(farm, overdrawn)));
        Assert.Contains("定额 3000 kg，已购 3150 kg，超出 150 kg", Document(await farm.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{overdrawn}"), "定额核查意见书"), StringComparison.Ordinal);
        await DoAsync(platform, farm, overdrawn, "course_task", Ordered("结转抵扣"));
        await FollowAsync(platform);
        await DoAsync(platform, colleague, overdrawn, "recheck", Rechecked("已改正"));
        Assert.Equal("不再超出", (await platform.EndedAsync(farm, overdrawn)).GetProperty("case").Text("outcome"));
        Assert.Equal("-150", (await RowAsync(farm, "quota-change", $"holding={Holding}&year=2027"))["kg"]);
        Assert.Equal("3150 0", await RowAsync(farm, "quota-balance", $"holding={Holding}&kind=化肥") is var after ? $"{after["quota"]} {after["excess"]}" : "");

        await FollowAsync(platform);
        Assert.Equal([$"overdrawn-quotas {Tonglu} yellow ended", $"unreconciled-lots {Tonglu} yellow ended"], (await WarningsAsync(anyone, Pack)).Select(Told));
        Assert.Equal("账实不符 责令限期改正", await RowAsync(farm, "check-result", $"fault=账实不符") is var kept ? $"{kept["fault"]} {kept["course"]}" : "");
    }

    [Fact]
    public async Task A_greater_quota_and_a_licence_are_refused_with_reasons_or_granted_and_who_refuses_to_mend_is_referred()
    {
        await using var platform = await KeptAsync("sqlite");
        using var farm = await platform.SignInAsync("tonglu-farm");
        using var colleague = await platform.SignInAsync("tonglu-farm-b");
        using var enforcement = await platform.SignInAsync("tonglu-enforce");
        using var anyone = platform.Anonymous();

        var wanted = new { holding = Holding, party_name = "演示合作社", year = 2026, kind = "化肥", crop = "水稻", reason = "土壤缺素", rate = 20, why = "东侧田块缺钾（合成）" };
        // A sole trader's code, behind which a person stands, is none of a holding.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/quota-increase/applications", new { region = Tonglu, data = wanted with { holding = "92330122MAYY000010" } })).StatusCode);
        var visited = new { listed = true, proven = true, returns_ok = false, visit_note = "看了检测报告和包装台账（合成）" };
        var (refused, secret) = await ApplyAsync("quota-increase", "proof", wanted);
        await DoAsync(platform, farm, refused, "visit", visited);
        var no = new { agreed = false, decide_reason = "空包装交回以后再申请（合成）" };
        Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(farm, refused, "decide", no));
        await DoAsync(platform, colleague, refused, "decide", no);
        Assert.Equal("不同意", (await platform.EndedAsync(farm, refused)).GetProperty("case").Text("outcome"));
        var letter = Document(await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{refused}?code={secret}"), "定额调整决定书");
        foreach (var said in (string[])["不同意增加", "空包装交回以后再申请", "先交回空包装", "申请行政复议"])
            Assert.Contains(said, letter, StringComparison.Ordinal);

        // Twenty percent are asked for and eighteen decided on; the rules allow fifteen of 3,000 kg.
        var (granted, _) = await ApplyAsync("quota-increase", "proof", wanted);
        await DoAsync(platform, farm, granted, "visit", visited with { returns_ok = true });
        await DoAsync(platform, colleague, granted, "decide", new { agreed = true, granted_rate = 18, decide_reason = "检测报告属实（合成）" });
        Assert.Contains("同意增加 15%，即 450 kg", Document(await platform.EndedAsync(farm, granted), "定额调整决定书"), StringComparison.Ordinal);
        await FollowAsync(platform);
        Assert.Equal("3450 0", await RowAsync(farm, "quota-balance", $"holding={Holding}&kind=化肥") is var quota ? $"{quota["quota"]} {quota["excess"]}" : "");

        var shop = new { holder = Shop, party_name = "演示农资店", scope = "农药（含限制使用农药）", place_at = "桐庐县演示一路2号", shop_area = 45, store_area = 60, ledger = true, counter = true };
        foreach (var (allowed, outcome, said) in new[] { (false, "不予许可", "限制使用农药的条件"), (true, "准予许可", "有效期至 2031-11-02") })
        {
            var (licence, _) = await ApplyAsync("shop-licence", "staff", shop);
            await DoAsync(platform, farm, licence, "review", new { staff_ok = true, place_ok = true, system_ok = true, rules_ok = true, restricted_ok = allowed, review_note = "现场看过（合成）" });
            await DoAsync(platform, colleague, licence, "decide", new { issue = allowed, decide_reason = allowed ? "条件符合（合成）" : "不在定点布局里（合成）" });
            var file = await platform.EndedAsync(farm, licence);
            Assert.Equal(outcome, file.GetProperty("case").Text("outcome"));
            Assert.Contains(said, Document(file, allowed ? "农药经营许可决定书" : "不予农药经营许可决定书"), StringComparison.Ordinal);
        }
        Assert.Equal("演示农资店", (await RowAsync(anyone, "licence", $"holder={Shop}"))["party_name"]);

        // Who refuses to mend is passed on, and the lot stays open until it agrees.
        var open = (await WarningsAsync(anyone, Pack)).Single(w => w.Text("indicator") == "unreconciled-lots").Text("caseId")!;
        await DoAsync(platform, farm, open, "check", Checked(Pesticide));
        await DoAsync(platform, farm, open, "order", Ordered("责令限期改正"));
        await DoAsync(platform, colleague, open, "recheck", Rechecked("拒不改正"));
        await DoAsync(platform, farm, open, "order", Ordered("移送执法"));
        var penalty = Assert.Single((await farm.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{open}")).GetProperty("called").EnumerateArray()).Text("id")!;
        Assert.Equal("penalty-case", (await enforcement.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{penalty}")).GetProperty("case").Text("matter"));
        Assert.Equal("file", Open(await FileAsync(enforcement, penalty)));

        async Task<(string Number, string Code)> ApplyAsync(string matter, string material, object data)
        {
            var service = $"/api/v1/services/{Pack}/{matter}";
            var basket = (await anyone.SendAsync($"{service}/files?field=material:{material}&name=proof.pdf", Sheets.Pdf()).JsonAsync()).Text("basket");
            var later = matter == "shop-licence" ? new Dictionary<string, string> { ["place"] = "later" } : [];
            var receipt = await anyone.PostAsJsonAsync($"{service}/applications", new { region = Tonglu, data, files = basket, materials = later }).JsonAsync();
            var number = receipt.Text("number")!;
            Assert.Equal("204", await farm.PostAsJsonAsync($"/api/v1/cases/{number}/acceptance/accept", new { }).ToldAsync());
            // What is owed would hold the decision up.
            foreach (var owed in later.Keys)
                Assert.Equal("204", await farm.PostAsJsonAsync($"/api/v1/cases/{number}/materials/{owed}/close", new { reason = "平面图已当面交来（合成）" }).ToldAsync());
            await platform.RunJobsAsync();
            return (number, receipt.Text("code")!);
        }
    }

    [Fact]
    public async Task A_leader_sees_what_the_generated_ledgers_come_to_and_anyone_the_services()
    {
        await using var platform = await StartAsync("sqlite");
        await SamplesAsync(platform, Pack, Folder, "buying", "stock-count", "usage-detail");
        using var anyone = platform.Anonymous();
        Assert.Equal(["overdrawn-quotas 331082 orange running", "overdrawn-quotas 331102 yellow running", "unreconciled-lots 330424 orange running", "unreconciled-lots 330521 yellow running", "unreconciled-lots 330783 yellow running"],
            (await WarningsAsync(anyone, Pack)).Select(Told).Where(w => w.EndsWith("running", StringComparison.Ordinal)));

        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.OpenAsync($"/services/{Pack}/quota-increase");
        await visitor.SeesAsync("土壤缺素");
        await visitor.LooksAsync("inputs-service");
        await visitor.OpenAsync($"/services/{Pack}/quota-increase/apply");
        await visitor.LooksAsync("inputs-apply");
        await CockpitAsync(visitor, Pack, "每公顷化肥用量", "inputs-cockpit");
        await visitor.SignInAsync("designer", $"/desk/processes/{Pack}/processes/lot-check.bpmn");
        foreach (var process in (string[])["lot-check", "quota-check", "quota-increase", "shop-licence"])
        {
            await visitor.OpenAsync($"/desk/processes/{Pack}/processes/{process}.bpmn");
            await Assertions.Expect(visitor.Page.Locator(".djs-shape").First).ToBeVisibleAsync();
            await visitor.LooksAsync($"inputs-process-{process}");
        }
    }
}
