namespace Guantong.Processes.Running;

/// <summary>Events that are caught (clause 13.5).</summary>
internal sealed partial class Run
{
    public void Complete(string tokenId, Dictionary<string, object?> data) => CompleteWork(Working(tokenId), data);

    public void Fail(string tokenId, string code, Dictionary<string, object?> data)
    {
        var token = Working(tokenId);
        Raise(token, token.Node!, code, null, data);
    }

    public void Escalate(string tokenId, string code, Dictionary<string, object?> data)
    {
        var token = Working(tokenId);
        Escalate(token, token.Node!, code, null, data);
    }

    public void Message(string name, string? key, Dictionary<string, object?> data)
    {
        foreach (var (owner, wait) in Waits(_root))
        {
            if (ProcessEngine.Fits(_definition, wait, name, key, data))
            {
                Trigger(owner, wait, data);
                return;
            }
        }
        throw new UnknownTokenException(name);
    }

    public void Signal(string name, Dictionary<string, object?> data)
    {
        foreach (var (owner, wait) in Waits(_root).Where(w => w.Wait.Kind == EventKind.Signal && (w.Wait.Name == name || w.Wait.RefId == name)).ToList())
        {
            if (!owner.Dead && owner.Waits!.Contains(wait))
                Trigger(owner, wait, data);
        }
    }

    public void Serve(string waitId, Dictionary<string, object?> data)
    {
        var (owner, wait) = Waits(_root).FirstOrDefault(w => w.Wait.Id == waitId);
        Trigger(owner ?? throw new UnknownTokenException(waitId), wait, data);
    }

    public void Change(Dictionary<string, object?> data)
    {
        foreach (var (name, value) in data)
            _root.Set(name, value);
    }

    public void Tick()
    {
        var until = _at;
        while (_moved <= MostMoves && Waits(_root).Where(w => w.Wait.Due <= until).OrderBy(w => w.Wait.Due).FirstOrDefault() is { Owner: { } owner, Wait: { } wait })
        {
            _moved++;
            _at = wait.Due!.Value;
            Trigger(owner, wait, Nothing);
            Settle();
        }
        _at = until;
        if (_moved > MostMoves && !_effects.Any(e => e is Effect.Stuck) && Waits(_root).FirstOrDefault(w => w.Wait.Due <= until) is { Owner: not null, Wait: { } again })
            Stuck(_definition.Node(again.Node), "endless");
    }

    private Live Working(string tokenId)
    {
        var token = Find(_root, tokenId);
        return token is not null && IsOpenWork(token) ? token : throw new UnknownTokenException(tokenId);
    }

    private static Live? Find(Live around, string id)
    {
        foreach (var child in around.Children)
        {
            if ((child.Id == id ? child : Find(child, id)) is { } found)
                return found;
        }
        return null;
    }

    private static IEnumerable<(Live Owner, Wait Wait)> Waits(Live live)
    {
        foreach (var wait in live.Waits ?? [])
            yield return (live, wait);
        foreach (var child in live.Children)
        {
            foreach (var inside in Waits(child))
                yield return inside;
        }
    }

    /// <summary>A token waits for what a node catches.</summary>
    private void Await(Live owner, ProcessNode catching)
    {
        foreach (var spec in catching.Events.Where(e => e.Kind is EventKind.Message or EventKind.Timer or EventKind.Signal or EventKind.Conditional))
        {
            var wait = new Wait($"w{_next++}", catching.Id, spec.Kind, spec.Name) { RefId = spec.RefId };
            if (spec.Kind == EventKind.Message)
                wait = wait with { Key = Keys.Of(spec.Key is { } key ? [Value(key, new DataView(owner), catching)] : [.. _definition.Correlation.Own.Select(o => Value(o, new DataView(owner), catching))]) };
            if (spec.Timer is { } timer)
            {
                if (Timers.First(timer, timer.Expression is { } e ? Plain.Of(Value(e, new DataView(owner), catching)) : timer.Text, _at) is not { } first)
                {
                    Stuck(catching, "timer-undefined");
                    continue;
                }
                wait = wait with { Due = first.Due, Every = first.Every, Left = first.Left };
            }
            owner.Add(wait);
        }
    }

    /// <summary>What a subscription waited for has happened.</summary>
    private void Trigger(Live owner, Wait wait, IReadOnlyDictionary<string, object?> data)
    {
        var node = _definition.Node(wait.Node);
        if (node.Kind == NodeKind.BoundaryEvent)
            LeaveByBoundary(owner, node, data, wait);
        else if (node.Kind == NodeKind.StartEvent)
            StartEventSub(owner, node, data, wait);
        else
            GoOn(owner, node, data);
    }

    private void GoOn(Live owner, ProcessNode node, IReadOnlyDictionary<string, object?> data)
    {
        var level = owner.Parent!;
        if (owner.Node == node && node.Kind == NodeKind.ReceiveTask)
        {
            CompleteWork(owner, data);
            return;
        }
        Remove(owner);
        if (owner.Node!.Kind == NodeKind.EventGateway)
        {
            Took(owner.Node.Outgoing.First(f => f.To == node));
            Mark(node);
        }
        Produce(node, level, data, null);
        if (node.Kind == NodeKind.ReceiveTask)
            _effects.Add(new Effect.Completed(node.Id));
        Leave(level, node);
    }

    private void LeaveByBoundary(Live owner, ProcessNode boundary, IReadOnlyDictionary<string, object?> data, Wait? wait)
    {
        var level = owner.Parent!;
        if (boundary.Interrupting)
            Kill(owner);
        else if (wait is not null)
            Renew(owner, wait);
        Mark(boundary);
        Produce(boundary, level, data, null);
        Leave(level, boundary);
        // A handler that was interrupted has undone what it could.
        if (boundary.Interrupting && owner.For is { } id && level.Children.Find(c => c.Id == id) is { } waiting)
            Push(MoveKind.Undo, waiting);
    }

    private void StartEventSub(Live level, ProcessNode start, IReadOnlyDictionary<string, object?> data, Wait? wait)
    {
        if (start.Interrupting)
        {
            KillInside(level);
            level.Waits = level.Waits?.FindAll(w => _definition.Node(w.Node).Kind != NodeKind.StartEvent);
        }
        else if (wait is not null)
        {
            Renew(level, wait);
        }
        EnterEventSub(Add(level, start.Parent!, null), start, data);
    }

    private void EnterEventSub(Live token, ProcessNode start, IReadOnlyDictionary<string, object?> data)
    {
        Mark(token.Node!, token);
        Declare(token, token.Node!.Body!);
        Mark(start);
        Produce(start, token, data, null);
        Leave(token, start);
    }

    // A cycle comes again, a single time does not; messages, signals and conditions may come any number of times.
    private static void Renew(Live owner, Wait wait)
    {
        var waits = owner.Waits!.ToList();
        var at = waits.IndexOf(wait);
        var next = wait.Left == 0 ? null : Timers.Next(wait);
        if (wait.Kind == EventKind.Timer && next is null)
            waits.RemoveAt(at);
        else if (wait.Kind == EventKind.Timer)
            waits[at] = wait with { Due = next, Left = wait.Left < 0 ? -1 : wait.Left - 1 };
        owner.Waits = waits;
    }

    // A condition is caught when it comes to hold (clause 10.5.5): looked at when all else has come to rest.
    private bool FireConditions()
    {
        if (!_definition.HasConditionals)
            return false;
        foreach (var (owner, wait) in Waits(_root).Where(w => w.Wait.Kind == EventKind.Conditional).ToList())
        {
            var node = _definition.Node(wait.Node);
            var holds = node.Events.Any(e => e.Condition is { } condition && Holds(condition, owner, node));
            if (holds == wait.Held)
                continue;
            var seen = wait with { Held = holds };
            owner.Waits![owner.Waits.IndexOf(wait)] = seen;
            owner.Touch();
            if (!holds)
                continue;
            Trigger(owner, seen, Nothing);
            return true;
        }
        return false;
    }
}
