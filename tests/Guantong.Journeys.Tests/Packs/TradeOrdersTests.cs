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

/// <summary>Orders of exporters: reported, sent back, mended, warned of; help at county, city and province; a bank that sees what it was let see; and what the generated rows come to.</summary>
public sealed class TradeOrdersTests
{
    private const string Pack = "economy.trade-orders", Zhuji = "330681", Commerce = "commerce-zhuji", City = "commerce-shaoxing", Province = "commerce-province", Bank = "finance-zhuji", Council = "council-shaoxing", Pinghu = "commerce-pinghu";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/economy/trade-orders");

    private static readonly string Code = "91330681YY7000001" + CreditCode.Check("91330681YY7000001"), Whom = "organisation:" + Code;

    private static readonly Person[] People =
    [
        Official(Commerce, "zj-commerce-330681", Zhuji), Official(City, "zj-commerce-330600", "330600"), Official(Province, "zj-commerce", "330000"), Official(Bank, "zj-local-finance-330681", Zhuji),
        Official(Council, "zj-trade-promotion-330600", "330600"), Official(Pinghu, "zj-commerce-330482", "330482"),
    ];

    private static Person Official(string login, string unit, string region) => new(login, "演示·" + login, "Demo " + login, "official", unit, region, ["case-worker"]);

    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        return platform;
    }

    private static async Task<string> CalledAsync(HttpClient who, string id) => (await FileAsync(who, id)).GetProperty("called").EnumerateArray().OrderBy(c => c.Text("number"), StringComparer.Ordinal).Last().Text("id")!;

    private static object Report(object[] lines, string? note = null) => new { for_month = "2026-10", lines, trouble = "客户违约", note };

    private static object Line(string market, double hand, double fresh, double cancelled) => new { market, goods = "机电产品", hand, fresh, cancelled };

    private static Task<HttpResponseMessage> ApplyAsync(HttpClient who, string matter, object data) => who.PostAsJsonAsync($"/api/v1/services/{Pack}/{matter}/applications", new { region = Zhuji, @for = Whom, data });

    private static object Finance(string month, bool consent = true) => new { for_month = month, bank = "演示商业银行", wanted = 200, use = "备货生产", until = "2026-12-31", consent };

    [Shows("econ-trade-orders", Lacks = "customs, tax, the credit insurer and banks are not connected: an official writes down what they say")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Orders_that_were_lost_are_reported_warned_of_and_helped_by_county_city_and_province_and_a_bank_sees_what_it_was_let_see(string store)
    {
        await using var platform = await StartAsync(store);
        await platform.LoadLinesAsync(Pack, "enterprise", "code,name,region,goods,market,joined,active", $"{Code},演示诸暨机电进出口有限公司,{Zhuji},机电产品,美国,2025-07-01,true");
        await platform.LoadLinesAsync(Pack, "order-report", "enterprise,month,region,report,reported_on,in_time,hand,fresh,cancelled,trouble", $"{Code},2025-10-01,{Zhuji},YB-1,2025-11-05,true,980,300,10,没有困难", $"{Code},2026-09-01,{Zhuji},YB-2,2026-10-08,true,1000,280,10,没有困难");
        await platform.LoadLinesAsync(Pack, "order-line", "report,item_no,market,goods,hand,fresh,cancelled", "YB-1,1,美国,机电产品,980,300,10", "YB-2,1,美国,机电产品,1000,280,10");
        using var keeper = await platform.SignInAsync("duty");
        Assert.Equal("201", await keeper.PostAsJsonAsync("/api/v1/organisations", new { code = Code, name = "演示诸暨机电进出口有限公司", kind = "enterprise", region = Zhuji, representative = "enterprise-a" }).ToldAsync());
        using var head = await platform.SignInAsync("enterprise-a");
        using var other = await platform.SignInAsync("citizen-a");
        using var county = await platform.SignInAsync(Commerce);
        using var city = await platform.SignInAsync(City);
        using var province = await platform.SignInAsync(Province);
        using var bank = await platform.SignInAsync(Bank);
        using var council = await platform.SignInAsync(Council);

        // Nobody reports for another. What does not add up is pointed out by rules and sent back by an official, with reasons; nothing is registered.
        object[] lines = [Line("美国", 900, 90, 500), Line("欧盟", 200, 20, 0)];
        Assert.Equal("422 fields", await ApplyAsync(other, "order-report", Report(lines)).ToldAsync());
        var number = (await ApplyAsync(head, "order-report", Report(lines)).JsonAsync()).Text("number")!;
        await platform.RunJobsAsync();
        await DoAsync(platform, county, number, "look", new { passed = false, return_reason = "美国市场在手是不是多写了一位，撤单请说明原因" });
        var file = await platform.EndedAsync(county, number);
        Assert.Equal("已退回", file.GetProperty("case").Text("outcome"));
        foreach (var said in (string[])["月末在手大于上月末在手加新增减撤销", "撤单超过一成没有说明原因", "是不是多写了一位"])
            Assert.Contains(said, Document(file, "订单月报退回通知"), StringComparison.Ordinal);
        await FollowAsync(platform);
        Assert.Equal(2, (await RowsAsync(county, Pack, "order-report")).Count);

        // Mended: 110 new against 300 a year before, 300 cancelled of 850.
        number = (await ApplyAsync(head, "order-report", Report([Line("美国", 400, 90, 300), Line("欧盟", 150, 20, 0)], "一家客户取消了两批（合成）")).JsonAsync()).Text("number")!;
        await platform.RunJobsAsync();
        await DoAsync(platform, county, number, "look", new { passed = true });
        Assert.Equal("已登记", (await platform.EndedAsync(county, number)).GetProperty("case").Text("outcome"));
        await FollowAsync(platform);
        var alert = Assert.Single(await RowsAsync(county, Pack, "alert", "month=2026-10-01"));
        Assert.Equal("一级 新增订单比去年同月下降 63.3%；撤单占 35.3%", $"{alert["grade"]} {alert["why"]}");
        Assert.Equal([400, 150], (await RowsAsync(county, Pack, "order-current", "month=2026-10-01")).OrderBy(r => r["item_no"].GetInt32()).Select(r => r["hand"].GetDouble()));
        var warning = Assert.Single(await WarningsAsync(county, Pack));
        Assert.Equal(("worst-alert", Zhuji, "red"), (warning.Text("indicator"), warning.Text("region"), warning.Text("level")));
        // It is told its own level with reasons, and nobody else is.
        var ask = new { for_month = "2026-10" };
        Assert.Equal("422 fields", await ApplyAsync(other, "alert-lookup", ask).ToldAsync());
        file = await platform.EndedAsync(county, (await ApplyAsync(head, "alert-lookup", ask).JsonAsync()).Text("number")!);
        Assert.Contains("最大市场 美国，占 74.2%", Document(file, "预警等级告知单"), StringComparison.Ordinal);
        // An enterprise alone is no figure.
        Assert.DoesNotContain((await county.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/orders-hand/values?period=month&region={Zhuji}")).EnumerateArray(), v => v.GetProperty("value").ValueKind == JsonValueKind.Number);

        // The county helps with what the enterprise needs; what it cannot do the city is asked, and then the province.
        var response = warning.Text("caseId")!;
        await DoAsync(platform, county, response, "list", new { real = true, cause = "一家美国客户取消订单（合成）", for_month = "2026-10", firms = new[] { new { enterprise = Code, party_name = "演示诸暨机电进出口有限公司" } } });
        var help = await CalledAsync(county, response);
        await DoAsync(platform, county, help, "plan", new { talked = "客户取消，货已备好（合成）", ways = new[] { "找货源订单", "融资", "涉外纠纷" }, way = "找货源订单" });
        Assert.Equal("dispute finance orders", Open(await FileAsync(county, help)));
        Assert.Equal(HttpStatusCode.Forbidden, await RunningPlatform.FinishAsync(county, help, "finance", new { finance_done = "代办" }));
        await DoAsync(platform, county, help, "orders", new { orders_done = "对接两场展会（合成）" });
        await DoAsync(platform, bank, help, "finance", new { finance_done = "介绍订单融资（合成）" });
        await DoAsync(platform, council, help, "dispute", new { dispute_done = "出具商事证明（合成）" });
        await DoAsync(platform, county, help, "assess", new { solved = false, county_note = "本地没有接得下的买家（合成）", ask_what = "对接省内采购集团（合成）" });
        var above = await CalledAsync(city, help);
        Assert.Equal(HttpStatusCode.NotFound, (await county.GetAsync($"/api/v1/cases/{above}")).StatusCode);
        await DoAsync(platform, city, above, "answer", new { solved = false, above_note = "市内也没有合适的（合成）" });
        above = await CalledAsync(province, help);
        await DoAsync(platform, province, above, "answer", new { solved = true, above_note = "省采购集团收购现货（合成）" });
        Assert.Contains("请求解决：对接省内采购集团", Document(await FileAsync(province, above), "提级协调答复"), StringComparison.Ordinal);
        await DoAsync(platform, county, help, "close", new { settled = "解决", told = "现货由省采购集团收购，请联系签约（合成）" });
        file = await platform.EndedAsync(county, help);
        foreach (var said in (string[])["预警等级一级：新增订单比去年同月下降 63.3%", "本地没有接得下的买家", "市内也没有合适的", "省采购集团收购现货", "在省级办结"])
            Assert.Contains(said, Document(file, "外贸企业帮扶结果告知书"), StringComparison.Ordinal);
        await DoAsync(platform, county, response, "look", new { eased = true, sum_note = "下月订单恢复（合成）" });
        Assert.Equal("响应结束", (await platform.EndedAsync(county, response)).GetProperty("case").Text("outcome"));
        var kept = Assert.Single(await RowsAsync(county, Pack, "help-record"));
        Assert.Equal("找货源订单 省级 解决", $"{kept["way"]} {kept["level"]} {kept["settled"]}");

        // Without consent nothing is asked, without a report nothing is told; else the bank sees totals and no market, and says why.
        Assert.Equal("422 fields", await ApplyAsync(head, "finance-link", Finance("2026-10", consent: false)).ToldAsync());
        Assert.Equal("422 fields", await ApplyAsync(other, "finance-link", Finance("2026-10")).ToldAsync());
        number = (await ApplyAsync(head, "finance-link", Finance("2026-08")).JsonAsync()).Text("number")!;
        Assert.Equal("没有登记的月报", (await platform.EndedAsync(county, number)).GetProperty("case").Text("outcome"));
        number = (await ApplyAsync(head, "finance-link", Finance("2026-10")).JsonAsync()).Text("number")!;
        await platform.RunJobsAsync();
        var shown = Document(await FileAsync(bank, number), "订单情况授权提供书");
        Assert.Contains("月末在手 550 万美元", shown, StringComparison.Ordinal);
        Assert.Contains("填报日期 2026-11-02", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("美国", shown, StringComparison.Ordinal);
        await DoAsync(platform, bank, number, "answer", new { answer = "未予支持", answer_reason = "撤单比例高，请补足信用保险（合成）" });
        Assert.Contains("请补足信用保险", Document(await platform.EndedAsync(bank, number), "订单融资答复书"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_the_generated_rows_come_forecasts_warnings_and_an_index_and_a_warning_that_is_not_real_ends_at_once()
    {
        await using var platform = await StartAsync("sqlite");
        await SamplesAsync(platform, Pack, Folder, "order-report");
        using var anyone = platform.Anonymous();
        using var leader = await platform.SignInAsync("leader");
        using var county = await platform.SignInAsync(Pinghu);

        // By hand, from the file: December 2025 times the last three months on the year.
        var known = File.ReadLines(Path.Combine(Folder, "samples/export-month.csv")).Skip(1).Select(l => l.Split(',')).Where(c => c[0] == "330482" && c[2].Length > 0).ToDictionary(c => c[1][..7], c => double.Parse(c[2], CultureInfo.InvariantCulture));
        double Sum(params string[] months) => months.Sum(m => known[m]);
        var row = Assert.Single(await RowsAsync(anyone, Pack, "export-forecast", "region=330482&month=2026-12-01"));
        Assert.Equal(known["2025-12"] * Sum("2026-08", "2026-09", "2026-10") / Sum("2025-08", "2025-09", "2025-10"), row["expected"].GetDouble(), 2);
        Assert.Equal("2 尚未公布", $"{row["ahead"]} {row["hit"]}");
        Assert.True(row["low"].GetDouble() < row["expected"].GetDouble() && row["expected"].GetDouble() < row["high"].GetDouble());
        Assert.Contains("过去 12 次预判的误差为", row["why"].GetString(), StringComparison.Ordinal);

        // What was written into them, and nothing else of enterprises; exports are warned of where they fell on the year.
        var warnings = await WarningsAsync(leader, Pack);
        Assert.Equal(["330382 orange", "330482 yellow", "330681 red", "331082 blue"], warnings.Where(w => w.Text("indicator") == "worst-alert").Select(w => $"{w.Text("region")} {w.Text("level")}").Order(StringComparer.Ordinal));
        Assert.Superset(new HashSet<string> { "330604 orange", "330782 orange" }, warnings.Where(w => w.Text("indicator") == "exports").Select(w => $"{w.Text("region")} {w.Text("level")}").ToHashSet());
        async Task<double> FigureAsync(string indicator, string period, string at) => (await leader.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/{indicator}/values?period={period}&region=330000")).EnumerateArray().Single(v => v.Text("at") == at).GetProperty("value").GetDouble();
        Assert.InRange(await FigureAsync("forecast-hit", "year", "2026-01-01"), 70, 90);
        Assert.InRange(await FigureAsync("stability-index", "month", "2026-10-01"), 50, 95);

        var id = warnings.Single(w => w.Text("indicator") == "worst-alert" && w.Text("region") == "330482").Text("caseId")!;
        await DoAsync(platform, county, id, "list", new { real = false, cause = "企业把万元填成了万美元，已请企业重报（合成）" });
        var file = await platform.EndedAsync(county, id);
        Assert.Equal("核实不属实", file.GetProperty("case").Text("outcome"));
        Assert.Contains("万元填成了万美元", Document(file, "订单预警核实说明"), StringComparison.Ordinal);

        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.OpenAsync($"/services/{Pack}/order-report");
        await visitor.SeesAsync("不足三家企业的不出数");
        await visitor.LooksAsync("trade-orders-service");
        await visitor.OpenAsync($"/services/{Pack}/order-report/apply");
        await visitor.LooksAsync("trade-orders-apply");
        await CockpitAsync(visitor, Pack, "外贸智稳指数", "trade-orders-cockpit");
    }
}
