using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Indicators over the API: what they are, figures by period and dimension, against last year and their region's target, as they were known, and the rows behind them.</summary>
public sealed class IndicatorTests
{
    private const string Api = $"/api/v1/indicators/{WorksPack.Id}";

    private static readonly string[] Rows = ["a,330106,2024-02-03,coal,8,true", "a,330106,2025-01-05,coal,10,true", "b,330502,2025-01-06,gas,4,false", "a,330106,2025-02-07,gas,6,true", "b,330502,2025-02-08,coal,20,false"];

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_figure_is_told_with_what_it_is_compared_with_and_what_it_comes_from(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock { Now = new DateTimeOffset(2026, 3, 1, 4, 0, 0, TimeSpan.Zero) });
        await WorksPack.ApplyAsync(platform);
        await WorksPack.ReportAsync(platform, Rows);
        using var anyone = await platform.SignInAsync(null);

        var definition = await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output?region=330100");
        Assert.Equal(("sum(made)", "P30D", ">= 20"), (definition.GetProperty("value").GetString(), definition.GetProperty("final").GetString(), definition.GetProperty("targets").GetProperty("2025").GetString()));
        var light = definition.GetProperty("light");
        Assert.Equal(("unmet", 16.0), (light.GetProperty("state").GetString(), light.GetProperty("figure").GetProperty("value").GetDouble()));
        var note = definition.GetProperty("note").GetProperty("datasets")[0];
        Assert.Equal(("report", 100.0), (note.GetProperty("dataset").GetString(), note.GetProperty("score").GetDouble()));

        var compared = await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/compared?period=month&region=330000&at=2025-02-01");
        Assert.Equal((26.0, 14.0, 8.0, 225.0), (compared.GetProperty("figure").GetProperty("value").GetDouble(), compared.GetProperty("before").GetProperty("value").GetDouble(), compared.GetProperty("lastYear").GetProperty("value").GetDouble(), compared.GetProperty("toLastYear").GetDouble()));
        Assert.Equal(40.0, (await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/compared?period=year-to-date&at=2025-02-01")).GetProperty("figure").GetProperty("value").GetDouble());
        using var none = await anyone.GetAsync($"{Api}/output/compared?period=month&at=2020-01-01");
        Assert.Equal((HttpStatusCode.NotFound, "no-figure"), (none.StatusCode, (await none.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));

        var byKind = await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/values?period=year&region=330000&from=2025-01-01&dimension=kind");
        Assert.Equal([("coal", 30.0), ("gas", 10.0)], byKind.EnumerateArray().Select(f => (f.GetProperty("member").GetString()!, f.GetProperty("value").GetDouble())));
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"{Api}/output/values?period=year&dimension=work")).StatusCode);

        var rows = await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/rows?period=month&at=2025-02-01&region=330000&take=1");
        Assert.Equal((2, "a"), (rows.GetProperty("total").GetInt32(), rows.GetProperty("rows")[0][0].GetString()));
        Assert.Equal(1, (await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/rows?period=year-to-date&at=2025-02-01&region=330000&dimension=kind&member=gas&skip=1")).GetProperty("rows").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"{Api}/output/rows?period=hour&at=2025-02-01&region=330000")).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_was_final_and_changed_is_revised_and_can_be_had_as_it_was_known(string store)
    {
        var clock = new StandingClock { Now = new DateTimeOffset(2025, 3, 15, 4, 0, 0, TimeSpan.Zero) };
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await WorksPack.ApplyAsync(platform);
        await WorksPack.ReportAsync(platform, Rows);
        using var anyone = platform.Anonymous();
        async Task<(double Value, bool IsFinal)> MonthAsync(string at, string more = "") => (await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/values?period=month&region=330000&from={at}&to={at}{more}"))[0] is var f ? (f.GetProperty("value").GetDouble(), f.GetProperty("isFinal").GetBoolean()) : default;
        Assert.Equal((14.0, true), await MonthAsync("2025-01-01"));
        Assert.Equal((26.0, false), await MonthAsync("2025-02-01"));
        clock.Now += TimeSpan.FromHours(2);
        await WorksPack.ReportAsync(platform, "a,330106,2025-01-05,coal,12,true", "a,330106,2025-02-07,gas,7,true");
        Assert.Equal((16.0, true), await MonthAsync("2025-01-01"));
        Assert.Equal((14.0, true), await MonthAsync("2025-01-01", "&known=2025-03-15T05:00:00Z"));
        var revised = Assert.Single((await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/revisions?period=month&region=330000")).EnumerateArray(), r => r.GetProperty("dimension").GetString()!.Length == 0);
        Assert.Equal(("2025-01-01", 14.0, 16.0), (revised.GetProperty("at").GetString(), revised.GetProperty("value").GetDouble(), revised.GetProperty("became").GetDouble()));
        Assert.False(revised.GetProperty("isProvisional").GetBoolean());

        // A provisional figure is told as it was on an earlier day, and of its own day as it was at the end.
        Assert.Equal((27.0, false), await MonthAsync("2025-02-01"));
        clock.Now += TimeSpan.FromDays(1);
        await WorksPack.ReportAsync(platform, "a,330106,2025-02-07,gas,9,true");
        Assert.Equal((29.0, false), await MonthAsync("2025-02-01"));
        Assert.Equal((27.0, false), await MonthAsync("2025-02-01", "&known=2025-03-15T05:00:00Z"));
        var changed = Assert.Single((await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/revisions?period=month&region=330000&at=2025-02-01")).EnumerateArray(), r => r.GetProperty("dimension").GetString()!.Length == 0);
        Assert.Equal((27.0, 29.0, true), (changed.GetProperty("value").GetDouble(), changed.GetProperty("became").GetDouble(), changed.GetProperty("isProvisional").GetBoolean()));

        // What a figure is compared with, its light and its changes are of that time too.
        const string then = "known=2025-03-15T05:00:00Z";
        var compared = await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/compared?period=month&region=330000&at=2025-02-01&{then}");
        Assert.Equal((27.0, 14.0), (compared.GetProperty("figure").GetProperty("value").GetDouble(), compared.GetProperty("before").GetProperty("value").GetDouble()));
        Assert.Equal(0, (await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/revisions?period=month&region=330000&{then}")).GetArrayLength());
        async Task<double> LightAsync(string query) => (await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output?region=330100&{query}")).GetProperty("light").GetProperty("figure").GetProperty("value").GetDouble();
        Assert.Equal((19.0, 21.0), (await LightAsync(then), await LightAsync("")));

        // Long afterwards one value a month is kept, its last; what was final is not touched, and the ledger says so.
        clock.Now = new DateTimeOffset(2025, 7, 5, 4, 0, 0, TimeSpan.Zero);
        Assert.True(await platform.Services.GetRequiredService<Forgetting>().RunAsync() > 0);
        Assert.Equal((29.0, false), await MonthAsync("2025-02-01", "&" + then));
        Assert.Equal((14.0, true), await MonthAsync("2025-01-01", "&" + then));
        var thinned = await platform.Services.GetRequiredService<Store>().ReadAsync(async c => (await c.QueryAsync<string>("SELECT about FROM ledger WHERE action = 'figures.thinned'")).AsList());
        Assert.Single(thinned, t => t == $"indicator:{WorksPack.Id}/output");
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_changed_declaration_is_computed_for_all_time_and_stewards_may_compute_anew(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        await WorksPack.ApplyAsync(platform);
        await WorksPack.ReportAsync(platform, Rows);
        using var anyone = platform.Anonymous();
        using var worker = await platform.SignInAsync("worker-ecology");
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PostAsync($"{Api}/output/recompute", null)).StatusCode);
        using var steward = await platform.SignInAsync("steward");
        using var again = await steward.PostAsync($"{Api}/output/recompute", null);
        Assert.True((await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("written").GetInt64() > 0);

        var files = WorksPack.Files();
        files["indicators.yaml"] = files["indicators.yaml"].Replace("\"sum(made)\"", "\"sum(made) * 1000\"", StringComparison.Ordinal);
        await platform.ApplyAsync(new PackFiles("works", files));
        await platform.Services.GetRequiredService<ClosedLoop>().CatchUpAsync();
        Assert.Equal(14_000.0, (await anyone.GetFromJsonAsync<JsonElement>($"{Api}/output/values?period=month&region=330000&from=2025-01-01&to=2025-01-01"))[0].GetProperty("value").GetDouble());
    }
}
