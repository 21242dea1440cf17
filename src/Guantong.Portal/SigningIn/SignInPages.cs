using Guantong.Trust;
using Guantong.Trust.Provider;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.SigningIn;

/// <summary>The one way in for officials, citizens and businesses. Passwords and codes work without JavaScript.</summary>
internal static class SignInPages
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").Needs("session.begin");
        pages.MapGet(Callers.SignInPath, (HttpContext http, Jurisdiction land, Demonstration demo, TimeProvider clock, string? returnUrl, string? denied) =>
            Page(http, land, demo, "password", returnUrl, denied is null ? null : Denied(http, land, denied, clock.GetUtcNow())));
        pages.MapPost(Callers.SignInPath, EnterAsync);
        pages.MapGet(StepUp.CodePath, (HttpContext http, Jurisdiction land, Demonstration demo, string? returnUrl) => Page(http, land, demo, "code", returnUrl, null));
        pages.MapPost(StepUp.CodePath, CodeAsync);
        pages.MapGet(StepUp.Path, async (HttpContext http, Jurisdiction land, Demonstration demo, SecondFactors second, string? returnUrl) =>
            http.SessionId() is null ? Results.LocalRedirect(Callers.SignInPath) : Page(http, land, demo, await AgainAsync(second, http), returnUrl, null));
        pages.MapPost(StepUp.Path, ProveAsync);
        routes.MapPost("/sign-out", async (HttpContext http, IAntiforgery guard) =>
        {
            if (!await guard.IsRequestValidAsync(http))
                return Results.LocalRedirect("/me");
            await http.SignOutAsync(Callers.Scheme);
            return Results.LocalRedirect("/");
        }).Needs("session.end");
    }

    // The address names the act: only one that is declared, and that whoever reads this may indeed not do, is told of.
    private static string Denied(HttpContext http, Jurisdiction land, string act, DateTimeOffset at)
    {
        var visit = Visit.Of(http, land);
        var verdict = Policy.Decide(new Asking(Callers.Of(http.User), act, At: at), land);
        return verdict is { Act: null } or { IsAllowed: true } ? visit.Say("sign-in.denied") : visit.Say("sign-in.denied.why", string.Join(' ', Policy.Explain(verdict, visit.Lang)));
    }

    private static async Task<IResult> EnterAsync(HttpContext http, FrontDoor door, Jurisdiction land, Demonstration demo, IAntiforgery guard)
    {
        if (!await guard.IsRequestValidAsync(http))
            return Expired(http, land);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var back = form["ReturnUrl"].ToString();
        var entry = await door.EnterAsync(http, form["login"].ToString().Trim(), form["password"].ToString());
        return entry.Person is { } person ? Onward.To(http, Callers.Home(person, back))
            : entry.WantsCode ? Results.LocalRedirect($"{StepUp.CodePath}?ReturnUrl={Uri.EscapeDataString(back)}")
            : Refused(http, land, demo, "password", back, entry, form["login"].ToString());
    }

    private static async Task<IResult> CodeAsync(HttpContext http, FrontDoor door, Jurisdiction land, Demonstration demo, IAntiforgery guard)
    {
        if (!await guard.IsRequestValidAsync(http))
            return Expired(http, land);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var back = form["ReturnUrl"].ToString();
        var entry = await door.SecondAsync(http, form["code"].ToString());
        return entry.Person is { } person ? Onward.To(http, Callers.Home(person, back))
            : Refused(http, land, demo, entry.Refusal == "sign-in-lapsed" ? "password" : "code", back, entry);
    }

    private static async Task<IResult> ProveAsync(HttpContext http, FrontDoor door, SecondFactors second, Jurisdiction land, Demonstration demo, IAntiforgery guard)
    {
        if (http.SessionId() is null)
            return Results.LocalRedirect(Callers.SignInPath);
        if (!await guard.IsRequestValidAsync(http))
            return Expired(http, land);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var back = form["ReturnUrl"].ToString();
        var entry = await door.AgainAsync(http, form["password"].ToString(), form["code"].ToString());
        return entry.Person is { } person ? Onward.To(http, Callers.Home(person, back)) : Refused(http, land, demo, await AgainAsync(second, http), back, entry);
    }

    private static async Task<string> AgainAsync(SecondFactors second, HttpContext http) => await second.WantedAsync(http.Caller().Login, http.RequestAborted) ? "again-code" : "again";

    private static IResult Refused(HttpContext http, Jurisdiction land, Demonstration demo, string step, string back, Entry entry, string login = "")
    {
        var seconds = (int)Math.Ceiling(entry.Wait.TotalSeconds);
        return Page(http, land, demo, step, back, Problems.Say(Lang.Of(http), entry.Refusal!, seconds), login, entry.Refusal == "sign-in-shut" ? 429 : 401);
    }

    private static RazorComponentResult Page(HttpContext http, Jurisdiction land, Demonstration demo, string step, string? back, string? fault, string login = "", int status = 200)
    {
        return new RazorComponentResult<SignInPage>(new Dictionary<string, object?>
        {
            ["Visit"] = Visit.Of(http, land), ["Step"] = step, ["Back"] = Callers.IsOurs(back) ? back! : "", ["Fault"] = fault, ["Login"] = login,
            ["People"] = demo.IsOn && step == "password" ? land.People : [], ["Land"] = land,
        }) { StatusCode = status };
    }

    private static RazorComponentResult Expired(HttpContext http, Jurisdiction land) => PortalRoom.Message(Visit.Of(http, land), "expired.title", "expired.text", 400);
}
