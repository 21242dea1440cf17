using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using DuckDB.NET.Data;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Bench;

/// <summary>A screen of forty charts over forty made-up indicators by day, month and year of five years and every region of Zhejiang, asked for over HTTP by a signed-in official: one round trip each, another region each time; and looked at in a browser.</summary>
internal static class ScreenBench
{
    private const int Charts = 40, Warming = 60, Asked = 600, Anew = 120, Pages = 20;

    /// <summary>How long the figures take.</summary>
    public static Task<Ratio> RunAsync() => WithScreenAsync(async (address, land, figures) =>
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        (await http.PostAsJsonAsync("/api/v1/session", new { login = "leader", password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        string[] regions = [land.Root, .. land.Regions.Children(land.Root).Where(r => r.To is null).Select(r => r.Code)];
        // Nothing is kept of a day that nobody has asked for: so long does a screen take right after its figures changed.
        await TimesAsync(Warming, i => $"region={regions[i % regions.Length]}&at={new DateOnly(2025, 12, 31).AddDays(-i):yyyy-MM-dd}");
        Tell("asked for anew", await TimesAsync(Anew, i => $"region={regions[i % regions.Length]}&at={new DateOnly(2025, 10, 1).AddDays(-i):yyyy-MM-dd}"));
        await TimesAsync(Warming, i => $"region={regions[i % regions.Length]}");
        var warm = await TimesAsync(Asked, i => $"region={regions[i % regions.Length]}");
        Tell("whose figures have not changed", warm);
        return new Ratio(100 / warm.Times[Asked * 99 / 100], 1);

        async Task<(List<double> Times, int Size)> TimesAsync(int count, Func<int, string> query)
        {
            var (times, size) = (new List<double>(count), 0);
            for (var i = 0; i < count; i++)
            {
                var watch = Stopwatch.StartNew();
                var answer = await http.GetByteArrayAsync($"/api/v1/screens/bench.screen/forty?{query(i)}");
                times.Add(watch.Elapsed.TotalMilliseconds);
                size = Math.Max(size, answer.Length);
            }
            times.Sort();
            return (times, size);
        }

        void Tell(string which, (List<double> Times, int Size) of) =>
            Measure.Say($"{of.Times.Count} screens of {Charts} charts over {figures:N0} figures, {which}, {of.Size / 1024} KiB at most: p50 {of.Times[of.Times.Count / 2]:0.0} ms, p90 {of.Times[of.Times.Count * 9 / 10]:0.0} ms, p99 {of.Times[of.Times.Count * 99 / 100]:0.0} ms, longest {of.Times[^1]:0.0} ms");
    });

    /// <summary>How long a leader waits for the page.</summary>
    /// <exception cref="MaterialAbsentException">There is no Chromium.</exception>
    public static Task<Ratio> PageAsync() => WithScreenAsync(async (address, land, _) =>
    {
        const string chromium = "/usr/bin/chromium";
        if (!File.Exists(chromium))
            throw new MaterialAbsentException("This benchmark needs a browser: apt-get install chromium.");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
        var worst = 0.0;
        foreach (var (screen, path, width, height) in ((string, string, int, int)[])[("desktop", "cockpit", 1440, 900), ("wall", "wall", 3840, 1080)])
        {
            await using var context = await browser.NewContextAsync(new() { BaseURL = address, Locale = "zh-CN", ViewportSize = new() { Width = width, Height = height } });
            var page = await context.NewPageAsync();
            await page.GotoAsync("/sign-in?ReturnUrl=/desk");
            await page.FillAsync("#login", "leader");
            await page.FillAsync("#password", Accounts.DemoPassword);
            await page.ClickAsync("main button[type=submit]");
            await page.WaitForSelectorAsync("[data-live=true]");
            var times = new List<double>(Pages);
            var charts = 0;
            for (var i = -3; i < Pages; i++)
            {
                var watch = Stopwatch.StartNew();
                await page.GotoAsync($"/desk/{path}?pack=bench.screen&region={land.Root}", new() { WaitUntil = WaitUntilState.Commit });
                var drawn = await page.WaitForFunctionAsync("""
                    () => {
                      const all = [...document.querySelectorAll('.chart[data-option]')], seen = all.filter(c => c.getBoundingClientRect().top < innerHeight);
                      return document.querySelector('[data-live=true]') && all.length > 20 && seen.every(c => c.querySelector('svg')) ? seen.length : 0;
                    }
                    """);
                if (i >= 0)
                    times.Add(watch.Elapsed.TotalMilliseconds);
                charts = await drawn.JsonValueAsync<int>();
            }
            times.Sort();
            Measure.Say($"{screen} {width}×{height}: {Pages} times until the page is live and each of the {charts} charts in sight is drawn: p50 {times[Pages / 2]:0} ms, p90 {times[Pages * 9 / 10]:0} ms, longest {times[^1]:0} ms");
            worst = Math.Max(worst, times[Pages * 9 / 10]);
        }
        return new Ratio(1000 / worst, 1);
    });

    private static async Task<Ratio> WithScreenAsync(Func<string, Jurisdiction, long, Task<Ratio>> measure)
    {
        using var scratch = new Scratch();
        var file = scratch.Fresh("screen.duckdb");
        await using var app = await Platform.BuildAsync(new Settings(Places.Root, scratch.Fresh("data"), null, "zhejiang", "http://127.0.0.1:0", Demo: true) { Warehouse = file }, workers: false);
        await app.StartAsync();
        try
        {
            var outcome = await app.Services.GetRequiredService<PackRegistry>().ApplyAsync(new PackFiles("", Texts()), Policy.Operator, confirmed: true);
            if (outcome.Result != "applied")
                throw new InvalidOperationException(string.Join('\n', outcome.Plan.Findings.Select(f => $"{f.Mark} {f.Message("en")}").Prepend(outcome.Result)));
            var land = app.Services.GetRequiredService<Jurisdiction>();
            return await measure(app.Urls.First(), land, Fill(file, land));
        }
        finally
        {
            await app.StopAsync();
        }
    }

    private static Dictionary<string, string> Texts() => new()
    {
        ["pack.yaml"] = "pack: bench.screen\nversion: 1.0.0\nname: 试验\napplication: platform\nlead: 省大数据局\n",
        ["datasets/measure.yaml"] = "dataset: measure\nname: 测量\nsource: 省大数据局\nshare: unconditional\nopen: none\ngrade: 1\nkey: [id]\nfields: {id: {type: integer}, region: {type: string}, day: {type: date}, value: {type: number}}\nfeed: {from: manual}\n",
        ["indicators.yaml"] = string.Concat(Enumerable.Range(0, Charts).Select(i => $"- {{indicator: {Id(i)}, name: 指标{i}, unit: 个, by: {{region: region, period: [day, month, year], at: day}}, needs: [measure], value: sum(value), better: higher}}\n")),
        ["screen.yaml"] = "screen: forty\nname: 四十张图\ncards:\n" + string.Concat(Enumerable.Range(0, Charts).Select(i => $"  - {{indicator: {Id(i)}, {Kind(i)}}}\n")),
    };

    // Kinds as a leader's screen mixes them.
    private static string Kind(int i) => (i % 10) switch
    {
        0 or 1 or 2 => "as: trend, period: day",
        3 => "as: trend, period: month, compare: last-year",
        4 => "as: map, period: month",
        5 => "as: rank, period: year",
        6 => "as: bar, period: year, compare: last-year",
        7 => "as: heat",
        8 => "as: pie, period: month",
        _ => "as: gauge, period: year",
    };

    private static string Id(int i) => $"figure-{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}";

#pragma warning disable CA2100 // fixed statements; what is put in are codes of regions and numbers
    private static long Fill(string file, Jurisdiction land)
    {
        var regions = string.Join(", ", land.Regions.All.Where(r => r.To is null && land.Regions.Within(r.Code, land.Root) && r.Level is "province" or "city" or "county").Select(r => $"'{r.Code}'"));
        using var connection = new DuckDBConnection($"DataSource={file}");
        connection.Open();
        long Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt64(command.ExecuteScalar() ?? 0L, CultureInfo.InvariantCulture);
        }
        // In the order in which a run over all rows puts them in.
        Run($"""
            INSERT INTO guantong.indicator_value (pack, indicator, period, starts, region, value, row_count)
            SELECT 'bench.screen', i.id, p.period, p.starts, r.code, 100 + 50 * sin(epoch(CAST(p.starts AS TIMESTAMP)) / 864000.0 + hash(r.code) % 7 + i.n), 10
            FROM (VALUES {string.Join(", ", Enumerable.Range(0, Charts).Select(i => $"('{Id(i)}', {i})"))}) AS i(id, n), (SELECT unnest([{regions}]) AS code) AS r,
                ({string.Join(" UNION ALL ", ((string[])["day", "month", "year"]).Select(p => $"SELECT '{p}' AS period, CAST(day AS DATE) AS starts FROM range(TIMESTAMP '2021-01-01', TIMESTAMP '2026-01-01', INTERVAL 1 {p}) AS t(day)"))}) AS p
            ORDER BY p.period, r.code, i.id, p.starts
            """);
        Run("CHECKPOINT");
        return Run("SELECT count(*) FROM guantong.indicator_value");
    }
#pragma warning restore CA2100
}
