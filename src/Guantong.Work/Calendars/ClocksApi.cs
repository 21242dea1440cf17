using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Stopping and resuming a case's clock over the API.</summary>
internal static class ClocksApi
{
    /// <summary>The ground (materials, appraisal …) and why.</summary>
    public sealed record Stopping(string? Ground, string? Reason);

    public static void MapClocks(this IEndpointRouteBuilder work)
    {
        work.MapGet("/clock/grounds", (Jurisdiction land, HttpContext http, string? @for) => Results.Ok(land.Calendars.GroundsFor(@for ?? "clock").Select(g => new { g.Id, Name = g.Say(Lang.Of(http)), Law = g.SayLaw(Lang.Of(http)) })))
            .Needs("case.read").WithSummary("The grounds on which a case's clock may be stopped (for=clock, unless said otherwise), or a case suspended (suspend) or terminated (terminate), and the articles that say so");
        work.MapGet("/cases/{id}/clock", async (string id, Cases cases, Jurisdiction land, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is not { } file ? http.Problem(404, "not-found", id)
            : Results.Ok(new { file.Case.Due, file.Case.IsDueEstimated, file.Case.Light, file.Case.Stopped, Limit = file.Case.Term, Pauses = file.Pauses.Select(p => Shown(p, land, Lang.Of(http))) }))
            .Needs("case.read").WithSummary("How a case's term stands, and when its clock was stopped on what ground");
        work.MapPost("/cases/{id}/clock/stop", (string id, Stopping given, Cases cases, Clocks clocks, HttpContext http) => ActAsync(http, id, cases, (caseId, by) => clocks.StopAsync(caseId, given.Ground, given.Reason, by, http.RequestAborted)))
            .Needs("case.clock").WithSummary("Stop a case's clock on a legal ground; the applicant sees it");
        work.MapPost("/cases/{id}/clock/resume", (string id, Cases cases, Clocks clocks, HttpContext http) => ActAsync(http, id, cases, (caseId, by) => clocks.ResumeAsync(caseId, by, http.RequestAborted)))
            .Needs("case.clock").WithSummary("Let a case's clock go on; what is due is due later by the time that it stood");
    }

    /// <summary>A pause as readers of a case and its applicant see it: never by whom.</summary>
    public static object Shown(Pause pause, Jurisdiction land, string lang) => new { pause.Since, pause.Resumed, pause.Ground, Name = land.Calendars.Ground(pause.Ground)?.Say(lang) ?? pause.Ground, Law = land.Calendars.Ground(pause.Ground)?.SayLaw(lang), pause.Reason };

    private static Task<IResult> ActAsync(HttpContext http, string id, Cases cases, Func<string, Person, Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        if (await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is not { } file)
            return http.Problem(404, "not-found", id);
        await act(file.Case.Id, http.Caller());
        return Results.NoContent();
    });
}
