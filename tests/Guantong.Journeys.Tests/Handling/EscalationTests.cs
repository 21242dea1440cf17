using System.Text.Json;
using Guantong.Trust;
using static Guantong.Tests.HandledCase;

namespace Guantong.Tests;

/// <summary>What is overdue comes before the leaders of its unit, once, and goes further where they do not act.</summary>
public sealed class EscalationTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_turns_red_escalates_once_however_many_nodes_look(string store)
    {
        await using var handled = await StartAsync(store, Timed);
        await handled.PassAsync(23.9);
        Assert.Equal("", await handled.TracedAsync("task.escalated"));
        await handled.Played.PassAsync(TimeSpan.FromMinutes(10), nodes: 4);
        await handled.Played.PassAsync(TimeSpan.FromHours(1), nodes: 4);
        Assert.Equal("task.escalated", await handled.TracedAsync("task.escalated", "case.escalated"));
        // Leaders have it at the top of their list; nobody else has it.
        Assert.Equal(["escalation", "task"], (await handled.GetAsync("head", "tasks")).GetProperty("items").EnumerateArray().Select(l => l.GetProperty("kind").GetString()!));
        Assert.Equal("task", await handled.ListAsync("worker-huzhou"));
        // The case's own term is fifteen days.
        await handled.Played.PassAsync(TimeSpan.FromDays(15), nodes: 4);
        Assert.Equal("task.escalated case.escalated", await handled.TracedAsync("task.escalated", "case.escalated"));
        // Without a rule of the matter it goes no further.
        Assert.Empty(await handled.SupervisionsAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_clock_that_stands_escalates_nothing(string store)
    {
        await using var handled = await StartAsync(store, Timed);
        Assert.Null(await handled.OfCaseAsync("worker-huzhou", "clock/stop", new { ground = "materials", reason = "请补正材料" }));
        await handled.PassAsync(48);
        Assert.Equal("", await handled.TracedAsync("task.escalated", "case.escalated"));
        Assert.Null(await handled.OfCaseAsync("worker-huzhou", "clock/resume"));
        await handled.PassAsync(20);
        Assert.Equal("", await handled.TracedAsync("task.escalated", "case.escalated"));
        await handled.PassAsync(5);
        Assert.Equal("task.escalated", await handled.TracedAsync("task.escalated", "case.escalated"));
        // Stopped now, it waits for no leader until it is red again.
        Assert.Null(await handled.OfCaseAsync("worker-huzhou", "clock/stop", new { ground = "materials", reason = "请补正材料" }));
        Assert.Equal("task", await handled.ListAsync("head"));
        Assert.Null(await handled.OfCaseAsync("worker-huzhou", "clock/resume"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_leader_of_the_unit_acts_by_assigning_anew_or_instructing(string store)
    {
        await using var handled = await StartAsync(store, Timed);
        await handled.DoAsync("worker-huzhou", "take");
        await handled.PassAsync(25);
        var ask = await handled.AskIdAsync("escalation");
        Assert.Equal("403 escalation-not-yours", await AnswerAsync(handled, "worker-huzhou", ask, new { result = "instruct", words = "抓紧" }));
        Assert.Equal("403 escalation-not-yours", await AnswerAsync(handled, "leader", ask, new { result = "instruct", words = "抓紧" }));
        Assert.Equal("422 ask-answer", await AnswerAsync(handled, "head", ask, new { result = "acknowledge", words = "知道了" }));
        Assert.Equal("422 reason-missing", await AnswerAsync(handled, "head", ask, new { result = "assign", login = "colleague" }));
        Assert.Equal("422 not-colleague", await AnswerAsync(handled, "head", ask, new { result = "assign", words = "改派", login = "worker-huzhou-weather" }));
        Assert.Equal("422 ask-due", await AnswerAsync(handled, "head", ask, new { result = "extend", words = "延期" }));
        Assert.Equal("403 withdraw-not-yours", await handled.AskAsync("head", ask, "withdraw"));
        Assert.Null(await AnswerAsync(handled, "head", ask, new { result = "assign", words = "原经办人出差，改派", login = "colleague" }));
        Assert.Equal((Ecology, "colleague"), await handled.HeldAsync());
        Assert.Equal("409 ask-over", await AnswerAsync(handled, "head", ask, new { result = "instruct", words = "再批" }));
        Assert.Equal("task.escalated task.assigned escalation.answered", await handled.TracedAsync("task.escalated", "task.assigned", "escalation."));

        // The other one, which nobody assigns: the unit is instructed and acknowledges.
        await handled.PassAsync(15 * 24);
        ask = await handled.AskIdAsync("escalation");
        Assert.Equal("422 escalation-answer", await AnswerAsync(handled, "head", ask, new { result = "assign", words = "改派", login = "third" }));
        Assert.Null(await AnswerAsync(handled, "head", ask, new { result = "instruct", words = "今日办结" }));
        Assert.Equal("instruct task", await handled.ListAsync("worker-huzhou"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task More_time_is_given_once_by_one_of_two_at_once_and_holds_over_a_stop(string store)
    {
        await using var handled = await StartAsync(store, Timed);
        await handled.PassAsync(25);
        var ask = await handled.AskIdAsync("escalation");
        var due = handled.In(48);
        await handled.AsAsync("head");
        var both = await Task.WhenAll(AnswerAsync(handled, "head", ask, new { result = "extend", words = "案情复杂", due }), AnswerAsync(handled, "head", ask, new { result = "instruct", words = "抓紧" }));
        Assert.Equal([null, "409 ask-over"], both.Order(StringComparer.Ordinal));
        if (both[0] is not null)
            return;
        Assert.Equal(due, await DueAsync(handled));
        Assert.Equal("task", await handled.ListAsync("head"));
        // Stopped for two hours, it is due two hours later.
        await handled.OfCaseAsync("worker-huzhou", "clock/stop", new { ground = "materials", reason = "请补正材料" });
        await handled.PassAsync(2);
        await handled.OfCaseAsync("worker-huzhou", "clock/resume");
        Assert.InRange(Time.Read(await DueAsync(handled)) - Time.Read(due), TimeSpan.FromHours(2), TimeSpan.FromHours(2.01));
        // Red again, it escalates again.
        await handled.PassAsync(51);
        Assert.Equal("task.escalated task.extended task.escalated", await handled.TracedAsync("task.escalated", "task.extended"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Where_the_matter_says_so_it_becomes_a_supervision_once_when_nobody_acts(string store)
    {
        await using var handled = await StartAsync(store, Timed, "escalate: PT24H");
        await handled.PassAsync(25);
        Assert.Empty(await handled.SupervisionsAsync());
        await handled.Played.PassAsync(TimeSpan.FromHours(25), nodes: 4);
        await handled.Played.PassAsync(TimeSpan.FromHours(25), nodes: 4);
        var one = Assert.Single(await handled.SupervisionsAsync());
        Assert.Equal((Ecology, "process", "", "open", true), (one.GetProperty("unit").GetString(), one.GetProperty("byLogin").GetString(), one.GetProperty("byUnit").GetString(), one.GetProperty("state").GetString(), one.GetProperty("isOverdue").GetBoolean()));
        Assert.Equal("task.escalated case.supervised", await handled.TracedAsync("task.escalated", "case.supervised"));
        Assert.Equal("supervise task", await handled.ListAsync("worker-huzhou"));
        // It is that of whoever may supervise the case, but not of the unit's own head.
        var id = one.GetProperty("id").GetString()!;
        Assert.Null(await handled.PostAsync("worker-huzhou", $"supervisions/{id}/answer", new { words = "今日办结" }));
        Assert.Equal("403 supervision-not-yours", await handled.PostAsync("head", $"supervisions/{id}/accept"));
        Assert.Null(await handled.PostAsync("bureau", $"supervisions/{id}/accept"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task It_goes_no_further_once_a_leader_has_acted_or_the_task_is_done(string store)
    {
        await using var handled = await StartAsync(store, Timed, "escalate: PT24H");
        var other = await handled.AnotherAsync();
        await handled.PassAsync(25);
        var caseId = (await handled.GetAsync("duty", $"tasks/{other}")).GetProperty("task").GetProperty("caseId").GetString();
        Assert.Equal("waiting", await StateAsync());
        Assert.Null(await AnswerAsync(handled, "head", await handled.AskIdAsync("escalation"), new { result = "instruct", words = "抓紧" }));
        Assert.Null(await handled.PostAsync("worker-huzhou", $"tasks/{other}/finish"));
        // It is over with its task.
        Assert.Equal("over", await StateAsync());
        await handled.PassAsync(72);
        Assert.Equal(0, (await handled.GetAsync("bureau", "supervisions")).GetProperty("total").GetInt32());
        Assert.Equal("409 ask-over", await AnswerAsync(handled, "head", await handled.AskIdAsync("escalation"), new { result = "instruct", words = "再批" }));

        async Task<string?> StateAsync() => (await handled.GetAsync("duty", $"cases/{caseId}/asks")).EnumerateArray().Single().GetProperty("of").EnumerateArray().Single().GetProperty("state").GetString();
    }

    private static Task<string?> AnswerAsync(HandledCase handled, string login, string ask, object body) => handled.AskAsync(login, ask, "answer", body);

    private static async Task<string> DueAsync(HandledCase handled) => (await handled.GetAsync("duty", $"tasks/{handled.Task}")).GetProperty("task").GetProperty("due").GetString()!;
}
