using Guantong.Processes.Running;

namespace Guantong.Processes.Soundness;

/// <summary>What a level may do when its data are left open: tokens on flows, and the ways each node may go on. A sub-process inside it is one activity, proved for itself.</summary>
internal sealed class LevelNet
{
    private const int MostWays = 10;

    private readonly JoinTable _joins;
    private readonly Dictionary<Flow, int> _places = [];
    private readonly Dictionary<ProcessNode, int> _entries = [];
    private readonly Dictionary<ProcessNode, int[]> _incoming = [];
    private readonly Dictionary<ProcessNode, List<int[]>> _ways = [];
    private readonly List<ProcessNode> _targets = [];

    public LevelNet(ProcessDefinition definition, ScopeBody level)
    {
        _joins = definition.Joins;
        Nodes = [.. level.Nodes.Where(n => !n.IsAside || n.Kind == NodeKind.BoundaryEvent)];
        HasInclusiveJoin = Nodes.Any(n => n.Kind == NodeKind.InclusiveGateway && IsJoin(n));
        foreach (var flow in Nodes.SelectMany(n => n.Outgoing))
        {
            _places[flow] = _targets.Count;
            _targets.Add(flow.To);
        }
        foreach (var node in Nodes)
        {
            _entries[node] = _targets.Count;
            _targets.Add(node);
            _incoming[node] = [.. node.Incoming.Select(f => _places[f])];
        }
        foreach (var node in Nodes)
            _ways[node] = Ways(node, level);
    }

    public IReadOnlyList<ProcessNode> Nodes { get; }

    public bool HasInclusiveJoin { get; }

    public int Places => _targets.Count;

    /// <summary>The node that a token on a place comes to.</summary>
    public ProcessNode Target(int place) => _targets[place];

    /// <summary>The place of a token; those of a node that joins nothing are one.</summary>
    public int Place(ProcessNode node, Flow? flow) => flow is null || !IsJoin(node) ? _entries[node] : _places[flow];

    /// <summary>Takes the places of each node that joins nothing as one.</summary>
    public void Gather(byte[] marking)
    {
        for (var place = 0; place < marking.Length; place++)
        {
            if (marking[place] > 0 && _entries[_targets[place]] is var one && one != place && !IsJoin(_targets[place]))
                (marking[one], marking[place]) = ((byte)(marking[one] + marking[place]), 0);
        }
    }

    /// <summary>The places at joins, each with its flow.</summary>
    public IEnumerable<(Flow Flow, int Place)> Joining => _places.Where(p => IsJoin(p.Key.To)).Select(p => (p.Key, p.Value));

    /// <summary>The marking in which nodes begin.</summary>
    public byte[] Begin(IEnumerable<ProcessNode> nodes)
    {
        var marking = new byte[Places];
        foreach (var node in nodes)
            marking[_entries[node]]++;
        return marking;
    }

    /// <summary>True for a node that may have to wait for more tokens.</summary>
    public static bool IsJoin(ProcessNode node) => node.Incoming.Count > 1 && node.Kind is NodeKind.ParallelGateway or NodeKind.InclusiveGateway;

    /// <summary>When a node moves in the reduced search: 0 at once, 1 joins, 2 what clears the level.</summary>
    public static int Rank(ProcessNode node) => IsJoin(node) ? 1 : Clears(node) ? 2 : 0;

    /// <summary>The markings to which a node may lead from a marking, by a token on one of its places; none when it has to wait.</summary>
    public IEnumerable<byte[]> Fire(byte[] marking, int place)
    {
        var node = _targets[place];
        var consumed = (byte[])marking.Clone();
        if (IsJoin(node) && place != _entries[node])
        {
            var incoming = _incoming[node];
            if (node.Kind == NodeKind.ParallelGateway ? incoming.Any(i => marking[i] == 0) : IsBlocked(marking, node, incoming))
                return [];
            foreach (var i in incoming.Where(i => marking[i] > 0))
                consumed[i]--;
        }
        else
        {
            consumed[place]--;
        }
        return Clears(node) ? [new byte[Places]] : _ways[node].Select(way => Produced(consumed, way));
    }

    private bool IsBlocked(byte[] marking, ProcessNode join, int[] incoming)
    {
        var filled = incoming.Select(i => marking[i] > 0).ToArray();
        for (var place = 0; place < marking.Length; place++)
        {
            if (marking[place] > 0 && _targets[place] != join && _joins.Blocks(join, _targets[place], filled))
                return true;
        }
        return false;
    }

    private static byte[] Produced(byte[] consumed, int[] way)
    {
        var marking = (byte[])consumed.Clone();
        foreach (var place in way)
            marking[place]++;
        return marking;
    }

    // All else of the level is withdrawn.
    private static bool Clears(ProcessNode node) =>
        node.Kind == NodeKind.EndEvent && node.Events.Any(e => e.Kind is EventKind.Terminate or EventKind.Error or EventKind.Cancel);

    private List<int[]> Ways(ProcessNode node, ScopeBody level)
    {
        if (node.Kind == NodeKind.EventGateway)
            return [.. node.Outgoing.SelectMany(f => Out(f.To))];
        if (node is { Kind: NodeKind.ThrowEvent, Events: [{ Kind: EventKind.Link, Name: var link }] })
            return [.. level.Nodes.Where(n => n.Kind == NodeKind.CatchEvent && n.Events is [{ Kind: EventKind.Link } e] && e.Name == link).Select(n => new[] { _entries[n] })];
        var ways = Out(node);
        // A boundary that does not interrupt may add its way; once is enough to see what it does.
        var beside = node.Boundaries.Where(b => !b.Interrupting).Take(4).ToList();
        for (var chosen = 1; chosen < 1 << beside.Count; chosen++)
            ways.AddRange(Out(node).Select(w => (int[])[.. w, .. beside.Where((_, i) => (chosen >> i & 1) == 1).Select(b => _entries[b])]));
        ways.AddRange(node.Boundaries.Where(b => b.Interrupting && b.Events.All(e => e.Kind != EventKind.Compensation)).Select(b => new[] { _entries[b] }));
        return ways;
    }

    private List<int[]> Out(ProcessNode node)
    {
        var ways = node.Outgoing.Select(f => _places[f]).ToArray();
        if (node.Kind == NodeKind.ExclusiveGateway && ways.Length > 0)
            return [.. ways.Select(w => new[] { w })];
        var open = node.Outgoing.Where(f => f.Condition is not null).Take(MostWays).Select(f => _places[f]).ToList();
        if (node.Kind == NodeKind.ParallelGateway || (open.Count == 0 && node.Outgoing.All(f => !f.IsDefault)))
            return [ways];
        var always = node.Outgoing.Where(f => f.Condition is null && !f.IsDefault).Select(f => _places[f]).ToArray();
        var standard = node.Outgoing.Where(f => f.IsDefault).Select(f => _places[f]).ToArray();
        var sets = Enumerable.Range(1, (1 << open.Count) - 1).Select(set => (int[])[.. always, .. open.Where((_, i) => (set >> i & 1) == 1)]).ToList();
        sets.Add(always.Length > 0 ? always : standard.Length > 0 ? standard : sets.Count > 0 ? sets[0] : []);
        return sets;
    }
}
