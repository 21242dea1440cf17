namespace Guantong.Processes;

/// <summary>The BPMN 2.0 flow nodes that this engine runs.</summary>
public enum NodeKind
{
    StartEvent, EndEvent, CatchEvent, ThrowEvent, BoundaryEvent,
    Task, UserTask, ManualTask, ServiceTask, SendTask, ReceiveTask, BusinessRuleTask, ScriptTask, CallActivity, SubProcess,
    ExclusiveGateway, InclusiveGateway, ParallelGateway, EventGateway,
}

/// <summary>What makes a sub-process more than an embedded one.</summary>
public enum SubProcessKind { Embedded, Event, Transaction, AdHoc }

/// <summary>A flow node.</summary>
public sealed class ProcessNode
{
    /// <summary>Its place in <see cref="ProcessDefinition.Nodes"/>.</summary>
    public int Index { get; internal set; }

    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>How messages call it: its name, else its id.</summary>
    public string Label => Name.Length > 0 ? Name : Id;

    public required NodeKind Kind { get; init; }

    /// <summary>Its element in BPMN: userTask, intermediateCatchEvent …</summary>
    public required string Element { get; init; }

    /// <summary>Id of its lane, or of the lane of the sub-process around it, or null.</summary>
    public string? Lane { get; internal set; }

    /// <summary>The lane within its lane, or null.</summary>
    public string? Role { get; internal set; }

    /// <summary>Id of its default flow, or null.</summary>
    public string? Default { get; init; }

    /// <summary>Attributes of the namespace <c>https://guantong.dev/bpmn</c>: form, service, document, due, outcome …</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>Line in the file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Column in the file, from 1.</summary>
    public required int Column { get; init; }

    /// <summary>The sub-process that it stands in, or null.</summary>
    public ProcessNode? Parent { get; init; }

    /// <summary>The level that it stands on.</summary>
    public ScopeBody? Level { get; internal set; }

    /// <summary>The flows that leave it, in the file's order.</summary>
    public IReadOnlyList<Flow> Outgoing { get; internal set; } = [];

    /// <summary>The flows that reach it.</summary>
    public IReadOnlyList<Flow> Incoming { get; internal set; } = [];

    /// <summary>What an event throws or waits for; empty for a none event.</summary>
    public IReadOnlyList<EventSpec> Events { get; init; } = [];

    /// <summary>False for a boundary event or the start of an event sub-process that leaves its activity running.</summary>
    public bool Interrupting { get; init; } = true;

    /// <summary>The activity that a boundary event sits on.</summary>
    public ProcessNode? Host { get; internal set; }

    /// <summary>The boundary events that sit on it.</summary>
    public IReadOnlyList<ProcessNode> Boundaries { get; internal set; } = [];

    /// <summary>The activity that undoes it, or null.</summary>
    public ProcessNode? Compensator { get; internal set; }

    /// <summary>True for an activity that only undoes another.</summary>
    public bool ForCompensation { get; init; }

    /// <summary>How often it is done, or null for once.</summary>
    public LoopSpec? Loop { get; init; }

    /// <summary>What a sub-process holds; null for anything else.</summary>
    public ScopeBody? Body { get; internal set; }

    /// <summary>What is copied into it when it begins.</summary>
    public IReadOnlyList<Mapping> Inputs { get; init; } = [];

    /// <summary>What is copied out of it when it ends.</summary>
    public IReadOnlyList<Mapping> Outputs { get; init; } = [];

    /// <summary>True when nothing but <see cref="Outputs"/> leaves it.</summary>
    public bool OutputsOnly { get; init; }

    /// <summary>The FEEL of a script task, or of a service task that is one expression.</summary>
    public Feel.FeelExpression? Script { get; init; }

    /// <summary>The name under which the result of a script or decision is kept, or null.</summary>
    public string? Result { get; init; }

    /// <summary>What it calls: the id of a process or of a decision.</summary>
    public string? Calls { get; init; }

    /// <summary>True for a receive task or an event gateway that begins a process.</summary>
    public bool Instantiates { get; init; }

    /// <summary>True for what does work: tasks, calls and sub-processes.</summary>
    public bool IsActivity => Kind is >= NodeKind.Task and <= NodeKind.SubProcess;

    /// <summary>True for what waits for someone outside to finish it.</summary>
    public bool IsWork => Script is null && Kind is NodeKind.UserTask or NodeKind.ManualTask or NodeKind.ServiceTask or NodeKind.BusinessRuleTask or NodeKind.CallActivity;

    /// <summary>True for a sub-process that an event begins.</summary>
    public bool IsEventSub => Body?.Kind == SubProcessKind.Event;

    /// <summary>True when no token comes to it by a flow: a boundary event, an event sub-process, a handler of compensation.</summary>
    public bool IsAside => Kind == NodeKind.BoundaryEvent || IsEventSub || ForCompensation;

    public override string ToString() => Id;
}

/// <summary>A sequence flow; its condition is FEEL over the case's data.</summary>
public sealed class Flow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>How messages call it: its name, else its id.</summary>
    public string Label => Name.Length > 0 ? Name : Id;

    public required ProcessNode From { get; init; }

    public required ProcessNode To { get; init; }

    public string Source => From.Id;

    public string Target => To.Id;

    public string? ConditionText { get; init; }

    public Feel.FeelExpression? Condition { get; init; }

    /// <summary>True when it is taken where no other is.</summary>
    public bool IsDefault { get; internal set; }

    public override string ToString() => Id;
}
