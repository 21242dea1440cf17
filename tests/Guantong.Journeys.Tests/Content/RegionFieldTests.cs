using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Fields for regions: offered as they stand in the jurisdiction, checked, kept as codes and read by name.</summary>
public sealed class RegionFieldTests
{
    private const string Fields = """{"county": {"type": "string", "title": "所在县区", "x-region": {"below": "330100"}}}""";

    private static Task<HttpResponseMessage> ApplyAsync(HttpClient http, string county) =>
        http.PostAsJsonAsync($"/api/v1/services/{Sheets.Pack}/air-report/applications", new { region = "330100", data = new { kind = "其他", place = "测试路", seen_on = "2026-11-01", county } });

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_region_is_one_of_those_offered(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        await Sheets.WithFieldsAsync(platform, Fields);
        using var http = await platform.SignInAsync(null);
        foreach (var wrong in (string[])["330502", "330000", "110101", "不详"])
        {
            var answer = await ApplyAsync(http, wrong);
            Assert.Equal(422, (int)answer.StatusCode);
            Assert.Contains("行政区划", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("county")[0].GetString(), StringComparison.Ordinal);
        }
        var number = (await ApplyAsync(http, "330106").JsonAsync()).Text("number")!;
        using var official = await platform.SignInAsync("worker-hangzhou");
        var data = JsonDocument.Parse((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").Text("data")!).RootElement;
        Assert.Equal("330106", data.GetProperty("county").GetString());
        var page = await http.GetStringAsync($"/services/{Sheets.Pack}/air-report/apply");
        Assert.Contains("<optgroup label=\"杭州市\">", System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("330502", page, StringComparison.Ordinal);
    }
}
