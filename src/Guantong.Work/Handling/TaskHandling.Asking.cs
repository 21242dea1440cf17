using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What is asked of others: to sign, to say what they think, to know, to hurry, to follow an instruction.</summary>
public sealed partial class TaskHandling
{
    /// <summary>Whoever has a task asks others to sign (会签). It cannot be finished before so many agree, or that has become impossible.</summary>
    /// <param name="to">Units or officials; in their order where they sign in turn.</param>
    /// <param name="quorum">How many have to agree; null for all.</param>
    /// <param name="due">ISO 8601; who has not signed by then has not agreed.</param>
    public Task CountersignAsync(string id, IReadOnlyList<Addressee>? to, long? quorum, bool inTurn, string? due, string? words, Person by, CancellationToken cancel = default) =>
        quorum is { } n && (n < 1 || n > to?.Count) ? throw new ConflictException("ask-quorum")
        : AskAsync("countersign", id, to, Words(words), by, Due(due), quorum, inTurn, null, cancel);

    /// <summary>Whoever has a task asks others what they think (征求意见).</summary>
    /// <param name="due">ISO 8601; afterwards silence has its meaning.</param>
    /// <param name="silence">agrees, none (no opinion) or remind: the silent ones are reminded once, after which silence is no opinion.</param>
    public Task AskOpinionAsync(string id, IReadOnlyList<Addressee>? to, string? silence, string? due, string? words, Person by, CancellationToken cancel = default) =>
        silence is not ("agrees" or "none" or "remind") ? throw new ConflictException("ask-silence")
        : AskAsync("opinion", id, to, Words(words), by, Due(due), null, false, silence, cancel);

    private async Task AskAsync(string kind, string id, IReadOnlyList<Addressee>? to, string words, Person by, string? due, long? quorum, bool inTurn, string? silence, CancellationToken cancel)
    {
        to ??= [];
        await HoldAgainstAsync(to, by, cancel);
        await ActAsync(async change =>
        {
            var (task, row) = await HaveAsync(change, id, by);
            await HoldUnrecusedAsync(change, row.Id, to.Select(t => t.Login));
            var ask = New(change, kind, row, id, by, words, due, quorum, inTurn, silence);
            Insert(change, ask);
            Insert(change, ask, to);
            // What is written stays with the case, which can be erased; the ledger keeps who was asked.
            change.Record(row, by, kind + ".asked", new { task = task.Node, ask = ask.Id, of = Whom(to), quorum, inTurn, due, silence });
        }, cancel);
    }

    /// <summary>Others are asked to sign, or for their opinion, beside those asked already.</summary>
    public async Task AddAsync(string askId, IReadOnlyList<Addressee>? to, Person by, CancellationToken cancel = default)
    {
        to ??= [];
        await HoldAgainstAsync(to, by, cancel);
        await ActAsync(async change =>
        {
            var (ask, row) = await HoldOwnAsync(change, askId, by);
            if (ask.Of.Count + to.Count > MostAsked || to.Any(t => ask.Of.Any(o => o.Unit == t.Unit && o.Login == t.Login && o.State != "dropped")))
                throw new ConflictException("ask-whom");
            if (ask.IsLate(change.At))
                throw new ConflictException("ask-late");
            await HoldUnrecusedAsync(change, row.Id, to.Select(t => t.Login));
            Insert(change, ask, to, ask.Of.Max(o => o.Place));
            change.Record(row, by, ask.Kind + ".added", new { ask = askId, of = Whom(to) });
        }, cancel);
    }

    /// <summary>Somebody who has not answered is asked no longer.</summary>
    /// <param name="oneId">Id of the one whom it is asked of.</param>
    public Task DropAsync(string askId, string? oneId, Person by, CancellationToken cancel = default) => ActAsync(async change =>
    {
        var (ask, row) = await HoldOwnAsync(change, askId, by);
        var one = ask.Of.FirstOrDefault(o => o.Id == oneId) ?? throw new ConflictException("ask-gone");
        if (one.State != "waiting")
            throw new ConflictException("ask-acted");
        await EndAsync(change, one, "dropped", by);
        change.Record(row, by, ask.Kind + ".dropped", new { ask = askId, of = one.Login ?? one.Unit });
    }, cancel);

    /// <summary>Those who were silent until the deadline are reminded, once, with another.</summary>
    public Task RemindAsync(string askId, string? due, Person by, CancellationToken cancel = default)
    {
        var until = Due(due);
        return ActAsync(async change =>
        {
            var (ask, row) = await HoldOwnAsync(change, askId, by);
            if (ask.StandAt(change.At) != AskStand.ToRemind)
                throw new ConflictException("ask-no-reminder");
            await change.ExecuteAsync("UPDATE work_ask SET reminded = @Stamp, due = @until WHERE id = @askId", new { askId, change.Stamp, until });
            change.Record(row, by, "opinion.reminded", new { ask = askId, of = ask.Of.Where(o => o.State == "waiting").Select(o => o.Login ?? o.Unit), due = until });
        }, cancel);
    }

    /// <summary>Others see the task and its case until the task ends (抄送). What is personal stays masked for them.</summary>
    public async Task CopyAsync(string id, IReadOnlyList<Addressee>? to, string? words, Person by, CancellationToken cancel = default)
    {
        to ??= [];
        var said = Words(words, required: false);
        await HoldAgainstAsync(to, by, cancel);
        await ActAsync(async change =>
        {
            var (task, row) = await tasks.HoldAsync(change, id, by);
            var asks = await AsksAsync(change, "a.task_id = @id AND a.kind = 'copy'", new { id });
            if (to.Any(t => asks.Any(a => a.Of.Any(o => o.State == "waiting" && o.Unit == t.Unit && o.Login == t.Login))))
                throw new ConflictException("copy-twice");
            var ask = New(change, "copy", row, id, by, said);
            Insert(change, ask);
            Insert(change, ask, to);
            change.Record(row, by, "task.copied", new { task = task.Node, ask = ask.Id, of = Whom(to) });
        }, cancel);
    }

    /// <summary>Whoever waits for a task urges it (催办): the leader of its unit, the unit of a step that comes next, the data bureau of its region.</summary>
    public Task UrgeAsync(string id, string? words, Person by, CancellationToken cancel = default)
    {
        var said = Words(words);
        return ActAsync(async change =>
        {
            var (task, row) = await tasks.LookAsync(change, id, by);
            if (task.Assignee == by.Login)
                throw new ConflictException("urge-own");
            if (!await MayUrgeAsync(task, row, by, cancel))
                throw new ConflictException("urge-not-yours");
            var last = (await AsksAsync(change, "a.task_id = @id AND a.kind = 'urge'", new { id })).LastOrDefault(a => a.ByUnit == by.Unit && a.Of[0].State != "withdrawn");
            if (last is not null && Time.Read(last.Asked) + UrgeEvery > change.At)
                throw new ConflictException("urge-soon");
            var ask = New(change, "urge", row, id, by, said);
            Insert(change, ask);
            Insert(change, ask, [new Addressee(task.Unit)]);
            change.Record(row, by, "task.urged", new { task = task.Node, ask = ask.Id });
        }, cancel);
    }

    /// <summary>A leader writes an instruction on a case (批示); each unit that works on it acknowledges.</summary>
    /// <param name="units">Units that have or had a task in the case; null or none for all that have one now.</param>
    public Task InstructAsync(string caseId, IReadOnlyList<string>? units, string? words, Person by, CancellationToken cancel = default)
    {
        var said = Words(words);
        return ActAsync(async change =>
        {
            var rights = by.Rows("case.read", land);
            var id = await change.FindAsync<string>($"SELECT id FROM work_case WHERE (id = @caseId OR number = @caseId){rights.OfCase("work_case")}", rights.With(new { caseId })) ?? throw new ConflictException("case-gone");
            var row = await steps.HoldAsync(change, id);
            var had = (await change.QueryAsync<WorkTask>($"SELECT {WorkTask.Columns} FROM work_task WHERE case_id = @id", new { id })).ToList();
            if (!had.Select(t => t.Unit).Distinct().Any(u => by.May("case.instruct", new Thing(u, row.Region), land)))
                throw new ConflictException("instruct-not-yours");
            var to = units is { Count: > 0 } ? [.. units.Distinct()] : had.Where(t => t.State == "open").Select(t => t.Unit).Distinct().ToList();
            if (row.Ended is not null || to.Count is 0 or > MostAsked || to.Any(u => !had.Any(t => t.Unit == u)))
                throw new ConflictException("instruct-whom");
            var ask = New(change, "instruct", row, null, by, said);
            Insert(change, ask);
            Insert(change, ask, to.Select(u => new Addressee(u)));
            change.Record(row, by, "case.instructed", new { ask = ask.Id, of = to });
        }, cancel);
    }

    // What was asked about a task, for whoever has the task now.
    private async Task<(Ask Ask, Case Case)> HoldOwnAsync(Change change, string askId, Person by)
    {
        var (ask, _) = await HoldAskAsync(change, askId, by);
        if (ask is not { Kind: "countersign" or "opinion", TaskId: { } taskId })
            throw new ConflictException("ask-gone");
        var (_, row) = await HaveAsync(change, taskId, by);
        return ask.Of.All(o => o.State == "withdrawn") ? throw new ConflictException("ask-over") : (ask, row);
    }

    /// <summary>Whether somebody waits for a task, and may urge it.</summary>
    public async Task<bool> MayUrgeAsync(WorkTask task, Case row, Person by, CancellationToken cancel = default)
    {
        if (by.May("task.urge", new Thing(task.Unit, row.Region), land))
            return true;
        var definition = (await packs.AtAsync(row.Pack, row.Revision, cancel)).ProcessOf(row.Matter, row.Called).Definition;
        return definition.Find(task.Node) is { } node && Next(node).Any(n => by.May("task.await", new Thing(steps.UnitOf(definition, n, row), row.Region), land));
    }

    // The tasks of people that a node leads to before any other of them.
    private static HashSet<ProcessNode> Next(ProcessNode node)
    {
        var (found, gone, open) = (new HashSet<ProcessNode>(), new HashSet<ProcessNode>(), new Stack<ProcessNode>([node]));
        while (open.TryPop(out var at))
        {
            foreach (var next in at.Outgoing.Select(f => f.To).Where(gone.Add))
            {
                if (next is { Kind: NodeKind.UserTask or NodeKind.ManualTask, Lane: not null })
                    found.Add(next);
                else
                    open.Push(next);
            }
        }
        return found;
    }
}
