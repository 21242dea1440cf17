using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Between regions, units and persons: what is not somebody's to see is not there for them, in no list, by no address and for no act.</summary>
public sealed class RowRightsJourneyTests
{
    private static readonly string[] Every = ["case-worker", "leader", "designer", "steward", "operator"];

    private static readonly Person[] People =
    [
        new("all-huzhou", "演示·湖州", "Demo Huzhou", "official", "zj-ecology-330500", "330500", Every),
        new("all-hangzhou", "演示·杭州", "Demo Hangzhou", "official", "zj-ecology-330100", "330100", Every),
        new("all-wuxing", "演示·吴兴", "Demo Wuxing", "official", "zj-ecology-330502", "330502", Every),
        new("all-invited", "演示·杭州民政", "Demo Hangzhou civil affairs", "official", "zj-civil-affairs-330100", "330100", Every),
        new("all-province", "演示·省", "Demo province", "official", "zj-data", "330000", Every),
        new("no-region", "演示·无区划", "Demo nowhere", "official", null, "", Every),
    ];

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Cases_and_all_that_belongs_to_them_are_seen_by_region_and_unit(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, IncidentTests.Choice);
        await played.Platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        var id = await played.OpenAsync(new { secret = "湖州一户" });
        await played.FinishAsync(id, "inspect", new { confirmed = true, finding = "有焚烧痕迹" });
        var marks = await MarkAsync(played, id);
        var hidden = new Dictionary<string, HttpClient>();
        foreach (var login in (string[])["all-hangzhou", "all-wuxing", "no-region"])
            hidden[login] = await played.SignInAsync(login);

        // Single reads: as if it were not there.
        string[] single = [$"cases/{id}", $"cases/{marks.Number}", $"cases/{id}/process", $"cases/{id}/decisions", $"cases/{id}/ledger", $"cases/{id}/moves", $"cases/{id}/version", $"tasks/{marks.Task}", $"incidents/{marks.Incident}", $"messages/{marks.Message}"];
        foreach (var login in (string[])["all-huzhou", "all-province", "all-invited"])
        {
            using var http = await played.SignInAsync(login);
            foreach (var path in single)
                Assert.True((await http.GetAsync("/api/v1/" + path)).StatusCode == HttpStatusCode.OK, $"{login} reads {path}");
        }
        foreach (var (login, http) in hidden)
        {
            foreach (var path in single)
                Assert.True((await http.GetAsync("/api/v1/" + path)).StatusCode == HttpStatusCode.NotFound, $"{login} reads {path}");
        }

        // Lists, search by words, figures and exports: counts too.
        var day = RecordedProcess.Query;
        (string Path, string Count)[] lists =
        [
            ("cases", "total"), ($"cases?q={marks.Number}", "total"), ("cases?state=stuck", "total"), ($"tasks?unit={marks.Unit}", "total"), ($"tasks?unit={marks.Unit}&q={marks.Number}", "total"),
            ("incidents", "total"), ($"incidents?caseId={id}", "total"), ("messages", "total"), ("messages?q=told", "total"), ($"processes/figures?{day}", "cases"),
        ];
        foreach (var (path, count) in lists)
        {
            foreach (var (login, http) in hidden)
                Assert.True((await http.GetFromJsonAsync<JsonElement>("/api/v1/" + path)).GetProperty(count).GetInt64() == 0, $"{login} lists {path}");
            using var own = await played.SignInAsync("all-huzhou");
            Assert.True((await own.GetFromJsonAsync<JsonElement>("/api/v1/" + path)).GetProperty(count).GetInt64() == 1, $"all-huzhou lists {path}");
        }
        // Why: what is not seen is not spoken of; who answers for it is told of the region.
        using (var elsewhere = await played.SignInAsync("worker-hangzhou"))
            Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.GetAsync($"/api/v1/why?act=task.read&about=case:{marks.Number}")).StatusCode);
        var why = await played.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/why?login=worker-hangzhou&act=case.read&about=case:{marks.Number}");
        Assert.Equal("您有时可以看办件，但这一次不行：它在您的区域之外。", why.GetProperty("why")[0].GetString());
        Assert.True((await played.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/why?login=worker-hangzhou-civil&act=case.read&about=case:{marks.Number}")).GetProperty("allowed").GetBoolean());

        // Migrations: which versions hold whose cases.
        foreach (var (login, running) in ((string, long)[])[("all-hangzhou", 0), ("all-wuxing", 0), ("all-huzhou", 1), ("all-province", 1)])
        {
            using var http = await played.SignInAsync(login);
            var versions = await http.GetFromJsonAsync<JsonElement>("/api/v1/migrations/versions?pack=environment.air-quality&matter=air-report");
            Assert.Equal(running, versions.EnumerateArray().Sum(v => v.GetProperty("running").GetInt64()));
        }
        foreach (var format in (string[])["csv", "xes", "ocel"])
        {
            foreach (var (login, http) in hidden)
                Assert.DoesNotContain(marks.Number, await http.GetStringAsync($"/api/v1/processes/events?{day}&format={format}"), StringComparison.Ordinal);
            using var own = await played.SignInAsync("all-huzhou");
            Assert.Contains(marks.Number, await own.GetStringAsync($"/api/v1/processes/events?{day}&format={format}"), StringComparison.Ordinal);
        }
        foreach (var http in hidden.Values)
            http.Dispose();
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Nothing_is_done_to_what_is_not_seen(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, IncidentTests.Choice);
        await played.Platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "inspect", new { confirmed = true, finding = "有焚烧痕迹" });
        var marks = await MarkAsync(played, id);
        var before = await StandAsync(played);
        (string Path, object Body)[] acts =
        [
            ($"tasks/{marks.Task}/take", new { }), ($"tasks/{marks.Task}/give-back", new { }), ($"tasks/{marks.Task}/finish", new { }),
            ($"incidents/{marks.Incident}/retry", new { reason = "再试", data = new { place = "村口" } }), ($"incidents/{marks.Incident}/dismiss", new { reason = "略过" }),
            ($"messages/{marks.Message}/retry", new { reason = "再发" }), ($"messages/{marks.Message}/drop", new { reason = "丢弃" }),
            ($"cases/{id}/rewind", new { to = "inspect", compensate = false, reason = "退回", version = 1 }), ($"cases/{id}/recall", new { to = "inspect", compensate = false, reason = "收回", version = 1 }), ($"cases/{id}/skip", new { token = "1", reason = "跳过", version = 1 }),
        ];
        foreach (var login in (string[])["all-hangzhou", "all-wuxing", "no-region"])
        {
            using var http = await played.SignInAsync(login);
            foreach (var (path, body) in acts)
            {
                var answer = await http.PostAsJsonAsync("/api/v1/" + path, body);
                Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{login} does {path}: {(int)answer.StatusCode}");
            }
        }
        Assert.Equal(before, await StandAsync(played));
        // Seen, and still another unit's: told so.
        using var invited = await played.SignInAsync("all-province");
        Assert.Equal(HttpStatusCode.Forbidden, (await invited.PostAsJsonAsync($"/api/v1/tasks/{marks.Task}/take", new { })).StatusCode);
        using var huzhou = await played.SignInAsync("all-huzhou");
        Assert.Equal(HttpStatusCode.NoContent, (await huzhou.PostAsJsonAsync($"/api/v1/incidents/{marks.Incident}/retry", new { reason = "补上", data = new { place = "村口" } })).StatusCode);
    }

    private sealed record Marks(string Number, string Task, string Unit, string Incident, string Message);

    // The case gets a task of a unit of Hangzhou, as a process across regions gives one, and a message that it took.
    private static async Task<Marks> MarkAsync(PlayedProcess played, string id)
    {
        var (number, task, unit) = await played.Store.ReadAsync(c => c.QueryFirstAsync<(string, string, string)>("SELECT c.number, t.id, t.unit FROM work_case c JOIN work_task t ON t.case_id = c.id WHERE c.id = @id", new { id }));
        await played.Store.ReadAsync(c => c.ExecuteAsync("""
            INSERT INTO work_task (id, case_id, token, node, name, unit, state, opened, ended, version) VALUES ('asked', @id, 'x', 'explain', '说明', 'zj-civil-affairs-330100', 'done', '2026-11-02T00:00:00.000Z', '2026-11-02T00:00:00.000Z', 1)
            """, new { id }));
        await played.Store.ReadAsync(c => c.ExecuteAsync("""
            INSERT INTO work_message (id, kind, name, data, sender, state, attempts, due, expires, sent, taken_by) VALUES ('told', 'message', 'told', '{}', 'somebody', 'taken', 0, '2026-11-02T00:00:00.000Z', '2026-11-09T00:00:00.000Z', '2026-11-02T00:00:00.000Z', @number)
            """, new { number }));
        return new Marks(number, task, unit, (await played.IncidentsAsync())[0].GetProperty("id").GetString()!, "told");
    }

    private static Task<string> StandAsync(PlayedProcess played) => played.Store.ReadAsync(async c =>
        string.Join('\n', await c.QueryAsync<string>("SELECT id || state || version FROM work_case UNION ALL SELECT id || state || coalesce(assignee, '-') || version FROM work_task UNION ALL SELECT id || coalesce(resolved, '-') FROM work_incident UNION ALL SELECT id || state FROM work_message")));
}
