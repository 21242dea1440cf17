using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What the journeys of packs have in common: their officials, what those do and see, and the samples that a pack brings.</summary>
internal static class PackPlay
{
    public static Person Official(string login, string unit) => new(login, "演示·" + login, "Demo " + login, "official", unit, unit[^6..], ["case-worker"]);

    /// <summary>Somebody does the open task of a case at a node. What is done one after the other is told apart by its time: of two tasks at one node the later one is meant.</summary>
    public static async Task DoAsync(RunningPlatform platform, HttpClient who, string id, string node, object given)
    {
        ((StandingClock)platform.Services.GetRequiredService<TimeProvider>()).Now += TimeSpan.FromSeconds(1);
        Assert.Equal((node, HttpStatusCode.NoContent), (node, await RunningPlatform.FinishAsync(who, id, node, given)));
        await platform.RunJobsAsync();
    }

    /// <summary>The same, signed in anew: nobody stays so for days.</summary>
    public static async Task DoAsync(RunningPlatform platform, string login, string id, string node, object given)
    {
        using var who = await platform.SignInAsync(login);
        await DoAsync(platform, who, id, node, given);
    }

    /// <summary>Answers an application: accept, supplement, reject.</summary>
    public static async Task AnswerAsync(RunningPlatform platform, string login, string number, string answer, object given)
    {
        using var who = await platform.SignInAsync(login);
        Assert.Equal("204", await who.PostAsJsonAsync($"/api/v1/cases/{number}/acceptance/{answer}", given).ToldAsync());
        await platform.RunJobsAsync();
    }

    public static Task<JsonElement> FileAsync(HttpClient who, string id) => who.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");

    public static async Task<JsonElement> FileAsync(RunningPlatform platform, string login, string id)
    {
        using var who = await platform.SignInAsync(login);
        return await FileAsync(who, id);
    }

    /// <summary>The nodes of a case's open tasks, in alphabetical order.</summary>
    public static string Open(JsonElement file) => string.Join(' ', file.GetProperty("tasks").EnumerateArray().Where(t => t.Text("state") == "open").Select(t => t.Text("node")).Order(StringComparer.Ordinal));

    /// <summary>The last document of that name; what people typed is escaped in it.</summary>
    public static string Document(JsonElement file, string name) => file.GetProperty("documents").EnumerateArray().Last(d => d.Text("name") == name).Text("markdown")!.Replace("\\", "", StringComparison.Ordinal);

    public static async Task<List<Dictionary<string, JsonElement>>> RowsAsync(HttpClient who, string pack, string dataset, string query = "")
    {
        var page = await who.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{pack}/{dataset}/rows?take=200&{query}");
        var columns = page.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).ToList();
        return [.. page.GetProperty("rows").EnumerateArray().Select(r => columns.Zip(r.EnumerateArray()).ToDictionary(p => p.First, p => p.Second))];
    }

    /// <summary>A pack's warnings, in the order of what they say.</summary>
    public static async Task<List<JsonElement>> WarningsAsync(HttpClient who, string pack) =>
        [.. (await who.GetFromJsonAsync<JsonElement>($"/api/v1/warnings?pack={pack}&take=100")).GetProperty("items").EnumerateArray().OrderBy(Told, StringComparer.Ordinal)];

    public static string Told(JsonElement warning) => $"{warning.Text("indicator")} {warning.Text("region")} {warning.Text("level")} {warning.Text("state")}";

    public static Task FollowAsync(RunningPlatform platform) => platform.Services.GetRequiredService<ClosedLoop>().CatchUpAsync(TestContext.Current.CancellationToken);

    /// <summary>A leader looks at a pack's screen, all charts of it drawn.</summary>
    /// <param name="shows">What stands on it.</param>
    public static async Task CockpitAsync(Visitor visitor, string pack, string shows, string name)
    {
        await visitor.SignInAsync("leader", $"/desk/cockpit?pack={pack}");
        await visitor.SeesAsync(shows);
        await visitor.SeeAllAsync();
        await visitor.LooksAsync(name);
    }

    /// <summary>Loads the samples that a pack brings: no row of them is refused, and what is wrong in them is found as a warning.</summary>
    /// <param name="faulty">Datasets with rows that a rule warns of, on purpose.</param>
    public static async Task SamplesAsync(RunningPlatform platform, string pack, string folder, params string[] faulty)
    {
        var declared = platform.Services.GetRequiredService<PackRegistry>().Find(pack)!;
        await platform.Services.GetRequiredService<ClosedLoop>().LoadSamplesAsync(declared, folder, TestContext.Current.CancellationToken);
        var warehouse = platform.Services.GetRequiredService<Warehouse>();
        foreach (var dataset in declared.Datasets.Where(d => d.Feed!.IsDelivered))
            Assert.Equal((dataset.Id, File.ReadLines(Path.Combine(folder, dataset.Feed!.Path!.Name)).LongCount() - 1), (dataset.Id, warehouse.RowCount(pack, dataset.Id)));
        foreach (var dataset in declared.Datasets)
            Assert.Empty(QualityView.Last(warehouse, pack, dataset.Id).Where(r => r.Grade == "error" && !r.Passed).Select(r => $"{dataset.Id} {r.Rule} {r.Field} {r.Measured}"));
        foreach (var dataset in faulty)
            Assert.Contains(QualityView.Last(warehouse, pack, dataset), r => !r.Passed);
    }
}
