using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Any number of nodes over one store: the same history as one node makes, each effect once.</summary>
public sealed class NodesTests
{
    private const int Cases = 8;

    private const string Busy = """
        <startEvent id="start"/><userTask id="inspect" name="核查"/>
        <boundaryEvent id="late" attachedToRef="inspect" cancelActivity="false"><timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition></boundaryEvent>
        <serviceTask id="note" name="催办单" guantong:service="compose-document" guantong:document="documents/air-reply-unfounded.md"/><endEvent id="noted" name="已催办"/>
        <serviceTask id="reply" name="答复" guantong:service="compose-document" guantong:document="documents/air-reply.md"/>
        <receiveTask id="paid" name="等回执" messageRef="paid_message" guantong:key="bill"/><endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="reply"/>
        <sequenceFlow id="c" sourceRef="reply" targetRef="paid"/><sequenceFlow id="d" sourceRef="paid" targetRef="end"/>
        <sequenceFlow id="e" sourceRef="late" targetRef="note"/><sequenceFlow id="f" sourceRef="note" targetRef="noted"/>
        """;

    [Shows("plat-database", Lacks = "a distributed PostgreSQL with the same tests")]
    [Fact]
    public async Task Four_nodes_on_PostgreSQL_make_the_history_that_one_makes_on_SQLite()
    {
        var alone = await HistoryAsync("sqlite", 1);
        Assert.Equal(alone, await HistoryAsync("postgres", 4));
        Assert.Equal(Cases, alone.Count);
        Assert.All(alone, one => Assert.Equal(3, one.Documents));
    }

    private static async Task<IReadOnlyList<(string Ledger, int Documents)>> HistoryAsync(string store, int nodes)
    {
        await using var played = await PlayedProcess.StartAsync(store, Busy, """<message id="paid_message" name="paid"/>""");
        var ids = new List<string>();
        for (var i = 0; i < Cases; i++)
            ids.Add(await played.OpenAsync(new { bill = $"B-{i}" }));
        for (var hour = 0; hour < 4; hour++)
            await played.PassAsync(TimeSpan.FromHours(1), nodes);
        for (var i = 0; i < Cases; i++)
        {
            await played.FinishAsync(ids[i], "inspect");
            await played.SendAsync(new { name = "paid", key = $"B-{i}" });
        }
        await played.PassAsync(TimeSpan.FromHours(1), nodes);
        var histories = new List<(string, int)>();
        foreach (var id in ids)
        {
            Assert.Equal(("ended", "已答复"), await played.StandAsync(id));
            var file = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");
            histories.Add((string.Join(' ', await played.LedgerAsync(id)), file.GetProperty("documents").GetArrayLength()));
        }
        return histories;
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_who_finish_a_task_at_once_one_is_told_that_it_is_done(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Busy, """<message id="paid_message" name="paid"/>""");
        for (var i = 0; i < 5; i++)
        {
            var id = await played.OpenAsync(new { bill = $"B-{i}" });
            var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => played.FinishAsync(id, "inspect")));
            Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict, HttpStatusCode.Conflict], answers.Order());
            Assert.Single(await played.LedgerAsync(id), a => a == "task.done");
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_timer_and_an_official_who_finishes_meanwhile_wait_for_each_other(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Busy.Replace(" cancelActivity=\"false\"", "", StringComparison.Ordinal).Replace("<timeCycle>R2/PT1H</timeCycle>", "<timeDuration>PT50M</timeDuration>", StringComparison.Ordinal),
            """<message id="paid_message" name="paid"/>""");
        var ids = new List<string>();
        for (var i = 0; i < Cases; i++)
            ids.Add(await played.OpenAsync(new { bill = $"B-{i}" }));
        var passing = played.PassAsync(TimeSpan.FromMinutes(50), nodes: 2, signsIn: false);
        var answers = await Task.WhenAll(ids.Select(id => played.FinishAsync(id, "inspect")));
        await passing;
        foreach (var (id, answer) in ids.Zip(answers))
        {
            var done = answer == HttpStatusCode.NoContent;
            Assert.True(done || answer == HttpStatusCode.Conflict, $"{answer}");
            Assert.StartsWith(done ? "inspect:done" : "inspect:withdrawn", await played.TasksAsync(id), StringComparison.Ordinal);
            Assert.Equal(done ? 0 : 1, (await played.LedgerAsync(id)).Count(a => a == "timer.fired"));
        }
    }
}
