using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Before a change of a pack is made, it is told what of all that is in force rests on what changes.</summary>
public sealed class ImpactTests
{
    private const string Feed = "from: push\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}";

    private static async Task<string> TouchedAsync(HttpClient http, Func<string, string> change)
    {
        var files = GaugePack.Files(Feed);
        files["datasets/level.yaml"] = change(files["datasets/level.yaml"]);
        using var answer = await http.PostAsJsonAsync("/api/v1/packs/plan", new { root = "water-level", texts = files });
        return string.Join(' ', (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("touches").EnumerateArray().Select(t => $"{t.GetProperty("kind").GetString()}:{t.GetProperty("id").GetString()}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_plan_names_what_rests_on_the_fields_that_change_and_nothing_else()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await GaugePack.ApplyAsync(platform, Feed);
        using var http = await platform.SignInAsync("designer");
        Assert.Equal("goal:low-water indicator:mean-level service:level", await TouchedAsync(http, y => y.Replace("[-10, 100]", "[-10, 50]", StringComparison.Ordinal)));
        Assert.Equal("service:level", await TouchedAsync(http, y => y.Replace("name: 备注", "name: 附注", StringComparison.Ordinal)));
        Assert.Equal("", await TouchedAsync(http, y => y));
    }
}
