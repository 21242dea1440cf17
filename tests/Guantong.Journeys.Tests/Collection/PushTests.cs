using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A unit sends its rows by itself; another cannot.</summary>
public sealed class PushTests
{
    private static readonly string Path = $"/api/v1/datasets/{GaugePack.Id}/level/rows";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_are_put_in_changed_rejected_by_number_taken_out_and_read_as_they_were(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        await GaugePack.ApplyAsync(platform, "from: push\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}");
        using var http = await platform.SignInAsync("duty");
        var answer = await SendAsync(http, HttpMethod.Post, new[] { Row("A", 1), Row("B", 2), Row("C", 9999), Row("A", 1) });
        Assert.Equal((4, 2, 1), (answer.GetProperty("in").GetInt32(), answer.GetProperty("added").GetInt32(), answer.GetProperty("same").GetInt32()));
        var reject = Assert.Single(answer.GetProperty("rejected").EnumerateArray());
        Assert.Equal((3, "level"), (reject.GetProperty("row").GetInt32(), reject.GetProperty("field").GetString()));
        var first = await LastLoadAsync(http);

        await SendAsync(http, HttpMethod.Post, new[] { Row("A", 5) }, "?position=7");
        Assert.True((await SendAsync(http, HttpMethod.Post, new[] { Row("A", 6) }, "?position=7")).GetProperty("known").GetBoolean());
        Assert.Equal(1, (await SendAsync(http, HttpMethod.Delete, new[] { new { gauge = "B", at = "2026-03-01 08:00" } })).GetProperty("removed").GetInt32());
        Assert.Equal(["A 5"], await RowsAsync(http, ""));
        Assert.Equal(["A 1", "B 2"], await RowsAsync(http, $"&as-of={first}"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"{Path}?as-of=987654")).StatusCode);
        // The same content may come again after another: it is the newest that stands.
        await SendAsync(http, HttpMethod.Post, new[] { Row("A", 1) });
        Assert.Equal(["A 1"], await RowsAsync(http, ""));
    }

    [Fact]
    public async Task What_is_no_row_is_refused_and_changes_nothing()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await GaugePack.ApplyAsync(platform, "from: push\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}");
        using var http = await platform.SignInAsync("duty");
        foreach (var (body, code) in ((object, string)[])[(Array.Empty<object>(), "json-empty"), (new { gauge = "A" }, "json-no-list"), (new object[] { Row("A", 1), 7 }, "json-no-record"), (new object[] { Row("A", 1), new { gauge = "A", surprise = 1 } }, "push-unknown"), (new object[] { new { gauge = "A" } }, "json-member-missing")])
        {
            using var answer = await http.PostAsJsonAsync(Path, body);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, code), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        }
        Assert.Empty(await RowsAsync(http, ""));
        using var other = await platform.SignInAsync("worker-hangzhou");
        Assert.Equal(HttpStatusCode.Forbidden, (await other.PostAsJsonAsync(Path, new[] { Row("A", 1) })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsJsonAsync("/api/v1/datasets/environment.air-quality/air-hourly/rows", new[] { Row("A", 1) })).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Former_rows_are_forgotten_when_their_time_is_over_and_the_ledger_says_so(string store)
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await GaugePack.ApplyAsync(platform, "from: push\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}");
        long first;
        using (var http = await platform.SignInAsync("duty"))
        {
            await SendAsync(http, HttpMethod.Post, new[] { Row("A", 1) });
            first = await LastLoadAsync(http);
            await SendAsync(http, HttpMethod.Post, new[] { Row("A", 2) });
        }
        var forgetting = platform.Services.GetRequiredService<Forgetting>();
        Assert.Equal(0, await forgetting.RunAsync());
        clock.Now += TimeSpan.FromDays(31);
        Assert.Equal(1, await forgetting.RunAsync());
        using var later = await platform.SignInAsync("duty");
        Assert.Equal(HttpStatusCode.Gone, (await later.GetAsync($"{Path}?as-of={first}")).StatusCode);
        Assert.Equal(["A 2"], await RowsAsync(later, ""));
        using var auditor = await platform.SignInAsync("auditor");
        Assert.Contains("rows.forgotten", await auditor.GetStringAsync("/api/v1/ledger?take=200"), StringComparison.Ordinal);
    }

    private static object Row(string gauge, double level) => new { gauge, at = "2026-03-01 08:00", region = "330102", level, note = (string?)null };

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, object rows, string query = "")
    {
        using var request = new HttpRequestMessage(method, Path + query) { Content = JsonContent.Create(rows) };
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<long> LastLoadAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{GaugePack.Id}/level")).GetProperty("status").GetProperty("loads")[0].GetProperty("id").GetInt64();

    private static async Task<List<string>> RowsAsync(HttpClient http, string query) =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"{Path}?take=100{query}")).GetProperty("rows").EnumerateArray().Select(r => $"{r[0]} {r[3]}").Order(StringComparer.Ordinal)];
}
