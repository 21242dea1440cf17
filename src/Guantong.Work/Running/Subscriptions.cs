using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What cases wait for, as rows that are written and removed in the transaction of the step that changes it.</summary>
internal static class Subscriptions
{
    /// <summary>Brings the rows of a case from what it waited for before a step to what it waits for after.</summary>
    public static void Keep(Change change, string caseId, ProcessState before, ProcessState after)
    {
        var gone = before.Subscriptions.ToDictionary(s => s.Wait.Id, s => s.Wait);
        foreach (var (_, wait) in after.Subscriptions)
        {
            if (gone.Remove(wait.Id, out var was) && was.Due == wait.Due)
                continue;
            if (wait.Due is { } due)
                Set(change, caseId, wait, due);
            else if (wait.Kind is EventKind.Message or EventKind.Signal)
                change.Later("INSERT INTO work_wait (case_id, wait, node, kind, name, ref, key) VALUES (@caseId, @Id, @Node, @kind, @name, @RefId, @Key)",
                    new { caseId, wait.Id, wait.Node, kind = Word(wait.Kind), name = wait.Name ?? wait.RefId ?? "", wait.RefId, wait.Key });
        }
        foreach (var id in gone.Keys)
        {
            change.Later("DELETE FROM work_timer WHERE case_id = @caseId AND wait = @id", new { caseId, id });
            change.Later("DELETE FROM work_wait WHERE case_id = @caseId AND wait = @id", new { caseId, id });
        }
    }

    /// <summary>How rows call what is waited for.</summary>
    public static string Word(EventKind kind) => kind == EventKind.Signal ? "signal" : "message";

    /// <summary>A timer's time as the store keeps it: whole milliseconds, rounded up, so that a row is never due before its timer is.</summary>
    public static string Stamp(DateTimeOffset due) => Time.Write(due.Ticks < DateTimeOffset.MaxValue.Ticks - TimeSpan.TicksPerMillisecond ? due.AddTicks(TimeSpan.TicksPerMillisecond - 1) : due);

    private static void Set(Change change, string caseId, Wait wait, DateTimeOffset due) => change.Later("""
        INSERT INTO work_timer (id, case_id, wait, node, state, attempts, due) VALUES (@id, @caseId, @wait, @Node, 'ready', 0, @due)
        ON CONFLICT (case_id, wait) DO UPDATE SET due = excluded.due, state = 'ready', attempts = 0, error = NULL
        """, new { id = $"{caseId}:{wait.Id}", caseId, wait = wait.Id, wait.Node, due = Stamp(due) });
}
