namespace Guantong.Insight;

/// <summary>The three smoothing parameters of Holt and Winters, each from 0 (never learns) to 1 (knows the last figure alone): level, trend, season.</summary>
public sealed record Smoothing(double Alpha, double Beta, double Gamma);

/// <summary>Exponential smoothing of a series with a trend and a season that adds (Holt–Winters), and forecasts from its end.</summary>
/// <param name="Level">Level at the end.</param>
/// <param name="Trend">Change of it from one period to the next.</param>
/// <param name="Season">What the coming periods add, the next one first.</param>
/// <param name="Squares">Sum of the squared errors of one step ahead.</param>
/// <param name="Variance">Sample variance of those errors.</param>
/// <remarks>
/// C. C. Holt (1957), Forecasting seasonals and trends by exponentially weighted moving averages, reprinted in International Journal of Forecasting 20 (2004) 5–10; P. R. Winters (1960), Management Science 6, 324–342.
/// Starting values and error terms are those of R's <c>HoltWinters</c> (package stats): a classical decomposition of the first two seasons; intervals after M. Yar, C. Chatfield (1990), International Journal of Forecasting 6, 127–137.
/// </remarks>
public sealed record HoltWinters(Smoothing Smoothing, double Level, double Trend, IReadOnlyList<double> Season, double Squares, double Variance)
{
    /// <summary>Smooths a series with given parameters.</summary>
    /// <param name="series">Figures without gaps but after the first two seasons, where a missing one counts as it was expected.</param>
    /// <param name="season">Periods of a season, 2 or more.</param>
    /// <returns>Null where the series is shorter than two seasons and two figures, or has a gap within its first two seasons.</returns>
    public static HoltWinters? Smooth(IReadOnlyList<double?> series, int season, Smoothing smoothing)
    {
        if (Begin(series, season) is not { } start)
            return null;
        var seasons = new double[season];
        var (level, trend, squares, variance) = Run(series, smoothing, start, seasons);
        return new HoltWinters(smoothing, level, trend, [.. Enumerable.Range(0, season).Select(h => seasons[(series.Count + h) % season])], squares, variance);
    }

    private static (double Level, double Trend, double Squares, double Variance) Run(IReadOnlyList<double?> series, Smoothing smoothing, Beginning start, double[] seasons)
    {
        start.Season.CopyTo(seasons, 0);
        var (level, trend) = (start.Level, start.Trend);
        var (alpha, beta, gamma) = (smoothing.Alpha, smoothing.Beta, smoothing.Gamma);
        var (squares, sum, errors) = (0.0, 0.0, 0);
        for (var t = seasons.Length; t < series.Count; t++)
        {
            var place = t % seasons.Length;
            var expected = level + trend + seasons[place];
            var x = expected;
            if (Moments.At(series, t) is { } figure)
            {
                x = figure;
                squares += (x - expected) * (x - expected);
                sum += x - expected;
                errors++;
            }
            var before = level;
            level = alpha * (x - seasons[place]) + (1 - alpha) * (level + trend);
            trend = beta * (level - before) + (1 - beta) * trend;
            seasons[place] = gamma * (x - level) + (1 - gamma) * seasons[place];
        }
        return (level, trend, squares, errors > 1 ? Math.Max(0, (squares - sum * sum / errors) / (errors - 1)) : double.NaN);
    }

    /// <summary>Smooths a series with the parameters that leave the least squared errors of one step ahead: the best of a coarse grid, refined by Nelder and Mead's simplex. The same series gives the same parameters.</summary>
    /// <inheritdoc cref="Smooth"/>
    public static HoltWinters? Fit(IReadOnlyList<double?> series, int season)
    {
        if (Begin(series, season) is not { } start)
            return null;
        double?[] figures = [.. series];
        var seasons = new double[season];
        double Squares(double[] p) => Run(figures, new Smoothing(p[0], p[1], p[2]), start, seasons).Squares is var s && double.IsFinite(s) ? s : double.MaxValue;
        var best = (from a in Grid from b in Grid from g in Grid select new[] { a, b, g }).MinBy(Squares)!;
        var found = Simplex.Least(Squares, best, 0.1, 0, 1);
        return Smooth(series, season, new Smoothing(found[0], found[1], found[2]));
    }

    /// <summary>What is expected some periods after the end, and its standard error.</summary>
    /// <param name="ahead">1 for the next period.</param>
    public (double Expected, double Error) Ahead(int ahead)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ahead, 1);
        var (alpha, beta, gamma) = (Smoothing.Alpha, Smoothing.Beta, Smoothing.Gamma);
        var factor = 1.0;
        for (var j = 1; j < ahead; j++)
        {
            var psi = alpha * (1 + j * beta) + (j % Season.Count == 0 ? gamma * (1 - alpha) : 0);
            factor += psi * psi;
        }
        return (Level + ahead * Trend + Season[(ahead - 1) % Season.Count], Math.Sqrt(Variance * factor));
    }

    private static readonly double[] Grid = [0.05, 0.3, 0.7];

    private sealed record Beginning(double Level, double Trend, double[] Season);

    // R: decompose(first two seasons), a line through its trend, the mean departures from it by place.
    private static Beginning? Begin(IReadOnlyList<double?> series, int season)
    {
        if (season < 2 || series.Count < 2 * season + 2)
            return null;
        var x = new double[2 * season];
        for (var t = 0; t < x.Length; t++)
        {
            if (Moments.At(series, t) is not { } figure)
                return null;
            x[t] = figure;
        }
        var (half, isEven) = (season / 2, season % 2 == 0);
        var (first, last) = (half, x.Length - 1 - half);
        var (moving, departures, counts) = (new double[last - first + 1], new double[season], new int[season]);
        for (var t = first; t <= last; t++)
        {
            var sum = 0.0;
            for (var i = -half; i <= half; i++)
                sum += x[t + i] * (isEven && Math.Abs(i) == half ? 0.5 : 1);
            moving[t - first] = sum / season;
            departures[t % season] += x[t] - sum / season;
            counts[t % season]++;
        }
        var (level, trend) = Line(moving);
        for (var i = 0; i < season; i++)
            departures[i] /= counts[i];
        var middle = departures.Average();
        return new Beginning(level, trend, [.. departures.Select(d => d - middle)]);
    }

    // Least squares over 1, 2, …, n.
    private static (double At0, double Slope) Line(double[] y)
    {
        var (middle, mean) = ((y.Length + 1) / 2.0, y.Average());
        var (above, below) = (0.0, 0.0);
        for (var i = 0; i < y.Length; i++)
        {
            above += (i + 1 - middle) * (y[i] - mean);
            below += (i + 1 - middle) * (i + 1 - middle);
        }
        var slope = below > 0 ? above / below : 0;
        return (mean - slope * middle, slope);
    }
}

/// <summary>The place of the least value of a function within a box, by a simplex that walks downhill.</summary>
/// <remarks>J. A. Nelder, R. Mead: A simplex method for function minimization, The Computer Journal 7 (1965) 308–313; places outside are taken back to the box.</remarks>
internal static class Simplex
{
    private const int MostSteps = 300;

    public static double[] Least(Func<double[], double> of, double[] from, double step, double least, double most)
    {
        double[] Inside(double[] p) => [.. p.Select(v => Math.Clamp(v, least, most))];
        var corners = Enumerable.Range(-1, from.Length + 1)
            .Select(i => Inside([.. from.Select((v, j) => i == j ? v + (v + step <= most ? step : -step) : v)]))
            .Select(p => (Place: p, Value: of(p))).ToList();
        for (var i = 0; i < MostSteps; i++)
        {
            corners.Sort((a, b) => a.Value.CompareTo(b.Value));
            var (best, worst) = (corners[0], corners[^1]);
            if (worst.Value - best.Value <= 1e-12 * (Math.Abs(best.Value) + 1e-300) && corners.All(c => c.Place.Zip(best.Place, (a, b) => Math.Abs(a - b)).Max() < 1e-6))
                break;
            var middle = from.Select((_, j) => corners.SkipLast(1).Average(c => c.Place[j])).ToArray();
            (double[] Place, double Value) Try(double way)
            {
                var place = Inside([.. middle.Select((m, j) => m + way * (m - worst.Place[j]))]);
                return (place, of(place));
            }
            var mirrored = Try(1);
            if (mirrored.Value < best.Value)
                corners[^1] = Try(2) is var further && further.Value < mirrored.Value ? further : mirrored;
            else if (mirrored.Value < corners[^2].Value)
                corners[^1] = mirrored;
            else if (Try(mirrored.Value < worst.Value ? 0.5 : -0.5) is var nearer && nearer.Value < Math.Min(mirrored.Value, worst.Value))
                corners[^1] = nearer;
            else
                corners = [.. corners.Select((c, j) => j == 0 ? c : ((double[])[.. c.Place.Zip(best.Place, (a, b) => (a + b) / 2)], 0.0)).Select((c, j) => j == 0 ? c : (c.Item1, of(c.Item1)))];
        }
        return corners.MinBy(c => c.Value).Place;
    }
}
