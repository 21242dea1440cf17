using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Guantong.Trust;

/// <summary>Graded acts want fresh proof of who is there, by the strongest means that the person has.</summary>
/// <remarks>RFC 9470 in spirit. The machine's own operator stands at the machine; a key or a program's token proves nobody's presence, and never passes.</remarks>
public static class StepUp
{
    /// <summary>The page that asks again.</summary>
    public const string Path = "/sign-in/again";

    /// <summary>The page that asks for the second factor's code.</summary>
    public const string CodePath = "/sign-in/code";

    internal const string SessionClaim = "session", ProvedClaim = "proved", StrengthClaim = "strength";
    private const string HereClaim = "here";

    /// <summary>The session behind a request, or null for a key, the operator or nobody.</summary>
    public static string? SessionId(this HttpContext http) => http.User.SessionId();

    /// <inheritdoc cref="SessionId(HttpContext)"/>
    public static string? SessionId(this ClaimsPrincipal user) => user.FindFirstValue(SessionClaim);

    /// <summary>When the person of a session last proved who they are.</summary>
    internal static DateTimeOffset? ProvedAt(this ClaimsPrincipal user) => user.FindFirstValue(ProvedClaim) is { } at ? Time.Read(at) : null;

    /// <summary>By which means the person of a session last proved who they are, and when; null without a session.</summary>
    public static (Strength Strength, DateTimeOffset At)? Proof(this HttpContext http) =>
        http.SessionId() is not null && http.User.ProvedAt() is { } at ? (Enum.Parse<Strength>(http.User.FindFirstValue(StrengthClaim)!), at) : null;

    /// <summary>Whether the person of a session proved who they are of late: for open pages, which see no request.</summary>
    /// <param name="minutes">How old the proof may be.</param>
    public static bool IsProved(this ClaimsPrincipal user, DateTimeOffset now, int minutes = 10) => now - user.ProvedAt() <= TimeSpan.FromMinutes(minutes);

    /// <summary>Marks the caller who holds the secret of this run (run.json).</summary>
    internal static ClaimsPrincipal OfThisMachine(ClaimsPrincipal user)
    {
        ((ClaimsIdentity)user.Identity!).AddClaim(new Claim(HereClaim, "yes"));
        return user;
    }

    /// <summary>What to answer where fresh proof is wanted first, or null where it is there: pages go to the sign-in, the API tells.</summary>
    /// <param name="minutes">How old the proof may be.</param>
    /// <param name="least">The least strength that the act takes from anybody.</param>
    public static IResult? NeedsStepUp(this HttpContext http, int minutes = 10, Strength least = Strength.Password)
    {
        if (http.SessionId() is null)
            return http.User.HasClaim(HereClaim, "yes") ? null : http.Problem(403, "no-session");
        var clock = (TimeProvider)http.RequestServices.GetService(typeof(TimeProvider))!;
        if (clock.GetUtcNow() - http.User.ProvedAt() <= TimeSpan.FromMinutes(minutes) && Enum.Parse<Strength>(http.User.FindFirstValue(StrengthClaim)!) >= least)
            return null;
        if (http.Request.Path.StartsWithSegments("/api"))
            return http.Problem(401, "step-up-needed", minutes.ToString(CultureInfo.InvariantCulture));
        // What was posted is not kept: the person comes back to the page and does it again.
        var back = HttpMethods.IsGet(http.Request.Method) ? http.Request.Path + http.Request.QueryString : http.Request.Path.ToString();
        return Results.LocalRedirect($"{Path}?ReturnUrl={Uri.EscapeDataString(back)}");
    }
}
