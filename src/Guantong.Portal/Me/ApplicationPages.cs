using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Me;

/// <summary>What a person applied for with their account, what agents did for them, and what they did for others.</summary>
internal static class ApplicationPages
{
    private const int PerPage = 20;

    public static void MapMyApplications(this IEndpointRouteBuilder me)
    {
        me.MapGet("/applications", async Task<IResult> (HttpContext http, Applications applications, Data.PackRegistry packs, Jurisdiction land, int skip = 0) =>
        {
            var page = await applications.OfAsync(http.Caller(), Math.Max(0, skip), PerPage, http.RequestAborted);
            var names = new Dictionary<string, (string Matter, string? Outcome)>();
            foreach (var one in page.Items)
            {
                var (pack, lang) = (await packs.AtAsync(one.Pack, one.Revision, http.RequestAborted), Lang.Of(http));
                names[one.Number] = (pack.Say(lang, pack.Matter(one.Matter)?.Name ?? one.Matter), one.Outcome is null ? null : pack.Say(lang, one.Outcome));
            }
            return new RazorComponentResult<ApplicationsPage>(new { Visit = MePages.VisitOf(http), Page = page, Names = names, Land = land });
        }).Needs("self.see");
        me.MapGet("/applications/{number}", async (string number, HttpContext http, Applications applications, Jurisdiction land) =>
            await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is var (file, line)
                ? new RazorComponentResult<ApplicationPage>(new { Visit = MePages.VisitOf(http), File = file, Line = line, Land = land })
                : (IResult)PortalRoom.Message(MePages.VisitOf(http), "missing.title", "missing.text", 404)).Needs("self.see");
    }
}
