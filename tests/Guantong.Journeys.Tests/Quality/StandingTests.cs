using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>How units and regions stand with their data, for every official to see.</summary>
public sealed class StandingTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Shows("plat-governance")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_unit_stands_by_its_own_rows_its_tickets_and_the_time_it_takes(string store)
    {
        await using var water = await WaterPlatform.StartAsync(store, standing: true);
        await water.LoadAsync("h1,330100,500,甲", "h2,330100,7,乙", "z1,330500,3,丙");
        async Task<Dictionary<string, JsonElement>> LinesAsync(string query = "")
        {
            using var official = await water.Platform.SignInAsync("worker-huzhou");
            return (await official.GetFromJsonAsync<JsonElement>($"/api/v1/quality/standing{query}", Stop)).EnumerateArray().ToDictionary(l => l.Text("id")!, l => l.Clone());
        }
        var lines = await LinesAsync();
        // Of three errors' weight, one warning's and three more for time, Hangzhou keeps half of the first and all of the rest.
        Assert.Equal((78.57, 1, 0), (lines["zj-ecology-330100"].GetProperty("score").GetDouble(), lines["zj-ecology-330100"].GetProperty("open").GetInt32(), lines["zj-ecology-330100"].GetProperty("overdue").GetInt32()));
        Assert.Equal((100.0, 0), (lines["zj-ecology-330500"].GetProperty("score").GetDouble(), lines["zj-ecology-330500"].GetProperty("open").GetInt32()));
        Assert.Equal(["zj-ecology-330500", "zj-ecology-330100"], lines.Keys);
        Assert.Equal(["zj-ecology-330100"], (await LinesAsync("?region=330100")).Keys);
        Assert.Equal(["330500", "330000", "330100"], (await LinesAsync("?by=region")).Keys);

        // Ninety-six hours later the rows come that mend it: too late for its three days.
        water.Clock!.Now += TimeSpan.FromHours(96);
        await water.Platform.Services.GetRequiredService<TicketFollowing>().WatchAsync(Stop);
        Assert.Equal(1, (await LinesAsync())["zj-ecology-330100"].GetProperty("overdue").GetInt32());
        await water.LoadAsync("h1,330100,5,甲", "z1,330500,3,丙");
        var mended = (await LinesAsync())["zj-ecology-330100"];
        Assert.Equal((100.0, 0, 96.0, 0.0), (mended.GetProperty("score").GetDouble(), mended.GetProperty("open").GetInt32(), mended.GetProperty("mendHours").GetDouble(), mended.GetProperty("inTime").GetDouble()));
        Assert.Equal(JsonValueKind.Null, mended.GetProperty("change").ValueKind);
        water.Clock.Now += TimeSpan.FromDays(6);
        Assert.Equal(21.43, (await LinesAsync("?sort=change"))["zj-ecology-330100"].GetProperty("change").GetDouble());
    }

    [Fact]
    public async Task It_is_taken_away_as_CSV_and_shut_to_whoever_is_no_official()
    {
        await using var water = await WaterPlatform.StartAsync("sqlite");
        await water.LoadAsync("h1,330100,500,甲");
        using var official = await water.Platform.SignInAsync("leader");
        var csv = (await official.GetStringAsync("/api/v1/quality/standing.csv", Stop)).TrimStart('\uFEFF').TrimEnd().Split("\r\n");
        Assert.StartsWith("编号,名称,区划,", csv[0], StringComparison.Ordinal);
        Assert.Contains(csv, l => l.StartsWith("zj-ecology-330100,杭州市生态环境局,330100,1,", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, (await official.GetAsync("/api/v1/quality/standing?sort=height", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await official.GetAsync("/api/v1/quality/standing?by=person", Stop)).StatusCode);
        using var citizen = await water.Platform.SignInAsync("citizen-a");
        Assert.Equal(HttpStatusCode.Forbidden, (await citizen.GetAsync("/api/v1/quality/standing", Stop)).StatusCode);
    }
}
