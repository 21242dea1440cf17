using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Me;

/// <summary>The applications that a person has begun and not sent.</summary>
internal static class DraftPages
{
    public static void MapMyDrafts(this IEndpointRouteBuilder me)
    {
        me.MapGet("/drafts", async Task<IResult> (HttpContext http, ApplicationDrafts drafts, Applications applications, Jurisdiction land) =>
        {
            var lang = Lang.Of(http);
            IReadOnlyList<(Draft, string?)> named = [.. (await drafts.OfAsync(http.Caller(), http.RequestAborted)).Select(d => (d, applications.Find(d.Of!.Value.Pack, d.Of.Value.Matter) is var (applied, matter) ? applied.Pack.Say(lang, matter.Name) : null))];
            return new RazorComponentResult<DraftsPage>(new { Visit = MePages.VisitOf(http), Drafts = named, Land = land });
        }).Needs("self.see");
        me.MapPost("/drafts/remove", async (HttpContext http, ApplicationDrafts drafts) =>
        {
            await drafts.RemoveAsync(http.Caller(), (await MePages.FormAsync(http))["id"].ToString(), http.RequestAborted);
            return Results.LocalRedirect("/me/drafts");
        }).Needs("self.see");
    }
}
