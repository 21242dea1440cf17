using System.Text.Json.Nodes;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Incidents over the API; for operators.</summary>
internal static class IncidentsApi
{
    /// <summary>Why it is resolved, and data: of the case to mend before it is retried, or what a service that was done by hand gave.</summary>
    public sealed record Resolution(string Reason, JsonObject? Data);

    public static void MapIncidents(this IEndpointRouteBuilder api)
    {
        var incidents = api.MapGroup("/incidents").WithTags("Work").Needs("incident.mend");
        incidents.MapGet("", async (Incidents incidents, HttpContext http, string? state, string? caseId, int skip = 0, int take = 50) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            var page = await incidents.PageAsync(state, caseId, http.Rows("incident.mend"), skip, take, http.RequestAborted);
            return Results.Ok(new Page<object>([.. page.Items.Select(i => Told(i, http))], page.Total, skip, take));
        }).WithSummary("Work that cannot go on by itself, the latest first; state is open or resolved");
        incidents.MapGet("/{id}", async (string id, Incidents incidents, HttpContext http) =>
            await incidents.FindAsync(id, http.Rows("incident.mend"), http.RequestAborted) is { } incident ? Results.Ok(Told(incident, http)) : http.Problem(404, "not-found", id))
            .WithSummary("An incident");
        incidents.MapPost("/{id}/retry", (string id, Resolution given, Incidents incidents, HttpContext http) => ResolveAsync(http, () => incidents.RetryAsync(id, given.Data, given.Reason, http.Caller(), http.RequestAborted)))
            .WithSummary("Take it again, with data of the case mended first where some is given");
        incidents.MapPost("/{id}/dismiss", (string id, Resolution given, Incidents incidents, HttpContext http) => ResolveAsync(http, () => incidents.DismissAsync(id, given.Data, given.Reason, http.Caller(), http.RequestAborted)))
            .WithSummary("Go on without it: the service was done by hand, the message is dropped");
    }

    private static object Told(Incident i, HttpContext http) =>
        new { i.Id, i.CaseId, i.Number, i.Title, i.Kind, i.Node, i.Why, Said = i.Say(Lang.Of(http)), Mend = i.Mend(Lang.Of(http)), i.Detail, i.Since, i.Resolved, i.ResolvedBy, i.How, i.Reason, i.MayDismiss };

    private static Task<IResult> ResolveAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        try
        {
            await act();
        }
        catch (StuckException stuck)
        {
            return http.WorkProblem(422, "still-stuck", WorkTexts.Say(Lang.Of(http), "incident.why." + stuck.Why, stuck.Detail));
        }
        return Results.NoContent();
    });
}
