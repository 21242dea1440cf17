namespace Guantong.Work;

/// <summary>That somebody read or used what concerns a person or organisation, as they are told of it.</summary>
/// <param name="Seq">The ledger entry's number: what one asks about, and what an auditor finds it by.</param>
/// <param name="Kind">read, used, automatic (the platform by itself) or account.</param>
/// <param name="Action">What the ledger calls it.</param>
/// <param name="What">The same in words.</param>
/// <param name="Who">The unit; or the agent, the platform's own service, a machine.</param>
/// <param name="Post">The official's post there, where one is on record. Never their name: the unit answers for it, and the entry's number leads an auditor to them.</param>
/// <param name="Case">The case's number, or null.</param>
/// <param name="Matter">Its matter.</param>
/// <param name="Purpose">What for: the step of the matter, or what was done to the account.</param>
/// <param name="Fields">The names of the fields, never what they held.</param>
public sealed record Read(long Seq, string At, string Kind, string Action, string What, string Who, string? Post, string? Case, string? Matter, string Purpose, IReadOnlyList<string> Fields);

/// <summary>A page of them, the newest first.</summary>
/// <param name="Next">What to give as <c>before</c> for the page after; null at the end.</param>
public sealed record ReadPage(IReadOnlyList<Read> Items, long? Next);

/// <summary>What of them is looked for.</summary>
/// <param name="From">First day by the jurisdiction's clock, or null.</param>
/// <param name="To">Last day, or null.</param>
/// <param name="Before">Only entries older than this one: however long the ledger is, a page costs the same.</param>
public sealed record ReadQuery(DateOnly? From = null, DateOnly? To = null, long Before = long.MaxValue);
