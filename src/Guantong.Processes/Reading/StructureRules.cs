using System.Xml.Linq;
using Guantong.Processes.Document;

namespace Guantong.Processes.Reading;

/// <summary>The shape that a process must have for its semantics to be defined (clauses 8 and 10).</summary>
internal static class StructureRules
{
    public static void Check(XElement process, ScopeBody body, IReadOnlyList<ProcessNode> nodes, IReadOnlyList<Flow> flows, List<ProcessFault> faults)
    {
        if (body.Entries.Count == 0 && body.Starts.Count == 0)
            faults.Add(BpmnDocument.At(process, "bpmn-no-start"));
        Level(body, null, faults);
        foreach (var node in nodes)
        {
            if (node.Body is { } inner)
                Level(inner, node, faults);
            Events(node, faults);
            Ways(node, faults);
        }
        foreach (var flow in flows.Where(f => f.From.Parent != f.To.Parent))
            At(faults, flow.From, "bpmn-misplaced", flow.From.Label, $"{flow.From.Id} → {flow.To.Id}");
    }

    private static void Level(ScopeBody body, ProcessNode? around, List<ProcessFault> faults)
    {
        var starts = body.Nodes.Where(n => n.Kind == NodeKind.StartEvent).ToList();
        foreach (var extra in starts.Where(s => s.Events.Count == 0).Skip(1))
            At(faults, extra, "bpmn-several-starts");
        foreach (var gate in body.Nodes.Where(n => n is { Kind: NodeKind.EventGateway, Outgoing.Count: 0 }))
            At(faults, gate, "bpmn-incomplete", gate.Label, "outgoing");
        if (around is null)
            return;
        if (around.IsEventSub)
        {
            if (starts.Count != 1 || starts[0].Events.Count == 0)
                At(faults, around, "bpmn-incomplete", around.Label, "startEvent + eventDefinition");
            if (around.Incoming.Count + around.Outgoing.Count + around.Boundaries.Count > 0)
                At(faults, around, "bpmn-misplaced", around.Label, "triggeredByEvent");
        }
        else
        {
            foreach (var start in starts.Where(s => s.Events.Count > 0))
                At(faults, start, "bpmn-misplaced", start.Label, "eventDefinition");
        }
    }

    private static void Events(ProcessNode node, List<ProcessFault> faults)
    {
        foreach (var spec in node.Events)
        {
            if (!Fits(node, spec.Kind))
                At(faults, node, "bpmn-misplaced", node.Label, $"{spec.Kind}".ToLowerInvariant());
            else if (spec.Kind == EventKind.Link && node.Kind == NodeKind.ThrowEvent && Siblings(node).Count(n => n.Kind == NodeKind.CatchEvent && n.Events is [{ Kind: EventKind.Link } e] && e.Name == spec.Name) != 1)
                At(faults, node, "bpmn-dangling-ref", node.Label, "link", spec.Name!);
        }
        if (node.Kind == NodeKind.BoundaryEvent && (node.Host is not { IsActivity: true, IsEventSub: false } || node.Host.Parent != node.Parent))
            At(faults, node, "bpmn-misplaced", node.Label, "attachedToRef");
        if (node.Kind is NodeKind.BoundaryEvent or NodeKind.CatchEvent && node.Events.Count == 0)
            At(faults, node, "bpmn-incomplete", node.Label, "eventDefinition");
        if (node.Events.Any(e => e.Kind == EventKind.Compensation) && node.Kind == NodeKind.BoundaryEvent && node.Host?.Compensator is not { ForCompensation: true })
            At(faults, node, "bpmn-incomplete", node.Label, "association → isForCompensation");
        if (node.Kind == NodeKind.EndEvent && node.Events.Any(e => e.Kind == EventKind.Cancel) && Transaction(node) is { } transaction && transaction.Boundaries.All(b => b.Events.All(e => e.Kind != EventKind.Cancel)))
            At(faults, transaction, "bpmn-incomplete", transaction.Label, "boundaryEvent + cancelEventDefinition");
    }

    private static IEnumerable<ProcessNode> Siblings(ProcessNode node) => node.Level?.Nodes ?? [];

    private static ProcessNode? Transaction(ProcessNode node)
    {
        var around = node.Parent;
        while (around is not null && around.Body!.Kind != SubProcessKind.Transaction)
            around = around.Parent;
        return around;
    }

    // Table 10.93 of the standard: which event may stand where.
    private static bool Fits(ProcessNode node, EventKind kind) => node.Kind switch
    {
        NodeKind.StartEvent when node.Parent?.IsEventSub == true => kind is not (EventKind.Link or EventKind.Cancel or EventKind.Terminate) && (node.Interrupting || kind is not (EventKind.Error or EventKind.Compensation)),
        NodeKind.StartEvent => kind is EventKind.Message or EventKind.Timer or EventKind.Signal or EventKind.Conditional,
        NodeKind.CatchEvent => kind is EventKind.Message or EventKind.Timer or EventKind.Signal or EventKind.Conditional || (kind == EventKind.Link && node.Events.Count == 1),
        NodeKind.BoundaryEvent => kind switch
        {
            EventKind.Link or EventKind.Terminate => false,
            EventKind.Cancel => node.Interrupting && node.Host?.Body?.Kind == SubProcessKind.Transaction,
            EventKind.Error => node.Interrupting,
            _ => true,
        },
        NodeKind.ThrowEvent => kind is EventKind.Message or EventKind.Signal or EventKind.Escalation or EventKind.Compensation || (kind == EventKind.Link && node.Events.Count == 1),
        NodeKind.EndEvent => kind == EventKind.Cancel ? Transaction(node) is not null : kind is not (EventKind.Timer or EventKind.Conditional or EventKind.Link),
        _ => true,
    };

    private static void Ways(ProcessNode node, List<ProcessFault> faults)
    {
        if ((node.Kind == NodeKind.StartEvent || node.IsAside) && node.Incoming.Count > 0)
            At(faults, node, "bpmn-misplaced", node.Label, "incoming");
        if ((node.Kind == NodeKind.EndEvent || node.ForCompensation || node.Events.Any(e => e.Kind == EventKind.Link && node.Kind == NodeKind.ThrowEvent)) && node.Outgoing.Count > 0)
            At(faults, node, "bpmn-misplaced", node.Label, "outgoing");
        if (node.Default is { } standard && node.Outgoing.All(w => w.Id != standard))
            At(faults, node, "bpmn-default-elsewhere", node.Label, standard);
        else if (node.Kind == NodeKind.ExclusiveGateway && node.Outgoing.Count > 1)
            Choices(node, faults);
        if (node.Kind == NodeKind.EventGateway)
        {
            foreach (var way in node.Outgoing.Where(w => w.To is not ({ Kind: NodeKind.CatchEvent } or { Kind: NodeKind.ReceiveTask, Loop: null, Boundaries.Count: 0 }) || w.To.Incoming.Count > 1))
                At(faults, way.To, "bpmn-misplaced", way.To.Label, node.Label);
        }
        if (!node.IsActivity && node.Kind is not (NodeKind.ExclusiveGateway or NodeKind.InclusiveGateway))
        {
            foreach (var way in node.Outgoing.Where(w => w.Condition is not null))
                At(faults, node, "bpmn-condition-useless", way.Label);
        }
    }

    // One way without a condition is what remains; of several, nobody knows which is meant.
    private static void Choices(ProcessNode node, List<ProcessFault> faults)
    {
        var open = node.Outgoing.Where(w => w.Condition is null && !w.IsDefault).ToList();
        if (open is [var only] && node.Default is null)
        {
            only.IsDefault = true;
            return;
        }
        foreach (var way in open)
            At(faults, node, "bpmn-condition-missing", node.Label, way.Label);
    }

    internal static void At(List<ProcessFault> faults, ProcessNode node, string code, params string[] args) => faults.Add(new ProcessFault(node.Line, node.Column, code, args));
}
