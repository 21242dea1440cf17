using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Brings what is overdue before the leaders of the units that have it (超期升级); and, where the matter declares how long they have, opens a supervision when they have not acted.</summary>
/// <remarks>Any number of nodes may run it over one store: the case is held, and what escalated is marked in the same change. What the clock does not count against anybody does not escalate.</remarks>
public sealed class Escalations(PackRegistry packs, Steps steps)
{
    private static readonly string CaseColumns = string.Join(", ", Case.Columns.Split(',').Select(c => "c." + c.Trim()));

    // A part of a case goes by the case's clock, and a task without a term of its own by its case's.
    private const string RedTask = "FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE t.state = 'open' AND t.escalated IS NULL AND t.due < @Stamp AND t.term IS NOT NULL AND c.ended IS NULL AND c.stopped IS NULL";
    // Asked as a value: PostgreSQL hashed all open tasks for each EXISTS of an OR, to find the one case that is first.
    private const string RedCase = """
        FROM work_case c WHERE c.ended IS NULL AND c.escalated IS NULL AND c.due < @Stamp AND c.called IS NULL AND c.stopped IS NULL
          AND ((SELECT 1 FROM work_task t WHERE t.case_id = c.id AND t.state = 'open' LIMIT 1) IS NOT NULL OR (SELECT 1 FROM work_case p WHERE p.parent = c.id AND p.called IS NOT NULL AND p.ended IS NULL LIMIT 1) IS NOT NULL)
        """;
    private const string Further = """
        FROM work_ask a JOIN work_case c ON c.id = a.case_id LEFT JOIN work_task t ON t.id = a.task_id
        WHERE a.kind = 'escalation' AND a.reminded IS NULL AND a.due < @Stamp AND c.ended IS NULL AND c.stopped IS NULL AND coalesce(t.state, 'open') = 'open' AND coalesce(t.due, c.due) < @Stamp
        """;

    /// <summary>Escalates what has been overdue longest, of what no other node holds.</summary>
    /// <returns>Null where there is nothing; false where another did it meanwhile.</returns>
    public async Task<bool?> NextAsync(Change change)
    {
        if (await HoldAsync(change, $"{RedTask} ORDER BY t.due, t.id") is { } held)
            return await TasksAsync(change, held);
        if (await HoldAsync(change, $"{RedCase} ORDER BY c.due, c.id") is { } whole)
            return await CaseAsync(change, whole);
        return await HoldAsync(change, $"{Further} ORDER BY a.due, a.id") is { } row ? await FurtherAsync(change, row) : null;
    }

    /// <summary>Ends what brought something before leaders, as over: it is done, and no list has to go through it any more.</summary>
    /// <param name="which">SQL: which of <c>work_ask_of</c>; with <c>@Stamp</c> in its arguments.</param>
    internal static void Over(Change change, string which, object args) =>
        change.Later($"UPDATE work_ask_of SET state = 'over', ended = @Stamp, ended_by = 'process' WHERE {which} AND kind = 'escalation' AND state = 'waiting'", args);

    private static Task<Case?> HoldAsync(Change change, string from) => change.FindAsync<Case>($"SELECT {CaseColumns} {from} LIMIT 1{change.SkipLockedOf("c")}", new { change.Stamp });

    private async Task<bool?> TasksAsync(Change change, Case row)
    {
        var args = new { row.Id, change.Stamp };
        var columns = string.Join(", ", WorkTask.Columns.Split(',').Select(c => "t." + c.Trim()));
        var red = (await change.QueryAsync<WorkTask>($"SELECT {columns} {RedTask} AND c.id = @Id ORDER BY t.due, t.id", args)).ToList();
        foreach (var task in red)
        {
            await change.ExecuteAsync("UPDATE work_task SET escalated = @Stamp WHERE id = @Id", new { task.Id, change.Stamp });
            await AskAsync(change, row, task.Id, [task.Unit]);
            change.Record(row, "process", "task.escalated", new { task = task.Node, task.Due, unit = task.Unit });
        }
        return red.Count > 0;
    }

    private async Task<bool?> CaseAsync(Change change, Case row)
    {
        if (await change.ExecuteAsync($"UPDATE work_case SET escalated = @Stamp WHERE id = @Id AND escalated IS NULL AND ended IS NULL AND stopped IS NULL AND due < @Stamp", new { row.Id, change.Stamp }) == 0)
            return false;
        var units = await Clocks.UnitsAsync(change, row);
        if (units.Count > 0)
            await AskAsync(change, row, null, units);
        change.Record(row, "process", "case.escalated", new { row.Due, units });
        return true;
    }

    private async Task AskAsync(Change change, Case row, string? taskId, IEnumerable<string> units)
    {
        var matter = (await packs.AtAsync(row.Pack, row.Revision)).Matter(row.Matter);
        var ask = new Ask(TaskHandling.NewId(change), "escalation", row.Id, taskId, "process", "", "", change.Stamp, steps.DueOf(change.At, matter?.Escalate, row.Region), null, false, null, null);
        TaskHandling.Insert(change, ask);
        TaskHandling.Insert(change, ask, units.Select(u => new Addressee(u)));
        // What is done, or over, goes no further.
        change.Later("""
            UPDATE work_ask SET reminded = @Stamp WHERE kind = 'escalation' AND reminded IS NULL AND due < @Stamp
            AND (EXISTS (SELECT 1 FROM work_task t WHERE t.id = work_ask.task_id AND t.state <> 'open') OR EXISTS (SELECT 1 FROM work_case c WHERE c.id = work_ask.case_id AND c.ended IS NOT NULL))
            """, new { change.Stamp });
    }

    // The units whose leaders have not acted are supervised from now on, with as much time again to answer.
    private async Task<bool?> FurtherAsync(Change change, Case row)
    {
        var matter = (await packs.AtAsync(row.Pack, row.Revision)).Matter(row.Matter);
        var due = steps.DueOf(change.At, matter?.Escalate ?? "P1D", row.Region)!;
        var asks = (await TaskHandling.AsksAsync(change, $"a.id IN (SELECT a.id {Further} AND c.id = @Id)", new { row.Id, change.Stamp })).ToList();
        var units = asks.SelectMany(a => a.Of).Where(o => o.State == "waiting").Select(o => o.Unit).Distinct().ToList();
        foreach (var ask in asks)
            await change.ExecuteAsync("UPDATE work_ask SET reminded = @Stamp WHERE id = @Id", new { ask.Id, change.Stamp });
        foreach (var unit in units)
            Supervisions.OpenFor(change, row, unit, due);
        return units.Count > 0;
    }
}
