namespace Guantong.Insight;

/// <summary>What is expected of a figure by those before it.</summary>
/// <param name="Expected">In the figure's own unit.</param>
/// <param name="Error">Its standard error; above 0.</param>
/// <param name="Freedom">Degrees of freedom where the error is of a seasonal mean; null where it is of a long series.</param>
/// <param name="How">smoothing or seasonal-mean.</param>
public sealed record Forecast(double Expected, double Error, int? Freedom, string How)
{
    /// <summary>By Holt and Winters.</summary>
    public const string Smoothing = "smoothing";

    /// <summary>By the mean of the same places in the seasons before.</summary>
    public const string SeasonalMean = "seasonal-mean";

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
        var window = Window([.. history], history.Count, season);
        return Next(window, season, smoothing ?? HoltWinters.Fit(window, season)?.Smoothing);
    }

    /// <summary>Forecasts each figure of a series from those before it. Parameters are found anew once a season.</summary>
    /// <param name="phase">Number of the first period, so that the same period is reckoned alike however long the history is.</param>
    /// <param name="from">The first place that is asked for; those before it are left empty, and what is said from there on is what would be said without it.</param>
    public static IReadOnlyList<(Forecast? Forecast, string? Why)> Each(IReadOnlyList<double?> series, int season, Smoothing? smoothing = null, int phase = 0, int from = 0)
    {
        double?[] figures = [.. series];
        var all = new (Forecast?, string?)[figures.Length];
        var begin = from - (from + phase) % season;
        var (found, turn) = begin <= 0 ? (smoothing, -1) : (smoothing ?? FoundBefore(figures, season, phase, begin), -1);
        for (var t = Math.Max(0, begin); t < figures.Length; t++)
        {
            if (Moments.At(figures, t) is null)
            {
                all[t] = t >= from ? (null, NoJudgement.Missing) : default;
                continue;
            }
            var window = Window(figures, t, season);
            if (smoothing is null && (found is null || turn != (t + phase) / season))
                (found, turn) = (HoltWinters.Fit(window, season)?.Smoothing ?? found, (t + phase) / season);
            if (t >= from)
                all[t] = Next(window, season, found);
        }
        return all;
    }

    // The parameters that stand when a season begins: found at the first figure of the last season before that gave any; where none did, at the first figure of all that does.
    private static Smoothing? FoundBefore(double?[] figures, int season, int phase, int begin)
    {
        Smoothing? At(int t) => HoltWinters.Fit(Window(figures, t, season), season)?.Smoothing;
        for (var first = begin - season; first > -season; first -= season)
        {
            var t = Math.Max(0, first);
            while (t < first + season && Moments.At(figures, t) is null)
                t++;
            if (t < first + season && At(t) is { } found)
                return found;
        }
        return Enumerable.Range(0, begin).Where(t => Moments.At(figures, t) is not null).Select(At).FirstOrDefault(found => found is not null);
    }

    private static (Forecast? Forecast, string? Why) Next(double?[] window, int season, Smoothing? smoothing)
    {
        if (smoothing is not null && HoltWinters.Smooth(window, season, smoothing) is { } smoothed
            && smoothed.Ahead(1) is var (expected, error) && double.IsFinite(expected) && double.IsFinite(error) && !Moments.IsFlat(expected, error))
            return (new Forecast(expected, error, null, Forecast.Smoothing), null);
        return Mean(window, season);
    }

    // The last seasons before a place, begun where two of them in a row have every figure.
    private static double?[] Window(double?[] figures, int count, int season)
    {
        var from = Math.Max(0, count - MostSeasons * season);
        var run = 0;
        for (var t = from; t < count; t++)
        {
            run = Moments.At(figures, t) is null ? 0 : run + 1;
            if (run == 2 * season)
                return figures[(t + 1 - run)..count];
        }
        return figures[from..count];
    }

    private static (Forecast? Forecast, string? Why) Mean(double?[] window, int season)
    {
        var place = window.Length % season;
        var places = Enumerable.Range(0, window.Length).Where(t => Moments.At(window, t) is not null).GroupBy(t => t % season, t => window[t]!.Value).ToDictionary(g => g.Key, g => g.ToList());
        var freedom = places.Values.Sum(p => p.Count - 1);
        if (!places.TryGetValue(place, out var same) || freedom < 2)
            return (null, NoJudgement.Short);
        var squares = places.Values.Sum(p => p.Average() is var mean ? p.Sum(x => (x - mean) * (x - mean)) : 0);
        var (expected, error) = (same.Average(), Math.Sqrt(squares / freedom * (1 + 1.0 / same.Count)));
        return !double.IsFinite(expected) || !double.IsFinite(error) ? (null, NoJudgement.Overflow)
            : Moments.IsFlat(expected, error) ? (null, NoJudgement.Flat) : (new Forecast(expected, error, freedom, Forecast.SeasonalMean), null);
    }
}
