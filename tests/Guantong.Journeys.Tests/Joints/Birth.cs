using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A platform on which a birth is handled as one thing, with an official and a leader of each unit of Hangzhou that takes part.</summary>
internal sealed class Birth : IAsyncDisposable
{
    public const string Service = "/api/v1/services/society.birth/birth";
    private readonly Dictionary<string, HttpClient> _people = [];

    private Birth(RunningPlatform platform, StandingClock clock) => (Platform, Clock) = (platform, clock);

    public StandingClock Clock { get; }

    public RunningPlatform Platform { get; }

    /// <summary>Starts one.</summary>
    /// <param name="change">Changes files of the pack.</param>
    public static async Task<Birth> StartAsync(string store, Action<Dictionary<string, string>>? change = null)
    {
        var clock = new StandingClock();
        var birth = new Birth(await RunningPlatform.StartAsync(store, clock: clock), clock);
        await birth.ApplyAsync(change);
        await birth.Platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        return birth;
    }

    /// <summary>Case workers health, police and insurance of Hangzhou, and their leaders.</summary>
    public static readonly Person[] People = [.. from unit in ((string Login, string Line)[])[("health", "health"), ("police", "police"), ("insurance", "medical-insurance")]
        from role in (string[])["case-worker", "leader"]
        select new Person(role == "leader" ? "head-" + unit.Login : unit.Login, $"演示·{unit.Login}", $"Demo {unit.Login}", "official", $"zj-{unit.Line}-330100", "330100", [role])];

    /// <summary>Brings the pack into force.</summary>
    public async Task ApplyAsync(Action<Dictionary<string, string>>? change = null)
    {
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/society/birth"), "packs/society/birth");
        var texts = files.Texts.ToDictionary();
        change?.Invoke(texts);
        await Platform.ApplyAsync(files with { Texts = texts });
    }

    public async Task<HttpClient> AsAsync(string login) => _people.TryGetValue(login, out var http) ? http : _people[login] = login == "anyone" ? Platform.Anonymous() : await Platform.SignInAsync(login);

    /// <summary>What the joint form asks for.</summary>
    public static Dictionary<string, object?> Form(bool register, bool insure)
    {
        var data = new Dictionary<string, object?> { ["register"] = register, ["insure"] = insure, ["child_name"] = "演示儿童", ["born"] = "2026-10-20", ["mother_name"] = "演示母亲", ["hospital"] = "示例医院", ["clinic"] = "示例社区卫生服务中心" };
        if (register)
            data["settle_with"] = "母亲";
        if (insure)
            data["band"] = "一档";
        return data;
    }

    /// <summary>Applies, as anyone or as somebody for themselves; the record of the delivery comes later, the household book is there where it is asked for.</summary>
    public async Task<(string Number, string? Code)> AppliedAsync(bool register, bool insure, string who = "anyone")
    {
        var http = await AsAsync(who);
        var basket = register || insure ? (await http.SendAsync($"{Service}/files?field=material:household-book&name=book.pdf", Sheets.Pdf()).JsonAsync()).GetProperty("basket").GetString() : null;
        var answer = await http.PostAsJsonAsync($"{Service}/applications", new { region = "330100", data = Form(register, insure), files = basket, materials = new Dictionary<string, string> { ["hospital-record"] = "later" }, @for = who == "anyone" ? null : "self" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (receipt.GetProperty("number").GetString()!, receipt.GetProperty("code").GetString());
    }

    /// <summary>The application as its applicant sees it.</summary>
    public async Task<JsonElement> SeenAsync(string number, string? code, string who = "anyone") =>
        await (await AsAsync(who)).GetFromJsonAsync<JsonElement>(code is null ? $"/api/v1/me/applications/{number}" : $"/api/v1/applications/{number}?code={code}");

    /// <summary>How its parts stand: matter=outcome, or state.</summary>
    public static string Stand(JsonElement seen) => string.Join(' ', seen.GetProperty("parts").EnumerateArray().Select(p => $"{p.Text("matter")!.Split('/')[1]}={p.Text("outcome") ?? p.Text("state")}"));

    /// <summary>The number of a part's case.</summary>
    public static string PartOf(JsonElement seen, string matter) => seen.GetProperty("parts").EnumerateArray().Single(p => p.Text("matter")!.EndsWith("/" + matter, StringComparison.Ordinal)).Text("number")!;

    public async Task<JsonElement> CaseAsync(string login, string number) => await (await AsAsync(login)).GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}");

    /// <summary>An official decides on a part.</summary>
    public async Task DecideAsync(string login, string number, string result)
    {
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(await AsAsync(login), number, "review", new { result, reason = "材料齐全，经核对" }));
        await Platform.RunJobsAsync();
    }

    /// <summary>Does something to a case; gives the code of what stands in the way, null where nothing does.</summary>
    public async Task<string?> DoAsync(string login, string number, string act, object? body = null)
    {
        using var answer = await (await AsAsync(login)).PostAsJsonAsync($"/api/v1/cases/{number}/{act}", body ?? new { });
        return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode} {(await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("code")}";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var http in _people.Values)
            http.Dispose();
        await Platform.DisposeAsync();
    }
}
