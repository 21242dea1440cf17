namespace Guantong.Insight;

/// <summary>Cumulative sums: what adds up of small departures in one direction.</summary>
/// <remarks>E. S. Page: Continuous inspection schemes, Biometrika 41 (1954) 100–115; in tabular form D. C. Montgomery: Introduction to Statistical Quality Control, 7th ed., §9.1.2.</remarks>
public static class Cusum
{
    /// <summary>How far the sum has drifted upwards, in standard deviations: S⁺ₜ = max(0, S⁺ₜ₋₁ + zₜ − k).</summary>
    /// <param name="series">Without gaps; null where there is no figure: the sum then stands as it was.</param>
    /// <param name="mean">What is expected.</param>
    /// <param name="deviation">One standard deviation of it; above 0.</param>
    /// <param name="k">What is allowed of each figure, in standard deviations; half of the shift that matters, 0.5 as a rule.</param>
    /// <returns>The sum after each figure, never below 0; a signal where it exceeds h (4 or 5 as a rule). After a signal it goes on.</returns>
    public static IReadOnlyList<Judged> Upward(IReadOnlyList<double?> series, double mean, double deviation, double k) => OneSided(series, mean, deviation, k, 1);

    /// <summary>The same downwards: S⁻ₜ = max(0, S⁻ₜ₋₁ − zₜ − k).</summary>
    /// <inheritdoc cref="Upward"/>
    public static IReadOnlyList<Judged> Downward(IReadOnlyList<double?> series, double mean, double deviation, double k) => OneSided(series, mean, deviation, k, -1);

    /// <summary>The larger of both.</summary>
    /// <inheritdoc cref="Upward"/>
    public static IReadOnlyList<Judged> TwoSided(IReadOnlyList<double?> series, double mean, double deviation, double k) =>
        [.. Upward(series, mean, deviation, k).Zip(Downward(series, mean, deviation, k), (up, down) => down.Score > up.Score ? down : up)];

    /// <summary>A Poisson count as a figure that is about normal with mean 0 and standard deviation 1, for a cumulative sum of counts.</summary>
    /// <param name="count">0 or more.</param>
    /// <param name="mean">What is expected of it, above 0.</param>
    /// <remarks>G. Rossi, L. Lampugnani, M. Marchi: An approximate CUSUM procedure for surveillance of health events, Statistics in Medicine 18 (1999) 2111–2122.</remarks>
    public static double? Rossi(double count, double mean) =>
        count >= 0 && mean > 0 && double.IsFinite(count) && double.IsFinite(mean) ? (count - 3 * mean + 2 * Math.Sqrt(mean * count)) / (2 * Math.Sqrt(mean)) : null;

    private static Judged[] OneSided(IReadOnlyList<double?> series, double mean, double deviation, double k, int side)
    {
        var judged = new Judged[series.Count];
        var isFlat = !double.IsFinite(deviation) || !double.IsFinite(mean) || Moments.IsFlat(mean, deviation);
        var sum = 0.0;
        for (var t = 0; t < series.Count; t++)
        {
            if (isFlat)
                judged[t] = Judged.None(NoJudgement.Flat, double.IsFinite(mean) ? mean : null);
            else if (Moments.At(series, t) is not { } x)
                judged[t] = Judged.None(NoJudgement.Missing, mean);
            else
            {
                var next = Math.Max(0, sum + side * ((x - mean) / deviation) - k);
                judged[t] = Judged.Of(next, mean, deviation);
                // What cannot be reckoned is not carried on.
                sum = double.IsFinite(next) ? next : sum;
            }
        }
        return judged;
    }
}
