using Guantong.Processes.Rewinding;

namespace Guantong.Processes.Running;

/// <summary>Going back and forward (docs/bpmn.md): tokens end, one comes to stand elsewhere.</summary>
internal sealed partial class Run
{
    private Route Routes => field ??= new Route(_definition, _root, _seen);

    /// <summary>The activities to which the case can go back now.</summary>
    public IEnumerable<ProcessNode> Targets() => _definition.Nodes.Where(n => Routes.Back(n, null).Refusal is null);

    public void Rewind(RewindRequest request)
    {
        var (target, placements) = Way(request);
        Go(placements, request.Compensates, target);
    }

    public void Recall(RewindRequest request)
    {
        var (target, placements) = Way(request);
        if (!target.IsWork || !Routes.IsQuietSince(placements))
            throw Refused(RewindRefusal.Acted, target);
        Go(placements, request.Compensates, target);
    }

    public void Redo(RewindRequest request)
    {
        var (target, placements) = Way(request);
        var after = Reach.After(placements[0].Body, placements[0].Target);
        if (placements[0].Ending.Any(e => !after.Contains(e.Node!)))
            throw Refused(RewindRefusal.OthersEnd, target);
        Go(placements, request.Compensates, target);
    }

    public void Skip(string tokenId, Dictionary<string, object?> data, string? to)
    {
        if (Find(_root, tokenId) is not { Node.IsActivity: true, Undo: null } token)
            throw new UnknownTokenException(tokenId);
        foreach (var (name, value) in data)
            Assign(token.Parent!, name, value);
        if (to is not null)
            GoForward(token, to);
        else
            Pass(token, data);
    }

    // Left as if it were completed, but nothing was done that could be undone.
    private void Pass(Live token, Dictionary<string, object?> data)
    {
        KillInside(token);
        _effects.Add(IsOpenWork(token) ? new Effect.TaskWithdrawn(token.Id, token.Node!.Id) : new Effect.CalledOff(token.Id, token.Node!.Id));
        if (token.IsInstance)
            InstanceDone(token, data);
        else
            Close(token);
    }

    private void GoForward(Live token, string to)
    {
        var target = _definition.Find(to);
        if (target is null || target.Level != token.Node!.Level || target == token.Node)
            throw new RewindException(new RewindFault(RewindRefusal.NoActivity, target?.Label ?? to));
        // What undoes something runs where that was begun, which need not be its own level; no flow leads on from it.
        if (token.For is not null)
            throw Refused(RewindRefusal.Undoing, target);
        var (placement, refusal) = Routes.On(token.Level, target);
        if (placement is null)
            throw Refused(refusal!.Value, target);
        if (!Reach.From(token.Node).Contains(target) || !placement.Ending.Contains(token.IsInstance ? token.Parent! : token))
            throw Refused(RewindRefusal.NotSound, target);
        Go([placement], false, target);
    }

    private (ProcessNode Target, IReadOnlyList<Placement> Placements) Way(RewindRequest request)
    {
        if (_definition.Find(request.Activity) is not { } target)
            throw new RewindException(new RewindFault(RewindRefusal.NoActivity, request.Activity));
        var (placements, refusal) = Routes.Back(target, request.Within);
        return refusal is { } reason ? throw Refused(reason, target) : (target, placements);
    }

    private static RewindException Refused(RewindRefusal reason, ProcessNode target) => new(new RewindFault(reason, target.Label));

    private void Go(IReadOnlyList<Placement> placements, bool compensates, ProcessNode target)
    {
        var level = placements[0].Live!;
        var undo = new List<Completed>();
        if (compensates)
        {
            (level.Done, undo) = Split(level.Done ?? [], placements[0].Body, placements[0].Target);
            foreach (var ending in placements[0].Ending)
                Gather(ending, undo);
        }
        var interrupted = placements[0].Ending.Any(e => e.Node!.IsEventSub);
        foreach (var ending in placements[0].Ending)
            Kill(ending);
        if (interrupted)
            AwaitEventSubs(level, placements[0].Body);
        foreach (var (i, placement) in placements.Index())
        {
            foreach (var flow in placement.Waiting)
                Add(level, flow.To, flow);
            if (placement.Body is { Kind: SubProcessKind.AdHoc, IsSequential: true } ordered)
                level.Loop = new LoopState(ordered.Entries.Count, 1 + ordered.Entries.Index().First(e => Reach.From(e.Item).Contains(placement.Target)).Index, 0);
            if (i == placements.Count - 1)
                break;
            var kept = KeptInside(undo, placement.Target, placements[i + 1].Target);
            level = Stand(level, placement.Target, null);
            level.Done = kept;
            TakeIn(level);
            Declare(level, placement.Target.Body!);
        }
        var arriving = target.Incoming.Count == 1 ? target.Incoming[0] : null;
        if (undo.Count > 0)
            StartUndoing(level, target, arriving, undo);
        else
            Push(MoveKind.Arrive, level, target, arriving);
    }

    // What is undone: what was kept since the target, or what stands before it, was done last, and comes after it within one round.
    private static (List<Completed> Kept, List<Completed> Undone) Split(List<Completed> done, ScopeBody body, ProcessNode target)
    {
        var after = Reach.After(body, target);
        var last = done.FindLastIndex(d => body.Nodes.FirstOrDefault(n => n.Id == d.Node) is { } node && node != target && Reach.After(body, node).Contains(target));
        last = Math.Max(last, done.FindLastIndex(d => d.Node == target.Id) - 1);
        var undone = done.Where((d, i) => i > last && after.Any(n => n.Id == d.Node)).ToList();
        return ([.. done.Where(d => !undone.Contains(d))], undone);
    }

    private static void Gather(Live live, List<Completed> undo)
    {
        undo.AddRange(live.Done ?? []);
        foreach (var child in live.Children)
            Gather(child, undo);
    }

    // A sub-process that is entered anew in its middle keeps what was done in it before the target, unless it is undone as a whole.
    private static List<Completed>? KeptInside(List<Completed> undo, ProcessNode sub, ProcessNode target)
    {
        var at = undo.FindLastIndex(d => d.Node == sub.Id);
        if (at < 0 || undo[at].Inner is not { } inner || sub.Compensator is not null || UndoneBy(sub) is not null)
            return null;
        var (kept, undone) = Split([.. inner], sub.Body!, target);
        undo[at] = undo[at] with { Inner = undone };
        return kept;
    }
}
