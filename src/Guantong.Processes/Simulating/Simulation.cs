namespace Guantong.Processes.Simulating;

/// <summary>What a run in memory is given.</summary>
/// <param name="From">Virtual time at the beginning.</param>
/// <param name="Data">Data of the process at its start.</param>
/// <param name="Events">What happens from outside.</param>
public sealed record SimulationInput(DateTimeOffset From, IReadOnlyDictionary<string, object?> Data, IReadOnlyList<ScriptedEvent> Events)
{
    /// <summary>User and manual tasks stay open unless an event completes them.</summary>
    public bool IsManual { get; init; }

    /// <summary>Makes a decision by its id with what the task sees; null when there is none of that id.</summary>
    public Func<string, IReadOnlyDictionary<string, object?>, (bool Found, object? Value)> Decide { get; init; } = (_, _) => (false, null);

    /// <summary>Steps that a run may take.</summary>
    public int MostSteps { get; init; } = 10_000;
}

/// <summary>How a run, or one of its processes, stands at the end.</summary>
public enum SimulationStatus
{
    /// <summary>Nothing is left to do.</summary>
    Completed,

    /// <summary>Something has to come from outside.</summary>
    Waiting,

    /// <summary>An error was caught by nobody.</summary>
    Failed,

    /// <summary>A token cannot go on.</summary>
    Stuck,

    /// <summary>It was stopped because it takes more steps than it may.</summary>
    Endless,

    /// <summary>Who called it no longer wants it.</summary>
    Withdrawn,
}

/// <summary>What happened, in order.</summary>
/// <param name="At">Virtual time.</param>
/// <param name="Instance">The process instance, from 1.</param>
/// <param name="What">start, enter, open, complete, withdraw, rewind, skip, flow, message, signal, escalation, stuck, fail or end.</param>
/// <param name="Id">Of the node or flow.</param>
/// <param name="Detail">Name of the message or signal, code of the error, reason.</param>
public sealed record TraceEntry(DateTimeOffset At, int Instance, string What, string Id, string? Detail = null);

/// <summary>A task that is open at the end.</summary>
public sealed record OpenTask(int Instance, ProcessNode Node, DateTimeOffset Since);

/// <summary>A process instance at the end.</summary>
public sealed record InstanceResult(int Number, string Process, SimulationStatus Status, ProcessState State, IReadOnlyList<string> Order, IReadOnlyList<string> Ends, int? CalledBy);

/// <summary>What a run gives; the first instance is the process that was chosen.</summary>
public sealed record SimulationResult(
    SimulationStatus Status, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<InstanceResult> Instances, IReadOnlyList<TraceEntry> Trace,
    IReadOnlyList<OpenTask> Open, IReadOnlyList<ScriptedEvent> Unused);

/// <summary>Runs a process in memory with virtual time.</summary>
public static class Simulation
{
    /// <summary>Runs until nothing more can happen.</summary>
    public static SimulationResult Run(BpmnModel model, ProcessDefinition process, SimulationInput input) => new Simulator(model, input).Run(process);
}
