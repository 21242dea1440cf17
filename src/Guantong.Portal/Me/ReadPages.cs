using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Me;

/// <summary>Who read a person's data, when, for what matter.</summary>
internal static class ReadPages
{
    private const int PerPage = 30;

    public static void MapReads(this IEndpointRouteBuilder me)
    {
        me.MapGet("/reads", (HttpContext http, Reads reads, Objections objections, UserCentre centre, Jurisdiction land, string? of, string? from, string? to, long? before) => ShowAsync(http, reads, objections, centre, land, of, from, to, before, null)).Needs("self.see");
        me.MapGet("/reads.csv", (Reads reads, Jurisdiction land, HttpContext http, string? of, string? from, string? to) => MineApi.CsvAsync(reads, land, http, of, from, to)).Needs("self.see");
        me.MapPost("/reads/ask", AskAsync).Needs("self.see");
    }

    private static async Task<IResult> AskAsync(HttpContext http, Reads reads, Objections objections, UserCentre centre, Jurisdiction land)
    {
        var form = await MePages.FormAsync(http);
        var of = form["of"].ToString();
        var fault = long.TryParse(form["entry"], System.Globalization.CultureInfo.InvariantCulture, out var entry) ? await objections.AskAsync(http.Caller(), of, entry, form["words"], http.RequestAborted) : "objection-entry";
        return fault is null ? Results.LocalRedirect("/me/reads" + QueryString.Create("of", of) + "#asked")
            : await ShowAsync(http, reads, objections, centre, land, of, null, null, null, WorkTexts.Say(Lang.Of(http), "conflict." + fault, Objections.Longest));
    }

    private static async Task<RazorComponentResult> ShowAsync(HttpContext http, Reads reads, Objections objections, UserCentre centre, Jurisdiction land, string? of, string? from, string? to, long? before, string? fault)
    {
        var (visit, me) = (MePages.VisitOf(http), http.Caller());
        var wrong = MineApi.Query(from, to, before, out var query);
        if (wrong is null && query is { From: { } first, To: { } last } && last < first)
            wrong = $"{from} – {to}";
        var page = wrong is null ? await reads.PageAsync(me, of, query, PerPage, visit.Lang, http.RequestAborted) : new ReadPage([], null);
        if (page is null && !string.IsNullOrEmpty(of))
            return PortalRoom.Message(visit, "missing.title", "missing.text", 404);
        return new RazorComponentResult<ReadsPage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit, ["Page"] = page ?? new ReadPage([], null), ["Own"] = await centre.OwnAsync(me, http.RequestAborted), ["Of"] = of ?? "", ["From"] = from ?? "", ["To"] = to ?? "",
            ["IsLater"] = before is not null, ["Offset"] = land.Offset, ["Fault"] = wrong is null ? fault : visit.Say("me.reads.wrong", wrong),
            ["Asked"] = (await objections.OfAsync(me, of, http.RequestAborted)).Select(o => o with { Unit = objections.UnitOf(o, visit.Lang) }).ToList(),
        }) { StatusCode = wrong is null && fault is null ? 200 : 422 };
    }
}
