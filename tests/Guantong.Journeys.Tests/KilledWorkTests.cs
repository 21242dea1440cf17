using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Guantong.Tests;

/// <summary>kill -9 while officials finish tasks and services run: what was answered stands, what was not stands whole or not at all.</summary>
public sealed class KilledWorkTests
{
    private const int Reports = 5;

    private static readonly string[] Workers =
        ["worker-huzhou", "worker-huzhou-weather", "worker-huzhou-traffic", "worker-ecology", "worker-meteorology", "worker-transport", "steward", "worker-reform"];

    // What each task of a case goes through, by the case's outcome.
    private static readonly Dictionary<string, string[]> Steps = new()
    {
        ["办结"] = ["diffusion", "evaluate", "traffic", "verify"],
        ["不启动"] = ["verify"],
        ["已登记"] = ["review", "submit"],
    };

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Every_task_is_done_once_and_every_case_reaches_its_end_whatever_is_killed(string store)
    {
        var draw = Draw.Begin(store);
        await using var platform = await ProcessPlatform.FreshAsync(store);
        await platform.StartAsync();
        var cases = await OpenCasesAsync(platform);
        var office = new Office(platform, draw.Random);
        await office.SignInAsync(Workers);
        for (var round = 0; round < draw.Rounds; round++)
        {
            var when = $"{draw}, round {round}";
            await office.WorkUntilKilledAsync();
            await platform.StartAsync();
            draw.Restarted(platform.FirstPage);
            await office.WhatWasAnsweredStandsAsync(when);
        }
        await office.WorkToTheEndAsync($"{draw}");
        using var http = platform.Operator();
        await EverythingHappenedOnceAsync(http, cases, $"{draw}");
        draw.Report();
    }

    // Four red episodes far apart, each of which opens a case of the city and one of the province; and cases that are applied for.
    private static async Task<int> OpenCasesAsync(ProcessPlatform platform)
    {
        using var http = platform.Operator();
        var text = new StringBuilder("year,month,day,hour,PM2.5,PM10,SO2,NO2,CO,O3,station\n");
        foreach (var month in Enumerable.Range(1, 4))
        {
            for (var hour = 0; hour < 48; hour++)
                text.Append(CultureInfo.InvariantCulture, $"2025,{month},{1 + hour / 24},{hour % 24},300,330,8,30,600,40,ZJ330502\n");
        }
        var file = Path.Combine(platform.Aside, "episodes.csv");
        await File.WriteAllTextAsync(file, text.ToString());
        var load = await http.PostAsJsonAsync("/api/v1/loads", new { pack = "environment.air-quality", folder = file });
        Assert.Contains("\"after\"", await load.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        for (var i = 1; i <= Reports; i++)
            (await http.PostAsJsonAsync("/api/v1/cases", new { pack = "reform.map", matter = "progress-report", title = $"报送 {i}" })).EnsureSuccessStatusCode();
        return (await http.GetFromJsonAsync<JsonElement>("/api/v1/cases?take=500")).GetProperty("items").GetArrayLength();
    }

    private static async Task EverythingHappenedOnceAsync(HttpClient http, int cases, string when)
    {
        var all = (await http.GetFromJsonAsync<JsonElement>("/api/v1/cases?take=500")).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()!).ToList();
        Assert.Equal(cases, all.Count);
        foreach (var id in all)
        {
            var file = await http.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");
            var steps = Steps[file.GetProperty("case").GetProperty("outcome").GetString()!];
            var tasks = file.GetProperty("tasks").EnumerateArray().ToList();
            Assert.All(tasks, t => Assert.Equal("done", t.GetProperty("state").GetString()));
            Assert.Equal(steps, tasks.Select(t => t.GetProperty("node").GetString()!).Order(StringComparer.Ordinal));
            var ledger = (await http.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}/ledger")).EnumerateArray().ToList();
            Assert.Equal(steps, ledger.Where(e => Action(e) == "task.done").Select(e => JsonNode.Parse(e.GetProperty("detail").GetString()!)!["task"]!.GetValue<string>()).Order(StringComparer.Ordinal));
            foreach (var once in (string[])["case.opened", "case.ended", "service.called", "service.done"])
                Assert.True(ledger.Count(e => Action(e) == once) == 1, $"{when}: {once} in {file.GetProperty("case")}");
            Assert.DoesNotContain(ledger, e => Action(e) is "service.put-off" or "service.failed" or "case.stuck");
            Assert.Equal(steps.Contains("submit") ? 0 : 1, file.GetProperty("documents").GetArrayLength());
        }
        var recorded = (await http.GetStringAsync("/api/v1/datasets/reform.map/measure/rows.csv")).Trim().Split("\r\n").Skip(1).ToList();
        Assert.Equal(Enumerable.Range(1, Reports).Select(i => $"sharing-met,330100,2025-01-0{i},{i},统计报表"), recorded);
        var status = await http.GetFromJsonAsync<JsonElement>("/api/v1/status");
        Assert.Equal((0, 0), (status.GetProperty("openCases").GetInt32(), status.GetProperty("openTasks").GetInt32()));
        Assert.Equal(JsonValueKind.Null, (await http.GetFromJsonAsync<JsonElement>("/api/v1/ledger/verdict")).GetProperty("firstBad").ValueKind);
    }

    private static string Action(JsonElement entry) => entry.GetProperty("action").GetString()!;
}

/// <summary>The officials of the test: they finish what they find, and remember what they were told.</summary>
internal sealed class Office(ProcessPlatform platform, Random random)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly List<CookieContainer> _signedIn = [];
    private readonly HashSet<string> _answered = [];
    private (string Id, JsonObject Given, CookieContainer By)? _unanswered;

    /// <summary>Signs in once: the cookies outlive the platform's process.</summary>
    public async Task SignInAsync(IEnumerable<string> logins)
    {
        foreach (var login in logins)
            _signedIn.Add(await platform.CookiesOfAsync(login));
    }

    /// <summary>Finishes tasks until the platform is killed: before, during or after a random one, or while services still run.</summary>
    public async Task WorkUntilKilledAsync()
    {
        var (last, kill) = (random.Next(8), Task.CompletedTask);
        var delay = TimeSpan.FromMilliseconds(80 * random.NextDouble());
        async Task KillSoonAsync()
        {
            await Task.Delay(delay);
            await platform.KillAsync();
        }
        try
        {
            await WorkAsync(() =>
            {
                if (last-- == 0)
                    kill = KillSoonAsync();
            });
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
        }
        if (last >= 0)
            kill = KillSoonAsync();
        await kill;
    }

    /// <summary>After a start: nothing that was answered is gone, and the one that was not can be sent again.</summary>
    public async Task WhatWasAnsweredStandsAsync(string when)
    {
        using var http = platform.Operator();
        foreach (var id in _answered)
            Assert.True(await StateAsync(http, id) == "done", $"{when}: task {id} was answered, and is open again.");
        if (_unanswered is not var (task, given, by))
            return;
        _unanswered = null;
        var state = await StateAsync(http, task);
        using var official = platform.Client(by);
        var answer = (await official.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", given)).StatusCode;
        Assert.True(answer == (state == "done" ? HttpStatusCode.Conflict : HttpStatusCode.NoContent), $"{when}: task {task}, {state}, sent again: {answer}");
        _answered.Add(task);
    }

    /// <summary>Finishes everything, undisturbed.</summary>
    public async Task WorkToTheEndAsync(string when)
    {
        using var http = platform.Operator();
        using var deadline = new CancellationTokenSource(Deadline);
        while ((await http.GetFromJsonAsync<JsonElement>("/api/v1/status")).GetProperty("openCases").GetInt32() > 0)
        {
            Assert.False(deadline.IsCancellationRequested, $"{when}: cases do not reach their end.\n{platform.Said}");
            await WorkAsync(() => { });
        }
    }

    private static async Task<string> StateAsync(HttpClient http, string task) =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/v1/tasks/{task}")).GetProperty("task").GetProperty("state").GetString()!;

    // One round through everybody's open tasks.
    private async Task WorkAsync(Action sending)
    {
        foreach (var by in _signedIn.Shuffled(random))
        {
            using var http = platform.Client(by);
            var page = await http.GetFromJsonAsync<JsonElement>("/api/v1/tasks?state=open&take=500");
            foreach (var task in page.GetProperty("items").EnumerateArray().Shuffled(random))
            {
                var id = task.GetProperty("id").GetString()!;
                var given = Filled(task.GetProperty("name").GetString()!, task.GetProperty("title").GetString()!);
                sending();
                _unanswered = (id, given, by);
                var answer = await http.PostAsJsonAsync($"/api/v1/tasks/{id}/finish", given);
                Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
                _unanswered = null;
                _answered.Add(id);
            }
        }
    }

    private static JsonObject Filled(string task, string title)
    {
        var n = title[^1] - '0';
        return task switch
        {
            "核定污染等级" => new() { ["respond"] = !title.Contains("2025-02", StringComparison.Ordinal), ["level"] = "红色", ["opinion"] = "已核定" },
            "研判扩散条件" => new() { ["diffusion"] = "不利" },
            "落实机动车管控" => new() { ["measures"] = "高排放车辆限行" },
            "解除并评估" => new() { ["lifted_on"] = "2025-06-01", ["effect"] = "有效", ["summary"] = "已解除" },
            "填报进展" => new() { ["indicator"] = "sharing-met", ["region"] = "330100", ["day"] = $"2025-01-0{n}", ["value"] = n, ["source"] = "统计报表" },
            _ => new() { ["accepted"] = true, ["opinion"] = "已核验" },
        };
    }
}

internal static class Shuffling
{
    /// <summary>In an order drawn at random.</summary>
    public static List<T> Shuffled<T>(this IEnumerable<T> these, Random random) => [.. these.Select(t => (t, At: random.Next())).OrderBy(p => p.At).Select(p => p.t)];
}
