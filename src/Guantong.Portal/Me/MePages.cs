using Guantong.Trust;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Me;

/// <summary>What is a person's own: where they are signed in, how they prove who they are. Nobody sees another's.</summary>
/// <remarks>design/rights.md 6: the person can see it.</remarks>
internal static class MePages
{
    public static void MapMe(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/me").RequireAuthorization().ExcludeFromDescription();
        me.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            http.Response.Headers.CacheControl = "no-store";
            // A key stands for a machine, which has nothing of its own here.
            if (http.SessionId() is null)
                return Results.LocalRedirect(Callers.SignInPath);
            return HttpMethods.IsPost(http.Request.Method) && !await Guard(http).IsRequestValidAsync(http)
                ? PortalRoom.Message(VisitOf(http), "expired.title", "expired.text", 400) : await next(context);
        });
        me.MapGet("", (HttpContext http, Jurisdiction land) => new RazorComponentResult<MePage>(new { Visit = VisitOf(http), Me = http.Caller(), Land = land }));
        me.MapGet("/sessions", async (HttpContext http, Sessions sessions, Jurisdiction land) =>
            new RazorComponentResult<SessionsPage>(new { Visit = VisitOf(http), Current = http.SessionId()!, Sessions = await sessions.OfAsync(http.Caller().Login, http.RequestAborted), land.Offset }));
        me.MapPost("/sessions/end", async (HttpContext http, Sessions sessions) =>
        {
            await sessions.EndAsync(http.Caller(), http.Caller().Login, (await FormAsync(http))["id"].ToString(), http.RequestAborted);
            return Results.LocalRedirect("/me/sessions");
        });
        me.MapPost("/sessions/end-others", async (HttpContext http, Sessions sessions) =>
        {
            await sessions.EndAllAsync(http.Caller().Login, http.Caller().Login, http.SessionId(), http.RequestAborted);
            return Results.LocalRedirect("/me/sessions");
        });
        me.MapSecurity();
    }

    internal static Visit VisitOf(HttpContext http) => Visit.Of(http, (Jurisdiction)http.RequestServices.GetService(typeof(Jurisdiction))!);

    internal static Task<IFormCollection> FormAsync(HttpContext http) => http.Request.ReadFormAsync(http.RequestAborted);

    private static IAntiforgery Guard(HttpContext http) => (IAntiforgery)http.RequestServices.GetService(typeof(IAntiforgery))!;
}
