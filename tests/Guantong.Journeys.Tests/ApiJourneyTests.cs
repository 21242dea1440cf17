using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>The API as a program meets it.</summary>
public sealed class ApiJourneyTests
{
    private const string Pack = "environment.air-quality";

    [Fact]
    public async Task Every_operation_is_described_and_the_reference_can_be_browsed()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var http = await platform.SignInAsync(null);
        var openApi = await http.GetFromJsonAsync<JsonElement>("/api/v1/openapi.json");
        Assert.StartsWith("3.1", openApi.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var operations = openApi.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Where(o => o.Value.ValueKind == JsonValueKind.Object).Select(o => (Name: $"{o.Name} {p.Name}", o.Value))).ToList();
        Assert.True(operations.Count > 300, $"only {operations.Count} operations are described");
        Assert.All(operations, o => Assert.True(o.Value.TryGetProperty("summary", out var s) && s.GetString()!.Length > 3, o.Name));
        Assert.Contains("openapi.json", await http.GetStringAsync("/api/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/nothing", 404, "not-found")]
    [InlineData("/api/v1/datasets/environment.air-quality/nothing", 404, "not-found")]
    [InlineData("/api/v1/datasets/environment.air-quality/station/rows?take=100000", 400, "bad-page")]
    [InlineData("/api/v1/datasets/environment.air-quality/station/rows?skip=-1", 400, "bad-page")]
    [InlineData("/api/v1/datasets/environment.air-quality/station/rows?sort=nothing", 404, "not-found")]
    [InlineData("/api/v1/tasks", 401, "not-signed-in")]
    [InlineData("/api/v1/services/environment.air-quality/pollution-episode", 404, "not-found")]
    [InlineData("/api/v1/applications/330000-2026-000001?code=ABCDEFGHJK", 404, "not-found")]
    public async Task Errors_are_problems_in_the_caller_s_language(string path, int status, string code)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var http = await platform.SignInAsync(null);
        foreach (var (lang, isLatin) in (( string, bool)[])[("zh-CN", false), ("en", true)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptLanguage.ParseAdd(lang);
            using var response = await http.SendAsync(request);
            Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(code, problem.GetProperty("code").GetString());
            Assert.Equal(isLatin, problem.GetProperty("title").GetString()!.All(char.IsAscii));
            Assert.DoesNotContain("   at ", problem.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{"), InlineData("[]"), InlineData("\"x\""), InlineData("{\"region\": {}}"), InlineData("")]
    public async Task A_body_that_is_no_such_json_is_refused(string body)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var http = await platform.SignInAsync(null);
        using var response = await http.PostAsync($"/api/v1/services/{Pack}/air-report/applications", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_program_applies_for_a_service_and_an_official_answers(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var anyone = await platform.SignInAsync(null);
        var service = Assert.Single((await anyone.GetFromJsonAsync<JsonElement>("/api/v1/services")).EnumerateArray());
        Assert.Equal("air-report", service.GetProperty("id").GetString());
        var refused = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/air-report/applications", new { region = "110000", data = new { kind = "别的", place = "示" } });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var errors = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal(["kind", "place", "region", "seen_on"], errors.EnumerateObject().Select(e => e.Name).Order());

        var created = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/air-report/applications", new { region = "330500", data = new { kind = "露天焚烧", place = "示例村口", seen_on = "2026-11-20", stray = "dropped" } });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var receipt = await created.Content.ReadFromJsonAsync<JsonElement>();
        var (number, code) = (receipt.GetProperty("number").GetString()!, receipt.GetProperty("code").GetString()!);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"/api/v1/applications/{number}?code=WRONGCODE2")).StatusCode);
        Assert.Equal("open", (await LookAsync(anyone, number, code)).GetProperty("state").GetString());

        using var official = await platform.SignInAsync("worker-huzhou");
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(official, number, "inspect", new { confirmed = true, finding = "现场有焚烧痕迹" }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(official, number, "mend", new { action = "清理并教育", mended_on = "2026-11-22" }));
        var file = await platform.EndedAsync(official, number);
        Assert.DoesNotContain("stray", file.ToString(), StringComparison.Ordinal);
        var told = await LookAsync(anyone, number, code.ToLowerInvariant());
        Assert.Equal("已答复", told.GetProperty("outcome").GetString());
        Assert.Contains("清理并教育", Assert.Single(told.GetProperty("documents").EnumerateArray()).GetProperty("markdown").GetString(), StringComparison.Ordinal);
        // Who handled it is the office's affair.
        Assert.DoesNotContain("worker-huzhou", told.ToString(), StringComparison.Ordinal);
    }

    private static Task<JsonElement> LookAsync(HttpClient http, string number, string code) => http.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{number}?code={code}");

    [Fact]
    public async Task Lists_are_paged_filtered_and_found_by_words()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        using var anyone = await platform.SignInAsync(null);
        var page = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/air-daily/rows?station=ZJ330102&sort=day&descending=true&skip=2&take=3");
        Assert.Equal((12, 3), (page.GetProperty("total").GetInt32(), page.GetProperty("rows").GetArrayLength()));
        Assert.Equal("2026-10-29", page.GetProperty("rows")[0][1].GetString());
        var found = await anyone.GetFromJsonAsync<JsonElement>("/api/v1/search?q=AQI");
        Assert.Contains(found.GetProperty("datasets").EnumerateArray(), d => d.GetProperty("id").GetString() == "air-daily");
        Assert.Equal(0, (await anyone.GetFromJsonAsync<JsonElement>("/api/v1/search?q=%27%20OR%201%3D1")).GetProperty("datasets").GetArrayLength());
        using var official = await platform.SignInAsync("worker-huzhou");
        var tasks = await official.GetFromJsonAsync<JsonElement>("/api/v1/tasks?q=%25");
        Assert.Equal(0, tasks.GetProperty("total").GetInt32());
        Assert.Equal(HttpStatusCode.NoContent, (await official.DeleteAsync("/api/v1/session")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await official.GetAsync("/api/v1/tasks")).StatusCode);
    }
}
