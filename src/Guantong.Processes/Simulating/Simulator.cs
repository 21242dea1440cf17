namespace Guantong.Processes.Simulating;

/// <summary>One run in memory. What is done first: what processes send each other; machines' work; events from outside that can happen now; people's tasks; then time moves to the next timer or event.</summary>
internal sealed partial class Simulator
{
    private readonly BpmnModel _model;
    private readonly SimulationInput _input;
    private readonly List<Instance> _instances = [];
    private readonly List<Work> _work = [];
    private readonly List<TraceEntry> _trace = [];
    private readonly Queue<Action> _deliveries = [];
    private readonly List<ScriptedEvent> _timed;
    private readonly List<ScriptedEvent> _script;
    private readonly List<ScriptedEvent> _unused = [];
    private DateTimeOffset _now;
    private int _steps;

    public Simulator(BpmnModel model, SimulationInput input)
    {
        (_model, _input, _now) = (model, input, input.From);
        _timed = [.. input.Events.Where(e => e.At is not null).OrderBy(e => e.At).ThenBy(e => e.Number)];
        _script = [.. input.Events.Where(e => e.At is null)];
    }

    public SimulationResult Run(ProcessDefinition process)
    {
        Begin(process);
        while (_steps < _input.MostSteps && Move())
        {
        }
        var main = _instances[0];
        var status = _steps >= _input.MostSteps || _endless ? SimulationStatus.Endless : StatusOf(main);
        return new SimulationResult(status, _input.From, _now,
            [.. _instances.Select(i => new InstanceResult(i.Number, i.Definition.Id, StatusOf(i), i.State, i.Order, i.Ends, i.Caller?.Number))],
            _trace, [.. _work.Select(w => new OpenTask(w.Instance.Number, w.Node, w.Since))], [.. _unused.Concat(_script).Concat(_timed).OrderBy(e => e.Number)]);
    }

    private static SimulationStatus StatusOf(Instance instance) => instance.Over ?? (instance.IsStuck ? SimulationStatus.Stuck : SimulationStatus.Waiting);

    // By itself if it can; else at the start event whose message or signal is the first to come; else at the first one, a timer's at its time.
    private void Begin(ProcessDefinition process)
    {
        if (process.Body.Entries.Count > 0)
        {
            Start(process, null, _input.Data, null, null);
            return;
        }
        var starts = process.Body.Starts;
        var trigger = _timed.Concat(_script).FirstOrDefault(e => starts.Any(s => Begins(s, e.Kind, e.Name)));
        var start = trigger is null ? starts[0] : starts.First(s => Begins(s, trigger.Kind, trigger.Name));
        var data = new Dictionary<string, object?>(_input.Data);
        if (trigger is not null)
        {
            _timed.Remove(trigger);
            _script.Remove(trigger);
            _now = trigger.At > _now ? trigger.At.Value : _now;
            foreach (var (name, value) in trigger.Data)
                data[name] = value;
        }
        else if (start.Events.Select(e => e.Timer).FirstOrDefault(t => t is not null) is { } timer && Running.Timers.First(timer, timer.Text, _now) is { } first && first.Due > _now)
        {
            _now = first.Due;
        }
        Start(process, start.Id, data, null, null);
    }

    private static bool Begins(ProcessNode start, ScriptedKind kind, string name) =>
        start.Events.Any(e => (kind == ScriptedKind.Message && e.Kind == EventKind.Message) || (kind == ScriptedKind.Signal && e.Kind == EventKind.Signal)
            ? e.Name == name || e.RefId == name || start.Id == name : false);

    private bool Move()
    {
        _steps++;
        if (_endless)
            return false;
        if (_deliveries.TryDequeue(out var delivery))
            delivery();
        else if (_mail.FindIndex(Sent) is var taken and >= 0)
            _mail.RemoveAt(taken);
        else if (_work.Find(w => !w.IsForPeople && !IsHeld(w)) is { } machine)
            Do(machine);
        else if (Scripted())
            return true;
        else if (!_input.IsManual && _work.Find(w => w.IsForPeople && !IsHeld(w)) is { } task)
            Do(task);
        else
            return Later();
        return true;
    }

    /// <summary>A task waits for an event that is still to come and names it, or names what its boundary waits for.</summary>
    private bool IsHeld(Work work) => _timed.Concat(_script).Any(e => e.Kind switch
    {
        ScriptedKind.Complete or ScriptedKind.Skip => Names(e.Name, work.Node),
        ScriptedKind.Rewind => e.Task is not null && Names(e.Task, work.Node),
        ScriptedKind.Error or ScriptedKind.Escalation => e.Task is null ? work.IsForPeople : Names(e.Task, work.Node),
        ScriptedKind.Message => work.IsForPeople && work.Instance.Awaits(work.TokenId, w => w.Kind == EventKind.Message && Names(e.Name, w)),
        ScriptedKind.Signal => work.IsForPeople && work.Instance.Awaits(work.TokenId, w => w.Kind == EventKind.Signal && Names(e.Name, w)),
        _ => false,
    });

    private static bool Names(string name, ProcessNode node) => node.Id == name || node.Name == name;

    private static bool Names(string name, Wait wait) => wait.Name == name || wait.RefId == name || wait.Node == name;

    private static string IdOf(Instance instance, string name) => instance.Definition.Nodes.FirstOrDefault(n => Names(name, n))?.Id ?? name;

    private bool Rewind(ScriptedEvent e)
    {
        var within = e.Task is null ? null : _work.Find(w => Names(e.Task, w.Node));
        if (e.Task is not null && within is null)
            return false;
        var instance = within?.Instance ?? _instances.Find(i => i.IsRunning && i.Definition.Nodes.Any(n => Names(e.Name, n)));
        if (instance is null)
            return false;
        var request = new RewindRequest(IdOf(instance, e.Name)) { Within = within?.TokenId, Compensates = e.Compensates };
        return Try(instance, "rewind", request.Activity, state => ProcessEngine.Rewind(instance.Definition, state, request, _now));
    }

    // What is refused now may be possible later.
    private bool Try(Instance instance, string what, string id, Func<ProcessState, Step> move)
    {
        try
        {
            var step = move(instance.State);
            Note(instance, what, id);
            Take(instance, step);
            return true;
        }
        catch (RewindException)
        {
            return false;
        }
    }

    private void Do(Work work)
    {
        _work.Remove(work);
        var data = Running.Plain.None;
        if (work.Decision is { } decision && _input.Decide(decision, work.Sees) is (true, var value))
            data = work.Node.Result is null && value is IReadOnlyDictionary<string, object?> entries ? entries : new Dictionary<string, object?> { [work.Node.Result ?? decision] = value };
        Apply(work.Instance, new ProcessEvent.Complete(_now, work.TokenId, data));
    }

    private bool Scripted()
    {
        if (_timed is [{ } due, ..] && due.At <= _now)
        {
            _timed.RemoveAt(0);
            if (!Happen(due))
                _unused.Add(due);
            return true;
        }
        if (_script is not [{ } next, ..] || !Happen(next))
            return false;
        _script.RemoveAt(0);
        return true;
    }

    // Time moves to what comes first: a timer, or an event with a time.
    private bool Later()
    {
        var timer = _instances.Where(i => i.IsRunning).SelectMany(i => i.State.Subscriptions).Min(s => s.Wait.Due);
        var scripted = _timed is [{ } first, ..] ? first.At : null;
        if (timer is null && scripted is null)
        {
            if (_script.Count == 0)
                return false;
            // Nothing else can happen: what is next on the list never can.
            _unused.Add(_script[0]);
            _script.RemoveAt(0);
            return true;
        }
        AdvanceTo(timer is null || scripted < timer ? scripted!.Value : timer.Value);
        return true;
    }

    private void AdvanceTo(DateTimeOffset time)
    {
        _now = time > _now ? time : _now;
        foreach (var instance in _instances.Where(i => i.IsRunning && i.State.Subscriptions.Any(s => s.Wait.Due <= _now)).ToList())
            Apply(instance, new ProcessEvent.Tick(_now));
    }

    private bool Happen(ScriptedEvent e)
    {
        switch (e.Kind)
        {
            case ScriptedKind.Complete when _work.Find(w => Names(e.Name, w.Node)) is { } done:
                _work.Remove(done);
                Apply(done.Instance, new ProcessEvent.Complete(_now, done.TokenId, e.Data));
                return true;
            case ScriptedKind.Error or ScriptedKind.Escalation when _work.Find(w => e.Task is null || Names(e.Task, w.Node)) is { } work:
                if (e.Kind == ScriptedKind.Error)
                    _work.Remove(work);
                Apply(work.Instance, e.Kind == ScriptedKind.Error ? new ProcessEvent.Fail(_now, work.TokenId, e.Name, e.Data) : new ProcessEvent.Escalate(_now, work.TokenId, e.Name, e.Data));
                return true;
            case ScriptedKind.Message:
                return Deliver(e.Name, e.Key, e.Data);
            case ScriptedKind.Signal:
                return Broadcast(e.Name, e.Data, null);
            case ScriptedKind.Advance:
                Advance(e.Name);
                return true;
            case ScriptedKind.Rewind:
                return Rewind(e);
            case ScriptedKind.Skip when _work.Find(w => Names(e.Name, w.Node)) is { } left:
                return Try(left.Instance, "skip", left.Node.Id, state => ProcessEngine.Skip(left.Instance.Definition, state, left.TokenId, e.Data, _now, e.To is null ? null : IdOf(left.Instance, e.To)));
            case ScriptedKind.Change when _instances[0].IsRunning:
                Apply(_instances[0], new ProcessEvent.Change(_now, e.Data));
                return true;
            default:
                return false;
        }
    }

    // Timers on the way go off at their own time, and what machines do about them is done then.
    private void Advance(string duration)
    {
        var until = Running.Timers.Add(_now, duration)!.Value;
        while (_steps++ < _input.MostSteps)
        {
            while (_steps++ < _input.MostSteps && (_deliveries.Count > 0 || _work.Any(w => !w.IsForPeople && !IsHeld(w))))
            {
                if (_deliveries.TryDequeue(out var delivery))
                    delivery();
                else
                    Do(_work.First(w => !w.IsForPeople && !IsHeld(w)));
            }
            if (_instances.Where(i => i.IsRunning).SelectMany(i => i.State.Subscriptions).Min(s => s.Wait.Due) is not { } due || due > until)
                break;
            AdvanceTo(due);
        }
        _now = until > _now ? until : _now;
    }
}
