using Guantong.Data;
using Guantong.Portal.Me;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Conditional;

/// <summary>The notebook of somebody who was granted the sandbox: cells of SQL, each with what came of it.</summary>
internal static class NotebookPages
{
    public static void MapNotebooks(this IEndpointRouteBuilder mine)
    {
        mine.MapGet("/{id}/sandbox", (string id, HttpContext http, Notebooks books, Jurisdiction land) => ShowAsync(id, http, books, land, null));
        mine.MapPost("/{id}/sandbox", DoAsync);
        mine.MapGet("/{id}/sandbox/{cell}.csv", async (string id, string cell, HttpContext http, Notebooks books) =>
        {
            try
            {
                return PermissionsApi.Csv(await books.TakeAsync(http.Caller(), id, cell, http.RequestAborted));
            }
            catch (RefusedException refused)
            {
                return PortalRoom.Failure(http, refused.Status, refused.Code, [.. refused.Args]);
            }
        });
    }

    // A button's name says what is done; what was typed is kept whichever it was.
    private static async Task<IResult> DoAsync(string id, HttpContext http, Notebooks books, Jurisdiction land)
    {
        var form = await MePages.FormAsync(http);
        var (cell, sql, what) = (form["cell"].ToString(), form["sql"].ToString().ReplaceLineEndings("\n"), form["do"].ToString());
        try
        {
            if (what == "remove")
            {
                await books.RemoveAsync(http.Caller(), id, cell, http.RequestAborted);
                return Results.LocalRedirect($"/my/data/{id}/sandbox");
            }
            cell = await books.WriteAsync(http.Caller(), id, cell.Length == 0 ? null : cell, sql, http.RequestAborted);
            if (what == "run" && await books.RunAsync(http.Caller(), id, cell, http.RequestAborted) is { Refused: { } refusal })
                return await ShowAsync(id, http, books, land, new NotebookPage.Wrong(cell, sql, refusal.Say(Lang.Of(http))));
            return Results.LocalRedirect($"/my/data/{id}/sandbox#cell-{cell}");
        }
        catch (RefusedException refused)
        {
            return refused.Status is 403 or 404 ? PortalRoom.Failure(http, refused.Status, refused.Code, [.. refused.Args]) : await ShowAsync(id, http, books, land, new NotebookPage.Wrong(cell, sql, refused.Say(Lang.Of(http))));
        }
    }

    private static async Task<RazorComponentResult> ShowAsync(string id, HttpContext http, Notebooks books, Jurisdiction land, NotebookPage.Wrong? wrong) =>
        await books.FindAsync(http.Caller(), id, http.RequestAborted) is not { } book ? ConditionalPages.Missing(http)
            : new RazorComponentResult<NotebookPage>(new Dictionary<string, object?> { ["Visit"] = Visit.Of(http, land), ["Book"] = book, ["Fault"] = wrong, ["Offset"] = land.Offset }) { StatusCode = wrong is null ? 200 : 422 };
}
