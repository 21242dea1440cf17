using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Packs;

namespace Guantong.Tests;

/// <summary>Queries put together by choosing: what they give, what they refuse, whose rows they see.</summary>
public sealed class QueryTests
{
    private const string Daily = "environment.air-quality/air-daily";

    private static async Task<JsonElement> RunAsync(HttpClient who, object query) => await (await who.PostAsJsonAsync("/api/v1/queries/run", query)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();

    private static Task<string> RefusedAsync(HttpClient who, object query) => who.PostAsJsonAsync("/api/v1/queries/run", query).ToldAsync();

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_query_groups_reckons_filters_and_orders_and_is_told_in_words_and_as_sql(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, samples: true);
        using var leader = await platform.SignInAsync("leader");
        var found = await RunAsync(leader, new
        {
            dataset = Daily,
            group = new[] { new { field = "station.region", by = "city" }, new { field = "day", by = "month" } },
            measure = new object[] { new { @as = "avg", of = "pm25" }, new { @as = "count" } },
            filter = new[] { new { field = "day", @is = "between", values = new[] { "2026-10-20", "2026-10-25" } } },
            order = new[] { new { column = 2, down = true } },
        });
        var rows = found.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(11, rows.Count);
        Assert.Equal(["设区市", "日期（月）", "PM2.5 24 小时平均的平均值", "行数"], found.GetProperty("columns").EnumerateArray().Select(c => c.GetString()));
        var huzhou = rows.Single(r => r[0].GetString() == "湖州市");
        var expected = (await AskTests.RowsAsync(leader)).Where(r => r.Station.StartsWith("ZJ3305", StringComparison.Ordinal) && string.CompareOrdinal(r.Day, "2026-10-25") <= 0).Average(r => r.Pm25);
        Assert.Equal(("2026-10-01", expected), (huzhou[1].GetString(), Math.Round(huzhou[2].GetDouble(), 9) is var got && Math.Abs(got - expected) < 1e-6 ? expected : got));
        Assert.Equal(rows.Select(r => r[2].GetDouble()).OrderDescending(), rows.Select(r => r[2].GetDouble()));
        Assert.Contains("按设区市、日期（月）分组", found.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Contains("GROUP BY", found.GetProperty("sql").GetString(), StringComparison.Ordinal);

        var plain = await RunAsync(leader, new { dataset = Daily, show = new[] { "station", "day", "aqi", "level_name" }, filter = new object[] { new { field = "station.region", @is = "within", values = new[] { "330500" } }, new { field = "aqi", @is = ">", values = new[] { "150" } }, new { field = "main_pollutant", @is = "contains", values = new[] { "pm2" } } }, order = new[] { new { column = 2, down = true } }, limit = 3 });
        Assert.Equal(3, plain.GetProperty("rows").GetArrayLength());
        Assert.True(plain.GetProperty("isCut").GetBoolean());
        Assert.All(plain.GetProperty("rows").EnumerateArray(), r => Assert.True(r[2].GetInt64() > 150 && r[0].GetString()!.StartsWith("ZJ3305", StringComparison.Ordinal)));
        // Stations stand in counties: none is a town's, not even of one whose code ends in 00.
        var towns = await RunAsync(leader, new { dataset = Daily, group = new[] { new { field = "station.region", by = "street" } }, measure = new[] { new { @as = "count" } } });
        Assert.Equal(("乡镇（街道）", JsonValueKind.Null), (towns.GetProperty("columns")[0].GetString(), Assert.Single(towns.GetProperty("rows").EnumerateArray())[0].ValueKind));
        Assert.Equal(0, (await RunAsync(leader, new { dataset = Daily, measure = new[] { new { @as = "count" } }, filter = new[] { new { field = "station.region", @is = "within", values = new[] { "330502100" } } } })).GetProperty("rows")[0][0].GetInt64());
        var none = await RunAsync(leader, new { dataset = Daily, measure = new object[] { new { @as = "count" }, new { @as = "distinct", of = "station" } }, filter = new[] { new { field = "pm25", @is = "empty", values = Array.Empty<string>() } } });
        Assert.Equal((await AskTests.RowsAsync(leader)).Count, 90 * 12 - none.GetProperty("rows")[0][0].GetInt64());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whatever_is_written_into_a_query_stays_a_value_or_is_refused_by_name(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, samples: true);
        using var leader = await platform.SignInAsync("leader");
        foreach (var text in (string[])["'; DROP TABLE station; --", "\\'; SELECT 1; --", "' OR '1'='1", "%", "\"", "$$", "中文'"])
        {
            foreach (var sign in (string[])["=", "contains", "in"])
                Assert.Equal(0, (await RunAsync(leader, new { dataset = Daily, measure = new[] { new { @as = "count" } }, filter = new[] { new { field = "station", @is = sign, values = new[] { text } } } })).GetProperty("rows")[0][0].GetInt64());
            Assert.Equal("422 query-field", await RefusedAsync(leader, new { dataset = Daily, show = new[] { text } }));
            Assert.Equal("422 query-dataset", await RefusedAsync(leader, new { dataset = text, show = new[] { "day" } }));
            Assert.Equal("422 query-value", await RefusedAsync(leader, new { dataset = Daily, show = new[] { "day" }, filter = new[] { new { field = "aqi", @is = "=", values = new[] { text } } } }));
            Assert.Equal("422 query-value", await RefusedAsync(leader, new { dataset = Daily, show = new[] { "day" }, filter = new[] { new { field = "day", @is = ">", values = new[] { text } } } }));
            Assert.Equal("422 query-is", await RefusedAsync(leader, new { dataset = Daily, show = new[] { "day" }, filter = new[] { new { field = "aqi", @is = text, values = new[] { "1" } } } }));
            Assert.Equal("422 query-by", await RefusedAsync(leader, new { dataset = Daily, group = new[] { new { field = "day", by = text } } }));
            Assert.Equal("422 query-measure", await RefusedAsync(leader, new { dataset = Daily, measure = new[] { new { @as = text, of = "aqi" } } }));
        }
        (string, object)[] wrong =
        [
            ("query-empty", new { dataset = Daily }), ("query-no-dataset", new { show = new[] { "day" } }), ("query-limit", new { dataset = Daily, show = new[] { "day" }, limit = 10_001 }), ("query-twice", new { dataset = Daily, show = new[] { "day", "day" } }),
            ("query-show-grouped", new { dataset = Daily, show = new[] { "day" }, measure = new[] { new { @as = "count" } } }), ("query-order", new { dataset = Daily, show = new[] { "day" }, order = new[] { new { column = 1 } } }),
            ("query-not-number", new { dataset = Daily, measure = new[] { new { @as = "sum", of = "level_name" } } }), ("query-by", new { dataset = Daily, group = new[] { new { field = "station", by = "city" } } }),
            ("query-values", new { dataset = Daily, show = new[] { "day" }, filter = new[] { new { field = "aqi", @is = "between", values = new[] { "1" } } } }), ("query-region", new { dataset = Daily, show = new[] { "day" }, filter = new[] { new { field = "station.region", @is = "within", values = new[] { "33%" } } } }),
            ("query-json", new { dataset = Daily, show = new string?[] { null } }), ("query-json", new { dataset = Daily, filter = new[] { new { field = "aqi" } } }),
        ];
        foreach (var (code, query) in wrong)
            Assert.Equal($"422 {code}", await RefusedAsync(leader, query));
        Assert.Equal(90, (await RunAsync(leader, new { dataset = "environment.air-quality/station", measure = new[] { new { @as = "count" } } })).GetProperty("rows")[0][0].GetInt64());
        using var editor = await platform.SignInAsync("editor");
        Assert.StartsWith("403", await RefusedAsync(editor, new { dataset = Daily, show = new[] { "day" } }), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task References_are_followed_both_ways_and_numbers_are_written_with_their_units(string store)
    {
        await using var platform = await PerMu.StartAsync(store, null);
        await PerMu.LoadAsync(platform, "enterprise", c => PerMu.Told.Contains(c[0]));
        // One of them has no output at all.
        await PerMu.LoadAsync(platform, "output-year", c => PerMu.Told.Skip(1).Contains(c[0]));
        var output = File.ReadLines(Path.Combine(PerMu.Folder, "samples/output-year.csv")).Skip(1).Select(l => l.Split(',')).Where(c => PerMu.Told.Skip(1).Contains(c[0])).ToLookup(c => c[0], c => double.Parse(c[3], System.Globalization.CultureInfo.InvariantCulture));
        using var steward = await platform.SignInAsync("steward");
        const string enterprise = $"{PerMu.Pack}/enterprise", yearly = $"{PerMu.Pack}/output-year", revenue = "output-year.enterprise:sum(revenue)", count = "output-year.enterprise:count";
        var all = await RunAsync(steward, new { dataset = enterprise, show = new[] { "code", "name", count, revenue, "output-year.enterprise:max(year)" }, order = new[] { new { column = 0 } } });
        Assert.Equal(["统一社会信用代码", "企业名称", "“年度产出”的行数", "“年度产出”的营业收入的合计", "“年度产出”的年度的最大值"], all.GetProperty("columns").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(PerMu.Told.Order(StringComparer.Ordinal).Select(code => (code, (long)output[code].Count(), output[code].Any() ? output[code].Sum() : (double?)null)),
            all.GetProperty("rows").EnumerateArray().Select(r => (r[0].GetString()!, r[2].GetInt64(), r[3].ValueKind == JsonValueKind.Null ? (double?)null : r[3].GetDouble())));
        // More than a hundred million yuan, of a field in ten thousands.
        var rich = await RunAsync(steward, new { dataset = enterprise, show = new[] { "code" }, filter = new[] { new { field = revenue, @is = ">", values = new[] { "10亿元" } } }, order = new[] { new { column = 0 } } });
        Assert.Equal(output.Where(o => o.Sum() > 100_000).Select(o => o.Key).Order(StringComparer.Ordinal), rich.GetProperty("rows").EnumerateArray().Select(r => r[0].GetString()));
        Assert.NotEqual(0, rich.GetProperty("rows").GetArrayLength());
        Assert.Contains("“年度产出”的营业收入的合计 大于 10亿元", rich.GetProperty("words").GetString(), StringComparison.Ordinal);
        var none = await RunAsync(steward, new { dataset = enterprise, show = new[] { "code" }, filter = new[] { new { field = count, @is = "=", values = new[] { "0" } } } });
        Assert.Equal(PerMu.Told[0], Assert.Single(none.GetProperty("rows").EnumerateArray())[0].GetString());
        // Towards the row that is referred to; put together with what is reckoned.
        var named = await RunAsync(steward, new { dataset = yearly, show = new[] { "enterprise.name", "revenue" }, filter = new object[] { new { field = "year", @is = "=", values = new[] { "2025" } }, new { field = "revenue", @is = "between", values = new[] { "3.5亿", "4亿元" } }, new { field = "enterprise.above_scale", @is = "=", values = new[] { "true" } } } });
        Assert.Equal(["企业的企业名称", "营业收入"], named.GetProperty("columns").EnumerateArray().Select(c => c.GetString()));
        Assert.Contains("演示企业00002", named.GetProperty("rows").EnumerateArray().Select(r => r[0].GetString()));
        var grouped = await RunAsync(steward, new { dataset = enterprise, group = new[] { new { field = "above_scale" } }, measure = new[] { new { @as = "sum", of = count } } });
        Assert.Equal(output.Sum(o => o.Count()), grouped.GetProperty("rows").EnumerateArray().Sum(r => (int)double.Parse(r[1].ToString(), System.Globalization.CultureInfo.InvariantCulture)));
        (string, object)[] wrong =
        [
            ("query-field", new { dataset = enterprise, show = new[] { "output-year.enterprise:sum(name)" } }), ("query-field", new { dataset = enterprise, show = new[] { "output-year.enterprise:sum" } }), ("query-field", new { dataset = enterprise, show = new[] { "output-year.enterprise:count(year)" } }),
            ("query-field", new { dataset = enterprise, show = new[] { "output-year.year:count" } }), ("query-field", new { dataset = enterprise, show = new[] { "output-year.enterprise:sum(revenue) FROM x; --" } }), ("query-field", new { dataset = yearly, show = new[] { "enterprise.nothing" } }),
            ("query-twice", new { dataset = enterprise, show = new[] { count, count } }), ("query-unit", new { dataset = yearly, show = new[] { "year" }, filter = new[] { new { field = "employees", @is = ">", values = new[] { "5亿元" } } } }),
            ("query-unit", new { dataset = yearly, show = new[] { "year" }, filter = new[] { new { field = "revenue", @is = ">", values = new[] { "50%" } } } }), ("query-value", new { dataset = yearly, show = new[] { "year" }, filter = new[] { new { field = "employees", @is = ">", values = new[] { "0.00001万" } } } }),
        ];
        foreach (var (code, query) in wrong)
            Assert.Equal($"422 {code}", await RefusedAsync(steward, query));
        var offered = (await steward.GetFromJsonAsync<JsonElement>("/api/v1/queries/datasets")).EnumerateArray().Single(d => d.GetProperty("key").GetString() == enterprise);
        Assert.Contains(revenue, offered.GetProperty("referring").EnumerateArray().SelectMany(r => r.GetProperty("ways").EnumerateArray().Select(w => w.GetString())));
        // That rows of the other were read stands in the ledger too.
        using var auditor = await platform.SignInAsync("auditor");
        Assert.Contains(yearly, (await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger?action=dataset.rows-read&take=50")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("about").GetString()!["dataset:".Length..]));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Persons_are_counted_and_never_listed_and_rows_are_those_that_one_may_see(string store)
    {
        await using var platform = await AppliedPack.StartAsync(store);
        using var steward = await platform.SignInAsync("steward");
        using var hangzhou = await platform.SignInAsync("worker-hangzhou");
        Assert.Equal("422 query-persons", await RefusedAsync(steward, new { dataset = AppliedPack.Allowance, show = new[] { "aid" } }));
        Assert.Equal("422 query-field", await RefusedAsync(steward, new { dataset = AppliedPack.Allowance, group = new[] { new { field = "id" } } }));
        Assert.Equal("422 query-field", await RefusedAsync(steward, new { dataset = AppliedPack.Allowance, measure = new[] { new { @as = "distinct", of = "id" } } }));
        Assert.Equal("422 query-persons-ends", await RefusedAsync(steward, new { dataset = AppliedPack.Allowance, measure = new[] { new { @as = "max", of = "amount" } } }));
        // Of 600 yuan there are three in Hangzhou and five in Huzhou.
        var counted = await RunAsync(steward, new { dataset = AppliedPack.Allowance, group = new[] { new { field = "region" } }, measure = new[] { new { @as = "count" } }, filter = new[] { new { field = "amount", @is = "=", values = new[] { "600" } } } });
        Assert.Equal([("330502", 5L)], counted.GetProperty("rows").EnumerateArray().Select(r => (r[0].GetString()!, r[1].GetInt64())));
        var sites = new { dataset = AppliedPack.Site, show = new[] { "id" }, order = new[] { new { column = 0 } } };
        Assert.Equal(["A", "B", "C"], (await RunAsync(steward, sites)).GetProperty("rows").EnumerateArray().Select(r => r[0].GetString()));
        Assert.Equal(["A", "B"], (await RunAsync(hangzhou, sites)).GetProperty("rows").EnumerateArray().Select(r => r[0].GetString()));
        // Who looked, and who took away, stands in the ledger.
        using var auditor = await platform.SignInAsync("auditor");
        Assert.Equal("200", await hangzhou.GetAsync("/api/v1/queries/rows.csv?query=" + Uri.EscapeDataString(JsonSerializer.Serialize(sites))).ToldAsync());
        var entries = (await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger?take=50")).GetProperty("items").EnumerateArray().Select(e => $"{e.GetProperty("actor").GetString()} {e.GetProperty("action").GetString()} {e.GetProperty("about").GetString()}").ToList();
        Assert.Contains($"worker-hangzhou dataset.rows-read dataset:{AppliedPack.Site}", entries);
        Assert.Contains($"worker-hangzhou dataset.exported dataset:{AppliedPack.Site}", entries);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_persons_that_refer_to_a_row_fewer_than_five_are_not_told_from_none(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await platform.ApplyAsync(new PackFiles("helped", new Dictionary<string, string>
        {
            ["pack.yaml"] = "pack: environment.helped\nversion: 1.0.0\nname: 受助示例\napplication: digital-government\nlead: 省生态环境厅\ngoals:\n  - {goal: few-sites, name: 点位数, indicator: sites}\n",
            ["datasets/site.yaml"] = """
                dataset: site
                name: 点位
                about: 一行是一个点位。
                source: 省生态环境厅
                share: unconditional
                open: unconditional
                grade: 1
                retention: P10Y
                key: [id]
                fields:
                  id:     {type: string, name: 编号}
                  region: {type: string, name: 行政区划, required: true}
                  day:    {type: date, name: 日期}
                feed: {from: csv, columns: {id: id, region: region, day: day}}
                """,
            ["datasets/helped.yaml"] = """
                dataset: helped
                name: 受助
                about: 一行是一位（虚构的）受助人。
                source: 省生态环境厅
                share: none
                basis: 个人信息保护法第六条
                open: none
                grade: 3
                purpose: 生态补助发放
                retention: P10Y
                key: [id]
                fields:
                  id:     {type: string, name: 证件号, personal: identity}
                  site:   {type: string, name: 点位, refers: site.id}
                  amount: {type: number, name: 金额, unit: 元}
                feed: {from: csv, columns: {id: id, site: site, amount: amount}}
                """,
            ["indicators.yaml"] = "- indicator: sites\n  name: 点位数\n  about: 点位的个数。\n  unit: 个\n  by: {region: region, period: [day], at: day}\n  needs: [site]\n  value: \"count(*)\"\n  better: higher\n",
        }));
        await platform.LoadLinesAsync("environment.helped", "site", ["id,region,day", "A,330102,2026-03-01", "B,330106,2026-03-01", "C,330502,2026-03-01"]);
        await platform.LoadLinesAsync("environment.helped", "helped", ["id,site,amount", .. Enumerable.Range(0, 9).Select(i => $"SYN-{i:0000},{(i < 5 ? "A" : "B")},{100 * i}")]);
        using var steward = await platform.SignInAsync("steward");
        var told = await RunAsync(steward, new { dataset = "environment.helped/site", show = new[] { "id", "helped.site:count", "helped.site:avg(amount)" }, order = new[] { new { column = 0 } } });
        Assert.Equal(["A 5 200", "B  ", "C  "], told.GetProperty("rows").EnumerateArray().Select(r => $"{r[0]} {r[1]} {r[2]}"));
        Assert.Equal("422 query-field", await RefusedAsync(steward, new { dataset = "environment.helped/site", show = new[] { "helped.site:max(amount)" } }));
        Assert.Equal("422 query-field", await RefusedAsync(steward, new { dataset = "environment.helped/site", show = new[] { "helped.site:distinct(id)" } }));
    }

    [Fact]
    public async Task The_rows_are_taken_away_as_csv_and_as_a_workbook()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        using var leader = await platform.SignInAsync("leader");
        var query = Uri.EscapeDataString(JsonSerializer.Serialize(new { dataset = Daily, group = new[] { new { field = "station.region", by = "city" } }, measure = new[] { new { @as = "count" } } }));
        var csv = (await leader.GetStringAsync("/api/v1/queries/rows.csv?query=" + query)).TrimStart('\uFEFF').Split("\r\n");
        Assert.Equal(("设区市,行数", "杭州市,156"), (csv[0], csv[1]));
        using var book = new ZipArchive(await leader.GetStreamAsync("/api/v1/queries/rows.xlsx?query=" + query));
        using var sheet = new StreamReader(book.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        Assert.Contains("杭州市", await sheet.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("422 query-json", await leader.GetAsync("/api/v1/queries/rows.csv?query=%7B").ToldAsync());
    }
}
