namespace Guantong.Processes.Soundness;

/// <summary>What keeps a process from being sound.</summary>
public enum Unsoundness
{
    /// <summary>A token can wait forever.</summary>
    Deadlock,

    /// <summary>It can come to where it goes on forever and never ends.</summary>
    NeverEnds,

    /// <summary>No run comes past it.</summary>
    Dead,

    /// <summary>Tokens can become more and more.</summary>
    Unbounded,

    /// <summary>There are more states than are looked at.</summary>
    TooLarge,
}

/// <summary>A fault of soundness.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Node">Where it shows; the level's sub-process, or null for the process, when it is no single node.</param>
/// <param name="Path">Ids of the nodes that lead there, in order.</param>
public sealed record UnsoundFinding(Unsoundness Kind, ProcessNode? Node, IReadOnlyList<string> Path);

/// <summary>Proves by looking at all that can happen, data left open, that a process can always complete, leaves nothing behind and has no dead node.</summary>
/// <remarks>
/// Each level is proved for itself. Of a marking only the ways of one node are followed that no other can take away from it (a stubborn set):
/// what is left out differs only in order. Choices are taken as free: two gateways that ask the same thing are not known to answer alike.
/// </remarks>
public static class SoundnessProof
{
    /// <summary>The faults of every level, the first one of each.</summary>
    /// <param name="definition">The process.</param>
    /// <param name="budget">States that are looked at, at most, on each level.</param>
    /// <param name="reduced">False to follow every order of things: for comparison.</param>
    public static IReadOnlyList<UnsoundFinding> Of(ProcessDefinition definition, int budget = 20_000, bool reduced = true) =>
        [.. definition.Nodes.Where(n => n.Body is not null).Select(n => (Node: (ProcessNode?)n, Body: n.Body!)).Prepend((null, definition.Body))
            .SelectMany(l => OfLevel(definition, l.Body, l.Node, budget, reduced))];

    private static List<UnsoundFinding> OfLevel(ProcessDefinition definition, ScopeBody body, ProcessNode? around, int budget, bool reduced)
    {
        var net = new LevelNet(definition, body);
        var beginnings = body.Entries.Count > 0 ? new List<IReadOnlyList<ProcessNode>> { body.Entries } : [];
        beginnings.AddRange(body.Starts.Where(s => !body.Entries.Contains(s)).Select(s => (IReadOnlyList<ProcessNode>)[s]));
        var entered = new HashSet<ProcessNode>(body.Nodes.Where(n => n.IsAside && n.Kind != NodeKind.BoundaryEvent));
        foreach (var beginning in beginnings)
        {
            if (new Search(net, budget, reduced, entered).Run(net.Begin(beginning)) is { } found)
                return [found.Node is null ? found with { Node = around } : found];
        }
        // The first that is not come past, from where things still happen. Only a compensation boundary has no way of its own; what an event gateway leads to is entered with it.
        return [.. body.Nodes.Where(n => !entered.Contains(n) && n.Events.All(e => e.Kind != EventKind.Compensation) && !(n.Incoming is [{ From.Kind: NodeKind.EventGateway }]))
            .OrderByDescending(n => definition.Before(n).Any(entered.Contains)).Take(1).Select(n => new UnsoundFinding(Unsoundness.Dead, n, []))];
    }
}
