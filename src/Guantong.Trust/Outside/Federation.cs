using Guantong.Trust.Provider;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Guantong.Trust.Outside;

/// <summary>Sign-in at an outside OpenID Connect provider, for people who linked their account there.</summary>
public static class Federation
{
    // Holds for a moment what the outside provider said, between its answer and ours.
    private const string Answer = "outside";
    private const string Link = "link", Issuer = "issuer", Subject = "subject";

    /// <summary>The page of one's own outside accounts.</summary>
    public const string Path = "/outside";

    /// <summary>Registers the outside providers.</summary>
    public static IServiceCollection AddOutside(this IServiceCollection services, IReadOnlyList<OutsideProvider> providers)
    {
        services.AddSingleton(providers).AddSingleton<OutsideAccounts>().AddAntiforgery();
        var schemes = services.AddAuthentication().AddCookie(Answer, o =>
        {
            (o.Cookie.Name, o.Cookie.SameSite, o.Cookie.HttpOnly, o.ExpireTimeSpan, o.SlidingExpiration) = ("guantong-outside", SameSiteMode.Lax, true, TimeSpan.FromMinutes(5), false);
        });
        foreach (var provider in providers)
            schemes.AddOpenIdConnect(provider.Scheme, o => Ask(o, provider));
        return services;
    }

    private static void Ask(OpenIdConnectOptions o, OutsideProvider provider)
    {
        (o.Authority, o.ClientId, o.ClientSecret) = (provider.Issuer.AbsoluteUri, provider.Client, provider.Secret);
        o.RequireHttpsMetadata = provider.Issuer.Scheme == "https";
        (o.CallbackPath, o.SignInScheme) = ($"{Path}/{provider.Id}/callback", Answer);
        (o.ResponseType, o.ResponseMode, o.UsePkce) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query, true);
        (o.MapInboundClaims, o.SaveTokens, o.GetClaimsFromUserInfoEndpoint) = (false, false, false);
        // Who it is, and nothing else about them.
        o.Scope.Clear();
        o.Scope.Add("openid");
        foreach (var cookie in (CookieBuilder[])[o.CorrelationCookie, o.NonceCookie])
            (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        o.Events.OnTokenValidated = context =>
        {
            // What the provider's own metadata calls itself proves nothing: a link counts for the issuer that was configured.
            if (Same(context.SecurityToken.Issuer) != Same(provider.Issuer.AbsoluteUri))
                context.Fail("The token is another issuer's.");
            (context.Properties!.Items[Issuer], context.Properties.Items[Subject]) = (context.SecurityToken.Issuer, context.SecurityToken.Subject);
            return Task.CompletedTask;
        };
        o.Events.OnRemoteFailure = async context =>
        {
            context.HandleResponse();
            var page = Page.Of(context.HttpContext, "outside.title");
            await page.Alert(page.Say("outside.failed", provider.Say(page.Language))).Result(502).ExecuteAsync(context.HttpContext);
        };
    }

    /// <summary>Maps the pages.</summary>
    public static void MapOutside(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ShowAsync).Needs("self.manage").ExcludeFromDescription();
        var one = routes.MapGroup(Path + "/{id}").ExcludeFromDescription();
        one.MapGet("/sign-in", (string id, string? returnUrl, IReadOnlyList<OutsideProvider> providers, HttpContext http) =>
            Go(http, providers, id, new AuthenticationProperties { RedirectUri = $"{Path}/{id}/back?ReturnUrl={Uri.EscapeDataString(Callers.IsOurs(returnUrl) ? returnUrl! : "")}" })).Needs("session.begin");
        one.MapPost("/link", async (string id, IReadOnlyList<OutsideProvider> providers, Accounts accounts, IAntiforgery forgery, HttpContext http) =>
            await AskedByAsync(http, accounts, forgery) is not { } person ? Stale(http)
            : ProveFirst(http) ?? await GoFromFormAsync(http, providers, id, new AuthenticationProperties(new Dictionary<string, string?> { [Link] = person.Login }) { RedirectUri = $"{Path}/{id}/back" })).Needs("self.manage");
        one.MapPost("/unlink", async (string id, IReadOnlyList<OutsideProvider> providers, OutsideAccounts outside, Accounts accounts, IAntiforgery forgery, HttpContext http) =>
        {
            if (await AskedByAsync(http, accounts, forgery) is not { } person || providers.FirstOrDefault(p => p.Id == id) is not { } provider)
                return Stale(http);
            if (ProveFirst(http) is { } first)
                return first;
            await outside.UnlinkAsync(Same(provider.Issuer.AbsoluteUri), person.Login, http.RequestAborted);
            return Results.LocalRedirect(Path);
        }).Needs("self.manage");
        one.MapGet("/back", BackAsync).Needs("session.begin");
        // The scheme's own handler answers it before any route is asked.
        one.MapGet("/callback", () => Results.NotFound()).Needs("provider.use");
    }

    private static IResult Stale(HttpContext http) => Page.Of(http, "outside.title").Alert(Problems.Say(Lang.Of(http), "stale-form")).Result(400);

    // What changes how one signs in wants fresh proof; its page is shown again after it.
    private static IResult? ProveFirst(HttpContext http) => http.NeedsStepUp() is null ? null : Results.LocalRedirect($"{StepUp.Path}?ReturnUrl={Path}");

    private static IResult Go(HttpContext http, IReadOnlyList<OutsideProvider> providers, string id, AuthenticationProperties properties) =>
        providers.FirstOrDefault(p => p.Id == id) is { } provider ? Results.Challenge(properties, [provider.Scheme]) : http.Problem(404, "not-found", id);

    // Browsers count redirects as part of a form's way (CSP 3, form-action): a page ends that way and goes on by itself.
    private static async Task<IResult> GoFromFormAsync(HttpContext http, IReadOnlyList<OutsideProvider> providers, string id, AuthenticationProperties properties)
    {
        var answer = Go(http, providers, id, properties);
        if (answer is not Microsoft.AspNetCore.Http.HttpResults.ChallengeHttpResult)
            return answer;
        await answer.ExecuteAsync(http);
        var to = http.Response.Headers.Location.ToString();
        http.Response.Headers.Location = default;
        var page = Page.Of(http, "outside.title");
        return page.Text(page.Say("onward.text")).Link(to, page.Say("onward.go")).Result(onward: to);
    }

    private static async Task<Person?> AskedByAsync(HttpContext http, Accounts accounts, IAntiforgery forgery) =>
        await forgery.IsRequestValidAsync(http) ? (await Authorizing.SignedInAsync(http, accounts)).Person : null;

    private static async Task<IResult> BackAsync(string id, string? returnUrl, OutsideAccounts outside, Accounts accounts, FrontDoor door, HttpContext http)
    {
        var said = await http.AuthenticateAsync(Answer);
        await http.SignOutAsync(Answer);
        var page = Page.Of(http, "outside.title");
        if (!said.Succeeded || said.Properties.Items[Issuer] is not { } issuer || said.Properties.Items[Subject] is not { } subject)
            return page.Alert(page.Say("outside.again")).Result(400);
        issuer = Same(issuer);
        if (said.Properties.Items.TryGetValue(Link, out var asked))
        {
            // Whoever asked for the link must be the one who comes back.
            var isSame = (await Authorizing.SignedInAsync(http, accounts)).Person?.Login == asked;
            return isSame && await outside.LinkAsync(issuer, subject, asked!, http.RequestAborted) ? Results.LocalRedirect(Path) : page.Alert(page.Say("outside.taken")).Result(409);
        }
        if (await outside.FindAsync(issuer, subject, http.RequestAborted) is not { } login || await accounts.FindAsync(login, http.RequestAborted) is not { } person)
            return page.Alert(page.Say("outside.unknown")).Result(403);
        return (await door.VouchedAsync(http, person)).WantsCode ? Results.LocalRedirect($"{StepUp.CodePath}?ReturnUrl={Uri.EscapeDataString(returnUrl ?? "")}") : Results.LocalRedirect(Callers.Home(person, returnUrl));
    }

    private static async Task<IResult> ShowAsync(IReadOnlyList<OutsideProvider> providers, OutsideAccounts outside, Accounts accounts, HttpContext http)
    {
        if ((await Authorizing.SignedInAsync(http, accounts)).Person is not { } person)
            return Results.LocalRedirect(Callers.SignInPath);
        var linked = await outside.IssuersAsync(person.Login, http.RequestAborted);
        var page = Page.Of(http, "outside.title");
        page.Text(page.Say("outside.what"));
        foreach (var provider in providers)
        {
            var isLinked = linked.Contains(Same(provider.Issuer.AbsoluteUri));
            page.Text(page.Say(isLinked ? "outside.linked" : "outside.free", provider.Say(page.Language)))
                .Form($"{Path}/{provider.Id}/{(isLinked ? "unlink" : "link")}", [], null, ("do", "1", page.Say(isLinked ? "outside.unlink" : "outside.link")));
        }
        return page.Result();
    }

    // An issuer is written with and without its last slash.
    private static string Same(string issuer) => issuer.TrimEnd('/');
}
