using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A platform with a pack of made-up outlets of waste water, whose rules fail where the test's rows break them.</summary>
internal sealed class WaterPlatform : IAsyncDisposable
{
    public const string Pack = "test.water";

    private WaterPlatform(RunningPlatform platform, StandingClock? clock) => (Platform, Clock) = (platform, clock);

    public RunningPlatform Platform { get; }

    /// <summary>The test's own clock; without one the machine's tells the time.</summary>
    public StandingClock? Clock { get; }

    public static async Task<WaterPlatform> StartAsync(string store, bool standing = false)
    {
        var clock = standing ? new StandingClock() : null;
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await platform.ApplyAsync(PackFolder.Read(Path.Combine(Repository.Root, "tests/material/water"), "packs/test/water"));
        return new WaterPlatform(platform, clock);
    }

    /// <summary>Has the outlets come another way than by files.</summary>
    /// <param name="how">The beginning of the feed, as it stands in the pack.</param>
    public async Task FeedAsync(string how)
    {
        var files = Platform.Services.GetRequiredService<PackRegistry>().Find(Pack)!.Files;
        var texts = files.Texts.ToDictionary(t => t.Key, t => t.Value.Replace("feed: {from: csv,", $"feed: {{{how},", StringComparison.Ordinal));
        await Platform.ApplyAsync(files with { Texts = texts });
    }

    /// <summary>The time now, as rows are stamped.</summary>
    public string Now => $"{(Clock?.GetUtcNow() ?? DateTimeOffset.UtcNow):yyyy-MM-dd HH:mm:ss}";

    /// <summary>Loads rows "code,region,load,owner", each seen now.</summary>
    public Task LoadAsync(params IEnumerable<string> rows) => LoadTextAsync(string.Join('\n', rows.Select(r => $"{r},{Now}").Prepend("code,region,load,owner,seen")));

    public Task LoadTextAsync(string text) => Platform.LoadLinesAsync(Pack, "outlet", text);

    public static async Task<IReadOnlyList<JsonElement>> TicketsAsync(HttpClient http, string query = "") =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/api/v1/quality/tickets?pack={Pack}&take=200{query}")).GetProperty("items").EnumerateArray()];

    public static Task<HttpResponseMessage> DoAsync(HttpClient http, string number, string what, object? given = null) => http.PostAsJsonAsync($"/api/v1/quality/tickets/{number}/{what}", given ?? new { });

    /// <summary>A ticket's steps by what was done, in order.</summary>
    public static async Task<string[]> StepsAsync(HttpClient http, string number) =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/api/v1/quality/tickets/{number}")).GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("action").GetString()!)];

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}
