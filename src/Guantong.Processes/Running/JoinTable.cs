namespace Guantong.Processes.Running;

/// <summary>For each inclusive join: from which nodes each of its incoming flows can still be reached (BPMN 2.0.2, clause 13.4.3).</summary>
internal sealed class JoinTable
{
    private readonly Dictionary<ProcessNode, (bool[][] ByFlow, bool[][] ByFlowOrBoundary)> _reach = [];
    private readonly int _nodes;

    public JoinTable(ProcessDefinition definition)
    {
        _nodes = definition.Nodes.Count;
        foreach (var join in definition.Nodes.Where(n => n.Kind == NodeKind.InclusiveGateway && n.Incoming.Count > 1))
            _reach[join] = ([.. join.Incoming.Select(f => Towards(f, join, definition, false))], [.. join.Incoming.Select(f => Towards(f, join, definition, true))]);
    }

    public bool IsEmpty => _reach.Count == 0;

    /// <summary>True when a token at a node keeps the join waiting: it may still fill an empty flow, and cannot come by a filled one.</summary>
    /// <remarks>
    /// A token may also leave an activity by its boundary. The join waits where only that fills an empty flow and never a filled one;
    /// where flows alone lead to an empty one, what a boundary might do besides lets it fire no earlier.
    /// </remarks>
    public bool Blocks(ProcessNode join, ProcessNode at, ReadOnlySpan<bool> filled)
    {
        var (byFlow, orBoundary) = _reach[join];
        return Fills(byFlow, at, filled) || Fills(orBoundary, at, filled);
    }

    private static bool Fills(bool[][] reach, ProcessNode at, ReadOnlySpan<bool> filled)
    {
        var fillsEmpty = false;
        for (var i = 0; i < filled.Length; i++)
        {
            if (filled[i] && reach[i][at.Index])
                return false;
            fillsEmpty |= !filled[i] && reach[i][at.Index];
        }
        return fillsEmpty;
    }

    // Backwards from a flow, never through the join itself.
    private bool[] Towards(Flow flow, ProcessNode join, ProcessDefinition definition, bool boundaries)
    {
        var reached = new bool[_nodes];
        var open = new Stack<ProcessNode>([flow.From]);
        while (open.TryPop(out var node))
        {
            if (node == join || reached[node.Index])
                continue;
            reached[node.Index] = true;
            foreach (var before in node.Incoming)
                open.Push(before.From);
            if (node.Kind == NodeKind.BoundaryEvent && boundaries)
                open.Push(node.Host!);
            if (node is { Kind: NodeKind.CatchEvent, Events: [{ Kind: EventKind.Link }] })
            {
                foreach (var link in definition.Before(node))
                    open.Push(link);
            }
        }
        return reached;
    }
}
