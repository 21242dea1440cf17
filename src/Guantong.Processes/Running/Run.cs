using Guantong.Feel;

namespace Guantong.Processes.Running;

/// <summary>One step under way: the only place where something changes. Moves lie on a stack, so that a branch runs until it waits before the next begins.</summary>
internal sealed partial class Run
{
    private const int MostMoves = 30_000;
    private const int MostInstances = 5_000;

    private enum MoveKind { Arrive, Begin, Undo }

    private readonly record struct Move(MoveKind Kind, Live Live, ProcessNode? Node, Flow? Flow, int Epoch);

    private readonly ProcessDefinition _definition;
    private readonly ProcessState _before;
    private readonly Live _root = new() { Id = "" };
    private readonly Stack<Move> _moves = [];
    private readonly List<Effect> _effects = [];
    private readonly List<Live> _touched = [];
    private readonly List<string> _visited;
    private readonly HashSet<string> _seen;
    private DateTimeOffset _at;
    private int _next;
    private int _moved;
    private string? _end;
    private string? _error;

    public Run(ProcessDefinition definition, ProcessState state, DateTimeOffset at)
    {
        (_definition, _before, _at, _next, _end, _error) = (definition, state, at, state.NextToken, state.EndNode, state.Error);
        (_visited, _seen) = ([.. state.Visited], [.. state.Visited]);
        _root.Give(state.Data);
        (_root.Waits, _root.Done) = (state.Waits?.ToList(), state.Done?.ToList());
        var live = new Dictionary<string, Live>(state.Tokens.Count);
        foreach (var token in state.Tokens)
        {
            var node = definition.Node(token.Node);
            live[token.Id] = Live.Of(token, node, token.Parent is null ? _root : live[token.Parent], token.Flow is null ? null : node.Incoming.FirstOrDefault(f => f.Id == token.Flow));
        }
    }

    /// <summary>Begins at a start event, or as the process does by itself.</summary>
    public void Begin(ProcessNode? start)
    {
        Declare(_root, _definition.Body);
        _touched.Add(_root);
        if (start is null)
        {
            if (_definition.Body.Entries.Count == 0)
                throw new UnknownTokenException(_definition.Id);
            foreach (var entry in _definition.Body.Entries.Reverse())
                Push(MoveKind.Arrive, _root, entry);
        }
        else
        {
            Mark(start);
            Produce(start, _root, Plain.None, null);
            if (start.Kind == NodeKind.ReceiveTask)
                _effects.Add(new Effect.Completed(start.Id));
            Leave(_root, start);
        }
    }

    public Step Finish()
    {
        Settle();
        var ended = _root.Children.Count == 0;
        var tokens = new List<Token>();
        Write(_root, tokens);
        if (ended && _error is null)
            _effects.Add(new Effect.ProcessEnded(_end!));
        else if (!ended && !IsAlive(_root) && !_effects.Any(e => e is Effect.Stuck))
            _effects.Add(new Effect.Stuck(tokens[0].Node, "join-starved"));
        return new Step(new ProcessState(tokens, _root.Data!, _next, ended ? _end : null, _visited)
        {
            Waits = ended || _root.Waits is not { Count: > 0 } ? null : _root.Waits,
            Done = ended || _root.Done is not { Count: > 0 } ? null : _root.Done,
            Error = _error,
        }, _effects);
    }

    private static void Write(Live around, List<Token> tokens)
    {
        foreach (var child in around.Children)
        {
            tokens.Add(child.Written());
            Write(child, tokens);
        }
    }

    // Something outside can still move it on.
    private static bool IsAlive(Live live) => live.Waits is { Count: > 0 } || live.Node?.IsWork == true || live.Children.Any(IsAlive);

    /// <summary>Moves until nothing moves any more by itself.</summary>
    private void Settle()
    {
        do
        {
            while (_moves.TryPop(out var move))
            {
                if (!move.Live.Dead && move.Live.Epoch == move.Epoch)
                    Do(move);
            }
        }
        while (_moved <= MostMoves && (CompleteIdle() || FireJoins() || FireConditions()));
    }

    private void Do(Move move)
    {
        if (++_moved > MostMoves)
        {
            var node = move.Node ?? move.Live.Node!;
            if (move.Kind == MoveKind.Arrive)
                Add(move.Live, node, move.Flow);
            if (_moved == MostMoves + 1)
                Stuck(node, "endless");
            return;
        }
        switch (move.Kind)
        {
            case MoveKind.Arrive:
                Arrive(move.Live, move.Node!, move.Flow);
                break;
            case MoveKind.Begin:
                BeginWork(move.Live);
                break;
            case MoveKind.Undo:
                GoOnUndoing(move.Live);
                break;
        }
    }

    private void Push(MoveKind kind, Live live, ProcessNode? node = null, Flow? flow = null) => _moves.Push(new Move(kind, live, node, flow, live.Epoch));

    private Live Add(Live parent, ProcessNode node, Flow? flow, string? undoesFor = null)
    {
        var live = new Live { Id = $"t{_next++}", Node = node, Parent = parent, Flow = flow, For = undoesFor };
        parent.Children.Add(live);
        return live;
    }

    private void Remove(Live live)
    {
        live.Dead = true;
        live.Parent!.Children.Remove(live);
        _touched.Add(live.Parent);
    }

    /// <summary>Withdraws a token with all that is open inside it.</summary>
    private void Kill(Live live)
    {
        KillInside(live);
        _effects.Add(IsOpenWork(live) ? new Effect.TaskWithdrawn(live.Id, live.Node!.Id) : new Effect.CalledOff(live.Id, live.Node!.Id));
        Remove(live);
    }

    private static bool IsOpenWork(Live live) => live is { Node: { IsWork: true } node, Undo: null } && (node.Loop is null || live.IsInstance);

    /// <summary>Withdraws all that is open inside a token, what is on its way included.</summary>
    private void KillInside(Live live)
    {
        live.Epoch++;
        foreach (var child in live.Children.ToArray())
            Kill(child);
    }

    private void Mark(ProcessNode node, Live? standing = null)
    {
        See(node.Id);
        _effects.Add(new Effect.Entered(node.Id, standing?.Id));
    }

    private void See(string id)
    {
        if (_seen.Add(id))
            _visited.Add(id);
    }

    private void Stuck(ProcessNode node, string reason) => _effects.Add(new Effect.Stuck(node.Id, reason));

    private FeelValue Value(FeelExpression expression, IReadOnlyDictionary<string, object?> data, ProcessNode about)
    {
        try
        {
            return expression.Evaluate(data, new FeelSession(FeelLimits.Default, _at));
        }
        catch (FeelBudgetException)
        {
            Stuck(about, "expression-budget");
            return default;
        }
    }

    private bool Holds(FeelExpression condition, Live at, ProcessNode about) => Value(condition, new DataView(at), about).IsTrue;
}
