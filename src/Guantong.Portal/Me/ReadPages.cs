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
        me.MapGet("/reads", ShowAsync).Needs("self.see");
        me.MapGet("/reads.csv", MineApi.CsvAsync).Needs("self.see");
    }

    private static async Task<RazorComponentResult> ShowAsync(HttpContext http, Reads reads, UserCentre centre, Jurisdiction land, string? of, string? from, string? to, long? before)
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
            ["IsLater"] = before is not null, ["Offset"] = land.Offset, ["Fault"] = wrong is null ? null : visit.Say("me.reads.wrong", wrong),
        }) { StatusCode = wrong is null ? 200 : 422 };
    }
}
