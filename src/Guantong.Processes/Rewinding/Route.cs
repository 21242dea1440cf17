using Guantong.Processes.Running;
using Guantong.Processes.Soundness;

namespace Guantong.Processes.Rewinding;

/// <summary>What becomes of one level.</summary>
/// <param name="Body">The level.</param>
/// <param name="Live">Where it runs; null when it is entered anew.</param>
/// <param name="Target">The node at which a token comes to stand.</param>
internal sealed record Placement(ScopeBody Body, Live? Live, ProcessNode Target)
{
    /// <summary>Tokens that end, with all inside them.</summary>
    public required IReadOnlyList<Live> Ending { get; init; }

    /// <summary>Flows whose tokens wait at their join for what is done again.</summary>
    public required IReadOnlyList<Flow> Waiting { get; init; }

    public required LevelNet Net { get; init; }

    public required Standing Standing { get; init; }
}

/// <summary>Finds what has to end so that an activity can be open: on the innermost level of its own that runs, and on those inside it that do not.</summary>
internal sealed class Route(ProcessDefinition definition, Live root, IReadOnlySet<string> visited)
{
    private readonly Dictionary<ScopeBody, LevelNet> _nets = [];

    /// <summary>The way back to an activity that was come to, the outermost level first.</summary>
    public (IReadOnlyList<Placement> Placements, RewindRefusal? Refusal) Back(ProcessNode target, string? within)
    {
        if (!IsTarget(target))
            return ([], RewindRefusal.NoActivity);
        if (root.Children.Count == 0)
            return ([], RewindRefusal.Ended);
        if (!visited.Contains(target.Id))
            return ([], RewindRefusal.NotYetDone);
        var path = Path(target);
        var (level, depth) = (root, 0);
        for (; depth < path.Count - 1; depth++)
        {
            var (inside, refusal) = Inside(level, path[depth], within);
            if (refusal is not null)
                return ([], refusal);
            if (inside is null)
                break;
            level = inside;
        }
        if (depth == path.Count - 1 && target.Body is null && target.Loop is null && level.Children.Exists(c => c.Node == target && c.For is null && c.Undo is null))
            return ([], RewindRefusal.AlreadyOpen);
        var placements = new List<Placement>();
        for (var live = (Live?)level; depth < path.Count; depth++, live = null)
        {
            if (depth < path.Count - 1 && (path[depth].Loop is not null || path[depth].IsEventSub))
                return ([], RewindRefusal.LevelIsOver);
            var (placement, refusal) = Place(live, path[depth].Level!, path[depth], visited);
            if (placement is null)
                return ([], refusal);
            placements.Add(placement);
        }
        return (placements, null);
    }

    /// <summary>The way to an activity of a level, with no more than what runs there now.</summary>
    public (Placement? Placement, RewindRefusal? Refusal) On(Live level, ProcessNode target) =>
        IsTarget(target) ? Place(level, target.Level!, target, new HashSet<string>()) : (null, RewindRefusal.NoActivity);

    private static bool IsTarget(ProcessNode node) => node.IsActivity && !node.IsAside;

    private static List<ProcessNode> Path(ProcessNode target)
    {
        var path = new List<ProcessNode>();
        for (var node = target; node is not null; node = node.Parent)
            path.Insert(0, node);
        return path;
    }

    // The level that a sub-process runs now; null when it runs none.
    private static (Live? Level, RewindRefusal? Refusal) Inside(Live level, ProcessNode sub, string? within)
    {
        var running = level.Children.Where(c => c.Node == sub && c.For is null && c.Undo is null).ToList();
        if (sub.Loop is not null)
            running = [.. running.SelectMany(r => r.Children)];
        if (running.Count > 1 && within is not null)
            running = running.FindAll(r => Holds(r, within));
        return running.Count > 1 || (running.Count == 0 && level.Children.Exists(c => c.Node == sub)) ? (null, RewindRefusal.WhichInstance) : (running.FirstOrDefault(), null);
    }

    private static bool Holds(Live live, string id) => live.Id == id || live.Children.Exists(c => Holds(c, id));

    private (Placement? Placement, RewindRefusal? Refusal) Place(Live? live, ScopeBody body, ProcessNode target, IReadOnlySet<string> come)
    {
        var net = NetOf(body);
        // What undoes something stays with what waits for it; so do event sub-processes, except one that interrupted this level.
        var here = live?.Children.FindAll(c => c.For is null) ?? [];
        var tokens = here.FindAll(c => !c.Node!.IsEventSub);
        var now = tokens.Select(c => net.Place(c.Node!, c.Flow)).ToList();
        var done = net.Joining.Where(j => come.Contains(j.Flow.Id)).Select(j => j.Place);
        var (standing, refusal) = body is { Kind: SubProcessKind.AdHoc, IsSequential: true }
            ? (new Standing(net.Place(target, null), [], []), default)
            : new Stance(net, target, now, done).Find(Beginnings(body));
        if (standing is null)
            return (null, refusal);
        var ending = tokens.FindAll(c => !standing.Kept.Contains(net.Place(c.Node!, c.Flow)));
        ending.AddRange(here.Where(c => c.Node!.IsEventSub && c.Node.Body!.Starts.Any(s => s.Interrupting)));
        if (ending.Exists(IsUndoing))
            return (null, RewindRefusal.Undoing);
        var waiting = net.Joining.Where(j => standing.Waiting.Contains(j.Place)).Select(j => j.Flow).ToList();
        return (new Placement(body, live, target) { Ending = ending, Waiting = waiting, Net = net, Standing = standing }, null);
    }

    private LevelNet NetOf(ScopeBody body) => _nets.TryGetValue(body, out var net) ? net : _nets[body] = new LevelNet(definition, body);

    private static bool IsUndoing(Live live) => live.Undo is not null || live.For is not null || live.Children.Exists(IsUndoing);

    private static IEnumerable<IEnumerable<ProcessNode>> Beginnings(ScopeBody body) =>
        body.Starts.Where(s => !body.Entries.Contains(s)).Select(s => (IEnumerable<ProcessNode>)[s]).Concat(body.Entries.Count > 0 ? [body.Entries] : []);

    /// <summary>True when nobody has acted since the target was done: all that is open now follows from it by itself.</summary>
    public bool IsQuietSince(IReadOnlyList<Placement> placements)
    {
        for (var i = placements.Count - 1; i >= 0; i--)
        {
            var placement = placements[i];
            var net = placement.Net;
            var before = new byte[net.Places];
            foreach (var place in placement.Standing.Kept.Concat(placement.Standing.Waiting).Append(placement.Standing.Target))
                before[place] = 1;
            var now = new byte[net.Places];
            foreach (var token in placement.Live?.Children.Where(c => c.For is null && !c.Node!.IsEventSub) ?? [])
                now[net.Place(token.Node!, token.Flow)]++;
            if (!Stance.Quietly(net, net.Fire(before, placement.Standing.Target), now) || !placement.Ending.All(e => !e.Node!.IsEventSub && IsUntouched(e)))
                return false;
        }
        return true;
    }

    private bool IsUntouched(Live live)
    {
        if (live.Node!.Loop is not null && !live.IsInstance)
            return live.Loop is { Done: 0 } && live.Children.TrueForAll(IsUntouched);
        if (live.Node.Body is not { } body)
            return true;
        var net = NetOf(body);
        var now = new byte[net.Places];
        foreach (var token in live.Children.Where(c => !c.Node!.IsAside))
            now[net.Place(token.Node!, token.Flow)]++;
        return Stance.Quietly(net, Beginnings(body).Select(net.Begin), now) && live.Children.TrueForAll(IsUntouched);
    }
}
