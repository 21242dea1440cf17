using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Files over the API: the body is the file as it is, its name stands in the query.</summary>
public static class AttachmentsApi
{
    /// <summary>The header that names a basket: a secret, so it does not stand in addresses.</summary>
    public const string Basket = "Basket";

    internal static void MapAttachments(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks/{id}/attachments").WithTags("Work");
        Takes(tasks.MapPost("", (string id, string? name, string? field, Attachments files, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var added = await files.AddAsync(id, name, field, http.Request.Body, http.Caller(), http.RequestAborted);
            return Results.Created($"/api/v1/cases/{added.CaseId}/attachments/{added.Id}", added);
        })).Needs("task.work")).WithSummary("Attach a file to a task: the body is the file, its name stands in the query, and the form's field where one asks for it").Produces<Attachment>(201);
        tasks.MapDelete("/{attachment}", (string id, string attachment, Attachments files, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            await files.RemoveAsync(id, attachment, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        })).Needs("task.work").WithSummary("Take a file away from a task that is open");

        var cases = api.MapGroup("/cases/{id}/attachments").WithTags("Work");
        cases.MapGet("", async (string id, Attachments files, Cases cases, HttpContext http) => await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file
            ? Results.Ok(await files.OfCaseAsync(file.Case, Attachments.MayOpen(file, http.Caller()), http.RequestAborted)) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithSummary("The files of a case; the names of those that may be about a person are masked for whose unit does not work on it").Produces<Attachment[]>();
        cases.MapGet("/{attachment}", (string id, string attachment, Attachments files, Cases cases, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file && await files.OpenAsync(file, attachment, http.Caller(), http.RequestAborted) is { } found
                ? await SendAsync(files, found, http) : http.Problem(404, "not-found", attachment)))
            .Needs("case.read").WithSummary("A file of a case, to be saved");

        var services = api.MapGroup("/services/{pack}/{matter}/files").WithTags("Services").Needs("service.apply").Limited(ApplicationsApi.Limit);
        Takes(services.MapPost("", (string pack, string matter, string? name, string? field, [FromHeader(Name = Basket)] string? basket, Attachments files, Applications applications, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            if (applications.Find(pack, matter) is not var (applied, found))
                return http.Problem(404, "not-found", $"{pack}/{matter}");
            var (added, named) = await files.AddAsync(applied, found, basket, name, field, http.Request.Body, http.RequestAborted);
            return Results.Json(new { added.Id, added.Field, added.Name, added.Kind, added.Size, added.Sha256, added.Scan, Basket = named }, statusCode: 201);
        }))).WithSummary("Put a file into a basket before applying: the answer names the basket, for the next file (header Basket) and for applying (files)");
        services.MapDelete("/{attachment}", (string pack, string matter, string attachment, [FromHeader(Name = Basket)] string? basket, Attachments files, Applications applications, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            if (applications.Find(pack, matter) is not var (applied, found))
                return http.Problem(404, "not-found", $"{pack}/{matter}");
            await files.RemoveAsync(applied, found, basket ?? "", attachment, http.RequestAborted);
            return Results.NoContent();
        })).WithSummary("Take a file out of a basket");

        api.MapGet("/applications/{number}/attachments/{attachment}", (string number, string attachment, string code, Applications applications, Attachments files, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            await applications.LookUpAsync(number, code, http.RequestAborted) is { } file && await SendAsync(files, file.Case.Id, attachment, http) is { } sent ? sent : http.Problem(404, "not-found", attachment)))
            .Needs("service.look-up").Limited(ApplicationsApi.Limit).WithTags("Services").WithSummary("A file that was given with an application, by its number and code");
        api.MapGet("/me/applications/{number}/attachments/{attachment}", (string number, string attachment, Applications applications, Attachments files, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is var (file, _) && await SendAsync(files, file.Case.Id, attachment, http) is { } sent ? sent : http.Problem(404, "not-found", attachment)))
            .Needs("self.see").OnlyForPeople().WithTags("Me").WithSummary("A file that was given with one of my applications");
    }

    // As large as a form may allow, and something for what stands around it.
    internal static RouteHandlerBuilder Takes(RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new TakesFileAttribute(), new RequestSizeLimitAttribute(((long)Packs.Reading.FormReader.LargestMegabytes << 20) + (1 << 16)));

    /// <summary>A file that an applicant gave, to be saved; null where it is not of this application.</summary>
    public static async Task<IResult?> SendAsync(Attachments files, string caseId, string? id, HttpContext http) =>
        (await files.OfApplicationAsync(caseId, http.RequestAborted)).FirstOrDefault(f => f.Id == id) is { } file ? await SendAsync(files, file, http) : null;

    // Always to be saved, never shown within a page of ours; with nosniff, as every answer.
    internal static async Task<IResult> SendAsync(Attachments files, Attachment file, HttpContext http)
    {
        var write = await files.ContentAsync(file, http.RequestAborted);
        return Results.Stream(write, FileKind.Media(file.Kind), file.Name);
    }
}
