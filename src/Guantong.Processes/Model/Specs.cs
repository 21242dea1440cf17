using Guantong.Feel;

namespace Guantong.Processes;

/// <summary>What an event is about (BPMN 2.0.2, clause 10.5.5).</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<EventKind>))]
public enum EventKind { Message, Timer, Signal, Error, Escalation, Conditional, Link, Compensation, Cancel, Terminate }

/// <summary>One event definition.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Name">Name of the message, signal or link; code of the error or escalation, null for any; id of the activity to compensate, null for all.</param>
/// <param name="RefId">Id of the message, signal, error or escalation, where it has one.</param>
public sealed record EventSpec(EventKind Kind, string? Name = null, string? RefId = null)
{
    /// <summary>The time of a timer.</summary>
    public TimerSpec? Timer { get; init; }

    /// <summary>The condition of a conditional event.</summary>
    public FeelExpression? Condition { get; init; }

    /// <summary>The key by which a message finds its process: what is waited for, over the process's data.</summary>
    public FeelExpression? Key { get; init; }
}

/// <summary>How a timer tells its time.</summary>
public enum TimerKind { Date, Duration, Cycle }

/// <summary>A timer: an ISO 8601 text, or FEEL that gives one, or a FEEL duration or date and time.</summary>
public sealed record TimerSpec(TimerKind Kind, string Text, FeelExpression? Expression);

/// <summary>How often an activity is done (clause 10.3.7).</summary>
/// <param name="IsMulti">Multi-instance, else a standard loop.</param>
/// <param name="IsSequential">One after the other.</param>
public sealed record LoopSpec(bool IsMulti, bool IsSequential)
{
    /// <summary>How many instances; or null when <see cref="Collection"/> tells.</summary>
    public FeelExpression? Cardinality { get; init; }

    /// <summary>The list with an item for each instance.</summary>
    public FeelExpression? Collection { get; init; }

    /// <summary>The name of the item inside an instance.</summary>
    public string? Item { get; init; }

    /// <summary>The name of the list that gathers what the instances give.</summary>
    public string? OutputCollection { get; init; }

    /// <summary>What an instance gives to it.</summary>
    public FeelExpression? OutputItem { get; init; }

    /// <summary>Ends it early when it holds after an instance.</summary>
    public FeelExpression? Completion { get; init; }

    /// <summary>A standard loop goes on while it holds; null: up to <see cref="Maximum"/>.</summary>
    public FeelExpression? Condition { get; init; }

    public int? Maximum { get; init; }

    /// <summary>A standard loop asks before the first time.</summary>
    public bool TestsBefore { get; init; }
}

/// <summary>A value that is copied under a name.</summary>
public sealed record Mapping(string Target, FeelExpression Source);

/// <summary>What a process or a sub-process holds.</summary>
public sealed class ScopeBody
{
    public SubProcessKind Kind { get; init; }

    /// <summary>The nodes of this level, in the file's order.</summary>
    public IReadOnlyList<ProcessNode> Nodes { get; internal set; } = [];

    /// <summary>The events by which it may begin.</summary>
    public IReadOnlyList<ProcessNode> Starts { get; internal set; } = [];

    /// <summary>What begins by itself: the none start event, or without any start event all nodes that no flow reaches (clause 13.3.2).</summary>
    public IReadOnlyList<ProcessNode> Entries { get; internal set; } = [];

    /// <summary>The event sub-processes of this level.</summary>
    public IReadOnlyList<ProcessNode> EventSubs { get; internal set; } = [];

    /// <summary>Names that belong to this level: its data objects and properties.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Ends an ad-hoc sub-process.</summary>
    public FeelExpression? Completion { get; init; }

    /// <summary>An ad-hoc sub-process does one activity at a time.</summary>
    public bool IsSequential { get; init; }

    /// <summary>An ad-hoc sub-process that completes withdraws what is still open.</summary>
    public bool CancelsRest { get; init; } = true;
}
