using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A unit is held to something about a case by a deadline (督办), and answers until whoever supervises accepts.</summary>
/// <param name="Number">Of the case; Title and Region likewise.</param>
/// <param name="Unit">The unit that is supervised.</param>
/// <param name="ByLogin">Who opened it; process where the platform did, of an escalation that nobody acted on.</param>
/// <param name="ByUnit">Whose supervision it is; empty where it is that of whoever may supervise the case.</param>
/// <param name="Demand">What is demanded; empty where the platform opened it.</param>
/// <param name="State">open, answered, closed or withdrawn.</param>
/// <param name="Due">Until when the unit has to answer (ISO 8601, UTC).</param>
public sealed record Supervision(string Id, string CaseId, string Number, string Title, string Region, string Unit, string ByLogin, string ByUnit, string Demand, string Reason, string State, string Opened, string Due, string? Ended, long Version)
{
    internal const string Columns = """
        s.id AS Id, s.case_id AS CaseId, c.number AS Number, c.title AS Title, c.region AS Region, s.unit AS Unit, s.by_login AS ByLogin, s.by_unit AS ByUnit,
        s.demand AS Demand, s.reason AS Reason, s.state AS State, s.opened AS Opened, s.due AS Due, s.ended AS Ended, s.version AS Version
        """;

    internal const string From = "FROM work_supervision s JOIN work_case c ON c.id = s.case_id";

    /// <summary>What was said, in order.</summary>
    public IReadOnlyList<SupervisionLine> Lines { get; init; } = [];

    /// <summary>Whether it is over.</summary>
    public bool IsOver => State is "closed" or "withdrawn";

    /// <summary>Whether the unit has not answered in time. Nothing is written when a deadline passes.</summary>
    public bool IsOverdue(DateTimeOffset at) => State == "open" && Time.Read(Due) < at;

    /// <summary>Whether the platform opened it by itself.</summary>
    public bool IsByPlatform => ByUnit.Length == 0;
}

/// <summary>One line of a supervision.</summary>
/// <param name="What">answered, sent-back, accepted or withdrawn.</param>
/// <param name="Due">Of sent-back: until when now.</param>
public sealed record SupervisionLine(string SupervisionId, long Seq, string At, string What, string ByLogin, string Unit, string Words, string? Due)
{
    internal const string Columns = "l.supervision_id AS SupervisionId, l.seq AS Seq, l.at AS At, l.what AS What, l.by_login AS ByLogin, l.unit AS Unit, l.words AS Words, l.due AS Due";
}
