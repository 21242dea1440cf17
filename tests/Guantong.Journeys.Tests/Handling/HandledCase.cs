using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A case with one open task of the ecology bureau of Huzhou, its people, and those of other units.</summary>
internal sealed class HandledCase : IAsyncDisposable
{
    public const string Ecology = "zj-ecology-330500", Weather = "zj-meteorology-330500", Traffic = "zj-transport-330500", Hangzhou = "zj-ecology-330100", Civil = "zj-civil-affairs-330100", Wuxing = "zj-ecology-330502",
        Government = "zj-government-office-330502", Zhili = "zj-government-office-330502100", Balidian = "zj-government-office-330502101";

    public static readonly Person[] People =
    [
        new("head", "演示·处长", "Demo head", "official", Ecology, "330500", ["leader"]),
        new("colleague", "演示·同事", "Demo colleague", "official", Ecology, "330500", ["case-worker"]),
        new("third", "演示·同事丙", "Demo third", "official", Ecology, "330500", ["case-worker"]),
        new("weather-two", "演示·气象乙", "Demo weather two", "official", Weather, "330500", ["case-worker"]),
        new("county", "演示·吴兴生态", "Demo Wuxing ecology", "official", Wuxing, "330502", ["case-worker"]),
        new("county-government", "演示·吴兴政府办", "Demo Wuxing government", "official", Government, "330502", ["case-worker"]),
        new("town", "演示·织里镇", "Demo Zhili town", "official", Zhili, "330502100", ["case-worker"]),
        new("other-town", "演示·八里店镇", "Demo Balidian town", "official", Balidian, "330502101", ["case-worker"]),
        new("bureau", "演示·数据局", "Demo bureau", "official", "zj-data", "330000", ["data-bureau"]),
    ];

    /// <summary>A task of a day, and another.</summary>
    public static readonly string Timed = """<startEvent id="start"/><userTask id="first" name="受理" guantong:due="PT24H"/><userTask id="second" name="审定"/><endEvent id="end" name="已答复"/>""" + Bpmn.Flows("start > first > second > end");

    private static readonly string Steps = """<startEvent id="start"/><userTask id="first" name="受理"/><userTask id="second" name="审定"/><endEvent id="end" name="已答复"/>""" + Bpmn.Flows("start > first > second > end");

    private readonly Dictionary<string, HttpClient> _people = [];
    private readonly Dictionary<string, DateTimeOffset> _since = [];

    private HandledCase(PlayedProcess played, string id, string task) => (Played, Id, Task) = (played, id, task);

    public PlayedProcess Played { get; }

    private StandingClock Clock => (StandingClock)Played.Platform.Services.GetRequiredService<TimeProvider>();

    public string Id { get; }

    /// <summary>The open task's id.</summary>
    public string Task { get; }

    /// <summary>Starts one.</summary>
    /// <param name="matter">Lines to add to the matter.</param>
    /// <param name="lane">Whose steps they are; the ecology line's when null.</param>
    /// <param name="region">Where the case is.</param>
    public static async Task<HandledCase> StartAsync(string store, string? steps = null, string? matter = null, string? lane = null, string region = "330500")
    {
        var folder = Path.Combine(Repository.Root, "packs/environment/air-quality");
        async Task<string> ReadAsync(string path) => await System.IO.File.ReadAllTextAsync(Path.Combine(folder, path));
        (string, string)[] others = matter is null ? [] : [("matters/air-report.yaml", await ReadAsync("matters/air-report.yaml") + matter + "\n")];
        if (lane is not null)
        {
            others =
            [
                ("pack.yaml", (await ReadAsync("pack.yaml")).Replace("with: [", $"with: [{lane}, ", StringComparison.Ordinal)),
                ("matters/air-report.yaml", (await ReadAsync("matters/air-report.yaml")).Replace("with: [省生态环境厅]", $"with: [{lane}]", StringComparison.Ordinal)),
                ("processes/air-report.bpmn", PlayedProcess.File(PlayedProcess.Process("played", steps ?? Steps).Replace("省生态环境厅", lane, StringComparison.Ordinal))),
            ];
        }
        var played = await PlayedProcess.StartAsync(store, steps ?? Steps, others: others);
        await played.Platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        var id = await played.OpenAsync(new { place = "村口" }, region);
        return new HandledCase(played, id, await TaskAsync(played, id));
    }

    /// <summary>Opens another; gives its open task.</summary>
    public async Task<string> AnotherAsync() => await TaskAsync(Played, await Played.OpenAsync());

    private static async Task<string> TaskAsync(PlayedProcess played, string id) =>
        (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().Single().GetProperty("id").GetString()!;

    public async Task<HttpClient> AsAsync(string login)
    {
        var now = Clock.Now;
        // Who is signed in does not stay so for hours.
        if (_people.TryGetValue(login, out var http) && now - _since[login] < TimeSpan.FromMinutes(10))
            return http;
        http?.Dispose();
        _since[login] = now;
        return _people[login] = await Played.SignInAsync(login);
    }

    /// <summary>Does something to the task; gives the code of what stands in the way, null where nothing does.</summary>
    public Task<string?> DoAsync(string login, string act, object? body = null) => PostAsync(login, $"tasks/{Task}/{act}", body);

    /// <summary>Does something to the case.</summary>
    public Task<string?> OfCaseAsync(string login, string act, object? body = null) => PostAsync(login, $"cases/{Id}/{act}", body);

    /// <summary>The supervisions of the case, as somebody reads them.</summary>
    public async Task<IReadOnlyList<JsonElement>> SupervisionsAsync(string login = "worker-huzhou") =>
        [.. (await (await AsAsync(login)).GetFromJsonAsync<JsonElement>($"/api/v1/cases/{Id}/supervisions")).EnumerateArray()];

    /// <summary>What somebody reads.</summary>
    public async Task<JsonElement> GetAsync(string login, string path) => await (await AsAsync(login)).GetFromJsonAsync<JsonElement>("/api/v1/" + path);

    /// <summary>The actions in the case's ledger that begin so.</summary>
    public async Task<string> TracedAsync(params string[] begins) => string.Join(' ', (await Played.LedgerAsync(Id)).Where(a => begins.Any(b => a.StartsWith(b, StringComparison.Ordinal))));

    /// <summary>Answers or changes what was asked.</summary>
    public Task<string?> AskAsync(string login, string ask, string act, object? body = null) => PostAsync(login, $"asks/{ask}/{act}", body);

    public async Task<string?> PostAsync(string login, string path, object? body = null)
    {
        // What is done one after the other is told apart by its time.
        Clock.Now += TimeSpan.FromMilliseconds(5);
        using var answer = await (await AsAsync(login)).PostAsJsonAsync("/api/v1/" + path, body ?? new { });
        if (answer.IsSuccessStatusCode)
            return null;
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
        Assert.DoesNotContain("conflict.", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        return $"{(int)answer.StatusCode} {problem.GetProperty("code").GetString()}";
    }

    /// <summary>What somebody's list holds, each by its kind, in its order.</summary>
    public async Task<string> ListAsync(string login, string state = "open") => string.Join(' ',
        (await (await AsAsync(login)).GetFromJsonAsync<JsonElement>($"/api/v1/tasks?state={state}")).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("kind").GetString()).Order(StringComparer.Ordinal));

    /// <summary>The last thing of a kind that was asked.</summary>
    public async Task<JsonElement> LastAsync(string kind, string login = "worker-huzhou") =>
        (await (await AsAsync(login)).GetFromJsonAsync<JsonElement>($"/api/v1/cases/{Id}/asks")).EnumerateArray().Last(a => a.GetProperty("kind").GetString() == kind);

    public async Task<string> AskIdAsync(string kind) => (await LastAsync(kind)).GetProperty("id").GetString()!;

    /// <summary>How it stands: its stand, then each one's state, or what their silence means.</summary>
    public async Task<string> StandAsync(string kind)
    {
        var ask = await LastAsync(kind);
        return string.Join(' ', ask.GetProperty("of").EnumerateArray().Select(o => o.GetProperty("silence").GetString() is { } silent ? "silent:" + silent : o.GetProperty("state").GetString()).Prepend(ask.GetProperty("stand").GetString()));
    }

    /// <summary>The unit and assignee of the task.</summary>
    public async Task<(string Unit, string? Assignee)> HeldAsync()
    {
        var task = (await (await AsAsync("duty")).GetFromJsonAsync<JsonElement>($"/api/v1/tasks/{Task}")).GetProperty("task");
        return (task.GetProperty("unit").GetString()!, task.GetProperty("assignee").GetString());
    }

    /// <summary>Whether the case is there for somebody.</summary>
    public async Task<bool> IsSeenByAsync(string login) => (await (await AsAsync(login)).GetAsync($"/api/v1/cases/{Id}")).IsSuccessStatusCode;

    /// <summary>A deadline in so many hours.</summary>
    public string In(double hours) => Time.Write(Clock.Now.AddHours(hours));

    public Task PassAsync(double hours) => Played.PassAsync(TimeSpan.FromHours(hours));

    public static object[] To(params string[] whom) => [.. whom.Select(w => w.Split('/') is [var unit, var login] ? new { unit, login = (string?)login } : new { unit = w, login = (string?)null })];

    public async ValueTask DisposeAsync()
    {
        foreach (var http in _people.Values)
            http.Dispose();
        await Played.DisposeAsync();
    }
}
