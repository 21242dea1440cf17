namespace Guantong.Work;

/// <summary>SQL of what is asked of an official, as lines of their task list.</summary>
internal static class AskLines
{
    public const string Columns = """
        SELECT coalesce(t.id, '') AS Id, coalesce(t.name, c.title) AS Name, o.unit AS Unit, CASE WHEN o.signed_by IS NULL THEN 'open' ELSE 'done' END AS State, o.login AS Assignee,
               a.asked AS Opened, coalesce(a.due, t.due) AS Due, o.ended AS Ended, c.id AS CaseId, c.number AS Number, c.title AS Title, c.region AS Region, c.pack AS Pack, c.matter AS Matter,
               o.kind AS Kind, a.id AS Ask, a.by_login AS AskedBy, a.words AS Words, NULL AS Term, NULL AS Stopped, a.asked AS CaseOpened, NULL AS CaseTerm, 0 AS StandsIn
        """;

    // What waits for somebody, but what is overdue: a unit may have many thousands of that, and only its leaders find it in their list.
    private const string Waits = """
        o.state = 'waiting' AND o.unit = @myUnit AND coalesce(o.login, @me) = @me AND coalesce(t.state, 'open') = 'open'
            AND (o.kind <> 'urge' OR (o.seen IS NULL AND coalesce(t.assignee, @me) = @me))
            AND (o.kind NOT IN ('countersign', 'opinion') OR a.due > @now OR (a.silence = 'remind' AND a.reminded IS NULL))
            AND (a.in_turn = 0 OR NOT EXISTS (SELECT 1 FROM work_ask_of e WHERE e.ask_id = o.ask_id AND e.state = 'waiting' AND e.place < o.place))
        """;

    /// <summary>What waits for <c>@me</c> of <c>@myUnit</c> at <c>@now</c>, or was answered by them. A unit's hand-over is the task itself. What is past its deadline is answered by silence, unless those who were silent are still to be reminded.</summary>
    /// <param name="state">open or done; null for both.</param>
    /// <param name="leads">Whether they act on what is overdue in their unit.</param>
    public static string From(string? state, bool leads)
    {
        var overdue = leads ? "(o.kind <> 'escalation' OR (c.ended IS NULL AND c.stopped IS NULL AND coalesce(t.due, c.due) < @now))" : "o.kind <> 'escalation'";
        // Said as it is, not as a parameter: an index holds what waits without what is overdue.
        var which = (state != "done" ? [$"({Waits} AND {overdue})"] : (string[])[]).Concat(state != "open" ? ["o.signed_by = @me"] : []);
        return $"""
            FROM work_ask_of o JOIN work_ask a ON a.id = o.ask_id JOIN work_case c ON c.id = o.case_id LEFT JOIN work_task t ON t.id = o.task_id
            WHERE o.kind <> 'hand-over' AND ({string.Join(" OR ", which)})
            """;
    }
}
