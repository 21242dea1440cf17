using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Row rights as they hold of cases and of what belongs to them.</summary>
internal static class CaseRows
{
    /// <summary>SQL for a case and its parts. Asked with OR instead, PostgreSQL would read every task there is.</summary>
    /// <param name="id">The name of the parameter that holds the case's id.</param>
    public static string WithParts(string id) => $"(SELECT CAST({id} AS TEXT) UNION ALL SELECT p.id FROM work_case p WHERE p.joint = {id})";

    /// <summary>The unit that finished the last of a case's tasks, or of its parts'; null where none was finished.</summary>
    public static Task<string?> LastUnitAsync(Change change, Case row) =>
        change.FindAsync<string>($"SELECT unit FROM work_task WHERE case_id IN {WithParts("@Id")} AND state = 'done' ORDER BY ended DESC, id DESC LIMIT 1", new { row.Id });

    /// <summary>SQL to append: the case under this name is one that they see. It lies in their region, or their unit has or had a task in it; for reading it, also while something about an open task of it is asked of them.</summary>
    public static string OfCase(this RowRights rights, string row) => rights.And($"{row}.region", $"""
        (EXISTS (SELECT 1 FROM work_task rt WHERE rt.case_id = {row}.id AND rt.unit = @rowUnit)
         OR EXISTS (SELECT 1 FROM work_ask_of ro JOIN work_ask ra ON ra.id = ro.ask_id LEFT JOIN work_task rk ON rk.id = ro.task_id WHERE ro.case_id = {row}.id AND ro.state <> 'withdrawn'
          AND ((ro.kind = 'hand-over' AND @rowUnit IN (ro.unit, ra.by_unit)){(rights.Act is "case.read" or "task.read" ? AskedOfThem : "")})))
        """);

    private const string AskedOfThem = " OR (ro.kind <> 'hand-over' AND ro.unit = @rowUnit AND coalesce(ro.login, @rowLogin) = @rowLogin AND ro.state <> 'dropped' AND (rk.state = 'open' OR (ro.kind = 'escalation' AND ro.state = 'waiting')))";

    /// <summary>SQL to append: the message <c>m</c> is for, from or taken by a case that they see. One that touches no case belongs to nobody's region: those see it who see everything.</summary>
    public static string OfMessage(this RowRights rights) => rights.OfCase("rc") is { Length: > 0 } seen ? $"""
         AND EXISTS (SELECT 1 FROM work_case rc WHERE (rc.id = m.case_id OR rc.number = m.taken_by OR rc.number = CASE WHEN m.sender LIKE 'case:%' THEN substr(m.sender, 6) END){seen})
        """ : "";

    /// <summary>A case (case:NUMBER) as policy looks at it, once for each unit with a task in it; or the one task (task:ID). Null where it is neither, or not seen.</summary>
    public static async Task<IReadOnlyList<Thing>?> FindAsync(Store store, string about, RowRights rights, CancellationToken cancel)
    {
        if (about.Split(':', 2) is not ["case" or "task", var id])
            return null;
        var which = about[0] == 'c' ? "c.number = @id" : "t.id = @id";
        var found = await store.ReadAsync(c => c.QueryAsync<(string Region, string? Unit)>($"SELECT DISTINCT c.region, t.unit FROM work_case c LEFT JOIN work_task t ON t.case_id = c.id WHERE {which}{rights.OfCase("c")} ORDER BY 2", rights.With(new { id })), cancel);
        return [.. found.Select(f => new Thing(f.Unit, f.Region))];
    }
}
