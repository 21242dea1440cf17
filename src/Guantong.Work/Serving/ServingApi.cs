using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Service of documents over the API.</summary>
internal static class ServingApi
{
    /// <summary>How a letter arrived.</summary>
    public sealed record Arrival(string? Served, string? Receiver);

    /// <summary>Why it did not.</summary>
    public sealed record Miss(string? Note);

    /// <summary>Whether somebody agrees to be served here.</summary>
    /// <param name="Of">An organisation that the caller represents (its subject); null for oneself.</param>
    public sealed record Agreement(bool Agrees, string? Of = null);

    public static void MapServing(this IEndpointRouteBuilder api)
    {
        var work = api.MapGroup("").WithTags("Serving");
        work.MapPost("/documents/{id}/serve", (string id, NewServing given, Servings servings, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var made = await servings.ServeAsync(http.Caller(), id, given, http.RequestAborted);
            return Results.Created($"/api/v1/servings/{made}", new { id = made });
        })).Needs("document.serve").WithSummary("Serve a document of a case: direct, left, electronic, post or notice");
        work.MapPost("/servings/{id}/arrived", (string id, Arrival given, Servings servings, HttpContext http) => DoneAsync(http, () => servings.ArrivedAsync(http.Caller(), id, given.Served, given.Receiver, http.RequestAborted)))
            .Needs("document.serve").WithSummary("Enter who took a letter, and when");
        work.MapPost("/servings/{id}/failed", (string id, Miss given, Servings servings, HttpContext http) => DoneAsync(http, () => servings.FailedAsync(http.Caller(), id, given.Note, http.RequestAborted)))
            .Needs("document.serve").WithSummary("Say that it did not reach them, and why");
        work.MapGet("/cases/{id}/servings", async (string id, Cases cases, Servings servings, HttpContext http) =>
            await cases.ReadAsync(id, http.Caller(), http.Rows("case.read"), cancel: http.RequestAborted) is { } file ? Results.Ok(await servings.OfCaseAsync(file.Case.Id, file.Tasks.Any(t => Policy.MayWork(http.Caller(), t.Unit)), http.RequestAborted)) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithSummary("How the documents of a case were served").Produces<IReadOnlyList<ServedDocument>>();

        var me = api.MapGroup("/me/servings").WithTags("Me").Needs("self.see").OnlyForPeople();
        me.MapGet("", async (Servings servings, HttpContext http) => Results.Ok(new
        {
            Items = await servings.MineAsync(http.Caller(), http.RequestAborted),
            Consents = (await servings.ConsentsAsync(http.Caller(), http.RequestAborted)).Select(c => new { c.Subject, c.Name, c.Agreed }),
        })).WithSummary("What is served on me, and whether I agreed to be served here");
        me.MapPost("/{id}/confirm", (string id, Servings servings, HttpContext http) => DoneAsync(http, () => servings.ConfirmAsync(http.Caller(), id, http.RequestAborted))).WithSummary("Confirm that I have a document");
        me.MapPut("/consent", (Agreement given, Servings servings, HttpContext http) => DoneAsync(http, () => servings.AgreeAsync(http.Caller(), given.Of, given.Agrees, http.RequestAborted))).WithSummary("Agree to be served here, or take that back");
    }

    private static Task<IResult> DoneAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
