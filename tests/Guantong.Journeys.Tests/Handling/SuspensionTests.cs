using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.HandledCase;

namespace Guantong.Tests;

/// <summary>Cases suspended, taken up again, and terminated: by whom, what stands still, what its applicant is told.</summary>
public sealed class SuspensionTests
{
    private static readonly object Suspend = new { ground = "related-case", reason = "须等另案裁判" }, Terminate = new { ground = "party-gone", reason = "当事人已注销", confirmed = true };

    private static readonly string Waiting = """<startEvent id="start"/><parallelGateway id="fork"/><userTask id="first" name="受理" guantong:due="PT24H"/><intermediateCatchEvent id="later"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition></intermediateCatchEvent><userTask id="second" name="审定"/><parallelGateway id="join"/><endEvent id="end" name="已答复"/>"""
        + Bpmn.Flows("start > fork > first > join > end\nfork > later > second > join");

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Nothing_of_a_suspended_case_is_finished_or_goes_on_until_a_leader_of_its_lead_unit_resumes_it(string store)
    {
        await using var handled = await StartAsync(store, Waiting);
        Assert.Equal("403 not-allowed", await handled.OfCaseAsync("worker-huzhou", "suspend", Suspend));
        Assert.Equal("403 suspend-not-yours", await handled.OfCaseAsync("leader", "suspend", Suspend));
        Assert.Equal("422 suspend-ground", await handled.OfCaseAsync("head", "suspend", new { ground = "materials", reason = "补正" }));
        Assert.Equal("422 reason-missing", await handled.OfCaseAsync("head", "suspend", new { ground = "related-case" }));
        Assert.Equal("409 case-unsuspended", await handled.OfCaseAsync("head", "resume"));
        Assert.Null(await handled.OfCaseAsync("worker-huzhou", "clock/stop", new { ground = "materials", reason = "补正" }));
        Assert.Equal("409 clock-stopped", await handled.OfCaseAsync("head", "suspend", Suspend));
        Assert.Null(await handled.OfCaseAsync("worker-huzhou", "clock/resume"));

        await handled.AsAsync("head");
        var both = await Task.WhenAll(handled.OfCaseAsync("head", "suspend", Suspend), handled.OfCaseAsync("head", "suspend", Suspend));
        Assert.Equal([null, "409 case-suspended"], both.Order(StringComparer.Ordinal));
        Assert.Equal("409 case-suspended", await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Equal("409 case-suspended", await handled.OfCaseAsync("worker-huzhou", "clock/resume"));
        Assert.Equal("case-suspended", (await handled.Played.MoveAsync(await handled.AsAsync("duty"), handled.Id, "rewind", "first")).Code);
        Assert.Null(await handled.DoAsync("worker-huzhou", "take"));
        // Its timer waits, and it escalates nothing.
        await handled.PassAsync(48);
        Assert.Equal("first:open", await handled.Played.TasksAsync(handled.Id));
        Assert.Equal("", await handled.TracedAsync("task.escalated", "timer."));
        Assert.Equal("stopped", (await handled.GetAsync("worker-huzhou", $"cases/{handled.Id}")).GetProperty("case").GetProperty("light").GetString());

        Assert.Equal("403 suspend-not-yours", await handled.OfCaseAsync("leader", "resume"));
        Assert.Null(await handled.OfCaseAsync("head", "resume"));
        await handled.PassAsync(0);
        Assert.Equal("first:open second:open", await handled.Played.TasksAsync(handled.Id));
        // A day was left, and a day is left.
        Assert.Equal("yellow", (await handled.GetAsync("worker-huzhou", $"cases/{handled.Id}")).GetProperty("tasks").EnumerateArray().First(t => t.GetProperty("id").GetString() == handled.Task).GetProperty("light").GetString());
        Assert.Null(await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Equal("case.suspended case.unsuspended", await handled.TracedAsync("case.suspended", "case.unsuspended"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_terminated_case_is_over_for_good_with_all_that_was_asked_in_it(string store)
    {
        await using var handled = await StartAsync(store, Waiting);
        await handled.DoAsync("worker-huzhou", "take");
        Assert.Null(await handled.DoAsync("worker-huzhou", "opinion", new { to = To(Weather), silence = "none", due = handled.In(24), words = "请研究" }));
        Assert.Null(await handled.OfCaseAsync("bureau", "supervise", new { demand = "查清", due = handled.In(24), reason = "反复反映" }));
        Assert.Equal("403 not-allowed", await handled.OfCaseAsync("worker-huzhou", "terminate", Terminate));
        Assert.Equal("403 suspend-not-yours", await handled.OfCaseAsync("leader", "terminate", Terminate));
        Assert.Equal("422 terminate-ground", await handled.OfCaseAsync("head", "terminate", new { ground = "related-case", reason = "当事人已注销", confirmed = true }));
        Assert.Equal("422 terminate-unconfirmed", await handled.OfCaseAsync("head", "terminate", new { ground = "party-gone", reason = "当事人已注销" }));
        Assert.Null(await handled.OfCaseAsync("head", "suspend", Suspend));
        foreach (var login in (string[])["head", "worker-huzhou"])
            await handled.AsAsync(login);
        // At once with its resumption: it ends one way or the other, and whoever comes second is told.
        var both = await Task.WhenAll(handled.OfCaseAsync("head", "terminate", Terminate), handled.OfCaseAsync("head", "resume"));
        Assert.Null(both[0]);
        Assert.True(both[1] is null or "409 case-over", both[1]);
        Assert.Equal(("terminated", null), await handled.Played.StandAsync(handled.Id));
        Assert.Equal("first:withdrawn", await handled.Played.TasksAsync(handled.Id));
        Assert.Equal("", await handled.ListAsync("worker-huzhou-weather"));
        // What it was supervised for is still answered.
        Assert.Equal("supervise", await handled.ListAsync("worker-huzhou"));
        await handled.PassAsync(48);
        Assert.Equal("first:withdrawn", await handled.Played.TasksAsync(handled.Id));
        foreach (var act in (string[])["resume", "suspend", "terminate"])
            Assert.Equal("409 case-over", await handled.OfCaseAsync("head", act, act == "suspend" ? Suspend : Terminate));
        Assert.Equal("409 task-withdrawn", await handled.DoAsync("worker-huzhou", "finish"));
        Assert.Equal("409 supervise-over", await handled.OfCaseAsync("leader", "supervise", new { demand = "查清", due = handled.In(24), reason = "反复反映" }));
        Assert.Equal("case-over", (await handled.Played.MoveAsync(await handled.AsAsync("duty"), handled.Id, "rewind", "first")).Code);
        Assert.Equal("case.terminated", await handled.TracedAsync("case.terminated"));
        Assert.Contains("party-gone", (await handled.GetAsync("worker-huzhou", "clock/grounds?for=terminate")).EnumerateArray().Select(g => g.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task An_applicant_reads_why_a_case_was_suspended_and_terminated_and_may_object_and_rate()
    {
        await using var played = await Reviewed.StartAsync("sqlite");
        await played.Platform.Services.GetRequiredService<Accounts>().SeedAsync([new("civil-head", "演示·民政局长", "Demo civil head", "official", Civil, "330100", ["leader"])], TestContext.Current.CancellationToken);
        using var head = await played.Platform.SignInAsync("civil-head");
        async Task DoAsync(string act, object body) => Assert.Equal(HttpStatusCode.NoContent, (await head.PostAsJsonAsync($"/api/v1/cases/{played.Number}/{act}", body)).StatusCode);
        await DoAsync("suspend", Suspend);
        var page = await played.PageAsync($"/me/applications/{played.Number}");
        foreach (var said in (string[])["已于 2026-11-02 09:00 中止办理：须以另一案的结果为依据", "须等另案裁判", "《行政复议法》第三十九条"])
            Assert.Contains(said, page, StringComparison.Ordinal);
        await DoAsync("resume", new { });
        await DoAsync("terminate", Terminate);
        page = await played.PageAsync($"/me/applications/{played.Number}");
        foreach (var said in (string[])["已终止", "当事人已注销", "《行政复议法》第四十一条", "可以自知道之日起六十日内依法申请行政复议"])
            Assert.Contains(said, page, StringComparison.Ordinal);
        Assert.DoesNotContain("civil-head", page, StringComparison.Ordinal);
        Assert.Contains("已终止", await played.PageAsync("/me/applications"), StringComparison.Ordinal);
        // Who read their data is still theirs to see and to ask about.
        var reads = await played.Citizen.GetFromJsonAsync<JsonElement>("/api/v1/me/reads", TestContext.Current.CancellationToken);
        var seq = reads.GetProperty("items").EnumerateArray().First(r => r.GetProperty("action").GetString() == "case.terminated").GetProperty("seq").GetInt64();
        using var asked = await played.Citizen.PostAsJsonAsync("/api/v1/me/objections", new { entry = seq, words = "为什么终止？" }, TestContext.Current.CancellationToken);
        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
