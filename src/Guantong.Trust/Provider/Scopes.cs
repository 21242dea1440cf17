using Guantong.Packs;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Guantong.Trust.Provider;

/// <summary>What a client may be allowed: to know who somebody is, and to act in one of their roles.</summary>
public static class Scopes
{
    /// <summary>Unit, region and kind of the account.</summary>
    public const string Unit = "unit";

    /// <summary>Provisioning of accounts over SCIM; for machines alone.</summary>
    public const string Scim = "scim";

    /// <summary>In front of a role's name.</summary>
    public const string RolePrefix = "role:";

    /// <summary>The roles of people, which a client may be given.</summary>
    public static readonly string[] Roles = [.. Policy.Book.Roles.Select(r => r.Id).Where(r => Policy.Book.Fault([r]) is null)];

    /// <summary>Whom the provider's access tokens are meant for: this platform's own API (RFC 9068 §2.2, RFC 8707).</summary>
    public const string Audience = "urn:guantong:api";

    /// <summary>All scopes, as the metadata lists them.</summary>
    public static readonly string[] All =
        [OpenIddict.Abstractions.OpenIddictConstants.Scopes.OpenId, OpenIddict.Abstractions.OpenIddictConstants.Scopes.Profile,
         OpenIddict.Abstractions.OpenIddictConstants.Scopes.OfflineAccess, Unit, Scim, .. Roles.Select(Role)];

    private static readonly Texts Sentences = Texts.Of(typeof(Scopes).Assembly);

    /// <summary>What a scope lets a client do, in words.</summary>
    public static string Say(string lang, string scope) =>
        scope.StartsWith(RolePrefix, StringComparison.Ordinal) ? Sentences.Say(lang, "openid.scope.role", Policy.Book.Role(scope[RolePrefix.Length..])?.Say(lang) ?? scope)
        : Sentences.Has("openid.scope." + scope) ? Sentences.Say(lang, "openid.scope." + scope) : scope;

    /// <summary>The scope of a role.</summary>
    public static string Role(string role) => RolePrefix + role;

    /// <summary>Those of a person's roles that some scopes let a client act in.</summary>
    public static IReadOnlyList<string> RolesWithin(IEnumerable<string> scopes, Person person) =>
        [.. person.Roles.Where(scopes.Where(s => s.StartsWith(RolePrefix, StringComparison.Ordinal)).Select(s => s[RolePrefix.Length..]).ToHashSet().Contains)];

    /// <summary>What of the scopes asked for a person can give: no role that they do not have, and nothing that is for machines.</summary>
    public static IReadOnlyList<string> Givable(IEnumerable<string> asked, Person person) =>
        [.. asked.Where(s => s != Scim && (!s.StartsWith(RolePrefix, StringComparison.Ordinal) || person.Roles.Contains(s[RolePrefix.Length..]))).Distinct()];
}
