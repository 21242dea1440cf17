namespace Guantong.Processes.Running;

/// <summary>Events that are thrown (clauses 13.5.3 and 13.5.6), and how they find who catches them.</summary>
internal sealed partial class Run
{
    private void Throw(Live level, ProcessNode node, Flow? flow)
    {
        if (node.Kind == NodeKind.EndEvent && (level.Node is null || (level.Node.IsEventSub && level.Parent!.Node is null)))
            _end = node.Id;
        var epoch = level.Epoch;
        var waits = false;
        foreach (var spec in node.Events)
        {
            // What was thrown before may have called this branch back.
            if (level.Dead || level.Epoch != epoch)
                return;
            switch (spec.Kind)
            {
                case EventKind.Message:
                    Send(level, node);
                    break;
                case EventKind.Signal:
                    _effects.Add(new Effect.SignalGiven(node.Id, spec.Name!, Mapped(level, node)));
                    Signal(spec.Name!, Mapped(level, node));
                    break;
                case EventKind.Escalation:
                    Escalate(level, node, spec.Name!, spec.RefId, Mapped(level, node));
                    break;
                case EventKind.Error:
                    Raise(level, node, spec.Name!, spec.RefId, Mapped(level, node));
                    return;
                case EventKind.Terminate:
                    KillInside(level);
                    _touched.Add(level);
                    return;
                case EventKind.Cancel:
                    Cancel(level, node);
                    return;
                case EventKind.Compensation:
                    Compensate(level, node, spec.Name, flow);
                    waits = true;
                    break;
                case EventKind.Link:
                    var target = (level.Body(_definition)).Nodes.First(n => n.Kind == NodeKind.CatchEvent && n.Events is [{ Kind: EventKind.Link } e] && e.Name == spec.Name);
                    Mark(target);
                    Leave(level, target);
                    return;
            }
        }
        if (waits || level.Dead || level.Epoch != epoch)
            return;
        if (node.Kind == NodeKind.ThrowEvent)
            Leave(level, node);
        else
            _touched.Add(level);
    }

    private void Send(Live at, ProcessNode node)
    {
        var spec = node.Events.FirstOrDefault(e => e.Kind == EventKind.Message);
        var key = spec?.Key is { } own ? Keys.Of([Value(own, new DataView(at), node)]) : Keys.Of([.. _definition.Correlation.Own.Select(o => Value(o, new DataView(at), node))]);
        _effects.Add(new Effect.MessageSent(node.Id, spec?.Name, key, node.Kind == NodeKind.SendTask ? at.Node == node && node.Inputs.Count > 0 ? at.Data! : Nothing : Mapped(at, node)));
    }

    // Only what the model says goes along (clause 10.4.1).
    private Dictionary<string, object?> Mapped(Live level, ProcessNode node) =>
        node.Inputs.Count == 0 ? Nothing : node.Inputs.ToDictionary(i => i.Target, i => Plain.Of(Value(i.Source, new DataView(level), node)));

    /// <summary>An error goes outwards to the first that catches it: an event sub-process of the level, then the boundary (clause 13.5.6).</summary>
    private void Raise(Live from, ProcessNode origin, string code, string? refId, IReadOnlyDictionary<string, object?> data)
    {
        if (FindCatcher(from, EventKind.Error, code, refId) is not var (owner, catching))
        {
            KillInside(_root);
            (_root.Waits, _error) = (null, code);
            _effects.Add(new Effect.ProcessFailed(origin.Id, code));
        }
        else if (catching.Kind == NodeKind.BoundaryEvent)
        {
            LeaveByBoundary(owner, catching, data, null);
        }
        else
        {
            StartEventSub(owner, catching, data, null);
        }
    }

    // An escalation that nobody catches is no fault.
    private void Escalate(Live from, ProcessNode origin, string code, string? refId, IReadOnlyDictionary<string, object?> data)
    {
        if (FindCatcher(from, EventKind.Escalation, code, refId) is not var (owner, catching))
            _effects.Add(new Effect.Escalated(origin.Id, code));
        else if (catching.Kind == NodeKind.BoundaryEvent)
            LeaveByBoundary(owner, catching, data, null);
        else
            StartEventSub(owner, catching, data, null);
    }

    private (Live Owner, ProcessNode Catching)? FindCatcher(Live from, EventKind kind, string code, string? refId)
    {
        ProcessNode? cameFrom = null;
        for (var live = from; ; live = live.Parent!)
        {
            // What an event sub-process throws goes past itself.
            var subs = live.Node is null || live.Node.Kind == NodeKind.SubProcess
                ? live.Body(_definition).EventSubs.Where(s => s != cameFrom).SelectMany(s => s.Body!.Starts) : [];
            if (Catching(subs, kind, code, refId) is { } start && !(live.Node?.Loop is not null && !live.IsInstance))
                return (live, start);
            if (live.Node is null)
                return null;
            if (!live.IsInstance && Catching(live.Node.Boundaries, kind, code, refId) is { } boundary)
                return (live, boundary);
            cameFrom = live.Node;
        }
    }

    // One that names the code goes before one that takes any.
    private static ProcessNode? Catching(IEnumerable<ProcessNode> nodes, EventKind kind, string code, string? refId)
    {
        ProcessNode? any = null;
        foreach (var node in nodes)
        {
            foreach (var spec in node.Events.Where(e => e.Kind == kind))
            {
                if (spec.Name == code || (spec.RefId is not null && (spec.RefId == refId || spec.RefId == code)))
                    return node;
                if (spec.Name is null)
                    any ??= node;
            }
        }
        return any;
    }
}
