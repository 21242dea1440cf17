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
