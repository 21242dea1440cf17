using System.Text.Json.Nodes;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Answering over the API whether applications are taken up, and supplementing them.</summary>
internal static class AcceptancesApi
{
    /// <summary>What the applicant is to supplement, and what is said to them.</summary>
    public sealed record Supplementing(IReadOnlyList<string>? Fields, IReadOnlyList<string>? Materials, string? Reason);

    /// <summary>The ground (<c>GET /clock/grounds?for=reject</c> or <c>redirect</c>) and the reasons; of redirecting, where they are to turn to.</summary>
    public sealed record Ending(string? Ground, string? Reason, string? Toward = null);

    /// <summary>Why.</summary>
    public sealed record Because(string? Reason);

    public static void MapAcceptances(this IEndpointRouteBuilder api)
    {
        var one = api.MapGroup("/cases/{id}/acceptance").WithTags("Work");
        one.MapGet("", async (string id, Cases cases, Acceptances book, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file && await book.OfAsync(file.Case.Id, http.RequestAborted) is { } acceptance ? Results.Ok(acceptance) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithSummary("How the acceptance of a case stands").Produces<Acceptance>();
        one.MapPost("/accept", (string id, Acceptances book, HttpContext http) => DoAsync(http, () => book.AcceptAsync(id, http.Caller(), http.RequestAborted)))
            .Needs("task.work").WithSummary("Accept an application: its case begins");
        one.MapPost("/supplement", (string id, Supplementing given, Acceptances book, HttpContext http) => DoAsync(http, () => book.SupplementAsync(id, given.Fields, given.Materials, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("task.work").WithSummary("Ask the applicant, once and for all of it, to supplement an application");
        one.MapPost("/reject", (string id, Ending given, Acceptances book, HttpContext http) => DoAsync(http, () => book.RejectAsync(id, given.Ground, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("task.work").WithSummary("Do not accept an application, on a legal ground and with reasons");
        one.MapPost("/redirect", (string id, Ending given, Acceptances book, HttpContext http) => DoAsync(http, () => book.RedirectAsync(id, given.Ground, given.Toward, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("task.work").WithSummary("Tell an applicant which organ is competent instead");
        one.MapPost("/reopen", (string id, Because given, Acceptances book, HttpContext http) => DoAsync(http, () => book.ReopenAsync(id, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("acceptance.reopen").WithSummary("Take a rejection or redirection back");
        api.MapPost("/applications/{number}/supplement", (string number, string code, JsonObject given, Applications applications, Acceptances book, HttpContext http) => GiveAsync(http, number, () => applications.LookUpAsync(number, code, http.RequestAborted), given, book))
            .Needs("service.look-up").Limited(ApplicationsApi.Limit).WithTags("Services").WithSummary("Supplement an application, by its number and code");
        api.MapPost("/applications/{number}/withdraw", (string number, string code, Applications applications, Acceptances book, HttpContext http) => TakeBackAsync(http, number, () => applications.LookUpAsync(number, code, http.RequestAborted), book))
            .Needs("service.look-up").Limited(ApplicationsApi.Limit).WithTags("Services").WithSummary("Take an application back that was not accepted yet, by its number and code");
        api.MapPost("/me/applications/{number}/supplement", (string number, JsonObject given, Applications applications, Acceptances book, HttpContext http) => GiveAsync(http, number, async () => (await applications.FindMineAsync(http.Caller(), number, http.RequestAborted))?.File, given, book))
            .Needs("self.see").WithTags("Services").WithSummary("Supplement an application of mine");
        api.MapPost("/me/applications/{number}/withdraw", (string number, Applications applications, Acceptances book, HttpContext http) => TakeBackAsync(http, number, async () => (await applications.FindMineAsync(http.Caller(), number, http.RequestAborted))?.File, book))
            .Needs("self.see").WithTags("Services").WithSummary("Take an application of mine back that was not accepted yet");
    }

    /// <summary>How an acceptance stands as its applicant sees it: never by whom.</summary>
    internal static object? Shown(ApplicationFile file, Jurisdiction land, string lang) => file.Acceptance is not { } a ? null : new
    {
        a.State, a.Received, a.Due, Wanted = a.State == "supplement" ? new { a.Wanted.Fields, a.Wanted.Materials, Names = Acceptances.Names(a.Wanted, file.Pack, file.Pack.Matter(file.Case.Matter)!, lang) } : null, a.SupplementDue,
        a.Ground, GroundName = land.Calendars.Ground(a.Ground)?.Say(lang), Law = land.Calendars.Ground(a.Ground)?.SayLaw(lang), a.Reason, a.Toward, a.Answered, Unit = land.Units.Find(a.Unit)?.Say(lang),
    };

    private static Task<IResult> GiveAsync(HttpContext http, string number, Func<Task<ApplicationFile?>> find, JsonObject given, Acceptances book) => WorkRoom.ActAsync(http, async () =>
        await find() is not { } file ? http.Problem(404, "not-found", number) : await book.GiveAsync(file, given, http.RequestAborted) is { Count: > 0 } faults ? http.FormProblem(faults) : Results.NoContent());

    private static Task<IResult> TakeBackAsync(HttpContext http, string number, Func<Task<ApplicationFile?>> find, Acceptances book) => WorkRoom.ActAsync(http, async () =>
    {
        if (await find() is not { } file)
            return http.Problem(404, "not-found", number);
        await book.WithdrawAsync(file, http.RequestAborted);
        return Results.NoContent();
    });

    private static Task<IResult> DoAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
