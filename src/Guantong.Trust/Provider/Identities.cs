using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Guantong.Trust.Provider;

/// <summary>What tokens say of whom, and where it is said.</summary>
internal static class Identities
{
    /// <summary>In front of a client's id where it acts in its own name.</summary>
    public const string ClientPrefix = "client:";

    /// <summary>A person who lets a client act within some scopes.</summary>
    public static ClaimsIdentity Of(Person person, IEnumerable<string> scopes, long? signedInAt)
    {
        var identity = New(person.Login, scopes);
        identity.SetClaim(Claims.Name, person.Name).SetClaim(Claims.PreferredUsername, person.Login)
            .SetClaim("name_en", person.NameEn).SetClaim("unit", person.Unit).SetClaim("region", person.Region).SetClaim("kind", person.Kind)
            .SetClaims("roles", [.. Scopes.RolesWithin(identity.GetScopes(), person)]);
        if (signedInAt is { } at)
            identity.SetClaim(Claims.AuthenticationTime, at);
        return identity.SetDestinations(Destinations);
    }

    /// <summary>A client that acts in its own name.</summary>
    public static ClaimsIdentity OfClient(string id, IEnumerable<string> scopes) => New(ClientPrefix + id, scopes).SetDestinations(Destinations);

    /// <summary>Adds that a client acts on behalf of whom the token is about (RFC 8693 §4.1); who acted before stands within.</summary>
    public static ClaimsIdentity ActedBy(this ClaimsIdentity identity, string client, string? before)
    {
        var act = new JsonObject { ["sub"] = ClientPrefix + client };
        if (before is not null)
            act["act"] = JsonNode.Parse(before);
        return identity.SetClaim("act", act).SetDestinations(Destinations);
    }

    private static ClaimsIdentity New(string subject, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, subject);
        identity.SetScopes(scopes);
        identity.SetResources(Scopes.Audience);
        return identity;
    }

    // An access token tells no more of a person than whose it is: it travels, and anyone who holds it can read it.
    private static IEnumerable<string> Destinations(Claim claim) => claim.Type switch
    {
        Claims.Name or Claims.PreferredUsername or "name_en" => Within(claim, OpenIddictConstants.Scopes.Profile),
        "unit" or "region" or "kind" => Within(claim, Scopes.Unit),
        "roles" or Claims.AuthenticationTime => [OpenIddictConstants.Destinations.IdentityToken],
        "act" => [OpenIddictConstants.Destinations.AccessToken],
        _ => [],
    };

    private static IEnumerable<string> Within(Claim claim, string scope) => claim.Subject!.HasScope(scope) ? [OpenIddictConstants.Destinations.IdentityToken] : [];
}
