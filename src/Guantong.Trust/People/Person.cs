namespace Guantong.Trust;

/// <summary>Someone who signs in: an official, a citizen or an enterprise's agent.</summary>
/// <param name="Kind">official, citizen or enterprise.</param>
/// <param name="Unit">The official's unit id.</param>
/// <param name="Roles">designer, steward, case-worker, leader, auditor, citizen, enterprise.</param>
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

/// <summary>The acts that policy knows, and the roles that may do them.</summary>
/// <remarks>Thin for now: by role and unit. Purpose, field and grade come with the policy engine.</remarks>
public static class Policy
{
    /// <summary>The command line on the machine itself, which can reach the stores anyway.</summary>
    public static readonly Person Operator = new("operator", "运维", "Operator", "official", null, "", ["designer", "steward", "auditor", "leader", "operator"]);

    /// <summary>Roles that may apply packs.</summary>
    public static readonly string[] Design = ["designer"];

    /// <summary>Roles that may load rows.</summary>
    public static readonly string[] Load = ["steward"];

    /// <summary>Roles that mend and resume what cannot go on by itself.</summary>
    public static readonly string[] Mend = ["operator"];

    /// <summary>Roles that may take the record of a process's cases away, to study it elsewhere.</summary>
    public static readonly string[] Study = ["auditor", "designer", "leader", "operator"];

    /// <summary>Roles that may read the whole ledger.</summary>
    public static readonly string[] Audit = ["auditor"];

    /// <summary>Roles of officials: they see the catalogue, the cockpit and the packs.</summary>
    public static readonly string[] Officials = ["designer", "steward", "case-worker", "leader", "auditor", "operator", "machine"];

    /// <summary>Whether a person may see a case or dataset row that belongs to a unit's work; officials may, for now.</summary>
    public static bool MayWork(Person person, string unit) => person.Has("case-worker") && person.Unit == unit;
}
