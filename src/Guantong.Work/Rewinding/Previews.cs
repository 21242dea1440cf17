using Guantong.Processes;

namespace Guantong.Work;

/// <summary>Says what a step changes of where a process stands.</summary>
/// <param name="Say">A name in the reader's language.</param>
/// <param name="UnitOf">The unit whose task a node is, or null.</param>
/// <param name="Why">Why a step leads nowhere, in the reader's words.</param>
internal sealed record Previews(Case Row, ProcessDefinition Definition, Func<string, string> Say, Func<ProcessNode, string?> UnitOf, Func<StuckException, string> Why)
{
    /// <summary>What a step from a state would end, leave and open.</summary>
    public MovePreview Of(ProcessState before, Step step)
    {
        var (was, opened) = (Standing(before), step.Effects.OfType<Effect.TaskOpened>().Select(o => o.TokenId).ToHashSet());
        var now = Standing(step.State);
        var known = was.Select(t => t.Id).ToHashSet();
        var kept = now.Select(t => t.Id).ToHashSet();
        return new MovePreview(Parts(was.Where(t => !kept.Contains(t.Id))), Parts(now.Where(t => known.Contains(t.Id) && !opened.Contains(t.Id))), Parts(now.Where(t => !known.Contains(t.Id) || opened.Contains(t.Id))),
            step.State.Ended, Steps.Stuck(Row, Definition, step) is { } stuck ? Why(stuck) : null);
    }

    /// <summary>What is kept for undoing in one state and not in a later one, the last first: what a step that compensates undoes.</summary>
    public IReadOnlyList<MovePart> Undone(ProcessState before, ProcessState after)
    {
        var left = Kept(after).GroupBy(n => n).ToDictionary(g => g.Key, g => g.Count());
        return Parts(Kept(before).Where(n => !left.TryGetValue(n, out var count) || (left[n] = count - 1) < 0).Reverse());
    }

    /// <summary>A node, once.</summary>
    public MovePart Part(ProcessNode node) => new(node.Id, Say(node.Label), UnitOf(node), 1);

    // Open work, and events that are waited for; not the levels around them.
    private List<Token> Standing(ProcessState state) =>
        [.. state.Tokens.Where(t => t.Undo is null && Definition.Node(t.Node) is { Body: null } node && (node.IsActivity || node.Kind is NodeKind.CatchEvent or NodeKind.EventGateway) && (node.Loop is null || t.Loop is null))];

    private List<MovePart> Parts(IEnumerable<Token> tokens) => Parts(tokens.Select(t => Definition.Node(t.Node)));

    private List<MovePart> Parts(IEnumerable<ProcessNode> nodes) => [.. nodes.GroupBy(n => n).Select(g => Part(g.Key) with { Count = g.Count() })];

    private IEnumerable<ProcessNode> Kept(ProcessState state) => Undoable((state.Done ?? []).Concat(state.Tokens.SelectMany(t => t.Done ?? [])));

    private IEnumerable<ProcessNode> Undoable(IEnumerable<Completed> done) => done.SelectMany(d =>
        Definition.Node(d.Node) is var node && (node.Compensator is not null || node.Body?.EventSubs.Any(s => s.Body!.Starts.Any(e => e.Events.Any(v => v.Kind == EventKind.Compensation))) == true)
            ? [node] : Undoable(d.Inner ?? []));
}
