using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>A measured figure of an indicator: a region, the first day of its period, the value.</summary>
/// <param name="At">First day of the period; of year-to-date the first day of its last month.</param>
/// <param name="Region">Region code.</param>
/// <param name="Value">In the indicator's unit.</param>
/// <param name="Rows">How many rows it rests on; of a composite index, how many parts.</param>
public sealed record Figure(DateOnly At, string Region, double Value, long Rows)
{
    /// <summary>The value of the dimension that it is of; empty for the whole.</summary>
    public string Member { get; init; } = "";

    /// <summary>Whether it is final: a provisional one is expected to change.</summary>
    public bool IsFinal { get; init; } = true;
}

/// <summary>How a figure stands to what it should be.</summary>
/// <param name="State">met, unmet, or none when there is no figure or no target to hold it against.</param>
/// <param name="Year">The year whose target it is held against.</param>
public sealed record Light(string State, int? Year, Comparison? Target, Figure? Figure)
{
    /// <summary>A region's figure against what a goal wants of it in that year, or the nearest before it.</summary>
    public static Light Of(Goal goal, string region, Figure? figure)
    {
        var targets = goal.TargetsOf(region);
        var years = targets.Keys.Order().ToList();
        if (years.Count == 0)
            return new Light("none", null, null, figure);
        var year = figure is null ? years[0] : years.LastOrDefault(y => y <= figure.At.Year, years[0]);
        var target = targets[year];
        return new Light(figure is null ? "none" : target.Holds((decimal)figure.Value) ? "met" : "unmet", year, target, figure);
    }
}

/// <summary>A figure beside those that it is compared with.</summary>
/// <param name="Before">Of the period before (环比).</param>
/// <param name="LastYear">Of the same period a year before (同比).</param>
public sealed record Compared(Figure Figure, Figure? Before, Figure? LastYear)
{
    /// <summary>Change to the period before, in percent; null where it cannot be said.</summary>
    public double? ToBefore => Change(Figure, Before);

    /// <summary>Change to the same period a year before, in percent; null where it cannot be said.</summary>
    public double? ToLastYear => Change(Figure, LastYear);

    private static double? Change(Figure now, Figure? then) => then is null || then.Value == 0 ? null : 100 * (now.Value - then.Value) / Math.Abs(then.Value);
}

/// <summary>Reads figures as screens show them: of regions in force, latest, by period.</summary>
public sealed class Figures(Warehouse warehouse, Jurisdiction land, TimeProvider clock)
{
    /// <summary>Figures of one indicator and period in the order of time and region code; none for codes that are no region.</summary>
    public IReadOnlyList<Figure> Of(Pack pack, Indicator indicator, string period, string? region = null, DateOnly? from = null, DateOnly? to = null) =>
        Of(pack, indicator, new FigureQuery(period, region, from, to));

    /// <summary>The figures that a query names, in the order of time, region code and member; none for codes that are no region.</summary>
    public IReadOnlyList<Figure> Of(Pack pack, Indicator indicator, FigureQuery query)
    {
        var final = FigureBook.FinalUntil(indicator, query.Period, query.Known ?? clock.GetUtcNow().UtcDateTime);
        return [.. FigureBook.Values(warehouse, pack, indicator, query)
            .Where(v => land.Regions.Find(v.Region) is not null)
            .Select(v => new Figure(v.At, v.Region, v.Value, v.Rows) { Member = v.Member, IsFinal = v.At <= final })];
    }

    /// <summary>The first day of the latest period with a figure, or null.</summary>
    public DateOnly? Latest(Pack pack, Indicator indicator, string period) => FigureBook.Latest(warehouse, pack, indicator, period);

    /// <summary>Figures of every region at one time.</summary>
    public IReadOnlyList<Figure> On(Pack pack, Indicator indicator, string period, DateOnly at) => Of(pack, indicator, period, null, at, at);

    /// <summary>A region's figure with those that it is compared with; the latest where no time is given. Null where there is none.</summary>
    /// <param name="known">As it was known then; null for now.</param>
    public Compared? Compare(Pack pack, Indicator indicator, string period, string region, DateOnly? at = null, DateTime? known = null) => Compare(Of(pack, indicator, new FigureQuery(period, region) { Known = known }), period, at);

    /// <summary>The same among figures of one region, or of one value of a dimension in it, in the order of time.</summary>
    public static Compared? Compare(IReadOnlyList<Figure> figures, string period, DateOnly? at)
    {
        Figure? On(DateOnly day) => figures.FirstOrDefault(f => f.At == day);
        return (at is { } day ? On(day) : figures.Count > 0 ? figures[^1] : null) is not { } figure ? null
            : new Compared(figure, On(Indicator.Before(period, figure.At)), On(Indicator.YearBefore(period, figure.At)));
    }

    /// <summary>A region's light: its latest figure by year (or the longest period there is) against its own target of that year, or the nearest before it.</summary>
    /// <param name="known">As it was known then; null for now.</param>
    public Light LightOf(Pack pack, Goal goal, string region, DateTime? known = null)
    {
        if (goal.Indicator is not { } name || pack.Indicator(name.Name) is not { } indicator)
            return new Light("none", null, null, null);
        var period = indicator.Periods.Contains("year") ? "year" : Indicator.AllPeriods.Last(indicator.Periods.Contains);
        return Light.Of(goal, region, Of(pack, indicator, new FigureQuery(period, region) { Known = known }) is [.., var last] ? last : null);
    }

    /// <summary>What is to be said of the data that an indicator is computed from.</summary>
    public DataNote NoteOf(Pack pack, Indicator indicator) => DataNote.Of(warehouse, pack, indicator);
}
