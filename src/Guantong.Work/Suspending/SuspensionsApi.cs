using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Suspending and terminating cases over the API.</summary>
internal static class SuspensionsApi
{
    /// <summary>The ground (<c>GET /clock/grounds?for=suspend</c>) and why.</summary>
    public sealed record Suspending(string? Ground, string? Reason);

    /// <summary>The ground (<c>GET /clock/grounds?for=terminate</c>), why, and that whoever asks knows that it cannot be undone.</summary>
    public sealed record Terminating(string? Ground, string? Reason, bool Confirmed = false);

    public static void MapSuspensions(this IEndpointRouteBuilder work)
    {
        var one = work.MapGroup("/cases/{id}");
        one.MapPost("/suspend", (string id, Suspending given, Suspensions book, HttpContext http) => DoAsync(http, () => book.SuspendAsync(id, given.Ground, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("case.suspend").WithSummary("Suspend a case on a legal ground: its clock stands and nothing of it is finished; the applicant sees it");
        one.MapPost("/resume", (string id, Suspensions book, HttpContext http) => DoAsync(http, () => book.ResumeAsync(id, http.Caller(), http.RequestAborted)))
            .Needs("case.suspend").WithSummary("Let a suspended case go on");
        one.MapPost("/terminate", (string id, Terminating given, Suspensions book, HttpContext http) => DoAsync(http, () => book.TerminateAsync(id, given.Ground, given.Reason, given.Confirmed, http.Caller(), http.RequestAborted)))
            .Needs("case.terminate").WithSummary("Terminate a case for good on a legal ground; the applicant is told why");
    }

    private static Task<IResult> DoAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
