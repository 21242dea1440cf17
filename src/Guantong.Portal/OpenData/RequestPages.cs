using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.OpenData;

/// <summary>The pages on which people ask for data that is not open yet (数据需求), and support what others asked for.</summary>
internal static class RequestPages
{
    private const int PageSize = 20;

    public static void MapRequests(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/data-requests", async Task<IResult> (DataRequests book, Jurisdiction land, HttpContext http, string? q, string? state, string? sort, int skip = 0) =>
        {
            var query = new DataRequestQuery(q is { Length: > 100 } ? q[..100] : q, DataRequests.States.Contains(state ?? "") ? state : null, sort == "support" ? "support" : "made", Math.Max(0, skip), PageSize);
            return new RazorComponentResult<RequestsPage>(new { Visit = Visit.Of(http, land), Query = query, Found = await book.PageAsync(OpenDataPages.MeOf(http), query, http.RequestAborted), Land = land });
        }).Needs("voice.read");
        pages.MapGet("/data-requests/new", (Jurisdiction land, HttpContext http, string? title) => Form(land, http, new Dictionary<string, string> { ["title"] = title ?? "" }, [])).Needs("voice.write");
        pages.MapPost("/data-requests/new", AskAsync).Needs("voice.write").Limited(VoicesApi.Limit);
        pages.MapGet("/data-requests/{id}", (string id, DataRequests book, HttpContext http, string? done = null) => ShowAsync(id, book, http, done, null)).Needs("voice.read");
        pages.MapPost("/data-requests/{id}/support", SupportAsync).Needs("voice.write").Limited(VoicesApi.Limit);
    }

    private static RazorComponentResult Form(Jurisdiction land, HttpContext http, IReadOnlyDictionary<string, string> typed, IReadOnlyDictionary<string, string> faults) =>
        new RazorComponentResult<NewRequestPage>(new { Visit = Visit.Of(http, land), Typed = typed, Faults = faults, Land = land }) { StatusCode = faults.Count == 0 ? 200 : 422 };

    private static RazorComponentResult Form(Jurisdiction land, HttpContext http, IReadOnlyDictionary<string, string> typed, (string Field, string Fault)[] faults) => Form(land, http, typed, faults.ToDictionary(f => f.Field, f => f.Fault));

    private static async Task<IResult> AskAsync(DataRequests book, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (await OpenDataPages.GuardedAsync(guard, http) is { } expired)
            return expired;
        var typed = (await http.Request.ReadFormAsync(http.RequestAborted)).ToDictionary(f => f.Key, f => f.Value.ToString());
        var (title, why, unit) = (typed.GetValueOrDefault("title"), typed.GetValueOrDefault("why"), typed.GetValueOrDefault("unit"));
        // Every field is said to be wrong at once.
        var faults = ((string Field, Func<string> Check)[])[("title", () => VoiceWords.OfPublic(title, VoiceWords.LongestTitle)), ("why", () => VoiceWords.OfPublic(why))];
        var found = new Dictionary<string, string>();
        foreach (var (field, check) in faults)
        {
            try
            {
                check();
            }
            catch (RefusedException refused)
            {
                found[field] = refused.Say(Lang.Of(http));
            }
        }
        if (found.Count > 0)
            return Form(land, http, typed, found);
        try
        {
            var made = await book.AskAsync(http.Caller(), title, why, unit, http.RequestAborted);
            return Results.LocalRedirect($"/data-requests/{made.Id}?done=asked");
        }
        catch (RefusedException refused)
        {
            return Form(land, http, typed, [(refused.Code == "voice-unit" ? "unit" : "title", refused.Say(Lang.Of(http)))]);
        }
    }

    private static async Task<RazorComponentResult> ShowAsync(string id, DataRequests book, HttpContext http, string? done, string? fault)
    {
        var land = (Jurisdiction)http.RequestServices.GetService(typeof(Jurisdiction))!;
        var packs = (PackRegistry)http.RequestServices.GetService(typeof(PackRegistry))!;
        var me = OpenDataPages.MeOf(http);
        return await book.FindAsync(me, id, http.RequestAborted) is not { } request ? PortalRoom.Message(Visit.Of(http, land), "missing.title", "missing.text", 404)
            : new RazorComponentResult<RequestPage>(new Dictionary<string, object?> { ["Visit"] = Visit.Of(http, land), ["Request"] = request, ["Land"] = land, ["Packs"] = packs, ["IsSignedIn"] = me is not null, ["Done"] = done, ["Fault"] = fault }) { StatusCode = fault is null ? 200 : 409 };
    }

    private static async Task<IResult> SupportAsync(string id, DataRequests book, IAntiforgery guard, HttpContext http)
    {
        if (await OpenDataPages.GuardedAsync(guard, http) is { } expired)
            return expired;
        var supports = (await http.Request.ReadFormAsync(http.RequestAborted))["do"] != "take-back";
        try
        {
            await book.SupportAsync(http.Caller(), id, supports, http.RequestAborted);
            return Results.LocalRedirect($"/data-requests/{Uri.EscapeDataString(id)}?done={(supports ? "supported" : "unsupported")}");
        }
        catch (RefusedException refused)
        {
            return await ShowAsync(id, book, http, null, refused.Say(Lang.Of(http)));
        }
    }
}
