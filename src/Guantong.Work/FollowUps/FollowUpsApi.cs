using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Follow-up visits over the API.</summary>
internal static class FollowUpsApi
{
    public static void MapFollowUps(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/follow-ups").WithTags("Ratings").Needs("follow-up.ask");
        all.MapGet("", async (FollowUps book, HttpContext http, string? state, int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage) : Results.Ok(await book.PageAsync(state, http.Rows("follow-up.ask"), skip, take, http.RequestAborted)))
            .WithSummary("Cases that ended and whose applicants are to be asked how it was, the oldest first").Produces<Page<FollowUp>>();
        all.MapGet("/figures", async (FollowUps book, TimeProvider clock, HttpContext http, int days = 90) => days is < 1 or > 3660 ? http.Problem(400, "bad-time", days)
            : Results.Ok(await book.FiguresAsync(clock.GetUtcNow().AddDays(-days), http.Rows("follow-up.ask"), http.RequestAborted)))
            .WithSummary("What came of follow-up visits, by the unit that handled the cases").Produces<FollowUpFigures[]>();
        all.MapGet("/{number}", async (string number, FollowUps book, HttpContext http) => await book.ReachAsync(number, http.Caller(), http.RequestAborted) is { } reach ? Results.Ok(reach) : http.Problem(404, "not-found", number))
            .WithSummary("How an applicant may be reached; that it was looked at is told to them").Produces<FollowUpReach>();
        all.MapPost("/{number}", (string number, FollowedUp given, FollowUps book, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            await book.DoneAsync(number, given, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        })).WithSummary("Say what came of an attempt: not reached, or how they rate it");
    }
}
