using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>The closed loop when those who load go away, or are several.</summary>
public sealed class LoopTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_follows_from_rows_that_stand_follows_also_when_their_loader_has_gone_away(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        await platform.LoadAsync("station", Stations);
        var applied = platform.Services.GetRequiredService<PackRegistry>().Applied["environment.air-quality"];
        using var gone = new CancellationTokenSource();
        // The load tells of its last step, and nobody is there any more.
        await platform.Services.GetRequiredService<ClosedLoop>().LoadAsync(applied, applied.Pack.Dataset("air-hourly")!, [Hours(platform, 0)], Policy.Operator, new GoneAt("measure", gone), gone.Token);
        await EachEpisodeOnceAsync(platform, 1);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Loads_at_the_same_time_give_each_warning_and_its_case_once(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        await platform.LoadAsync("station", Stations);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => platform.LoadAsync("air-hourly", Hours(platform, i)))));
        await EachEpisodeOnceAsync(platform, 6);
    }

    private static string Stations => Path.Combine(Repository.Root, "packs/environment/air-quality/samples/station.csv");

    // Red on two days of a month, in one station: an episode of its city and one of the province.
    private static string Hours(RunningPlatform platform, int month)
    {
        var text = new StringBuilder("year,month,day,hour,PM2.5,PM10,SO2,NO2,CO,O3,station\n");
        for (var hour = 0; hour < 48; hour++)
            text.Append(CultureInfo.InvariantCulture, $"2025,{1 + month},{1 + hour / 24},{hour % 24},300,330,8,30,600,40,ZJ330502\n");
        var file = Path.Combine(platform.Folder, $"hours-{month}.csv");
        File.WriteAllText(file, text.ToString());
        return file;
    }

    private static async Task EachEpisodeOnceAsync(RunningPlatform platform, int episodes)
    {
        using var http = await platform.SignInAsync("auditor");
        var warnings = (await http.GetFromJsonAsync<JsonElement>("/api/v1/warnings?take=500")).GetProperty("items").EnumerateArray().Select(w => $"{w.GetProperty("region")} {w.GetProperty("firstDay")} {w.GetProperty("lastDay")}");
        Assert.Equal(
            from region in (string[])["330000", "330500"] from month in Enumerable.Range(1, episodes) select $"{region} 2025-0{month}-01 2025-0{month}-02",
            warnings.Order(StringComparer.Ordinal));
        var status = await http.GetFromJsonAsync<JsonElement>("/api/v1/status");
        Assert.Equal((2 * episodes, 0), (status.GetProperty("cases").GetInt32(), status.GetProperty("loadsUnseen").GetInt32()));
    }

    private sealed class GoneAt(string stage, CancellationTokenSource gone) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            if (value.Stage == stage)
                gone.Cancel();
        }
    }
}
