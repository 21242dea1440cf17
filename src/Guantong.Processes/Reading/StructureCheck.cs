using System.Xml.Linq;

namespace Guantong.Processes.Reading;

/// <summary>The shape that a process must have before it can run: a way in, a way out of everywhere, choices that can be made.</summary>
internal static class StructureCheck
{
    public static void Check(XElement process, IReadOnlyList<ProcessNode> nodes, IReadOnlyList<Flow> flows, List<ProcessFault> faults)
    {
        var starts = nodes.Where(n => n.Kind == NodeKind.StartEvent).ToList();
        if (starts.Count == 0)
            BpmnReader.Fault(faults, process, "bpmn-no-start");
        foreach (var extra in starts.Skip(1))
            At(faults, extra, "bpmn-several-starts");
        var ends = nodes.Where(n => n.Kind is NodeKind.EndEvent or NodeKind.TerminateEndEvent).ToList();
        if (ends.Count == 0)
            BpmnReader.Fault(faults, process, "bpmn-no-end");
        if (faults.Count > 0)
            return;

        var (onward, back) = (flows.ToLookup(f => f.Source, f => f.Target), flows.ToLookup(f => f.Target, f => f.Source));
        var forward = Reach(starts[0].Id, onward);
        var backward = ends.SelectMany(e => Reach(e.Id, back)).ToHashSet();
        foreach (var node in Roots(nodes.Where(n => forward.Contains(n.Id) && !backward.Contains(n.Id)), onward))
            At(faults, node, "bpmn-no-way-out", BpmnReader.Label(node));
        foreach (var node in nodes.Where(n => forward.Contains(n.Id) && backward.Contains(n.Id)))
            CheckWaysOut(node, [.. flows.Where(f => f.Source == node.Id)], faults);

        // What cannot be reached often lies behind a flow that is missing elsewhere: that is told first, and alone.
        if (faults.Count > 0)
            return;
        foreach (var node in Roots(nodes.Where(n => !forward.Contains(n.Id)), back))
            At(faults, node, "bpmn-unreachable", BpmnReader.Label(node));
    }

    // Of nodes that share a fate, those that the others have it from: the last of a dead end, the first of an island; of a circle, one.
    private static IEnumerable<ProcessNode> Roots(IEnumerable<ProcessNode> fated, ILookup<string, string> next)
    {
        var told = new HashSet<string>();
        foreach (var node in fated)
        {
            var ahead = Reach(node.Id, next);
            if (ahead.All(a => Reach(a, next).Contains(node.Id)) && !ahead.Overlaps(told))
            {
                told.Add(node.Id);
                yield return node;
            }
        }
    }

    private static void CheckWaysOut(ProcessNode node, IReadOnlyList<Flow> ways, List<ProcessFault> faults)
    {
        if (node.Default is { } standard && ways.All(w => w.Id != standard))
            At(faults, node, "bpmn-default-elsewhere", BpmnReader.Label(node), standard);
        else if (node.Kind == NodeKind.ExclusiveGateway && ways.Count > 1)
        {
            foreach (var way in ways.Where(w => w.Condition is null && w.Id != node.Default))
                At(faults, node, "bpmn-condition-missing", BpmnReader.Label(node), way.Name.Length > 0 ? way.Name : way.Id);
        }
        else
        {
            if (ways.Count > 1 && node.Kind != NodeKind.ParallelGateway)
                At(faults, node, "bpmn-several-flows", BpmnReader.Label(node));
            foreach (var way in ways.Where(w => w.Condition is not null))
                At(faults, node, "bpmn-condition-useless", way.Name.Length > 0 ? way.Name : way.Id);
        }
    }

    private static HashSet<string> Reach(string from, ILookup<string, string> next)
    {
        var seen = new HashSet<string> { from };
        var queue = new Queue<string>(seen);
        while (queue.TryDequeue(out var at))
        {
            foreach (var to in next[at].Where(seen.Add))
                queue.Enqueue(to);
        }
        return seen;
    }

    private static void At(List<ProcessFault> faults, ProcessNode node, string code, params string[] args) =>
        faults.Add(new ProcessFault(node.Line, node.Column, code, args));
}
