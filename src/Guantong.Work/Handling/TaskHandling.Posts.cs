using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Something that is on an official in a unit.</summary>
/// <param name="Kind">task: they have it; delegate, countersign, opinion or copy: it is asked of them by name; absence: they stand in for somebody.</param>
/// <param name="Name">The task's name; of an absence, who is away.</param>
/// <param name="Number">Of the case; empty of an absence, as Title is.</param>
public sealed record OnOfficial(string Kind, string Id, string Name, string Number, string Title);

/// <summary>Handing a post over (岗位交接).</summary>
public sealed partial class TaskHandling
{
    private const string Held = """
        SELECT 'task' AS Kind, t.id AS Id, t.name AS Name, c.number AS Number, c.title AS Title FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE t.unit = @unit AND t.assignee = @login AND t.state = 'open'
        UNION ALL SELECT o.kind, o.id, coalesce(t.name, c.title), c.number, c.title FROM work_ask_of o JOIN work_case c ON c.id = o.case_id LEFT JOIN work_task t ON t.id = o.task_id
          WHERE o.unit = @unit AND o.login = @login AND o.state = 'waiting' AND coalesce(t.state, 'open') = 'open'
        UNION ALL SELECT 'absence', a.id, a.login, '', '' FROM work_absence a WHERE a.unit = @unit AND a.substitute = @login AND a.ends > @now
        ORDER BY 1, 4, 2
        """;

    // Not by its constructor: where there are no rows, SQLite knows of no type.
    private sealed class HeldRow
    {
        public string Kind { get; set; } = "";
        public string Id { get; set; } = "";
        public string Name { get; set; } = "";
        public string Number { get; set; } = "";
        public string Title { get; set; } = "";
    }

    /// <summary>All that is on an official of a leader's unit.</summary>
    /// <exception cref="ConflictException">post-not-yours: they lead no unit.</exception>
    public Task<IReadOnlyList<OnOfficial>> OnAsync(string login, Person by, CancellationToken cancel = default) =>
        !Leads(by) ? throw new ConflictException("post-not-yours")
        : store.ReadAsync(async c => Read(await c.QueryAsync<HeldRow>(Held, new { unit = by.Unit, login, now = Time.Write(clock.GetUtcNow()) })), cancel);

    /// <summary>A leader moves all that is on an official of the unit to another, at once: open tasks, what is delegated to them or asked of them by name, whom they stand in for. What the other declared an interest in goes back to the unit, or is asked no longer.</summary>
    /// <param name="seen">The ids of what the leader was shown; null where they do not mind what came since.</param>
    /// <returns>How many were moved.</returns>
    /// <exception cref="ConflictException">post-not-yours, not-colleague, reason-missing; post-empty: nothing is on them; post-changed: it is not what was shown.</exception>
    public async Task<int> HandPostOverAsync(string from, string? to, string? reason, IReadOnlyList<string>? seen, Person by, CancellationToken cancel = default)
    {
        var why = Reason.Of(reason);
        if (!Leads(by))
            throw new ConflictException("post-not-yours");
        var unit = by.Unit!;
        if (to is null || to == from || !(await accounts.OfUnitAsync(unit, cancel)).Any(p => p.Login == to && Policy.MayWork(p, unit)))
            throw new ConflictException("not-colleague");
        var count = 0;
        await ActAsync(async change =>
        {
            var args = new { unit, login = from, to, now = change.Stamp };
            // The cases are held in the order of their ids, so that nobody waits for another in a circle.
            var cases = (await change.QueryAsync<Case>($"""
                SELECT {Case.Columns} FROM work_case WHERE id IN (SELECT t.case_id FROM work_task t WHERE t.unit = @unit AND t.assignee = @login AND t.state = 'open'
                  UNION SELECT o.case_id FROM work_ask_of o WHERE o.unit = @unit AND o.login = @login AND o.state = 'waiting') ORDER BY id{change.ForUpdate}
                """, args)).ToDictionary(c => c.Id);
            var held = Read(await change.QueryAsync<HeldRow>(Held, args));
            if (held.Count == 0)
                throw new ConflictException("post-empty");
            if (seen is not null && !seen.ToHashSet().SetEquals(held.Select(h => h.Id)))
                throw new ConflictException("post-changed");
            var recused = (await change.QueryAsync<string>("SELECT case_id FROM work_recusal WHERE login = @to", args)).ToHashSet();
            var tasks = (await change.QueryAsync<WorkTask>($"SELECT {WorkTask.Columns} FROM work_task WHERE unit = @unit AND assignee = @login AND state = 'open' ORDER BY id", args)).ToList();
            foreach (var task in tasks)
            {
                var given = recused.Contains(task.CaseId) ? null : to;
                await GiveAsync(change, task, given, by);
                change.Record(cases[task.CaseId], by, given is null ? "task.taken-away" : "task.assigned", new { task = task.Node, from, to = given, post = true });
            }
            var asks = await AsksAsync(change, "a.id IN (SELECT o.ask_id FROM work_ask_of o WHERE o.unit = @unit AND o.login = @login AND o.state = 'waiting')", args);
            foreach (var (ask, one) in asks.SelectMany(a => a.Of.Where(o => o.Unit == unit && o.Login == from && o.State == "waiting").Select(o => (a, o))))
            {
                if (recused.Contains(ask.CaseId) || ask.ByLogin == to || ask.Of.Any(o => o.Login == to && o.State != "dropped"))
                    await EndAsync(change, one, ask.Kind == "delegate" ? "returned" : "dropped", by);
                else
                    await change.ExecuteAsync("UPDATE work_ask_of SET login = @to WHERE id = @Id", new { one.Id, to });
                change.Record(cases[ask.CaseId], by, "ask.handed-over", new { ask = ask.Id, from, to });
            }
            await change.ExecuteAsync("UPDATE work_absence SET substitute = @to WHERE unit = @unit AND substitute = @login AND login <> @to AND ends > @now", args);
            count = held.Count;
            await change.RecordOfAsync(by, "post.handed-over", from, JsonSerializer.Serialize(new { unit, to, count, reason = why }, Json.Plain));
        }, cancel);
        return count;
    }

    private static bool Leads(Person by) => by.Unit is { } unit && by.May("post.hand-over", new Thing(unit));

    private static IReadOnlyList<OnOfficial> Read(IEnumerable<HeldRow> rows) => [.. rows.Select(r => new OnOfficial(r.Kind, r.Id, r.Name, r.Number, r.Title))];
}
