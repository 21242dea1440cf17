using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Cases that call others.</summary>
public sealed class CallTests
{
    private const string Named = """<error id="bad" errorCode="BAD"/><escalation id="slow" escalationCode="SLOW"/>""";

    // A call, watched for an error, an escalation and an hour.
    private static string Caller(string called = "sampling") => $"""
        <startEvent id="start"/><userTask id="inspect" name="核查"/><callActivity id="sample" name="采样" calledElement="{called}"/>
        <boundaryEvent id="failed" attachedToRef="sample"><errorEventDefinition errorRef="bad"/></boundaryEvent>
        <boundaryEvent id="asked" attachedToRef="sample" cancelActivity="false"><escalationEventDefinition escalationRef="slow"/></boundaryEvent>
        <boundaryEvent id="late" attachedToRef="sample"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
        <userTask id="reply" name="答复"/><userTask id="mend" name="补采"/><userTask id="help" name="协助"/><userTask id="close" name="结案"/>
        <endEvent id="end" name="已答复"/><endEvent id="mended" name="已补采"/><endEvent id="helped" name="已协助"/><endEvent id="closed" name="已结案"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="sample"/>
        <sequenceFlow id="c" sourceRef="sample" targetRef="reply"/><sequenceFlow id="d" sourceRef="reply" targetRef="end"/>
        <sequenceFlow id="e" sourceRef="failed" targetRef="mend"/><sequenceFlow id="f" sourceRef="mend" targetRef="mended"/>
        <sequenceFlow id="g" sourceRef="asked" targetRef="help"/><sequenceFlow id="h" sourceRef="help" targetRef="helped"/>
        <sequenceFlow id="i" sourceRef="late" targetRef="close"/><sequenceFlow id="j" sourceRef="close" targetRef="closed"/>
        """;

    // A task, then the way that its finding tells: done, an error, an escalation before it is done, nowhere.
    private static readonly string Sampling = PlayedProcess.Process("sampling", """
        <startEvent id="s_start"/><userTask id="take" name="取样" guantong:form="forms/air-inspect.json"/><exclusiveGateway id="s_found" name="结果？"/>
        <endEvent id="s_end" name="已取样"/><endEvent id="s_bad" name="样品作废"><errorEventDefinition errorRef="bad"/></endEvent>
        <intermediateThrowEvent id="s_slow"><escalationEventDefinition escalationRef="slow"/></intermediateThrowEvent>
        <sequenceFlow id="s1" sourceRef="s_start" targetRef="take"/><sequenceFlow id="s2" sourceRef="take" targetRef="s_found"/>
        <sequenceFlow id="s3" sourceRef="s_found" targetRef="s_end"><conditionExpression>finding = "clean"</conditionExpression></sequenceFlow>
        <sequenceFlow id="s4" sourceRef="s_found" targetRef="s_bad"><conditionExpression>finding = "spoilt"</conditionExpression></sequenceFlow>
        <sequenceFlow id="s5" sourceRef="s_found" targetRef="s_slow"><conditionExpression>finding = "slow"</conditionExpression></sequenceFlow>
        <sequenceFlow id="s6" sourceRef="s_slow" targetRef="s_end"/>
        """);

    private static Task<PlayedProcess> PlayAsync(string store) => PlayedProcess.StartAsync(store, Caller(), Named, Sampling);

    private static async Task<(string Caller, string Called)> CallAsync(PlayedProcess played)
    {
        var id = await played.OpenAsync(new { place = "示例村口" });
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, "inspect"));
        return (id, Assert.Single(await played.CalledAsync(id)).Id);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_called_case_opens_with_its_caller_s_step_and_its_end_takes_the_caller_on_with_what_it_came_to_know(string store)
    {
        await using var played = await PlayAsync(store);
        var (caller, called) = await CallAsync(played);
        var file = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{called}");
        var number = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{caller}")).GetProperty("case").GetProperty("number").GetString();
        Assert.Equal(($"{number}-1", caller), (file.GetProperty("case").GetProperty("number").GetString(), file.GetProperty("caller").GetProperty("id").GetString()));
        Assert.Equal("示例村口", (await played.DataAsync(called)).GetProperty("place").GetString());
        Assert.Equal("take:open", await played.TasksAsync(called));
        Assert.Equal("inspect:done", await played.TasksAsync(caller));
        // What others called is in the list where it is asked for.
        Assert.Equal((1, 2), (await CountAsync(played, ""), await CountAsync(played, "?called=true")));

        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(called, "take", new { confirmed = true, finding = "clean" }));
        Assert.Equal(("ended", "已取样"), await played.StandAsync(called));
        await played.PassAsync(TimeSpan.Zero, nodes: 3);
        Assert.Equal("inspect:done reply:open", await played.TasksAsync(caller));
        var data = await played.DataAsync(caller);
        Assert.Equal(("clean", number), (data.GetProperty("finding").GetString(), data.GetProperty("case").GetProperty("number").GetString()));
        Assert.Single(await played.LedgerAsync(caller), a => a == "call.returned");
        // The hour is over: nothing of the call is left to be ended.
        await played.PassAsync(TimeSpan.FromHours(2));
        Assert.Equal("inspect:done reply:open", await played.TasksAsync(caller));
        Assert.Empty(await played.IncidentsAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_error_that_the_called_case_does_not_catch_its_caller_catches_by_its_code(string store)
    {
        await using var played = await PlayAsync(store);
        var (caller, called) = await CallAsync(played);
        await FinishAsync(played, called, "take", new { confirmed = true, finding = "spoilt" });
        await played.RunAsync();
        Assert.Equal(("ended", "样品作废"), await played.StandAsync(called));
        Assert.Equal("inspect:done mend:open", await played.TasksAsync(caller));
        Assert.Contains("case.failed", await played.LedgerAsync(called));
        Assert.Empty(await played.IncidentsAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_escalation_reaches_the_caller_before_the_end_that_follows_it(string store)
    {
        await using var played = await PlayAsync(store);
        var (caller, called) = await CallAsync(played);
        await FinishAsync(played, called, "take", new { confirmed = true, finding = "slow" });
        await played.PassAsync(TimeSpan.Zero, nodes: 3);
        Assert.Equal(("ended", "已取样"), await played.StandAsync(called));
        Assert.Equal("help:open inspect:done reply:open", await played.TasksAsync(caller));
        Assert.Equal(["call.escalated", "call.returned"], (await played.LedgerAsync(caller)).Where(a => a.StartsWith("call.", StringComparison.Ordinal)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_caller_that_ends_its_call_ends_the_called_case_and_what_that_one_called_and_all_they_wait_for(string store)
    {
        var middle = PlayedProcess.Process("sampling", """
            <startEvent id="m_start"/><parallelGateway id="m_split"/><callActivity id="deeper" name="化验" calledElement="assay"/><userTask id="carry" name="送样"/><parallelGateway id="m_join"/><endEvent id="m_end" name="已取样"/>
            <sequenceFlow id="m1" sourceRef="m_start" targetRef="m_split"/><sequenceFlow id="m2" sourceRef="m_split" targetRef="deeper"/><sequenceFlow id="m3" sourceRef="m_split" targetRef="carry"/>
            <sequenceFlow id="m4" sourceRef="deeper" targetRef="m_join"/><sequenceFlow id="m5" sourceRef="carry" targetRef="m_join"/><sequenceFlow id="m6" sourceRef="m_join" targetRef="m_end"/>
            """);
        var assay = PlayedProcess.File(PlayedProcess.Process("assay", """
            <startEvent id="y_start"/><userTask id="weigh" name="称重"/><boundaryEvent id="y_late" attachedToRef="weigh" cancelActivity="false"><timerEventDefinition><timeCycle>R/PT2H</timeCycle></timerEventDefinition></boundaryEvent>
            <receiveTask id="y_wait" name="等结果" messageRef="result"/><endEvent id="y_end" name="已化验"/><endEvent id="y_told" name="已催"/>
            <sequenceFlow id="y1" sourceRef="y_start" targetRef="weigh"/><sequenceFlow id="y2" sourceRef="weigh" targetRef="y_wait"/><sequenceFlow id="y3" sourceRef="y_wait" targetRef="y_end"/><sequenceFlow id="y4" sourceRef="y_late" targetRef="y_told"/>
            """), """<message id="result" name="assayed"/>""");
        await using var played = await PlayedProcess.StartAsync(store, Caller(), Named, middle, ("processes/assay.bpmn", assay));
        var (caller, called) = await CallAsync(played);
        var deepest = Assert.Single(await played.CalledAsync(called)).Id;
        await played.FinishAsync(deepest, "weigh");
        await played.PassAsync(TimeSpan.FromHours(1), nodes: 3);
        Assert.Equal("close:open inspect:done", await played.TasksAsync(caller));
        Assert.Equal(("withdrawn", "withdrawn"), ((await played.StandAsync(called)).State, (await played.StandAsync(deepest)).State));
        Assert.Equal("carry:withdrawn", await played.TasksAsync(called));
        Assert.Equal(HttpStatusCode.Conflict, await played.FinishAsync(called, "carry"));
        await played.SendAsync(new { name = "assayed" });
        await played.PassAsync(TimeSpan.FromDays(1), nodes: 2);
        Assert.Equal("withdrawn", (await played.StandAsync(deepest)).State);
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(caller, "close"));
        Assert.Equal(("ended", "已结案"), await played.StandAsync(caller));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_cannot_go_on_in_a_called_case_makes_it_alone_stuck(string store)
    {
        await using var played = await PlayAsync(store);
        var (caller, called) = await CallAsync(played);
        await FinishAsync(played, called, "take", new { confirmed = true, finding = "unclear" });
        Assert.Equal(("stuck", "open"), ((await played.StandAsync(called)).State, (await played.StandAsync(caller)).State));
        var incident = Assert.Single(await played.IncidentsAsync()).GetProperty("id").GetString();
        await played.Operator.PostAsJsonAsync($"/api/v1/incidents/{incident}/retry", new { reason = "结果已核实", data = new { finding = "clean" } });
        await played.RunAsync();
        // The official's own words are taken again with the step: what was mended has to stand against them.
        Assert.Equal("stuck", (await played.StandAsync(called)).State);
        await played.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal("withdrawn", (await played.StandAsync(called)).State);
        Assert.Empty(await played.IncidentsAsync());
        Assert.Equal("close:open inspect:done", await played.TasksAsync(caller));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_error_that_nobody_catches_is_an_incident_of_the_caller(string store)
    {
        var body = Caller().Replace("errorRef=\"bad\"", "errorRef=\"other\"", StringComparison.Ordinal);
        await using var played = await PlayedProcess.StartAsync(store, body, Named + """<error id="other" errorCode="OTHER"/>""", Sampling);
        var (caller, called) = await CallAsync(played);
        await FinishAsync(played, called, "take", new { confirmed = true, finding = "spoilt" });
        await played.RunAsync();
        Assert.Equal(("stuck", "ended"), ((await played.StandAsync(caller)).State, (await played.StandAsync(called)).State));
        var incident = Assert.Single(await played.IncidentsAsync());
        Assert.Equal("uncaught-error", incident.GetProperty("why").GetString());
        await played.Operator.PostAsJsonAsync($"/api/v1/incidents/{incident.GetProperty("id").GetString()}/dismiss", new { reason = "样品已另取", data = new { finding = "另取" } });
        Assert.Equal("inspect:done reply:open", await played.TasksAsync(caller));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_matter_is_called_once_for_each_item_in_the_region_that_the_call_names(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"/>
            <callActivity id="each" name="分头处置" calledElement="pollution-episode"><extensionElements><zeebe:ioMapping xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><zeebe:input source="=code" target="region"/></zeebe:ioMapping></extensionElements>
            <multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" inputCollection="=codes" inputElement="code"/></extensionElements></multiInstanceLoopCharacteristics></callActivity>
            <userTask id="sum" name="汇总"/><endEvent id="end" name="已汇总"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="each"/><sequenceFlow id="b" sourceRef="each" targetRef="sum"/><sequenceFlow id="c" sourceRef="sum" targetRef="end"/>
            """);
        var id = await played.OpenAsync(new { codes = (string[])["330500", "330100"] });
        var called = await played.CalledAsync(id);
        Assert.All(called, c => Assert.EndsWith("重污染天气应急处置", c.Title, StringComparison.Ordinal));
        var rows = new List<JsonElement>();
        foreach (var one in called)
            rows.Add((await played.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{one.Id}")).GetProperty("case"));
        Assert.Equal([("pollution-episode", "330100"), ("pollution-episode", "330500")], rows.Select(r => (r.GetProperty("matter").GetString()!, r.GetProperty("region").GetString()!)).Order());
        Assert.All(await Task.WhenAll(called.Select(c => played.TasksAsync(c.Id))), t => Assert.Equal("verify:open", t));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_process_that_calls_itself_is_stopped_where_its_data_never_end_it(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"/><exclusiveGateway id="more" default="no"/><callActivity id="again" name="再来" calledElement="played"/><endEvent id="end" name="已完"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="more"/><sequenceFlow id="yes" sourceRef="more" targetRef="again"><conditionExpression>deep = true</conditionExpression></sequenceFlow>
            <sequenceFlow id="no" sourceRef="more" targetRef="end"/><sequenceFlow id="b" sourceRef="again" targetRef="end"/>
            """);
        var id = await played.OpenAsync(new { deep = true });
        var incident = Assert.Single(await played.IncidentsAsync());
        Assert.Equal("calls-too-deep", incident.GetProperty("why").GetString());
        Assert.Equal("open", (await played.StandAsync(id)).State);
        await played.Operator.PostAsJsonAsync($"/api/v1/incidents/{incident.GetProperty("id").GetString()}/retry", new { reason = "到此为止", data = new { deep = false } });
        await played.RunAsync();
        Assert.Equal(("ended", "已完"), await played.StandAsync(id));
    }

    private static async Task FinishAsync(PlayedProcess played, string id, string node, object given) => Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, node, given));

    private static async Task<int> CountAsync(PlayedProcess played, string query) =>
        (await played.Operator.GetFromJsonAsync<JsonElement>("/api/v1/cases" + query)).GetProperty("total").GetInt32();
}
