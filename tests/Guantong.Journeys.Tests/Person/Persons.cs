using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What the tests of a person's own affairs share: allowances whose income is personal, applying for them, giving authority.</summary>
internal static class Persons
{
    public const string Pack = "society.assistance";
    public const string Matter = Pack + "/temporary-assistance";

    /// <summary>Who fits no table: an official looks.</summary>
    public static readonly object ForAnOfficial = new { hardship = "其他", household = 1, income = 0, on_allowance = false };

    public static async Task<RunningPlatform> StartAsync(string store, TimeProvider? clock = null, string? smtp = null)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock, smtp: smtp);
        var folder = PackFolder.Read(Path.Combine(Repository.Root, "packs/society/assistance"), "packs/society/assistance");
        var texts = folder.Texts.ToDictionary(t => t.Key, t => t.Key == "forms/temporary-assistance.json" ? Personal(t.Value) : t.Value);
        var outcome = await platform.Services.GetRequiredService<PackRegistry>().ApplyAsync(new PackFiles(folder.Root, texts), Policy.Operator, confirmed: false);
        Assert.Equal("applied", outcome.Result);
        return platform;
    }

    private static string Personal(string form)
    {
        var json = JsonNode.Parse(form)!;
        json["properties"]!["income"]!["x-personal"] = true;
        return json.ToJsonString();
    }

    public static Task<HttpResponseMessage> TryAsync(HttpClient http, string? whom, object? data = null, string matter = "temporary-assistance") =>
        http.PostAsJsonAsync($"/api/v1/services/{Pack}/{matter}/applications", new { region = "330100", data = data ?? ForAnOfficial, @for = whom });

    public static async Task<string> ApplyAsync(HttpClient http, string whom, object? data = null, string matter = "temporary-assistance")
    {
        var answer = await TryAsync(http, whom, data, matter);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(JsonValueKind.Null, receipt.GetProperty("code").ValueKind);
        return receipt.GetProperty("number").GetString()!;
    }

    /// <summary>Gives authority and has it accepted; gives its id.</summary>
    public static async Task<string> AuthorizeAsync(HttpClient principal, string whom, HttpClient agent, string login, params string[] matters)
    {
        var today = DateTime.UtcNow.AddHours(8);
        var answer = await principal.PostAsJsonAsync("/api/v1/authorities", new { principal = whom, agent = login, matters, from = $"{today:yyyy-MM-dd}", to = $"{today.AddDays(30):yyyy-MM-dd}" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var id = (await agent.GetFromJsonAsync<JsonElement>("/api/v1/authorities")).GetProperty("held").EnumerateArray().First(a => a.GetProperty("accepted").ValueKind == JsonValueKind.Null).GetProperty("id").GetString()!;
        (await agent.PostAsync($"/api/v1/authorities/{id}/accept", null)).EnsureSuccessStatusCode();
        return id;
    }

    /// <summary>Adds an organisation with its representative; gives its code.</summary>
    public static async Task<string> OrganisationAsync(HttpClient keeper, string representative, string name = "演示·合成企业")
    {
        const string first = "91330100MA2ABCDE0";
        var code = first + CreditCode.Check(first);
        var answer = await keeper.PostAsJsonAsync("/api/v1/organisations", new { code, name, kind = "enterprise", region = "330100", representative });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return code;
    }

    /// <summary>The review's task, once the table has been asked.</summary>
    public static async Task<string> TaskAsync(RunningPlatform platform, HttpClient official, string number)
    {
        await platform.RunJobsAsync();
        for (var i = 0; i < 200; i++)
        {
            var tasks = (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("tasks");
            if (tasks.GetArrayLength() > 0)
                return tasks[0].GetProperty("id").GetString()!;
        }
        throw new InvalidOperationException($"No task of {number} came to be.");
    }

    public static async Task<List<JsonElement>> ItemsAsync(HttpClient http, string path) => [.. (await http.GetFromJsonAsync<JsonElement>(path)).GetProperty("items").EnumerateArray()];

    public static string? Text(this JsonElement json, string name) => json.GetProperty(name).GetString();
}
