using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>Calls that lead nowhere, or come to no end, and matters that nothing opens.</summary>
internal static class Calls
{
    private const string Report = """<bpmn:serviceTask id="report" name="生成处置报告" guantong:service="compose-document" guantong:document="documents/report.md"/>""";

    private const string Last = "    <bpmn:sequenceFlow id=\"to_done\" sourceRef=\"report\" targetRef=\"done\"/>\n  </bpmn:process>";

    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Air("processes/episode.bpmn", Report, Call("report", "sampling"), "unknown-process", 35, 6),
        Air("processes/episode.bpmn", Report, Call("report", "pollution-episodes"), "unknown-process", 35, 6),
        Air("processes/episode.bpmn", "<bpmn:userTask id=\"verify\" name=\"核定污染等级\" guantong:form=\"forms/verify.json\" guantong:due=\"PT2H\"/>", Call("verify", "pollution-episode"), "call-endless", 26, 6),
        Air("processes/episode.bpmn", Last, Sampling($"<bpmn:startEvent id=\"s\"/>\n{Call("again", "sampling")}<bpmn:endEvent id=\"e\"/>{Flow("s", "again")}{Flow("again", "e")}"), "call-endless", 53, 2),
        Air("processes/episode.bpmn", Last, Sampling($"<bpmn:startEvent id=\"s\"><bpmn:timerEventDefinition><bpmn:timeCycle>PT1H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent><bpmn:endEvent id=\"e\"/>{Flow("s", "e")}"), "call-begins-otherwise", 51, 2),
        Permit("matters/stall-permit.yaml", "start: {by: application}", "start: {by: process}", "matter-never-opened", 1, 1),
    ];

    private static string Call(string id, string called) => $"<bpmn:callActivity id=\"{id}\" name=\"采样\" calledElement=\"{called}\"/>";

    private static string Flow(string from, string to) => $"<bpmn:sequenceFlow id=\"{from}-{to}\" sourceRef=\"{from}\" targetRef=\"{to}\"/>";

    // Sampling follows the report, as another process of the same file.
    private static string Sampling(string process) =>
        $"{Flow("report", "sample")}{Flow("sample", "done")}\n{Call("sample", "sampling")}</bpmn:process><bpmn:process id=\"sampling\">\n{process}</bpmn:process>";
}
