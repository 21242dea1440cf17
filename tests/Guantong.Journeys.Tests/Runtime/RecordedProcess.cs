using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>A process with a deadline, two signatures and a way round, and cases that went it in known times.</summary>
internal static class RecordedProcess
{
    /// <summary>The process's file.</summary>
    public const string Query = "pack=environment.air-quality&file=processes/air-report.bpmn";

    /// <summary>BPMN inside the process.</summary>
    public const string Body = """
        <startEvent id="start"/><userTask id="inspect" name="核查"/>
        <boundaryEvent id="late" name="超时" attachedToRef="inspect"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition></boundaryEvent>
        <userTask id="sign" name="会签"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>
        <scriptTask id="count" name="计次" scriptFormat="feel"><script>{ round: round + 1 }</script></scriptTask>
        <exclusiveGateway id="more" name="再查？" default="done"/><userTask id="remind" name="催办"/><endEvent id="end" name="已答复"/><endEvent id="reminded" name="已催办"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="sign"/><sequenceFlow id="c" sourceRef="sign" targetRef="count"/>
        <sequenceFlow id="d" sourceRef="count" targetRef="more"/><sequenceFlow id="again" name="再查" sourceRef="more" targetRef="inspect"><conditionExpression>round &lt; rounds</conditionExpression></sequenceFlow>
        <sequenceFlow id="done" sourceRef="more" targetRef="end"/><sequenceFlow id="f" sourceRef="late" targetRef="remind"/><sequenceFlow id="g" sourceRef="remind" targetRef="reminded"/>
        """;

    /// <summary>Its drawing.</summary>
    public static string Drawing { get; } = Draw(
        "start 60 112 36 36,inspect 160 90 110 80,late 240 152 36 36,sign 340 90 110 80,count 520 90 110 80,more 700 105 50 50,end 820 112 36 36,remind 340 240 110 80,reminded 520 262 36 36",
        "a 96 130 160 130,b 270 130 340 130,c 450 130 520 130,d 630 130 700 130,again 725 105 725 40 215 40 215 90,done 750 130 820 130,f 258 188 258 280 340 280,g 450 280 520 280");

    /// <summary>
    /// Plays five cases. Two go straight (核查 30 min, 会签 10 and 30 min), one goes round twice (10 min, 5 and 10 min each), one is too late (2 h) and reminded (1 h), and the last stands at the first task.
    /// </summary>
    /// <returns>Their ids, in this order.</returns>
    public static async Task<IReadOnlyList<string>> PlayAsync(PlayedProcess played)
    {
        var straight = await GoAsync(played, 1, 30, 10, 20);
        var alike = await GoAsync(played, 1, 30, 10, 20);
        var round = await GoAsync(played, 2, 10, 5, 5);
        var late = await played.OpenAsync(new { round = 0, rounds = 1, complaint = "秘密内容" });
        await played.PassAsync(TimeSpan.FromHours(2));
        await played.PassAsync(TimeSpan.FromHours(1));
        await FinishAsync(played, late, "remind");
        var last = await played.OpenAsync(new { round = 0, rounds = 1 });
        return [straight, alike, round, late, last];
    }

    private static string Draw(string shapes, string edges) => $"""
        <bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"><bpmndi:BPMNPlane bpmnElement="played">
        {string.Concat(shapes.Split(',').Select(s => s.Split(' ')).Select(s => $"<bpmndi:BPMNShape id=\"{s[0]}_di\" bpmnElement=\"{s[0]}\"><dc:Bounds x=\"{s[1]}\" y=\"{s[2]}\" width=\"{s[3]}\" height=\"{s[4]}\"/></bpmndi:BPMNShape>"))}
        {string.Concat(edges.Split(',').Select(e => e.Split(' ')).Select(e => $"<bpmndi:BPMNEdge id=\"{e[0]}_di\" bpmnElement=\"{e[0]}\">{string.Concat(e.Skip(1).Chunk(2).Select(p => $"<di:waypoint x=\"{p[0]}\" y=\"{p[1]}\"/>"))}</bpmndi:BPMNEdge>"))}
        </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
        """;

    private static async Task<string> GoAsync(PlayedProcess played, int rounds, params int[] minutes)
    {
        var id = await played.OpenAsync(new { round = 0, rounds });
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (node, after) in ((string[])["inspect", "sign", "sign"]).Zip(minutes))
            {
                await played.PassAsync(TimeSpan.FromMinutes(after));
                await FinishAsync(played, id, node);
            }
        }
        return id;
    }

    private static async Task FinishAsync(PlayedProcess played, string id, string node)
    {
        var file = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");
        var task = file.GetProperty("tasks").EnumerateArray().First(t => t.GetProperty("node").GetString() == node && t.GetProperty("state").GetString() == "open").GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await played.Official.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", new { })).StatusCode);
    }
}
