using Guantong.Packs;
using Guantong.Packs.Planning;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PackChange = Guantong.Packs.Planning.Change;

namespace Guantong.Data;

/// <summary>The map of all packs in force and of all that is given to units, drawn anew when one changes.</summary>
public sealed class Lineage(PackRegistry packs, SharingBook book, SharedThings things, Jurisdiction land, TimeProvider clock)
{
    private (string Of, LineageMap Map)? _drawn;

    /// <summary>The map as of now.</summary>
    public async Task<LineageMap> MapAsync(CancellationToken cancel = default)
    {
        var (now, consumed) = (clock.GetUtcNow(), new List<Consumed>());
        foreach (var grant in (await book.GrantsAsync(cancel)).Where(g => g.State != "ended" && now < g.Until))
        {
            var names = grant.About.StartsWith(Shared.InterfacePrefix, StringComparison.Ordinal) ? (await things.InterfaceAsync(grant.About[Shared.InterfacePrefix.Length..], cancel))?.Fields.ToDictionary(f => f.Id, f => f.Name) : null;
            consumed.Add(new(grant.About, grant.Unit, land.Units.Find(grant.Unit)?.Name ?? grant.Unit, grant.Terms.Fields.ToDictionary(f => f, f => names?.GetValueOrDefault(f) ?? f)));
        }
        var of = string.Join('\n', packs.Applied.Values.Select(a => $"{a.Revision}").Concat(consumed.Select(c => $"{c.About} {c.Unit} {string.Join(' ', c.Fields)}")));
        if (_drawn is { } drawn && drawn.Of == of)
            return drawn.Map;
        var map = LineageMap.Of(packs.Applied.Values.Select(a => a.Pack), consumed);
        _drawn = (of, map);
        return map;
    }

    /// <summary>What a plan's changes touch of what is in force now, in all packs: derived datasets, indicators, goals, screens, matters, open services, units that are given data.</summary>
    public async Task<IReadOnlyList<LineageNode>> TouchedAsync(PackPlan plan, CancellationToken cancel = default)
    {
        if (plan.Pack is not { } pack)
            return [];
        var map = await MapAsync(cancel);
        return [.. map.Walk(plan.Changes.SelectMany(c => Changed(map, pack.Id, c)), up: false).Nodes
            .Where(n => n.Depth > 0 && n.Node.Kind is not ("column" or "decision"))
            // Of a dataset that is reached it is enough to name the dataset.
            .Select(n => n.Node.Of.Length == 0 ? n.Node : new LineageNode(n.Node.Kind == "field" ? "dataset" : n.Node.Kind, n.Node.Pack, "", n.Node.Of, packs.Find(n.Node.Pack)?.Dataset(n.Node.Of)?.Name ?? n.Node.Of))
            .DistinctBy(n => n.Key).Where(n => !plan.Changes.Any(c => n.Pack == pack.Id && c.What == n.Kind && c.Id == n.Id))];
    }

    // A change of some fields touches what rests on these; any other change of a dataset, and its end, what rests on any of it.
    private static IEnumerable<string> Changed(LineageMap map, string pack, PackChange change)
    {
        var fields = change.Details.Select(d => d.Path.Split('.')).ToList();
        return change switch
        {
            { Kind: ChangeKind.Add } => [],
            { What: "dataset", Kind: ChangeKind.Change } when fields.All(f => f[0] == "fields") => fields.Select(f => $"field/{pack}/{change.Id}/{f[1]}").Distinct(),
            { What: "dataset" } => map.FieldsOf(pack, change.Id).Select(f => f.Key),
            { What: "indicator" } => [$"indicator/{pack}/{change.Id}"],
            _ => [],
        };
    }
}

/// <summary>Lineage over HTTP, below /api/v1/lineage.</summary>
internal static class LineageApi
{
    public static void MapLineage(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/lineage").WithTags("Data").Needs("lineage.read");
        all.MapGet("", async (string? key, string? pack, string? dataset, string? way, Lineage lineage, HttpContext http) =>
        {
            var map = await lineage.MapAsync(http.RequestAborted);
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
        all.MapGet("/search", async (string q, Lineage lineage, HttpContext http) => Results.Ok((await lineage.MapAsync(http.RequestAborted)).Search(q).Select(n => Shown(n, 0)))).WithSummary("Fields, source columns, indicators, screens, matters, interfaces and consumers that bear some words");
    }

    private static object Shown(LineageNode node, int depth) => new { node.Key, node.Kind, node.Pack, node.Of, node.Id, node.Name, Depth = depth };
}
