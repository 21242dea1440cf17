namespace Guantong.Processes;

/// <summary>A token: where a case stands. At a parallel join it waits for the tokens of the other flows.</summary>
/// <param name="Id">Unique within the case.</param>
/// <param name="Node">The node it stands at.</param>
/// <param name="Flow">The flow it came by, or null at the start.</param>
public sealed record Token(string Id, string Node, string? Flow);

/// <summary>The whole state of a running process; serialises as JSON and back unchanged.</summary>
/// <param name="Tokens">Where it stands.</param>
/// <param name="Data">What is known: decimal, string, bool, null, list, dictionary.</param>
/// <param name="NextToken">The number of the next token.</param>
/// <param name="EndNode">The end event it came to last, once no token is left.</param>
/// <param name="Visited">Ids of nodes and flows gone through, in order, for drawing.</param>
public sealed record ProcessState(IReadOnlyList<Token> Tokens, IReadOnlyDictionary<string, object?> Data, int NextToken, string? EndNode, IReadOnlyList<string> Visited)
{
    /// <summary>True when nothing is left to do.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Ended => Tokens.Count == 0;
}

/// <summary>What has to happen outside because of a step.</summary>
public abstract record Effect
{
    /// <summary>Somebody has something to do.</summary>
    public sealed record TaskOpened(string TokenId, string NodeId) : Effect;

    /// <summary>A service is to be called.</summary>
    public sealed record ServiceCalled(string TokenId, string NodeId) : Effect;

    /// <summary>A task is no longer to be done.</summary>
    public sealed record TaskWithdrawn(string TokenId, string NodeId) : Effect;

    /// <summary>A flow was taken.</summary>
    public sealed record FlowTaken(string FlowId) : Effect;

    /// <summary>No way out of a gateway holds, or gateways go round and round.</summary>
    public sealed record Stuck(string NodeId, string Reason) : Effect;

    /// <summary>The last token is gone.</summary>
    public sealed record ProcessEnded(string NodeId) : Effect;
}

/// <summary>The state after an event, and what follows from it.</summary>
public sealed record Step(ProcessState State, IReadOnlyList<Effect> Effects);

/// <summary>An event names a token that is not there: it was used up before, or never was.</summary>
public sealed class UnknownTokenException(string token) : Exception($"No token {token} waits in this process.");
