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

/// <summary>Water beside air: a section falls below its target, its sources are found and mended, and only the next sample closes the case; an outfall is refused with reasons and granted; a patrol's problem comes back until it is mended.</summary>
public sealed class WaterTests
{
    private const string Pack = "environment.water", Tonglu = "330122", Section = "DM3301220101";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/environment/water");

    private static readonly Person[] People =
    [
        Official("tonglu-ecology", "zj-ecology-330122"), Official("tonglu-ecology-b", "zj-ecology-330122"), Official("tonglu-water", "zj-water-330122"),
        Official("tonglu-agriculture", "zj-agriculture-330122"), Official("tonglu-construction", "zj-construction-330122"),
    ];

    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        return platform;
    }

    /// <summary>A river with a section of target Ⅲ in 桐庐县, clean in September and of class Ⅳ in October, by ammonia and phosphorus.</summary>
    private static async Task<RunningPlatform> FallenAsync(string store)
    {
        var platform = await StartAsync(store);
        await platform.LoadLinesAsync(Pack, "river", "code,name,level,length,office,region", "HL330101,演示江,市级,42,桐庐县河长制办公室,330100");
        await platform.LoadLinesAsync(Pack, "section", "code,name,river,control,lake,target,longitude,latitude,region", $"{Section},演示断面,HL330101,provincial,false,3,119.68,29.79,{Tonglu}");
        await MeasureAsync(platform, "2026-09-01", 0.62, 0.15);
        await MeasureAsync(platform, "2026-10-01", 1.25, 0.24);
        return platform;
    }

    private static Task MeasureAsync(RunningPlatform platform, string month, double ammonia, double phosphorus) => platform.LoadLinesAsync(Pack, "water-monthly",
        File.ReadLines(Path.Combine(Folder, "samples/water-monthly.csv")).First(), FormattableString.Invariant($"{Section},{month},18,7.6,7.1,3.9,14.2,2.4,{ammonia},{phosphorus},0.0005,0.005,0.3,0.0002,0.0008,0.00002,0.00005,0.002,0.0005,0.002,0.00015,0.012,0.02,0.005"));

    private static async Task<List<string>> WarningsAsync(HttpClient who) => [.. (await who.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?pack={Pack}&take=100")).GetProperty("items").EnumerateArray().Select(w => $"{w.Text("indicator")} {w.Text("region")} {w.Text("level")} {w.Text("state")}").Order(StringComparer.Ordinal)];

    [Shows("gov-ecology", Lacks = "solid waste, soil, carbon")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_section_falls_from_III_to_IV_and_is_closed_only_by_a_sample_that_is_good_again(string store)
    {
        await using var platform = await FallenAsync(store);
        using var ecology = await platform.SignInAsync("tonglu-ecology");
        using var colleague = await platform.SignInAsync("tonglu-ecology-b");
        using var water = await platform.SignInAsync("tonglu-water");
        using var agriculture = await platform.SignInAsync("tonglu-agriculture");
        using var construction = await platform.SignInAsync("tonglu-construction");
        using var anyone = platform.Anonymous();

        // By hand: ammonia 1.25 and phosphorus 0.24 are of class Ⅳ (GB 3838-2002, table 1), 0.3 and 0.2 times above Ⅲ; the rest is Ⅲ or better.
        var row = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/water-class/rows?month=2026-10-01&take=5")) is var page ? page.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).Zip(page.GetProperty("rows")[0].EnumerateArray()).ToDictionary() : [];
        Assert.Equal("4 Ⅳ类 轻度污染 氨氮（0.3）、总磷（0.2） 1", string.Join(' ', new[] { "class", "class_name", "state", "main", "gap" }.Select(f => row[f].ToString())));
        Assert.Equal([$"class-gap {Tonglu} yellow running"], await WarningsAsync(anyone));
        var id = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?pack={Pack}")).GetProperty("items")[0].Text("caseId")!;

        // A section that nobody measured leads back to the verification.
        var verified = new { valid = true, section = Section, month = "2026-10-01", verify_note = "采样和分析记录齐全（合成）" };
        await DoAsync(platform, ecology, id, "verify", new { valid = true, section = "DM3301229999", month = "2026-10-01", verify_note = "断面编码写错（合成）" });
        await DoAsync(platform, ecology, id, "verify", verified);
        Assert.Contains("超出目标 1 类，主要污染指标：氨氮（0.3）、总磷（0.2）", Document(await ecology.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}"), "断面水质下降告知函"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await RunningPlatform.FinishAsync(ecology, id, "assign", new { river = "HL330101", demand = "七个工作日内查清", trace_by = "2026-11-12" }));
        await DoAsync(platform, water, id, "assign", new { river = "HL330101", demand = "七个工作日内查清（合成）", trace_by = "2026-11-12" });
        await DoAsync(platform, ecology, id, "industry", new { industry_found = false, industry_note = "工业排口达标（合成）" });
        await DoAsync(platform, agriculture, id, "farming", new { farming_found = false, farming_note = "沿岸无新增养殖（合成）" });
        await DoAsync(platform, construction, id, "sewage", new { sewage_found = true, sewage_note = "一处雨污混接（合成）" });
        var measures = new { source = "城镇污水", measures = "改接混接管，临时截流（合成）", finish_by = "2026-11-25" };
        await DoAsync(platform, water, id, "measures", measures);
        await DoAsync(platform, water, id, "carry_out", new { done_note = "已经改接（合成）" });

        // The next month's sample is not there, then not good enough, then good.
        var recheck = new { month = "2026-11-01", recheck_note = "按当月采样复核（合成）" };
        await DoAsync(platform, colleague, id, "recheck", recheck);
        await MeasureAsync(platform, "2026-11-01", 1.1, 0.19);
        await DoAsync(platform, colleague, id, "recheck", recheck);
        await DoAsync(platform, water, id, "measures", measures with { measures = "加密清淤，封堵两处排口（合成）" });
        await DoAsync(platform, water, id, "carry_out", new { done_note = "清淤完成（合成）" });
        await MeasureAsync(platform, "2026-12-01", 0.7, 0.16);
        await DoAsync(platform, colleague, id, "recheck", recheck with { month = "2026-12-01" });
        var file = await platform.EndedAsync(ecology, id);
        Assert.Equal("已恢复", file.GetProperty("case").Text("outcome"));
        Assert.Contains("复核为 Ⅲ类，已经达到目标", Document(file, "断面水质下降处置报告"), StringComparison.Ordinal);
        Assert.Equal([$"class-gap {Tonglu} yellow ended"], await WarningsAsync(anyone));
        var kept = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/recovery/rows")).GetProperty("rows")[0].ToString();
        Assert.Contains("城镇污水", kept, StringComparison.Ordinal);
        Assert.Contains("Ⅲ类", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outfall_is_refused_with_reasons_or_granted_and_a_patrols_problem_comes_back_until_it_is_mended()
    {
        await using var platform = await FallenAsync("sqlite");
        using var ecology = await platform.SignInAsync("tonglu-ecology");
        using var colleague = await platform.SignInAsync("tonglu-ecology-b");
        using var water = await platform.SignInAsync("tonglu-water");
        using var anyone = platform.Anonymous();
        var service = $"/api/v1/services/{Pack}/outfall-permission";
        var wanted = new { party = "演示水务公司", code = "91330122YY7000995Y", kind = "城镇污水处理厂排污口", way = "新设", river = "HL330101", place = "演示江左岸一号桥下（合成）", volume = 20000, standard = "GB 18918-2002 一级 A" };
        // Without the assessment there is no application, and a sole trader's code, behind which a person stands, is none of a unit.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anyone.PostAsJsonAsync($"{service}/applications", new { region = Tonglu, data = wanted })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anyone.PostAsJsonAsync($"{service}/applications", new { region = Tonglu, data = wanted with { code = "92330122MAYY000010" } })).StatusCode);

        var (refused, secret) = await ApplyAsync();
        await DoAsync(platform, ecology, refused, "review", new { zone = "饮用水水源保护区", meets = true, over_target = true, offset = false, review_note = "口门在二级保护区内（合成）" });
        await DoAsync(platform, water, refused, "water", new { water_safe = true, water_note = "不影响行洪（合成）" });
        // Whoever reviewed does not decide.
        var no = new { agreed = false, decide_reason = "位于饮用水水源保护区内，请改到保护区外（合成）" };
        Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(ecology, refused, "decide", no));
        await DoAsync(platform, colleague, refused, "decide", no);
        Assert.Equal("不予同意", (await platform.EndedAsync(ecology, refused)).GetProperty("case").Text("outcome"));
        var letter = Document(await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{refused}?code={secret}"), "入河排污口设置决定书");
        foreach (var said in (string[])["不予同意", "请改到保护区外", "第六十四条", "申请行政复议"])
            Assert.Contains(said, letter, StringComparison.Ordinal);

        var (granted, _) = await ApplyAsync();
        await DoAsync(platform, ecology, granted, "review", new { zone = "其他水域", meets = true, over_target = true, offset = true, review_note = "关停两处旧口替代（合成）" });
        await DoAsync(platform, water, granted, "water", new { water_safe = true, water_note = "不影响行洪（合成）" });
        await DoAsync(platform, colleague, granted, "decide", new { agreed = true, decide_reason = "有替代削减（合成）" });
        Assert.Equal("同意设置", (await platform.EndedAsync(ecology, granted)).GetProperty("case").Text("outcome"));
        Assert.Contains("演示水务公司", (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/outfall/rows")).GetProperty("rows")[0].ToString(), StringComparison.Ordinal);

        var patrol = (await water.PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter = "river-patrol" }).JsonAsync()).Text("id")!;
        await DoAsync(platform, water, patrol, "patrol", new { river = "HL330101", place = "演示江左岸", found = true, kind = "污水直排", problem = "一处管口晴天出水（合成）" });
        foreach (var (mended, words) in new[] { (false, "仍有渗漏（合成）"), (true, "已封堵（合成）") })
        {
            await DoAsync(platform, water, patrol, "hand", new { demand = "封堵并查清来源（合成）", mend_by = "2026-11-20" });
            await DoAsync(platform, ecology, patrol, "mend_ecology", new { mend_note = words });
            await DoAsync(platform, water, patrol, "check", new { @fixed = mended, check_note = words });
        }
        Assert.Equal("已销号", (await platform.EndedAsync(water, patrol)).GetProperty("case").Text("outcome"));

        async Task<(string Number, string Code)> ApplyAsync()
        {
            var basket = (await anyone.SendAsync($"{service}/files?field=material:assessment&name=report.pdf", Sheets.Pdf()).JsonAsync()).Text("basket");
            var receipt = await anyone.PostAsJsonAsync($"{service}/applications", new { region = Tonglu, data = wanted, files = basket, materials = new Dictionary<string, string> { ["map"] = "later" } }).JsonAsync();
            var number = receipt.Text("number")!;
            Assert.Equal("204", await ecology.PostAsJsonAsync($"/api/v1/cases/{number}/acceptance/accept", new { }).ToldAsync());
            // What is owed would hold the decision up.
            Assert.Equal("204", await ecology.PostAsJsonAsync($"/api/v1/cases/{number}/materials/map/close", new { reason = "位置图已当面交来（合成）" }).ToldAsync());
            await platform.RunJobsAsync();
            return (number, receipt.Text("code")!);
        }
    }

    [Fact]
    public async Task A_leader_sees_the_generated_water_at_a_desk_on_a_phone_and_on_a_wall_and_anyone_its_services()
    {
        await using var platform = await StartAsync("sqlite");
        await SamplesAsync(platform, Pack, Folder, "water-monthly");
        using var anyone = platform.Anonymous();
        var running = (await WarningsAsync(anyone)).Where(w => w.EndsWith("running", StringComparison.Ordinal) && w.StartsWith("class-gap", StringComparison.Ordinal));
        Assert.Equal(["class-gap 330122 yellow running", "class-gap 330424 orange running"], running);
        Assert.Contains(await WarningsAsync(anyone), w => w.StartsWith("phosphorus-day 330122", StringComparison.Ordinal));

        foreach (var screen in (Screen[])[Screen.Desktop, Screen.Phone])
        {
            await using var visitor = await Visitor.ComeAsync(platform, screen);
            await visitor.OpenAsync($"/services/{Pack}/outfall-permission");
            await visitor.SeesAsync("二十个工作日");
            await visitor.LooksAsync("water-service");
            await visitor.OpenAsync($"/services/{Pack}/outfall-permission/apply");
            await visitor.LooksAsync("water-apply");
            await CockpitAsync(visitor, Pack, "断面达标率", "water-cockpit");
            if (screen == Screen.Phone)
                continue;
            await visitor.OpenAsync($"/screens/{Pack}");
            await visitor.LooksAsync("water-public");
            await visitor.SignInAsync("designer", $"/desk/processes/{Pack}/processes/section-decline.bpmn");
            foreach (var process in (string[])["section-decline", "river-patrol", "outfall-permission"])
            {
                await visitor.OpenAsync($"/desk/processes/{Pack}/processes/{process}.bpmn");
                await Assertions.Expect(visitor.Page.Locator(".djs-shape").First).ToBeVisibleAsync();
                await visitor.LooksAsync($"water-process-{process}");
            }
        }
        await using var wall = await Visitor.ComeAsync(platform, Screen.Wall);
        await wall.SignInAsync("leader");
        await wall.OpenAsync($"/desk/wall?pack={Pack}&region=330000");
        await Assertions.Expect(wall.Page.Locator(".cockpit .chart[data-option]:not(:has(svg))")).ToHaveCountAsync(0);
        await wall.LooksAsync("water");
    }
}
