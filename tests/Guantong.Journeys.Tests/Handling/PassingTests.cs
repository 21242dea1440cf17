using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static Guantong.Tests.HandledCase;

namespace Guantong.Tests;

/// <summary>Who does a task: assigned, delegated, handed over, given up for an interest.</summary>
public sealed class PassingTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_head_of_a_unit_assigns_its_tasks_to_its_officials_and_takes_them_back(string store)
    {
        await using var handled = await StartAsync(store);
        Assert.Equal("403 assign-not-yours", await handled.DoAsync("leader", "assign", new { login = "colleague" }));
        Assert.Equal("403 not-allowed", await handled.DoAsync("worker-huzhou", "assign", new { login = "colleague" }));
        foreach (var other in (string[])["worker-huzhou-weather", "head", "nobody"])
            Assert.Equal("422 not-colleague", await handled.DoAsync("head", "assign", new { login = other }));
        Assert.Null(await handled.DoAsync("head", "assign", new { login = "colleague", version = 1 }));
        Assert.Equal((Ecology, "colleague"), await handled.HeldAsync());
        // Another who saw it before that is told.
        Assert.Equal("409 task-changed", await handled.DoAsync("head", "assign", new { login = "third", version = 1 }));
        Assert.Equal("409 assign-same", await handled.DoAsync("head", "assign", new { login = "colleague" }));
        Assert.Equal("409 task-taken", await handled.DoAsync("worker-huzhou", "take"));
        Assert.Null(await handled.DoAsync("head", "assign", new { }));
        Assert.Equal((Ecology, null), await handled.HeldAsync());
        Assert.Equal("409 task-untaken", await handled.DoAsync("head", "assign", new { }));
        Assert.Null(await handled.DoAsync("worker-huzhou", "take"));
        Assert.Null(await handled.DoAsync("head", "assign", new { login = "third" }));
        Assert.Null(await handled.DoAsync("third", "finish"));
        Assert.Equal("409 task-done", await handled.DoAsync("head", "assign", new { login = "colleague" }));
        Assert.Equal(["task.assigned", "task.taken-away", "task.taken", "task.assigned"], (await handled.Played.LedgerAsync(handled.Id)).Where(a => a.StartsWith("task.a", StringComparison.Ordinal) || a.StartsWith("task.tak", StringComparison.Ordinal)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Two_heads_who_assign_the_same_task_at_once_are_told_of_each_other(string store)
    {
        await using var handled = await StartAsync(store);
        foreach (var login in (string[])["head", "colleague"])
            await handled.AsAsync(login);
        var both = await Task.WhenAll(handled.DoAsync("head", "assign", new { login = "colleague", version = 1 }), handled.DoAsync("head", "assign", new { login = "third", version = 1 }));
        Assert.Equal([null, "409 task-changed"], both.Order(StringComparer.Ordinal));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_delegated_task_stays_in_sight_and_is_called_back(string store)
    {
        await using var handled = await StartAsync(store);
        Assert.Equal("409 task-untaken", await handled.DoAsync("worker-huzhou", "delegate", new { login = "colleague" }));
        Assert.Null(await handled.DoAsync("worker-huzhou", "take"));
        Assert.Equal("422 not-colleague", await handled.DoAsync("worker-huzhou", "delegate", new { login = "worker-huzhou-weather" }));
        Assert.Equal("422 not-colleague", await handled.DoAsync("worker-huzhou", "delegate", new { login = "worker-huzhou" }));
        Assert.Equal("409 task-taken", await handled.DoAsync("colleague", "delegate", new { login = "third" }));
        Assert.Null(await handled.DoAsync("worker-huzhou", "delegate", new { login = "colleague", words = "出差三天" }));
        Assert.Equal("delegate task", await handled.ListAsync("colleague"));
        Assert.Equal("task", await handled.ListAsync("third"));
        Assert.Equal((Ecology, "worker-huzhou"), await handled.HeldAsync());
        Assert.Equal("409 task-delegated", await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Equal("409 task-taken", await handled.DoAsync("third", "finish"));
        Assert.Equal("409 task-delegated", await handled.DoAsync("colleague", "delegate", new { login = "third" }));

        // Called back, entrusted to another, who gives it back; then done by the first.
        var ask = await handled.AskIdAsync("delegate");
        Assert.Equal("403 withdraw-not-yours", await handled.AskAsync("colleague", ask, "withdraw"));
        Assert.Null(await handled.AskAsync("worker-huzhou", ask, "withdraw"));
        Assert.Equal("409 task-taken", await handled.DoAsync("colleague", "finish"));
        Assert.Null(await handled.DoAsync("worker-huzhou", "delegate", new { login = "third" }));
        Assert.Null(await handled.DoAsync("third", "give-back"));
        Assert.Equal("409 ask-acted", await handled.AskAsync("worker-huzhou", await handled.AskIdAsync("delegate"), "withdraw"));
        Assert.Null(await handled.DoAsync("worker-huzhou", "delegate", new { login = "colleague" }));
        Assert.Null(await handled.DoAsync("colleague", "finish"));
        Assert.Equal("task", await handled.ListAsync("colleague"));
        Assert.Equal("409 ask-over", await handled.AskAsync("worker-huzhou", await handled.AskIdAsync("delegate"), "withdraw"));
        Assert.Contains("task.done-for", await handled.Played.LedgerAsync(handled.Id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_task_that_was_handed_over_is_the_other_unit_s_until_it_is_returned_and_never_goes_in_circles(string store)
    {
        await using var handled = await StartAsync(store);
        Assert.Equal("422 reason-missing", await handled.DoAsync("worker-huzhou", "hand-over", new { unit = Weather }));
        Assert.Equal("422 ask-whom", await handled.DoAsync("worker-huzhou", "hand-over", new { unit = "nowhere", reason = "不属本局" }));
        Assert.Equal("422 ask-own", await handled.DoAsync("worker-huzhou", "hand-over", new { unit = Ecology, reason = "不属本局" }));
        Assert.Equal("403 task-elsewhere", await handled.DoAsync("worker-huzhou-weather", "hand-over", new { unit = Traffic, reason = "不属本局" }));
        Assert.Equal("409 not-handed-over", await handled.DoAsync("worker-huzhou", "return", new { reason = "不属本局" }));

        // To a unit of another city, which saw nothing of it before; whoever had it still sees it.
        Assert.False(await handled.IsSeenByAsync("worker-hangzhou-civil"));
        Assert.Null(await handled.DoAsync("worker-huzhou", "hand-over", new { unit = Civil, reason = "属民政职责" }));
        Assert.Equal((Civil, null), await handled.HeldAsync());
        Assert.True(await handled.IsSeenByAsync("worker-hangzhou-civil"));
        Assert.Equal("task", await handled.ListAsync("worker-hangzhou-civil"));
        Assert.Equal("403 task-elsewhere", await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Null(await handled.DoAsync("worker-hangzhou-civil", "hand-over", new { unit = Weather, reason = "须先定气象" }));
        Assert.True(await handled.IsSeenByAsync("worker-hangzhou-civil"));
        foreach (var had in (string[])[Ecology, Civil])
            Assert.Equal("409 hand-over-circle", await handled.DoAsync("worker-huzhou-weather", "hand-over", new { unit = had, reason = "再转" }));
        Assert.Null(await handled.DoAsync("worker-huzhou-weather", "return", new { reason = "不属气象" }));
        Assert.Equal((Civil, null), await handled.HeldAsync());
        // Nor to whoever has returned it.
        Assert.Equal("409 hand-over-circle", await handled.DoAsync("worker-hangzhou-civil", "hand-over", new { unit = Weather, reason = "再转" }));
        Assert.Null(await handled.DoAsync("worker-hangzhou-civil", "return", new { reason = "不属民政" }));
        Assert.Equal((Ecology, null), await handled.HeldAsync());
        Assert.Null(await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Equal(["task.handed-over", "task.handed-over", "task.returned", "task.returned"], (await handled.Played.LedgerAsync(handled.Id)).Where(a => a is "task.handed-over" or "task.returned"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_hand_over_is_taken_back_while_the_other_unit_has_not_acted(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        Assert.Null(await handled.DoAsync("worker-huzhou", "hand-over", new { unit = Weather, reason = "转错前" }));
        var ask = await handled.AskIdAsync("hand-over");
        Assert.Equal("403 withdraw-not-yours", await handled.AskAsync("colleague", ask, "withdraw"));
        Assert.Null(await handled.AskAsync("worker-huzhou", ask, "withdraw"));
        Assert.Equal((Ecology, "worker-huzhou"), await handled.HeldAsync());
        // It was as if it had not been: the same unit may be handed it.
        Assert.Null(await handled.DoAsync("worker-huzhou", "hand-over", new { unit = Weather, reason = "须气象办理" }));
        ask = await handled.AskIdAsync("hand-over");
        foreach (var login in (string[])["worker-huzhou", "worker-huzhou-weather"])
            await handled.AsAsync(login);
        // At once, one of the two wins, and the other is told.
        var both = await Task.WhenAll(handled.AskAsync("worker-huzhou", ask, "withdraw"), handled.DoAsync("worker-huzhou-weather", "take"));
        Assert.Single(both, b => b is null);
        Assert.Equal(both[0] is null ? (Ecology, "worker-huzhou") : (Weather, "worker-huzhou-weather"), await handled.HeldAsync());
        Assert.Equal(both[0] is null ? "403 task-elsewhere" : "409 ask-acted", both[0] ?? both[1]);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Who_has_declared_an_interest_takes_no_task_of_the_case_again_by_any_way(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.DoAsync("worker-huzhou", "take");
        Assert.Equal("409 task-taken", await handled.DoAsync("colleague", "recuse", new { reason = "亲属" }));
        Assert.Equal("422 reason-missing", await handled.DoAsync("worker-huzhou", "recuse"));
        Assert.Null(await handled.DoAsync("worker-huzhou", "recuse", new { reason = "当事人是本人亲属" }));
        Assert.Equal((Ecology, null), await handled.HeldAsync());
        foreach (var act in (string[])["take", "finish", "recuse"])
            Assert.Equal("409 task-recused", await handled.DoAsync("worker-huzhou", act, new { reason = "再来" }));
        Assert.Equal("409 ask-recused", await handled.DoAsync("head", "assign", new { login = "worker-huzhou" }));
        await handled.DoAsync("colleague", "take");
        Assert.Equal("409 ask-recused", await handled.DoAsync("colleague", "delegate", new { login = "worker-huzhou" }));
        Assert.Equal("409 ask-recused", await handled.DoAsync("colleague", "countersign", new { to = To($"{Ecology}/worker-huzhou"), due = handled.In(24), words = "请会签" }));
        await handled.DoAsync("colleague", "finish");
        // Its next task neither, nor by sending the case back.
        Assert.Equal("task-recused", (await handled.Played.MoveAsync(await handled.AsAsync("worker-huzhou"), handled.Id, "rewind", "first")).Code);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, await handled.Played.FinishAsync(handled.Id, "second"));
        var other = await handled.AnotherAsync();
        Assert.Null(await handled.PostAsync("worker-huzhou", $"tasks/{other}/take"));
        Assert.Contains("task.recused", await handled.Played.LedgerAsync(handled.Id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_who_delegate_return_recuse_or_copy_at_once_one_is_told(string store)
    {
        await using var handled = await StartAsync(store);
        foreach (var login in (string[])["worker-huzhou", "worker-huzhou-weather", "weather-two"])
            await handled.AsAsync(login);
        async Task<string?[]> BothAsync(Func<Task<string?>> one, Func<Task<string?>> other) => [.. (await Task.WhenAll(one(), other())).Order(StringComparer.Ordinal)];
        await handled.DoAsync("worker-huzhou", "take");
        Assert.Equal([null, "409 task-delegated"], await BothAsync(() => handled.DoAsync("worker-huzhou", "delegate", new { login = "colleague" }), () => handled.DoAsync("worker-huzhou", "delegate", new { login = "third" })));
        Assert.Null(await handled.AskAsync("worker-huzhou", await handled.AskIdAsync("delegate"), "withdraw"));
        Assert.Equal([null, "409 copy-twice"], await BothAsync(() => handled.DoAsync("worker-huzhou", "copy", new { to = To(Weather) }), () => handled.DoAsync("worker-huzhou", "copy", new { to = To(Weather, Traffic) })));
        Assert.Null(await handled.DoAsync("worker-huzhou", "hand-over", new { unit = Weather, reason = "属气象" }));
        Assert.Equal([null, "403 task-elsewhere"], await BothAsync(() => handled.DoAsync("worker-huzhou-weather", "return", new { reason = "不属气象" }), () => handled.DoAsync("weather-two", "return", new { reason = "不属气象" })));
        Assert.Equal((Ecology, null), await handled.HeldAsync());
        Assert.Equal([null, "409 task-recused"], await BothAsync(() => handled.DoAsync("worker-huzhou", "recuse", new { reason = "亲属" }), () => handled.DoAsync("worker-huzhou", "recuse", new { reason = "亲属" })));
        Assert.Equal("task.recused", await handled.TracedAsync("task.recused"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Two_batches_at_once_give_each_task_to_one_of_them(string store)
    {
        await using var handled = await StartAsync(store);
        string[] tasks = [handled.Task, await handled.AnotherAsync(), await handled.AnotherAsync()];
        async Task<string[]> TakeAsync(string login)
        {
            using var answer = await (await handled.AsAsync(login)).PostAsJsonAsync("/api/v1/tasks/batch", new { act = "take", tasks });
            return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").EnumerateArray().Select(r => r.GetProperty("code").GetString() ?? login)];
        }
        foreach (var login in (string[])["colleague", "third"])
            await handled.AsAsync(login);
        var (one, other) = (TakeAsync("colleague"), TakeAsync("third"));
        await Task.WhenAll(one, other);
        foreach (var (a, b) in (await one).Zip(await other))
            Assert.True((a, b) is ("colleague", "task-taken") or ("task-taken", "third"), $"{a} {b}");
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_task_is_handed_down_and_reported_up_within_its_line_and_comes_back_by_being_returned(string store)
    {
        await using var handled = await StartAsync(store);
        Assert.Equal("422 level-none", await handled.DoAsync("worker-huzhou", "hand-down", new { region = "330102", reason = "属地办理" }));
        Assert.Equal("422 reason-missing", await handled.DoAsync("worker-huzhou", "hand-down", new { region = "330502" }));
        Assert.Equal("422 level-none", await handled.DoAsync("county", "hand-down", new { region = "330502", reason = "属地办理" }));
        Assert.Equal("403 task-elsewhere", await handled.DoAsync("worker-huzhou-weather", "report-up", new { reason = "须省里定" }));
        // Two at once: one of them.
        await handled.AsAsync("worker-huzhou");
        var both = await Task.WhenAll(handled.DoAsync("worker-huzhou", "hand-down", new { region = "330502", reason = "属地办理" }), handled.DoAsync("worker-huzhou", "report-up", new { reason = "须省里定" }));
        Assert.Equal([null, "403 task-elsewhere"], both.Order(StringComparer.Ordinal));
        if (both[0] is not null)
        {
            Assert.Null(await handled.AskAsync("worker-huzhou", await handled.AskIdAsync("hand-over"), "withdraw"));
            Assert.Null(await handled.DoAsync("worker-huzhou", "hand-down", new { region = "330502", reason = "属地办理" }));
        }
        Assert.Equal((Wuxing, null), await handled.HeldAsync());
        // It is called what it is, wherever it stands.
        Assert.Equal("hand-down", (await handled.LastAsync("hand-over")).GetProperty("way").GetString());
        // Up again is back to where it came from: returned, with a reason.
        Assert.Equal("409 hand-over-circle", await handled.DoAsync("county", "report-up", new { reason = "须市里定" }));
        Assert.Null(await handled.DoAsync("county", "return", new { reason = "不属本县" }));
        Assert.Equal((Ecology, null), await handled.HeldAsync());
        if (both[0] is null)
        {
            Assert.Null(await handled.DoAsync("worker-huzhou", "report-up", new { reason = "须省里定" }));
            Assert.Equal(("zj-ecology", null), await handled.HeldAsync());
            Assert.Equal("report-up", (await handled.LastAsync("hand-over")).GetProperty("way").GetString());
            Assert.Null(await handled.AskAsync("worker-huzhou", await handled.AskIdAsync("hand-over"), "withdraw"));
        }
        Assert.Equal("report-up.withdrawn", await handled.TracedAsync("hand-over.", "hand-down.", "report-up."));
        Assert.Contains("task.handed-down task.returned", await handled.TracedAsync("task.handed", "task.returned"), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_county_hands_down_to_its_towns_whatever_its_line(string store)
    {
        await using var handled = await StartAsync(store);
        // A city hands down to counties, no further; and they to their own towns.
        Assert.Equal("422 level-none", await handled.DoAsync("worker-huzhou", "hand-down", new { region = "330502100", reason = "属地办理" }));
        Assert.Null(await handled.DoAsync("worker-huzhou", "hand-down", new { region = "330502", reason = "属地办理" }));
        foreach (var elsewhere in (string[])["330503100", "330106002", "330502", "3305021", "330500"])
            Assert.Equal("422 level-none", await handled.DoAsync("county", "hand-down", new { region = elsewhere, reason = "属地办理" }));
        Assert.Equal("404 task-gone", await handled.DoAsync("county-government", "hand-down", new { region = "330502100", reason = "属地办理" }));
        Assert.Equal("404 task-gone", await handled.DoAsync("town", "take"));
        Assert.False(await handled.IsSeenByAsync("town"));

        // Two at once: one of the towns has it.
        await handled.AsAsync("county");
        var both = await Task.WhenAll(handled.DoAsync("county", "hand-down", new { region = "330502100", reason = "在织里" }), handled.DoAsync("county", "hand-down", new { region = "330502101", reason = "在八里店" }));
        Assert.Equal([null, "403 task-elsewhere"], both.Order(StringComparer.Ordinal));
        var (has, other, unit) = both[0] is null ? ("town", "other-town", Zhili) : ("other-town", "town", Balidian);
        Assert.Equal((unit, null), await handled.HeldAsync());
        Assert.Equal((true, false), (await handled.IsSeenByAsync(has), await handled.IsSeenByAsync(other)));
        Assert.Equal("task", await handled.ListAsync(has));
        Assert.Equal("", await handled.ListAsync(other));

        // Undone while the town has not acted; not when it has.
        Assert.Null(await handled.AskAsync("county", await handled.AskIdAsync("hand-over"), "withdraw"));
        Assert.Equal((Wuxing, "county"), await handled.HeldAsync());
        Assert.Null(await handled.DoAsync("county", "hand-down", new { region = "330502100", reason = "在织里" }));
        var ask = await handled.AskIdAsync("hand-over");
        Assert.Equal("422 level-none", await handled.DoAsync("town", "hand-down", new { region = "330502100", reason = "派到村" }));
        Assert.Null(await handled.DoAsync("town", "take"));
        Assert.Equal("409 ask-acted", await handled.AskAsync("county", ask, "withdraw"));

        // Up from a town is to its county's government, which cannot hand it down to the town again; what came from a bureau goes back to it.
        Assert.Null(await handled.DoAsync("town", "report-up", new { reason = "须县里定" }));
        Assert.Equal((Government, null), await handled.HeldAsync());
        Assert.Equal("409 hand-over-circle", await handled.DoAsync("county-government", "hand-down", new { region = "330502100", reason = "仍由镇办" }));
        Assert.Null(await handled.DoAsync("county-government", "return", new { reason = "可由镇办" }));
        Assert.Equal((Zhili, null), await handled.HeldAsync());
        Assert.Null(await handled.DoAsync("town", "return", new { reason = "不在本镇" }));
        Assert.Equal((Wuxing, null), await handled.HeldAsync());
        Assert.Equal("task.handed-down task.handed-down task.handed-down task.reported-up task.returned task.returned", await handled.TracedAsync("task.handed", "task.reported", "task.returned"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_of_a_town_is_the_town_s_and_its_county_sees_it(string store)
    {
        await using var handled = await StartAsync(store, lane: "乡镇(街道)", region: "330502100");
        Assert.Equal((Zhili, null), await handled.HeldAsync());
        // The town itself, its county and its city see it; neither another town nor another city.
        foreach (var login in (string[])["town", "county-government", "county", "worker-huzhou"])
            Assert.True(await handled.IsSeenByAsync(login), login);
        foreach (var login in (string[])["other-town", "worker-hangzhou", "worker-beishan"])
            Assert.False(await handled.IsSeenByAsync(login), login);
        Assert.StartsWith("330502100-", (await handled.GetAsync("town", $"cases/{handled.Id}")).GetProperty("case").GetProperty("number").GetString(), StringComparison.Ordinal);
        // Of what lies above and beside it, a town's official sees nothing; whoever opens a case where they are opens one of the town.
        var county = await handled.Played.OpenAsync(region: "330502");
        Assert.Equal(Government, (await handled.GetAsync("duty", $"cases/{county}")).GetProperty("tasks")[0].GetProperty("unit").GetString());
        Assert.Equal("404", await SeenAsync("town", county));
        using (var opened = await (await handled.AsAsync("town")).PostAsJsonAsync("/api/v1/cases", new { pack = "environment.air-quality", matter = "air-report" }))
            Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        Assert.Equal(("2", "3", "0"), (await CountAsync("town"), await CountAsync("county"), await CountAsync("other-town")));

        // Reported up by the town, and taken back by it.
        Assert.Equal("404 task-gone", await handled.DoAsync("other-town", "report-up", new { reason = "须县里定" }));
        Assert.Equal("403 task-elsewhere", await handled.DoAsync("county-government", "report-up", new { reason = "须市里定" }));
        Assert.Equal("422 reason-missing", await handled.DoAsync("town", "report-up"));
        await handled.AsAsync("town");
        var both = await Task.WhenAll(handled.DoAsync("town", "report-up", new { reason = "须县里定" }), handled.DoAsync("town", "report-up", new { reason = "须县里定" }));
        Assert.Equal([null, "403 task-elsewhere"], both.Order(StringComparer.Ordinal));
        Assert.Equal((Government, null), await handled.HeldAsync());
        Assert.Null(await handled.AskAsync("town", await handled.AskIdAsync("hand-over"), "withdraw"));
        Assert.Null(await handled.DoAsync("town", "report-up", new { reason = "须县里定" }));
        Assert.Null(await handled.DoAsync("county-government", "hand-down", new { region = "330502101", reason = "由八里店牵头" }));
        Assert.Equal((Balidian, null), await handled.HeldAsync());
        Assert.True(await handled.IsSeenByAsync("other-town"));
        Assert.Null(await handled.DoAsync("other-town", "finish"));
        Assert.Equal("task.reported-up task.reported-up task.handed-down", await handled.TracedAsync("task.handed", "task.reported"));

        async Task<string> SeenAsync(string login, string id)
        {
            using var answer = await (await handled.AsAsync(login)).GetAsync($"/api/v1/cases/{id}");
            return $"{(int)answer.StatusCode}";
        }
        async Task<string> CountAsync(string login) => (await handled.GetAsync(login, "cases")).GetProperty("total").ToString();
    }
}
