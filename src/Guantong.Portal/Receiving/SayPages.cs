using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Receiving;

/// <summary>The page on which people say something in their own words (统一受理). It works without JavaScript.</summary>
internal static class SayPages
{
    public static void MapSaying(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/say", IResult (Jurisdiction land, HttpContext http) => Form(land, http, new Dictionary<string, string>(), null)).Needs("service.apply");
        pages.MapPost("/say", SendAsync).Needs("service.apply").Limited(ApplicationsApi.Limit);
    }

    private static async Task<IResult> SendAsync(Receptions book, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (!await guard.IsRequestValidAsync(http))
            return PortalRoom.Message(Visit.Of(http, land), "expired.title", "expired.text", 400);
        var typed = (await http.Request.ReadFormAsync(http.RequestAborted)).ToDictionary(f => f.Key, f => f.Value.ToString());
        var me = http.SessionId() is null ? null : Callers.Of(http.User);
        try
        {
            var receipt = await book.ReceiveAsync(new NewReception(null, typed.GetValueOrDefault("region"), typed.GetValueOrDefault("said"), Email: typed.GetValueOrDefault("email")?.Trim()), null, me, Lang.Of(http), http.RequestAborted);
            var view = receipt.Code is { } code ? await book.LookUpAsync(receipt.Number, code, http.RequestAborted) : (await book.OfAsync(me!, http.RequestAborted)).FirstOrDefault(v => v.Number == receipt.Number);
            return new RazorComponentResult<SaidPage>(new Dictionary<string, object?> { ["Visit"] = Visit.Of(http, land), ["Receipt"] = receipt, ["View"] = view, ["Land"] = land });
        }
        catch (ConflictException e)
        {
            return Form(land, http, typed, e);
        }
    }

    private static RazorComponentResult<SayPage> Form(Jurisdiction land, HttpContext http, IReadOnlyDictionary<string, string> typed, ConflictException? fault) => new(new Dictionary<string, object?>
    {
        ["Visit"] = Visit.Of(http, land), ["Regions"] = land.Regions.Children(land.Root).Where(r => r.To is null).ToList(), ["Typed"] = typed, ["IsSignedIn"] = http.SessionId() is not null,
        ["Fault"] = fault?.Say(Lang.Of(http)), ["Where"] = fault?.Code switch { null => null, "reception-region" => "region", "contact-email" => "email", _ => "said" },
    }) { StatusCode = fault is null ? 200 : 422 };
}
