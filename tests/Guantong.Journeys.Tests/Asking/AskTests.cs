using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Packs;

namespace Guantong.Tests;

/// <summary>Questions in plain words over the API: the figures are those that stand, or what the rows come to.</summary>
public sealed class AskTests
{
    private const string Air = "environment.air-quality";

    /// <summary>Asks as of the second of November 2026.</summary>
    internal static async Task<JsonElement> AskAsync(HttpClient http, string question, string more = "") =>
        await (await http.GetAsync($"/api/v1/ask?today=2026-11-02&q={Uri.EscapeDataString(question)}{more}")).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();

    private static JsonElement Only(JsonElement asked) => Assert.Single(asked.GetProperty("answers").EnumerateArray());

    private static List<(string Region, string Time, double? Value)> Lines(JsonElement answer) =>
        [.. answer.GetProperty("lines").EnumerateArray().Select(l => (l.GetProperty("region").GetString()!, l.GetProperty("time").GetString()!, l.GetProperty("value").ValueKind == JsonValueKind.Null ? null : (double?)l.GetProperty("value").GetDouble()))];

    private static async Task<Dictionary<string, double>> FiguresAsync(HttpClient http, string indicator, string period, string at) =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Air}/{indicator}/values?period={period}&from={at}&to={at}")).EnumerateArray().ToDictionary(v => v.GetProperty("region").GetString()!, v => v.GetProperty("value").GetDouble());

    /// <summary>Daily PM2.5 of the stations, read row by row: station, day, value.</summary>
    internal static async Task<List<(string Station, string Day, double Pm25)>> RowsAsync(HttpClient http)
    {
        var lines = (await http.GetStringAsync($"/api/v1/datasets/{Air}/air-daily/rows.csv")).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var columns = lines[0].Split(',').ToList();
        return [.. lines.Skip(1).Select(l => l.Split(',')).Where(c => c[columns.IndexOf("pm25")].Length > 0).Select(c => (c[columns.IndexOf("station")], c[columns.IndexOf("day")], double.Parse(c[columns.IndexOf("pm25")], CultureInfo.InvariantCulture)))];
    }

    private static bool IsCity(string region) => region.EndsWith("00", StringComparison.Ordinal) && !region.EndsWith("0000", StringComparison.Ordinal);

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Questions_are_answered_with_the_figures_that_stand(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, samples: true);
        using var anyone = await platform.SignInAsync(null);
        var month = await FiguresAsync(anyone, "pm25-mean", "month", "2026-10-01");
        var one = Only(await AskAsync(anyone, "湖州10月PM2.5"));
        Assert.Equal([("330500", "2026-10", (double?)month["330500"])], Lines(one));
        Assert.StartsWith("湖州市2026年10月PM2.5 平均浓度为 ", one.GetProperty("text")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("avg(pm25)", one.GetProperty("value").GetString());
        Assert.Equal("air-daily", one.GetProperty("sources")[0].GetProperty("id").GetString());

        var ranked = Lines(Only(await AskAsync(anyone, "10月PM2.5最高的三个市")));
        Assert.Equal(month.Where(f => IsCity(f.Key)).OrderByDescending(f => f.Value).Take(3).Select(f => (f.Key, "2026-10", (double?)f.Value)), ranked);
        var above = Only(await AskAsync(anyone, "10月PM2.5超过60的市"));
        Assert.Equal(month.Where(f => IsCity(f.Key) && f.Value > 60).Select(f => f.Key).Order(), Lines(above).Select(l => l.Region));
        Assert.Equal(11, above.GetProperty("of").GetInt32());
        // With the unit, written as anybody writes it; and in one that it cannot be held against.
        Assert.Equal(Lines(above), Lines(Only(await AskAsync(anyone, "10月PM2.5超过60ug/m3的市"))));
        Assert.Equal(Lines(above), Lines(Only(await AskAsync(anyone, "各市10月PM2.5", "&when=" + Uri.EscapeDataString(">60微克/立方米")))));
        var money = Only(await AskAsync(anyone, "10月PM2.5超过5万元的市"));
        Assert.Equal((0, "“PM2.5 平均浓度”的单位是µg/m³，不能和“超过 5万元”相比。请换一个单位，或者只写数。"), (money.GetProperty("lines").GetArrayLength(), money.GetProperty("text")[0].GetString()));

        var days = (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Air}/pm25-mean/values?period=day&region=330000")).EnumerateArray().ToDictionary(v => v.GetProperty("at").GetString()!, v => v.GetProperty("value").GetDouble());
        var worst = days.MaxBy(d => d.Value);
        Assert.Equal([("330000", worst.Key, (double?)worst.Value)], Lines(Only(await AskAsync(anyone, "全省10月哪天PM2.5最高"))));
        Assert.Equal(days.Count(d => d.Value > 75), Lines(Only(await AskAsync(anyone, "全省10月哪些天PM2.5超过75"))).Count);

        var both = Only(await AskAsync(anyone, "10月28日PM2.5环比", "&region=330500"));
        var (today, before) = ((await FiguresAsync(anyone, "pm25-mean", "day", "2026-10-28"))["330500"], (await FiguresAsync(anyone, "pm25-mean", "day", "2026-10-27"))["330500"]);
        Assert.Equal(before, both.GetProperty("lines")[0].GetProperty("before").GetDouble(), 9);
        Assert.Equal(100 * (today - before) / before, both.GetProperty("lines")[0].GetProperty("change").GetDouble(), 9);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Days_that_are_no_period_are_answered_from_their_rows(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, samples: true);
        using var anyone = await platform.SignInAsync(null);
        var rows = (await RowsAsync(anyone)).Where(r => r.Station.StartsWith("ZJ3305", StringComparison.Ordinal)).ToList();
        double Mean(string from, string to) => rows.Where(r => string.CompareOrdinal(r.Day, from) >= 0 && string.CompareOrdinal(r.Day, to) <= 0).Average(r => r.Pm25);
        var span = Only(await AskAsync(anyone, "湖州10月20日至25日PM2.5"));
        Assert.True(span.GetProperty("isComputed").GetBoolean());
        Assert.Equal(Mean("2026-10-20", "2026-10-25"), span.GetProperty("lines")[0].GetProperty("value").GetDouble(), 6);
        Assert.Equal(Mean("2026-10-20", "2026-10-31"), Only(await AskAsync(anyone, "今年下半年湖州PM2.5")).GetProperty("lines")[0].GetProperty("value").GetDouble(), 6);
        var against = Only(await AskAsync(anyone, "湖州10月26日至29日PM2.5环比"));
        Assert.Equal("2026-10-22..2026-10-25", against.GetProperty("against").GetProperty("code").GetString());
        Assert.Equal(Mean("2026-10-22", "2026-10-25"), against.GetProperty("lines")[0].GetProperty("before").GetDouble(), 6);
        // All of October is a period of its own.
        Assert.False(Only(await AskAsync(anyone, "湖州10月PM2.5")).GetProperty("isComputed").GetBoolean());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_question_over_rows_is_answered_by_a_query_that_the_asker_could_put_together(string store)
    {
        await using var platform = await PerMu.ToldAsync(store, null, published: false);
        using var steward = await platform.SignInAsync("steward");
        var all = (await PerMu.RowsAsync(steward, "evaluation")).Select(r => (Code: r["enterprise"].GetString()!, Tax: r["tax_per_mu"].ValueKind == JsonValueKind.Null ? (double?)null : r["tax_per_mu"].GetDouble())).Where(r => r.Tax is not null).OrderBy(r => r.Tax).ToList();
        var (below, above) = (all[2].Tax!.Value, all[3].Tax!.Value);
        var bound = Math.Round((below + above) / 2, 4).ToString(CultureInfo.InvariantCulture);
        string[] few = [.. all.Take(3).Select(r => r.Code)];
        var question = $"亩均税收低于{bound}万元的企业有几家";
        var asked = await AskAsync(steward, question);
        var understood = asked.GetProperty("understood");
        Assert.Equal(($"{PerMu.Pack}/evaluation.enterprise", "tax_per_mu", $"<{bound}万元", ""), (understood.GetProperty("rows").GetString(), understood.GetProperty("of").GetString(), understood.GetProperty("when").GetString(), understood.GetProperty("indicators").GetString()));
        Assert.Empty(asked.GetProperty("notUnderstood").EnumerateArray());
        Assert.Empty(asked.GetProperty("answers").EnumerateArray());
        var rows = asked.GetProperty("rows");
        Assert.Equal($"浙江省2025年亩均税收低于 {bound}万元的企业有 3 家。", rows.GetProperty("text")[0].GetString());
        static string[] First(JsonElement of) => [.. of.GetProperty("rows").EnumerateArray().Select(r => r[0].GetString()!)];
        Assert.Equal(few, First(rows));
        // The figure of that name is offered, and what was said is from these words.
        Assert.Contains(asked.GetProperty("offers").EnumerateArray(), o => o.GetProperty("value").GetString() == $"{PerMu.Pack}/tax-per-mu");
        Assert.Contains(asked.GetProperty("said").EnumerateArray(), s => s.GetProperty("piece").GetString() == "of" && s.GetProperty("words").GetString() == "亩均税收");
        // It is the very query that the builder runs.
        var built = await (await steward.PostAsJsonAsync("/api/v1/queries/run", rows.GetProperty("query"))).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(few, First(built));

        static List<(string, long)> Counts(JsonElement of) => [.. of.GetProperty("rows").GetProperty("counts").EnumerateArray().Select(c => (c.GetProperty("region").GetString()!, c.GetProperty("count").GetInt64()))];
        Assert.Equal([(PerMu.Xiaoshan, 3L)], Counts(await AskAsync(steward, $"各区县亩均税收低于{bound}万元的企业有几家")));
        Assert.Equal([("330500", 0L)], Counts(await AskAsync(steward, $"湖州2025年亩均税收低于{bound}万元的企业有哪些")));
        Assert.Equal([("330000", 0L)], Counts(await AskAsync(steward, $"2024年亩均税收低于{bound}万元的企业有几家")));
        Assert.Equal(all.TakeLast(2).Reverse().Select(r => r.Code), First((await AskAsync(steward, "亩均税收最高的两家企业")).GetProperty("rows")));
        // Another piece takes the place of one; figures take the place of rows.
        Assert.Equal(all.Count(r => r.Tax >= above), Counts(await AskAsync(steward, question, "&when=" + Uri.EscapeDataString($">{bound}")))[0].Item2);
        Assert.Equal("ask.none.unit", (await AskAsync(steward, $"亩均税收低于{bound}吨的企业有几家")).GetProperty("rows").GetProperty("note").GetString());
        Assert.Equal($"{PerMu.Pack}/tax-per-mu", (await AskAsync(steward, question, "&rows=")).GetProperty("understood").GetProperty("indicators").GetString());
        // Two datasets have it: both are offered, neither is guessed.
        var several = await AskAsync(steward, "营业收入超过1亿元的企业有几家");
        Assert.Equal(JsonValueKind.Null, several.GetProperty("rows").ValueKind);
        Assert.Equal([$"{PerMu.Pack}/evaluation.enterprise", $"{PerMu.Pack}/output-year.enterprise"], several.GetProperty("offers").EnumerateArray().Where(o => o.GetProperty("piece").GetString() == "rows").Select(o => o.GetProperty("value").GetString()!).Order(StringComparer.Ordinal));
        var revenue = (await PerMu.RowsAsync(steward, "output-year")).Count(r => r["revenue"].GetDouble() > 10_000);
        Assert.Equal([("330000", (long)revenue)], Counts(await AskAsync(steward, "营业收入超过1亿元的企业有几家", $"&rows={PerMu.Pack}/output-year.enterprise")));
        Assert.Equal("400 ask-piece", await steward.GetAsync($"/api/v1/ask?q=x&rows={PerMu.Pack}/no-such").ToldAsync());

        // Nobody is answered over rows that they may not query: anybody gets the figure, an official of another county its own rows.
        using var anyone = await platform.SignInAsync(null);
        var figure = await AskAsync(anyone, question);
        Assert.Equal((JsonValueKind.Null, $"{PerMu.Pack}/tax-per-mu"), (figure.GetProperty("rows").ValueKind, figure.GetProperty("understood").GetProperty("indicators").GetString()));
        using var elsewhere = await platform.SignInAsync(PerMu.Elsewhere);
        var seen = (await PerMu.RowsAsync(elsewhere, "evaluation")).Count(r => r["tax_per_mu"].ValueKind != JsonValueKind.Null && r["tax_per_mu"].GetDouble() < above);
        Assert.Equal([("330000", (long)seen)], Counts(await AskAsync(elsewhere, question)));
        using var auditor = await platform.SignInAsync("auditor");
        Assert.Contains("evaluation", await auditor.GetStringAsync("/api/v1/ledger?action=dataset.rows-read&take=100"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_piece_that_is_given_takes_the_place_of_what_was_understood_and_what_means_nothing_is_refused()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        using var anyone = await platform.SignInAsync(null);
        var asked = await AskAsync(anyone, "湖州10月PM2.5", "&regions=330400&time=2026-10-28&order=none");
        Assert.Equal("330400", asked.GetProperty("understood").GetProperty("regions").GetString());
        Assert.Equal([("330400", "2026-10-28")], Lines(Only(asked)).Select(l => (l.Region, l.Time)));
        foreach (var (query, expected) in ((string, string)[])[("q=PM2.5&time=随便", "400 ask-piece"), ("q=PM2.5&indicators=no/such", "400 ask-piece"), ("q=PM2.5&limit=0", "400 ask-piece"), ("q=PM2.5&when=35", "400 ask-piece"), ("q=PM2.5&region=999999", "400 ask-region"), ("q=" + new string('长', 201), "400 ask-length"), ("", "400 ask-length")])
            Assert.Equal(expected, await anyone.GetAsync("/api/v1/ask?" + query).ToldAsync());
    }

    [Fact]
    public async Task What_is_not_understood_is_said_with_what_could_be_asked()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        using var anyone = await platform.SignInAsync(null);
        var asked = await AskAsync(anyone, "明天会下雨吗");
        Assert.Empty(asked.GetProperty("answers").EnumerateArray());
        Assert.Equal("明天会下雨", asked.GetProperty("notUnderstood")[0].GetString());
        // Each example can be asked.
        Assert.NotEmpty(asked.GetProperty("examples").EnumerateArray());
        foreach (var example in asked.GetProperty("examples").EnumerateArray())
            Assert.Empty(Only(await AskAsync(anyone, example.GetString()!)).GetProperty("note").GetString() is "ask.none.ever" or "ask.none.steps" ? [example] : Array.Empty<JsonElement>());
        Assert.Equal("ask.none.time", Only(await AskAsync(anyone, "杭州1999年PM2.5")).GetProperty("note").GetString());
        Assert.Equal("ask.none.bounds", Only(await AskAsync(anyone, "PM2.5超过9999的市")).GetProperty("note").GetString());
        Assert.Equal("ask.none.dimension", Only(await AskAsync(anyone, "PM2.5分行业")).GetProperty("note").GetString());
        var english = await anyone.GetStringAsync("/api/v1/ask?lang=en&today=2026-11-02&q=" + Uri.EscapeDataString("mean PM2.5 in Huzhou in October"));
        Assert.Contains("Mean PM2.5, Huzhou, October 2026: ", english, StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_indicator_is_broken_down_by_a_dimension_that_the_question_names(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await platform.ApplyAsync(new PackFiles("works", new Dictionary<string, string>(WorksPack.Files()) { ["samples/report.csv"] = "work,region,day,kind,made,clean\n" }));
        await WorksPack.ReportAsync(platform, "a,330106,2025-01-05,coal,10,true", "b,330502,2025-01-06,gas,4,false", "a,330106,2025-02-07,gas,6,true", "b,330502,2025-02-08,coal,20,false");
        using var anyone = await platform.SignInAsync(null);
        static List<(string, double)> Members(JsonElement answer) => [.. answer.GetProperty("lines").EnumerateArray().Select(l => (l.GetProperty("member").GetString()!, l.GetProperty("value").GetDouble()))];
        var year = Only(await AskAsync(anyone, "2025年全省产量分种类"));
        Assert.Equal([("coal", 30.0), ("gas", 10.0)], Members(year));
        Assert.Equal("浙江省2025年产量：煤（30 吨）、气（10 吨）。", year.GetProperty("text")[0].GetString());
        Assert.Equal([("coal", 10.0), ("gas", 6.0)], Members(Only(await AskAsync(anyone, "杭州2025年1月至2月产量分种类"))));
        // From the rows of days that are no period.
        var days = Only(await AskAsync(anyone, "2025年1月6日至2025年2月7日产量按种类"));
        Assert.Equal([("gas", 10.0)], Members(days));
        Assert.True(days.GetProperty("isComputed").GetBoolean());
    }
}
