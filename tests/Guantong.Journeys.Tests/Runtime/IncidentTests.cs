using System.Net;
using System.Net.Http.Json;
using Dapper;

namespace Guantong.Tests;

/// <summary>What cannot go on by itself: an operator sees it, mends it and resumes it; the rest goes on.</summary>
public sealed class IncidentTests
{
    internal const string Choice = """
        <startEvent id="start"/><userTask id="inspect" name="核查" guantong:form="forms/air-inspect.json"/><exclusiveGateway id="found" name="属实？"/>
        <userTask id="mend" name="整改"/><userTask id="explain" name="说明"/><endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="found"/>
        <sequenceFlow id="c" sourceRef="found" targetRef="mend"><conditionExpression>confirmed = true and place != null</conditionExpression></sequenceFlow>
        <sequenceFlow id="d" sourceRef="found" targetRef="explain"><conditionExpression>confirmed = false</conditionExpression></sequenceFlow>
        <sequenceFlow id="e" sourceRef="mend" targetRef="end"/><sequenceFlow id="f" sourceRef="explain" targetRef="end"/>
        """;

    private const string Letter = """
        <startEvent id="start"/><userTask id="inspect" name="核查"/><serviceTask id="reply" name="答复" guantong:service="compose-document" guantong:document="documents/air-reply.md"/><endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="reply"/><sequenceFlow id="c" sourceRef="reply" targetRef="end"/>
        """;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_that_leads_nowhere_goes_on_once_its_data_are_mended(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Choice);
        var id = await played.OpenAsync();
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, "inspect", new { confirmed = true, finding = "有焚烧痕迹" }));
        Assert.Equal("stuck", (await played.StandAsync(id)).State);
        var incident = Assert.Single(await played.IncidentsAsync());
        Assert.StartsWith("请补正这些条件用到的办件数据后重试", Text(incident, "mend"), StringComparison.Ordinal);
        Assert.Equal(("process", "found", "no-condition-holds", "“属实？”没有一个走向的条件成立"), (Text(incident, "kind"), Text(incident, "node"), Text(incident, "why"), Text(incident, "said")));

        var retry = $"/api/v1/incidents/{Text(incident, "id")}/retry";
        Assert.Equal(HttpStatusCode.Forbidden, (await played.Official.PostAsJsonAsync(retry, new { reason = "再试" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await played.Operator.PostAsJsonAsync(retry, new { reason = " " })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await played.Operator.PostAsJsonAsync(retry, new { reason = "补上地点", data = new { place = "示例村口" } })).StatusCode);
        await played.RunAsync();
        Assert.Equal("inspect:done mend:open", await played.TasksAsync(id));
        Assert.Equal("open", (await played.StandAsync(id)).State);
        Assert.Empty(await played.IncidentsAsync());
        Assert.Equal(HttpStatusCode.Conflict, (await played.Operator.PostAsJsonAsync(retry, new { reason = "再试" })).StatusCode);
        var ledger = await played.LedgerAsync(id);
        Assert.Equal(["case.stuck", "incident.retried", "case.resumed"], ledger.Where(a => a is "case.stuck" or "incident.retried" or "case.resumed"));
        Assert.Single(ledger, a => a == "task.done");
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Retrying_without_mending_tells_of_it_again(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Choice);
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "inspect", new { confirmed = true, finding = "有焚烧痕迹" });
        var first = Text(Assert.Single(await played.IncidentsAsync()), "id");
        await played.Operator.PostAsJsonAsync($"/api/v1/incidents/{first}/retry", new { reason = "再试" });
        await played.RunAsync();
        Assert.NotEqual(first, Text(Assert.Single(await played.IncidentsAsync()), "id"));
        Assert.Equal("stuck", (await played.StandAsync(id)).State);
        Assert.Equal(HttpStatusCode.Conflict, (await played.Operator.PostAsJsonAsync($"/api/v1/incidents/{first}/dismiss", new { reason = "略过" })).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_service_that_keeps_failing_holds_up_nothing_else_and_is_run_again_or_counts_as_done_by_hand(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Letter);
        var (retried, byHand, sound) = (await played.OpenAsync(), await played.OpenAsync(), await played.OpenAsync());
        foreach (var id in (string[])[retried, byHand])
        {
            await played.FinishAsync(id, "inspect");
            await played.Store.ReadAsync(c => c.ExecuteAsync("UPDATE work_job SET service = 'away' WHERE case_id = @id", new { id }));
        }
        await played.FinishAsync(sound, "inspect");
        for (var i = 0; i < 8; i++)
            await played.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("ended", (await played.StandAsync(sound)).State);
        var incidents = await played.IncidentsAsync();
        Assert.Equal(new[] { retried, byHand }.Order(StringComparer.Ordinal), incidents.Select(i => Text(i, "caseId")).Order(StringComparer.Ordinal));
        Assert.Equal(4, (await played.LedgerAsync(retried)).Count(a => a == "service.put-off"));

        await played.Store.ReadAsync(c => c.ExecuteAsync("UPDATE work_job SET service = 'compose-document' WHERE case_id = @retried", new { retried }));
        await played.Operator.PostAsJsonAsync($"/api/v1/incidents/{Text(incidents.Single(i => Text(i, "caseId") == retried), "id")}/retry", new { reason = "服务恢复了" });
        await played.Operator.PostAsJsonAsync($"/api/v1/incidents/{Text(incidents.Single(i => Text(i, "caseId") == byHand), "id")}/dismiss", new { reason = "已另行答复" });
        await played.RunAsync();
        Assert.Equal(("ended", "已答复"), await played.StandAsync(retried));
        Assert.Equal(("ended", "已答复"), await played.StandAsync(byHand));
        Assert.Single(await played.LedgerAsync(retried), a => a == "service.done");
        Assert.DoesNotContain("service.done", await played.LedgerAsync(byHand));
        Assert.Empty(await played.IncidentsAsync());
    }

    private static string? Text(System.Text.Json.JsonElement of, string name) => of.GetProperty(name).GetString();
}
