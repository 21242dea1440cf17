using Guantong.Processes.Soundness;

namespace Guantong.Processes.Migrating;

/// <summary>What one token, or the process itself, has to begin waiting for.</summary>
/// <param name="Token">The token's id; empty for the process.</param>
/// <param name="Catching">The node that catches.</param>
internal sealed record NewWait(string Token, ProcessNode Catching);

/// <summary>Carries one state over to the nodes of another version.</summary>
internal sealed class Carrying(ProcessDefinition from, ProcessDefinition to, Matching matching, Branches branches, ProcessState state)
{
    private readonly List<NewWait> _new = [];
    private readonly HashSet<string> _come = [];
    private int _next = state.NextToken;

    /// <summary>What has to be begun to wait for.</summary>
    public IReadOnlyList<NewWait> New => _new;

    /// <summary>The state on the other version's nodes, without what begins to wait; or why there is none.</summary>
    public (ProcessState? State, MigrationFault? Fault) Carry()
    {
        if (state.Ended)
            return (null, new MigrationFault(MigrationRefusal.Ended, ""));
        var tokens = new List<Token>(state.Tokens.Count);
        foreach (var token in state.Tokens)
        {
            var (carried, fault) = Carry(token);
            if (carried is null)
                return (null, fault);
            tokens.Add(carried);
        }
        if (Merged(tokens) is { } twice)
            return (null, twice);
        var (done, lost) = Kept(state.Done);
        return lost is not null ? (null, lost) : (new ProcessState(tokens, state.Data, 0, null, Visited())
        {
            Waits = Waits(state.Waits, null, null, false),
            Done = done,
            Error = state.Error,
            NextToken = _next,
        }, null);
    }

    private (Token? Token, MigrationFault? Fault) Carry(Token token)
    {
        var node = from.Node(token.Node);
        if (token.Undo is not null || token.For is not null)
            return (null, new MigrationFault(MigrationRefusal.Undoing, node.Label));
        if (matching.Of(node) is not { } target)
            return (null, new MigrationFault(MigrationRefusal.StandsAtGone, node.Label));
        if (node.Body is { Kind: SubProcessKind.AdHoc, IsSequential: true } ordered
            && (!target.Body!.IsSequential || !ordered.Entries.Select(matching.Of).SequenceEqual(target.Body.Entries)))
            return (null, new MigrationFault(MigrationRefusal.OrderDiffers, node.Label));
        var came = token.Flow is null ? null : node.Incoming.FirstOrDefault(f => f.Id == token.Flow);
        var flow = came is null ? null : branches.Into(target, came);
        if (came is not null && flow is null && LevelNet.IsJoin(target))
            return (null, new MigrationFault(MigrationRefusal.BranchUnknown, node.Label));
        if (flow is not null && LevelNet.IsJoin(target))
            _come.Add(flow.Id);
        var (done, lost) = Kept(token.Done);
        if (lost is not null)
            return (null, lost);
        var isInstance = token.Parent is not null && state.Tokens.First(t => t.Id == token.Parent).Node == token.Node;
        return (token with { Node = target.Id, Flow = flow?.Id, Done = done, Waits = Waits(token.Waits, token, target, isInstance), Loop = Gathering(token.Loop, target) }, null);
    }

    // A list that the new version gathers begins with what is still to come.
    private static LoopState? Gathering(LoopState? loop, ProcessNode node) =>
        loop is { Results: null, Total: >= 0 } && node.Loop?.OutputCollection is not null ? loop with { Results = new object?[loop.Total] } : loop;

    private MigrationFault? Merged(List<Token> tokens)
    {
        var first = new Dictionary<(string?, string, string?), Token>();
        foreach (var (was, token) in state.Tokens.Zip(tokens))
        {
            var isJoin = LevelNet.IsJoin(to.Node(token.Node));
            if (first.TryAdd((token.Parent, token.Node, isJoin ? token.Flow : null), was))
                continue;
            var other = first[(token.Parent, token.Node, isJoin ? token.Flow : null)];
            if (other.Node != was.Node || (other.Flow != was.Flow && LevelNet.IsJoin(from.Node(was.Node))))
                return new MigrationFault(MigrationRefusal.Twice, from.Node(other.Node).Label, from.Node(was.Node).Label);
        }
        return null;
    }

    // What was kept for undoing stays so: a version that cannot undo it would lose it without a word.
    private (IReadOnlyList<Completed>? Done, MigrationFault? Fault) Kept(IReadOnlyList<Completed>? done)
    {
        var kept = new List<Completed>();
        foreach (var completed in done ?? [])
        {
            var node = from.Node(completed.Node);
            if (matching.Of(node) is not { } target || (IsUndone(node) && !IsUndone(target)))
                return (null, new MigrationFault(MigrationRefusal.UndoLost, node.Label));
            var (inner, fault) = Kept(completed.Inner);
            if (fault is not null)
                return (null, fault);
            kept.Add(completed with { Node = target.Id, Inner = inner });
        }
        return (done is null ? null : kept, null);
    }

    private static bool IsUndone(ProcessNode node) =>
        node.Compensator is not null || node.Body?.EventSubs.Any(s => s.Body!.Starts.Any(e => e.Events.Any(k => k.Kind == EventKind.Compensation))) == true;

    private List<Wait>? Waits(IReadOnlyList<Wait>? waits, Token? token, ProcessNode? target, bool isInstance)
    {
        var node = token is null ? null : from.Node(token.Node);
        var isInterrupted = state.Tokens.Any(t => t.Parent == token?.Id && from.Node(t.Node) is { IsEventSub: true } sub && sub.Body!.Starts.Any(s => s.Interrupting));
        var before = Waiting.Catchers(from.Body, node, isInstance, isInterrupted).ToList();
        var kept = new List<Wait>();
        foreach (var catching in Waiting.Catchers(to.Body, target, isInstance, isInterrupted))
        {
            var olds = before.FindAll(b => matching.Of(b) == catching);
            if (olds.Count == 0)
            {
                _new.Add(new NewWait(token?.Id ?? "", catching));
                continue;
            }
            // One that is no longer waited for has gone off already.
            var old = olds.Find(o => waits?.Any(w => w.Node == o.Id) == true);
            if (old is null)
                continue;
            if (Waiting.IsSame(old, catching))
                kept.AddRange(waits!.Where(w => w.Node == old.Id).Select(w => w.Node == catching.Id ? w : w with { Id = $"w{_next++}", Node = catching.Id }));
            else
                _new.Add(new NewWait(token?.Id ?? "", catching));
        }
        return kept.Count > 0 ? kept : null;
    }

    private List<string> Visited()
    {
        var flows = from.Flows.ToDictionary(f => f.Id);
        return [.. state.Visited.Select(id => from.Find(id) is { } node ? matching.Of(node)?.Id : flows.TryGetValue(id, out var flow) ? branches.Between(flow)?.Id : null)
            .OfType<string>().Concat(_come).Distinct()];
    }
}
