using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Data;

/// <summary>The map of all packs in force, drawn anew when one changes.</summary>
public sealed class Lineage(PackRegistry packs)
{
    private (string Of, LineageMap Map)? _drawn;

    /// <summary>The map as of now.</summary>
    public LineageMap Map
    {
        get
        {
            var of = string.Join(' ', packs.Applied.Values.Select(a => a.Revision));
            if (_drawn is { } drawn && drawn.Of == of)
                return drawn.Map;
            var map = LineageMap.Of(packs.Applied.Values.Select(a => a.Pack));
            _drawn = (of, map);
            return map;
        }
    }
}

/// <summary>Lineage over HTTP, below /api/v1/lineage.</summary>
internal static class LineageApi
{
    public static void MapLineage(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/lineage").WithTags("Data").Needs("lineage.read");
        all.MapGet("", (string? key, string? pack, string? dataset, string? way, Lineage lineage, HttpContext http) =>
        {
            var map = lineage.Map;
            var from = key is not null ? [key] : map.FieldsOf(pack ?? "", dataset ?? "").Select(f => f.Key).ToList();
            if (from.Count == 0 || from.All(k => map.Find(k) is null))
                return http.Problem(404, "not-found", key ?? $"{pack}/{dataset}");
            if (way is not (null or "up" or "down" or "both"))
                return http.Problem(400, "lineage-way", way);
            var up = way is "down" ? ([], []) : map.Walk(from, up: true);
            var down = way is "up" ? ([], []) : map.Walk(from, up: false);
            return Results.Ok(new
            {
                Nodes = up.Nodes.Select(n => Shown(n.Node, -n.Depth)).Concat(down.Nodes.Where(n => way is "down" || n.Depth > 0).Select(n => Shown(n.Node, n.Depth))),
                Edges = up.Edges.Concat(down.Edges).Distinct(),
            });
        }).WithSummary("Where data comes from (way=up), what it goes into (down), or both: by key, or all fields of a dataset");
        all.MapGet("/search", (string q, Lineage lineage) => lineage.Map.Search(q).Select(n => Shown(n, 0))).WithSummary("Fields, source columns, indicators, screens, matters that bear some words");
    }

    private static object Shown(LineageNode node, int depth) => new { node.Key, node.Kind, node.Pack, node.Of, node.Id, node.Name, Depth = depth };
}
