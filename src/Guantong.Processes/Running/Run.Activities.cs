namespace Guantong.Processes.Running;

/// <summary>Activities and the levels that sub-processes open (clause 13.3).</summary>
internal sealed partial class Run
{
    private static readonly Dictionary<string, object?> Nothing = [];

    /// <summary>An activity comes to be: its boundary waits from now on, and its instances, or it alone, begin.</summary>
    private Live Open(Live level, ProcessNode node, Flow? flow, string? undoesFor = null, IReadOnlyDictionary<string, object?>? data = null)
    {
        var token = Stand(level, node, flow, undoesFor, data);
        if (node.Loop is null)
            Push(MoveKind.Begin, token);
        else
            OpenLoop(token, node.Loop);
        return token;
    }

    private Live Stand(Live level, ProcessNode node, Flow? flow, string? undoesFor = null, IReadOnlyDictionary<string, object?>? data = null)
    {
        var token = Add(level, node, flow, undoesFor);
        Mark(node, token);
        if (data is not null)
            token.Give(data);
        foreach (var boundary in node.Boundaries)
            Await(token, boundary);
        return token;
    }

    private void TakeIn(Live token)
    {
        foreach (var input in token.Node!.Inputs)
            token.Set(input.Target, Plain.Of(Value(input.Source, new DataView(token), token.Node)));
    }

    private void BeginWork(Live token)
    {
        var node = token.Node!;
        if (token.IsInstance)
            _effects.Add(new Effect.Began(token.Id, node.Id));
        TakeIn(token);
        switch (node.Kind)
        {
            case NodeKind.UserTask or NodeKind.ManualTask:
                _effects.Add(new Effect.TaskOpened(token.Id, node.Id));
                break;
            case NodeKind.BusinessRuleTask when node.Script is null:
                _effects.Add(new Effect.DecisionCalled(token.Id, node.Id, node.Calls, new DataView(token).Flat()));
                break;
            case NodeKind.ServiceTask when node.Script is null:
                _effects.Add(new Effect.ServiceCalled(token.Id, node.Id));
                break;
            case NodeKind.CallActivity:
                _effects.Add(new Effect.ProcessCalled(token.Id, node.Id, node.Calls!, node.Inputs.Count > 0 ? token.Data! : new DataView(token).Flat()));
                break;
            case NodeKind.ReceiveTask:
                Await(token, node);
                break;
            case NodeKind.SendTask:
                Send(token, node);
                CompleteWork(token, Nothing);
                break;
            case NodeKind.SubProcess:
                OpenLevel(token, node.Body!);
                break;
            default:
                CompleteWork(token, node.Script is null ? Nothing : Result(node, Value(node.Script, new DataView(token), node)));
                break;
        }
    }

    // A context's entries become data each; anything else goes under the name that the node gives, or its id.
    private static Dictionary<string, object?> Result(ProcessNode node, Feel.FeelValue value) =>
        node.Result is null && Plain.Of(value) is Dictionary<string, object?> entries ? entries : new() { [node.Result ?? node.Id] = Plain.Of(value) };

    private void OpenLevel(Live token, ScopeBody body)
    {
        Declare(token, body);
        _touched.Add(token);
        if (body.Kind == SubProcessKind.AdHoc && body.IsSequential)
        {
            token.Loop = new LoopState(body.Entries.Count, 0, 0);
            return;
        }
        for (var i = body.Entries.Count - 1; i >= 0; i--)
            Push(MoveKind.Arrive, token, body.Entries[i]);
    }

    // Names that belong to a level hide those outside; its event sub-processes wait from the beginning.
    private void Declare(Live token, ScopeBody body)
    {
        foreach (var name in body.Names.Where(n => !token.Knows(n)))
            token.Set(name, null);
        AwaitEventSubs(token, body);
    }

    private void AwaitEventSubs(Live token, ScopeBody body)
    {
        foreach (var start in body.EventSubs.SelectMany(s => s.Body!.Starts))
            Await(token, start);
    }

    /// <summary>What an activity gives becomes data, it is kept for undoing, and the token goes on.</summary>
    private void CompleteWork(Live token, IReadOnlyDictionary<string, object?> given)
    {
        var node = token.Node!;
        Produce(node, token, given, token);
        _effects.Add(new Effect.Completed(node.Id, token.Id));
        if (token.For is null && (node.Compensator is not null || (node.Kind == NodeKind.SubProcess && (token.Done is { Count: > 0 } || UndoneBy(node) is not null))))
        {
            (token.Level.Done ??= []).Add(new Completed(node.Id, token.Data, token.Done is { Count: > 0 } ? token.Done : null));
            token.Level.Touch();
        }
        if (token.IsInstance)
            InstanceDone(token, given);
        else
            Close(token);
    }

    private void Close(Live token)
    {
        var (level, node) = (token.Parent!, token.Node!);
        Remove(token);
        if (token.For is { } id)
        {
            if (level.Children.Find(c => c.Id == id) is { } waiting)
                Push(MoveKind.Undo, waiting);
            return;
        }
        if (level.Node?.Body is { Kind: SubProcessKind.AdHoc, Completion: { } completion } body && Holds(completion, level, level.Node))
        {
            if (body.CancelsRest)
                KillInside(level);
            level.Loop = level.Loop is { } l ? l with { Started = l.Total } : null;
            if (body.CancelsRest)
                return;
        }
        Leave(level, node, token.Flow);
    }

    /// <summary>Puts what was given where it belongs: to the nearest level that knows the name, else to the process.</summary>
    private void Produce(ProcessNode node, Live at, IReadOnlyDictionary<string, object?> given, Live? own)
    {
        foreach (var (name, value) in given)
        {
            if (node.OutputsOnly && own is not null)
                own.Set(name, value);
            else if (!node.OutputsOnly)
                Assign(at, name, value);
        }
        foreach (var output in node.Outputs)
            Assign(own is null || (own.IsInstance && own.Knows(output.Target)) ? at : own.Parent!, output.Target, Plain.Of(Value(output.Source, new DataView(at, given), node)));
    }

    private static void Assign(Live from, string name, object? value)
    {
        var live = from;
        while (live.Parent is not null && !live.Knows(name))
            live = live.Parent;
        live.Set(name, value);
    }

    // A level is complete when nothing is left inside it (clause 13.3.4).
    private bool CompleteIdle()
    {
        var idle = _touched.FindIndex(t => !t.Dead && t.Children.Count == 0 && t.Node is { Kind: NodeKind.SubProcess } && (t.Node.Loop is null || t.IsInstance));
        if (idle < 0)
        {
            _touched.Clear();
            return false;
        }
        var token = _touched[idle];
        _touched.RemoveAt(idle);
        if (token.Node!.Body is { Kind: SubProcessKind.AdHoc } body && token.Loop is { } loop && loop.Started < loop.Total)
        {
            token.Loop = loop with { Started = loop.Started + 1 };
            Push(MoveKind.Arrive, token, body.Entries[loop.Started]);
        }
        else
        {
            CompleteWork(token, Nothing);
        }
        return true;
    }
}
