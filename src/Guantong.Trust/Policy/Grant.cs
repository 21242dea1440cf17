using System.Collections.Frozen;

namespace Guantong.Trust;

/// <summary>A role as declared.</summary>
public sealed record Role(string Id, string Zh, string En)
{
    /// <summary>Its name in a reader's language.</summary>
    public string Say(string lang) => lang != Lang.Zh ? En : Zh;
}

/// <summary>Something that somebody may do.</summary>
/// <param name="Grants">One that holds is enough.</param>
/// <param name="IsDangerous">It changes the platform itself or other people's work.</param>
public sealed record Act(string Id, string Zh, string En, IReadOnlyList<Grant> Grants, bool IsDangerous)
{
    /// <summary>Roles of which another person has to agree first; none where one person is enough.</summary>
    public IReadOnlyList<string> FourEyes { get; init; } = [];

    /// <summary>What it is called in a reader's language.</summary>
    public string Say(string lang) => lang != Lang.Zh ? En : Zh;
}

/// <summary>A role that may be had for a time (临时提权).</summary>
/// <param name="Who">Whoever holds one of these for good may ask.</param>
/// <param name="Longest">For so long at most.</param>
/// <param name="FourEyes">Roles of which another person has to agree.</param>
public sealed record ElevationRule(string Role, IReadOnlyList<string> Who, TimeSpan Longest, IReadOnlyList<string> FourEyes);

/// <summary>Roles that are confirmed anew (定期复核) after a time, by whom.</summary>
/// <param name="By">One that holds for the unit concerned is enough.</param>
public sealed record RecertifyRule(IReadOnlyList<string> Roles, TimeSpan Every, IReadOnlyList<Grant> By);

/// <summary>When roles are confirmed anew.</summary>
/// <param name="Grace">How long a role still counts after it is due.</param>
public sealed record RecertifyRules(TimeSpan Grace, IReadOnlyList<RecertifyRule> Rules)
{
    /// <summary>The rule of a role, or null where it is never confirmed anew.</summary>
    public RecertifyRule? Of(string role) => Rules.FirstOrDefault(r => r.Roles.Contains(role));

    /// <summary>When a role that was confirmed last at a time stops counting; never where it has no rule.</summary>
    public DateTimeOffset EndOf(string role, DateTimeOffset confirmed) => Of(role) is { } rule ? confirmed + rule.Every + Grace : DateTimeOffset.MaxValue;
}

/// <summary>Roles that may do an act, and on what conditions; all of them hold together.</summary>
/// <param name="Roles">A bit for each role (<see cref="PolicyBook.Bit"/>).</param>
/// <param name="OwnUnit">What it is done to belongs to the asker's unit.</param>
/// <param name="WithinRegion">It lies in the asker's region or below.</param>
/// <param name="OwnLine">It belongs to the line of business of the asker's unit.</param>
/// <param name="MostGrade">It is graded no higher.</param>
/// <param name="Purposes">Accepted purposes; any that is stated when empty; not asked for when null.</param>
/// <param name="Matters">Accepted matters, likewise.</param>
/// <param name="Hours">From and until, by the jurisdiction's clock; over midnight when until is earlier.</param>
public sealed record Grant(ulong Roles, bool OwnUnit = false, bool WithinRegion = false, bool OwnLine = false, int? MostGrade = null,
    FrozenSet<string>? Purposes = null, FrozenSet<string>? Matters = null, (TimeOnly From, TimeOnly Until)? Hours = null)
{
    /// <summary>Whether it depends on more than the role.</summary>
    public bool IsConditional => OwnUnit || WithinRegion || OwnLine || MostGrade is not null || Purposes is not null || Matters is not null || Hours is not null;

    /// <summary>The first condition that an asking does not meet. At the door, the hours alone.</summary>
    /// <param name="land">Whose regions, units and clock count; without it, a region lies within itself alone, no line is anybody's own and the clock is UTC.</param>
    public Obstacle Fails(in Asking asking, Jurisdiction? land)
    {
        if (Hours is var (from, until) && asking.At is { } at && !TimeOnly.FromTimeSpan(at.ToOffset(land?.Offset ?? TimeSpan.Zero).TimeOfDay).IsBetween(from, until))
            return Obstacle.Hours;
        if (asking.About is not { } thing)
            return Obstacle.None;
        if (OwnUnit && (thing.Unit is null || thing.Unit != asking.Who?.Unit))
            return Obstacle.Unit;
        if (WithinRegion && !IsWithin(thing.Region, asking.Who?.Region, land))
            return Obstacle.Region;
        if (OwnLine && (thing.Line is null || thing.Line != land?.Units.Find(asking.Who?.Unit)?.Line))
            return Obstacle.Line;
        if (MostGrade is { } most && !(thing.Grade <= most))
            return Obstacle.Grade;
        if (!IsAmong(Purposes, asking.Purpose))
            return Obstacle.Purpose;
        return IsAmong(Matters, asking.Matter) ? Obstacle.None : Obstacle.Matter;
    }

    private static bool IsWithin(string? inner, string? outer, Jurisdiction? land) =>
        !string.IsNullOrEmpty(inner) && !string.IsNullOrEmpty(outer) && (inner == outer || outer == Policy.Everywhere || land?.Regions.Within(inner, outer) == true);

    private static bool IsAmong(FrozenSet<string>? accepted, string? given) =>
        accepted is null || (!string.IsNullOrWhiteSpace(given) && (accepted.Count == 0 || accepted.Contains(given)));
}
