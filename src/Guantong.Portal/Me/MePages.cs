using Guantong.Portal.Appointments;
using Guantong.Portal.Business;
using Guantong.Portal.Wallet;
using Guantong.Trust;
using Guantong.Work;
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
        var me = routes.MapGroup("/me").Needs("self.manage").ExcludeFromDescription().OfOnesOwn();
        me.MapGet("", async Task<IResult> (HttpContext http, Applications applications, Jurisdiction land) =>
            new RazorComponentResult<MePage>(new { Visit = VisitOf(http), Me = http.Caller(), Land = land, Next = await applications.NextOfAsync(http.Caller(), http.RequestAborted) }));
        me.MapGet("/sessions", async Task<IResult> (HttpContext http, Sessions sessions, Jurisdiction land) =>
            new RazorComponentResult<SessionsPage>(new { Visit = VisitOf(http), Current = http.SessionId()!, Sessions = await sessions.OfAsync(http.Caller().Login, http.RequestAborted), land.Offset }));
        me.MapPost("/sessions/end", async (HttpContext http, Sessions sessions) =>
        {
            await sessions.EndAsync(http.Caller(), http.Caller().Login, (await FormAsync(http))["id"].ToString(), http.RequestAborted);
            return Results.LocalRedirect("/me/sessions");
        });
        me.MapPost("/sessions/end-others", async (HttpContext http, Sessions sessions) =>
        {
            await sessions.EndAllAsync(http.Caller(), http.Caller().Login, http.SessionId(), http.RequestAborted);
            return Results.LocalRedirect("/me/sessions");
        });
        me.MapGet("/posts", PostsAsync);
        me.MapPost("/posts", async (HttpContext http, Accounts accounts, UserCentre centre, Sessions sessions) =>
        {
            var (login, id) = (http.Caller().Login, (await FormAsync(http))["id"].ToString());
            if (await OwnAsync(http, sessions) is { } session && (await accounts.PostsAsync(login, http.RequestAborted)).Any(p => p.Id == id && p.StandsOn(centre.Today)))
                await sessions.ChooseAsync(session, id, http.RequestAborted);
            return Results.LocalRedirect("/me/posts");
        });
        me.MapSecurity();
        me.MapAuthority();
        me.MapMyApplications();
        me.MapMyBookings();
        me.MapMyDrafts();
        me.MapReads();
        me.MapConsents();
        me.MapMyNotices();
        me.MapWallet();
        me.MapOrganisations();
    }

    /// <summary>Lets nobody in but a person by their session, takes forms of this site's own pages alone, and has nothing kept on the way.</summary>
    public static RouteGroupBuilder OfOnesOwn(this RouteGroupBuilder pages) => pages.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        // A key stands for a machine, which has nothing of its own here.
        if (http.SessionId() is null)
            return Results.LocalRedirect(Callers.SignInPath);
        return HttpMethods.IsPost(http.Request.Method) && !await Guard(http).IsRequestValidAsync(http)
            ? PortalRoom.Message(VisitOf(http), "expired.title", "expired.text", 400) : await next(context);
    });

    private static async Task<RazorComponentResult> PostsAsync(HttpContext http, Accounts accounts, UserCentre centre, Sessions sessions, Jurisdiction land)
    {
        var posts = (await accounts.PostsAsync(http.Caller().Login, http.RequestAborted)).Where(p => p.StandsOn(centre.Today)).ToList();
        var chosen = (await OwnAsync(http, sessions))?.Post;
        var now = (posts.FirstOrDefault(p => p.Id == chosen) ?? posts.FirstOrDefault(p => p.Kind == "main"))?.Id;
        return new RazorComponentResult<PostsPage>(new { Visit = VisitOf(http), Posts = posts, Now = now, Land = land });
    }

    private static async Task<Session?> OwnAsync(HttpContext http, Sessions sessions) =>
        (await sessions.OfAsync(http.Caller().Login, http.RequestAborted)).FirstOrDefault(s => s.Id == http.SessionId());

    internal static Visit VisitOf(HttpContext http) => Visit.Of(http, (Jurisdiction)http.RequestServices.GetService(typeof(Jurisdiction))!);

    internal static Task<IFormCollection> FormAsync(HttpContext http) => http.Request.ReadFormAsync(http.RequestAborted);

    private static IAntiforgery Guard(HttpContext http) => (IAntiforgery)http.RequestServices.GetService(typeof(IAntiforgery))!;
}
