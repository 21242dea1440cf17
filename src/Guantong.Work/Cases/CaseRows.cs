using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Row rights as they hold of cases and of what belongs to them.</summary>
internal static class CaseRows
{
    /// <summary>SQL to append: the case under this name is one that they see. It lies in their region, or their unit has or had a task in it.</summary>
    public static string OfCase(this RowRights rights, string row) =>
        rights.And($"{row}.region", $"EXISTS (SELECT 1 FROM work_task rt WHERE rt.case_id = {row}.id AND rt.unit = @rowUnit)");

    /// <summary>SQL to append: the message <c>m</c> is for, from or taken by a case that they see. One that touches no case belongs to nobody's region: those see it who see everything.</summary>
    public static string OfMessage(this RowRights rights) => rights.OfCase("rc") is { Length: > 0 } seen ? $"""
         AND EXISTS (SELECT 1 FROM work_case rc WHERE (rc.id = m.case_id OR rc.number = m.taken_by OR rc.number = CASE WHEN m.sender LIKE 'case:%' THEN substr(m.sender, 6) END){seen})
        """ : "";
}
