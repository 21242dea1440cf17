using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Files of cases over the API.</summary>
internal static class ArchivesApi
{
    /// <summary>Why.</summary>
    public sealed record Why(string? Reason);

    public static void MapArchives(this IEndpointRouteBuilder api)
    {
        var files = api.MapGroup("").WithTags("Archive");
        files.MapGet("/archive", async (Archives archives, HttpContext http, string list = "ready", int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await archives.PageAsync(list, http.Rows("archive.read"), skip, take, http.RequestAborted)))
            .Needs("archive.read").WithSummary("Files of cases: ready to be archived, archived, due, held or destroyed").Produces<Page<FolderLine>>();
        files.MapGet("/cases/{id}/file", async (string id, Archives archives, HttpContext http) =>
            await archives.FindAsync(id, http.Rows("archive.read"), http.RequestAborted) is { } file ? Results.Ok(file) : http.Problem(404, "not-found", id))
            .Needs("archive.read").WithSummary("The file of a case with its index: as it was signed, or as it would be now").Produces<CaseFolder>();
        files.MapGet("/cases/{id}/file.zip", (string id, Archives archives, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var (name, zip) = await archives.PackageAsync(http.Caller(), id, http.RequestAborted);
            return Results.File(zip, "application/zip", name);
        })).Needs("archive.take").WithSummary("The package of an archived case, to be handed over");
        files.MapPost("/cases/{id}/archive", (string id, Archives archives, HttpContext http) => DoneAsync(http, () => archives.ArchiveAsync(http.Caller(), id, http.RequestAborted)))
            .Needs("archive.make").WithSummary("Archive a case that has ended: it takes no change any more");
        files.MapPost("/cases/{id}/archive/hold", (string id, Why given, Archives archives, HttpContext http) => DoneAsync(http, () => archives.HoldAsync(http.Caller(), id, true, given.Reason, http.RequestAborted)))
            .Needs("archive.hold").WithSummary("Hold a file from destruction");
        files.MapPost("/cases/{id}/archive/release", (string id, Why given, Archives archives, HttpContext http) => DoneAsync(http, () => archives.HoldAsync(http.Caller(), id, false, given.Reason, http.RequestAborted)))
            .Needs("archive.hold").WithSummary("Release a file that was held");
        files.MapPost("/cases/{id}/archive/destroy", (string id, Why given, Archives archives, HttpContext http) => DoneAsync(http, () => archives.DestroyAsync(http.Caller(), id, given.Reason, http.RequestAborted)))
            .Needs("archive.destroy").WithSummary("Destroy what a file holds once it has been kept long enough; another than who archived it");
    }

    private static Task<IResult> DoneAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
