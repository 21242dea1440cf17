using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A report of bad air that was answered with a document, on a platform whose time moves when the test says so.</summary>
internal sealed class ClosedCase : IAsyncDisposable
{
    public static readonly Person Head = new("head", "演示·处长", "Demo head", "official", "zj-ecology-330500", "330500", ["leader"]);

    private readonly Dictionary<string, (HttpClient Http, DateTimeOffset Since)> _people = [];

    private ClosedCase(RunningPlatform platform, StandingClock clock) => (Platform, Clock) = (platform, clock);

    public RunningPlatform Platform { get; }

    public StandingClock Clock { get; }

    public string Number { get; private set; } = "";

    public string Document { get; private set; } = "";

    /// <summary>Starts one, applied for by citizen-a, and ended unless told.</summary>
    public static async Task<ClosedCase> StartAsync(string store, bool ends = true)
    {
        var clock = new StandingClock();
        var closed = new ClosedCase(await RunningPlatform.StartAsync(store, clock: clock), clock);
        await closed.Platform.Services.GetRequiredService<Accounts>().SeedAsync([Head]);
        closed.Number = await closed.ApplyAsync();
        if (ends)
            await closed.EndAsync(closed.Number);
        return closed;
    }

    /// <summary>Applies as citizen-a; gives the number.</summary>
    public async Task<string> ApplyAsync()
    {
        using var answer = await (await AsAsync("citizen-a")).PostAsJsonAsync("/api/v1/services/environment.air-quality/air-report/applications", new { region = "330500", data = new { kind = "露天焚烧", place = "示例村口", seen_on = "2026-02-20" }, @for = "self" });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString()!;
    }

    /// <summary>Answers a case with a document.</summary>
    public async Task EndAsync(string number)
    {
        var worker = await AsAsync("worker-huzhou");
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(worker, number, "inspect", new { confirmed = false, finding = "现场没有发现焚烧" }));
        Document = (await Platform.EndedAsync(worker, number)).GetProperty("documents")[0].GetProperty("id").GetString()!;
    }

    public async Task<HttpClient> AsAsync(string login)
    {
        // Who is signed in does not stay so for hours.
        if (_people.TryGetValue(login, out var known) && Clock.Now - known.Since < TimeSpan.FromMinutes(10))
            return known.Http;
        known.Http?.Dispose();
        _people[login] = (await Platform.SignInAsync(login), Clock.Now);
        return _people[login].Http;
    }

    /// <summary>Posts; gives 204, 201 or the code of what stands in the way.</summary>
    public async Task<string> PostAsync(string login, string path, object? body = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, "/api/v1/" + path) { Content = JsonContent.Create(body ?? new { }) };
        using var answer = await (await AsAsync(login)).SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.IsSuccessStatusCode)
            return $"{(int)answer.StatusCode}";
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.DoesNotContain("conflict.", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        return $"{(int)answer.StatusCode} {problem.GetProperty("code").GetString()}";
    }

    public async Task<JsonElement> GetAsync(string login, string path) => await (await AsAsync(login)).GetFromJsonAsync<JsonElement>("/api/v1/" + path);

    public async ValueTask DisposeAsync()
    {
        foreach (var (http, _) in _people.Values)
            http.Dispose();
        await Platform.DisposeAsync();
    }
}
