using System.Globalization;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Where a case can go by the engine, and who may send it there.</summary>
/// <remarks>
/// Recall: who gave what is taken back. Rewind: the unit whose open task ends by it, to a task that people did; else who oversees the case.
/// Redo, skip: who oversees the case.
/// </remarks>
/// <param name="Oversees">Whether the person is a leader of the case's region or of one around it, or an operator.</param>
internal sealed record MoveRules(ProcessDefinition Definition, ProcessState State, IReadOnlyList<WorkTask> Tasks, Person By, bool Oversees, DateTimeOffset At)
{
    /// <summary>The step that a move is.</summary>
    /// <exception cref="RewindException">The process cannot go there.</exception>
    /// <exception cref="ConflictException">It is not this person's to move it so; or nothing is open that could be left.</exception>
    public Step Take(Move move, IReadOnlyDictionary<string, object?> data)
    {
        var step = Try(move, data);
        return May(move, step) ? step : throw new ConflictException("move-not-yours");
    }

    /// <summary>The same, whoever asks.</summary>
    public Step Try(Move move, IReadOnlyDictionary<string, object?> data)
    {
        var request = new RewindRequest(move.To ?? "") { Within = move.Within, Compensates = move.Compensates };
        try
        {
            return move.Kind switch
            {
                MoveKind.Skip => ProcessEngine.Skip(Definition, State, move.Token ?? "", data, At, move.To),
                MoveKind.Redo => ProcessEngine.Redo(Definition, State, request, At),
                _ when Unstepped(move.To) is { } task => Reopened(task),
                MoveKind.Recall => ProcessEngine.Recall(Definition, State, request, At),
                _ => ProcessEngine.Rewind(Definition, State, request, At),
            };
        }
        catch (UnknownTokenException)
        {
            throw new ConflictException("move-not-open");
        }
    }

    /// <summary>Whether the person may move the case so.</summary>
    public bool May(Move move, Step step) => move.Kind switch
    {
        MoveKind.Recall => Gave(move.To!),
        MoveKind.Rewind => Oversees || SendsBack(move.To!, step),
        _ => Oversees,
    };

    /// <summary>The ways back to an activity that are worth looking at for the person: they may be theirs.</summary>
    public IEnumerable<MoveKind> Kinds(ProcessNode node)
    {
        if (Oversees || (IsForPeople(node) && Tasks.Any(IsMine)))
            yield return MoveKind.Rewind;
        if (Gave(node.Id))
            yield return MoveKind.Recall;
        if (Oversees)
            yield return MoveKind.Redo;
    }

    /// <summary>Whether something is kept that could be undone.</summary>
    public bool KeepsDone => State.Done is { Count: > 0 } || State.Tokens.Any(t => t.Done is { Count: > 0 });

    /// <summary>The nodes of its level to which a token can come from a node.</summary>
    public static IReadOnlyCollection<ProcessNode> After(ProcessNode node)
    {
        var (found, open) = (new HashSet<ProcessNode>(), new Stack<ProcessNode>([node]));
        while (open.TryPop(out var at))
        {
            foreach (var next in at.Outgoing.Select(f => f.To).Concat(at.Boundaries).Where(found.Add))
                open.Push(next);
        }
        return found;
    }

    /// <summary>The open instances among which one has to be named to go to an activity: those of its innermost level that runs.</summary>
    public IReadOnlyList<Token> Instances(ProcessNode target)
    {
        for (var level = target.Parent; level is not null; level = level.Parent)
        {
            if (State.Tokens.Where(t => t.Node == level.Id && (level.Loop is null || t.Loop is null)).ToList() is { Count: > 0 } running)
                return running;
        }
        return [];
    }

    /// <summary>Whether an activity, or a level around it, is done several times over.</summary>
    public static bool IsOneOfSeveral(ProcessNode? node)
    {
        for (; node is not null; node = node.Parent)
        {
            if (node.Loop is not null)
                return true;
        }
        return false;
    }

    // The task of the official, or of a colleague who has not taken it, ends: it goes back to whom it came from.
    private bool SendsBack(string to, Step step) =>
        IsForPeople(Definition.Node(to)) && step.Effects.OfType<Effect.TaskWithdrawn>().Any(w => Tasks.Any(t => t.Token == w.TokenId && IsMine(t)));

    private static bool IsForPeople(ProcessNode node) => node.Kind is NodeKind.UserTask or NodeKind.ManualTask;

    private bool IsMine(WorkTask task) => task.State == "open" && Policy.MayWork(By, task.Unit) && (task.Assignee ?? By.Login) == By.Login;

    // Which instance a task was of is not known once it is done: all of them must be one's own.
    private bool Gave(string to)
    {
        var given = Tasks.Where(t => t.Node == to).OrderBy(Number).ThenBy(t => t.Opened, StringComparer.Ordinal).ToList();
        bool Did(WorkTask t) => t.State == "done" && t.EndedBy == By.Login;
        return given.Count > 0 && (IsOneOfSeveral(Definition.Node(to)) ? given.TrueForAll(Did) : Did(given[^1]));
    }

    // Tokens are numbered as they come.
    private static int Number(WorkTask task) => int.TryParse(task.Token.AsSpan(1), CultureInfo.InvariantCulture, out var number) ? number : 0;

    // A task that was done but whose step led nowhere: the process still stands there.
    private WorkTask? Unstepped(string? to) =>
        Tasks.FirstOrDefault(t => t.Node == to && t.State == "done" && State.Tokens.Any(o => o.Id == t.Token) && !Tasks.Any(o => o.Token == t.Token && o.State == "open"));

    private Step Reopened(WorkTask task) => new(State, [new Effect.TaskWithdrawn(task.Token, task.Node), new Effect.TaskOpened(task.Token, task.Node)]);
}
