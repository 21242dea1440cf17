using Guantong.Data;
using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>What is expected of figures, reckoned once: it takes as long as all the rest of early warning together.</summary>
public sealed class Foresight(Warehouse warehouse)
{
    /// <summary>Gives regions what is expected of their figures by the forecast signals of a declaration.</summary>
    /// <param name="keep">Whether what was not known yet is kept; not where a declaration is only tried out.</param>
    public IReadOnlyList<WatchedRegion> Of(Pack pack, Indicator indicator, Warn warn, IReadOnlyList<WatchedRegion> regions, bool keep)
    {
        var signals = warn.Signals.Where(s => s.By == "forecast").DistinctBy(SignalRun.Way).ToList();
        var watched = regions.Where(r => warn.Regions.Contains(r.Region.Level)).ToList();
        if (signals.Count == 0 || watched.Count == 0)
            return regions;
        var known = WatchBook.Expected(warehouse, pack, indicator, warn.Period, [.. watched.Select(r => r.Region.Code)]);
        var changes = new List<WatchedChange>();
        var foreseen = watched.ToDictionary(r => r.Region.Code, r =>
        {
            var before = signals.ToDictionary(SignalRun.Way, s => (IReadOnlyList<Foreseen>)[.. known[(r.Region.Code, SignalRun.Way(s))].Select(Read)]);
            var run = new SignalRun(warn, indicator.HigherIsBetter, r.Figures, before);
            var now = signals.ToDictionary(SignalRun.Way, run.Foresee);
            changes.AddRange(now.Select(way => Change(r.Region.Code, way.Key, before[way.Key], way.Value)).OfType<WatchedChange>());
            return now;
        });
        if (keep && changes.Count > 0)
            WatchBook.Keep(warehouse, pack, indicator, warn.Period, [.. signals.Select(SignalRun.Way)], changes);
        return [.. regions.Select(r => foreseen.TryGetValue(r.Region.Code, out var now) ? r with { Foreseen = now } : r)];
    }

    private static WatchedChange? Change(string region, string way, IReadOnlyList<Foreseen> before, IReadOnlyList<Foreseen> now)
    {
        var same = now.Zip(before).TakeWhile(f => f.First == f.Second).Count();
        return same == now.Count && same == before.Count ? null : new WatchedChange(region, way, same < before.Count ? before[same].At : null, [.. now.Skip(same).Select(Write)]);
    }

    private static Foreseen Read(WatchedFigure kept) =>
        new(kept.At, kept.Value, kept is { Expected: { } expected, Error: { } error } ? new Forecast(expected, error, kept.Freedom, kept.Freedom is null ? Forecast.Smoothing : Forecast.SeasonalMean) : null);

    private static WatchedFigure Write(Foreseen figure) => new(figure.At, figure.Value, figure.Forecast?.Expected, figure.Forecast?.Error, figure.Forecast?.Freedom);
}
