namespace Guantong.Work;

/// <summary>A time for which a case's clock was stopped (中止计时).</summary>
/// <param name="Ground">One of the grounds that the jurisdiction declares.</param>
/// <param name="Reason">What the official said of it; the applicant reads it.</param>
/// <param name="StoppedBy">Who stopped it.</param>
/// <param name="Unit">For which unit they did.</param>
/// <param name="Resumed">When it went on; null while it stands.</param>
/// <param name="ResumedBy">Who resumed it, or process where the case ended meanwhile.</param>
/// <param name="Suspends">1 where the whole case was suspended with it (中止办理), else 0.</param>
public sealed record Pause(string Id, string CaseId, string Ground, string Reason, string Since, string StoppedBy, string? Unit, string? Resumed, string? ResumedBy, long Suspends)
{
    internal const string Columns = "id AS Id, case_id AS CaseId, ground AS Ground, reason AS Reason, since AS Since, stopped_by AS StoppedBy, unit AS Unit, resumed AS Resumed, resumed_by AS ResumedBy, suspends AS Suspends";
}
