using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>An application for assistance that an official has to review, on a platform whose time moves when the test says so.</summary>
internal sealed class Reviewed : IAsyncDisposable
{
    private readonly StandingClock _clock;

    private Reviewed(RunningPlatform platform, StandingClock clock, HttpClient citizen, HttpClient official, string number, string? code) => (Platform, _clock, Citizen, Official, Number, Code) = (platform, clock, citizen, official, number, code);

    public RunningPlatform Platform { get; }

    public HttpClient Citizen { get; }

    public HttpClient Official { get; }

    public string Number { get; }

    public string? Code { get; }

    public static async Task<Reviewed> StartAsync(string store, bool isMine = true, string at = "2026-11-02T01:00:00Z", string? smtp = null)
    {
        var clock = new StandingClock { Now = At(at) };
        var platform = await Persons.StartAsync(store, clock, smtp);
        var (citizen, official) = (await platform.SignInAsync("citizen-a"), await platform.SignInAsync("worker-hangzhou-civil"));
        var answer = await (await Persons.TryAsync(citizen, isMine ? "self" : null)).Content.ReadFromJsonAsync<JsonElement>();
        var number = answer.Text("number")!;
        await Persons.TaskAsync(platform, official, number);
        return new Reviewed(platform, clock, citizen, official, number, answer.Text("code"));
    }

    /// <summary>Time goes on; both sign in anew, since who is signed in does not stay so for days.</summary>
    public async Task GoToAsync(string at)
    {
        _clock.Now = At(at);
        foreach (var (who, login) in ((HttpClient, string)[])[(Citizen, "citizen-a"), (Official, "worker-hangzhou-civil")])
            (await who.PostAsJsonAsync("/api/v1/session", new { login, password = Trust.Accounts.DemoPassword })).EnsureSuccessStatusCode();
    }

    /// <summary>When case and task are due, and their lights.</summary>
    public async Task<(string Case, string Task)> StandsAsync()
    {
        var file = await Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{Number}");
        var (row, task) = (file.GetProperty("case"), file.GetProperty("tasks")[0]);
        return ($"{row.Text("due")} {row.Text("light")}", $"{task.Text("due")} {task.Text("light")}");
    }

    /// <summary>The lights of case and task as the lists have them.</summary>
    public async Task<string> ListedAsync() =>
        $"{(await Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases?q={Number}")).GetProperty("items")[0].Text("light")} {(await Official.GetFromJsonAsync<JsonElement>($"/api/v1/tasks?q={Number}")).GetProperty("items")[0].Text("light")}";

    /// <summary>A page of the Portal as the citizen reads it.</summary>
    public async Task<string> PageAsync(string path) => WebUtility.HtmlDecode(await Citizen.GetStringAsync(path));

    public async Task<(HttpStatusCode Status, string? Code)> StopAsync(HttpClient by, object given) => await AnswerAsync(await by.PostAsJsonAsync($"/api/v1/cases/{Number}/clock/stop", given));

    public async Task<(HttpStatusCode Status, string? Code)> ResumeAsync(HttpClient by) => await AnswerAsync(await by.PostAsync($"/api/v1/cases/{Number}/clock/resume", null));

    private static async Task<(HttpStatusCode, string?)> AnswerAsync(HttpResponseMessage answer) =>
        (answer.StatusCode, answer.IsSuccessStatusCode ? null : JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.TryGetProperty("code", out var code) ? code.GetString() : "");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        Citizen.Dispose();
        Official.Dispose();
        await Platform.DisposeAsync();
    }
}
