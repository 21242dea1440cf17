using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Guantong.Trust.Provider;

/// <summary>Takes the provider's access tokens as callers of our own API.</summary>
public static class BearerTokens
{
    /// <summary>The person or machine behind the request's bearer token, with the roles that its scopes let it act in; null when the token does not hold.</summary>
    public static async Task<Person?> CallerAsync(HttpContext http, Accounts accounts)
    {
        var held = await http.AuthenticateAsync(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
        if (!held.Succeeded || held.Principal.GetClaim(Claims.Subject) is not { } subject)
            return null;
        var scopes = held.Principal.GetScopes();
        if (subject.StartsWith(Identities.ClientPrefix, StringComparison.Ordinal))
            return new Person(subject, subject, subject, "machine", null, "",
                [.. scopes.Where(s => s.StartsWith(Scopes.RolePrefix, StringComparison.Ordinal)).Select(s => s[Scopes.RolePrefix.Length..]), .. scopes.Contains(Scopes.Scim) ? [PolicyBook.Provisioner] : (string[])[], PolicyBook.Machine]);
        return await accounts.ActingAsync(subject, null, http.RequestAborted) is { } person ? person with { Roles = Scopes.RolesWithin(scopes, person) } : null;
    }
}
