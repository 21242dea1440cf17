namespace Guantong.Processes.Soundness;

/// <summary>Walks through the markings of a level, breadth first, so that the path to a fault is among the shortest.</summary>
internal sealed class Search(LevelNet net, int budget, bool reduced, HashSet<ProcessNode> entered)
{
    private const byte MostTokens = 100;

    private readonly List<(byte[] Marking, int From, ProcessNode? By)> _states = [];
    private readonly Dictionary<string, int> _known = [];
    private readonly List<List<int>> _back = [];
    private int _end = -1;

    public UnsoundFinding? Run(byte[] first)
    {
        Reach(first, -1, null);
        for (var at = 0; at < _states.Count; at++)
        {
            if (_states.Count > budget)
                return new UnsoundFinding(Unsoundness.TooLarge, null, []);
            var marking = _states[at].Marking;
            if (Array.TrueForAll(marking, m => m == 0))
            {
                _end = at;
                continue;
            }
            if (Grown(at) is { } full)
                return new UnsoundFinding(Unsoundness.Unbounded, net.Target(full), PathTo(at));
            if (!Expand(at, marking))
                return new UnsoundFinding(Unsoundness.Deadlock, net.Target(Array.FindIndex(marking, m => m > 0)), PathTo(at));
        }
        return NeverEnding() is { } lost ? new UnsoundFinding(Unsoundness.NeverEnds, net.Target(Array.FindIndex(_states[lost].Marking, m => m > 0)), PathTo(lost)) : null;
    }

    // A node that is no join shares its tokens with no other: to follow its ways alone is enough. Joins come when nothing else can move;
    // what withdraws all tokens comes last, for it can always come later, and would hide what they still may do.
    private bool Expand(int at, byte[] marking)
    {
        var moved = false;
        foreach (var rank in (int[])[0, 1, 2])
        {
            var done = new HashSet<ProcessNode>();
            for (var place = 0; place < marking.Length; place++)
            {
                var node = net.Target(place);
                if (marking[place] == 0 || LevelNet.Rank(node) != rank || (rank == 1 && !done.Add(node)))
                    continue;
                foreach (var next in net.Fire(marking, place))
                {
                    moved = true;
                    entered.Add(node);
                    Reach(next, at, node);
                }
                if (moved && reduced && (rank != 1 || node.Kind == NodeKind.ParallelGateway))
                    return true;
            }
            if (moved && reduced)
                return true;
        }
        return moved;
    }

    // A marking that has all that an earlier one on its path had, and more, can grow again the same way (Karp and Miller, 1969).
    // An inclusive join may wait for what is more, so there only the number tells.
    private int? Grown(int at)
    {
        var marking = _states[at].Marking;
        for (var before = net.HasInclusiveJoin ? -1 : _states[at].From; before >= 0; before = _states[before].From)
        {
            if (Grows(_states[before].Marking, marking) is { } more)
                return more;
        }
        return Array.FindIndex(marking, m => m > MostTokens) is var full and >= 0 ? full : null;
    }

    private static int? Grows(byte[] less, byte[] more)
    {
        int? where = null;
        for (var i = 0; i < less.Length; i++)
        {
            if (less[i] > more[i])
                return null;
            if (less[i] < more[i])
                where ??= i;
        }
        return where;
    }

    private void Reach(byte[] marking, int from, ProcessNode? by)
    {
        var key = string.Create(marking.Length, marking, (span, m) =>
        {
            for (var i = 0; i < m.Length; i++)
                span[i] = (char)m[i];
        });
        if (!_known.TryGetValue(key, out var index))
        {
            index = _known[key] = _states.Count;
            _states.Add((marking, from, by));
            _back.Add([]);
        }
        if (from >= 0)
            _back[index].Add(from);
    }

    private int? NeverEnding()
    {
        var ends = new bool[_states.Count];
        var open = new Stack<int>();
        if (_end >= 0)
            open.Push(_end);
        while (open.TryPop(out var at))
        {
            if (ends[at])
                continue;
            ends[at] = true;
            _back[at].ForEach(open.Push);
        }
        return Array.IndexOf(ends, false) is var lost and >= 0 ? lost : null;
    }

    private List<string> PathTo(int at)
    {
        var path = new List<string>();
        for (; at >= 0 && _states[at].By is { } by; at = _states[at].From)
            path.Add(by.Id);
        path.Reverse();
        return path;
    }
}
