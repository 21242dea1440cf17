using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Guantong.Trust.Provider;

/// <summary>Who somebody is (OpenID Connect Core §5.3), and the end of their session (OpenID Connect RP-Initiated Logout).</summary>
internal static class UserInfo
{
    public static async Task<IResult> AnswerAsync(HttpContext http, Accounts accounts)
    {
        var held = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        if (held.GetClaim(Claims.Subject) is not { } login || await accounts.ActingAsync(login, null, http.RequestAborted) is not { } person)
            return Results.Challenge(new AuthenticationProperties(new Dictionary<string, string?>
            {
                [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidToken,
                [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = "The person has no account any more.",
            }), [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        var said = new Dictionary<string, object?> { [Claims.Subject] = person.Login };
        if (held.HasScope(OpenIddictConstants.Scopes.Profile))
            (said[Claims.Name], said["name_en"], said[Claims.PreferredUsername]) = (person.Name, person.NameEn, person.Login);
        if (held.HasScope(Scopes.Unit))
            (said["unit"], said["region"], said["kind"]) = (person.Unit, person.Region, person.Kind);
        if (Scopes.RolesWithin(held.GetScopes(), person) is { Count: > 0 } roles)
            said["roles"] = roles;
        return Results.Json(said);
    }

    public static async Task<IResult> EndAsync(HttpContext http, Accounts accounts, IAntiforgery forgery)
    {
        var (person, _) = await Authorizing.SignedInAsync(http, accounts);
        var hinted = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal?.GetClaim(Claims.Subject);
        var decided = http.Request.HasFormContentType && http.Request.Form.ContainsKey("decision");
        if (decided && !await forgery.IsRequestValidAsync(http))
            return Page.Of(http, "end.title").Alert(Problems.Say(Lang.Of(http), "stale-form")).Result(400);
        // §2: a client that shows whom it means is taken at its word; anyone else's link only asks.
        if (person is not null && hinted != person.Login && !decided)
        {
            var page = Page.Of(http, "end.title");
            return page.Text(page.Say("end.ask", person.Say(page.Language))).GoesOnTo(http.GetOpenIddictServerRequest()!.PostLogoutRedirectUri).Form(http.Request.Path, Authorizing.Given(http), null, ("decision", "yes", page.Say("end.yes"))).Result();
        }
        await http.SignOutAsync(Callers.Scheme);
        return Results.SignOut(new AuthenticationProperties { RedirectUri = "/connect/end-session/done" }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }

    public static IResult Ended(HttpContext http)
    {
        var page = Page.Of(http, "end.title");
        return page.Text(page.Say("end.done")).Result();
    }
}
