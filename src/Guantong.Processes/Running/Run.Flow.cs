namespace Guantong.Processes.Running;

/// <summary>Flows and gateways (clause 13.4).</summary>
internal sealed partial class Run
{
    private void Arrive(Live level, ProcessNode node, Flow? flow)
    {
        switch (node.Kind)
        {
            case NodeKind.ExclusiveGateway:
                Mark(node);
                Choose(level, node, flow, onlyFirst: true);
                break;
            case NodeKind.ParallelGateway:
                Join(level, node, flow);
                break;
            case NodeKind.InclusiveGateway:
                Mark(node, node.Incoming.Count > 1 ? Add(level, node, flow) : null);
                if (node.Incoming.Count <= 1)
                    Choose(level, node, flow, onlyFirst: false);
                break;
            case NodeKind.EventGateway:
                var gate = Add(level, node, flow);
                Mark(node, gate);
                foreach (var way in node.Outgoing)
                    Await(gate, way.To);
                break;
            case NodeKind.CatchEvent:
                var catching = Add(level, node, flow);
                Mark(node, catching);
                Await(catching, node);
                break;
            case NodeKind.ThrowEvent or NodeKind.EndEvent:
                Mark(node);
                Throw(level, node, flow);
                break;
            case NodeKind.StartEvent:
                Mark(node);
                Leave(level, node);
                break;
            default:
                Open(level, node, flow);
                break;
        }
    }

    /// <summary>Goes on over the flows that leave a node; those with a condition only where it holds (clause 13.2.2).</summary>
    private void Leave(Live level, ProcessNode node, Flow? flow = null)
    {
        var ways = node.Outgoing;
        if (ways.Count == 1 && ways[0].Condition is null)
        {
            Take(level, ways[0]);
            return;
        }
        if (ways.Count == 0)
        {
            if (level.Node is null)
                _end = node.IsEventSub ? _end ?? node.Id : node.Id;
            _touched.Add(level);
            return;
        }
        if (node.Kind is NodeKind.ParallelGateway)
            TakeAll(level, ways);
        else
            Choose(level, node, flow, onlyFirst: false);
    }

    // The first flow lies on top, so that it is gone first.
    private void TakeAll(Live level, IReadOnlyList<Flow> ways)
    {
        for (var i = ways.Count - 1; i >= 0; i--)
            Push(MoveKind.Arrive, level, ways[i].To, ways[i]);
        foreach (var way in ways)
            Took(way);
    }

    private void Take(Live level, Flow way)
    {
        Took(way);
        Push(MoveKind.Arrive, level, way.To, way);
    }

    private void Took(Flow way)
    {
        See(way.Id);
        _effects.Add(new Effect.FlowTaken(way.Id));
    }

    // Clauses 13.4.2 and 13.4.3: the first whose condition holds, or each; else the default.
    private void Choose(Live level, ProcessNode node, Flow? flow, bool onlyFirst)
    {
        var holding = node.Outgoing.Where(w => !w.IsDefault && (w.Condition is null || Holds(w.Condition, level, node)));
        var ways = (onlyFirst ? holding.Take(1) : holding).ToList();
        if (ways.Count == 0)
            ways = [.. node.Outgoing.Where(w => w.IsDefault)];
        if (ways.Count > 0)
            TakeAll(level, ways);
        else if (node.Outgoing.Count == 0)
            Leave(level, node);
        else
            StopAt(level, node, flow);
    }

    private void StopAt(Live level, ProcessNode node, Flow? flow)
    {
        Add(level, node, flow);
        Stuck(node, "no-condition-holds");
    }

    // Clause 13.4.1: one token from each incoming flow is consumed, one for each outgoing flow produced.
    private void Join(Live level, ProcessNode node, Flow? flow)
    {
        Mark(node, node.Incoming.Count > 1 ? Add(level, node, flow) : null);
        if (node.Incoming.Count > 1)
        {
            var waiting = new List<Live>(node.Incoming.Count);
            foreach (var way in node.Incoming)
            {
                if (level.Children.Find(c => c.Node == node && c.Flow == way) is not { } come)
                    return;
                waiting.Add(come);
            }
            waiting.ForEach(Remove);
        }
        Leave(level, node);
    }

    // Clause 13.4.3: looked at when all else has come to rest, so that no token is on its way.
    private bool FireJoins()
    {
        if (_definition.Joins.IsEmpty)
            return false;
        foreach (var (level, node) in Waiting(_root).Distinct().ToList())
        {
            var filled = node.Incoming.Select(f => level.Children.Any(c => c.Node == node && c.Flow == f)).ToArray();
            if (level.Children.Any(c => c.Node != node && _definition.Joins.Blocks(node, c.Node!, filled)))
                continue;
            foreach (var come in node.Incoming.Select(f => level.Children.Find(c => c.Node == node && c.Flow == f)))
            {
                if (come is not null)
                    Remove(come);
            }
            Choose(level, node, null, onlyFirst: false);
            return true;
        }
        return false;
    }

    private static IEnumerable<(Live Level, ProcessNode Join)> Waiting(Live level) => level.Children.SelectMany(c =>
        c.Node is { Kind: NodeKind.InclusiveGateway, Incoming.Count: > 1 } && c.Flow is not null ? [(level, c.Node)] : Waiting(c));
}
