namespace Guantong.Processes.Rewinding;

/// <summary>What comes after what on a level.</summary>
internal static class Reach
{
    /// <summary>The nodes to which a token may come from a node, the node itself included.</summary>
    public static HashSet<ProcessNode> From(ProcessNode node) => Walk([node], new HashSet<Flow>());

    /// <summary>The same without going round a circle: what is done after the node within one round.</summary>
    public static HashSet<ProcessNode> After(ScopeBody level, ProcessNode node) => Walk([node], Back(level));

    private static HashSet<ProcessNode> Walk(IEnumerable<ProcessNode> from, HashSet<Flow> without)
    {
        var reached = new HashSet<ProcessNode>();
        var open = new Stack<ProcessNode>(from);
        while (open.TryPop(out var node))
        {
            if (!reached.Add(node))
                continue;
            foreach (var next in Next(node, without))
                open.Push(next);
        }
        return reached;
    }

    private static IEnumerable<ProcessNode> Next(ProcessNode node, HashSet<Flow> without) =>
        node.Outgoing.Where(f => !without.Contains(f)).Select(f => f.To).Concat(node.Boundaries.Where(b => b.Outgoing.Count > 0)).Concat(Links(node));

    private static IEnumerable<ProcessNode> Links(ProcessNode node) => node is { Kind: NodeKind.ThrowEvent, Events: [{ Kind: EventKind.Link, Name: var name }] }
        ? node.Level!.Nodes.Where(n => n.Kind == NodeKind.CatchEvent && n.Events is [{ Kind: EventKind.Link } e] && e.Name == name) : [];

    // The flows that lead back to where a walk from the beginning is still under way.
    private static HashSet<Flow> Back(ScopeBody level)
    {
        var (back, seen, under) = (new HashSet<Flow>(), new HashSet<ProcessNode>(), new HashSet<ProcessNode>());
        var path = new Stack<(ProcessNode Node, IEnumerator<(ProcessNode To, Flow? By)> Ways)>();
        foreach (var entry in level.Entries.Concat(level.Starts))
        {
            Enter(entry);
            while (path.TryPeek(out var top))
            {
                if (!top.Ways.MoveNext())
                    under.Remove(path.Pop().Node);
                else if (under.Contains(top.Ways.Current.To) && top.Ways.Current.By is { } flow)
                    back.Add(flow);
                else
                    Enter(top.Ways.Current.To);
            }
        }
        return back;

        void Enter(ProcessNode node)
        {
            if (!seen.Add(node))
                return;
            under.Add(node);
            path.Push((node, node.Outgoing.Select(f => (f.To, (Flow?)f)).Concat(node.Boundaries.Concat(Links(node)).Select(b => (b, (Flow?)null))).GetEnumerator()));
        }
    }
}
