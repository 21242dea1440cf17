using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>BPMN that cannot be read, or cannot run to an end.</summary>
internal static class Processes
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Air("processes/episode.bpmn", "</bpmn:process>", "</bpmn:proces>", "bpmn-broken", 51, 5),
        Air("processes/episode.bpmn", """<?xml version="1.0" encoding="UTF-8"?>""", """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>""", "xml-doctype", 1, 39),
        Air("processes/episode.bpmn", "name=\"预警触发\"", "name=\"&e;\"", "bpmn-broken", 25, 40),
        Air("processes/episode.bpmn", "", " ", "bpmn-broken", 1, 1),
        Permit("processes/permit.bpmn", "", "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">\n</definitions>\n", "bpmn-no-process", 1, 2),
        Air("processes/episode.bpmn", "  </bpmn:process>", "  </bpmn:process>\n  <bpmn:process id=\"other\" name=\"另一个\"/>", "bpmn-several-processes", 52, 4),
        Air("processes/episode.bpmn", """<bpmn:parallelGateway id="fork" name=""/>""", """<bpmn:complexGateway id="fork" name=""/>""", "bpmn-unsupported", 30, 6),
        Started("<bpmn:timerEventDefinition/>", "bpmn-incomplete", 34),
        Started("<bpmn:timerEventDefinition><bpmn:timeDate>due</bpmn:timeDate></bpmn:timerEventDefinition>", "bpmn-not-in-cases", 6),
        Started("<bpmn:conditionalEventDefinition><bpmn:condition>pm25 > 75</bpmn:condition></bpmn:conditionalEventDefinition>", "bpmn-condition-start", 6),
        Wired("\n<businessRuleTask id=\"r\"/>", "bpmn-not-in-cases", 4, 2, "s>r", "r>e"),
        Started("<bpmn:timerEventDefinition><bpmn:timeDuration>2 hours</bpmn:timeDuration></bpmn:timerEventDefinition>", "bpmn-timer-broken", 61),
        Started("<bpmn:messageEventDefinition messageRef=\"none\"/>", "bpmn-dangling-ref", 34),
        Started("<bpmn:conditionalEventDefinition><bpmn:condition>a = = b</bpmn:condition></bpmn:conditionalEventDefinition>", "bpmn-expression-broken", 67),
        Started("<bpmn:terminateEventDefinition/>", "bpmn-misplaced", 6),
        Air("processes/episode.bpmn", "xsi:type=\"bpmn:tFormalExpression\"", "language=\"javascript\"", "bpmn-language", 40, 8),
        Air("processes/episode.bpmn", "", "<definitions/>", "bpmn-namespace", 1, 2),
        Air("processes/episode.bpmn", "", $"<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">\n{string.Concat(Enumerable.Repeat("<a>", 120))}{string.Concat(Enumerable.Repeat("</a>", 120))}</definitions>", "bpmn-too-deep", 2, 299),
        Air("processes/episode.bpmn", "<bpmn:endEvent id=\"done\"", "<bpmn:endEvent", "bpmn-no-id", 36, 6),
        Air("processes/episode.bpmn", """id="to_done" """, "", "bpmn-no-id", 50, 6),
        Air("processes/episode.bpmn", "<bpmn:endEvent id=\"done\"", "<bpmn:endEvent id=\"done\"/><bpmn:endEvent id=\"done\"", "bpmn-duplicate-id", 36, 32),
        Air("processes/episode.bpmn", """id="to_done" sourceRef""", """id="to_report" sourceRef""", "bpmn-duplicate-id", 50, 6),
        Air("processes/episode.bpmn", """targetRef="traffic"/>""", """targetRef="trafic"/>""", "bpmn-dangling-flow", 45, 6),
        Air("processes/episode.bpmn", "sourceRef=\"start\"", "", "bpmn-dangling-flow", 37, 6),
        Air("processes/episode.bpmn", "<bpmn:flowNodeRef>done<", "<bpmn:flowNodeRef>gone<", "bpmn-lane-dangling", 16, 10),
        Air("processes/episode.bpmn", """<bpmn:startEvent id="start" name="预警触发"/>""", """<bpmn:manualTask id="start" name="预警触发"/>""", "bpmn-no-start", 4, 4),
        Air("processes/episode.bpmn", """<bpmn:startEvent id="start" name="预警触发"/>""", """<bpmn:startEvent id="start" name="预警触发"/><bpmn:startEvent id="again" name="再触发"/>""", "bpmn-several-starts", 25, 47),
        Permit("processes/permit.bpmn", """<bpmn:endEvent id="granted" name="准予" guantong:outcome="granted"/>""", """<bpmn:manualTask id="granted" name="准予"/>""", "bpmn-no-way-out", 20, 6),
        Permit("processes/permit.bpmn", "", "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">\n  <process id=\"p\">\n    <startEvent id=\"s\"/>\n  </process>\n</definitions>\n", "bpmn-no-end", 2, 4),
        Air("processes/episode.bpmn", "    <bpmn:sequenceFlow id=\"to_report\" sourceRef=\"evaluate\" targetRef=\"report\"/>\n", "", "bpmn-no-way-out", 34, 6),
        Air("processes/episode.bpmn", "    <bpmn:sequenceFlow id=\"to_evaluate\" sourceRef=\"join\" targetRef=\"evaluate\"/>\n", "", "bpmn-no-way-out", 33, 6),
        Air("processes/episode.bpmn", "sourceRef=\"evaluate\" targetRef=\"report\"", "sourceRef=\"evaluate\" targetRef=\"join\"", "bpmn-no-way-out", 33, 6),
        Air("processes/episode.bpmn", "    <bpmn:sequenceFlow id=\"to_traffic\" sourceRef=\"fork\" targetRef=\"traffic\"/>\n", "", "bpmn-unreachable", 32, 6),
        Permit("processes/permit.bpmn", "sourceRef=\"complete\" targetRef=\"returned\"", "sourceRef=\"complete\" targetRef=\"refused\"", "bpmn-unreachable", 14, 6),
        Air("processes/episode.bpmn", "    <bpmn:sequenceFlow id=\"no\" sourceRef=\"decide\" targetRef=\"close_note\" name=\"不启动\"/>\n", "", "bpmn-default-elsewhere", 27, 6),
        Air("processes/episode.bpmn", " default=\"no\"", "", "bpmn-condition-missing", 27, 6),
        Air("processes/episode.bpmn", "sourceRef=\"fork\" targetRef=\"traffic\"", "sourceRef=\"verify\" targetRef=\"traffic\"", "bpmn-several-flows", 26, 6),
        Air("processes/episode.bpmn", """sourceRef="evaluate" targetRef="report"/>""", """sourceRef="evaluate" targetRef="report"><bpmn:conditionExpression>respond = true</bpmn:conditionExpression></bpmn:sequenceFlow>""", "bpmn-condition-useless", 34, 6),
        Air("processes/episode.bpmn", "respond = true<", "respond = = true<", "bpmn-condition-broken", 40, 8),
        Air("processes/episode.bpmn", "<bpmn:flowNodeRef>traffic</bpmn:flowNodeRef>", "", "bpmn-task-without-lane", 32, 6),
        Air("processes/episode.bpmn", " guantong:service=\"compose-document\"", "", "bpmn-service-unnamed", 28, 6),
        Air("processes/episode.bpmn", "guantong:service=\"compose-document\" guantong:document=\"documents/report.md\"", "guantong:service=\"read-row\" guantong:dataset=\"station\"", "read-row-need", 35, 6),
        Air("processes/episode.bpmn", "guantong:service=\"compose-document\" guantong:document=\"documents/report.md\"", "guantong:service=\"read-row\" guantong:dataset=\"air-daily\"", "read-row-key", 35, 6),
        Permit("processes/permit.bpmn", "guantong:service=\"compose-document\" guantong:document=\"documents/permit.md\"", "guantong:service=\"read-row\" guantong:dataset=\"applicant\"", "read-row-closed", 18, 6),
        Air("processes/episode.bpmn", "guantong:due=\"PT2H\"", "guantong:due=\"2 hours\"", "bpmn-due-broken", 26, 6),
        Air("processes/episode.bpmn", "guantong:due=\"PT2H\"", "guantong:due=\"PT2H worked\"", "bpmn-due-broken", 26, 6),
        Air("processes/episode.bpmn", "guantong:due=\"PT2H\"", "guantong:due=\"PT2H\" guantong:assign=\"lot\"", "bpmn-assign-unknown", 26, 6),
        Air("processes/episode.bpmn", "guantong:due=\"PT2H\"", "guantong:due=\"PT2H\" guantong:assign=\"skill\"", "bpmn-skill-missing", 26, 6),
        Wired("<exclusiveGateway id=\"x\" default=\"x-a\"/><task id=\"a\"/><task id=\"b\"/>\n<parallelGateway id=\"j\"/>", "bpmn-deadlock", 4, 2, "s>x", "x>a", "x>b?", "a>j", "b>j", "j>e"),
        Wired("<exclusiveGateway id=\"m\"/><parallelGateway id=\"g\"/><task id=\"a\"/><task id=\"b\"/>", "bpmn-unbounded", 3, 22, "s>m", "m>g", "g>a", "a>m", "g>b", "b>e"),
        Wired("<parallelGateway id=\"f\"/><exclusiveGateway id=\"x\" default=\"x-a\"/><task id=\"a\"/><task id=\"b\"/><endEvent id=\"t\"><terminateEventDefinition/></endEvent><task id=\"never\"/>\n<parallelGateway id=\"j\"/>",
            "bpmn-dead", 4, 2, "s>f", "f>x", "f>t", "x>a", "x>b?", "a>j", "b>j", "j>never", "never>e"),
        Wired("<parallelGateway id=\"f\"/><inclusiveGateway id=\"j\"/>" + string.Concat(Ways.Select(i => $"<exclusiveGateway id=\"x{i}\" default=\"x{i}-j\"/><task id=\"t{i}\"/>")),
            "bpmn-too-large", 2, 2, ["s>f", "j>e", .. Ways.SelectMany(i => (string[])[$"f>x{i}", $"x{i}>j", $"x{i}>t{i}?", $"t{i}>j"])]),
    ];

    private static IEnumerable<int> Ways => Enumerable.Range(0, 18);

    private static BrokenPack Wired(string nodes, string code, int line, int column, params string[] flows) => Air("processes/episode.bpmn", "",
        $"<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">\n<process id=\"p\">\n<startEvent id=\"s\"/><endEvent id=\"e\"/>{nodes}\n{string.Concat(flows.Select(Flow))}</process></definitions>\n", code, line, column);

    private static string Flow(string flow)
    {
        var ends = flow.TrimEnd('?').Split('>');
        return $"<sequenceFlow id=\"{ends[0]}-{ends[1]}\" sourceRef=\"{ends[0]}\" targetRef=\"{ends[1]}\">{(flow.EndsWith('?') ? "<conditionExpression>c</conditionExpression>" : "")}</sequenceFlow>";
    }

    private static BrokenPack Started(string by, string code, int column) =>
        Air("processes/episode.bpmn", """<bpmn:startEvent id="start" name="预警触发"/>""", $"""<bpmn:startEvent id="start">{by}</bpmn:startEvent>""", code, 25, column);
}
