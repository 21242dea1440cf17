using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What the leaders of a unit do about what is overdue.</summary>
public sealed partial class TaskHandling
{
    /// <summary>A leader acknowledges that something of their unit is overdue by doing something about it: gives the task to another, writes an instruction, or gives more time.</summary>
    /// <param name="did">assign, instruct or extend.</param>
    /// <param name="words">What they say of it; the instruction.</param>
    /// <param name="login">Of assign: to whom.</param>
    /// <param name="due">Of extend: until when now (ISO 8601).</param>
    /// <exception cref="ConflictException">ask-gone; escalation-not-yours: they do not lead the unit; ask-over: it is done, or another has acted; escalation-answer, reason-missing, ask-due, not-colleague, ask-recused, extend-stopped.</exception>
    /// <remarks>行政许可法 §42: a term is extended by the head of the organ, with a reason.</remarks>
    public async Task AnswerEscalationAsync(string askId, string did, string? words, string? login, string? due, Person by, CancellationToken cancel = default)
    {
        var (said, until) = (Words(words), did == "extend" ? Due(due) : null);
        var official = login is null || by.Unit is null ? null : (await accounts.OfUnitAsync(by.Unit, cancel)).FirstOrDefault(p => p.Login == login);
        await ActAsync(async change =>
        {
            var (ask, row) = await HoldAskAsync(change, askId, by);
            if (ask.Kind != "escalation" || did is not ("assign" or "instruct" or "extend") || (did == "assign" && ask.TaskId is null))
                throw new ConflictException("escalation-answer");
            var mine = ask.Of.FirstOrDefault(o => o.Unit == by.Unit);
            if (mine is null || !by.May("escalation.answer", new Thing(mine.Unit)))
                throw new ConflictException("escalation-not-yours");
            await HoldOpenAsync(change, ask);
            if (mine.State != "waiting" || row.State is not ("open" or "stuck"))
                throw new ConflictException("ask-over");
            var task = ask.TaskId is null ? null : await change.FindAsync<WorkTask>($"SELECT {WorkTask.Columns} FROM work_task WHERE id = @TaskId", new { ask.TaskId });
            switch (did)
            {
                case "assign":
                    if (official is null || task!.Unit != by.Unit || !Policy.MayWork(official, task.Unit))
                        throw new ConflictException("not-colleague");
                    await HoldUnrecusedAsync(change, row.Id, [login]);
                    await GiveAsync(change, task, login, by);
                    change.Record(row, by, "task.assigned", new { task = task.Node, from = task.Assignee, to = login });
                    break;
                case "extend":
                    await Clocks.ExtendAsync(change, row, task, until!);
                    change.Record(row, by, task is null ? "case.extended" : "task.extended", new { task = task?.Node, was = task?.Due ?? row.Due, due = until, reason = said });
                    break;
                default:
                    var instruction = New(change, "instruct", row, null, by, said);
                    Insert(change, instruction);
                    Insert(change, instruction, [new Addressee(by.Unit!)]);
                    change.Record(row, by, "case.instructed", new { ask = instruction.Id, of = new[] { by.Unit } });
                    break;
            }
            await EndAsync(change, mine, "acknowledged", by, said, signs: true);
            var others = ask.Of.Where(o => o.State == "waiting" && o != mine).ToList();
            // With more time, it is overdue for nobody.
            foreach (var other in did == "extend" ? others : [])
                await EndAsync(change, other, "withdrawn", by);
            if (did == "extend" || others.Count == 0)
                await change.ExecuteAsync("UPDATE work_ask SET reminded = coalesce(reminded, @Stamp) WHERE id = @askId", new { askId, change.Stamp });
            change.Record(row, by, "escalation.answered", new { ask = askId, did });
        }, cancel);
    }
}
