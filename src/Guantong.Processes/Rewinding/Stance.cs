using Guantong.Processes.Soundness;

namespace Guantong.Processes.Rewinding;

/// <summary>How a level is to stand.</summary>
/// <param name="Target">The place of the target.</param>
/// <param name="Kept">Places whose tokens stay.</param>
/// <param name="Waiting">Places at joins to which branches that were done are put.</param>
internal sealed record Standing(int Target, IReadOnlyList<int> Kept, IReadOnlyList<int> Waiting);

/// <summary>Looks for a marking in which a token stands at the target, that a run of the level comes to, and that has beside it only tokens that are there now, or branches that wait, done, at a join.</summary>
/// <remarks>
/// A marking that a run comes to is one from which everything completes as in that run; the soundness search proves it once more from there.
/// A token where none may stay has to move on, and no other can take it away, so its ways alone are followed.
/// </remarks>
internal sealed class Stance
{
    private const int Budget = 20_000;

    private readonly LevelNet _net;
    private readonly int _target;
    private readonly HashSet<int> _now;
    private readonly ILookup<int, int> _tokens;
    private readonly HashSet<int> _done;
    private readonly List<ProcessNode> _beside;
    private readonly Dictionary<string, int> _known = [];
    private readonly List<(byte[] Marking, int Fired)> _states = [];

    /// <param name="net">The level.</param>
    /// <param name="target">The node to stand at.</param>
    /// <param name="now">Places that have tokens now.</param>
    /// <param name="done">Places at joins that were come to.</param>
    public Stance(LevelNet net, ProcessNode target, IEnumerable<int> now, IEnumerable<int> done)
    {
        (_net, _target, _tokens, _done) = (net, net.Place(target, null), now.ToLookup(p => p), [.. done]);
        _now = [.. _tokens.Select(t => t.Key)];
        // A boundary that leaves its activity running matters only while something stands on its way.
        var stood = _now.Append(_target).Select(net.Target).ToList();
        _beside = [.. net.Nodes.Where(n => n.Kind == NodeKind.BoundaryEvent && !n.Interrupting && Reach.From(n).Overlaps(stood)).Take(16)];
    }

    /// <summary>The standing that keeps the most; a refusal when there is none.</summary>
    public (Standing? Standing, RewindRefusal Refusal) Find(IEnumerable<IEnumerable<ProcessNode>> beginnings)
    {
        var found = new List<byte[]>();
        foreach (var beginning in beginnings)
            Add(_net.Begin(beginning), 0);
        for (var at = 0; at < _states.Count; at++)
        {
            if (_states.Count > Budget)
                return (null, RewindRefusal.TooLarge);
            var (marking, fired) = _states[at];
            if (Moving(marking) is { } place)
            {
                Follow(marking, place, fired);
                continue;
            }
            if (marking[_target] == 1 && Marked(marking).TrueForAll(Stays))
                found.Add(marking);
            foreach (var marked in Marked(marking))
                Follow(marking, marked, fired);
            foreach (var (i, boundary) in _beside.Index().Where(b => (fired >> b.Index & 1) == 0 && marking[_net.Place(b.Item.Host!, null)] > 0))
            {
                var with = (byte[])marking.Clone();
                with[_net.Place(boundary, null)]++;
                Add(with, fired | 1 << i);
            }
        }
        foreach (var marking in found.OrderByDescending(m => Marked(m).Count(IsKept)).ThenBy(m => Marked(m).Count(p => !_now.Contains(p))))
        {
            if (new Search(_net, Budget, true, []).Run(Counted(marking)) is null)
                return (new Standing(_target, Marked(marking).FindAll(IsKept), Marked(marking).FindAll(p => p != _target && !IsKept(p))), default);
        }
        return (null, RewindRefusal.NotSound);
    }

    // What a deadline began beside may be there several times over: the proof is from all that stays.
    private byte[] Counted(byte[] marking) => [.. marking.Select((m, place) => m > 0 && IsKept(place) ? (byte)Math.Min(_tokens[place].Count(), 100) : m)];

    private bool IsKept(int place) => place != _target && _now.Contains(place);

    private bool Stays(int place) => place == _target || _now.Contains(place) || _done.Contains(place);

    private static List<int> Marked(byte[] marking)
    {
        var marked = new List<int>();
        for (var place = 0; place < marking.Length; place++)
        {
            if (marking[place] > 0)
                marked.Add(place);
        }
        return marked;
    }

    // The first token that cannot stay and can move: one that is at no join, else a join that is filled.
    private int? Moving(byte[] marking)
    {
        var moving = Marked(marking).FindAll(p => !Stays(p));
        var free = moving.FindIndex(p => !LevelNet.IsJoin(_net.Target(p)));
        if (free < 0)
            free = moving.FindIndex(p => _net.Target(p).Kind == NodeKind.ParallelGateway && _net.Fire(marking, p).Any());
        return free < 0 ? null : moving[free];
    }

    private void Follow(byte[] marking, int place, int fired)
    {
        foreach (var next in _net.Fire(marking, place))
            Add(next, fired);
    }

    private void Add(byte[] marking, int fired)
    {
        _net.Gather(marking);
        if (Array.Exists(marking, m => m > 1) || Array.TrueForAll(marking, m => m == 0))
            return;
        var key = $"{fired} {Convert.ToHexString(marking)}";
        if (_known.TryAdd(key, _states.Count))
            _states.Add((marking, fired));
    }

    /// <summary>True when one marking becomes another without anybody's having acted, time passing or anything being sent.</summary>
    public static bool Quietly(LevelNet net, IEnumerable<byte[]> from, byte[] to)
    {
        var known = new HashSet<string>();
        var open = new Queue<byte[]>(from);
        while (open.TryDequeue(out var marking) && known.Count < Budget)
        {
            net.Gather(marking);
            if (!known.Add(Convert.ToHexString(marking)))
                continue;
            if (marking.AsSpan().SequenceEqual(to))
                return true;
            foreach (var next in Marked(marking).Where(p => IsQuiet(net.Target(p))).SelectMany(p => net.Fire(marking, p)))
                open.Enqueue(next);
        }
        return false;
    }

    private static bool IsQuiet(ProcessNode node) => node.Loop is null && (node.Kind switch
    {
        NodeKind.Task or NodeKind.ScriptTask or NodeKind.StartEvent or NodeKind.ExclusiveGateway or NodeKind.InclusiveGateway or NodeKind.ParallelGateway => true,
        NodeKind.EndEvent or NodeKind.ThrowEvent => node.Events.All(e => e.Kind is EventKind.Link or EventKind.Terminate),
        _ => node.Script is not null,
    });
}
