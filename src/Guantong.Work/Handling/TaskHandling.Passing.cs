using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Who does a task: assigning, delegating, handing over, recusal.</summary>
public sealed partial class TaskHandling
{
    /// <summary>The head of a unit assigns an open task of it to an official of it (分派), whoever has it now, or takes it from one.</summary>
    /// <param name="login">The official; null to take it from whoever has it.</param>
    /// <param name="version">The task's version as the head saw it; null where they do not mind.</param>
    /// <exception cref="ConflictException">It is not theirs to assign, not open, has changed since, or not for that official.</exception>
    public async Task AssignAsync(string id, string? login, long? version, Person by, CancellationToken cancel = default)
    {
        var official = login is null || by.Unit is null ? null : (await accounts.OfUnitAsync(by.Unit, cancel)).FirstOrDefault(p => p.Login == login);
        await ActAsync(async change =>
        {
            var (task, row) = await tasks.LookAsync(change, id, by);
            if (!by.May("task.assign", new Thing(task.Unit, row.Region), land))
                throw new ConflictException("assign-not-yours");
            if (version is { } seen && seen != task.Version)
                throw new ConflictException("task-changed");
            if (task.Assignee == login)
                throw new ConflictException(login is null ? "task-untaken" : "assign-same");
            if (login is not null && (official is null || !Policy.MayWork(official, task.Unit)))
                throw new ConflictException("not-colleague");
            await HoldUnrecusedAsync(change, row.Id, [login]);
            if (login is not null)
                await tasks.HoldApartAsync(change, task, row, login);
            await GiveAsync(change, task, login, by);
            change.Record(row, by, login is null ? "task.taken-away" : "task.assigned", new { task = task.Node, from = task.Assignee, to = login });
        }, cancel);
    }

    /// <summary>The assignee lets a colleague of the unit do the task (委托代办): it stays in their name, and they may call it back.</summary>
    public async Task DelegateAsync(string id, string? login, string? words, Person by, CancellationToken cancel = default)
    {
        var said = Words(words, required: false);
        var official = login is null || by.Unit is null ? null : (await accounts.OfUnitAsync(by.Unit, cancel)).FirstOrDefault(p => p.Login == login);
        await ActAsync(async change =>
        {
            var (task, row) = await HaveAsync(change, id, by, asAssignee: true);
            if (official is null || official.Login == by.Login || !Policy.MayWork(official, task.Unit))
                throw new ConflictException("not-colleague");
            await HoldUnrecusedAsync(change, row.Id, [login]);
            await tasks.HoldApartAsync(change, task, row, official.Login);
            var ask = New(change, "delegate", row, id, by, said);
            Insert(change, ask);
            Insert(change, ask, [new Addressee(task.Unit, official.Login)]);
            change.Record(row, by, "task.delegated", new { task = task.Node, to = login });
        }, cancel);
    }

    /// <summary>A task goes to another unit, whose it is from now on (转办); it may be returned.</summary>
    /// <remarks>Not in circles: a unit that has had the task, by the process or by a hand-over that was not withdrawn, is not handed it again. It comes back to it by being returned alone.</remarks>
    public Task HandOverAsync(string id, string? unit, string? reason, Person by, CancellationToken cancel = default) => HandOverAsync(id, unit, reason, by, "hand-over", cancel);

    private Task HandOverAsync(string id, string? unit, string? reason, Person by, string way, CancellationToken cancel)
    {
        var why = Reason.Of(reason);
        return ActAsync(async change =>
        {
            var (task, row) = await tasks.HoldAsync(change, id, by);
            if (land.Units.Find(unit) is not { } to)
                throw new ConflictException("ask-whom");
            if (to.Id == task.Unit)
                throw new ConflictException("ask-own");
            var asks = await AsksAsync(change, "a.task_id = @id AND a.kind IN ('hand-over', 'delegate', 'countersign', 'opinion')", new { id });
            if (asks.Any(a => a.Kind != "hand-over" && a.Of.Any(o => o.State == "waiting")))
                throw new ConflictException("asks-open");
            if (asks.Any(a => a.Kind == "hand-over" && a.Of[0].State != "withdrawn" && (a.ByUnit == to.Id || a.Of[0].Unit == to.Id)))
                throw new ConflictException("hand-over-circle");
            // What was handed to this unit is taken on by handing it on.
            foreach (var before in asks.Where(a => a.Kind == "hand-over" && a.Of[0].State == "waiting"))
                await EndAsync(change, before.Of[0], "acknowledged", by);
            var ask = New(change, "hand-over", row, id, by, why) with { Way = way };
            Insert(change, ask);
            Insert(change, ask, [new Addressee(to.Id)]);
            change.Later("UPDATE work_task SET unit = @to, assignee = NULL, version = version + 1 WHERE id = @id", new { id, to = to.Id });
            change.Record(row, by, way switch { "hand-down" => "task.handed-down", "report-up" => "task.reported-up", _ => "task.handed-over" }, new { task = task.Node, from = task.Unit, to = to.Id, reason = why });
        }, cancel);
    }

    /// <summary>The unit that a task was handed to returns it to the one that it came from (退回转办).</summary>
    public Task ReturnAsync(string id, string? reason, Person by, CancellationToken cancel = default)
    {
        var why = Reason.Of(reason);
        return ActAsync(async change =>
        {
            var (task, row) = await tasks.HoldAsync(change, id, by);
            var asks = await AsksAsync(change, "a.task_id = @id", new { id });
            if (asks.Any(a => a.Kind is "delegate" or "countersign" or "opinion" && a.Of.Any(o => o.State == "waiting")))
                throw new ConflictException("asks-open");
            // The last that came to this unit and was not sent back.
            var came = asks.LastOrDefault(a => a.Kind == "hand-over" && a.Of[0].Unit == task.Unit && a.Of[0].State is "waiting" or "acknowledged") ?? throw new ConflictException("not-handed-over");
            await EndAsync(change, came.Of[0], "returned", by, why);
            await change.ExecuteAsync("UPDATE work_task SET unit = @ByUnit, assignee = NULL, version = version + 1 WHERE id = @id", new { id, came.ByUnit });
            change.Record(row, by, "task.returned", new { task = task.Node, from = task.Unit, to = came.ByUnit, reason = why });
        }, cancel);
    }

    /// <summary>An official declares an interest in the case (回避): its open tasks that they have go back to their unit, and they can take none of it again. It is not undone.</summary>
    public Task RecuseAsync(string id, string? reason, Person by, CancellationToken cancel = default)
    {
        var why = Reason.Of(reason);
        return ActAsync(async change =>
        {
            var (task, row) = await tasks.HoldAsync(change, id, by);
            await change.ExecuteAsync("INSERT INTO work_recusal (case_id, login, unit, reason, declared) VALUES (@Id, @Login, @Unit, @why, @Stamp)", new { row.Id, by.Login, by.Unit, why, change.Stamp });
            var theirs = await change.QueryAsync<WorkTask>($"SELECT {WorkTask.Columns} FROM work_task WHERE case_id = @Id AND state = 'open' AND assignee = @Login", new { row.Id, by.Login });
            foreach (var held in theirs.ToList())
                await GiveAsync(change, held, null, by);
            foreach (var ask in await AsksAsync(change, "a.case_id = @Id AND a.kind IN ('delegate', 'countersign', 'opinion')", new { row.Id }))
            {
                foreach (var one in ask.Of.Where(o => o.State == "waiting" && o.Login == by.Login))
                    await EndAsync(change, one, ask.Kind == "delegate" ? "returned" : "dropped", by);
            }
            change.Record(row, by, "task.recused", new { task = task.Node, reason = why });
        }, cancel);
    }

    // Whoever it was entrusted to by the one who had it has it no longer.
    private static async Task GiveAsync(Change change, WorkTask task, string? login, Person by)
    {
        if (await Tasks.DelegateAsync(change, task.Id) is { } trusted)
            await EndAsync(change, trusted, "withdrawn", by);
        await change.ExecuteAsync("UPDATE work_task SET assignee = @login, version = version + 1 WHERE id = @Id", new { task.Id, login });
    }
}
