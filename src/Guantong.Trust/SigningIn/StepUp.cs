using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Guantong.Trust;

/// <summary>Graded acts want fresh proof of who is there, by the strongest means that the person has.</summary>
/// <remarks>RFC 9470 in spirit. A key or the machine's own operator has no session and is held by policy alone.</remarks>
public static class StepUp
{
    /// <summary>The page that asks again.</summary>
    public const string Path = "/sign-in/again";

    internal const string SessionClaim = "session", ProvedClaim = "proved", StrengthClaim = "strength";

    /// <summary>The session behind a request, or null for a key, the operator or nobody.</summary>
    public static string? SessionId(this HttpContext http) => http.User.SessionId();

    /// <inheritdoc cref="SessionId(HttpContext)"/>
    public static string? SessionId(this ClaimsPrincipal user) => user.FindFirstValue(SessionClaim);

    /// <summary>What to answer where fresh proof is wanted first, or null where it is there: pages go to the sign-in, the API tells.</summary>
    /// <param name="minutes">How old the proof may be.</param>
    /// <param name="least">The least strength that the act takes from anybody.</param>
    public static IResult? NeedsStepUp(this HttpContext http, int minutes = 10, Strength least = Strength.Password)
    {
        if (http.SessionId() is null)
            return null;
        var clock = (TimeProvider)http.RequestServices.GetService(typeof(TimeProvider))!;
        var proved = Time.Read(http.User.FindFirstValue(ProvedClaim)!);
        if (clock.GetUtcNow() - proved <= TimeSpan.FromMinutes(minutes) && Enum.Parse<Strength>(http.User.FindFirstValue(StrengthClaim)!) >= least)
            return null;
        if (http.Request.Path.StartsWithSegments("/api"))
            return http.Problem(401, "step-up-needed", minutes.ToString(CultureInfo.InvariantCulture));
        // What was posted is not kept: the person comes back to the page and does it again.
        var back = HttpMethods.IsGet(http.Request.Method) ? http.Request.Path + http.Request.QueryString : http.Request.Path.ToString();
        return Results.LocalRedirect($"{Path}?ReturnUrl={Uri.EscapeDataString(back)}");
    }
}
