using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>How a term stands (亮灯): green, yellow, red, or stopped while its clock stands.</summary>
internal static class TermLight
{
    /// <summary>The light of a term.</summary>
    /// <param name="calendar">The calendar of the case's region.</param>
    /// <param name="start">When the term began.</param>
    /// <param name="due">When it ends.</param>
    /// <param name="limit">The limit that it was set by; null where it is not known, then natural time counts.</param>
    /// <remarks>
    /// Red once it is past due. Yellow where what is left is at most a fifth of the term, counted as the limit counts (working time for working days),
    /// or, of a term longer than a working day, less working time than a day has. Green before.
    /// </remarks>
    public static string Of(WorkingCalendar calendar, DateTimeOffset start, DateTimeOffset due, TimeLimit? limit, DateTimeOffset now)
    {
        if (now > due)
            return "red";
        var day = calendar.Hours.Length;
        var left = calendar.WorkedTime(now, due);
        if (left < day && calendar.WorkedTime(start, due) > day)
            return "yellow";
        var (rest, whole) = limit switch
        {
            null => (due - now, due - start),
            { IsWorking: true } => (left, (limit.Days * day) + limit.Time),
            _ => (due - now, calendar.Due(start, limit) - start),
        };
        return rest * 5 <= whole ? "yellow" : "green";
    }

    internal static string? Of(Jurisdiction land, Case row, DateTimeOffset now) =>
        row.State is "open" or "stuck" ? Of(land, row.Region, row.Stopped, row.Opened, row.Due, row.Term, now) : null;

    internal static string? Of(Jurisdiction land, Case row, WorkTask task, DateTimeOffset now) =>
        task.State == "open" ? Of(land, row.Region, row.Stopped, task.Term is null ? row.Opened : task.Opened, task.Due, task.Term ?? row.Term, now) : null;

    internal static string? Of(Jurisdiction land, TaskLine task, DateTimeOffset now) =>
        task.State == "open" ? Of(land, task.Region, task.Stopped, task.Term is null ? task.CaseOpened : task.Opened, task.Due, task.Term ?? task.CaseTerm, now) : null;

    private static string? Of(Jurisdiction land, string region, string? stopped, string start, string? due, string? limit, DateTimeOffset now) =>
        due is null ? null : stopped is not null ? "stopped" : Of(land.Calendars.Of(region), Time.Read(start), Time.Read(due), limit is null ? null : TimeLimit.Of(limit), now);
}
