namespace Guantong.Processes.Simulating;

/// <summary>What a step of one process means for the others, and for the trace.</summary>
internal sealed partial class Simulator
{
    private const int MostInstances = 1_000;

    // Messages that nobody waits for yet.
    private readonly List<Effect.MessageSent> _mail = [];
    private bool _endless;

    private void Start(ProcessDefinition process, string? start, IReadOnlyDictionary<string, object?> data, Instance? caller, string? callerToken)
    {
        if (_instances.Count >= MostInstances)
        {
            _endless = true;
            return;
        }
        var instance = new Instance(_instances.Count + 1, process, caller, callerToken);
        _instances.Add(instance);
        Note(instance, "start", process.Id);
        Take(instance, ProcessEngine.Start(process, data, _now, start));
    }

    private void Apply(Instance instance, ProcessEvent happened) => Take(instance, ProcessEngine.Apply(instance.Definition, instance.State, happened));

    private void Take(Instance instance, Step step)
    {
        instance.State = step.State;
        foreach (var effect in step.Effects)
            Take(instance, effect);
    }

    private void Take(Instance instance, Effect effect)
    {
        switch (effect)
        {
            case Effect.Entered e:
                Note(instance, "enter", e.NodeId);
                if (instance.Definition.Node(e.NodeId).Kind == NodeKind.EndEvent)
                    instance.Ends.Add(e.NodeId);
                break;
            case Effect.Completed e:
                instance.Order.Add(e.NodeId);
                Note(instance, "complete", e.NodeId);
                break;
            case Effect.FlowTaken e:
                Note(instance, "flow", e.FlowId);
                break;
            case Effect.TaskOpened e:
                Open(instance, e.TokenId, e.NodeId);
                break;
            case Effect.ServiceCalled e:
                Open(instance, e.TokenId, e.NodeId);
                break;
            case Effect.DecisionCalled e:
                _work.Add(new Work(instance, e.TokenId, instance.Definition.Node(e.NodeId), _now) { Decision = e.Decision, Sees = e.Data });
                break;
            case Effect.ProcessCalled e:
                if (_model.Runnable.FirstOrDefault(p => p.Id == e.Process || p.Name == e.Process) is { } called && called.Body.Entries.Count > 0)
                    _deliveries.Enqueue(() => StartCalled(instance, called, e));
                else
                    Open(instance, e.TokenId, e.NodeId);
                break;
            case Effect.TaskWithdrawn e:
                Withdraw(instance, e.TokenId, e.NodeId);
                break;
            case Effect.MessageSent e:
                Note(instance, "message", e.NodeId, e.Name);
                _mail.Add(e);
                break;
            case Effect.SignalGiven e:
                Note(instance, "signal", e.NodeId, e.Name);
                _deliveries.Enqueue(() => Broadcast(e.Name, e.Data, instance));
                break;
            case Effect.Escalated e:
                Note(instance, "escalation", e.NodeId, e.Code);
                _deliveries.Enqueue(() => Tell(instance, token => new ProcessEvent.Escalate(_now, token, e.Code, Running.Plain.None)));
                break;
            case Effect.Stuck e:
                instance.IsStuck = true;
                _endless |= e.Reason == "endless";
                Note(instance, "stuck", e.NodeId, e.Reason);
                break;
            case Effect.ProcessFailed e:
                instance.Over = SimulationStatus.Failed;
                Note(instance, "fail", e.NodeId, e.Code);
                _deliveries.Enqueue(() => Tell(instance, token => new ProcessEvent.Fail(_now, token, e.Code, Running.Plain.None)));
                break;
            case Effect.ProcessEnded e:
                instance.Over = SimulationStatus.Completed;
                Note(instance, "end", e.NodeId);
                _deliveries.Enqueue(() => Tell(instance, token => new ProcessEvent.Complete(_now, token, instance.State.Data)));
                break;
        }
    }

    private void Open(Instance instance, string token, string nodeId)
    {
        _work.Add(new Work(instance, token, instance.Definition.Node(nodeId), _now));
        Note(instance, "open", nodeId);
    }

    // Between the call and its turn the caller may have withdrawn it.
    private void StartCalled(Instance instance, ProcessDefinition called, Effect.ProcessCalled call)
    {
        if (instance.IsRunning && instance.State.Tokens.Any(t => t.Id == call.TokenId))
            Start(called, null, call.Data, instance, call.TokenId);
    }

    private void Withdraw(Instance instance, string token, string nodeId)
    {
        _work.RemoveAll(w => w.Instance == instance && w.TokenId == token);
        Note(instance, "withdraw", nodeId);
        foreach (var child in _instances.Where(i => i.Caller == instance && i.CallerToken == token && i.IsRunning))
        {
            child.Over = SimulationStatus.Withdrawn;
            foreach (var work in _work.Where(w => w.Instance == child).ToList())
                Withdraw(child, work.TokenId, work.Node.Id);
            foreach (var call in child.State.Tokens.Where(t => child.Definition.Node(t.Node).Kind == NodeKind.CallActivity).ToList())
                Withdraw(child, call.Id, call.Node);
        }
    }

    // What happened in a called process happens to the call, while its caller still waits for it.
    private void Tell(Instance child, Func<string, ProcessEvent> what)
    {
        if (child is { Caller: { IsRunning: true } caller, CallerToken: { } token } && caller.State.Tokens.Any(t => t.Id == token))
            Apply(caller, what(token));
    }

    // Along the message flows that are drawn; where none leads to a node, by name.
    private bool Sent(Effect.MessageSent sent)
    {
        foreach (var target in _model.MessageFlows[sent.NodeId])
        {
            if (_instances.Where(i => i.IsRunning).SelectMany(i => i.State.Subscriptions.Select(s => (Instance: i, s.Wait)))
                .FirstOrDefault(s => s.Wait.Node == target && s.Wait.Kind == EventKind.Message && (s.Wait.Key is null || sent.Key is null || s.Wait.Key == sent.Key)) is { Instance: { } waiting, Wait: { } wait })
            {
                Apply(waiting, new ProcessEvent.Serve(_now, wait.Id, sent.Data));
                return true;
            }
            if (_model.Runnable.FirstOrDefault(p => p.Body.Starts.Any(s => s.Id == target)) is { } process)
            {
                Start(process, target, sent.Data, null, null);
                return true;
            }
        }
        return sent.Name is { } name && Deliver(name, sent.Key, sent.Data);
    }

    private bool Deliver(string name, string? key, IReadOnlyDictionary<string, object?> data)
    {
        foreach (var instance in _instances.Where(i => i.IsRunning))
        {
            // A message may also be addressed to the very node that waits.
            foreach (var (_, wait) in instance.State.Subscriptions)
            {
                if (ProcessEngine.Fits(instance.Definition, wait, name, key, data) || (wait.Kind == EventKind.Message && wait.Node == name))
                {
                    Apply(instance, new ProcessEvent.Serve(_now, wait.Id, data));
                    return true;
                }
            }
        }
        foreach (var process in _model.Runnable)
        {
            if (process.Body.Starts.FirstOrDefault(s => Begins(s, ScriptedKind.Message, name)) is { } start)
            {
                Start(process, start.Id, data, null, null);
                return true;
            }
        }
        return false;
    }

    private bool Broadcast(string name, IReadOnlyDictionary<string, object?> data, Instance? giver)
    {
        var taken = false;
        foreach (var instance in _instances.Where(i => i.IsRunning && i != giver && i.State.Subscriptions.Any(s => s.Wait.Kind == EventKind.Signal && (s.Wait.Name == name || s.Wait.RefId == name))).ToList())
        {
            taken = true;
            Apply(instance, new ProcessEvent.Signal(_now, name, data));
        }
        foreach (var process in _model.Runnable)
        {
            foreach (var start in process.Body.Starts.Where(s => Begins(s, ScriptedKind.Signal, name)).ToList())
            {
                taken = true;
                Start(process, start.Id, data, null, null);
            }
        }
        return taken;
    }

    private void Note(Instance instance, string what, string id, string? detail = null) => _trace.Add(new TraceEntry(_now, instance.Number, what, id, detail));
}
