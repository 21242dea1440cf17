using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>What the tests of reception and acceptance share: the pack of concerns, somebody who applies, and the officials of Hangzhou.</summary>
internal static class ConcernCase
{
    public const string Pack = "society.concerns";
    public const string Clerk = "clerk-hangzhou", Officer = "worker-hangzhou-enforcement", Head = "leader-hangzhou-enforcement", Builder = "worker-hangzhou-construction";

    public static async Task<RunningPlatform> StartAsync(string store, TimeProvider? clock = null)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock ?? new StandingClock());
        await platform.ApplyAsync(Pack);
        return platform;
    }

    /// <summary>Applies for one of its matters as anybody may; gives number and code.</summary>
    public static async Task<(string Number, string Code)> AppliedAsync(HttpClient anyone, string matter = "construction-noise", string detail = "合成：工地夜间打桩，声音很大，睡不着", string? email = null)
    {
        var receipt = await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/{matter}/applications", new { region = "330100", data = new { detail, place = "示例路口" }, notifyEmail = email }).JsonAsync();
        return (receipt.GetProperty("number").GetString()!, receipt.GetProperty("code").GetString()!);
    }

    /// <summary>Answers an application; gives the status and code of what stood in the way.</summary>
    public static Task<string> AnswerAsync(HttpClient official, string number, string how, object? given = null) => official.PostAsJsonAsync($"/api/v1/cases/{number}/acceptance/{how}", given ?? new { }).ToldAsync();

    /// <summary>An application as its applicant sees it.</summary>
    public static Task<JsonElement> SeenAsync(HttpClient anyone, (string Number, string Code) receipt) => anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{receipt.Number}?code={receipt.Code}");

    /// <summary>The state of a case, of its acceptance, and of its tasks by their nodes.</summary>
    public static async Task<string> StandsAsync(HttpClient official, string number)
    {
        var file = await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}");
        var acceptance = await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/acceptance");
        return $"{file.GetProperty("case").GetProperty("state").GetString()}/{acceptance.GetProperty("state").GetString()} {string.Join(' ', file.GetProperty("tasks").EnumerateArray().Select(t => $"{t.GetProperty("node").GetString()}:{t.GetProperty("state").GetString()}").Order(StringComparer.Ordinal))}";
    }
}
