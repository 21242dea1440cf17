using Guantong.Processes.Soundness;

namespace Guantong.Processes.Migrating;

/// <summary>Proves that cases which stand somewhere complete from there. One proof serves all that stand alike.</summary>
internal sealed class StandingProof(ProcessDefinition definition)
{
    private const int Budget = 20_000;

    private readonly Dictionary<ScopeBody, LevelNet> _nets = [];
    private readonly Dictionary<(ScopeBody, string), MigrationFault?> _known = [];

    /// <summary>The first level that could be unable to complete, or null.</summary>
    public MigrationFault? Of(ProcessState state)
    {
        var byParent = state.Tokens.ToLookup(t => t.Parent);
        var levels = state.Tokens.Where(t => definition.Node(t.Node).Body is not null && byParent[t.Id].All(c => c.Node != t.Node))
            .Select(t => (definition.Node(t.Node).Body!, byParent[t.Id]));
        return levels.Prepend((definition.Body, byParent[null])).Select(l => Of(l.Item1, l.Item2)).FirstOrDefault(f => f is not null);
    }

    private MigrationFault? Of(ScopeBody level, IEnumerable<Token> tokens)
    {
        if (!_nets.TryGetValue(level, out var net))
            net = _nets[level] = new LevelNet(definition, level);
        var marking = new byte[net.Places];
        foreach (var token in tokens)
        {
            var node = definition.Node(token.Node);
            var place = node.IsAside && node.Kind != NodeKind.BoundaryEvent ? -1 : net.Place(node, node.Incoming.FirstOrDefault(f => f.Id == token.Flow));
            // More than a hundred are as good as a hundred.
            if (place >= 0 && marking[place] < 100)
                marking[place]++;
        }
        var key = (level, Convert.ToHexString(marking));
        return _known.TryGetValue(key, out var known) ? known : _known[key] = Prove(net, marking, level);
    }

    private static MigrationFault? Prove(LevelNet net, byte[] marking, ScopeBody level) => new Search(net, Budget, true, []).Run(marking) is not { } found ? null
        : new MigrationFault(found.Kind == Unsoundness.TooLarge ? MigrationRefusal.TooLarge : MigrationRefusal.NotSound, (found.Node ?? level.Nodes[0].Parent ?? level.Nodes[0]).Label);
}
