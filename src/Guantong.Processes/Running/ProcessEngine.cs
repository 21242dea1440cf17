using Guantong.Processes.Running;

namespace Guantong.Processes;

/// <summary>BPMN 2.0 execution semantics (clause 13) as a pure function: definition, state, event → state, effects.</summary>
public static class ProcessEngine
{
    /// <summary>Starts a process with what is known.</summary>
    /// <param name="definition">The process.</param>
    /// <param name="data">What is known.</param>
    /// <param name="at">When.</param>
    /// <param name="start">Id of the start event that was triggered; without it the process begins as it does by itself.</param>
    /// <exception cref="UnknownTokenException">No process begins at that node, or without one.</exception>
    public static Step Start(ProcessDefinition definition, IReadOnlyDictionary<string, object?> data, DateTimeOffset at, string? start = null)
    {
        var run = new Run(definition, new ProcessState([], Plain.Of(data), 1, null, []), at);
        run.Begin(start is null ? null : definition.Body.Starts.FirstOrDefault(s => s.Id == start) ?? throw new UnknownTokenException(start));
        return run.Finish();
    }

    /// <summary>Takes in what happened and goes on as far as nothing else has to be waited for.</summary>
    /// <exception cref="UnknownTokenException">The event is for a token or subscription that is not there.</exception>
    public static Step Apply(ProcessDefinition definition, ProcessState state, ProcessEvent happened)
    {
        var run = new Run(definition, state, happened.At);
        switch (happened)
        {
            case ProcessEvent.Complete e:
                run.Complete(e.TokenId, Plain.Of(e.Data));
                break;
            case ProcessEvent.Fail e:
                run.Fail(e.TokenId, e.Code, Plain.Of(e.Data));
                break;
            case ProcessEvent.Escalate e:
                run.Escalate(e.TokenId, e.Code, Plain.Of(e.Data));
                break;
            case ProcessEvent.Message e:
                run.Message(e.Name, e.Key, Plain.Of(e.Data));
                break;
            case ProcessEvent.Signal e:
                run.Signal(e.Name, Plain.Of(e.Data));
                break;
            case ProcessEvent.Serve e:
                run.Serve(e.WaitId, Plain.Of(e.Data));
                break;
            case ProcessEvent.Change e:
                run.Change(Plain.Of(e.Data));
                break;
            case ProcessEvent.Tick:
                run.Tick();
                break;
        }
        return run.Finish();
    }

    /// <summary>Goes back to an activity: what can only have come after it ends, what stands beside it stays, what is known stays known.</summary>
    /// <exception cref="RewindException">It cannot go there; the state is as it was.</exception>
    public static Step Rewind(ProcessDefinition definition, ProcessState state, RewindRequest request, DateTimeOffset at) => Move(definition, state, at, run => run.Rewind(request));

    /// <summary>Takes back what was just given: the same, while nobody has acted on it.</summary>
    /// <exception cref="RewindException">Somebody has, or it cannot go there.</exception>
    public static Step Recall(ProcessDefinition definition, ProcessState state, RewindRequest request, DateTimeOffset at) => Move(definition, state, at, run => run.Recall(request));

    /// <summary>Does one branch again from an activity of it: the same, where no work of other branches ends.</summary>
    /// <exception cref="RewindException">Other work would end, or it cannot go there.</exception>
    public static Step Redo(ProcessDefinition definition, ProcessState state, RewindRequest request, DateTimeOffset at) => Move(definition, state, at, run => run.Redo(request));

    /// <summary>Leaves an open activity as if it were completed, without its being done; or goes from it to a later activity of its level.</summary>
    /// <param name="definition">The process.</param>
    /// <param name="state">How it stands.</param>
    /// <param name="token">The activity's token: of a task, of one instance, or of all of them, or of a whole sub-process.</param>
    /// <param name="data">What is known instead.</param>
    /// <param name="at">When.</param>
    /// <param name="to">Id of the later activity; null for what follows.</param>
    /// <exception cref="UnknownTokenException">No activity is open under that token.</exception>
    /// <exception cref="RewindException">It cannot go there.</exception>
    public static Step Skip(ProcessDefinition definition, ProcessState state, string token, IReadOnlyDictionary<string, object?> data, DateTimeOffset at, string? to = null) =>
        Move(definition, state, at, run => run.Skip(token, Plain.Of(data), to));

    /// <summary>The activities to which <see cref="Rewind"/> can go now, in the file's order.</summary>
    public static IReadOnlyList<ProcessNode> Targets(ProcessDefinition definition, ProcessState state) => [.. new Run(definition, state, default).Targets()];

    private static Step Move(ProcessDefinition definition, ProcessState state, DateTimeOffset at, Action<Run> what)
    {
        var run = new Run(definition, state, at);
        what(run);
        return run.Finish();
    }

    /// <summary>True when a message is meant for a subscription.</summary>
    /// <param name="definition">The process that waits.</param>
    /// <param name="wait">The subscription.</param>
    /// <param name="name">The message's name or id.</param>
    /// <param name="key">What it bears, or null to have it read from its data, or to fit any.</param>
    /// <param name="data">What it carries.</param>
    public static bool Fits(ProcessDefinition definition, Wait wait, string name, string? key, IReadOnlyDictionary<string, object?> data) =>
        wait.Kind == EventKind.Message && (wait.Name == name || wait.RefId == name)
        && (wait.Key is null || (key ?? Keys.OfMessage(definition, wait.RefId, data)) is not { } borne || borne == wait.Key);
}
