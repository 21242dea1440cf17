using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Reports;

/// <summary>The pages on which anyone reports a fault of open data (异议) and follows it.</summary>
internal static class ReportPages
{
    public static void MapReports(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/data/{pack}/{dataset}/report", (string pack, string dataset, PackRegistry registry, Jurisdiction land, HttpContext http) =>
            DataRoom.Find(registry, http, pack, dataset) is var (p, d) ? Form(p, d, land, http, new Dictionary<string, string>(), null) : Missing(land, http)).Needs("ticket.report");
        pages.MapPost("/data/{pack}/{dataset}/report", SendAsync).Needs("ticket.report").Limited(TicketsApi.Limit);
        pages.MapGet("/data-reports", IResult (Jurisdiction land, HttpContext http, string? number) => new RazorComponentResult<FollowPage>(new { Visit = Visit.Of(http, land), Number = number })).Needs("ticket.report");
        // The code goes in the body: addresses end up in histories and logs.
        pages.MapPost("/data-reports", FollowAsync).Needs("ticket.report").Limited(TicketsApi.Limit);
    }

    private static RazorComponentResult Form(Pack pack, Dataset dataset, Jurisdiction land, HttpContext http, IReadOnlyDictionary<string, string> typed, string? fault) =>
        new RazorComponentResult<ReportPage>(new Dictionary<string, object?> { ["Visit"] = Visit.Of(http, land), ["Pack"] = pack, ["Dataset"] = dataset, ["Typed"] = typed, ["Fault"] = fault }) { StatusCode = fault is null ? 200 : 422 };

    private static async Task<RazorComponentResult> SendAsync(string pack, string dataset, PackRegistry registry, TicketLoop loop, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (DataRoom.Find(registry, http, pack, dataset) is not var (p, d))
            return Missing(land, http);
        if (!await guard.IsRequestValidAsync(http))
            return PortalRoom.Message(Visit.Of(http, land), "expired.title", "expired.text", 400);
        var typed = (await http.Request.ReadFormAsync(http.RequestAborted)).ToDictionary(f => f.Key, f => f.Value.ToString());
        try
        {
            var (number, code) = await loop.ReportAsync(http.SessionId() is null ? null : Callers.Of(http.User), p, d, typed.GetValueOrDefault("field"), typed.GetValueOrDefault("rows"), typed.GetValueOrDefault("words"), http.RequestAborted);
            return new RazorComponentResult<ReportedPage>(new { Visit = Visit.Of(http, land), Pack = p, Dataset = d, Number = number, Code = code });
        }
        catch (RefusedException refused)
        {
            return Form(p, d, land, http, typed, refused.Say(Lang.Of(http)));
        }
    }

    private static async Task<RazorComponentResult> FollowAsync(Tickets book, PackRegistry registry, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (!await guard.IsRequestValidAsync(http))
            return PortalRoom.Message(Visit.Of(http, land), "expired.title", "expired.text", 400);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var file = await book.FollowAsync(form["number"].ToString().Trim(), form["code"].ToString(), http.RequestAborted);
        return new RazorComponentResult<FollowPage>(new Dictionary<string, object?> { ["Visit"] = Visit.Of(http, land), ["Number"] = form["number"].ToString(), ["File"] = file, ["IsWrong"] = file is null, ["Pack"] = file is null ? null : registry.Find(file.Ticket.Pack), ["Land"] = land }) { StatusCode = file is null ? 404 : 200 };
    }

    private static RazorComponentResult Missing(Jurisdiction land, HttpContext http) => PortalRoom.Message(Visit.Of(http, land), "missing.title", "missing.text", 404);
}
