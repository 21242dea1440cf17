namespace Guantong.Processes.Running;

/// <summary>Compensation and the cancelling of transactions (clause 13.5.5).</summary>
internal sealed partial class Run
{
    /// <summary>A token stays at the throwing event until what was completed on this level is undone, the last first.</summary>
    private void Compensate(Live level, ProcessNode node, string? activity, Flow? flow)
    {
        // From within an event sub-process, the level around it is meant.
        var meant = level.Node?.IsEventSub == true ? level.Parent! : level;
        var done = meant.Done ?? [];
        var undo = activity is null ? done : done.FindAll(d => d.Node == activity);
        meant.Done = activity is null ? null : done.FindAll(d => d.Node != activity);
        StartUndoing(level, node, flow, undo);
    }

    private void StartUndoing(Live level, ProcessNode node, Flow? flow, List<Completed> undo)
    {
        var token = Add(level, node, flow);
        token.Undo = undo;
        Push(MoveKind.Undo, token);
    }

    private void GoOnUndoing(Live token)
    {
        while (token.Undo is [.. var rest, var last])
        {
            token.Undo = rest;
            var node = _definition.Node(last.Node);
            if (node.Compensator is { } handler)
            {
                Open(token.Parent!, handler, null, token.Id, last.Data);
                return;
            }
            if (UndoneBy(node) is { } start)
            {
                var sub = Add(token.Parent!, start.Parent!, null, token.Id);
                sub.Give(last.Data);
                sub.Done = last.Inner?.ToList();
                EnterEventSub(sub, start, Nothing);
                return;
            }
            token.Undo.AddRange(last.Inner ?? []);
        }
        Undone(token);
    }

    // The start of the event sub-process that undoes a sub-process.
    private static ProcessNode? UndoneBy(ProcessNode node) =>
        node.Body?.EventSubs.SelectMany(s => s.Body!.Starts).FirstOrDefault(s => s.Events.Any(e => e.Kind == EventKind.Compensation));

    private void Undone(Live token)
    {
        var (level, node) = (token.Parent!, token.Node!);
        Remove(token);
        if (node.Events.Any(e => e.Kind == EventKind.Cancel))
        {
            // One instance that is cancelled cancels them all: they share their boundary.
            var whole = level.IsInstance ? level.Parent! : level;
            LeaveByBoundary(whole, whole.Node!.Boundaries.First(b => b.Events.Any(e => e.Kind == EventKind.Cancel)), Nothing, null);
        }
        else if (node.Kind == NodeKind.ThrowEvent)
        {
            Leave(level, node);
        }
        else if (node.IsActivity)
        {
            // What was gone back to opens when all that came after it is undone.
            Push(MoveKind.Arrive, level, node, token.Flow);
        }
    }

    private void Cancel(Live level, ProcessNode node)
    {
        while (level.Node!.Body!.Kind != SubProcessKind.Transaction)
            level = level.Parent!;
        KillInside(level);
        level.Waits = level.Waits?.FindAll(w => _definition.Node(w.Node).Kind != NodeKind.StartEvent);
        var done = level.Done ?? [];
        level.Done = null;
        StartUndoing(level, node, null, done);
    }
}
