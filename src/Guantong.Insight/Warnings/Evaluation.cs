using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>A region with its figures of one period, in the order of time.</summary>
/// <param name="Above">It and the regions above it, itself first.</param>
public sealed record WatchedRegion(Region Region, IReadOnlyList<Region> Above, IReadOnlyList<Figure> Figures)
{
    /// <summary>What was expected of its figures, as far as that is known (<see cref="Foresight"/>); null of nothing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Foreseen>>? Foreseen { get; init; }
}

/// <summary>Figures put together by the regions that they are of.</summary>
internal static class WatchedRegions
{
    /// <summary>The regions of a jurisdiction that have figures; a region outside of it is not watched.</summary>
    public static IReadOnlyList<WatchedRegion> Of(IEnumerable<Figure> figures, Jurisdiction land) =>
        [.. from f in figures
            where land.Regions.Within(f.Region, land.Root)
            group f by f.Region into g
            select new WatchedRegion(land.Regions.Find(g.Key)!, [.. land.Regions.Upwards(g.Key)], [.. g.OrderBy(f => f.At)])];
}

/// <summary>What a declaration makes of figures: episodes. A pure function of both; the same figures give the same episodes.</summary>
public static class Evaluation
{
    /// <summary>Evaluates an indicator's declaration over the figures of its regions.</summary>
    /// <param name="regions">All regions with figures; those of levels that are not watched warn by triggers alone.</param>
    public static IReadOnlyList<Episode> Of(Warn warn, bool higherIsBetter, IReadOnlyList<WatchedRegion> regions)
    {
        var causes = regions.Where(r => warn.Regions.Contains(r.Region.Level) && r.Figures.Count > 0)
            .ToDictionary(r => r.Region.Code, r => new SignalRun(warn, higherIsBetter, r.Figures, r.Foreseen).Causes());
        var together = warn.Together.SelectMany(t => Fired(t, regions, causes)).ToLookup(f => f.Area, f => (f.Day, f.Cause));
        var highIsGrave = warn.Levels.Count > 0 ? warn.Levels.All(l => l.When.Operator.StartsWith('>')) : !higherIsBetter;
        return [.. regions.Where(r => r.Figures.Count > 0).SelectMany(r => Episode.Cut(r.Region.Code, Grave(r, causes.GetValueOrDefault(r.Region.Code), together[r.Region.Code]), r.Figures[^1].At, warn, highIsGrave))];
    }

    private static IEnumerable<EpisodeDay> Grave(WatchedRegion region, IReadOnlyDictionary<DateOnly, IReadOnlyList<Cause>>? own, IEnumerable<(DateOnly Day, Cause Cause)> together)
    {
        var triggered = together.ToLookup(t => t.Day, t => t.Cause);
        foreach (var figure in region.Figures)
        {
            List<Cause> all = [.. own?.GetValueOrDefault(figure.At) ?? [], .. triggered[figure.At]];
            if (all.Count > 0)
                yield return new EpisodeDay(figure.At, figure.Value, all.MaxBy(r => Episode.Rank(r.Level))!.Level) { Causes = all };
        }
    }

    // A signal in a region counts once, however often it fires within the window; what fires is a period on which one of them does.
    private static IEnumerable<(string Area, DateOnly Day, Cause Cause)> Fired(Trigger trigger, IReadOnlyList<WatchedRegion> regions, IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, IReadOnlyList<Cause>>> causes)
    {
        var counted = trigger.Of.Select(o => o.Name).ToHashSet();
        var days = System.Xml.XmlConvert.ToTimeSpan(trigger.Within).TotalDays;
        foreach (var area in regions.Where(r => r.Region.Level == trigger.Area))
        {
            var hits = (from r in regions
                        where causes.ContainsKey(r.Region.Code) && r.Above.Any(a => a.Code == area.Region.Code)
                        from day in causes[r.Region.Code]
                        from cause in day.Value
                        where counted.Contains(cause.Signal)
                        select (Day: day.Key, Point: $"{r.Region.Code}/{cause.Signal}")).OrderBy(h => h.Day).ThenBy(h => h.Point, StringComparer.Ordinal).ToList();
            var (from, to) = (0, 0);
            foreach (var figure in area.Figures)
            {
                while (to < hits.Count && hits[to].Day <= figure.At)
                    to++;
                while (from < to && figure.At.DayNumber - hits[from].Day.DayNumber >= days)
                    from++;
                if (to == from || hits[to - 1].Day != figure.At)
                    continue;
                var points = hits[from..to].Select(h => h.Point).Distinct().Order(StringComparer.Ordinal).ToList();
                if (points.Count >= trigger.Least)
                    yield return (area.Region.Code, figure.At, Cause.Because(trigger.Id, "together", trigger.Level, null, ("count", points.Count), ("least", trigger.Least), ("days", days), ("value", figure.Value)) with { Of = points });
            }
        }
    }
}
