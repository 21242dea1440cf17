using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using System.Security.Claims;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Guantong.Trust.Provider;

/// <summary>Where a client sends people: sign in, consent, and back (OpenID Connect Core §3.1).</summary>
internal static class Authorizing
{
    private const string Decision = "decision";

    public static async Task<IResult> AnswerAsync(HttpContext http, Accounts accounts, IOpenIddictApplicationManager clients, IOpenIddictAuthorizationManager consents, IAntiforgery forgery, TimeProvider clock)
    {
        var (request, cancel) = (http.GetOpenIddictServerRequest()!, http.RequestAborted);
        var (person, signedInAt) = await SignedInAsync(http, accounts);
        var mayAsk = !request.HasPromptValue(PromptValues.None);
        // Decided: the sign-in that was asked for lies behind.
        var decided = http.Request.HasFormContentType ? http.Request.Form[Decision].ToString() : "";
        if (person is null || (decided.Length == 0 && IsStale(request, signedInAt, clock.GetUtcNow())))
            return mayAsk ? SignInFirst(http) : Refuse(Errors.LoginRequired, "Nobody is signed in.");

        var client = (KeptClient)(await clients.FindByClientIdAsync(request.ClientId!, cancel))!;
        var scopes = Scopes.Givable(request.GetScopes(), person);
        var given = await consents.FindAsync(person.Login, client.Id, Statuses.Valid, AuthorizationTypes.Permanent, [.. scopes], cancel).FirstOrDefaultAsync(cancel);
        var asks = client.Consent != ConsentTypes.Implicit && (given is null || request.HasPromptValue(PromptValues.Consent));
        if (asks && decided.Length == 0)
            return mayAsk ? Ask(http, client, person, scopes) : Refuse(Errors.ConsentRequired, "The person has not consented.");
        if (decided.Length > 0 && !await forgery.IsRequestValidAsync(http))
            return Page.Of(http, "consent.title", Name(client, http)).Alert(Problems.Say(Lang.Of(http), "stale-form")).Result(400);
        if (asks && decided != "yes")
            return Refuse(Errors.AccessDenied, "The person refused.");

        var identity = Identities.Of(person, scopes, signedInAt);
        given ??= await consents.CreateAsync(identity, person.Login, client.Id, AuthorizationTypes.Permanent, [.. scopes], cancel);
        identity.SetAuthorizationId(await consents.GetIdAsync(given, cancel));
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <summary>Who is signed in on this browser, as they stand now, and when they last proved it (seconds since 1970).</summary>
    public static async Task<(Person? Person, long? At)> SignedInAsync(HttpContext http, Accounts accounts)
    {
        var session = await http.AuthenticateAsync(Callers.Scheme);
        // Whatever post the session acts in, programs act in the main one: they go on when the session is over.
        return session.Succeeded && Callers.Of(session.Principal) is { } known && await accounts.ActingAsync(known.Login, null, http.RequestAborted) is { } person
            ? (person, session.Principal.ProvedAt()?.ToUnixTimeSeconds()) : (null, null);
    }

    /// <summary>Sends the browser to the sign-in, which comes back here.</summary>
    private static IResult SignInFirst(HttpContext http)
    {
        // prompt=login is met by the sign-in to come; left in, it would ask for ever.
        var back = http.Request.Path + QueryString.Create(Given(http).Where(p => p.Key != Parameters.Prompt)
            .Append(new(Parameters.Prompt, string.Join(' ', Given(http).Where(p => p.Key == Parameters.Prompt).SelectMany(p => p.Value.ToString().Split(' ')).Except([PromptValues.Login])))) .Where(p => p.Value.ToString().Length > 0));
        return Results.Redirect($"{Callers.SignInPath}?ReturnUrl={Uri.EscapeDataString(back)}");
    }

    private static bool IsStale(OpenIddictRequest request, long? at, DateTimeOffset now) =>
        request.HasPromptValue(PromptValues.Login) || (request.MaxAge is { } most && (at is null || now.ToUnixTimeSeconds() - at > most));

    private static IResult Ask(HttpContext http, KeptClient client, Person person, IReadOnlyList<string> scopes)
    {
        var page = Page.Of(http, "consent.title", Name(client, http));
        return page.Text(page.Say("consent.who", person.Say(page.Language), person.Login)).Text(page.Say("consent.may")).List(scopes.Select(page.Scope)).Text(page.Say("consent.later"))
            .GoesOnTo(http.GetOpenIddictServerRequest()!.RedirectUri).Form(http.Request.Path, Given(http), null, (Decision, "yes", page.Say("consent.yes")), (Decision, "no", page.Say("consent.no"))).Result();
    }

    /// <summary>A client's name in the reader's language.</summary>
    public static string Name(KeptClient client, HttpContext http) =>
        Lang.Of(http) != Lang.Zh && client.Names.TryGetValue(Lang.En, out var english) ? english : client.Name ?? client.Id;

    /// <summary>What the request gave, by query or form, without what our own pages added.</summary>
    public static IEnumerable<KeyValuePair<string, StringValues>> Given(HttpContext http) =>
        (http.Request.HasFormContentType ? http.Request.Form.AsEnumerable() : http.Request.Query).Where(p => p.Key is not (Decision or "__RequestVerificationToken"));

    /// <summary>Sends an error of the protocol back to the client.</summary>
    public static IResult Refuse(string error, string description) => Results.Forbid(new AuthenticationProperties(new Dictionary<string, string?>
    {
        [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
    }), [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
