using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Guantong.Trust;

/// <summary>Finds the session behind a browser's cookie, and lays and takes that cookie.</summary>
internal sealed class SessionHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Sessions sessions)
    : SignInAuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string StrengthItem = "strength", TokenItem = "token";

    // A name that begins with __Host- is taken from this host over TLS alone (RFC 6265bis §4.1.3.2).
    private string CookieName => Request.IsHttps ? "__Host-guantong" : "guantong";

    private string? Token => Request.Cookies[CookieName];

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Token is not { Length: > 0 } token ? AuthenticateResult.NoResult()
        : await sessions.FindAsync(token, Context.RequestAborted) is var (session, person)
            ? AuthenticateResult.Success(new AuthenticationTicket(Callers.Claims(person, session), Scheme.Name))
            : AuthenticateResult.NoResult();

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        var person = Callers.Of(user) ?? throw new InvalidOperationException("Nobody can be signed in as nobody.");
        var strength = properties?.Items.TryGetValue(StrengthItem, out var said) == true ? Enum.Parse<Strength>(said!) : Strength.Password;
        var token = properties?.Items.TryGetValue(TokenItem, out var given) == true ? given!
            : await sessions.StartAsync(person, strength, Device.Of(Request.Headers.UserAgent.ToString()), Token, Context.RequestAborted);
        Response.Cookies.Append(CookieName, token, Cookie());
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        if (Token is { Length: > 0 } token && await sessions.FindAsync(token, Context.RequestAborted) is var (session, person))
            await sessions.EndAsync(person, person.Login, session.Id, Context.RequestAborted);
        Response.Cookies.Delete(CookieName, Cookie());
    }

    private CookieOptions Cookie() => new() { HttpOnly = true, Secure = Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Context.RefuseAsync($"{Callers.SignInPath}?ReturnUrl={Uri.EscapeDataString(OriginalPath + Request.QueryString)}", 401, "not-signed-in");

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var act = Needing.Denied(Context)?.Act;
        if (act is not null && Callers.Of(Context.User) is { } who)
            await Context.RequestServices.GetRequiredService<Refusals>().RefusedAsync(who.Login, act.Id);
        await Context.RefuseAsync($"{Callers.SignInPath}?denied={act?.Id ?? "1"}", 403, "not-allowed", Needing.Why(Context));
    }
}
