using System.Text.Json;

namespace Guantong.Work;

/// <summary>Whether an application is taken up (受理): how that stands.</summary>
/// <param name="Unit">Whose officials answer.</param>
/// <param name="State">received: an answer is due; supplement: the applicant is to add something; accepted; rejected (不予受理); redirected: another organ is competent; withdrawn by the applicant.</param>
/// <param name="Received">When it came in, or was complete.</param>
/// <param name="Due">Until when it is answered; then it counts as accepted.</param>
/// <param name="Asked">1 once supplementing was asked for: that is done once, for all of it.</param>
/// <param name="Missing">JSON of <see cref="Missed"/>.</param>
/// <param name="SupplementDue">Until when the applicant supplements.</param>
/// <param name="Reason">What was said to the applicant.</param>
/// <param name="Toward">Of what was redirected: where they are to turn to.</param>
/// <param name="AnsweredBy">A login, or process where nobody answered in time. No applicant is told it.</param>
public sealed record Acceptance(string CaseId, string Unit, string State, string Received, string Due, long Asked, string? Missing, string? SupplementDue, string? Ground, string? Reason, string? Toward, string? Answered, string? AnsweredBy, long Version)
{
    internal const string Columns = "case_id AS CaseId, unit AS Unit, state AS State, received AS Received, due AS Due, asked AS Asked, missing AS Missing, supplement_due AS SupplementDue, ground AS Ground, reason AS Reason, toward AS Toward, answered AS Answered, answered_by AS AnsweredBy, version AS Version";

    /// <summary>What the applicant is to supplement.</summary>
    public Missed Wanted => Missing is { } missing ? JsonSerializer.Deserialize<Missed>(missing, Json.Plain)! : new Missed([], []);
}

/// <summary>What an application lacks: fields of its form that are to be filled in anew, and materials by their ids.</summary>
public sealed record Missed(IReadOnlyList<string> Fields, IReadOnlyList<string> Materials);
