using Guantong.Processes.Soundness;

namespace Guantong.Processes.Migrating;

/// <summary>Which flows of two versions are counterparts.</summary>
internal sealed class Branches(Matching matching, ProcessDefinition to)
{
    /// <summary>The flow between the counterparts of a flow's ends: of the same id, else the only one; null when there is none.</summary>
    public Flow? Between(Flow flow) => matching.Of(flow.From) is { } from && matching.Of(flow.To) is { } target
        ? to.Flows.FirstOrDefault(f => f.Id == flow.Id && f.From == from && f.To == target) ?? Only(from.Outgoing.Where(f => f.To == target)) : null;

    /// <summary>The flow into a node by which a token that came by another stands there now; null where that cannot be told.</summary>
    public Flow? Into(ProcessNode node, Flow came)
    {
        if (!LevelNet.IsJoin(node))
            return node.Incoming.FirstOrDefault(f => f.Id == came.Id) ?? Only(node.Incoming);
        // What was put in or taken out at the end of a branch does not make it another: its flow is the one that the branch's last known node still leads to.
        return Between(came) ?? (Only(node.Incoming.Where(f => Known(came.From, came.To).Any(k => Leads(matching.Of(k)!, f, node)))));
    }

    private static Flow? Only(IEnumerable<Flow> flows) => flows.Take(2).ToList() is [var only] ? only : null;

    // The nearest nodes before it that have a counterpart.
    private HashSet<ProcessNode> Known(ProcessNode from, ProcessNode join)
    {
        var (known, seen) = (new HashSet<ProcessNode>(), new HashSet<ProcessNode> { join });
        var open = new Stack<ProcessNode>([from]);
        while (open.TryPop(out var node))
        {
            if (!seen.Add(node))
                continue;
            if (matching.Of(node) is not null)
                known.Add(node);
            else
                foreach (var before in node.Kind == NodeKind.BoundaryEvent ? [node.Host!] : node.Incoming.Select(f => f.From))
                    open.Push(before);
        }
        return known;
    }

    private static bool Leads(ProcessNode from, Flow flow, ProcessNode join)
    {
        var seen = new HashSet<ProcessNode> { join };
        var open = new Stack<ProcessNode>([from]);
        while (open.TryPop(out var node))
        {
            if (!seen.Add(node))
                continue;
            if (node == flow.From)
                return true;
            foreach (var next in node.Outgoing.Select(f => f.To).Concat(node.Boundaries))
                open.Push(next);
        }
        return false;
    }
}
