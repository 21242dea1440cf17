namespace Guantong.Processes;

/// <summary>What has to happen outside because of a step, and what happened in it, in order.</summary>
public abstract record Effect
{
    /// <summary>Somebody has something to do.</summary>
    public sealed record TaskOpened(string TokenId, string NodeId) : Effect;

    /// <summary>A service is to be called.</summary>
    public sealed record ServiceCalled(string TokenId, string NodeId) : Effect;

    /// <summary>A decision (DMN) is to be made with what the token can see; its result is given back under the node's result name.</summary>
    public sealed record DecisionCalled(string TokenId, string NodeId, string? Decision, IReadOnlyDictionary<string, object?> Data) : Effect;

    /// <summary>Another process is to be run; its end completes the token, its error fails it.</summary>
    public sealed record ProcessCalled(string TokenId, string NodeId, string Process, IReadOnlyDictionary<string, object?> Data) : Effect;

    /// <summary>A task, service, decision or call is no longer to be done.</summary>
    public sealed record TaskWithdrawn(string TokenId, string NodeId) : Effect;

    /// <summary>A message is to be sent.</summary>
    public sealed record MessageSent(string NodeId, string? Name, string? Key, IReadOnlyDictionary<string, object?> Data) : Effect;

    /// <summary>A signal is to be given to all other processes; this one has it already.</summary>
    public sealed record SignalGiven(string NodeId, string Name, IReadOnlyDictionary<string, object?> Data) : Effect;

    /// <summary>An escalation left the process: who called it may catch it.</summary>
    public sealed record Escalated(string NodeId, string Code) : Effect;

    /// <summary>A node was entered, with the token that then stands at it; none where it is passed at once.</summary>
    public sealed record Entered(string NodeId, string? TokenId = null) : Effect;

    /// <summary>One of the instances of a loop began, inside the token that stands for them all.</summary>
    public sealed record Began(string TokenId, string NodeId) : Effect;

    /// <summary>An activity was completed, with its token; none where an event began the process by it or an event gateway chose it.</summary>
    public sealed record Completed(string NodeId, string? TokenId = null) : Effect;

    /// <summary>What stood at a node without being work ended because something else ended it: a sub-process, all instances together, a wait.</summary>
    public sealed record CalledOff(string TokenId, string NodeId) : Effect;

    /// <summary>A flow was taken.</summary>
    public sealed record FlowTaken(string FlowId) : Effect;

    /// <summary>A token cannot go on, and why: no-condition-holds, endless, join-starved, timer-undefined, collection-undefined, too-many-instances, expression-budget.</summary>
    public sealed record Stuck(string NodeId, string Reason) : Effect;

    /// <summary>Nothing caught an error: all that was open is withdrawn.</summary>
    public sealed record ProcessFailed(string NodeId, string Code) : Effect;

    /// <summary>The last token is gone.</summary>
    public sealed record ProcessEnded(string NodeId) : Effect;
}

/// <summary>The state after an event, and what follows from it.</summary>
public sealed record Step(ProcessState State, IReadOnlyList<Effect> Effects);

/// <summary>An event names a token or subscription that is not there: it was used up before, or never was.</summary>
public sealed class UnknownTokenException(string token) : Exception($"No token {token} waits in this process.");
