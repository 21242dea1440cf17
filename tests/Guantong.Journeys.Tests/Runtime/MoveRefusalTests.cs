using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Who may send a case back and forward, when, and what they are told where they may not; cases that are stuck.</summary>
public sealed class MoveRefusalTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task One_recalls_what_one_gave_until_somebody_acts_on_it(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, MoveTests.Branches, MoveTests.Message);
        using var other = await played.SignInAsync("worker-ecology");
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "first");
        Assert.Equal(("first", "", ""), (await PlayedProcess.OfferedAsync(played.Official, id, "recall"), await PlayedProcess.OfferedAsync(played.Operator, id, "recall"), await PlayedProcess.OfferedAsync(other, id, "recall")));
        Assert.Equal((HttpStatusCode.Forbidden, "move-not-yours"), await MoveTests.RefusedAsync(played.MoveAsync(other, id, "recall", "first")));
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Official, id, "recall", "first", reason: "填错了")).Status);
        Assert.Equal("first:done first:open hear:withdrawn survey:withdrawn", await played.TasksAsync(id));
        await played.FinishAsync(id, "first");
        await played.FinishAsync(id, "survey");
        Assert.Equal("survey", await PlayedProcess.OfferedAsync(played.Official, id, "recall"));
        var (status, code, detail) = await played.MoveAsync(played.Official, id, "recall", "first");
        Assert.Equal((HttpStatusCode.Conflict, "move-acted", "“受理”之后的环节已经办理，不能撤回。请改用退回。"), (status, code, detail));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_another_left_out_is_not_one_s_own_to_recall(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, MoveTests.Branches, MoveTests.Message);
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "first");
        await played.MoveAsync(played.Operator, id, "rewind", "first");
        var skip = await PlayedProcess.OfferAsync(played.Operator, id, "skip", null, "first");
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Operator, id, "skip", null, token: skip.GetProperty("token").GetString())).Status);
        Assert.Equal("", await PlayedProcess.OfferedAsync(played.Official, id, "recall"));
        Assert.Equal((HttpStatusCode.Forbidden, "move-not-yours"), await MoveTests.RefusedAsync(played.MoveAsync(played.Official, id, "recall", "first")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_unit_at_work_sends_back_a_leader_of_the_region_and_an_operator_do_the_rest(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, MoveTests.Branches, MoveTests.Message);
        await played.Platform.Services.GetRequiredService<Accounts>().SeedAsync([new Person("leader-hangzhou", "演示·杭州领导", "Demo Hangzhou leader", "official", null, "330100", ["leader"])]);
        using var elsewhere = await played.SignInAsync("leader-hangzhou");
        using var leader = await played.SignInAsync("leader");
        using var auditor = await played.SignInAsync("auditor");
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "first");
        await played.FinishAsync(id, "survey");
        Assert.Equal("first survey", await PlayedProcess.OfferedAsync(played.Official, id, "rewind"));
        Assert.Equal("first survey", await PlayedProcess.OfferedAsync(leader, id, "rewind"));
        Assert.Equal(("", "", ""), ((await elsewhere.GetAsync($"/api/v1/cases/{id}/moves")).StatusCode == HttpStatusCode.NotFound ? "" : "there", await PlayedProcess.OfferedAsync(auditor, id, "rewind"), await PlayedProcess.OfferedAsync(played.Official, id, "skip")));
        foreach (var (who, kind) in ((HttpClient, string)[])[(auditor, "rewind"), (played.Official, "redo")])
            Assert.Equal((HttpStatusCode.Forbidden, "move-not-yours"), await MoveTests.RefusedAsync(played.MoveAsync(who, id, kind, "survey")));
        foreach (var kind in (string[])["rewind", "redo"])
            Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.PostAsJsonAsync($"/api/v1/cases/{id}/{kind}", new { to = "survey", compensate = false, reason = "再办", version = 1 })).StatusCode);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "reason-missing"), await MoveTests.RefusedAsync(played.MoveAsync(leader, id, "rewind", "first", reason: " ")));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "reason-missing"), await MoveTests.RefusedAsync(played.MoveAsync(leader, id, "rewind", "first", reason: new string('长', 501))));
        Assert.Equal((HttpStatusCode.Conflict, "move-no-activity"), await MoveTests.RefusedAsync(played.MoveAsync(leader, id, "rewind", "nowhere")));
        Assert.Equal((HttpStatusCode.Conflict, "move-no-activity"), await MoveTests.RefusedAsync(played.MoveAsync(leader, id, "rewind", null)));
        Assert.Equal((HttpStatusCode.Conflict, "move-not-yet-done"), await MoveTests.RefusedAsync(played.MoveAsync(leader, id, "rewind", "decide")));
        Assert.Equal((HttpStatusCode.Conflict, "move-not-open"), await MoveTests.RefusedAsync(played.MoveAsync(leader, id, "skip", null, token: "t999")));
        Assert.Equal(HttpStatusCode.NotFound, (await played.MoveAsync(leader, "nothing", "rewind", "first", version: 1)).Status);
        Assert.Equal("first:done hear:open measure:open survey:done", await played.TasksAsync(id));
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(leader, id, "rewind", "first")).Status);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_colleague_s_task_is_not_sent_back_over_their_head(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, MoveTests.Branches, MoveTests.Message);
        await played.Platform.Services.GetRequiredService<Accounts>().SeedAsync([new Person("colleague", "演示·湖州乙", "Demo colleague", "official", "zj-ecology-330500", "330500", ["case-worker"])]);
        using var colleague = await played.SignInAsync("colleague");
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "first");
        await played.FinishAsync(id, "survey");
        Assert.Equal("first survey", await PlayedProcess.OfferedAsync(colleague, id, "rewind"));
        var measure = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().Single(t => t.GetProperty("node").GetString() == "measure").GetProperty("id").GetString();
        await played.Official.PostAsync($"/api/v1/tasks/{measure}/take", null);
        Assert.Equal("first", await PlayedProcess.OfferedAsync(colleague, id, "rewind"));
        Assert.Equal((HttpStatusCode.Forbidden, "move-not-yours"), await MoveTests.RefusedAsync(played.MoveAsync(colleague, id, "rewind", "survey")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_step_is_skipped_to_what_follows_or_to_a_later_one_with_what_is_known_instead(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, IncidentTests.Choice);
        var (id, further) = (await played.OpenAsync(), await played.OpenAsync());
        Assert.Equal("inspect> inspect>explain inspect>mend", await PlayedProcess.OfferedAsync(played.Operator, id, "skip"));
        var skip = await PlayedProcess.OfferAsync(played.Operator, id, "skip", null, "inspect");
        var token = skip.GetProperty("token").GetString();
        Assert.Equal(("forms/air-inspect.json", "“属实？”没有一个走向的条件成立"), (skip.GetProperty("form").GetString(), skip.GetProperty("preview").GetProperty("stuck").GetString()));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "still-stuck"), await MoveTests.RefusedAsync(played.MoveAsync(played.Operator, id, "skip", null, token: token)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await played.MoveAsync(played.Operator, id, "skip", null, token: token, data: new { confirmed = "不知道" })).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await played.MoveAsync(played.Operator, id, "skip", null, token: token, data: new { confirmed = false, invented = 1 })).Status);
        Assert.Equal("inspect:open", await played.TasksAsync(id));
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Operator, id, "skip", null, token: token, data: new { confirmed = false }, reason: "已电话核实")).Status);
        Assert.Equal("explain:open inspect:withdrawn", await played.TasksAsync(id));
        Assert.DoesNotContain("task.done", await played.LedgerAsync(id));

        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Operator, further, "skip", "mend", token: token)).Status);
        Assert.Equal("inspect:withdrawn mend:open", await played.TasksAsync(further));
        var last = await PlayedProcess.OfferAsync(played.Operator, further, "skip", null, "mend");
        Assert.True(last.GetProperty("preview").GetProperty("endsCase").GetBoolean());
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Operator, further, "skip", null, token: last.GetProperty("token").GetString())).Status);
        Assert.Equal(("ended", "已答复"), await played.StandAsync(further));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_those_who_move_a_case_at_once_one_does_and_the_others_are_told_that_it_has_moved(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, MoveTests.Branches, MoveTests.Message);
        for (var i = 0; i < 5; i++)
        {
            var id = await played.OpenAsync();
            await played.FinishAsync(id, "first");
            var version = (await PlayedProcess.MovesAsync(played.Operator, id)).GetProperty("version").GetInt64();
            (HttpClient By, string Kind)[] all = [(played.Operator, "rewind"), (played.Official, "recall"), (played.Official, "rewind")];
            var answers = await Task.WhenAll(all.Select(a => a.By.PostAsJsonAsync($"/api/v1/cases/{id}/{a.Kind}", new { to = "first", reason = "示例理由", version })));
            Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict, HttpStatusCode.Conflict], answers.Select(a => a.StatusCode).Order());
            foreach (var refused in answers.Where(a => a.StatusCode == HttpStatusCode.Conflict))
                Assert.Equal("case-changed", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
            Assert.Equal("first:done first:open hear:withdrawn survey:withdrawn", await played.TasksAsync(id));
            Assert.Single(await played.LedgerAsync(id), a => a is "case.rewound" or "case.recalled");
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_submission_that_led_nowhere_is_recalled_and_given_anew(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, IncidentTests.Choice);
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "inspect", new { confirmed = true, finding = "有焚烧痕迹" });
        Assert.Equal("stuck", (await played.StandAsync(id)).State);
        Assert.Equal(("inspect", "inspect"), (await PlayedProcess.OfferedAsync(played.Official, id, "recall"), await PlayedProcess.OfferedAsync(played.Operator, id, "rewind")));
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Official, id, "recall", "inspect")).Status);
        Assert.Equal(("open", (string?)null), await played.StandAsync(id));
        Assert.Empty(await played.IncidentsAsync());
        Assert.Equal("inspect:done inspect:open", await played.TasksAsync(id));
        await played.FinishAsync(id, "inspect", new { confirmed = false, finding = "没有痕迹" });
        await played.RunAsync();
        Assert.Equal("explain:open inspect:done inspect:done", await played.TasksAsync(id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_that_is_stuck_at_a_message_or_a_service_is_sent_back_and_is_not_stuck_any_more(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"/><userTask id="first" name="受理"/>
            <intermediateCatchEvent id="paper_in" name="收到材料"><messageEventDefinition messageRef="paper"/></intermediateCatchEvent>
            <exclusiveGateway id="ask" name="齐全？"/><userTask id="decide" name="审定"/><serviceTask id="reply" name="答复" guantong:service="compose-document" guantong:document="documents/air-reply.md"/><endEvent id="end" name="已答复"/>
            """ + Bpmn.Flows("start > first > paper_in > ask\nask > decide ? whole = true\nask > first ? whole = false\ndecide > reply > end"), MoveTests.Message);
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "first");
        await played.SendAsync(new { name = "paper" });
        await played.RunAsync();
        Assert.Equal("stuck", (await played.StandAsync(id)).State);
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Operator, id, "rewind", "first")).Status);
        Assert.Equal("open", (await played.StandAsync(id)).State);
        Assert.Empty(await played.IncidentsAsync());
        // The message is not lost: it is taken when the case waits again.
        Assert.Equal("ready", await played.Store.ReadAsync(c => c.QueryFirstAsync<string>("SELECT state FROM work_message")));
        await played.Store.ReadAsync(c => c.ExecuteAsync("UPDATE work_message SET state = 'taken'"));

        await played.FinishAsync(id, "first");
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Operator, id, "rewind", "first")).Status);
        var skip = await PlayedProcess.OfferAsync(played.Operator, id, "skip", "decide", "first");
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Operator, id, "skip", "decide", token: skip.GetProperty("token").GetString())).Status);
        await played.FinishAsync(id, "decide");
        await played.Store.ReadAsync(c => c.ExecuteAsync("UPDATE work_job SET service = 'away' WHERE case_id = @id", new { id }));
        for (var i = 0; i < 8; i++)
            await played.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("stuck", (await played.StandAsync(id)).State);
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Operator, id, "rewind", "decide")).Status);
        Assert.Equal("open", (await played.StandAsync(id)).State);
        Assert.Empty(await played.IncidentsAsync());
        Assert.EndsWith("case.rewound service.withdrawn task.opened", string.Join(' ', await played.LedgerAsync(id)), StringComparison.Ordinal);
    }
}
