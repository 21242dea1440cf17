namespace Guantong.Data;

/// <summary>A unit's request for data.</summary>
/// <param name="About">PACK/DATASET or interface:ID.</param>
/// <param name="Name">What that is called.</param>
/// <param name="Unit">The unit that asks.</param>
/// <param name="Checks">What the system found when it came in.</param>
/// <param name="State">open, granted, refused or withdrawn.</param>
/// <param name="Due">When the step at hand is to be done; null where none is.</param>
/// <param name="Renews">The grant that it is to follow.</param>
public sealed record ShareRequest(string Id, string About, string Name, string Unit, DateTimeOffset Asked, string By, ShareTerms Terms, IReadOnlyList<ShareCheck> Checks, int Grade,
    string State, DateTimeOffset? Due, DateTimeOffset? Ended, string Reason, string? Renews)
{
    /// <summary>red when overdue, yellow in the last day, else green; null once it is ended.</summary>
    public string? Light(DateTimeOffset now) => State != "open" || Due is not { } due ? null : now >= due ? "red" : due - now < TimeSpan.FromDays(1) ? "yellow" : "green";
}

/// <summary>A step of its approval.</summary>
/// <param name="Kind">source, bureau or security.</param>
/// <param name="Verdict">agreed or refused; null while it is open.</param>
public sealed record ShareStep(int Step, string Kind, string? Unit, DateTimeOffset? Due, DateTimeOffset? Decided, string? By, string? Verdict, string Reason);

/// <summary>A request with its steps and the grant that came of it.</summary>
public sealed record ShareFile(ShareRequest Request, IReadOnlyList<ShareStep> Steps, ShareGrant? Grant);

/// <summary>Which requests are wanted; null for any.</summary>
/// <param name="Mine">Those that wait for the reader.</param>
public sealed record ShareQuery(string? State = null, string? Unit = null, string? About = null, bool Mine = false, int Skip = 0, int Take = 50);

/// <summary>A page of requests.</summary>
public sealed record SharePage(IReadOnlyList<ShareRequest> Items, long Total, int Skip, int Take);
