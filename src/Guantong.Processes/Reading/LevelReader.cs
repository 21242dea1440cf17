using System.Xml.Linq;
using Guantong.Processes.Document;

namespace Guantong.Processes.Reading;

/// <summary>Reads what a process or a sub-process holds, level by level, and links it.</summary>
internal sealed class LevelReader(Context context, DataReader data)
{
    private static readonly HashSet<string> Aside =
    [
        "documentation", "extensionElements", "auditing", "monitoring", "property", "ioSpecification", "ioBinding", "supportedInterfaceRef", "correlationSubscription", "supports",
        "laneSet", "dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association", "group", "artifact",
        "resourceRole", "performer", "humanPerformer", "potentialOwner", "incoming", "outgoing", "dataInputAssociation", "dataOutputAssociation",
        "standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "completionCondition", "categoryValueRef",
    ];

    private readonly NodeReader _nodes = new(context, data);
    private readonly Dictionary<string, ProcessNode> _byId = [];
    private readonly List<XElement> _flowElements = [];
    private readonly List<(XElement Element, ProcessNode Node)> _boundaries = [];
    private readonly HashSet<string> _refused = [];

    public List<ProcessNode> Nodes { get; } = [];

    public List<Flow> Flows { get; } = [];

    public List<Lane> Lanes { get; } = [];

    /// <summary>True for what may stand inside a sub-process: a flow element or an artifact.</summary>
    public static bool IsInside(XElement element) =>
        element.Name.LocalName is "sequenceFlow" or "complexGateway" or "laneSet" or "dataObject" or "dataObjectReference" or "dataStoreReference" or "textAnnotation" or "association" or "group"
        || element.Name.LocalName.EndsWith("Task", StringComparison.Ordinal) || element.Name.LocalName.EndsWith("Gateway", StringComparison.Ordinal) || element.Name.LocalName.EndsWith("Event", StringComparison.Ordinal)
        || element.Name.LocalName is "task" or "subProcess" or "transaction" or "adHocSubProcess" or "callActivity" or "callChoreography" or "subChoreography";

    /// <summary>Reads a level and those inside it.</summary>
    public void Read(XElement level, ScopeBody body, ProcessNode? parent)
    {
        var nodes = new List<ProcessNode>();
        foreach (var element in level.Elements().Where(e => e.Name.Namespace == BpmnDocument.Bpmn && !Aside.Contains(e.Name.LocalName)))
        {
            if (element.Name.LocalName == "sequenceFlow")
            {
                _flowElements.Add(element);
                continue;
            }
            if (_nodes.Read(element, parent) is not { } node)
            {
                _refused.Add((string?)element.Attribute("id") ?? "");
                continue;
            }
            (node.Index, node.Level) = (Nodes.Count, body);
            Nodes.Add(node);
            nodes.Add(node);
            _byId[node.Id] = node;
            if (node.Kind == NodeKind.BoundaryEvent)
                _boundaries.Add((element, node));
            if (node.Body is { } inner)
                Read(element, inner, node);
        }
        body.Nodes = nodes;
        foreach (var lane in Context.Children(level, "laneSet").SelectMany(s => Context.Children(s, "lane")))
            Read(lane);
    }

    /// <summary>Connects flows, boundary events and what undoes what.</summary>
    public void Link(XElement process, ScopeBody body)
    {
        _flowElements.ForEach(Flow);
        foreach (var node in Nodes)
        {
            node.Outgoing = [.. Flows.Where(f => f.From == node)];
            node.Incoming = [.. Flows.Where(f => f.To == node)];
            if (node.Default is { } standard && node.Outgoing.FirstOrDefault(f => f.Id == standard) is { } flow)
                flow.IsDefault = true;
        }
        foreach (var (element, node) in _boundaries)
        {
            if (context.Referred(element, "attachedToRef") is { } host)
                node.Host = _byId.GetValueOrDefault((string?)host.Attribute("id") ?? "");
            else if (element.Attribute("attachedToRef") is null)
                context.Fault(element, "bpmn-incomplete", node.Label, "attachedToRef");
        }
        foreach (var hosted in _boundaries.Where(b => b.Node.Host is not null).GroupBy(b => b.Node.Host!, b => b.Node))
            hosted.Key.Boundaries = [.. hosted];
        foreach (var association in process.Descendants(BpmnDocument.Bpmn + "association"))
        {
            if (_byId.GetValueOrDefault((string?)association.Attribute("sourceRef") ?? "") is { Kind: NodeKind.BoundaryEvent, Host: { } host } undone
                && undone.Events.Any(e => e.Kind == EventKind.Compensation))
                host.Compensator = _byId.GetValueOrDefault((string?)association.Attribute("targetRef") ?? "");
        }
        foreach (var level in Nodes.Select(n => n.Body).OfType<ScopeBody>().Append(body))
            Begin(level);
        PlaceInLanes();
    }

    private static void Begin(ScopeBody level)
    {
        level.EventSubs = [.. level.Nodes.Where(n => n.IsEventSub)];
        var starts = level.Nodes.Where(n => n.Kind == NodeKind.StartEvent).ToList();
        level.Starts = [.. starts, .. level.Nodes.Where(n => n is { Kind: NodeKind.ReceiveTask, Instantiates: true }),
            .. level.Nodes.Where(n => n is { Kind: NodeKind.EventGateway, Instantiates: true }).SelectMany(g => g.Outgoing.Select(f => f.To))];
        // Without a start event, all that no flow reaches begins (clause 13.3.2).
        level.Entries = level.Kind == SubProcessKind.AdHoc || level.Starts.Count == 0
            ? [.. level.Nodes.Where(n => n.Incoming.Count == 0 && !n.IsAside && n is not { Kind: NodeKind.CatchEvent, Events: [{ Kind: EventKind.Link }] })]
            : [.. starts.Where(s => s.Events.Count == 0).Take(1)];
    }

    private void Flow(XElement element)
    {
        var id = context.IdOf(element);
        var ends = new ProcessNode?[2];
        foreach (var (i, side) in ((int, string)[])[(0, "sourceRef"), (1, "targetRef")])
        {
            var end = (string?)element.Attribute(side) ?? "";
            ends[i] = _byId.GetValueOrDefault(end);
            // A node that was refused is still there to connect to: its own fault says enough.
            if (ends[i] is null && !_refused.Contains(end))
                context.Fault(element, "bpmn-dangling-flow", id, side, end);
        }
        var condition = Context.Child(element, "conditionExpression");
        var expression = condition is null ? null : context.Expression(condition, "bpmn-condition-broken");
        if (ends is [{ } from, { } to])
            Flows.Add(new Flow { Id = id, Name = Context.Name(element), From = from, To = to, ConditionText = condition?.Value.Trim(), Condition = expression });
    }

    private void Read(XElement lane)
    {
        var nodes = lane.Descendants(BpmnDocument.Bpmn + "flowNodeRef").ToList();
        foreach (var dangling in nodes.Where(r => context.Document.Find(r.Value.Trim()) is null))
            context.Fault(dangling, "bpmn-lane-dangling", Context.Name(dangling.Parent!), dangling.Value.Trim());
        Lanes.Add(new Lane((string?)lane.Attribute("id") ?? "", Context.Name(lane), [.. nodes.Select(r => r.Value.Trim()).Distinct()],
            ((System.Xml.IXmlLineInfo)lane).LineNumber, ((System.Xml.IXmlLineInfo)lane).LinePosition)
        {
            Roles = [.. lane.Descendants(BpmnDocument.Bpmn + "lane").Select(l => new Role(Context.Name(l), [.. l.Elements(BpmnDocument.Bpmn + "flowNodeRef").Select(r => r.Value.Trim())]))],
        });
    }

    // The outermost lane is the unit, the innermost the role; what stands in a sub-process stands in its lane unless it has one of its own.
    private void PlaceInLanes()
    {
        var units = Lanes.SelectMany(l => l.NodeIds.Select(n => (n, l))).GroupBy(p => p.n, p => p.l).ToDictionary(g => g.Key, g => g.First());
        var roles = Lanes.SelectMany(l => l.Roles).SelectMany(r => r.NodeIds.Select(n => (n, r))).GroupBy(p => p.n, p => p.r).ToDictionary(g => g.Key, g => g.Last());
        foreach (var node in Nodes)
        {
            node.Lane = units.GetValueOrDefault(node.Id)?.Id ?? node.Parent?.Lane;
            node.Role = roles.GetValueOrDefault(node.Id)?.Name ?? node.Parent?.Role;
        }
    }
}
