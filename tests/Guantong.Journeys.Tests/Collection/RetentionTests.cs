using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Rows whose retention is over are erased, wherever they stood; what was computed from them stands; the ledger proves it.</summary>
public sealed class RetentionTests
{
    private const string Feed = "from: csv\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}";

    private static Task LoadAsync(RunningPlatform platform, params string[] rows) => platform.LoadLinesAsync(GaugePack.Id, "level", ["gauge,at,region,level,note", .. rows]);

    private static async Task<string> RowsAsync(HttpClient http, string query = "") =>
        string.Join(' ', (await http.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{GaugePack.Id}/level/rows?take=100{query}")).GetProperty("rows").EnumerateArray().Select(r => $"{r[0]}={r[3]}").Order(StringComparer.Ordinal));

    private static async Task<string> FiguresAsync(HttpClient http) =>
        string.Join(' ', (await http.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{GaugePack.Id}/mean-level/values?period=day&region=330100")).EnumerateArray().Select(f => $"{f.GetProperty("at").GetString()}={f.GetProperty("value")}"));

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_are_erased_when_their_retention_is_over_and_figures_of_theirs_stand(string store)
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await GaugePack.ApplyAsync(platform, Feed);
        var year = clock.Now.Year - 10;
        // The first is corrected, so that its former value stands aside too; of the third a value is refused.
        await LoadAsync(platform, $"A,{year}-01-01 08:00,330102,1,");
        await LoadAsync(platform, $"A,{year}-01-01 08:00,330102,2,", $"B,{clock.Now:yyyy-MM-dd} 08:00,330102,5,", $"C,{clock.Now:yyyy-MM-dd} 08:00,330102,5000,");
        using var http = await platform.SignInAsync("duty");
        Assert.Equal("A=2 B=5", await RowsAsync(http));
        var figures = await FiguresAsync(http);
        Assert.Contains($"{year}-01-01=2", figures, StringComparison.Ordinal);

        var forgetting = platform.Services.GetRequiredService<Forgetting>();
        Assert.Equal(2, await forgetting.RunAsync());
        Assert.Equal("B=5", await RowsAsync(http));
        Assert.Equal(1, platform.Services.GetRequiredService<Warehouse>().RowCount(GaugePack.Id, "level"));
        Assert.Equal(figures, await FiguresAsync(http));
        Assert.Equal(0, await forgetting.RunAsync());

        // What comes later moves the figures of its own time alone.
        await LoadAsync(platform, $"D,{clock.Now:yyyy-MM-dd} 09:00,330102,7,");
        Assert.Equal(figures.Replace("=5", "=6", StringComparison.Ordinal), await FiguresAsync(http));
        using var auditor = await platform.SignInAsync("auditor");
        var entry = Assert.Single((await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger?action=rows.erased&take=10")).GetProperty("items").EnumerateArray());
        Assert.Contains("\"rows\":2", entry.ToString().Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"left\":1", entry.ToString().Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
