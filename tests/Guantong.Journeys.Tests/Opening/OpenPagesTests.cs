using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guantong.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>What the public finds of open data: the list, a dataset's page, how to call and cite it, ratings, comments and requests; datasets opened by steps among the others.</summary>
public sealed partial class OpenPagesTests
{
    private const string Pack = "environment.air-quality", Residents = $"/api/v1/datasets/{Pack}/resident", Cells = $"/api/v1/datasets/{Pack}/resident-cell";

    private const string Rows = $$"""
        dataset: resident
        name: 居民补助明细
        about: 领取补助的居民 <script>alert(1)</script>
        source: 省生态环境厅
        licence: CC-BY-4.0
        open: unconditional
        category: livelihood
        {{ResidentPack.Fields}}
        opening:
          fields:
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
        name: 居民补助统计
        about: 各市领取补助的人数
        source: 省生态环境厅
        open: conditional
        open-condition: 用于公共卫生研究
        category: livelihood
        {{ResidentPack.Fields}}
        opening:
          fields:
            region: {region: [city]}
            aid:    keep
          counts: {by: [region, aid], epsilon: 1, budget: 2}
        """;

    private static Task<PlayedProcess> PlayAsync(string store) => ResidentPack.PlayAsync(store, Rows, Counts);

    private static async Task PublishAsync(RunningPlatform platform, string dataset)
    {
        await ResidentPack.LoadAsync(platform, dataset, ResidentPack.People(0, 900));
        using var steward = await platform.SignInAsync("steward-ecology");
        (await steward.PostAsync($"/api/v1/datasets/{Pack}/{dataset}/opened/publish", null)).EnsureSuccessStatusCode();
    }

    private static async Task<string[]> FoundAsync(HttpClient who, string query) => [.. (await who.GetFromJsonAsync<JsonElement>($"/api/v1/catalogue?{query}")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("kept").GetProperty("entry").GetProperty("id").GetString()!)];

    private static async Task<(int Status, JsonElement Body)> SendAsync(HttpClient who, HttpMethod method, string path, object? body = null)
    {
        using var call = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await who.SendAsync(call);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
    }

    // A page's text, signs of Chinese as they are read.
    private static async Task<string> ReadAsync(HttpClient who, string path) => WebUtility.HtmlDecode(await who.GetStringAsync(path));

    private static string? Code((int Status, JsonElement Body) answer) => answer.Body.ValueKind == JsonValueKind.Object && answer.Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_opened_by_steps_is_in_the_catalogue_once_it_is_published_and_no_longer_than_it_is_declared(string store)
    {
        await using var played = await PlayAsync(store);
        using var anyone = played.Platform.Anonymous();
        // Before an edition stands, neither is in the catalogue; of what is open on condition, its page tells the condition.
        Assert.Empty(await FoundAsync(anyone, "q=居民补助"));
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"/data/{Pack}/resident")).StatusCode);
        Assert.Contains("用于公共卫生研究", await ReadAsync(anyone, $"/data/{Pack}/resident-cell"), StringComparison.Ordinal);
        await PublishAsync(played.Platform, "resident");
        await PublishAsync(played.Platform, "resident-cell");
        Assert.Equal([$"{Pack}:resident", $"{Pack}:resident-cell"], (await FoundAsync(anyone, "q=居民补助")).Order());
        Assert.Equal([$"{Pack}:resident"], await FoundAsync(anyone, "q=居民补助&open=unconditional"));
        var turtle = await anyone.GetStringAsync("/api/v1/catalogue.ttl");
        Assert.Contains($"{Residents}/opened/rows.csv", turtle, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Residents}/rows.csv", turtle, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Cells}/", turtle, StringComparison.Ordinal);
        Assert.Contains($"/data/{Pack}/resident-cell", turtle, StringComparison.Ordinal);
        var package = (await anyone.GetFromJsonAsync<JsonElement>("/api/3/action/package_show?id=environment_air-quality__resident")).GetProperty("result");
        Assert.All(package.GetProperty("resources").EnumerateArray(), r => Assert.True(!r.GetProperty("datastore_active").GetBoolean() && r.GetProperty("url").GetString()!.Contains("/opened/rows.", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, (await anyone.GetAsync(package.GetProperty("resources")[0].GetProperty("url").GetString())).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/api/3/action/package_show?id=environment_air-quality__resident-cell")).StatusCode);
        Assert.Contains("居民补助明细", (await ReadAsync(anyone, "/search?q=居民补助")).Replace("<mark>", "", StringComparison.Ordinal).Replace("</mark>", "", StringComparison.Ordinal), StringComparison.Ordinal);
        // The rows themselves stay nobody's.
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"{Residents}/rows")).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await anyone.GetAsync("/api/3/action/datastore_search?resource_id=resident")).StatusCode);

        // Applied again, it stays; no longer declared, it goes.
        await played.ApplyAsync(("datasets/resident.yaml", Rows.Replace("居民补助明细", "居民补助明细表", StringComparison.Ordinal)), ("datasets/resident-cell.yaml", Counts));
        Assert.Contains($"{Pack}:resident", await FoundAsync(anyone, "q=居民补助明细表"));
        await played.ApplyAsync(("datasets/resident.yaml", Rows[..Rows.IndexOf("opening:", StringComparison.Ordinal)].Replace("open: unconditional", "open: none", StringComparison.Ordinal)), ("datasets/resident-cell.yaml", Counts));
        Assert.Equal([$"{Pack}:resident-cell"], await FoundAsync(anyone, "q=居民补助"));
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"/data/{Pack}/resident")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/api/3/action/package_show?id=environment_air-quality__resident")).StatusCode);
    }

    [Fact]
    public async Task An_entry_by_hand_may_be_graded_and_open_where_it_says_what_is_open_instead()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var steward = await platform.SignInAsync("steward-ecology");
        object Entry(string opening, string open = "unconditional") => new { name = "救助对象", about = "脱敏后开放", provider = "省生态环境厅", share = "none", basis = "某法", open, openCondition = "申请", opening, grade = 3, items = new[] { new { id = "id", name = "证件号", nameEn = "", type = "string", isPersonal = true } } };
        Assert.Equal(422, (await SendAsync(steward, HttpMethod.Post, "/api/v1/catalogue", Entry(""))).Status);
        Assert.Equal(422, (await SendAsync(steward, HttpMethod.Post, "/api/v1/catalogue", Entry("something"))).Status);
        Assert.Equal(422, (await SendAsync(steward, HttpMethod.Post, "/api/v1/catalogue", Entry("anonymous", "none"))).Status);
        var (status, kept) = await SendAsync(steward, HttpMethod.Post, "/api/v1/catalogue", Entry("anonymous"));
        Assert.Equal((201, "anonymous"), (status, kept.GetProperty("entry").GetProperty("opening").GetString()));
        using var anyone = platform.Anonymous();
        Assert.Single(await FoundAsync(anyone, "q=救助对象"));
        var form = await anyone.GetStringAsync($"/api/v1/catalogue/{kept.GetProperty("entry").GetProperty("id").GetString()}.ttl");
        Assert.Contains("anonymous", form, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_open_dataset_is_described_cited_and_called_as_its_page_says()
    {
        await using var played = await PlayAsync("sqlite");
        await PublishAsync(played.Platform, "resident");
        await played.Platform.LoadAsync("station", Path.Combine(Repository.Root, "packs/environment/air-quality/samples/station.csv"));
        using var anyone = played.Platform.Anonymous();
        foreach (var (dataset, way) in (((string, string)[])[("resident", "opened/rows"), ("station", "rows")]))
        {
            var text = await anyone.GetStringAsync($"/api/v1/datasets/{Pack}/{dataset}/openapi.json");
            var (document, diagnostic) = OpenApiDocument.Parse(text, "json");
            Assert.Empty(diagnostic!.Errors);
            Assert.Equal(3, document!.Paths.Count);
            var said = JsonDocument.Parse(text).RootElement;
            Assert.Equal("3.1.1", said.GetProperty("openapi").GetString());
            var get = said.GetProperty("paths").GetProperty($"/api/v1/datasets/{Pack}/{dataset}/{way}").GetProperty("get");
            var example = get.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("examples").GetProperty("rows").GetProperty("value");
            var page = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/{dataset}/{way}?take=2");
            Assert.True(JsonElement.DeepEquals(page, example), example.ToString());
            var row = said.GetProperty("components").GetProperty("schemas").GetProperty("Row").GetProperty("properties");
            Assert.Equal(page.GetProperty("columns").EnumerateArray().Select(c => c.GetString()), row.EnumerateObject().Select(p => p.Name));
            Assert.Equal("*", (await anyone.GetAsync($"/api/v1/datasets/{Pack}/{dataset}/{way}")).Headers.GetValues("Access-Control-Allow-Origin").Single());
        }
        Assert.Equal(JsonValueKind.True, (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/station/openapi.json")).GetProperty("info").GetProperty("x-synthetic").ValueKind);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"{Cells}/openapi.json")).StatusCode);

        var html = await anyone.GetStringAsync($"/data/{Pack}/resident");
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        var linked = JsonDocument.Parse(LinkedData().Match(html).Groups[1].Value).RootElement;
        Assert.Equal(("Dataset", "居民补助明细", "https://creativecommons.org/licenses/by/4.0/"), (linked.GetProperty("@type").GetString(), linked.GetProperty("name").GetString(), linked.GetProperty("license").GetString()));
        Assert.Equal($"{played.Platform.Address}{Residents}/opened/rows.csv", linked.GetProperty("distribution")[0].GetProperty("contentUrl").GetString());
        Assert.Contains("省生态环境厅. 居民补助明细[DS/OL]. (2026-11-02)[2026-11-02]. ", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("title        = {{居民补助明细}},", WebUtility.HtmlDecode(html), StringComparison.Ordinal);

        // What the page says to run, run as it stands.
        var examples = Example().Matches(html).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value));
        Assert.Equal(["curl", "Python", "JavaScript", "R"], examples.Keys);
        Assert.Contains("\"total\":900", await RunAsync("bash", examples["curl"] + "\nhead -1 resident.csv"), StringComparison.Ordinal);
        Assert.StartsWith("900 [{'region': '330", await RunAsync("python3", examples["Python"]), StringComparison.Ordinal);
        if (File.Exists("/usr/bin/node"))
            Assert.StartsWith("900 [", await RunAsync("/usr/bin/node", examples["JavaScript"]), StringComparison.Ordinal);
        if (File.Exists("/usr/bin/Rscript"))
            Assert.Contains("330", await RunAsync("/usr/bin/Rscript", examples["R"], "-"), StringComparison.Ordinal);
    }

    [GeneratedRegex("<script type=\"application/ld\\+json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex LinkedData();

    [GeneratedRegex("<summary>([^<]*)</summary><pre tabindex=\"0\"><code>(.*?)</code></pre>", RegexOptions.Singleline)]
    private static partial Regex Example();

    private static async Task<string> RunAsync(string program, string text, params string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-example-").FullName;
        var start = new ProcessStartInfo(program, args) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        start.Environment["no_proxy"] = "127.0.0.1";
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Directory.Delete(folder, true);
        Assert.Equal(0, process.ExitCode);
        return said;
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Data_is_rated_once_an_account_and_comments_are_shown_when_they_were_released(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        const string station = $"/api/v1/datasets/{Pack}/station";
        using var anyone = platform.Anonymous();
        using var one = await platform.SignInAsync("citizen-a");
        using var other = await platform.SignInAsync("citizen-b");
        Assert.Equal(401, (await SendAsync(anyone, HttpMethod.Put, $"{station}/rating", new { value = 5 })).Status);
        Assert.Equal("voice-stars", Code(await SendAsync(one, HttpMethod.Put, $"{station}/rating", new { value = 6 })));
        Assert.Equal(404, (await SendAsync(one, HttpMethod.Put, $"/api/v1/datasets/{Pack}/nothing/rating", new { value = 5 })).Status);
        Assert.Equal(JsonValueKind.Null, (await SendAsync(anyone, HttpMethod.Get, $"{station}/rating")).Body.GetProperty("average").ValueKind);
        await SendAsync(one, HttpMethod.Put, $"{station}/rating", new { value = 2 });
        await SendAsync(one, HttpMethod.Put, $"{station}/rating", new { value = 4 });
        var rated = (await SendAsync(other, HttpMethod.Put, $"{station}/rating", new { value = 5 })).Body;
        Assert.Equal((4.5, 2, 5), (rated.GetProperty("average").GetDouble(), rated.GetProperty("count").GetInt32(), rated.GetProperty("mine").GetInt32()));
        Assert.Equal(1, (await SendAsync(other, HttpMethod.Delete, $"{station}/rating")).Body.GetProperty("count").GetInt32());

        Assert.Equal("voice-words", Code(await SendAsync(one, HttpMethod.Post, $"{station}/comments", new { words = "  " })));
        Assert.Equal("voice-words", Code(await SendAsync(one, HttpMethod.Post, $"{station}/comments", new { words = new string('长', 1001) })));
        foreach (var personal in (string[])["打我电话 138 0013 8000", "证件 11010519491231002X 请看"])
            Assert.Equal("voice-personal", Code(await SendAsync(one, HttpMethod.Post, $"{station}/comments", new { words = personal })));
        var (status, said) = await SendAsync(one, HttpMethod.Post, $"{station}/comments", new { words = "站点坐标 <b>很准</b>" });
        Assert.Equal((201, "waiting"), (status, said.GetProperty("state").GetString()));
        Assert.Equal(0, (await SendAsync(anyone, HttpMethod.Get, $"{station}/comments")).Body.GetProperty("total").GetInt32());
        var id = said.GetProperty("id").GetString();
        using var elsewhere = await platform.SignInAsync("steward");
        using var steward = await platform.SignInAsync("steward-ecology");
        Assert.Equal(403, (await SendAsync(one, HttpMethod.Post, $"/api/v1/voices/comments/{id}/release", new { })).Status);
        Assert.Equal("voice-not-yours", Code(await SendAsync(elsewhere, HttpMethod.Post, $"/api/v1/voices/comments/{id}/release", new { })));
        Assert.Equal(0, (await SendAsync(elsewhere, HttpMethod.Get, "/api/v1/voices/comments")).Body.GetProperty("total").GetInt32());
        Assert.Equal(1, (await SendAsync(steward, HttpMethod.Get, "/api/v1/voices/comments?state=waiting")).Body.GetProperty("total").GetInt32());
        Assert.Equal(200, (await SendAsync(steward, HttpMethod.Post, $"/api/v1/voices/comments/{id}/release", new { answer = "谢谢，坐标每年复核一次。" })).Status);
        var shown = (await SendAsync(anyone, HttpMethod.Get, $"{station}/comments")).Body;
        Assert.Equal(("谢谢，坐标每年复核一次。", 1), (shown.GetProperty("items")[0].GetProperty("answer").GetString(), shown.GetProperty("total").GetInt32()));
        Assert.DoesNotContain("citizen-a", shown.ToString(), StringComparison.Ordinal);
        var page = await anyone.GetStringAsync($"/data/{Pack}/station");
        Assert.Contains("<b>很准</b>", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>&#x5F88;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("citizen-a", page, StringComparison.Ordinal);
        Assert.Equal("voice-words", Code(await SendAsync(steward, HttpMethod.Post, $"/api/v1/voices/comments/{id}/withhold", new { })));
        Assert.Equal(200, (await SendAsync(steward, HttpMethod.Post, $"/api/v1/voices/comments/{id}/withhold", new { reason = "与数据无关" })).Status);
        Assert.Equal(0, (await SendAsync(anyone, HttpMethod.Get, $"{station}/comments")).Body.GetProperty("total").GetInt32());
        using var auditor = await platform.SignInAsync("auditor");
        var ledger = await auditor.GetStringAsync("/api/v1/ledger?take=200");
        foreach (var action in (string[])["voice.rated", "voice.rating-taken-back", "voice.commented", "voice.comment-answered", "voice.comment-withheld"])
            Assert.Contains(action, ledger, StringComparison.Ordinal);
        Assert.DoesNotContain("坐标", ledger, StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Data_that_is_not_open_is_asked_for_supported_and_answered_in_public(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var anyone = platform.Anonymous();
        using var one = await platform.SignInAsync("citizen-a");
        using var other = await platform.SignInAsync("citizen-b");
        const string all = "/api/v1/data-requests";
        Assert.Equal(401, (await SendAsync(anyone, HttpMethod.Post, all, new { title = "公共厕所", why = "出行" })).Status);
        Assert.Equal("voice-unit", Code(await SendAsync(one, HttpMethod.Post, all, new { title = "公共厕所", why = "出行", unit = "nobody" })));
        Assert.Equal("voice-words", Code(await SendAsync(one, HttpMethod.Post, all, new { title = "公共厕所" })));
        var steward = await platform.SignInAsync("steward-ecology");
        var unit = platform.Services.GetRequiredService<Trust.Jurisdiction>().Units.Named("省生态环境厅")!.Id;
        var (status, asked) = await SendAsync(one, HttpMethod.Post, all, new { title = "噪声监测 100%", why = "选房子时参考", unit });
        Assert.Equal((201, "asked", 1), (status, asked.GetProperty("state").GetString(), asked.GetProperty("supporters").GetInt32()));
        await SendAsync(other, HttpMethod.Post, all, new { title = "公交到站", why = "出行" });
        var id = asked.GetProperty("id").GetString();
        Assert.Equal("voice-own", Code(await SendAsync(one, HttpMethod.Put, $"{all}/{id}/support")));
        Assert.Equal(2, (await SendAsync(other, HttpMethod.Put, $"{all}/{id}/support")).Body.GetProperty("supporters").GetInt32());
        Assert.Equal(2, (await SendAsync(other, HttpMethod.Put, $"{all}/{id}/support")).Body.GetProperty("supporters").GetInt32());
        Assert.Equal(1, (await SendAsync(other, HttpMethod.Delete, $"{all}/{id}/support")).Body.GetProperty("supporters").GetInt32());
        await SendAsync(other, HttpMethod.Put, $"{all}/{id}/support");
        var list = (await SendAsync(anyone, HttpMethod.Get, $"{all}?sort=support")).Body;
        Assert.Equal(("噪声监测 100%", 2), (list.GetProperty("items")[0].GetProperty("title").GetString(), list.GetProperty("total").GetInt32()));
        Assert.Equal(1, (await SendAsync(anyone, HttpMethod.Get, $"{all}?q=100%25")).Body.GetProperty("total").GetInt32());
        Assert.DoesNotContain("citizen", list.ToString(), StringComparison.Ordinal);

        Assert.Equal(403, (await SendAsync(one, HttpMethod.Post, $"{all}/{id}/answer", new { state = "opened", reason = "好" })).Status);
        Assert.Equal("voice-state", Code(await SendAsync(steward, HttpMethod.Post, $"{all}/{id}/answer", new { state = "asked", reason = "好" })));
        Assert.Equal("voice-words", Code(await SendAsync(steward, HttpMethod.Post, $"{all}/{id}/answer", new { state = "declined" })));
        Assert.Equal("voice-dataset", Code(await SendAsync(steward, HttpMethod.Post, $"{all}/{id}/answer", new { state = "opened", reason = "好", dataset = "no/thing" })));
        var bus = (await SendAsync(anyone, HttpMethod.Get, $"{all}?q=公交")).Body.GetProperty("items")[0].GetProperty("id").GetString();
        Assert.Equal("voice-not-yours", Code(await SendAsync(steward, HttpMethod.Post, $"{all}/{bus}/answer", new { state = "considered", reason = "好" })));
        await SendAsync(steward, HttpMethod.Post, $"{all}/{id}/answer", new { state = "considered", reason = "正在核对" });
        var opened = (await SendAsync(steward, HttpMethod.Post, $"{all}/{id}/answer", new { state = "opened", reason = "已随站点数据开放", dataset = $"{Pack}/station" })).Body;
        Assert.Equal(("opened", $"{Pack}/station", unit), (opened.GetProperty("state").GetString(), opened.GetProperty("dataset").GetString(), opened.GetProperty("answeredUnit").GetString()));
        Assert.Equal("voice-over", Code(await SendAsync(other, HttpMethod.Delete, $"{all}/{id}/support")));
        using var bureau = await platform.SignInAsync("data-bureau");
        Assert.Equal(200, (await SendAsync(bureau, HttpMethod.Post, $"{all}/{bus}/answer", new { state = "withheld", reason = "含个人信息" })).Status);
        Assert.Equal((404, 200), ((await SendAsync(anyone, HttpMethod.Get, $"{all}/{bus}")).Status, (await SendAsync(other, HttpMethod.Get, $"{all}/{bus}")).Status));
        Assert.Equal(1, (await SendAsync(anyone, HttpMethod.Get, all)).Body.GetProperty("total").GetInt32());
        steward.Dispose();
    }

    [Fact]
    public async Task The_list_is_searched_narrowed_sorted_and_paged()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var anyone = platform.Anonymous();
        var all = await ReadAsync(anyone, "/data");
        Assert.Contains("空气质量日值", all, StringComparison.Ordinal);
        Assert.DoesNotContain("空气质量日值", await ReadAsync(anyone, "/data?q=公交"), StringComparison.Ordinal);
        Assert.Contains("/data-requests/new?title=", await ReadAsync(anyone, "/data?q=zzzzqqqq"), StringComparison.Ordinal);
        Assert.Contains("selected", await ReadAsync(anyone, "/data?provider=%E7%9C%81%E7%94%9F%E6%80%81%E7%8E%AF%E5%A2%83%E5%8E%85&open=conditional&sort=name"), StringComparison.Ordinal);
        foreach (var odd in (string[])["?skip=-5", "?skip=2000000000", "?sort=<b>", "?open='\"><script>", "?category=%00", "?format=csv&format=json"])
            Assert.True((int)(await anyone.GetAsync("/data" + odd)).StatusCode < 500, odd);
    }
}
