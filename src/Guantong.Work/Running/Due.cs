using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A piece of work that is due: a job, a timer that goes off, a message that a case waits for.</summary>
/// <param name="Kind">job, timer or message.</param>
/// <param name="Token">The token of a job, the subscription of a timer or message.</param>
internal sealed record DueWork(string Kind, string Id, string CaseId, string Node, string Token, long Attempts);

/// <summary>Finds what is due: a case that is suspended, or merged into another, waits. Where many cases have something due, they come in its order; within a case the longest due comes first, whatever its kind.</summary>
internal static class Due
{
    // What a call tells is heard in the order in which it was told.
    private const string Jobs = """
        SELECT 'job' AS kind, j.id, j.case_id, j.node, j.token, j.attempts, j.due FROM work_job j WHERE j.state = 'ready' AND j.due <= @Stamp
        AND (j.service NOT LIKE 'call.%' OR NOT EXISTS (
          SELECT 1 FROM work_job e WHERE e.case_id = j.case_id AND e.token = j.token AND e.id < j.id AND e.service LIKE 'call.%' AND e.state IN ('ready', 'failed')))
        """;
    private const string Timers = "SELECT 'timer' AS kind, t.id, t.case_id, t.node, t.wait AS token, t.attempts, t.due FROM work_timer t WHERE t.state = 'ready' AND t.due <= @Stamp";
    private const string Mail = $"""
        SELECT 'message' AS kind, m.id, s.case_id, s.node, s.wait AS token, m.attempts, m.due FROM work_message m JOIN work_wait s ON {Messages.Fits}
        WHERE m.state = 'ready' AND m.due <= @Stamp AND m.expires > @Stamp
        """;

    /// <summary>Holds the case for which work of a kind (job, message or timer) has been due longest, of those that no other node holds; null when there is none.</summary>
    public static Task<Case?> HoldAsync(Change change, string kind) => change.FindAsync<Case>($"""
        SELECT {CaseColumns} FROM ({kind switch { "job" => Jobs, "timer" => Timers, _ => Mail }}) w JOIN work_case c ON c.id = w.case_id
        WHERE c.suspended IS NULL AND c.state <> 'merged' ORDER BY w.due, w.id LIMIT 1{change.SkipLockedOf("c")}
        """, new { change.Stamp });

    /// <summary>What has been due longest for a held case, held too; null when there is nothing, or what there is goes to another case at this moment.</summary>
    public static async Task<DueWork?> FirstAsync(Change change, string caseId)
    {
        var work = await change.FindAsync<DueWork>($"""
            SELECT w.kind AS Kind, w.id AS Id, w.case_id AS CaseId, w.node AS Node, w.token AS Token, w.attempts AS Attempts FROM (
              {Jobs} AND j.case_id = @caseId UNION ALL {Timers} AND t.case_id = @caseId UNION ALL {Mail} AND s.case_id = @caseId) w
            ORDER BY w.due, w.id, w.token LIMIT 1
            """, new { change.Stamp, caseId });
        // Jobs and timers are held with their case; a message may fit another's wait as well.
        return work is not { Kind: "message" } || await change.FindAsync<string>($"SELECT id FROM work_message WHERE id = @Id AND state = 'ready'{change.SkipLocked}", new { work.Id }) is not null ? work : null;
    }

    private static readonly string CaseColumns = string.Join(", ", Case.Columns.Split(',').Select(c => "c." + c.Trim()));
}
