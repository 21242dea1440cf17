using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guantong.Data;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class StandingClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 2, 1, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A platform on which a matter runs a process of the test's own; time and the work in the background move when the test says so.</summary>
internal sealed partial class PlayedProcess : IAsyncDisposable
{
    public const string Pack = "environment.air-quality";
    private readonly RunningPlatform _platform;
    private readonly StandingClock _clock;

    private PlayedProcess(RunningPlatform platform, StandingClock clock, HttpClient official, HttpClient duty) => (_platform, _clock, Official, Operator) = (platform, clock, official, duty);

    /// <summary>Does the tasks of every process here.</summary>
    public HttpClient Official { get; }

    /// <summary>Mends what cannot go on.</summary>
    public HttpClient Operator { get; }

    public RunningPlatform Platform => _platform;

    public Store Store => _platform.Services.GetRequiredService<Store>();

    /// <summary>Starts one.</summary>
    /// <param name="store">sqlite or postgres.</param>
    /// <param name="body">BPMN inside the process; user tasks are given to the one lane.</param>
    /// <param name="around">BPMN beside it: messages and signals.</param>
    /// <param name="beside">Further processes of its file.</param>
    /// <param name="others">Other files of the pack.</param>
    public static async Task<PlayedProcess> StartAsync(string store, string body, string around = "", string beside = "", params (string Path, string Text)[] others)
    {
        var clock = new StandingClock();
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        var played = new PlayedProcess(platform, clock, await platform.SignInAsync("worker-huzhou"), await platform.SignInAsync("duty"));
        await played.ApplyAsync([("processes/air-report.bpmn", File(Process("played", body) + beside, around)), .. others]);
        return played;
    }

    /// <summary>Brings another version of the process into force, and of forms where some are given; gives its revision.</summary>
    public async Task<string> ChangeAsync(string body, string around = "", params (string Form, string Schema)[] forms)
    {
        await ApplyAsync([("processes/air-report.bpmn", File(Process("played", body), around)), .. forms]);
        return _platform.Services.GetRequiredService<PackRegistry>().Applied[Pack].Revision;
    }

    /// <summary>A process whose user tasks are given to the one lane.</summary>
    public static string Process(string id, string body)
    {
        var lane = string.Concat(WithId().Matches(body).Select(m => $"<flowNodeRef>{m.Groups[1].Value}</flowNodeRef>"));
        return $"""<process id="{id}" name="办理" isExecutable="true"><laneSet id="{id}_lanes"><lane id="{id}_lane" name="省生态环境厅">{lane}</lane></laneSet>{body}</process>""";
    }

    /// <summary>A BPMN file of processes.</summary>
    public static string File(string processes, string around = "") =>
        $"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:guantong="https://guantong.dev/bpmn" targetNamespace="https://guantong.dev/packs">{around}{processes}</definitions>""";

    /// <summary>Brings the pack into force with files of the test's own.</summary>
    public async Task ApplyAsync(params (string Path, string Text)[] changed)
    {
        var outcome = await TryAsync(changed);
        Assert.True(outcome.Result == "applied", outcome.Result + string.Concat(outcome.Plan.Findings.Select(f => "\n" + f.Mark + f.Message("en"))));
    }

    private Task<ApplyOutcome> TryAsync(params (string Path, string Text)[] changed)
    {
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality");
        var texts = files.Texts.ToDictionary();
        foreach (var (path, text) in changed)
            texts[path] = text;
        return _platform.Services.GetRequiredService<PackRegistry>().ApplyAsync(files with { Texts = texts }, Policy.Operator, confirmed: true);
    }

    /// <summary>The cases that a case called, in order: id, state and title.</summary>
    public async Task<IReadOnlyList<(string Id, string State, string Title)>> CalledAsync(string id) =>
        [.. (await Operator.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("called").EnumerateArray().Select(c => (c.GetProperty("id").GetString()!, c.GetProperty("state").GetString()!, c.GetProperty("title").GetString()!))];

    /// <summary>What a case knows.</summary>
    public async Task<JsonElement> DataAsync(string id, HttpClient? reader = null) =>
        JsonDocument.Parse((await (reader ?? Official).GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("case").GetProperty("data").GetString()!).RootElement;

    /// <summary>Opens a case; gives its id.</summary>
    public async Task<string> OpenAsync(object? data = null, string region = "330500")
    {
        var answer = await Official.PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter = "air-report", region, data });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>Time goes on, and what has come due is done by so many nodes at once.</summary>
    public async Task PassAsync(TimeSpan time, int nodes = 1, bool signsIn = true)
    {
        _clock.Now += time;
        // Who is signed in does not stay so for days.
        foreach (var (who, login) in signsIn ? ((HttpClient, string)[])[(Official, "worker-huzhou"), (Operator, "duty")] : [])
            (await who.PostAsJsonAsync("/api/v1/session", new { login, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        var cancel = TestContext.Current.CancellationToken;
        await Task.WhenAll(Enumerable.Range(0, nodes).Select(_ => Task.Run(async () =>
        {
            var runner = ActivatorUtilities.CreateInstance<WorkRunner>(_platform.Services);
            while (await runner.RunNextAsync(cancel))
            {
            }
        }, cancel)));
    }

    public Task RunAsync() => PassAsync(TimeSpan.Zero);

    public Task<HttpStatusCode> FinishAsync(string id, string node, object? given = null) => RunningPlatform.FinishAsync(Official, id, node, given ?? new { });

    /// <summary>State and outcome of a case.</summary>
    public async Task<(string State, string? Outcome)> StandAsync(string id)
    {
        var row = (await Operator.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("case");
        return (row.GetProperty("state").GetString()!, row.GetProperty("outcome").GetString());
    }

    /// <summary>The tasks of a case, each as node:state, in the order in which they were opened.</summary>
    public async Task<string> TasksAsync(string id) => string.Join(' ',
        (await Operator.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().Select(t => $"{t.GetProperty("node")}:{t.GetProperty("state")}").Order(StringComparer.Ordinal));

    /// <summary>What the ledger holds of a case: the actions, in order.</summary>
    public async Task<IReadOnlyList<string>> LedgerAsync(string id) =>
        [.. (await Operator.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}/ledger")).EnumerateArray().OrderBy(e => e.GetProperty("seq").GetInt64()).Select(e => e.GetProperty("action").GetString()!)];

    /// <summary>The open incidents.</summary>
    public async Task<IReadOnlyList<JsonElement>> IncidentsAsync() => [.. (await Operator.GetFromJsonAsync<JsonElement>("/api/v1/incidents?state=open")).GetProperty("items").EnumerateArray()];

    public async Task<HttpStatusCode> SendAsync(object message, string? once = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages") { Content = JsonContent.Create(message) };
        if (once is not null)
            request.Headers.Add("Idempotency-Key", once);
        return (await Official.SendAsync(request)).StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Official.Dispose();
        Operator.Dispose();
        await _platform.DisposeAsync();
    }

    [GeneratedRegex("""<userTask id="([a-z_0-9]+)""")]
    private static partial Regex WithId();
}
