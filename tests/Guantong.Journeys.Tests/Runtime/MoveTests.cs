using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Going back and forward in cases: what ends, what stays, what is waited for anew.</summary>
public sealed class MoveTests
{
    internal const string Message = """<message id="paper" name="paper"/>""";

    internal static readonly string Branches = """
        <startEvent id="start"/><userTask id="first" name="受理"/><parallelGateway id="fork"/>
        <userTask id="survey" name="勘查"/><userTask id="measure" name="测量"/>
        <userTask id="hear" name="听取意见"/><boundaryEvent id="late" attachedToRef="hear"><timerEventDefinition><timeDuration>PT50H</timeDuration></timerEventDefinition></boundaryEvent><userTask id="minute" name="整理意见"/>
        <intermediateCatchEvent id="paper_in" name="收到材料"><messageEventDefinition messageRef="paper"/></intermediateCatchEvent>
        <parallelGateway id="meet"/><userTask id="decide" name="审定"/><endEvent id="end" name="已答复"/>
        """ + Bpmn.Flows("start > first > fork > survey > measure > meet > decide > end\nfork > hear > minute > meet\nlate > minute\nfork > paper_in > meet");

    private static readonly string Inside = """
        <startEvent id="start"/><userTask id="first" name="受理"/>
        <subProcess id="check" name="核验"><startEvent id="begin"/><userTask id="look" name="查看"/><userTask id="note" name="记录"/><endEvent id="noted"/>
        """ + Bpmn.Flows("begin > look > note > noted") + """
        </subProcess><boundaryEvent id="late" attachedToRef="check"><timerEventDefinition><timeDuration>PT50H</timeDuration></timerEventDefinition></boundaryEvent>
        <userTask id="decide" name="审定"/><endEvent id="end" name="已答复"/>
        """ + Bpmn.Flows("start > first > check > decide > end\nlate > decide");

    private static readonly string Booked = """
        <startEvent id="start"/><userTask id="first" name="受理"/>
        <serviceTask id="book" name="发函" guantong:service="compose-document" guantong:document="documents/air-reply.md"/>
        <boundaryEvent id="undo" attachedToRef="book"><compensateEventDefinition/></boundaryEvent>
        <serviceTask id="unbook" name="撤函" isForCompensation="true" guantong:service="compose-document" guantong:document="documents/air-reply-unfounded.md"/>
        <association id="by" sourceRef="undo" targetRef="unbook"/>
        <userTask id="decide" name="审定"/><endEvent id="end" name="已答复"/>
        """ + Bpmn.Flows("start > first > book > decide > end");

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Sending_back_out_of_branches_ends_their_tasks_timers_and_messages_and_the_way_is_gone_again(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Branches, Message);
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "first");
        await played.FinishAsync(id, "survey");
        Assert.Equal((1, 1), await played.WaitingAsync(id));
        var offer = await PlayedProcess.OfferAsync(played.Official, id, "rewind", "first");
        Assert.Equal(("hear measure paper_in", "", "first"), (PlayedProcess.Parts(offer, "ends"), PlayedProcess.Parts(offer, "stays"), PlayedProcess.Parts(offer, "opens")));

        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Official, id, "rewind", "first", reason: "材料不齐")).Status);
        Assert.Equal("first:done first:open hear:withdrawn measure:withdrawn survey:done", await played.TasksAsync(id));
        Assert.Equal((0, 0), await played.WaitingAsync(id));
        var entry = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}/ledger")).EnumerateArray().Single(e => e.GetProperty("action").GetString() == "case.rewound");
        var told = JsonDocument.Parse(entry.GetProperty("detail").GetString()!).RootElement;
        Assert.Equal(("worker-huzhou", "材料不齐", "first", "受理"), (entry.GetProperty("actor").GetString(), told.GetProperty("reason").GetString(), told.GetProperty("to").GetString(), told.GetProperty("name").GetString()));
        Assert.Equal(["听取意见", "收到材料", "测量"], told.GetProperty("ended").EnumerateArray().Select(e => e.GetProperty("name").GetString()!));

        await played.FinishAsync(id, "first");
        Assert.Equal((1, 1), await played.WaitingAsync(id));
        await played.PassAsync(TimeSpan.FromHours(49.99));
        await played.FinishAsync(id, "survey");
        await played.FinishAsync(id, "measure");
        await played.SendAsync(new { name = "paper" });
        await played.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, "minute"));
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, "decide"));
        Assert.Equal(("ended", "已答复"), await played.StandAsync(id));
        Assert.Empty((await PlayedProcess.MovesAsync(played.Operator, id)).GetProperty("moves").EnumerateArray());
        Assert.Equal((HttpStatusCode.Conflict, "move-ended"), await RefusedAsync(played.MoveAsync(played.Operator, id, "rewind", "first")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task One_branch_is_done_again_while_the_others_and_their_timer_stay_as_they_are(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Branches, Message);
        var id = await played.OpenAsync();
        foreach (var node in (string[])["first", "survey", "measure"])
            await played.FinishAsync(id, node);
        Assert.Equal("measure survey", await PlayedProcess.OfferedAsync(played.Operator, id, "redo"));
        Assert.Equal("", await PlayedProcess.OfferedAsync(played.Official, id, "redo"));
        var offer = await PlayedProcess.OfferAsync(played.Operator, id, "redo", "survey");
        Assert.Equal(("", "hear paper_in", "survey"), (PlayedProcess.Parts(offer, "ends"), PlayedProcess.Parts(offer, "stays"), PlayedProcess.Parts(offer, "opens")));
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Operator, id, "redo", "survey")).Status);
        Assert.Equal("first:done hear:open measure:done survey:done survey:open", await played.TasksAsync(id));
        Assert.Equal((1, 1), await played.WaitingAsync(id));
        Assert.Contains("case.redone", await played.LedgerAsync(id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_sub_process_is_left_and_entered_anew_with_its_deadline(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Inside);
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "first");
        await played.FinishAsync(id, "look");
        Assert.Equal((1, 0), await played.WaitingAsync(id));
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Official, id, "rewind", "first")).Status);
        Assert.Equal((0, 0), await played.WaitingAsync(id));
        foreach (var node in (string[])["first", "look", "note"])
            await played.FinishAsync(id, node);
        Assert.Equal((0, 0), await played.WaitingAsync(id));
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Official, id, "rewind", "note")).Status);
        Assert.Equal((1, 0), await played.WaitingAsync(id));
        await played.FinishAsync(id, "note");
        await played.FinishAsync(id, "decide");
        Assert.Equal(("ended", "已答复"), await played.StandAsync(id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Among_several_instances_one_is_named_and_out_of_them_all_end(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Inside.Replace("""<subProcess id="check" name="核验">""", """<subProcess id="check" name="核验"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>""", StringComparison.Ordinal));
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "first");
        await played.FinishAsync(id, "look");
        Assert.Equal(HttpStatusCode.NoContent, await FinishOpenAsync(played, id, "look"));
        Assert.Equal("check first look#1 look#2", await PlayedProcess.OfferedAsync(played.Operator, id, "rewind"));
        Assert.Equal((HttpStatusCode.Conflict, "move-which-instance"), await RefusedAsync(played.MoveAsync(played.Operator, id, "rewind", "look")));
        var second = await PlayedProcess.OfferAsync(played.Operator, id, "rewind", "look", instance: 2);
        Assert.Equal(("note", "note", "look"), (PlayedProcess.Parts(second, "ends"), PlayedProcess.Parts(second, "stays"), PlayedProcess.Parts(second, "opens")));
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Operator, id, "rewind", "look", second.GetProperty("within").GetString())).Status);
        Assert.Equal("first:done look:done look:done look:open note:open note:withdrawn", await played.TasksAsync(id));
        Assert.Equal("look note", PlayedProcess.Parts(await PlayedProcess.OfferAsync(played.Official, id, "rewind", "first"), "ends"));
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Official, id, "rewind", "first")).Status);
        Assert.Equal("first:done first:open look:done look:done look:withdrawn note:withdrawn note:withdrawn", await played.TasksAsync(id));
        Assert.Equal((0, 0), await played.WaitingAsync(id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_services_did_since_is_undone_by_services_before_the_task_opens_again(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Booked);
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "first");
        await played.RunAsync();
        var offer = await PlayedProcess.OfferAsync(played.Official, id, "rewind", "first");
        Assert.Equal("发函", Assert.Single(offer.GetProperty("undoes").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Official, id, "rewind", "first", compensate: true)).Status);
        Assert.Equal("decide:withdrawn first:done", await played.TasksAsync(id));
        Assert.Equal((HttpStatusCode.Conflict, "move-undoing"), await RefusedAsync(UndoingAsync()));
        await played.RunAsync();
        Assert.Equal("decide:withdrawn first:done first:open", await played.TasksAsync(id));
        Assert.Equal(["case.rewound", "task.withdrawn", "service.called", "service.done", "task.opened"], (await played.LedgerAsync(id)).SkipWhile(a => a != "case.rewound"));

        // A minute would let the service run; this official is quicker.
        async Task<(HttpStatusCode, string?, string?)> UndoingAsync()
        {
            var version = (await PlayedProcess.MovesAsync(played.Operator, id)).GetProperty("version").GetInt64();
            var answer = await played.Operator.PostAsJsonAsync($"/api/v1/cases/{id}/rewind", new { to = "first", reason = "示例理由", version });
            return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), null);
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_was_given_before_stands_in_the_form_again_and_stays_with_the_task_that_was_done(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"/><userTask id="inspect" name="核查" guantong:form="forms/air-inspect.json"/><userTask id="decide" name="审定"/><endEvent id="end" name="已答复"/>
            """ + Bpmn.Flows("start > inspect > decide > end"));
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "inspect", new { confirmed = true, finding = "有焚烧痕迹" });
        Assert.Equal(HttpStatusCode.NoContent, (await played.MoveAsync(played.Official, id, "recall", "inspect")).Status);
        var tasks = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().ToList();
        var open = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/tasks/{tasks.Single(t => t.GetProperty("state").GetString() == "open").GetProperty("id").GetString()}");
        Assert.Equal("有焚烧痕迹", open.GetProperty("earlier").GetProperty("finding").GetString());
        await played.FinishAsync(id, "inspect", new { confirmed = false, finding = "没有痕迹" });
        var given = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray()
            .Where(t => t.GetProperty("node").GetString() == "inspect").Select(t => JsonDocument.Parse(t.GetProperty("data").GetString()!).RootElement.GetProperty("finding").GetString());
        Assert.Equal(["有焚烧痕迹", "没有痕迹"], given);
        Assert.DoesNotContain("有焚烧痕迹", (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}/ledger")).EnumerateArray().Single(e => e.GetProperty("action").GetString() == "case.recalled").GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    internal static async Task<(HttpStatusCode, string?)> RefusedAsync(Task<(HttpStatusCode Status, string? Code, string? Detail)> move) => await move is var (status, code, _) ? (status, code) : default;

    internal static async Task<HttpStatusCode> FinishOpenAsync(PlayedProcess played, string id, string node)
    {
        var file = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");
        var task = file.GetProperty("tasks").EnumerateArray().First(t => t.GetProperty("node").GetString() == node && t.GetProperty("state").GetString() == "open").GetProperty("id").GetString();
        return (await played.Official.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", new { })).StatusCode;
    }
}
