using Guantong.Trust;
using Guantong.Trust.Provider;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Me;

/// <summary>What a person lets programs do.</summary>
internal static class ConsentPages
{
    public static void MapConsents(this IEndpointRouteBuilder me)
    {
        me.MapGet("/consents", async Task<IResult> (HttpContext http, Consents consents, Jurisdiction land, string? withdrawn) => new RazorComponentResult<ConsentsPage>(new
        {
            Visit = MePages.VisitOf(http), Consents = await consents.OfAsync(http.Caller().Login, Lang.Of(http), http.RequestAborted), IsWithdrawn = withdrawn is not null, land.Offset,
        })).Needs("self.see");
        me.MapPost("/consents/withdraw", async (HttpContext http, Consents consents) =>
        {
            var isWithdrawn = await consents.WithdrawAsync(http.Caller(), (await MePages.FormAsync(http))["id"].ToString(), http.RequestAborted);
            return Results.LocalRedirect("/me/consents" + (isWithdrawn ? "?withdrawn=1" : ""));
        }).Needs("self.see");
    }
}
