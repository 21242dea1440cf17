using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What the tests of yield per mu share: the pack in force, officials of Xiaoshan, beside the demonstration's, and the enterprises that docs/per-mu.md tells of, with their figures of 2025.</summary>
internal static class PerMu
{
    public const string Pack = "economy.per-mu", Xiaoshan = "330109";
    public const string Economy = "worker-xiaoshan-economy", Colleague = "worker-xiaoshan-economy-b", Land = "worker-xiaoshan-land", Tax = "worker-xiaoshan-tax", Elsewhere = "economy-yuhang";

    private static readonly Person[] People =
    [
        Official(Elsewhere, "zj-economy-it-330110"),
        Official("output-xiaoshan", "zj-statistics-330109"), Official("ecology-xiaoshan", "zj-ecology-330109"), Official("energy-xiaoshan", "zj-development-reform-330109"),
    ];

    /// <summary>The folder of the pack.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "packs/economy/per-mu");

    /// <summary>The codes of the enterprises that are told of, in the order of tools/land/permu.py: B, D by a veto, B by grace, D, not evaluated for its size, exempt, A, B below the designated size.</summary>
    public static IReadOnlyList<string> Told { get; } = [.. File.ReadLines(Path.Combine(Folder, "samples/enterprise.csv")).Skip(1).Take(8).Select(l => l.Split(',')[0])];

    private static Person Official(string login, string unit) => new(login, "演示·" + login, "Demo " + login, "official", unit, unit[^6..], ["case-worker"]);

    /// <summary>Starts a platform with the pack in force.</summary>
    /// <param name="clock">Where it is given, nothing runs in the background.</param>
    public static async Task<RunningPlatform> StartAsync(string store, TimeProvider? clock)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        return platform;
    }

    /// <summary>Loads all sample rows of the pack.</summary>
    public static Task SamplesAsync(RunningPlatform platform) =>
        platform.Services.GetRequiredService<ClosedLoop>().LoadSamplesAsync(platform.Services.GetRequiredService<PackRegistry>().Find(Pack)!, Folder, TestContext.Current.CancellationToken);

    /// <summary>Starts one with the rows of the told enterprises of 2025.</summary>
    /// <param name="published">Whether their county has published its evaluation.</param>
    public static async Task<RunningPlatform> ToldAsync(string store, TimeProvider? clock, bool published)
    {
        var platform = await StartAsync(store, clock);
        var codes = Told.ToHashSet();
        await LoadAsync(platform, "platform", c => c[3] == Xiaoshan);
        await LoadAsync(platform, "industry-standard", c => c[2] == "2025");
        await LoadAsync(platform, "local-rule", c => c[1] == "2025");
        await LoadAsync(platform, "enterprise", c => codes.Contains(c[0]));
        await LoadAsync(platform, "parcel", c => codes.Contains(c[1]));
        foreach (var yearly in (string[])["output-year", "energy-year", "discharge-year", "bonus"])
            await LoadAsync(platform, yearly, c => codes.Contains(c[0]) && c[1] == "2025");
        await LoadAsync(platform, "violation", c => codes.Contains(c[1]));
        if (published)
            await platform.LoadLinesAsync(Pack, "publication", "region,year,stage,day,number", $"{Xiaoshan},2025,公布,2026-06-20,演示");
        // Last, so that what rests on all of them is reckoned once with rows.
        await LoadAsync(platform, "tax-year", c => codes.Contains(c[0]) && c[1] == "2025");
        return platform;
    }

    /// <summary>Loads those of a dataset's sample rows that are wanted.</summary>
    // None of the samples quotes a value.
    public static Task LoadAsync(RunningPlatform platform, string dataset, Func<string[], bool> wanted)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, $"samples/{dataset}.csv"));
        return platform.LoadLinesAsync(Pack, dataset, lines.Skip(1).Where(l => wanted(l.Split(','))).Prepend(lines[0]));
    }

    /// <summary>What follows from rows that cases recorded: derived datasets, figures, warnings.</summary>
    public static Task FollowAsync(RunningPlatform platform) => platform.Services.GetRequiredService<ClosedLoop>().CatchUpAsync(TestContext.Current.CancellationToken);

    /// <summary>Rows of one of the pack's datasets as a reader sees them.</summary>
    public static async Task<List<Dictionary<string, JsonElement>>> RowsAsync(HttpClient who, string dataset, string query = "")
    {
        var page = await who.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/{dataset}/rows?take=200&{query}");
        var columns = page.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).ToList();
        return [.. page.GetProperty("rows").EnumerateArray().Select(r => columns.Zip(r.EnumerateArray()).ToDictionary(p => p.First, p => p.Second))];
    }

    /// <summary>An enterprise's class and score of 2025.</summary>
    public static async Task<(string Class, double? Score)> JudgedAsync(HttpClient who, string code, int year = 2025)
    {
        var row = Assert.Single(await RowsAsync(who, "evaluation", $"enterprise={code}&year={year}"));
        return (row["class"].GetString()!, row["score"].ValueKind == JsonValueKind.Null ? null : row["score"].GetDouble());
    }

    /// <summary>Opens a case that officials open; gives its id.</summary>
    public static async Task<string> OpenAsync(HttpClient official, string matter) =>
        (await official.PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter }).JsonAsync()).GetProperty("id").GetString()!;

    /// <summary>Its tasks by their nodes, in the order of names.</summary>
    public static async Task<string> TasksAsync(HttpClient official, string id) =>
        string.Join(' ', (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().Select(t => $"{t.Text("node")}:{t.Text("state")}").Order(StringComparer.Ordinal));

    /// <summary>The appeal of an enterprise; gives number and code.</summary>
    public static async Task<(string Number, string Code)> AppealAsync(HttpClient anyone, string enterprise, string item, double claimed, string grounds = "合成：自有用地中有十亩租给了别的企业")
    {
        var data = new { enterprise, party_name = "演示企业00001", year = 2025, item, claimed, grounds };
        var receipt = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/class-appeal/applications", new { region = Xiaoshan, data }).JsonAsync();
        return (receipt.Text("number")!, receipt.Text("code")!);
    }
}
