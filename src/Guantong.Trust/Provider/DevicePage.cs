using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Guantong.Trust.Provider;

/// <summary>Where a person types the code that another device shows (RFC 8628 §3.3).</summary>
internal static class DevicePage
{
    public static async Task<IResult> AnswerAsync(HttpContext http, Accounts accounts, IOpenIddictApplicationManager clients, IAntiforgery forgery)
    {
        var (person, signedInAt) = await Authorizing.SignedInAsync(http, accounts);
        // A key or a token connects no devices.
        if (person is null)
            return Results.LocalRedirect(Callers.SignInPath);
        // RFC 8628 §3.3.1: shown with the code filled in, and decided by the person all the same.
        var known = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var code = known.Properties?.GetTokenValue(OpenIddictServerAspNetCoreConstants.Tokens.UserCode) ?? "";
        if (!known.Succeeded || known.Principal.GetClaim(Claims.ClientId) is not { } id || await clients.FindByClientIdAsync(id, http.RequestAborted) is not KeptClient client)
            return AskCode(http, isWrong: code.Length > 0);

        var scopes = Scopes.Givable(known.Principal.GetScopes(), person);
        var decided = http.Request.HasFormContentType ? http.Request.Form["decision"].ToString() : "";
        var name = Authorizing.Name(client, http);
        var page = Page.Of(http, "consent.title", name);
        if (decided.Length == 0)
            return page.Text(page.Say("consent.who", person.Say(page.Language), person.Login)).Text(page.Say("device.check", code)).Text(page.Say("consent.may")).List(scopes.Select(page.Scope))
                .Form(http.Request.Path, [new(Parameters.UserCode, code)], null, ("decision", "yes", page.Say("consent.yes")), ("decision", "no", page.Say("consent.no"))).Result();
        if (!await forgery.IsRequestValidAsync(http))
            return page.Alert(Problems.Say(page.Language, "stale-form")).Result(400);
        var done = new AuthenticationProperties { RedirectUri = $"{http.Request.Path}/done?answer={(decided == "yes" ? "yes" : "no")}" };
        return decided == "yes"
            ? Results.SignIn(new ClaimsPrincipal(Identities.Of(person, scopes, signedInAt)), done, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
            : Results.Forbid(done, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }

    public static IResult Done(HttpContext http, string? answer)
    {
        var page = Page.Of(http, "device.title");
        return page.Text(page.Say(answer == "yes" ? "device.done" : "device.refused")).Result();
    }

    private static IResult AskCode(HttpContext http, bool isWrong)
    {
        var page = Page.Of(http, "device.title");
        if (isWrong)
            page.Alert(page.Say("device.wrong"));
        return page.Text(page.Say("device.ask")).Form(http.Request.Path, [], (Parameters.UserCode, page.Say("device.code"), ""), ("enter", "1", page.Say("device.enter"))).Result();
    }
}
