using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What those do who are asked, and taking back what one asked.</summary>
public sealed partial class TaskHandling
{
    /// <summary>Answers what is asked of somebody.</summary>
    /// <param name="answer">agree or disagree of a countersign; answer of an opinion; acknowledge of an instruction.</param>
    /// <param name="words">What they say; needed for an opinion, and to disagree.</param>
    /// <exception cref="ConflictException">It is not asked of them, not now, or they have answered already.</exception>
    public Task AnswerAsync(string askId, string? answer, string? words, Person by, CancellationToken cancel = default) => ActAsync(async change =>
    {
        var (ask, row) = await HoldAskAsync(change, askId, by);
        var state = (ask.Kind, answer) switch
        {
            ("countersign", "agree") => "agreed",
            ("countersign", "disagree") => "disagreed",
            ("opinion", "answer") => "answered",
            ("instruct", "acknowledge") => "acknowledged",
            _ => throw new ConflictException("ask-answer"),
        };
        var said = Words(words, required: state is "disagreed" or "answered");
        if (ask.Of.Any(o => o.SignedBy == by.Login))
            throw new ConflictException("ask-signed");
        var mine = ask.Of.Where(o => o.Means(by)).ToList();
        if (mine.Count == 0)
            throw new ConflictException("ask-elsewhere");
        if (ask.ByLogin == by.Login)
            throw new ConflictException("ask-own");
        await HoldOpenAsync(change, ask);
        await HoldUnrecusedAsync(change, row.Id, [by.Login]);
        // Whoever is named signs as themselves first.
        var one = mine.Where(o => o.State == "waiting").OrderBy(o => o.Login is null).FirstOrDefault() ?? throw new ConflictException("ask-over");
        if (!ask.IsTurnOf(one))
            throw new ConflictException("ask-turn");
        if (ask.IsLate(change.At) && ask.StandAt(change.At) != AskStand.ToRemind)
            throw new ConflictException("ask-late");
        await EndAsync(change, one, state, by, said, signs: true);
        change.Record(row, by, $"{ask.Kind}.{state}", new { ask = askId });
    }, cancel);

    /// <summary>Marks what was copied to somebody about a case, or urges them, as seen; called when they look at it.</summary>
    public async Task SeeAsync(string caseId, Person by, CancellationToken cancel = default)
    {
        const string unseen = "o.case_id = @caseId AND o.kind IN ('copy', 'urge') AND o.seen IS NULL AND o.state = 'waiting' AND o.unit = @Unit AND coalesce(o.login, @Login) = @Login AND t.state = 'open' AND (o.kind = 'copy' OR coalesce(t.assignee, @Login) = @Login)";
        var args = new { caseId, by.Unit, by.Login };
        if (by.Unit is null || await store.ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) FROM work_ask_of o JOIN work_task t ON t.id = o.task_id WHERE {unseen}", args), cancel) == 0)
            return;
        await ActAsync(async change =>
        {
            var row = await steps.HoldAsync(change, caseId);
            var seen = (await change.QueryAsync<Asked>($"SELECT {Asked.Columns} FROM work_ask_of o JOIN work_task t ON t.id = o.task_id WHERE {unseen}", args)).ToList();
            foreach (var one in seen)
                await change.ExecuteAsync("UPDATE work_ask_of SET seen = @Stamp, seen_by = @Login WHERE id = @Id", new { one.Id, change.Stamp, by.Login });
            change.Record(row, by, "ask.seen", new { asks = seen.Select(o => o.AskId) });
        }, cancel);
    }

    /// <summary>Whoever asked takes it back (撤回) while the other side has not acted. A delegation and a copy may be taken back as long as the task is open.</summary>
    public Task WithdrawAsync(string askId, Person by, CancellationToken cancel = default) => ActAsync(async change =>
    {
        var (ask, row) = await HoldAskAsync(change, askId, by);
        if (ask.ByLogin != by.Login)
            throw new ConflictException("withdraw-not-yours");
        await HoldOpenAsync(change, ask);
        var waiting = ask.Of.Where(o => o.State == "waiting").ToList();
        if (waiting.Count < ask.Of.Count(o => o.State != "dropped") || (ask.Kind == "urge" && ask.Of[0].Seen is not null))
            throw new ConflictException("ask-acted");
        if (waiting.Count == 0)
            throw new ConflictException("ask-over");
        if (ask.Kind == "hand-over")
            await BackAsync(change, ask, by);
        foreach (var one in waiting)
            await EndAsync(change, one, "withdrawn", by);
        change.Record(row, by, ask.Called + ".withdrawn", new { ask = askId });
    }, cancel);

    // Taken, assigned, or asked about: the other side has acted.
    private static async Task BackAsync(Change change, Ask ask, Person by)
    {
        var to = ask.Of[0].Unit;
        var acted = (await AsksAsync(change, "a.task_id = @TaskId AND a.by_unit = @to AND a.asked >= @Asked", new { ask.TaskId, to, ask.Asked })).Count > 0;
        if (acted || await change.ExecuteAsync("UPDATE work_task SET unit = @ByUnit, assignee = @Login, version = version + 1 WHERE id = @TaskId AND unit = @to AND assignee IS NULL", new { ask.TaskId, ask.ByUnit, by.Login, to }) == 0)
            throw new ConflictException("ask-acted");
    }
}
