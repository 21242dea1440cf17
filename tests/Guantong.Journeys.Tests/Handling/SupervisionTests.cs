using System.Text.Json;
using static Guantong.Tests.HandledCase;

namespace Guantong.Tests;

/// <summary>Supervision: opened by those above a unit, answered by it, accepted, sent back, taken back.</summary>
public sealed class SupervisionTests
{
    private static object Demand(HandledCase handled, string? unit = null, double hours = 72) => new { unit, demand = "三日内查清并答复", due = handled.In(hours), reason = "群众多次反映" };

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Those_over_the_region_supervise_a_unit_of_the_case_and_nobody_else(string store)
    {
        await using var handled = await StartAsync(store);
        Assert.Equal("403 not-allowed", await handled.OfCaseAsync("worker-huzhou", "supervise", Demand(handled)));
        // The head of the unit itself; a unit without a task in it; no deadline, no words.
        Assert.Equal("422 ask-own", await handled.OfCaseAsync("head", "supervise", Demand(handled)));
        Assert.Equal("422 supervise-whom", await handled.OfCaseAsync("bureau", "supervise", Demand(handled, Weather)));
        Assert.Equal("422 ask-due", await handled.OfCaseAsync("bureau", "supervise", Demand(handled, hours: -1)));
        Assert.Equal("422 reason-missing", await handled.OfCaseAsync("bureau", "supervise", new { demand = "查清", due = handled.In(24) }));
        Assert.Equal("404 case-gone", await handled.PostAsync("bureau", "cases/none/supervise", Demand(handled)));
        Assert.Null(await handled.OfCaseAsync("bureau", "supervise", Demand(handled)));
        Assert.Equal("409 supervise-twice", await handled.OfCaseAsync("bureau", "supervise", Demand(handled, Ecology)));
        // A leader of the region may beside it.
        Assert.Null(await handled.OfCaseAsync("leader", "supervise", Demand(handled)));
        var all = await handled.SupervisionsAsync();
        Assert.Equal([Ecology, Ecology], all.Select(s => s.GetProperty("unit").GetString()!));
        Assert.Equal(["zj-data", "zj-government-office"], all.Select(s => s.GetProperty("byUnit").GetString()!));
        Assert.Equal("supervise supervise task", await handled.ListAsync("worker-huzhou"));
        Assert.Equal("supervise supervise task", await handled.ListAsync("head"));
        Assert.Equal("", await handled.ListAsync("worker-huzhou-weather"));
        Assert.Equal("case.supervised case.supervised", await handled.TracedAsync("case.supervised"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task It_is_answered_in_several_lines_sent_back_with_another_deadline_and_closed(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.OfCaseAsync("bureau", "supervise", Demand(handled));
        var id = await IdAsync(handled);
        Assert.Equal("409 supervision-unanswered", await handled.PostAsync("bureau", $"supervisions/{id}/accept"));
        Assert.Equal("403 supervision-elsewhere", await handled.PostAsync("steward", $"supervisions/{id}/answer", new { words = "代答" }));
        Assert.Equal("422 reason-missing", await handled.PostAsync("worker-huzhou", $"supervisions/{id}/answer", new { words = " " }));
        Assert.Null(await handled.PostAsync("worker-huzhou", $"supervisions/{id}/answer", new { words = "已到现场" }));
        Assert.Equal("task", await handled.ListAsync("worker-huzhou"));
        Assert.Null(await handled.PostAsync("head", $"supervisions/{id}/answer", new { words = "已责令整改" }));
        Assert.Equal("403 not-allowed", await handled.PostAsync("worker-huzhou", $"supervisions/{id}/accept"));
        Assert.Equal("403 supervision-not-yours", await handled.PostAsync("leader", $"supervisions/{id}/accept"));
        Assert.Equal("422 ask-due", await handled.PostAsync("bureau", $"supervisions/{id}/send-back", new { words = "未附照片" }));
        Assert.Null(await handled.PostAsync("bureau", $"supervisions/{id}/send-back", new { words = "未附照片", due = handled.In(24) }));
        Assert.Equal("supervise task", await handled.ListAsync("worker-huzhou"));
        // Overdue is how it stands by the clock: nothing was written.
        await handled.PassAsync(25);
        Assert.Equal("1 1 0", await CountsAsync(handled));
        Assert.Null(await handled.PostAsync("worker-huzhou", $"supervisions/{id}/answer", new { words = "照片已补" }));
        Assert.Equal("0 0 1", await CountsAsync(handled));
        Assert.Null(await handled.PostAsync("bureau", $"supervisions/{id}/accept", new { words = "同意销号" }));
        var one = (await handled.SupervisionsAsync())[0];
        Assert.Equal("closed", one.GetProperty("state").GetString());
        Assert.Equal(["answered", "answered", "sent-back", "answered", "accepted"], one.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("what").GetString()!));
        foreach (var act in (string[])["accept", "withdraw"])
            Assert.Equal("409 supervision-over", await handled.PostAsync("bureau", $"supervisions/{id}/{act}", new { words = "再来" }));
        Assert.Equal("409 supervision-over", await handled.PostAsync("worker-huzhou", $"supervisions/{id}/answer", new { words = "再答" }));
        Assert.Equal("supervision.answered supervision.answered supervision.sent-back supervision.answered supervision.accepted", await handled.TracedAsync("supervision."));
        // What was said is not in the ledger.
        Assert.DoesNotContain("照片", (await handled.GetAsync("bureau", $"cases/{handled.Id}/ledger")).GetRawText(), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task It_is_taken_back_by_those_who_opened_it_and_of_two_at_once_one_is_told(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.OfCaseAsync("bureau", "supervise", Demand(handled));
        var id = await IdAsync(handled);
        Assert.Equal("403 supervision-not-yours", await handled.PostAsync("leader", $"supervisions/{id}/withdraw", new { words = "误" }));
        Assert.Null(await handled.PostAsync("bureau", $"supervisions/{id}/withdraw", new { words = "误督" }));
        Assert.Equal("task", await handled.ListAsync("worker-huzhou"));
        Assert.Equal(1, await CountAsync(handled, "withdrawn"));

        // Opened anew by two at once: one of them.
        foreach (var login in (string[])["bureau", "data-bureau", "worker-huzhou"])
            await handled.AsAsync(login);
        var opened = await Task.WhenAll(handled.OfCaseAsync("bureau", "supervise", Demand(handled)), handled.OfCaseAsync("data-bureau", "supervise", Demand(handled)));
        Assert.Equal([null, "409 supervise-twice"], opened.Order(StringComparer.Ordinal));
        id = (await handled.SupervisionsAsync()).Single(s => s.GetProperty("state").GetString() == "open").GetProperty("id").GetString()!;
        Assert.Null(await handled.PostAsync("worker-huzhou", $"supervisions/{id}/answer", new { words = "已办" }));
        // Accepted as it was read, while the unit adds something: whoever comes second is told, if it is the one who accepts.
        var version = (await handled.SupervisionsAsync()).Single(s => s.GetProperty("id").GetString() == id).GetProperty("version").GetInt64();
        var both = await Task.WhenAll(handled.PostAsync("bureau", $"supervisions/{id}/accept", new { version }), handled.PostAsync("worker-huzhou", $"supervisions/{id}/answer", new { words = "补充" }));
        Assert.Equal(both[0] is null ? "409 supervision-over" : "409 supervision-changed", both[0] ?? both[1]);
        Assert.Single(both, b => b is null);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_list_is_told_by_pages_to_those_who_see_the_cases(string store)
    {
        await using var handled = await StartAsync(store);
        await handled.OfCaseAsync("bureau", "supervise", Demand(handled, hours: 48));
        await handled.OfCaseAsync("leader", "supervise", Demand(handled, hours: 24));
        var page = await handled.GetAsync("bureau", "supervisions?take=1");
        // The soonest due first.
        Assert.Equal(("zj-government-office", 2), (page.GetProperty("items")[0].GetProperty("byUnit").GetString(), page.GetProperty("total").GetInt32()));
        Assert.Equal("zj-data", (await handled.GetAsync("bureau", "supervisions?take=1&skip=1")).GetProperty("items")[0].GetProperty("byUnit").GetString());
        Assert.Equal(2, (await handled.GetAsync("worker-huzhou", "supervisions")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await handled.GetAsync("worker-hangzhou-civil", "supervisions")).GetProperty("total").GetInt32());
        foreach (var bad in (string[])["state=sleeping", "take=0", "skip=-1"])
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await (await handled.AsAsync("bureau")).GetAsync("/api/v1/supervisions?" + bad)).StatusCode);
    }

    private static async Task<string> IdAsync(HandledCase handled) => (await handled.SupervisionsAsync())[0].GetProperty("id").GetString()!;

    private static async Task<string> CountsAsync(HandledCase handled) => $"{await CountAsync(handled, "overdue")} {await CountAsync(handled, "open")} {await CountAsync(handled, "answered")}";

    private static async Task<int> CountAsync(HandledCase handled, string state) => (await handled.GetAsync("bureau", "supervisions?state=" + state)).GetProperty("total").GetInt32();
}
