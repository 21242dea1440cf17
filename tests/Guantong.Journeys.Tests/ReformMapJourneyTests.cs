using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>The reform's own map: the plan's rows, and a figure that is reported, verified and then counts.</summary>
public sealed class ReformMapJourneyTests
{
    private const string Pack = "reform.map";

    [Shows("mech-race", Lacks = "comparison of units with appeal")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_reported_figure_is_sent_back_once_verified_and_lights_its_goal(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, samples: true);
        using var data = await platform.SignInAsync("steward");
        using var reform = await platform.SignInAsync("worker-reform");
        var created = await data.PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter = "progress-report" });
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(data, id, "submit", Report(98)));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(reform, id, "review", new { accepted = false, opinion = "请附来源编号" }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(data, id, "submit", Report(99.2)));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(reform, id, "review", new { accepted = true, opinion = "核对无误" }));
        await platform.EndedAsync(data, id);

        // The figure follows the case by itself; reading again waits for it.
        var light = await LightAsync(data);
        for (var i = 0; i < 400 && light.GetProperty("figure").ValueKind == JsonValueKind.Null; i++)
            light = await LightAsync(data);
        Assert.Equal((99.2, "met"), (light.GetProperty("figure").GetProperty("value").GetDouble(), light.GetProperty("state").GetString()));
        var loads = (await data.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/measure")).GetProperty("status").GetProperty("loads");
        Assert.StartsWith("case:330000-", Assert.Single(loads.EnumerateArray()).GetProperty("file").GetString(), StringComparison.Ordinal);
    }

    private static object Report(double value) => new { indicator = "sharing-met", region = "330000", day = "2022-12-31", value, source = "演示统计表 1" };

    private static async Task<JsonElement> LightAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>("/api/v1/indicators")).EnumerateArray().First(i => i.GetProperty("id").GetString() == "sharing-met").GetProperty("light");

    [Shows("mech-lists", Lacks = "lists with owner and date that are pushed by week and month")]
    [Fact]
    public async Task The_plan_s_systems_and_targets_stand_and_none_has_an_invented_figure()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        using var anyone = await platform.SignInAsync(null);
        var systems = (await anyone.GetFromJsonAsync<JsonElement>("/api/v1/systems")).EnumerateArray().ToList();
        var named = File.ReadLines(Path.Combine(Repository.Root, "packs/reform/map/samples/system.csv")).Count() - 1;
        Assert.Equal((114, named), (systems.Count, systems.Count));
        Assert.Equal("running", systems.First(s => s.GetProperty("id").GetString() == "gov-ecology").GetProperty("state").GetString());
        Assert.Equal(1, systems.Count(s => s.GetProperty("state").GetString() == "running"));
        var indicators = (await anyone.GetFromJsonAsync<JsonElement>("/api/v1/indicators")).EnumerateArray().Where(i => i.GetProperty("pack").GetString() == Pack).ToList();
        Assert.Equal(40, indicators.Count);
        Assert.All(indicators, i => Assert.Equal("none", i.GetProperty("light").GetProperty("state").GetString()));
        Assert.Equal(60, (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/target/rows?take=1")).GetProperty("total").GetInt32());
    }
}
