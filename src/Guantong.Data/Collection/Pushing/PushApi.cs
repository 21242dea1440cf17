using System.Text.Json;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Data;

/// <summary>Rows that a unit sends, over HTTP: POST …/rows puts them in, POST …/rows/removals takes them out by their keys.</summary>
internal static class PushApi
{
    public static void MapPush(this IEndpointRouteBuilder api)
    {
        var rows = api.MapGroup("/datasets/{pack}/{id}/rows").WithTags("Collection").Needs("rows.push");
        rows.MapPost("", (string pack, string id, JsonElement body, string? position, PackRegistry registry, PushedRows pushed, Jurisdiction land, HttpContext http) => TakeAsync(pack, id, body, false, position, registry, pushed, land, http))
            .WithSummary("Put rows in, or in place of those of the same keys: objects whose members are the feed's columns; rejected rows are named by their number");
        rows.MapPost("/removals", (string pack, string id, JsonElement body, string? position, PackRegistry registry, PushedRows pushed, Jurisdiction land, HttpContext http) => TakeAsync(pack, id, body, true, position, registry, pushed, land, http))
            .WithSummary("Take rows out by their keys");
    }

    private static async Task<IResult> TakeAsync(string pack, string id, JsonElement body, bool gone, string? position, PackRegistry registry, PushedRows pushed, Jurisdiction land, HttpContext http)
    {
        if (registry.Find(pack) is not { } found || found.Dataset(id) is not { Feed.From: "push" or "form" } dataset)
            return http.Problem(404, "not-found", $"{pack}/{id}");
        if (!PushedRows.MaySend(http.Caller(), dataset, land))
            return http.Problem(403, "push-other-unit", dataset.Source.Name);
        try
        {
            var summary = await pushed.TakeAsync(found, dataset, body, gone, http.Caller().Login, position, http.RequestAborted);
            return Results.Ok(summary is null ? new { Known = true, In = 0L, Added = 0L, Changed = 0L, Same = 0L, Removed = 0L, Rejected = Array.Empty<object>() } : new
            {
                Known = false, In = summary.RowsIn, Added = summary.RowsAdded, Changed = summary.RowsChanged, Same = summary.RowsSame, Removed = summary.RowsRemoved,
                Rejected = summary.Rejects.Select(object (r) => new { Row = r.Line, r.Field, r.Rule, Message = r.Message(Lang.Of(http)) }).ToArray(),
            });
        }
        catch (LoadRefusedException refused)
        {
            return Results.Problem(detail: refused.Say(Lang.Of(http)), statusCode: 422, title: Problems.Title(Lang.Of(http), 422), type: $"https://guantong.dev/problems/{refused.Code}", extensions: new Dictionary<string, object?> { ["code"] = refused.Code });
        }
    }
}
