using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Whom registers know an account as, and what cases took from data, over the API.</summary>
internal static class PrefillsApi
{
    /// <summary>An identity number (GB 11643).</summary>
    public sealed record Proving(string? Number);

    public static void MapPrefills(this IEndpointRouteBuilder api)
    {
        var identity = api.MapGroup("/people/{login}/identity").WithTags("People").Needs("people.manage");
        identity.MapPut("", async (string login, Proving given, ProvedIdentities identities, HttpContext http) =>
            await identities.ProveAsync(http.Caller(), login, given.Number, http.RequestAborted) is not { } fault ? Results.NoContent()
            : http.WorkProblem(fault == "identity-account" ? 404 : fault == "identity-taken" ? 409 : 422, fault, login)).WithSummary("Keep the identity number that a person has proved for their account");
        identity.MapDelete("", async (string login, ProvedIdentities identities, HttpContext http) =>
            await identities.RemoveAsync(http.Caller(), login, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", login)).WithSummary("Take it back");
        api.MapGet("/tasks/{id}/prefill", async (string id, Prefills prefills, Tasks tasks, Cases cases, PackRegistry packs, SharedThings things, HttpContext http) =>
            await tasks.FindAsync(id, http.Rows("task.read"), http.RequestAborted) is not { } task || await cases.FindAsync(task.CaseId, http.Rows("case.read"), http.RequestAborted) is not { } file ? http.Problem(404, "not-found", id)
            : await WorkRoom.ActAsync(http, async () =>
            {
                var pack = await packs.AtAsync(file.Case.Pack, file.Case.Revision, http.RequestAborted);
                return Results.Ok((await prefills.OfTaskAsync(pack, task, http.Caller(), http.RequestAborted)).Select(p => new { p.Field, p.Dataset, Name = things.Called(pack, p.Dataset, Lang.Of(http)), p.Source, p.Value, p.Why, p.AsOf }));
            })).Needs("task.work").WithTags("Work").WithSummary("What data says in the form of a task that I do, with its source, and why it does not; I send what I sign for");
        api.MapGet("/cases/{id}/prefills", async (string id, Prefills prefills, Cases cases, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file ? Results.Ok(await prefills.OfAsync(file.Case, Attachments.MayOpen(file, http.Caller()), http.RequestAborted)) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithTags("Work").WithSummary("What an application took from data, what its applicant says is wrong, and why the rest was asked for").Produces<KeptPrefill[]>();
    }
}
