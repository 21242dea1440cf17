using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guantong.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>SQL of anybody on both warehouses: what is legal gives the same rows on both, and whatever leads outside, or would not end, is refused by name.</summary>
/// <remarks>sql-refused.tsv: code, category, why, statement; sql-legal.txt: a statement a line. \n, \\ and \uXXXX are escapes, {repeat:N:text} is a text N times.</remarks>
public sealed partial class CkanSqlTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Guantong.Journeys.Tests", "Ckan");

    // No other test of this program runs confined SQL for longer.
    static CkanSqlTests() => Environment.SetEnvironmentVariable("GUANTONG_SQL_SECONDS", "3");

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whatever_leads_outside_is_refused_by_name_and_soon(string store)
    {
        await using var platform = await StartAsync(store);
        using var ckan = new CkanClient(platform.Anonymous());
        var before = $"{Rows(platform)} {await ckan.GetAsync("package_list")}";
        var (wrong, codes) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        var entries = File.ReadLines(Path.Combine(Folder, "sql-refused.tsv")).Select(l => l.Split('\t')).ToList();
        Assert.True(entries.Count >= 300);
        Assert.Equal(entries.Count, entries.Select(e => e[3]).Distinct().Count());
        await Parallel.ForEachAsync(entries, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (entry, cancel) =>
        {
            var (code, why, sql) = (entry[0], $"{entry[1]}: {entry[2]}", Text(entry[3]));
            var began = Stopwatch.StartNew();
            using var answer = await ckan.Http.PostAsJsonAsync("/api/3/action/datastore_search_sql", new { sql }, cancel);
            var said = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
            var given = answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Forbidden && said.GetProperty("error") is var error
                ? error.TryGetProperty("code", out var named) ? named[0].GetString() : error.TryGetProperty("sql", out _) ? "missing" : null : null;
            codes.Add($"{given}\t{entry[1]}\t{entry[2]}\t{entry[3]}");
            if (given != code || began.Elapsed > TimeSpan.FromSeconds(30))
                wrong.Add($"{why}: {(int)answer.StatusCode} {given} for {code} after {began.Elapsed.TotalSeconds:0.0} s — {entry[3]} → {(said.ToString() is var all && all.Length > 300 ? all[..300] : all)}");
        });
        if (Environment.GetEnvironmentVariable("GUANTONG_SQL_CODES") is { } to)
            await File.WriteAllLinesAsync(to + "." + store, codes.Order(StringComparer.Ordinal), TestContext.Current.CancellationToken);
        Assert.True(wrong.IsEmpty, string.Join("\n", wrong.Order(StringComparer.Ordinal)));
        // Nothing of it left a trace, and the platform answers as before.
        Assert.Equal(before, $"{Rows(platform)} {await ckan.GetAsync("package_list")}");
    }

    [Fact]
    public async Task Whatever_is_legal_gives_the_same_on_both_warehouses()
    {
        await using var one = await StartAsync("sqlite");
        await using var other = await StartAsync("postgres");
        using var duck = new CkanClient(one.Anonymous());
        using var postgres = new CkanClient(other.Anonymous());
        var (station, hourly) = (await duck.ResourceAsync("environment_air-quality__station"), await duck.ResourceAsync("environment_air-quality__air-hourly"));
        var statements = File.ReadLines(Path.Combine(Folder, "sql-legal.txt")).Select(l => Text(l).Replace("{station}", station, StringComparison.Ordinal).Replace("{hourly}", hourly, StringComparison.Ordinal)).ToList();
        Assert.True(statements.Count >= 60);
        var (wrong, rows) = (new List<string>(), 0);
        foreach (var sql in statements)
        {
            var (a, b) = (await SaidAsync(duck, sql), await SaidAsync(postgres, sql));
            rows += a.Rows;
            if (a.Text != b.Text || !a.Text.Contains("\"records\"", StringComparison.Ordinal))
                wrong.Add($"{sql}\n  DuckDB     {a.Text[..Math.Min(600, a.Text.Length)]}\n  PostgreSQL {b.Text[..Math.Min(600, b.Text.Length)]}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.InRange(rows, 500, int.MaxValue);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Its_answer_is_ckan_s_and_says_where_it_was_cut(string store)
    {
        await using var platform = await StartAsync(store);
        using var ckan = new CkanClient(platform.Anonymous());
        var id = await ckan.ResourceAsync("environment_air-quality__station");
        var said = await ckan.GetAsync("datastore_search_sql", "sql=" + Uri.EscapeDataString($"SELECT code, count(*), max(aqi) AS \"Top\", max(day) AS day, avg(aqi) > 0 FROM \"{id}\" JOIN air_daily ON station = code GROUP BY code ORDER BY code LIMIT 2"));
        Assert.Equal(["sql", "fields", "records"], said.EnumerateObject().Select(p => p.Name));
        Assert.Equal("""[{"id":"code","type":"text"},{"id":"count","type":"int8"},{"id":"Top","type":"int8"},{"id":"day","type":"date"},{"id":"?column?","type":"bool"}]""", said.GetProperty("fields").GetRawText());
        Assert.Equal(["code", "count", "Top", "day", "?column?"], said.GetProperty("records")[0].EnumerateObject().Select(p => p.Name));
        var all = await ckan.PostAsync("datastore_search_sql", new { sql = "SELECT a.code AS a, b.code AS b, c.code AS c FROM station a, station b, station c, station d LIMIT 32001" });
        Assert.Equal((32000, true), (all.GetProperty("records").GetArrayLength(), all.GetProperty("records_truncated").GetBoolean()));
        Assert.False(said.TryGetProperty("records_truncated", out _));
        var (status, error) = await ckan.RefusedAsync("datastore_search_sql", new { sql = "SELECT 名, code FRM \"名\"" });
        Assert.Equal((HttpStatusCode.Conflict, "Validation Error", "sql-broken"), (status, error.Text("__type"), error.GetProperty("code")[0].GetString()));
        // The place is a character's, whatever it takes in bytes; ckan.js shows info.orig.
        Assert.Equal(20, error.GetProperty("position")[0].GetInt32());
        Assert.Equal(error.GetProperty("query")[0].GetString(), error.GetProperty("info").GetProperty("orig")[0].GetString());
        // In bytes it would be more: three for each character before it.
        Assert.Equal(14, (await ckan.RefusedAsync("datastore_search_sql", new { sql = "SELECT '名名', pg_sleep(1)" })).Error.GetProperty("position")[0].GetInt32());
        ckan.Http.DefaultRequestHeaders.Add("Accept-Language", "en");
        (status, error) = await ckan.RefusedAsync("datastore_search_sql", new { sql = "SELECT pg_sleep(1)" });
        Assert.Equal((HttpStatusCode.Forbidden, "Authorization Error", "Access denied: At character 8: The function “pg_sleep” may not be used. The documentation lists those that may."), (status, error.Text("__type"), error.Text("message")));
        // What leads outside for anybody does so for an official too.
        using var official = new CkanClient(await platform.SignInAsync("worker-huzhou"));
        Assert.Equal("sql-table", (await official.RefusedAsync("datastore_search_sql", new { sql = "SELECT * FROM handled" })).Error.GetProperty("code")[0].GetString());
    }

    // A pack whose dataset is not open stands beside.
    private static async Task<RunningPlatform> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store, samples: true);
        await platform.ApplyAsync("society.assistance");
        return platform;
    }

    private static string Rows(RunningPlatform platform) =>
        string.Join(' ', ((string[])["station", "air-hourly", "air-daily"]).Select(d => platform.Services.GetRequiredService<Warehouse>().RowCount("environment.air-quality", d)));

    private static async Task<(string Text, int Rows)> SaidAsync(CkanClient ckan, string sql)
    {
        using var answer = await ckan.Http.PostAsJsonAsync("/api/3/action/datastore_search_sql", new { sql });
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return said.TryGetProperty("result", out var result) ? ($"{result.GetProperty("fields")} \"records\": {result.GetProperty("records")}", result.GetProperty("records").GetArrayLength()) : (said.ToString(), 0);
    }

    internal static string Text(string line) => Repeat().Replace(Escape().Replace(line, m => m.Value switch { "\\n" => "\n", "\\\\" => "\\", var code => ((char)int.Parse(code[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString() }),
        m => string.Concat(Enumerable.Repeat(m.Groups[2].Value, int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))));

    [GeneratedRegex(@"\\(n|\\|u[0-9a-fA-F]{4})")]
    private static partial Regex Escape();

    [GeneratedRegex(@"\{repeat:(\d+):([^}]*)\}")]
    private static partial Regex Repeat();
}
