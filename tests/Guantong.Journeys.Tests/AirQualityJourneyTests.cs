using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>The real rows, from the files to the end of a case. The figures stand in tests/material/air-quality-check.py's output.</summary>
public sealed class AirQualityJourneyTests
{
    private const string Pack = "environment.air-quality";

    // Hours without a value of pm25, pm10, so2, no2, co, o3.
    private static readonly Dictionary<string, int[]> Holes = new()
    {
        ["Aotizhongxin"] = [925, 718, 935, 1023, 1776, 1719],
        ["Changping"] = [774, 582, 628, 667, 1521, 604],
        ["Dingling"] = [779, 656, 730, 1234, 2012, 1214],
        ["Guanyuan"] = [616, 429, 474, 659, 1753, 1173],
        ["Gucheng"] = [646, 381, 507, 668, 1401, 729],
        ["Nongzhanguan"] = [628, 440, 446, 692, 1206, 506],
        ["Shunyi"] = [913, 548, 1296, 1365, 2178, 1489],
        ["Wanshouxigong"] = [696, 484, 669, 754, 1297, 1078],
    };

    [Shows("gov-ecology", Lacks = "solid waste, soil, carbon")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_real_rows_give_the_known_figures_and_a_heavy_episode_is_handled_to_its_end(string store)
    {
        var material = Repository.NeedMaterial("air-quality");
        await using var platform = await RunningPlatform.StartAsync(store, jurisdiction: "beijing");
        await platform.LoadAsync("station", Path.Combine(Repository.Root, "packs/environment/air-quality/samples/stations-beijing.csv"));
        string[] files = Directory.GetFiles(material, "PRSA*.csv");
        var (summary, loop) = await platform.LoadAsync("air-hourly", files);
        Assert.Equal((280_512L, 280_512L, 0L), (summary.RowsIn, summary.RowsAdded, summary.RowsRejected));
        Assert.Equal(8 * 1461, loop.Derived);

        var (again, _) = await platform.LoadAsync("air-hourly", files);
        Assert.Equal((0L, 0L, 280_512L), (again.RowsAdded, again.RowsChanged, again.RowsSame));

        using var anyone = await platform.SignInAsync(null);
        await TheHolesAgree(anyone);
        await TheFiguresAgree(anyone);
        var caseId = await TheEpisodeFired(anyone);
        await TheCaseIsHandled(platform, caseId);
        Assert.Null((await platform.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
    }

    private static async Task TheHolesAgree(HttpClient http)
    {
        using var reader = new StreamReader(await http.GetStreamAsync($"/api/v1/datasets/{Pack}/air-hourly/rows.csv"));
        Assert.Equal("station,hour,pm25,pm10,so2,no2,co,o3", await reader.ReadLineAsync());
        var counted = new Dictionary<string, int[]>();
        while (await reader.ReadLineAsync() is { } line)
        {
            var cells = line.Split(',');
            if (!counted.TryGetValue(cells[0], out var holes))
                counted[cells[0]] = holes = new int[6];
            for (var i = 0; i < 6; i++)
                holes[i] += cells[i + 2].Length == 0 ? 1 : 0;
        }
        Assert.Equal(Holes.OrderBy(h => h.Key), counted.OrderBy(h => h.Key));
    }

    private static async Task TheFiguresAgree(HttpClient http)
    {
        var years = await http.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/good-day-rate/values?period=year&region=110000");
        var byYear = years.EnumerateArray().ToDictionary(v => v.GetProperty("at").GetString()![..4], v => v.GetProperty("value").GetDouble());
        Assert.Equal(45.9507, byYear["2014"], 4);
        Assert.Equal(51.5500, byYear["2015"], 4);
        Assert.Equal(53.4142, byYear["2016"], 4);
        foreach (var (station, day, aqi, main) in ((string, string, int, string)[])[("Gucheng", "2015-12-01", 500, "PM2.5"), ("Dingling", "2015-07-15", 54, "O3"), ("Aotizhongxin", "2014-05-29", 128, "O3"), ("Shunyi", "2016-10-01", 228, "PM2.5")])
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/air-daily/rows?station={station}&day={day}");
            var columns = page.GetProperty("columns").EnumerateArray().Select(c => c.GetString()).ToList();
            var row = Assert.Single(page.GetProperty("rows").EnumerateArray());
            Assert.Equal(aqi, row[columns.IndexOf("aqi")].GetInt32());
            Assert.Equal(main, row[columns.IndexOf("main_pollutant")].GetString());
        }
    }

    private static async Task<string> TheEpisodeFired(HttpClient http)
    {
        var page = await http.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?region=110000&take=500");
        var episode = Assert.Single(page.GetProperty("items").EnumerateArray(), w => w.GetProperty("firstDay").GetString() == "2015-11-27");
        Assert.Equal("2015-12-01", episode.GetProperty("lastDay").GetString());
        Assert.Equal("red", episode.GetProperty("level").GetString());
        Assert.Equal(474.0, episode.GetProperty("value").GetDouble(), 1);
        return episode.GetProperty("caseId").GetString()!;
    }

    private static async Task TheCaseIsHandled(RunningPlatform platform, string caseId)
    {
        using var ecology = await platform.SignInAsync("worker-ecology");
        using var weather = await platform.SignInAsync("worker-meteorology");
        using var traffic = await platform.SignInAsync("worker-transport");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await RunningPlatform.FinishAsync(ecology, caseId, "verify", new { level = "红色" }));
        Assert.Equal(HttpStatusCode.Forbidden, await RunningPlatform.FinishAsync(weather, caseId, "verify", new { respond = true, opinion = "同意启动" }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(ecology, caseId, "verify", new { respond = true, level = "红色", opinion = "同意启动" }));
        Assert.Equal(HttpStatusCode.Conflict, await RunningPlatform.FinishAsync(ecology, caseId, "verify", new { respond = true, opinion = "再来一次" }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(traffic, caseId, "traffic", new { measures = "高排放车辆限行", restricted = 1000 }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(weather, caseId, "diffusion", new { diffusion = "不利", relief_day = "2015-12-02" }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(ecology, caseId, "evaluate", new { lifted_on = "2015-12-02", effect = "有效", summary = "冷空气到达后解除" }));
        var file = await platform.EndedAsync(ecology, caseId);
        Assert.Equal("办结", file.GetProperty("case").GetProperty("outcome").GetString());
        var document = Assert.Single(file.GetProperty("documents").EnumerateArray());
        Assert.Contains("高排放车辆限行", document.GetProperty("markdown").GetString(), StringComparison.Ordinal);
        // What was filled in stays with the task, which can be erased.
        Assert.DoesNotContain("高排放车辆限行", await ecology.GetStringAsync($"/api/v1/cases/{caseId}/ledger"), StringComparison.Ordinal);
        var actions = (await ecology.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{caseId}/ledger")).EnumerateArray().Select(e => e.GetProperty("action").GetString()).ToList();
        Assert.Equal("case.opened", actions[0]);
        Assert.Equal("case.ended", actions[^1]);
        Assert.Equal(4, actions.Count(a => a == "task.done"));
    }
}
