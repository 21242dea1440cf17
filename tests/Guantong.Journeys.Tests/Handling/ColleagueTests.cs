using System.Net.Http.Json;
using System.Text.Json;
using static Guantong.Tests.HandledCase;

namespace Guantong.Tests;

/// <summary>Who stands in for whom, whose turn it is, and a post that is handed over.</summary>
public sealed class ColleagueTests
{
    private static object Away(string substitute, string? login = null, string from = "2026-11-02", string to = "2026-11-03") => new { login, from, to, substitute };

    private static string By(string rule) => $"""<startEvent id="start"/><userTask id="first" name="受理" guantong:assign="{rule}" guantong:skill="焚烧核查"/><userTask id="second" name="审定" guantong:assign="rota"/><endEvent id="end" name="已答复"/>""" + Bpmn.Flows("start > first > second > end");

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_substitute_finishes_the_absent_one_s_tasks_in_their_name_while_they_are_away(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        Assert.Equal("403 not-allowed", await handled.PostAsync("steward-ecology", "absences", Away("colleague")));
        Assert.Equal("403 absence-not-yours", await handled.PostAsync("worker-huzhou", "absences", Away("colleague", "third")));
        Assert.Equal("403 absence-not-yours", await handled.PostAsync("head", "absences", Away("colleague", "worker-huzhou-weather")));
        foreach (var wrong in (string[])["worker-huzhou", "worker-huzhou-weather", "head", "nobody"])
            Assert.Equal("422 absence-substitute", await handled.PostAsync("worker-huzhou", "absences", Away(wrong)));
        foreach (var (from, to) in ((string, string)[])[("2026-11-03", "2026-11-02"), ("2026-10-01", "2026-11-01"), ("2026-11-02", "2028-11-02"), ("soon", "2026-11-02")])
            Assert.Equal("422 absence-days", await handled.PostAsync("worker-huzhou", "absences", Away("colleague", from: from, to: to)));
        Assert.Equal("409 task-taken", await handled.DoAsync("colleague", "finish"));
        // Declared by oneself and by the leader at once: one of them.
        foreach (var login in (string[])["worker-huzhou", "head"])
            await handled.AsAsync(login);
        var both = await Task.WhenAll(handled.PostAsync("worker-huzhou", "absences", Away("colleague")), handled.PostAsync("head", "absences", Away("colleague", "worker-huzhou")));
        Assert.Equal([null, "409 absence-twice"], both.Order(StringComparer.Ordinal));
        // Who stands in is not away meanwhile.
        Assert.Equal("422 absence-substitute", await handled.PostAsync("colleague", "absences", Away("third")));
        Assert.Equal("422 absence-substitute", await handled.PostAsync("third", "absences", Away("worker-huzhou")));
        var line = (await handled.GetAsync("colleague", "tasks")).GetProperty("items")[0];
        Assert.Equal(("worker-huzhou", 1), (line.GetProperty("assignee").GetString(), line.GetProperty("standsIn").GetInt32()));

        Assert.Equal("409 task-taken", await handled.DoAsync("third", "finish"));
        foreach (var act in (string[])["take", "give-back"])
            Assert.Equal("409 task-taken", await handled.DoAsync("colleague", act));
        Assert.Null(await handled.DoAsync("colleague", "finish"));
        Assert.Equal("task.done task.done-for", await handled.TracedAsync("task.done"));
        var entry = (await handled.GetAsync("duty", $"cases/{handled.Id}/ledger")).EnumerateArray().Single(e => e.GetProperty("action").GetString() == "task.done-for");
        Assert.Equal("colleague", entry.GetProperty("actor").GetString());
        Assert.Contains("worker-huzhou", entry.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_absence_is_over_after_its_last_day_or_when_it_is_ended(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        Assert.Null(await handled.PostAsync("worker-huzhou", "absences", Away("colleague")));
        var id = (await handled.GetAsync("colleague", "absences"))[0].GetProperty("id").GetString()!;
        Assert.Equal("403 absence-not-yours", await handled.PostAsync("colleague", $"absences/{id}/end"));
        Assert.Equal("404 absence-gone", await handled.PostAsync("worker-huzhou-weather", $"absences/{id}/end"));
        Assert.Null(await handled.PostAsync("head", $"absences/{id}/end"));
        Assert.Equal("404 absence-gone", await handled.PostAsync("worker-huzhou", $"absences/{id}/end"));
        Assert.Equal("409 task-taken", await handled.DoAsync("colleague", "finish"));
        Assert.Equal(0, (await handled.GetAsync("colleague", "absences")).GetArrayLength());

        // Tomorrow alone: not today, and not the day after.
        Assert.Null(await handled.PostAsync("worker-huzhou", "absences", Away("colleague", from: "2026-11-03")));
        Assert.Equal("409 task-taken", await handled.DoAsync("colleague", "finish"));
        await handled.PassAsync(48);
        Assert.Equal("409 task-taken", await handled.DoAsync("colleague", "finish"));
        Assert.Null(await handled.DoAsync("worker-huzhou", "finish"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task By_load_a_task_goes_to_whoever_has_the_fewest_and_two_at_once_count_each_other(string store)
    {
        await using var handled = await StartAsync(store, By("load"));
        Assert.Equal((Ecology, "colleague"), await handled.HeldAsync());
        Assert.Equal("third", await AssigneeAsync(handled, await handled.Played.OpenAsync()));
        Assert.Null(await handled.PostAsync("worker-huzhou", "absences", Away("colleague")));
        // One is away: the others have one each, and get one each.
        var both = await Task.WhenAll(handled.Played.OpenAsync(), handled.Played.OpenAsync());
        Assert.Equal(["colleague", "third"], new[] { await AssigneeAsync(handled, both[0]), await AssigneeAsync(handled, both[1]) }.Order(StringComparer.Ordinal));
        Assert.Equal("task.assigned", await handled.TracedAsync("task.assigned"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task By_skill_and_in_turn_it_goes_to_whoever_is_fit_and_to_the_unit_where_nobody_is(string store)
    {
        await using var handled = await StartAsync(store, By("skill"));
        Assert.Equal((Ecology, null), await handled.HeldAsync());
        async Task<int> SetAsync(string by, string login, params string[] skills) => (int)(await (await handled.AsAsync(by)).PutAsJsonAsync($"/api/v1/skills/{login}", new { skills })).StatusCode;
        Assert.Equal(403, await SetAsync("worker-huzhou", "third", "焚烧核查"));
        Assert.Equal(403, await SetAsync("head", "worker-huzhou-weather", "焚烧核查"));
        Assert.Equal(422, await SetAsync("head", "third", " "));
        Assert.Equal(204, await SetAsync("head", "third", "焚烧核查", "扬尘"));
        Assert.Equal("third", await AssigneeAsync(handled, await handled.Played.OpenAsync()));
        Assert.Equal(204, await SetAsync("head", "third"));
        Assert.Null(await AssigneeAsync(handled, await handled.Played.OpenAsync()));

        // In turn, but for who has declared an interest in the case.
        var turns = new List<string?>();
        for (var i = 0; i < 4; i++)
        {
            var id = await handled.Played.OpenAsync();
            if (i == 1)
                Assert.Null(await handled.PostAsync("third", $"tasks/{await TaskAsync(handled, id)}/recuse", new { reason = "亲属" }));
            await handled.Played.FinishAsync(id, "first");
            turns.Add(await AssigneeAsync(handled, id));
        }
        Assert.Equal(["colleague", "worker-huzhou", "colleague", "third"], turns);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_post_is_handed_over_whole_and_what_the_other_may_not_do_goes_back_to_the_unit(string store)
    {
        await using var handled = await StartAsync(store);
        var (second, third) = (await handled.AnotherAsync(), await handled.AnotherAsync());
        await handled.DoAsync("colleague", "take");
        await handled.PostAsync("colleague", $"tasks/{second}/recuse", new { reason = "亲属" });
        foreach (var task in (string[])[second, third])
            Assert.Null(await handled.PostAsync("worker-huzhou", $"tasks/{task}/take"));
        Assert.Null(await handled.DoAsync("colleague", "delegate", new { login = "worker-huzhou" }));
        Assert.Null(await handled.PostAsync("third", "absences", Away("worker-huzhou")));
        Assert.Equal("403 not-allowed", await handled.PostAsync("third", "colleagues/worker-huzhou/hand-over", new { to = "colleague", reason = "调岗" }));
        Assert.Equal("422 not-colleague", await handled.PostAsync("head", "colleagues/worker-huzhou/hand-over", new { to = "worker-huzhou-weather", reason = "调岗" }));
        Assert.Equal("422 reason-missing", await handled.PostAsync("head", "colleagues/worker-huzhou/hand-over", new { to = "colleague" }));
        var held = await handled.GetAsync("head", "colleagues/worker-huzhou/held");
        Assert.Equal(["absence", "delegate", "task", "task"], held.EnumerateArray().Select(h => h.GetProperty("kind").GetString()!));
        string[] seen = [.. held.EnumerateArray().Select(h => h.GetProperty("id").GetString()!)];
        Assert.Equal("409 post-changed", await handled.PostAsync("head", "colleagues/worker-huzhou/hand-over", new { to = "colleague", reason = "调岗", seen = seen[1..] }));

        await handled.AsAsync("head");
        object body = new { to = "colleague", reason = "调岗", seen };
        var both = await Task.WhenAll(handled.PostAsync("head", "colleagues/worker-huzhou/hand-over", body), handled.PostAsync("head", "colleagues/worker-huzhou/hand-over", body));
        Assert.Equal([null, "409 post-empty"], both.Order(StringComparer.Ordinal));
        async Task<string?> HasAsync(string task) => (await handled.GetAsync("duty", $"tasks/{task}")).GetProperty("task").GetProperty("assignee").GetString();
        Assert.Equal(("colleague", null, "colleague"), (await HasAsync(handled.Task), await HasAsync(second), await HasAsync(third)));
        // What the other had delegated to them is theirs again.
        Assert.Equal("settled returned", await handled.StandAsync("delegate"));
        Assert.Equal("colleague", (await handled.GetAsync("head", "absences"))[0].GetProperty("substitute").GetString());
        Assert.Equal("409 post-empty", await handled.PostAsync("head", "colleagues/worker-huzhou/hand-over", new { to = "colleague", reason = "调岗" }));
    }

    private static async Task<JsonElement> OpenTaskAsync(HandledCase handled, string id) =>
        (await handled.GetAsync("duty", $"cases/{id}")).GetProperty("tasks").EnumerateArray().Single(t => t.GetProperty("state").GetString() == "open");

    private static async Task<string?> AssigneeAsync(HandledCase handled, string id) => (await OpenTaskAsync(handled, id)).GetProperty("assignee").GetString();

    private static async Task<string> TaskAsync(HandledCase handled, string id) => (await OpenTaskAsync(handled, id)).GetProperty("id").GetString()!;
}
