using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Messages and signals of cases.</summary>
public sealed class MessageTests
{
    private const string Named = """<message id="paid_message" name="paid"/><signal id="all_clear" name="all-clear"/>""";

    private const string Waiting = """
        <startEvent id="start"/><userTask id="inspect" name="核查"/><receiveTask id="paid" name="等缴费" messageRef="paid_message" guantong:key="bill"/><userTask id="visit" name="回访"/><endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="paid"/>
        <sequenceFlow id="c" sourceRef="paid" targetRef="visit"/><sequenceFlow id="d" sourceRef="visit" targetRef="end"/>
        """;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_message_goes_to_the_one_case_whose_key_it_bears(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Waiting, Named);
        var (mine, other) = (await played.OpenAsync(new { bill = "B-1" }), await played.OpenAsync(new { bill = "B-2" }));
        foreach (var id in (string[])[mine, other])
            await played.FinishAsync(id, "inspect");
        Assert.Equal(HttpStatusCode.Accepted, await played.SendAsync(new { name = "paid", key = "B-1" }));
        await played.RunAsync();
        Assert.Equal("inspect:done visit:open", await played.TasksAsync(mine));
        Assert.Equal("inspect:done", await played.TasksAsync(other));
        Assert.Single(await played.LedgerAsync(mine), a => a == "message.taken");
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_many_cases_that_wait_alike_exactly_one_takes_a_message_however_many_nodes_run_and_however_often_it_is_sent(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Waiting, Named);
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await played.OpenAsync(new { bill = "B-1" }));
            await played.FinishAsync(ids[^1], "inspect");
        }
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Accepted, await played.SendAsync(new { name = "paid", key = "B-1" }, once: "payment-1"));
        Assert.Equal(HttpStatusCode.Conflict, await played.SendAsync(new { name = "paid", key = "B-2" }, once: "payment-1"));
        await played.PassAsync(TimeSpan.Zero, nodes: 4);
        Assert.Equal(["inspect:done", "inspect:done", "inspect:done", "inspect:done visit:open"], (await Task.WhenAll(ids.Select(played.TasksAsync))).Order(StringComparer.Ordinal));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_message_that_comes_early_is_kept_until_somebody_waits_for_it_or_it_expires(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Waiting, Named);
        var (soon, late) = (await played.OpenAsync(new { bill = "B-1" }), await played.OpenAsync(new { bill = "B-2" }));
        foreach (var key in (string[])["B-1", "B-2"])
            await played.SendAsync(new { name = "paid", key, keep = "PT2H" });
        await played.PassAsync(TimeSpan.FromHours(1));
        await played.FinishAsync(soon, "inspect");
        await played.RunAsync();
        await played.PassAsync(TimeSpan.FromHours(1));
        await played.FinishAsync(late, "inspect");
        await played.RunAsync();
        Assert.Equal("inspect:done visit:open", await played.TasksAsync(soon));
        Assert.Equal("inspect:done", await played.TasksAsync(late));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_message_that_nobody_waits_for_begins_a_case_of_the_matter_that_begins_by_it(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"><messageEventDefinition messageRef="paid_message"/></startEvent><userTask id="inspect" name="核查"/><endEvent id="end" name="已答复"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="end"/>
            """, Named);
        await played.SendAsync(new { name = "paid", data = new { region = "330500", place = "示例村口" } }, once: "report-1");
        await played.SendAsync(new { name = "paid", data = new { region = "330500", place = "示例村口" } }, once: "report-1");
        await played.PassAsync(TimeSpan.Zero, nodes: 3);
        var cases = (await played.Official.GetFromJsonAsync<JsonElement>("/api/v1/cases")).GetProperty("items");
        var opened = Assert.Single(cases.EnumerateArray());
        Assert.Equal("330500", opened.GetProperty("region").GetString());
        Assert.Equal("inspect:open", await played.TasksAsync(opened.GetProperty("id").GetString()!));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_one_case_sends_another_takes_and_a_signal_reaches_all(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"/><exclusiveGateway id="which" default="waits"/>
            <userTask id="inspect" name="核查"/><sendTask id="tell" name="告知" messageRef="paid_message" guantong:key="to"/>
            <intermediateThrowEvent id="clear"><signalEventDefinition signalRef="all_clear"/></intermediateThrowEvent><endEvent id="end" name="已答复"/>
            <receiveTask id="paid" name="等告知" messageRef="paid_message" guantong:key="bill"/>
            <intermediateCatchEvent id="cleared"><signalEventDefinition signalRef="all_clear"/></intermediateCatchEvent><endEvent id="closed" name="已解除"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="which"/>
            <sequenceFlow id="sends" sourceRef="which" targetRef="tell"><conditionExpression>to != null</conditionExpression></sequenceFlow>
            <sequenceFlow id="waits" sourceRef="which" targetRef="paid"/><sequenceFlow id="b" sourceRef="tell" targetRef="inspect"/>
            <sequenceFlow id="c" sourceRef="inspect" targetRef="clear"/><sequenceFlow id="d" sourceRef="clear" targetRef="end"/>
            <sequenceFlow id="e" sourceRef="paid" targetRef="cleared"/><sequenceFlow id="f" sourceRef="cleared" targetRef="closed"/>
            """, Named);
        var (one, two) = (await played.OpenAsync(new { bill = "B-1" }), await played.OpenAsync(new { bill = "B-2" }));
        var sender = await played.OpenAsync(new { to = "B-1" });
        await played.RunAsync();
        await played.SendAsync(new { name = "paid", key = "B-2" });
        await played.RunAsync();
        Assert.All(await Task.WhenAll(played.StandAsync(one), played.StandAsync(two)), s => Assert.Equal("open", s.State));
        await played.FinishAsync(sender, "inspect");
        await played.PassAsync(TimeSpan.Zero, nodes: 3);
        Assert.Equal(("ended", "已解除"), await played.StandAsync(one));
        Assert.Equal(("ended", "已解除"), await played.StandAsync(two));
        Assert.Single(await played.LedgerAsync(one), a => a == "signal.taken");
    }
}
