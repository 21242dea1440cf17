using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Guantong.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What is published instead of a dataset's rows, over HTTP and on both stores: computed from sealed rows, kept as a table of its own, refused where it would not hold.</summary>
public sealed class OpenedRowsTests
{
    private const string Pack = "environment.air-quality";
    private const string Residents = $"/api/v1/datasets/{Pack}/resident/opened";
    private const string Cells = $"/api/v1/datasets/{Pack}/resident-cell/opened";

    private const string Rows = $$"""
        dataset: resident
        name: 居民
        source: 省生态环境厅
        open: unconditional
        {{ResidentPack.Fields}}
        opening:
          fields:
            id:     hash
            region: {region: [county, city]}
            birth:  {date: [year, decade]}
            aid:    keep
          quasi: [region, birth]
          sensitive: [aid]
          k: 5
          l: 2
          suppress: 5%
        """;

    private const string Counts = $$"""
        dataset: resident-cell
        name: 居民补助
        source: 省生态环境厅
        open: conditional
        open-condition: 用于公共卫生研究
        {{ResidentPack.Fields}}
        opening:
          fields:
            region: {region: [city]}
            aid:    keep
          counts: {by: [region, aid], epsilon: 1, budget: 2}
        """;

    private static Task<PlayedProcess> PlayAsync(string store, string? rows = null) => ResidentPack.PlayAsync(store, rows ?? Rows, Counts);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(HttpClient who, string path, bool posts = false)
    {
        using var answer = posts ? await who.PostAsync(path, null) : await who.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static string Code((HttpStatusCode Status, JsonElement Body) answer) => $"{(int)answer.Status} {(answer.Body.TryGetProperty("code", out var code) ? code.GetString() : answer.Body.TryGetProperty("result", out var result) ? result.GetString() : "")}".TrimEnd();

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_made_anonymous_are_everybodys_and_the_raw_ones_nobodys(string store)
    {
        await using var played = await PlayAsync(store);
        await ResidentPack.LoadAsync(played.Platform, "resident", ResidentPack.People(0, 1200));
        using var anyone = played.Platform.Anonymous();
        using var worker = await played.Platform.SignInAsync("worker-huzhou");
        using var elsewhere = await played.Platform.SignInAsync("steward");
        using var steward = await played.Platform.SignInAsync("steward-ecology");
        Assert.Equal("404 opening-not-yet", Code(await AskAsync(anyone, $"{Residents}/rows")));
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PostAsync($"{Residents}/publish", null)).StatusCode);
        Assert.Equal("403 opening-other-unit", Code(await AskAsync(elsewhere, $"{Residents}/publish", posts: true)));

        var published = await AskAsync(steward, $"{Residents}/publish", posts: true);
        Assert.Equal("200 published", Code(published));
        var page = (await AskAsync(anyone, $"{Residents}/rows?take=500")).Body;
        Assert.Equal(["id", "region", "birth", "aid"], page.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!));
        var (csv, json) = (await anyone.GetStringAsync($"{Residents}/rows.csv"), await anyone.GetStringAsync($"{Residents}/rows.json"));
        var rows = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.Equal((rows.Count, rows.Count), (page.GetProperty("total").GetInt32(), JsonDocument.Parse(json).RootElement.GetArrayLength()));
        var classes = rows.GroupBy(r => $"{r[1]}|{r[2]}").ToList();
        Assert.All(classes, c => Assert.True(c.Count() >= 5 && c.Select(r => r[3]).Distinct().Count() >= 2));
        var report = published.Body.GetProperty("report");
        Assert.Equal((classes.Min(c => c.Count()), classes.Count, rows.Count), (report.GetProperty("k").GetInt32(), report.GetProperty("classes").GetInt32(), report.GetProperty("rowsOut").GetInt32()));
        // Neither a number nor what it was sealed to; a pseudonym each.
        Assert.DoesNotContain("SYN-", csv + json, StringComparison.Ordinal);
        Assert.DoesNotContain("sealed:", csv + json, StringComparison.Ordinal);
        Assert.Equal(rows.Count, rows.Select(r => r[0]).Distinct().Count());
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"/api/v1/datasets/{Pack}/resident/rows")).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await anyone.GetAsync(Residents)).StatusCode);

        // The same rows: the same edition, computed once.
        var again = await AskAsync(steward, $"{Residents}/publish", posts: true);
        Assert.Equal(("200 same", published.Body.GetProperty("edition").GetInt64()), (Code(again), again.Body.GetProperty("edition").GetInt64()));
        Assert.Equal(csv, await anyone.GetStringAsync($"{Residents}/rows.csv"));
        var state = (await AskAsync(worker, Residents)).Body;
        Assert.True(state.GetProperty("isAsDeclared").GetBoolean() && state.GetProperty("isOfTheseRows").GetBoolean());
        using var auditor = await played.Platform.SignInAsync("auditor");
        Assert.Single((await auditor.GetStringAsync("/api/v1/ledger?take=200")).Split("opening.published").Skip(1));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_would_not_hold_is_refused_and_what_stood_stands(string store)
    {
        await using var played = await PlayAsync(store);
        await ResidentPack.LoadAsync(played.Platform, "resident", ResidentPack.People(0, 400));
        using var anyone = played.Platform.Anonymous();
        using var steward = await played.Platform.SignInAsync("steward-ecology");
        Assert.Equal("200 published", Code(await AskAsync(steward, $"{Residents}/publish", posts: true)));
        var before = await anyone.GetStringAsync($"{Residents}/rows.csv");
        // Sixty people each of a decade of their own: more than one in twenty would have to be left out.
        await ResidentPack.LoadAsync(played.Platform, "resident", string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"SYN-9{i:00000},{330000 + (i * 100)},{1300 + (i * 10)}-01-01,低保\n"))));
        var refused = await AskAsync(steward, $"{Residents}/publish", posts: true);
        Assert.Equal("409 opening-suppresses-too-much", Code(refused));
        Assert.Contains("460", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await anyone.GetStringAsync($"{Residents}/rows.csv"));
        var state = (await AskAsync(steward, Residents)).Body;
        Assert.Equal(("opening-suppresses-too-much", false), (state.GetProperty("refused").GetProperty("code").GetString(), state.GetProperty("isOfTheseRows").GetBoolean()));
        // Nobody asks again each ten minutes: once a day is tried anew.
        var openings = played.Platform.Services.GetRequiredService<Openings>();
        await played.PassAsync(TimeSpan.FromHours(25));
        foreach (var _ in Enumerable.Range(0, 3))
            Assert.Equal(0, await openings.FollowAsync(TestContext.Current.CancellationToken));
        using var auditor = await played.Platform.SignInAsync("auditor");
        Assert.Equal(2, (await auditor.GetStringAsync("/api/v1/ledger?take=200")).Split("\"opening.refused\"").Length - 1);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Counts_spend_the_budget_and_no_more(string store)
    {
        await using var played = await PlayAsync(store);
        using var steward = await played.Platform.SignInAsync("steward-ecology");
        async Task<(string, decimal)> PublishAsync() => (Code(await AskAsync(steward, $"{Cells}/publish", posts: true)), (await AskAsync(steward, Cells)).Body.GetProperty("spent").GetDecimal());
        await ResidentPack.LoadAsync(played.Platform, "resident-cell", ResidentPack.People(0, 600));
        Assert.Equal(("200 published", 1), await PublishAsync());
        var first = await steward.GetStringAsync($"{Cells}/rows.csv");
        Assert.Equal(("200 same", 1), await PublishAsync());
        Assert.Equal(first, await steward.GetStringAsync($"{Cells}/rows.csv"));
        await ResidentPack.LoadAsync(played.Platform, "resident-cell", ResidentPack.People(600, 30));
        Assert.Equal(("200 published", 2), await PublishAsync());
        var second = await steward.GetStringAsync($"{Cells}/rows.csv");
        Assert.NotEqual(first, second);
        await ResidentPack.LoadAsync(played.Platform, "resident-cell", ResidentPack.People(630, 30));
        Assert.Equal(("409 opening-budget-spent", 2), await PublishAsync());
        Assert.Equal(second, await steward.GetStringAsync($"{Cells}/rows.csv"));
        // Each city with each kind, near what is there; nowhere a count under five.
        var cells = second.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.Equal(0, cells.Count % 4);
        Assert.InRange(double.Parse(cells.Single(c => c[0] == "330100" && c[1] == "低保")[2], CultureInfo.InvariantCulture), 84 - 40, 84 + 40);
        Assert.All(cells.Where(c => c[2].Length > 0), c => Assert.True(long.Parse(c[2], CultureInfo.InvariantCulture) >= 5));
    }

    [Fact]
    public async Task What_is_open_on_condition_says_how_to_apply()
    {
        await using var played = await PlayAsync("sqlite");
        await ResidentPack.LoadAsync(played.Platform, "resident-cell", ResidentPack.People(0, 300));
        using var steward = await played.Platform.SignInAsync("steward-ecology");
        Assert.Equal("200 published", Code(await AskAsync(steward, $"{Cells}/publish", posts: true)));
        using var anyone = played.Platform.Anonymous();
        using var citizen = await played.Platform.SignInAsync("citizen-a");
        foreach (var path in (string[])["rows", "rows.csv", "rows.json"])
        {
            foreach (var who in (HttpClient[])[anyone, citizen])
            {
                var refused = await AskAsync(who, $"{Cells}/{path}");
                Assert.Equal("403 opening-conditional", Code(refused));
                Assert.Contains("用于公共卫生研究", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }
        }
        using var worker = await played.Platform.SignInAsync("worker-huzhou");
        Assert.Equal(HttpStatusCode.OK, (await worker.GetAsync($"{Cells}/rows.csv")).StatusCode);
        using var auditor = await played.Platform.SignInAsync("auditor");
        Assert.Contains("opened csv", await auditor.GetStringAsync("/api/v1/ledger?take=200"), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_that_changed_are_published_anew_in_time_and_what_is_no_longer_declared_is_taken_away(string store)
    {
        await using var played = await PlayAsync(store);
        await ResidentPack.LoadAsync(played.Platform, "resident", ResidentPack.People(0, 400));
        var openings = played.Platform.Services.GetRequiredService<Openings>();
        // Nothing is published that no person has published before.
        Assert.Equal(0, await openings.FollowAsync(TestContext.Current.CancellationToken));
        using var steward = await played.Platform.SignInAsync("steward-ecology");
        await AskAsync(steward, $"{Residents}/publish", posts: true);
        await ResidentPack.LoadAsync(played.Platform, "resident", ResidentPack.People(400, 200));
        Assert.Equal(0, await openings.FollowAsync(TestContext.Current.CancellationToken));
        await played.PassAsync(TimeSpan.FromDays(2));
        Assert.Equal(1, await openings.FollowAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await openings.FollowAsync(TestContext.Current.CancellationToken));
        using var anyone = played.Platform.Anonymous();
        Assert.Equal(600, (await AskAsync(anyone, $"{Residents}/rows")).Body.GetProperty("total").GetInt32());

        // A declaration that changed is a person's to publish; one that went takes its editions along.
        await played.ApplyAsync(("datasets/resident.yaml", Rows.Replace("k: 5", "k: 6", StringComparison.Ordinal)), ("datasets/resident-cell.yaml", Counts));
        await played.PassAsync(TimeSpan.FromDays(2));
        Assert.Equal(0, await openings.FollowAsync(TestContext.Current.CancellationToken));
        await played.ApplyAsync(("datasets/resident.yaml", Rows[..Rows.IndexOf("opening:", StringComparison.Ordinal)].Replace("open: unconditional", "open: none", StringComparison.Ordinal)), ("datasets/resident-cell.yaml", Counts));
        await openings.FollowAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"{Residents}/rows")).StatusCode);
    }

    [Fact]
    public async Task No_file_holds_in_clear_who_the_rows_are_of()
    {
        await using var played = await PlayAsync("sqlite");
        await ResidentPack.LoadAsync(played.Platform, "resident", ResidentPack.People(0, 300));
        using var steward = await played.Platform.SignInAsync("steward-ecology");
        Assert.Equal("200 published", Code(await AskAsync(steward, $"{Residents}/publish", posts: true)));
        var files = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(played.Platform.Folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            files.Append(await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }
        Assert.DoesNotContain("SYN-0001", files.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("1965-05-", files.ToString(), StringComparison.Ordinal);
    }
}
