namespace Guantong.Processes.Reading;

/// <summary>From the ways in, every node of a level is reached, and from every node a way out.</summary>
internal static class Reachability
{
    public static void Check(ScopeBody level, List<ProcessFault> faults)
    {
        var next = level.Nodes.SelectMany(Next).ToLookup(p => p.From, p => p.To);
        var back = level.Nodes.SelectMany(Next).ToLookup(p => p.To, p => p.From);
        var entries = level.Entries.Concat(level.Starts).Concat(level.Nodes.Where(n => n.IsEventSub || n.ForCompensation));
        var forward = entries.SelectMany(e => Reach(e, next)).ToHashSet();
        var ends = level.Nodes.Where(n => n.Kind == NodeKind.EndEvent || n.IsEventSub || n.ForCompensation || (n.Outgoing.Count == 0 && level.Kind == SubProcessKind.AdHoc)
            || (n.Kind == NodeKind.BoundaryEvent && n.Events.Any(e => e.Kind == EventKind.Compensation)));
        var backward = ends.SelectMany(e => Reach(e, back)).ToHashSet();
        foreach (var node in Roots(level.Nodes.Where(n => forward.Contains(n) && !backward.Contains(n)), next))
            StructureRules.At(faults, node, "bpmn-no-way-out", node.Label);
        // What cannot be reached often lies behind a flow that is missing elsewhere: that is told first, and alone.
        if (faults.Count > 0)
            return;
        foreach (var node in Roots(level.Nodes.Where(n => !forward.Contains(n)), back))
            StructureRules.At(faults, node, "bpmn-unreachable", node.Label);
    }

    private static IEnumerable<(ProcessNode From, ProcessNode To)> Next(ProcessNode node) =>
    [
        .. node.Outgoing.Select(f => (node, f.To)),
        .. node.Boundaries.Select(b => (node, b)),
        .. node is { Kind: NodeKind.ThrowEvent, Events: [{ Kind: EventKind.Link, Name: var link }] }
            ? node.Level!.Nodes.Where(n => n.Kind == NodeKind.CatchEvent && n.Events is [{ Kind: EventKind.Link } e] && e.Name == link).Select(n => (node, n)) : [],
    ];

    // Of nodes that share a fate, those that the others have it from: the last of a dead end, the first of an island; of a circle, one.
    private static IEnumerable<ProcessNode> Roots(IEnumerable<ProcessNode> fated, ILookup<ProcessNode, ProcessNode> next)
    {
        var told = new HashSet<ProcessNode>();
        foreach (var node in fated)
        {
            var ahead = Reach(node, next);
            if (ahead.All(a => Reach(a, next).Contains(node)) && !ahead.Overlaps(told))
            {
                told.Add(node);
                yield return node;
            }
        }
    }

    private static HashSet<ProcessNode> Reach(ProcessNode from, ILookup<ProcessNode, ProcessNode> next)
    {
        var seen = new HashSet<ProcessNode> { from };
        var queue = new Queue<ProcessNode>(seen);
        while (queue.TryDequeue(out var at))
        {
            foreach (var to in next[at].Where(seen.Add))
                queue.Enqueue(to);
        }
        return seen;
    }
}
