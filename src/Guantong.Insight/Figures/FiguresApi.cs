using System.Globalization;
using System.Text.Json;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Insight;

/// <summary>Indicators over the API: what they are, their figures, what these were before, and the rows behind them.</summary>
internal static class FiguresApi
{
    public static void MapFigures(this IEndpointRouteBuilder api)
    {
        var indicators = api.MapGroup("/indicators").WithTags("Insight");
        indicators.MapGet("", (PackRegistry registry, Figures figures, Jurisdiction land, string? region) => Results.Ok(
            from applied in registry.Applied.Values
            from i in applied.Pack.Indicators
            let goal = applied.Pack.Goals.FirstOrDefault(g => g.Indicator?.Name == i.Id)
            select new { Pack = applied.Pack.Id, i.Id, i.Name, i.About, i.Unit, i.Periods, Light = goal is null ? null : figures.LightOf(applied.Pack, goal, region ?? land.Root) }))
            .Needs("public.read").WithSummary("Indicators with their lights for a region");
        indicators.MapGet("/{pack}/{id}", (string pack, string id, string? region, DateTimeOffset? known, PackRegistry registry, Figures figures, Jurisdiction land, HttpContext http) =>
            registry.Find(pack) is { } p && p.Indicator(id) is { } indicator ? Results.Ok(Definition(p, indicator, region ?? land.Root, figures, known)) : http.Problem(404, "not-found", $"{pack}/{id}"))
            .Needs("public.read").WithSummary("What an indicator is: how and from what it is computed, its targets, its light (as it was known at a time), and what is to be said of its data");
        indicators.MapGet("/{pack}/{id}/values", (string pack, string id, string? region, DateOnly? from, DateOnly? to, string? dimension, DateTimeOffset? known, PackRegistry registry, Figures figures, HttpContext http, string period = "day") =>
            registry.Find(pack) is not { } p || p.Indicator(id) is not { } indicator ? http.Problem(404, "not-found", $"{pack}/{id}")
            : dimension is not null && indicator.Dimensions.All(d => d.Name != dimension) ? http.Problem(404, "not-found", dimension)
            : Results.Ok(figures.Of(p, indicator, new FigureQuery(period, region, from, to) { Dimension = dimension ?? "", Known = known?.UtcDateTime })))
            .Needs("public.read").WithSummary("Figures by period, region and time; by a dimension; as they were known at a time").Produces<Figure[]>();
        indicators.MapGet("/{pack}/{id}/compared", (string pack, string id, string? region, DateOnly? at, DateTimeOffset? known, PackRegistry registry, Figures figures, Jurisdiction land, HttpContext http, string period = "month") =>
            registry.Find(pack) is not { } p || p.Indicator(id) is not { } indicator ? http.Problem(404, "not-found", $"{pack}/{id}")
            : figures.Compare(p, indicator, period, region ?? land.Root, at, known?.UtcDateTime) is { } compared ? Results.Ok(compared) : http.Problem(404, "no-figure", $"{pack}/{id}", period, region ?? land.Root))
            .Needs("public.read").WithSummary("A figure beside that of the period before and of the same period a year before; the latest unless said; as they were known at a time").Produces<Compared>();
        indicators.MapGet("/{pack}/{id}/revisions", (string pack, string id, string? region, DateOnly? at, DateTimeOffset? known, PackRegistry registry, Warehouse warehouse, HttpContext http, string period = "day") =>
            registry.Find(pack) is { } p && p.Indicator(id) is { } indicator ? Results.Ok(FigureBook.Revisions(warehouse, p, indicator, period, region, at, until: known?.UtcDateTime)) : http.Problem(404, "not-found", $"{pack}/{id}"))
            .Needs("public.read").WithSummary("What figures were before they changed, final or provisional, the latest change first; at most two hundred; those up to a time").Produces<Revision[]>();
        indicators.MapGet("/{pack}/{id}/rows", RowsAsync).Needs("dataset.read").WithSummary("The rows behind a figure, as far as the caller may see them").Produces<RowPage>();
        indicators.MapPost("/{pack}/{id}/recompute", async (string pack, string id, PackRegistry registry, ClosedLoop loop, HttpContext http) =>
            registry.Applied.GetValueOrDefault(pack) is { } applied && applied.Pack.Indicator(id) is { } indicator
                ? Results.Ok(new { Written = await loop.RecomputeAsync(applied, indicator, http.Caller(), http.RequestAborted) }) : http.Problem(404, "not-found", $"{pack}/{id}"))
            .Needs("indicator.recompute").WithSummary("Compute an indicator anew from all of its rows, and those that share them");
    }

    private static object Definition(Pack pack, Indicator indicator, string region, Figures figures, DateTimeOffset? known)
    {
        var goal = pack.Goals.FirstOrDefault(g => g.Indicator?.Name == indicator.Id);
        return new
        {
            Pack = pack.Id,
            indicator.Id,
            indicator.Name,
            indicator.About,
            indicator.Unit,
            Better = indicator.HigherIsBetter ? "higher" : "lower",
            indicator.Periods,
            Region = indicator.Region.Name,
            At = indicator.At.Name,
            Dimensions = indicator.Dimensions.Select(d => d.Name),
            Needs = indicator.Needs.Select(n => n.Name),
            Value = indicator.Value.Name,
            Where = indicator.Where?.Name,
            Composite = indicator.Composite is not { } index ? null : new { index.Normalise, Of = index.Of.Select(p => new { Indicator = p.Indicator.Name, p.Weight, p.Floor, p.Ceiling }) },
            indicator.Final,
            indicator.Daily,
            Targets = (goal?.TargetsOf(region) ?? new Dictionary<int, Comparison>()).ToDictionary(t => t.Key.ToString(CultureInfo.InvariantCulture), t => t.Value.ToString()),
            Parts = goal is not { Regions.Count: > 0 } ? null : new { goal.Parts, Regions = goal.Regions.Select(r => r.Region.Name) },
            Light = goal is null ? null : figures.LightOf(pack, goal, region, known?.UtcDateTime),
            Note = figures.NoteOf(pack, indicator),
        };
    }

    private static async Task<IResult> RowsAsync(string pack, string id, string period, DateOnly at, string region, string? dimension, string? member, PackRegistry registry, Warehouse warehouse, DatasetSeals seals, DatasetReads reads, Jurisdiction land, HttpContext http, int skip = 0, int take = 50)
    {
        if (registry.Find(pack) is not { } p || p.Indicator(id) is not { Needs: [var need, ..] } indicator || DataRoom.Find(registry, http, pack, need.Name) is not var (_, dataset))
            return http.Problem(404, "not-found", $"{pack}/{id}");
        if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
            return http.Problem(400, "bad-page", TrustRoom.LargestPage);
        if (!indicator.Periods.Contains(period) || (dimension is not null && indicator.Dimensions.All(d => d.Name != dimension)) || land.Regions.Find(region) is null)
            return http.Problem(404, "no-figure", $"{pack}/{id}", period, region);
        await reads.ReadAsync(Callers.Of(http.User), p, dataset, [$"figure:{id}"], skip, cancel: http.RequestAborted);
        var seen = FigureRows.Of(RowsSeen.Of(Callers.Of(http.User), p, dataset, land), p, indicator, new FigureKey(period, at, region, dimension ?? "", member ?? ""));
        return Results.Ok(DatasetRows.Page(warehouse, p, dataset, new RowQuery(Skip: skip, Take: take), seen, await seals.ReadingAsync(p, http.RequestAborted)));
    }
}
