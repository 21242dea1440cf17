namespace Guantong.Trust;

/// <summary>Someone who signs in: an official, a citizen or an enterprise's agent.</summary>
/// <param name="Kind">official, citizen or enterprise.</param>
/// <param name="Unit">The official's unit id.</param>
/// <param name="Roles">Roles that policy.yaml declares.</param>
public sealed record Person(string Login, string Name, string NameEn, string Kind, string? Unit, string Region, IReadOnlyList<string> Roles)
{
    /// <summary>Their name in a reader's language.</summary>
    public string Say(string lang) => lang.StartsWith("en", StringComparison.OrdinalIgnoreCase) && NameEn.Length > 0 ? NameEn : Name;

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
