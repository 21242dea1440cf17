namespace Guantong.Work;

/// <summary>Whether and until when a case's result may be contested here.</summary>
/// <param name="Organ">Id of the unit that reviews.</param>
/// <param name="Since">From which moment the term counts: the last service, else the case's end.</param>
/// <param name="Until">When it is over.</param>
/// <param name="IsOver">Whether it is over now: then an excuse is needed.</param>
public sealed record AppealTerm(string Organ, string Since, string Until, bool IsOver);

/// <summary>An application for administrative reconsideration (行政复议申请) against what a case came to.</summary>
/// <param name="Number">The case's.</param>
/// <param name="Unit">Id of the organ that reviews.</param>
/// <param name="State">filed: it is looked into whether it is taken; accepted: under review; refused: not taken; decided; withdrawn.</param>
/// <param name="Result">Of one that is decided: upheld (维持), changed (变更), revoked (撤销) or ordered (责令履行).</param>
/// <param name="IsLate">Whether it came beyond the term, with an excuse.</param>
/// <param name="Due">Until when the organ is waited for.</param>
public sealed record CaseAppeal(string Number, string Title, string Pack, string Matter, string Region, string Unit, string State, string? Result, bool IsLate, string Since, string Until, string? Due, string Filed, string? Ended, IReadOnlyList<AppealStep> Steps);

/// <summary>A step of it: what was done, by which unit (null: the applicant), and what was said.</summary>
/// <param name="What">filed, excused, accepted, refused, upheld, changed, revoked, ordered or withdrawn.</param>
public sealed record AppealStep(string At, string What, string? Unit, string? Words);
