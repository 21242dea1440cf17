using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Guantong.Trust.Provider;

/// <summary>Where clients get tokens. Who the client is, and whether its code or token holds, has been checked before.</summary>
internal static class TokenEndpoint
{
    /// <summary>How long an access token lasts.</summary>
    public static readonly TimeSpan AccessTerm = TimeSpan.FromMinutes(10);

    public static async Task<IResult> AnswerAsync(HttpContext http, Accounts accounts, IOpenIddictApplicationManager clients, TimeProvider clock)
    {
        var request = http.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
        {
            var client = (KeptClient)(await clients.FindByClientIdAsync(request.ClientId!, http.RequestAborted))!;
            return client.Keys is null ? Authorizing.Refuse(Errors.UnauthorizedClient, "A machine proves itself by private_key_jwt or by its certificate.")
                : Issue(Identities.OfClient(client.Id, request.GetScopes()));
        }
        var held = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        // What a person may is asked anew each time: they may have left, or lost a role.
        if (held.GetClaim(Claims.Subject) is not { } login || await accounts.ActingAsync(login, null, http.RequestAborted) is not { } person)
            return Authorizing.Refuse(Errors.InvalidGrant, "The person has no account any more.");
        return request.IsTokenExchangeGrantType() ? Exchange(request, held, person, clock.GetUtcNow()) : Renew(request, held, person);
    }

    // For a code, a device code or a refresh token.
    private static IResult Renew(OpenIddictRequest request, ClaimsPrincipal held, Person person)
    {
        var identity = Identities.Of(person, Scopes.Givable(Narrowed(request, held), person), long.TryParse(held.GetClaim(Claims.AuthenticationTime), out var at) ? at : null);
        identity.SetAuthorizationId(held.GetAuthorizationId());
        return Issue(identity);
    }

    /// <summary>RFC 8693: a client that was called with a person's token calls on, on behalf of the same person, with no more rights and no longer.</summary>
    private static IResult Exchange(OpenIddictRequest request, ClaimsPrincipal held, Person person, DateTimeOffset now)
    {
        if (request.SubjectTokenType != TokenTypeIdentifiers.AccessToken || (request.RequestedTokenType ?? TokenTypeIdentifiers.AccessToken) != TokenTypeIdentifiers.AccessToken)
            return Authorizing.Refuse(Errors.InvalidRequest, "An access token is exchanged for an access token.");
        if (request.GetScopes().Except(held.GetScopes()).FirstOrDefault() is { } beyond)
            return Authorizing.Refuse(Errors.InvalidScope, $"The token given does not hold {beyond}.");
        var scopes = Narrowed(request, held).Except([OpenIddictConstants.Scopes.OfflineAccess, OpenIddictConstants.Scopes.OpenId]);
        var identity = Identities.Of(person, Scopes.Givable(scopes, person), null).ActedBy(request.ClientId!, held.GetClaim("act"));
        identity.SetAuthorizationId(held.GetAuthorizationId());
        var left = (held.GetExpirationDate() ?? now) - now;
        identity.SetAccessTokenLifetime(left < AccessTerm ? left : AccessTerm);
        return Issue(identity);
    }

    /// <summary>Takes whoever may exchange tokens at all, which an operator decides, for a service that is called with our tokens; the engine would have each named in the token.</summary>
    public static ValueTask TakeCalled(ValidateTokenRequestContext context)
    {
        if (context.SubjectTokenPrincipal is { } given && given.HasAudience(Scopes.Audience) && context.ClientId is { } client)
            given.SetAudiences(Scopes.Audience, client);
        return default;
    }

    // RFC 6749 §6: less than was granted may be asked for, never more; the engine has refused more.
    private static IEnumerable<string> Narrowed(OpenIddictRequest request, ClaimsPrincipal held) =>
        request.GetScopes() is { IsDefaultOrEmpty: false } asked ? asked.Intersect(held.GetScopes()) : held.GetScopes();

    private static IResult Issue(ClaimsIdentity identity) => Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
}
