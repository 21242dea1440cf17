namespace Guantong.Trust;

/// <summary>Authority to act for another (授权代办): for which matters, from which day to which. It counts once its agent has accepted it.</summary>
/// <param name="Principal">For whom: <c>person:LOGIN</c> or <c>organisation:CODE</c>.</param>
/// <param name="Agent">Login of who acts.</param>
/// <param name="Matters">pack/matter each.</param>
/// <remarks>民法典 §§161–173: agency by mandate names its matters and its term, and ends when either side gives it up.</remarks>
public sealed record Authority(string Id, string Principal, string Agent, IReadOnlyList<string> Matters, string From, string To, string GivenBy, string Given, string? Accepted, string? Ended)
{
    /// <summary>The longest term.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>offered, in-force, coming, over or ended.</summary>
    public string StateOn(DateOnly day) =>
        Ended is not null ? "ended" : !Days.Holds("", To, day) ? "over" : Accepted is null ? "offered" : Days.Holds(From, null, day) ? "in-force" : "coming";

    /// <summary>Whether its agent may act in a matter on a day.</summary>
    public bool Covers(string matter, DateOnly day) => StateOn(day) == "in-force" && Matters.Contains(matter);
}

/// <summary>For whom somebody may act in a matter.</summary>
/// <param name="Id">As authority names them: <c>person:LOGIN</c> or <c>organisation:CODE</c>.</param>
/// <param name="Authority">Id of the authority in force; null for oneself and for a legal representative.</param>
public sealed record Principal(string Id, string Name, string? Authority);

/// <summary>As whom somebody acts: for which subject, as which agent (null for oneself), under which authority (null for a legal representative).</summary>
public sealed record Standing(string Subject, string? Agent, string? Authority);
