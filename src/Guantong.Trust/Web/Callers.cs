using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Guantong.Trust.Provider;

namespace Guantong.Trust;

/// <summary>Who is calling: a person by cookie, a machine by <c>X-API-Key</c>, either by a bearer token of the provider, the machine's own operator by the token in run.json.</summary>
public static class Callers
{
    /// <summary>The cookie scheme.</summary>
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Where people sign in.</summary>
    public const string SignInPath = "/desk/sign-in";

    private const string SignedIn = "signed-in";

    /// <summary>A person as claims.</summary>
    public static ClaimsPrincipal Claims(Person person) => new(new ClaimsIdentity(
    [
        new(ClaimTypes.NameIdentifier, person.Login),
        new(ClaimTypes.Name, person.Name),
        new("name_en", person.NameEn),
        new("kind", person.Kind),
        new("unit", person.Unit ?? ""),
        new("region", person.Region),
        .. person.Roles.Select(r => new Claim(ClaimTypes.Role, r)),
    ], Scheme));

    /// <summary>The person behind claims, or null when nobody is signed in.</summary>
    public static Person? Of(ClaimsPrincipal user)
    {
        if (user.Identity?.IsAuthenticated != true)
            return null;
        string Claim(string type) => user.FindFirstValue(type) ?? "";
        return new Person(Claim(ClaimTypes.NameIdentifier), Claim(ClaimTypes.Name), Claim("name_en"), Claim("kind"),
            Claim("unit") is { Length: > 0 } unit ? unit : null, Claim("region"), [.. user.FindAll(ClaimTypes.Role).Select(c => c.Value)]);
    }

    /// <summary>The person behind a request that policy has let in.</summary>
    public static Person Caller(this HttpContext http) => Of(http.User) ?? throw new InvalidOperationException("This route lets nobody in unsigned.");

    /// <summary>Signs a person in on this browser.</summary>
    public static Task SignInAsync(this HttpContext http, Person person) =>
        http.SignInAsync(Scheme, Claims(person), new AuthenticationProperties(new Dictionary<string, string?>
        {
            [SignedIn] = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        }));

    /// <summary>When the person of a cookie signed in, in seconds since 1970; a cookie that is renewed keeps it.</summary>
    internal static long? SignedInAt(AuthenticateResult cookie) =>
        cookie.Properties?.Items.TryGetValue(SignedIn, out var text) == true && long.TryParse(text, CultureInfo.InvariantCulture, out var at) ? at : null;

    /// <summary>The page to go to after a sign-in: the one that asked for it when it is of the Desk or the provider, else the Desk.</summary>
    public static string ReturnPath(string? asked) =>
        asked is not null && (asked == "/desk" || asked.StartsWith("/desk/", StringComparison.Ordinal) || asked.StartsWith("/desk?", StringComparison.Ordinal) || asked.StartsWith("/connect/", StringComparison.Ordinal) || asked == "/outside")
        && !asked.StartsWith(SignInPath, StringComparison.Ordinal) ? asked : "/desk";

    /// <summary>Takes keys and the local token in place of a cookie.</summary>
    public static async Task ReadKeysAsync(HttpContext http, Accounts accounts, LocalToken token, RequestDelegate next)
    {
        var key = http.Request.Headers["X-API-Key"].ToString();
        var bearer = http.Request.Headers.Authorization.ToString();
        if (key.Length > 0)
            http.User = await accounts.FindKeyAsync(key, http.RequestAborted) is { } machine ? Claims(machine) : new ClaimsPrincipal(new ClaimsIdentity());
        else if (bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            http.User = token.Is(bearer["Bearer ".Length..]) ? Claims(Policy.Operator)
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
