using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Merging and splitting cases over the API.</summary>
internal static class CaseJoinsApi
{
    /// <summary>Into which case (id or number), and why.</summary>
    public sealed record Merging(string? Into, string? Reason);

    /// <summary>Why.</summary>
    public sealed record Parting(string? Reason);

    /// <summary>The new case's matter (null: the same) and title (null: the same), the names of what it is given, and why.</summary>
    public sealed record Splitting(string? Matter, string? Title, IReadOnlyList<string>? Fields, string? Reason);

    public static void MapCaseJoins(this IEndpointRouteBuilder work)
    {
        var one = work.MapGroup("/cases/{id}").Needs("case.merge");
        one.MapPost("/merge", (string id, Merging given, CaseJoins joins, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            await joins.MergeAsync(id, given.Into, given.Reason, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        })).WithSummary("Merge a case into another of the same matter; its applicant sees how that goes on");
        one.MapPost("/unmerge", (string id, Parting given, CaseJoins joins, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            await joins.UnmergeAsync(id, given.Reason, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        })).WithSummary("Take a merged case apart again, while nothing of the other was finished since");
        one.MapPost("/split", (string id, Splitting given, CaseJoins joins, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var number = await joins.SplitAsync(id, given.Matter, given.Title, given.Fields, given.Reason, http.Caller(), http.RequestAborted);
            return Results.Created($"/api/v1/cases/{number}", new { number });
        })).WithSummary("Open a second case out of one, with a part of what it knows");
    }
}
