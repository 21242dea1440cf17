namespace Guantong.Trust;

/// <summary>Someone who signs in: an official, a citizen or an enterprise's agent.</summary>
/// <param name="Kind">official, citizen or enterprise.</param>
/// <param name="Unit">The official's unit id.</param>
/// <param name="Roles">Roles that policy.yaml declares.</param>
public sealed record Person(string Login, string Name, string NameEn, string Kind, string? Unit, string Region, IReadOnlyList<string> Roles)
{
    /// <summary>Those of the roles that they hold for a time alone.</summary>
    public IReadOnlyList<HeldForATime> Elevated { get; init; } = [];

    /// <summary>The roles that they hold for good.</summary>
    public IEnumerable<string> Lasting() => Elevated.Count == 0 ? Roles : Roles.Where(r => !Elevated.Any(e => e.Role == r));

    /// <summary>Their name in a reader's language.</summary>
    public string Say(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) && NameEn.Length > 0 ? NameEn : Name;

    /// <summary>Whether they have any of some roles.</summary>
    public bool Has(params ReadOnlySpan<string> roles)
    {
        foreach (var role in roles)
        {
            if (Roles.Contains(role))
                return true;
        }
        return false;
    }
}

/// <summary>A role that somebody holds for a time (临时提权).</summary>
/// <param name="Id">The elevation's.</param>
/// <param name="Until">When it is over, ISO 8601.</param>
public sealed record HeldForATime(string Id, string Role, string Until);
