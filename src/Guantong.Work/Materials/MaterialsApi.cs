using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Materials over the API.</summary>
internal static class MaterialsApi
{
    /// <summary>Why.</summary>
    public sealed record Closing(string? Reason);

    /// <summary>kept or broken, and what was found.</summary>
    public sealed record Checking(string? Result, string? Reason);

    public static void MapMaterials(this IEndpointRouteBuilder api)
    {
        var cases = api.MapGroup("/cases/{id}/materials").WithTags("Work");
        cases.MapGet("", async (string id, Materials materials, Cases cases, PackRegistry packs, HttpContext http) => await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file
            ? Results.Ok(await materials.OfAsync(file.Case, await packs.AtAsync(file.Case.Pack, file.Case.Revision, http.RequestAborted), http.RequestAborted)) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithSummary("How the materials of a case stand: given, owed, promised or closed").Produces<CaseMaterial[]>();
        cases.MapPost("/{material}/close", (string id, string material, Closing given, Materials materials, Cases cases, HttpContext http) => ActAsync(http, id, cases, caseId => materials.CloseAsync(caseId, material, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("material.decide").WithSummary("Close a material that is owed: it is waited for no longer");
        cases.MapPost("/{material}/check", (string id, string material, Checking given, Materials materials, Cases cases, HttpContext http) => ActAsync(http, id, cases, caseId => materials.CheckAsync(caseId, material, given.Result, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("material.decide").WithSummary("Say whether a promise was kept, once it was looked into");
        api.MapGet("/promises", async (Materials materials, HttpContext http, bool done = false, int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await materials.PromisesAsync(done, http.Rows("case.read"), skip, take, http.RequestAborted)))
            .Needs("case.read").WithTags("Work").WithSummary("Promises that were given instead of materials and are to be checked; with done, those that were").Produces<Page<PromiseLine>>();

        AttachmentsApi.Takes(api.MapPost("/applications/{number}/materials/{material}", (string number, string material, string code, string? name, Applications applications, Attachments files, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            await applications.LookUpAsync(number, code, http.RequestAborted) is { } file ? Results.Json(await files.GiveAsync(file, material, name, http.Request.Body, http.RequestAborted), statusCode: 201) : http.Problem(404, "not-found", number))))
            .Needs("service.look-up").Limited(ApplicationsApi.Limit).WithTags("Services").WithSummary("Give a material that is owed, by number and code: the body is the file").Produces<Attachment>(201);
        AttachmentsApi.Takes(api.MapPost("/me/applications/{number}/materials/{material}", (string number, string material, string? name, Applications applications, Attachments files, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is var (file, _) ? Results.Json(await files.GiveAsync(file, material, name, http.Request.Body, http.RequestAborted), statusCode: 201) : http.Problem(404, "not-found", number))))
            .Needs("self.see").OnlyForPeople().WithTags("Me").WithSummary("Give a material that is owed: the body is the file").Produces<Attachment>(201);
    }

    private static Task<IResult> ActAsync(HttpContext http, string id, Cases cases, Func<string, Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        if (await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is not { } file)
            return http.Problem(404, "not-found", id);
        await act(file.Case.Id);
        return Results.NoContent();
    });
}
