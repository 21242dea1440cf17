using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Guantong.Trust.Provider;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Guantong.Trust;

/// <summary>Who is calling: a person by session, a machine by <c>X-API-Key</c>, either by a bearer token of the provider, the machine's own operator by the token in run.json.</summary>
public static class Callers
{
    /// <summary>The scheme of people's sessions.</summary>
    public const string Scheme = "session";

    /// <summary>The page that people sign in on; what they came for goes along as <c>ReturnUrl</c>.</summary>
    public const string SignInPath = "/sign-in";

    private const string ElevatedClaim = "elevated";

    /// <summary>A person as claims, and their session where they are signed in by one.</summary>
    public static ClaimsPrincipal Claims(Person person, Session? session = null) => new(new ClaimsIdentity(
    [
        new(ClaimTypes.NameIdentifier, person.Login),
        new(ClaimTypes.Name, person.Name),
        new("name_en", person.NameEn),
        new("kind", person.Kind),
        new("unit", person.Unit ?? ""),
        new("region", person.Region),
        .. person.Roles.Select(r => new Claim(ClaimTypes.Role, r)),
        .. person.Elevated.Select(e => new Claim(ElevatedClaim, $"{e.Id} {e.Role} {e.Until}")),
        .. session is null ? [] : (Claim[])[new(StepUp.SessionClaim, session.Id), new(StepUp.ProvedClaim, session.Proved), new(StepUp.StrengthClaim, session.Strength)],
    ], Scheme));

    /// <summary>The person behind claims, or null when nobody is signed in.</summary>
    public static Person? Of(ClaimsPrincipal user)
    {
        if (user.Identity?.IsAuthenticated != true)
            return null;
        string Claim(string type) => user.FindFirstValue(type) ?? "";
        return new Person(Claim(ClaimTypes.NameIdentifier), Claim(ClaimTypes.Name), Claim("name_en"), Claim("kind"),
            Claim("unit") is { Length: > 0 } unit ? unit : null, Claim("region"), [.. user.FindAll(ClaimTypes.Role).Select(c => c.Value)])
        {
            Elevated = [.. user.FindAll(ElevatedClaim).Select(c => c.Value.Split(' ')).Select(e => new HeldForATime(e[0], e[1], e[2]))],
        };
    }

    /// <summary>The person behind a request that policy has let in.</summary>
    public static Person Caller(this HttpContext http) => Of(http.User) ?? throw new InvalidOperationException("This route lets nobody in unsigned.");

    /// <summary>Signs a person in on this browser, in a new session.</summary>
    /// <param name="strength">How they proved who they are.</param>
    public static Task SignInAsync(this HttpContext http, Person person, Strength strength = Strength.Password) =>
        http.SignInAsync(Scheme, Claims(person), new AuthenticationProperties(new Dictionary<string, string?> { [SessionHandler.StrengthItem] = strength.ToString() }));

    internal static Task LayTokenAsync(this HttpContext http, Person person, string token) =>
        http.SignInAsync(Scheme, Claims(person), new AuthenticationProperties(new Dictionary<string, string?> { [SessionHandler.TokenItem] = token }));

    /// <summary>Whether a path is called by programs, which are told of faults by problem+json, and not by people at a page.</summary>
    public static bool IsOfPrograms(PathString path) => path.StartsWithSegments("/api") || path.StartsWithSegments("/gateway") || path.StartsWithSegments("/exchange");

    /// <summary>Refuses a request: the API answers with a problem where a page sends the reader on.</summary>
    internal static Task RefuseAsync(this HttpContext http, string redirect, int status, string code, params object?[] args)
    {
        // RFC 6750 §3
        if (status == 401)
            http.Response.Headers.WWWAuthenticate = "Bearer";
        if (http.Request.Path.StartsWithSegments(Scim.ScimApi.Path))
            return Scim.ScimApi.Refusal(status).ExecuteAsync(http);
        if (IsOfPrograms(http.Request.Path))
            return http.Problem(status, code, args).ExecuteAsync(http);
        http.Response.Redirect(redirect);
        return Task.CompletedTask;
    }

    /// <summary>Whether somebody may be sent on to a path: one of this site alone, and never the way in itself.</summary>
    public static bool IsOurs(string? back) =>
        back is ['/', not ('/' or '\\'), ..] && !back.Any(char.IsControl) && !back.StartsWith(SignInPath, StringComparison.OrdinalIgnoreCase) && !back.StartsWith("/desk/sign-in", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where somebody goes after they signed in: to what they came for; else officials to their desk and everybody else to what is theirs.</summary>
    public static string Home(Person person, string? back) => IsOurs(back) ? back! : person.Kind == "official" ? "/desk" : "/me";

    /// <summary>Takes keys and tokens in place of a session.</summary>
    public static async Task ReadKeysAsync(HttpContext http, Accounts accounts, LocalToken token, RequestDelegate next)
    {
        var key = http.Request.Headers["X-API-Key"].ToString();
        var bearer = http.Request.Headers.Authorization.ToString();
        if (key.Length > 0)
            http.User = await accounts.FindKeyAsync(key, http.RequestAborted) is { } machine ? Claims(machine) : new ClaimsPrincipal(new ClaimsIdentity());
        else if (bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            http.User = token.Is(bearer["Bearer ".Length..]) ? StepUp.OfThisMachine(Claims(Policy.Operator))
                : await BearerTokens.CallerAsync(http, accounts) is { } caller ? Claims(caller) : new ClaimsPrincipal(new ClaimsIdentity());
        await next(http);
    }
}

/// <summary>A secret of this run, written beside the data for the command line of the same machine and user.</summary>
public sealed class LocalToken
{
    /// <summary>The secret.</summary>
    public string Value { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Compares in constant time.</summary>
    public bool Is(string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(other), Encoding.UTF8.GetBytes(Value));
}
