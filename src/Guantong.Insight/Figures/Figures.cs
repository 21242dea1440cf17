using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>A measured figure of an indicator: a region, the first day of its period, the value.</summary>
/// <param name="At">First day of the period.</param>
/// <param name="Region">Region code.</param>
/// <param name="Value">In the indicator's unit.</param>
/// <param name="Rows">How many rows it rests on.</param>
public sealed record Figure(DateOnly At, string Region, double Value, long Rows);

/// <summary>How a figure stands to what it should be.</summary>
/// <param name="State">met, unmet, or none when there is no figure or no target to hold it against.</param>
/// <param name="Year">The year whose target it is held against.</param>
public sealed record Light(string State, int? Year, Comparison? Target, Figure? Figure);

/// <summary>Reads figures as screens show them: of regions in force, latest, by period.</summary>
public sealed class Figures(Warehouse warehouse, Jurisdiction land)
{
    /// <summary>Figures of one indicator and period in the order of time and region code; none for codes that are no region.</summary>
    public IReadOnlyList<Figure> Of(Pack pack, Indicator indicator, string period, string? region = null, DateOnly? from = null, DateOnly? to = null) =>
        [.. IndicatorRun.Values(warehouse, pack, indicator, period, region, from, to)
            .Where(v => land.Regions.Find(v.Region) is not null)
            .Select(v => new Figure(v.At, v.Region, v.Value, v.Rows))];

    /// <summary>The first day of the latest period with a figure, or null.</summary>
    public DateOnly? Latest(Pack pack, Indicator indicator, string period) => IndicatorRun.Latest(warehouse, pack, indicator, period);

    /// <summary>Figures of every region at one time.</summary>
    public IReadOnlyList<Figure> On(Pack pack, Indicator indicator, string period, DateOnly at) => Of(pack, indicator, period, null, at, at);

    /// <summary>A region's light: its latest figure by year (or the longest period there is) against the target of that year, or the nearest before it.</summary>
    public Light LightOf(Pack pack, Goal goal, string region)
    {
        if (goal.Indicator is not { } name || pack.Indicator(name.Name) is not { } indicator)
            return new Light("none", null, null, null);
        var period = indicator.Periods.Contains("year") ? "year" : indicator.Periods[^1];
        var figure = Of(pack, indicator, period, region) is [.., var last] ? last : null;
        var years = goal.Targets.Keys.Order().ToList();
        if (years.Count == 0)
            return new Light("none", null, null, figure);
        var year = figure is null ? years[0] : years.LastOrDefault(y => y <= figure.At.Year, years[0]);
        var target = goal.Targets[year];
        return new Light(figure is null ? "none" : target.Holds((decimal)figure.Value) ? "met" : "unmet", year, target, figure);
    }
}
