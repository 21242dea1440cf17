using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Me;

/// <summary>Authority that a person gave to agents, and that they hold (授权代办).</summary>
internal static class AuthorityPages
{
    public static void MapAuthority(this IEndpointRouteBuilder me)
    {
        me.MapGet("/authority", (HttpContext http, UserCentre centre, Work.Applications services) => ShowAsync(http, centre, services, null));
        me.MapPost("/authority", OfferAsync);
        me.MapPost("/authority/accept", async (HttpContext http, UserCentre centre) =>
        {
            await centre.AcceptAsync(http.Caller(), (await MePages.FormAsync(http))["id"].ToString(), http.RequestAborted);
            return Results.LocalRedirect("/me/authority");
        });
        me.MapPost("/authority/end", async (HttpContext http, UserCentre centre) =>
        {
            await centre.EndAuthorityAsync(http.Caller(), (await MePages.FormAsync(http))["id"].ToString(), http.RequestAborted);
            return Results.LocalRedirect("/me/authority");
        });
    }

    private static async Task<IResult> OfferAsync(HttpContext http, UserCentre centre, Work.Applications services)
    {
        if (http.NeedsStepUp() is { } first)
            return first;
        var form = await MePages.FormAsync(http);
        var fault = await centre.OfferAsync(http.Caller(), form["principal"].ToString(), form["agent"].ToString().Trim(), [.. form["matter"].OfType<string>()], form["from"].ToString(), form["to"].ToString(), http.RequestAborted);
        return fault is null ? Results.LocalRedirect("/me/authority") : await ShowAsync(http, centre, services, Problems.Say(Lang.Of(http), fault));
    }

    private static async Task<RazorComponentResult> ShowAsync(HttpContext http, UserCentre centre, Work.Applications services, string? fault)
    {
        var me = http.Caller();
        var (given, held) = await centre.AuthoritiesAsync(me, http.RequestAborted);
        return new RazorComponentResult<AuthorityPage>(new Dictionary<string, object?>
        {
            ["Visit"] = MePages.VisitOf(http), ["Me"] = me, ["Fault"] = fault, ["Given"] = given, ["Held"] = held, ["Today"] = centre.Today,
            ["Names"] = await centre.NamesAsync(held.Select(h => h.Principal), http.RequestAborted),
            ["Organisations"] = await centre.RepresentedAsync(me.Login, http.RequestAborted), ["Services"] = services.Services().ToList(),
        }) { StatusCode = fault is null ? 200 : 422 };
    }
}
