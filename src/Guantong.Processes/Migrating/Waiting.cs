namespace Guantong.Processes.Migrating;

/// <summary>What a token waits for, by a definition.</summary>
internal static class Waiting
{
    /// <summary>The nodes that catch for a token; for the process itself without one.</summary>
    /// <param name="body">The topmost level.</param>
    /// <param name="node">Where the token stands; null for the process.</param>
    /// <param name="isInstance">True for one of several instances.</param>
    /// <param name="isInterrupted">True for a level that an event sub-process has interrupted: it waits for no more such events.</param>
    public static IEnumerable<ProcessNode> Catchers(ScopeBody body, ProcessNode? node, bool isInstance, bool isInterrupted)
    {
        var inside = node is null ? body : node.Body;
        var isLevel = inside is not null && (node?.Loop is null || isInstance);
        return (node is null || isInstance ? [] : node.Boundaries)
            .Concat(isLevel && !isInterrupted ? inside!.EventSubs.SelectMany(s => s.Body!.Starts) : [])
            .Concat(node?.Kind switch
            {
                NodeKind.CatchEvent => [node],
                NodeKind.ReceiveTask when node.Loop is null || isInstance => [node],
                NodeKind.EventGateway => node.Outgoing.Select(f => f.To),
                _ => [],
            });
    }

    /// <summary>True when one event definition waits for what the other does.</summary>
    public static bool IsSame(EventSpec a, EventSpec b) => a.Kind == b.Kind && a.Name == b.Name && a.RefId == b.RefId
        && a.Timer?.Kind == b.Timer?.Kind && a.Timer?.Text == b.Timer?.Text && a.Condition?.Text == b.Condition?.Text && a.Key?.Text == b.Key?.Text;

    /// <summary>True when all that a node waits for is what the other does.</summary>
    public static bool IsSame(ProcessNode a, ProcessNode b) => a.Events.Count == b.Events.Count && a.Events.Zip(b.Events).All(p => IsSame(p.First, p.Second));
}
