using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guantong.Trust;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Asking in the browser: ten questions in plain Chinese with figures and what was understood; pieces that are changed; a query that is put together, kept and opened; SQL.</summary>
public sealed class AskBrowserTests
{
    private const string Pack = "environment.air-quality";

    private sealed record Day(string Station, string Date, double? Pm25, double? Aqi);

    // The daily rows as they stand: what each question comes to is reckoned from them here.
    private static async Task<List<Day>> DaysAsync(RunningPlatform platform)
    {
        using var anyone = await platform.SignInAsync(null);
        var lines = (await anyone.GetStringAsync($"/api/v1/datasets/{Pack}/air-daily/rows.csv")).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var columns = lines[0].Split(',').ToList();
        static double? Number(string cell) => cell.Length == 0 ? null : double.Parse(cell, CultureInfo.InvariantCulture);
        return [.. lines.Skip(1).Select(l => l.Split(',')).Select(c => new Day(c[columns.IndexOf("station")], c[columns.IndexOf("day")], Number(c[columns.IndexOf("pm25")]), Number(c[columns.IndexOf("aqi")])))];
    }

    private static double Pm25(IEnumerable<Day> days) => days.Where(d => d.Pm25 is not null).Average(d => d.Pm25!.Value);

    private static double Good(IEnumerable<Day> days) => days.Where(d => d.Aqi is not null).ToList() is var known ? 100.0 * known.Count(d => d.Aqi <= 100) / known.Count : 0;

    private static string Micrograms(double value) => Wording.Figure(value, "µg/m³");

    private static async Task AskAsync(Visitor visitor, string question)
    {
        await visitor.Page.FillAsync("#q", question);
        await visitor.Page.PressAsync("#q", "Enter");
        await Assertions.Expect(visitor.Page).ToHaveURLAsync(new Regex(Regex.Escape("q=" + Uri.EscapeDataString(question)) + "$"));
        await visitor.IsReadyAsync();
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Ten_questions_in_plain_Chinese_are_answered_with_figure_and_understanding(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true, clock: new StandingClock());
        var all = await DaysAsync(platform);
        List<Day> In(string prefix, string from = "2026-10-01", string to = "2026-10-31") => [.. all.Where(d => d.Station.StartsWith("ZJ" + prefix, StringComparison.Ordinal) && string.CompareOrdinal(d.Date, from) >= 0 && string.CompareOrdinal(d.Date, to) <= 0)];
        var cities = all.Select(d => d.Station[2..6]).Distinct().ToList();
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("leader", "/desk/ask");
        await visitor.SeesAsync("可以这样问");
        await visitor.LooksAsync("desk-ask");
        var said = page.Locator(".answer .said");
        var answer = page.Locator(".answer");

        async Task HoldsAsync(string indicator, string? region, string time, string by = "whole")
        {
            await Assertions.Expect(page.Locator("#p-indicators-0")).ToHaveValueAsync($"{Pack}/{indicator}");
            await Assertions.Expect(page.Locator("#p-regions-0")).ToHaveValueAsync(region ?? "");
            await Assertions.Expect(page.Locator("#p-time")).ToHaveValueAsync(time);
            await Assertions.Expect(page.Locator("#p-by")).ToHaveValueAsync(by);
            await Assertions.Expect(page.Locator(".left-over")).ToHaveCountAsync(0);
        }

        await AskAsync(visitor, "湖州10月PM2.5");
        await HoldsAsync("pm25-mean", "330500", "2026年10月");
        await Assertions.Expect(said).ToHaveTextAsync($"湖州市2026年10月PM2.5 平均浓度为 {Micrograms(Pm25(In("3305")))}。");
        await visitor.SeesAsync("来自“10月”");
        await visitor.LooksAsync("desk-ask-one");

        await AskAsync(visitor, "杭州今年优良天数");
        await HoldsAsync("good-day-rate", "330100", "2026年");
        await Assertions.Expect(said).ToContainTextAsync(Wording.Figure(Good(In("3301")), "%"));

        await AskAsync(visitor, "10月PM2.5最高的三个市");
        await HoldsAsync("pm25-mean", null, "2026年10月", "city");
        await Assertions.Expect(page.Locator("#p-limit")).ToHaveValueAsync("3");
        var top = cities.OrderByDescending(c => Pm25(In(c))).Take(3).ToList();
        await Assertions.Expect(answer.Locator("tbody tr")).ToHaveCountAsync(3);
        for (var i = 0; i < 3; i++)
            await Assertions.Expect(answer.Locator("tbody tr").Nth(i).Locator("td b")).ToHaveTextAsync(Wording.Number(Pm25(In(top[i]))));
        await visitor.LooksAsync("desk-ask-top");

        await AskAsync(visitor, "全省10月哪天PM2.5最高");
        await HoldsAsync("pm25-mean", "330000", "2026年10月", "time");
        var worst = all.GroupBy(d => d.Date).MaxBy(g => Pm25(g))!;
        await Assertions.Expect(answer.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(answer.Locator("tbody tr")).ToContainTextAsync(Wording.Day(Lang.Zh, DateOnly.ParseExact(worst.Key, "yyyy-MM-dd", CultureInfo.InvariantCulture)));
        await Assertions.Expect(answer.Locator("tbody td b")).ToHaveTextAsync(Wording.Number(Pm25(worst)));

        await AskAsync(visitor, "湖州10月26日至29日PM2.5");
        await HoldsAsync("pm25-mean", "330500", "2026年10月26日至2026年10月29日");
        await Assertions.Expect(said).ToContainTextAsync(Micrograms(Pm25(In("3305", "2026-10-26", "2026-10-29"))));
        await visitor.SeesAsync("由这些天的数据行现算");

        await AskAsync(visitor, "10月优良天数比率低于70%的市");
        await HoldsAsync("good-day-rate", null, "2026年10月", "city");
        await Assertions.Expect(page.Locator("#p-when-0")).ToHaveValueAsync("<");
        var below = cities.Count(c => Good(In(c)) < 70);
        Assert.InRange(below, 1, 10);
        await Assertions.Expect(answer.Locator("tbody tr")).ToHaveCountAsync(below);

        await AskAsync(visitor, "宁波最近六个月重污染天数");
        await HoldsAsync("heavy-days", "330200", "2026年6月至2026年11月");
        await Assertions.Expect(said).ToContainTextAsync(Wording.Figure((double)In("3302").Count(d => d.Aqi > 200) / In("3302").Select(d => d.Station).Distinct().Count(), "天"));

        await AskAsync(visitor, "10月各区县PM2.5排名");
        await HoldsAsync("pm25-mean", null, "2026年10月", "county");
        var best = all.GroupBy(d => d.Station).OrderBy(g => Pm25(g)).First();
        await Assertions.Expect(answer.Locator("tbody tr").First.Locator("td b")).ToHaveTextAsync(Wording.Number(Pm25(best)));
        await visitor.LooksAsync("desk-ask-rank");

        await AskAsync(visitor, "10月28日杭州PM2.5环比");
        await HoldsAsync("pm25-mean", "330100", "2026年10月28日");
        await Assertions.Expect(page.Locator("#p-compare")).ToHaveValueAsync("previous");
        var (now, before) = (Pm25(In("3301", "2026-10-28", "2026-10-28")), Pm25(In("3301", "2026-10-27", "2026-10-27")));
        await Assertions.Expect(said).ToContainTextAsync(Micrograms(now));
        await Assertions.Expect(answer.Locator("p").Nth(1)).ToHaveTextAsync($"2026年10月27日为 {Micrograms(before)}，{(now > before ? "上升" : "下降")} {Math.Abs(100 * (now - before) / before).ToString("0.##", CultureInfo.InvariantCulture)}%。");

        await AskAsync(visitor, "今年上半年全省优良天数比率");
        await HoldsAsync("good-day-rate", "330000", "2026年上半年");
        await Assertions.Expect(said).ToHaveTextAsync("浙江省2026年上半年没有“优良天数比率”的数字。请换一个时间或地区。");

        // What is not understood is said, with what could be asked.
        await AskAsync(visitor, "明天会下雨吗");
        await visitor.SeesAsync("没有找到能回答的指标");
        await Assertions.Expect(page.Locator(".left-over mark")).ToHaveTextAsync("明天会下雨");
        await visitor.LooksAsync("desk-ask-nothing");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_piece_that_is_changed_changes_the_answer_and_the_address_and_the_question_is_kept(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true, clock: new StandingClock());
        var all = await DaysAsync(platform);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("leader", "/desk/ask?q=" + Uri.EscapeDataString("湖州10月PM2.5"));
        var said = page.Locator(".answer .said");
        await Assertions.Expect(said).ToContainTextAsync("湖州市");
        await page.SelectOptionAsync("#p-regions-0", "330400");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("regions=330400"));
        await Assertions.Expect(said).ToContainTextAsync("嘉兴市2026年10月");
        await Assertions.Expect(said).ToContainTextAsync(Micrograms(Pm25(all.Where(d => d.Station.StartsWith("ZJ3304", StringComparison.Ordinal)))));
        await page.FillAsync("#p-time", "10月28日");
        await page.PressAsync("#p-time", "Tab");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("time="));
        await Assertions.Expect(said).ToContainTextAsync("2026年10月28日");
        await page.FillAsync("#p-time", "某一天");
        await page.PressAsync("#p-time", "Tab");
        await visitor.SeesAsync("看不懂“某一天”");
        await visitor.LooksAsync("desk-ask-fault");
        await page.FillAsync("#p-time", "10月");
        await page.PressAsync("#p-time", "Tab");
        await Assertions.Expect(said).ToContainTextAsync("嘉兴市2026年10月PM2.5");
        await page.SelectOptionAsync("#p-by", "time");
        await Assertions.Expect(page.Locator(".answer tbody tr")).ToHaveCountAsync(12);
        await visitor.LooksAsync("desk-ask-time");

        // Over rows: a station's day in place of a figure. What was understood is changed as ever, and figures are a choice away.
        await AskAsync(visitor, "10月28日空气质量指数超过200的站点有几个");
        var station = page.Locator("#p-rows");
        await Assertions.Expect(station).ToHaveValueAsync($"{Pack}/air-daily.station");
        await Assertions.Expect(page.Locator("#p-of")).ToHaveValueAsync("aqi");
        await Assertions.Expect(page.Locator("#p-time")).ToHaveValueAsync("2026年10月28日");
        await Assertions.Expect(page.Locator(".left-over")).ToHaveCountAsync(0);
        var heavy = all.Where(d => d.Date == "2026-10-28" && d.Aqi > 200).ToList();
        await Assertions.Expect(said).ToHaveTextAsync($"浙江省2026年10月28日空气质量指数超过 200 的站点有 {heavy.Count} 个。");
        await visitor.LooksAsync("desk-ask-rows");
        await page.FillAsync("[aria-label='数值']", "150");
        await page.PressAsync("[aria-label='数值']", "Tab");
        await Assertions.Expect(said).ToContainTextAsync($"有 {all.Count(d => d.Date == "2026-10-28" && d.Aqi > 150)} 个");
        await page.SelectOptionAsync("#p-by", "city");
        await Assertions.Expect(page.Locator(".answer table").First.Locator("tbody tr")).ToHaveCountAsync(all.Where(d => d.Date == "2026-10-28" && d.Aqi > 150).Select(d => d.Station[2..6]).Distinct().Count());
        await page.GetByRole(AriaRole.Link, new() { Name = "在查询构建器中打开" }).ClickAsync();
        await visitor.SeesAsync("查询构建器");
        await Assertions.Expect(page.Locator("#b-dataset")).ToHaveValueAsync($"{Pack}/air-daily");
        await visitor.OpenAsync("/desk/ask?q=" + Uri.EscapeDataString("湖州10月PM2.5") + "&regions=330400&time=10月&by=time");
        await Assertions.Expect(page.Locator(".answer tbody tr")).ToHaveCountAsync(12);

        await page.Locator("details.save summary").ClickAsync();
        await page.FillAsync("#s-name", "嘉兴每天 PM2.5");
        await page.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await visitor.SeesAsync("已保存“嘉兴每天 PM2.5”");
        await visitor.OpenAsync("/desk/ask/saved");
        await page.GetByRole(AriaRole.Button, new() { Name = "设为常用" }).ClickAsync();
        await visitor.SeesAsync("取消常用");
        await page.GetByRole(AriaRole.Button, new() { Name = "改名" }).ClickAsync();
        await page.FillAsync("#e-name", "嘉兴逐日 PM2.5");
        await page.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await visitor.SeesAsync("第 2 版");
        await page.GetByRole(AriaRole.Button, new() { Name = "历史版本" }).ClickAsync();
        await visitor.LooksAsync("desk-ask-saved");
        await visitor.OpenAsync("/desk/ask");
        await page.GetByRole(AriaRole.Link, new() { Name = "嘉兴逐日 PM2.5" }).ClickAsync();
        await Assertions.Expect(page.Locator(".answer tbody tr")).ToHaveCountAsync(12);
        await visitor.OpenAsync("/desk/ask/saved");
        await page.GetByRole(AriaRole.Button, new() { Name = "删除" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "删除" }).ClickAsync();
        await visitor.SeesAsync("还没有保存的问题");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_query_is_put_together_without_SQL_and_an_analyst_opens_it_as_SQL(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true, clock: new StandingClock());
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("steward", "/desk/ask/build");
        await page.SelectOptionAsync("#b-dataset", $"{Pack}/air-daily");
        await page.GetByLabel("分组计算").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "加一个分组" }).ClickAsync();
        await page.GetByLabel("分组字段").SelectOptionAsync("station.region");
        await Assertions.Expect(page.GetByLabel("分到哪一级")).ToHaveValueAsync("city");
        await page.GetByRole(AriaRole.Button, new() { Name = "加一个计算" }).ClickAsync();
        await page.GetByLabel("算什么").Nth(1).SelectOptionAsync("avg");
        await page.GetByLabel("算哪个字段").SelectOptionAsync("pm25");
        await page.GetByRole(AriaRole.Button, new() { Name = "加一个条件" }).ClickAsync();
        await page.GetByLabel("条件字段").SelectOptionAsync("day");
        await page.GetByLabel("怎样比").SelectOptionAsync(">=");
        await page.GetByLabel("值", new() { Exact = true }).FillAsync("2026-10-26");
        await page.GetByRole(AriaRole.Button, new() { Name = "加一个排序" }).ClickAsync();
        await page.GetByLabel("排序的列").SelectOptionAsync("2");
        await page.GetByLabel("方向", new() { Exact = true }).SelectOptionAsync("down");
        await page.GetByRole(AriaRole.Button, new() { Name = "运行", Exact = true }).ClickAsync();
        await visitor.SeesAsync("11 行");
        await visitor.SeesAsync("按设区市分组");
        await visitor.LooksAsync("desk-ask-build");
        await page.GetByText("写成 SQL").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "在 SQL 分析中打开" }).ClickAsync();
        await visitor.IsReadyAsync();
        await Assertions.Expect(page.Locator("#sql")).ToHaveValueAsync(new Regex("GROUP BY"));
        await page.GetByRole(AriaRole.Button, new() { Name = "运行", Exact = true }).ClickAsync();
        await visitor.SeesAsync("写明查询的用途");
        await page.FillAsync("#purpose", "核对各市重污染期间的浓度");
        await page.GetByRole(AriaRole.Button, new() { Name = "运行", Exact = true }).ClickAsync();
        await visitor.SeesAsync("11 行");
        await visitor.LooksAsync("desk-ask-sql");
        await page.FillAsync("#sql", "SELECT * FROM read_csv('/etc/passwd')");
        await page.GetByRole(AriaRole.Button, new() { Name = "运行", Exact = true }).ClickAsync();
        await visitor.SeesAsync("不能使用函数“read_csv”");
    }
}
