using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Several processes of the platform over one PostgreSQL, each with a data folder of its own.</summary>
public sealed class NodeProcessesTests
{
    private const int Cases = 6;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task Nodes_of_which_one_is_killed_and_another_joins_make_the_history_that_one_makes_on_SQLite()
    {
        var alone = await HistoriesAsync("sqlite", several: false);
        Assert.Single(alone.Distinct());
        Assert.Equal(alone, await HistoriesAsync("postgres", several: true));
    }

    private static async Task<IReadOnlyList<string>> HistoriesAsync(string store, bool several)
    {
        await using var first = await StartedAsync(await ProcessPlatform.FreshAsync(store));
        await using var second = several ? await StartedAsync(ProcessPlatform.Beside(first)) : null;
        var ids = new List<string>();
        using (var opening = new Two(await OfficialAsync(first), await OfficialAsync(second ?? first)))
        {
            for (var i = 0; i < Cases; i++)
            {
                var answer = await (i % 2 == 0 ? opening.A : opening.B).PostAsJsonAsync("/api/v1/cases", new { pack = "environment.air-quality", matter = "air-report", region = "330500", title = $"bill-{i}", data = new { bill = $"bill-{i}" } });
                Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
                ids.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
            }
        }
        // Timers go off and notes are written just now.
        if (several)
            await first.KillAsync();
        await using var third = several ? await StartedAsync(ProcessPlatform.Beside(first)) : null;
        using var two = new Two(await OfficialAsync(second ?? first), await OfficialAsync(third ?? first));
        for (var i = 0; i < Cases; i++)
        {
            await UntilAsync(two.A, ids[i], file => file.GetProperty("documents").GetArrayLength() == 2);
            Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(i % 2 == 0 ? two.A : two.B, ids[i], "inspect", new { confirmed = true, finding = "现场核查属实" }));
            Assert.Equal(HttpStatusCode.Accepted, (await (i % 2 == 0 ? two.B : two.A).PostAsJsonAsync("/api/v1/messages", new { name = "paid", key = $"bill-{i}" })).StatusCode);
        }
        var histories = new List<string>();
        for (var i = 0; i < Cases; i++)
        {
            var file = await UntilAsync(two.B, ids[i], f => f.GetProperty("case").GetProperty("state").GetString() == "ended");
            var number = file.GetProperty("case").GetProperty("number").GetString()!;
            var entries = (await two.A.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{ids[i]}/ledger")).EnumerateArray().Select(e => $"ledger {e.GetProperty("actor")} {e.GetProperty("action")} {e.GetProperty("detail")}");
            var tasks = file.GetProperty("tasks").EnumerateArray().Select(t => $"task {t.GetProperty("node")} {t.GetProperty("state")}");
            var documents = file.GetProperty("documents").EnumerateArray().Select(d => $"document {d.GetProperty("name")} {d.GetProperty("markdown")}");
            // Which of several things that are due at once is done first is nobody's promise.
            histories.Add(string.Join('\n', entries.Concat(tasks).Concat(documents).Select(l => BrokenRun.Plain(l, number, $"bill-{i}")).Order(StringComparer.Ordinal)));
        }
        using var reader = (third ?? first).Operator();
        Assert.Equal(JsonValueKind.Null, (await reader.GetFromJsonAsync<JsonElement>("/api/v1/ledger/verdict")).GetProperty("firstBad").ValueKind);
        return histories;
    }

    private static async Task<ProcessPlatform> StartedAsync(ProcessPlatform platform)
    {
        var pack = Path.Combine(platform.Home, "packs/environment/air-quality");
        await File.WriteAllTextAsync(Path.Combine(pack, "processes/air-report.bpmn"), BrokenRun.Process.Replace("PT1H", "PT1S", StringComparison.Ordinal).Replace("PT30M", "PT1S", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(pack, "decisions/weight.dmn"), BrokenRun.Weights);
        await platform.StartAsync();
        return platform;
    }

    private static async Task<HttpClient> OfficialAsync(ProcessPlatform platform) => platform.Client(await platform.CookiesOfAsync("worker-huzhou"));

    private static async Task<JsonElement> UntilAsync(HttpClient http, string id, Func<JsonElement, bool> holds)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            var file = await http.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}", deadline.Token);
            if (holds(file))
                return file;
            await Task.Delay(50, deadline.Token);
        }
    }

    private sealed record Two(HttpClient A, HttpClient B) : IDisposable
    {
        public void Dispose()
        {
            A.Dispose();
            B.Dispose();
        }
    }
}
