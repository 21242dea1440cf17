namespace Guantong.Insight;

/// <summary>What is expected of a figure by those before it.</summary>
/// <param name="Expected">In the figure's own unit.</param>
/// <param name="Error">Its standard error; above 0.</param>
/// <param name="Freedom">Degrees of freedom where the error is of a seasonal mean; null where it is of a long series.</param>
/// <param name="How">smoothing or seasonal-mean.</param>
public sealed record Forecast(double Expected, double Error, int? Freedom, string How)
{
    /// <summary>The interval that holds a share of what comes.</summary>
    /// <param name="share">0.95 for ninety-five of a hundred.</param>
    public (double Low, double High) Interval(double share)
    {
        var width = Error * (Freedom is { } freedom ? Quantiles.Student((1 + share) / 2, freedom) : Quantiles.Normal((1 + share) / 2));
        return (Expected - width, Expected + width);
    }
}

/// <summary>Forecasts of the next period from a series with a season: by Holt–Winters where the history is long enough, else by the mean of the same places in the seasons before.</summary>
public static class SeasonalForecast
{
    /// <summary>So many seasons before a figure are looked at.</summary>
    public const int MostSeasons = 10;

    /// <summary>Forecasts the period after a series.</summary>
    /// <param name="history">Without gaps; null where there is no figure.</param>
    /// <param name="season">Periods of a season.</param>
    /// <param name="smoothing">Parameters; found by least squares where null.</param>
    /// <returns>Null with the reason where nothing can be said.</returns>
    public static (Forecast? Forecast, string? Why) Next(IReadOnlyList<double?> history, int season, Smoothing? smoothing = null)
    {
        var window = Window(history, season);
        var smoothed = smoothing is null ? HoltWinters.Fit(window, season) : HoltWinters.Smooth(window, season, smoothing);
        if (smoothed is not null && smoothed.Ahead(1) is var (expected, error) && double.IsFinite(expected) && double.IsFinite(error) && !Moments.IsFlat(expected, error))
            return (new Forecast(expected, error, null, "smoothing"), null);
        return Mean(window, season);
    }

    /// <summary>Forecasts each period of a series from those before it. Parameters are found anew once a season.</summary>
    /// <param name="phase">Place of the first period within its season, so that the same period is reckoned alike however long the history is.</param>
    public static IReadOnlyList<(Forecast? Forecast, string? Why)> Each(IReadOnlyList<double?> series, int season, Smoothing? smoothing = null, int phase = 0)
    {
        var all = new (Forecast?, string?)[series.Count];
        Smoothing? found = null;
        for (var t = 0; t < series.Count; t++)
        {
            var history = Window(new Before(series, t), season);
            if (smoothing is null && (found is null || (t + phase) % season == 0))
                found = HoltWinters.Fit(history, season)?.Smoothing ?? found;
            all[t] = (smoothing ?? found) is { } known ? Next(history, season, known) : Mean(history, season);
        }
        return all;
    }

    // The last seasons, begun where two of them in a row have every figure.
    private static List<double?> Window(IReadOnlyList<double?> history, int season)
    {
        var from = Math.Max(0, history.Count - MostSeasons * season);
        var run = 0;
        for (var t = from; t < history.Count; t++)
        {
            run = Moments.At(history, t) is null ? 0 : run + 1;
            if (run == 2 * season)
                return [.. history.Skip(t + 1 - run)];
        }
        return [.. history.Skip(from)];
    }

    private static (Forecast? Forecast, string? Why) Mean(IReadOnlyList<double?> history, int season)
    {
        var place = history.Count % season;
        var places = Enumerable.Range(0, history.Count).Where(t => Moments.At(history, t) is not null).GroupBy(t => t % season, t => history[t]!.Value).ToDictionary(g => g.Key, g => g.ToList());
        var freedom = places.Values.Sum(p => p.Count - 1);
        if (!places.TryGetValue(place, out var same) || freedom < 2)
            return (null, NoJudgement.Short);
        var squares = places.Values.Sum(p => p.Average() is var mean ? p.Sum(x => (x - mean) * (x - mean)) : 0);
        var (expected, error) = (same.Average(), Math.Sqrt(squares / freedom * (1 + 1.0 / same.Count)));
        return !double.IsFinite(expected) || !double.IsFinite(error) ? (null, NoJudgement.Overflow)
            : Moments.IsFlat(expected, error) ? (null, NoJudgement.Flat) : (new Forecast(expected, error, freedom, "seasonal-mean"), null);
    }

    private sealed class Before(IReadOnlyList<double?> series, int count) : IReadOnlyList<double?>
    {
        public double? this[int index] => index < count ? series[index] : throw new ArgumentOutOfRangeException(nameof(index));

        public int Count => count;

        public IEnumerator<double?> GetEnumerator() => series.Take(count).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
