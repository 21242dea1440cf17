using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Insight;

/// <summary>Manual returns over the API.</summary>
internal static class ReturnsApi
{
    /// <summary>Rows of a sheet as they are filled in, and the version that they were changed from.</summary>
    public sealed record FilledRows(IReadOnlyList<Dictionary<string, string>> Rows, long Version);

    /// <summary>A decision on a sheet.</summary>
    public sealed record Decision(long Version, string? Note = null);

    public static void MapReturns(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/returns").WithTags("Insight").TellsRefusals();
        all.MapGet("", async (Returns returns, HttpContext http, string? state, string side = "fill", int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage) : Results.Ok(await returns.PageAsync(http.Caller(), side, state, skip, take, http.RequestAborted)))
            .Needs("return.read").WithSummary("Sheets that the caller's unit fills in or reviews, what is due first").Produces<Page<ReturnSheet>>();
        all.MapGet("/{id}", async (string id, Returns returns, HttpContext http) =>
            await returns.FindAsync(id, http.Caller(), http.RequestAborted) is var (sheet, steps) ? Results.Ok(new { Sheet = sheet, Rows = sheet.Rows(), Steps = steps }) : http.Problem(404, "not-found", id))
            .Needs("return.read").WithSummary("A sheet with its rows and its way");
        all.MapPut("/{id}", async (string id, FilledRows given, Returns returns, HttpContext http) => Results.Ok(await returns.SaveAsync(id, given.Rows, given.Version, http.Caller(), http.RequestAborted)))
            .Needs("return.fill").WithSummary("Keep what is filled in so far").Produces<ReturnSheet>();
        all.MapPost("/{id}/send", async (string id, FilledRows given, Returns returns, HttpContext http) =>
        {
            try
            {
                return Results.Ok(await returns.SendAsync(id, given.Rows, given.Version, http.Caller(), http.RequestAborted));
            }
            catch (ReturnFaultsException e)
            {
                return http.FieldProblem(e.Faults.GroupBy(f => $"rows[{f.Row}].{f.Field}").ToDictionary(f => f.Key, f => f.Select(x => Problems.Say(Lang.Of(http), "return-fault." + x.Rule)).ToArray()));
            }
        }).Needs("return.fill").WithSummary("Send a sheet to its reviewer").Produces<ReturnSheet>();
        all.MapPost("/{id}/take-back", async (string id, Decision given, Returns returns, HttpContext http) => Results.Ok(await returns.TakeBackAsync(id, given.Version, http.Caller(), http.RequestAborted)))
            .Needs("return.fill").WithSummary("Take back a sheet that nobody decided on").Produces<ReturnSheet>();
        all.MapPost("/{id}/send-back", async (string id, Decision given, Returns returns, HttpContext http) => Results.Ok(await returns.SendBackAsync(id, given.Note ?? "", given.Version, http.Caller(), http.RequestAborted)))
            .Needs("return.review").WithSummary("Send a sheet back with what is to be mended").Produces<ReturnSheet>();
        all.MapPost("/{id}/accept", async (string id, Decision given, Returns returns, HttpContext http) => Results.Ok(await returns.AcceptAsync(id, given.Version, http.Caller(), http.RequestAborted)))
            .Needs("return.review").WithSummary("Accept a sheet: its rows stand in the dataset").Produces<ReturnSheet>();
    }
}
