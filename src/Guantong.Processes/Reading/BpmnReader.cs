using System.Xml;
using System.Xml.Linq;
using Guantong.Feel;

namespace Guantong.Processes.Reading;

/// <summary>Reads BPMN 2.0 XML. What is not run is refused by name and line, never ignored.</summary>
internal static class BpmnReader
{
    private static readonly XNamespace Bpmn = "http://www.omg.org/spec/BPMN/20100524/MODEL";
    private static readonly XNamespace Own = "https://guantong.dev/bpmn";
    private static readonly HashSet<string> Silent = ["documentation", "extensionElements", "textAnnotation", "association", "group", "incoming", "outgoing", "laneSet"];

    private static readonly Dictionary<string, NodeKind> Kinds = new()
    {
        ["startEvent"] = NodeKind.StartEvent,
        ["endEvent"] = NodeKind.EndEvent,
        ["task"] = NodeKind.ManualTask,
        ["userTask"] = NodeKind.UserTask,
        ["manualTask"] = NodeKind.ManualTask,
        ["serviceTask"] = NodeKind.ServiceTask,
        ["exclusiveGateway"] = NodeKind.ExclusiveGateway,
        ["parallelGateway"] = NodeKind.ParallelGateway,
    };

    public static ProcessReading Read(string xml)
    {
        var faults = new List<ProcessFault>();
        if (Parse(xml, faults) is not { } root)
            return new ProcessReading(null, faults);
        var processes = root.Elements(Bpmn + "process").ToList();
        if (processes.Count == 0)
            Fault(faults, root, "bpmn-no-process");
        foreach (var other in processes.Skip(1))
            Fault(faults, other, "bpmn-several-processes", Name(other));
        if (faults.Count > 0)
            return new ProcessReading(null, faults);

        var process = processes[0];
        var lanes = ReadLanes(process);
        var nodes = ReadNodes(process, lanes, faults);
        var flows = ReadFlows(process, nodes, faults);
        if (faults.Count == 0)
            LanesLead(process, nodes, faults);
        if (faults.Count == 0)
            StructureCheck.Check(process, nodes, flows, faults);
        return faults.Count > 0 ? new ProcessReading(null, faults)
            : new ProcessReading(new ProcessDefinition((string?)process.Attribute("id") ?? "process", Title(root, process), nodes, flows, lanes, xml), []);
    }

    private static XElement? Parse(string xml, List<ProcessFault> faults)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 8 << 20 });
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root;
        }
        catch (XmlException e)
        {
            faults.Add(new ProcessFault(Math.Max(1, e.LineNumber), Math.Max(1, e.LinePosition), "bpmn-broken", [e.Message]));
            return null;
        }
    }

    private static string Title(XElement root, XElement process) =>
        (string?)process.Attribute("name") ?? (string?)root.Descendants(Bpmn + "participant").FirstOrDefault()?.Attribute("name") ?? "";

    private static List<Lane> ReadLanes(XElement process) =>
        [.. process.Elements(Bpmn + "laneSet").Descendants(Bpmn + "lane").Select(l => new Lane((string?)l.Attribute("id") ?? "", Name(l),
            [.. l.Elements(Bpmn + "flowNodeRef").Select(r => r.Value.Trim())], Line(l), Column(l)))];

    private static void LanesLead(XElement process, IReadOnlyList<ProcessNode> nodes, List<ProcessFault> faults)
    {
        foreach (var reference in process.Elements(Bpmn + "laneSet").Descendants(Bpmn + "flowNodeRef").Where(r => nodes.All(n => n.Id != r.Value.Trim())))
            Fault(faults, reference, "bpmn-lane-dangling", Name(reference.Parent!), reference.Value.Trim());
    }

    private static List<ProcessNode> ReadNodes(XElement process, IReadOnlyList<Lane> lanes, List<ProcessFault> faults)
    {
        var nodes = new List<ProcessNode>();
        var seen = new HashSet<string>();
        foreach (var element in FlowNodes(process))
        {
            if (!Kinds.TryGetValue(element.Name.LocalName, out var kind))
            {
                Fault(faults, element, "bpmn-unsupported", element.Name.LocalName);
                continue;
            }
            if (Unsupported(element) is { } child)
            {
                Fault(faults, child, "bpmn-unsupported", child.Name.LocalName);
                continue;
            }
            if (element.Element(Bpmn + "terminateEventDefinition") is not null)
                kind = NodeKind.TerminateEndEvent;
            if ((string?)element.Attribute("id") is not { Length: > 0 } id)
                Fault(faults, element, "bpmn-no-id", element.Name.LocalName);
            else if (!seen.Add(id))
                Fault(faults, element, "bpmn-duplicate-id", id);
            else
                nodes.Add(ReadNode(element, id, kind, lanes, faults));
        }
        return nodes;
    }

    private static IEnumerable<XElement> FlowNodes(XElement process) =>
        process.Elements().Where(e => e.Name.Namespace == Bpmn && !Silent.Contains(e.Name.LocalName) && e.Name.LocalName != "sequenceFlow");

    private static XElement? Unsupported(XElement element) => element.Elements().FirstOrDefault(c =>
        c.Name.Namespace == Bpmn && !Silent.Contains(c.Name.LocalName)
        && !(c.Name.LocalName == "terminateEventDefinition" && element.Name.LocalName == "endEvent"));

    private static ProcessNode ReadNode(XElement element, string id, NodeKind kind, IReadOnlyList<Lane> lanes, List<ProcessFault> faults)
    {
        var attributes = element.Attributes().Where(a => a.Name.Namespace == Own).ToDictionary(a => a.Name.LocalName, a => a.Value);
        var node = new ProcessNode(id, Name(element), kind, lanes.FirstOrDefault(l => l.NodeIds.Contains(id))?.Id, (string?)element.Attribute("default"), attributes, Line(element), Column(element));
        if (kind == NodeKind.UserTask && node.Lane is null)
            Fault(faults, element, "bpmn-task-without-lane", Label(node));
        if (kind == NodeKind.ServiceTask && !attributes.ContainsKey("service"))
            Fault(faults, element, "bpmn-service-unnamed", Label(node));
        if (attributes.TryGetValue("due", out var due) && !IsDuration(due))
            Fault(faults, element, "bpmn-due-broken", Label(node), due);
        return node;
    }

    private static bool IsDuration(string text)
    {
        try
        {
            return XmlConvert.ToTimeSpan(text) > TimeSpan.Zero;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }

    private static List<Flow> ReadFlows(XElement process, IReadOnlyList<ProcessNode> nodes, List<ProcessFault> faults)
    {
        var ids = nodes.Select(n => n.Id).ToHashSet();
        // A node that was refused is still there to connect to: its own fault says enough.
        var ends = FlowNodes(process).Select(e => (string?)e.Attribute("id")).ToHashSet();
        var flows = new List<Flow>();
        foreach (var element in process.Elements(Bpmn + "sequenceFlow"))
        {
            if ((string?)element.Attribute("id") is not { Length: > 0 } id)
            {
                Fault(faults, element, "bpmn-no-id", "sequenceFlow");
                continue;
            }
            if (!ids.Add(id))
                Fault(faults, element, "bpmn-duplicate-id", id);
            var (source, target) = ((string?)element.Attribute("sourceRef") ?? "", (string?)element.Attribute("targetRef") ?? "");
            foreach (var (side, end) in ((string, string)[])[("sourceRef", source), ("targetRef", target)])
            {
                if (!ends.Contains(end) && !ends.Contains(null))
                    Fault(faults, element, "bpmn-dangling-flow", id, side, end);
            }
            flows.Add(new Flow(id, Name(element), source, target, element.Element(Bpmn + "conditionExpression")?.Value.Trim(), ReadCondition(element, id, faults)));
        }
        return flows;
    }

    private static FeelExpression? ReadCondition(XElement flow, string id, List<ProcessFault> faults)
    {
        if (flow.Element(Bpmn + "conditionExpression") is not { } condition)
            return null;
        var reading = FeelExpression.Parse(condition.Value.Trim());
        if (reading.Fault is { } fault)
            faults.Add(new ProcessFault(Line(condition), Column(condition), "bpmn-condition-broken", [id]) { Feel = fault });
        return reading.Expression;
    }

    internal static string Label(ProcessNode node) => node.Name.Length > 0 ? node.Name : node.Id;

    private static string Name(XElement element) => ((string?)element.Attribute("name") ?? "").Replace("\n", "", StringComparison.Ordinal);

    private static int Line(XElement element) => ((IXmlLineInfo)element).LineNumber;

    private static int Column(XElement element) => ((IXmlLineInfo)element).LinePosition;

    internal static void Fault(List<ProcessFault> faults, XElement at, string code, params string[] args) => faults.Add(new ProcessFault(Line(at), Column(at), code, args));
}
