using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Supervisions over the API.</summary>
internal static class SupervisionsApi
{
    /// <summary>Of which unit (null: the one that has an open task), what is demanded, until when (ISO 8601), and why.</summary>
    public sealed record Opening(string? Unit, string? Demand, string? Due, string? Reason);

    /// <summary>What is said; until when now, where it is sent back; and the version as it was read (null: whatever it is).</summary>
    public sealed record Saying(string? Words, string? Due = null, long? Version = null);

    public static void MapSupervisions(this IEndpointRouteBuilder work)
    {
        work.MapPost("/cases/{id}/supervise", (string id, Opening given, Supervisions book, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var opened = await book.OpenAsync(id, given.Unit, given.Demand, given.Due, given.Reason, http.Caller(), http.RequestAborted);
            return Results.Created($"/api/v1/cases/{id}/supervisions", new { id = opened });
        })).Needs("case.supervise").WithSummary("Hold a unit to something about a case, by a deadline");
        work.MapGet("/cases/{id}/supervisions", async (string id, Cases cases, Supervisions book, TimeProvider clock, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file
                ? Results.Ok((await book.OfCaseAsync(file.Case.Id, http.RequestAborted)).Select(s => Told(s, clock.GetUtcNow()))) : http.Problem(404, "not-found", id))
            .Needs("supervision.read").WithSummary("The supervisions of a case, oldest first");
        var all = work.MapGroup("/supervisions");
        all.MapGet("", async (Supervisions book, TimeProvider clock, HttpContext http, string? state, int skip = 0, int take = 50) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            if (state is not null && !Supervisions.States.Contains(state))
                return http.WorkProblem(400, "supervision-state");
            var page = await book.PageAsync(state, http.Rows("supervision.read"), skip, take, http.RequestAborted);
            return Results.Ok(new { Items = page.Items.Select(s => Told(s, clock.GetUtcNow())), page.Total, page.Skip, page.Take });
        }).Needs("supervision.read").WithSummary("Supervisions, those that wait first: all, or those that are open, overdue, answered, closed or withdrawn");
        all.MapPost("/{id}/answer", (string id, Saying given, Supervisions book, HttpContext http) => DoAsync(http, () => book.AnswerAsync(id, given.Words, http.Caller(), http.RequestAborted)))
            .Needs("supervision.answer").WithSummary("Say how what my unit is held to stands");
        all.MapPost("/{id}/accept", (string id, Saying given, Supervisions book, HttpContext http) => DoAsync(http, () => book.AcceptAsync(id, given.Words, given.Version, http.Caller(), http.RequestAborted)))
            .Needs("case.supervise").WithSummary("Accept what the unit answered: the supervision is closed");
        all.MapPost("/{id}/send-back", (string id, Saying given, Supervisions book, HttpContext http) => DoAsync(http, () => book.SendBackAsync(id, given.Words, given.Due, given.Version, http.Caller(), http.RequestAborted)))
            .Needs("case.supervise").WithSummary("Send a supervision back to the unit, with another deadline");
        all.MapPost("/{id}/withdraw", (string id, Saying given, Supervisions book, HttpContext http) => DoAsync(http, () => book.WithdrawAsync(id, given.Words, http.Caller(), http.RequestAborted)))
            .Needs("case.supervise").WithSummary("Take a supervision back");
    }

    private static Task<IResult> DoAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });

    private static object Told(Supervision s, DateTimeOffset now) => new
    {
        s.Id, s.CaseId, s.Number, s.Title, s.Region, s.Unit, s.ByLogin, s.ByUnit, s.Demand, s.Reason, s.State, IsOverdue = s.IsOverdue(now), s.Opened, s.Due, s.Ended, s.Version,
        Lines = s.Lines.Select(l => new { l.At, l.What, l.ByLogin, l.Unit, l.Words, l.Due }),
    };
}
