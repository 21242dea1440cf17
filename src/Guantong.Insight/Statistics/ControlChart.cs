namespace Guantong.Insight;

/// <summary>What a process gives while nothing special happens: its centre and one standard deviation.</summary>
/// <param name="Lower">Three standard deviations below.</param>
/// <param name="Upper">Three above.</param>
public sealed record ControlLimits(double Centre, double Sigma, double Lower, double Upper);

/// <summary>Shewhart's control charts: whether a figure is of a process that goes on as before.</summary>
/// <remarks>GB/T 17989.2-2020 (ISO 7870-2:2013); the rules by Western Electric Company: Statistical Quality Control Handbook (1956), p. 25–28; the tests by L. S. Nelson: The Shewhart control chart – tests for special causes, Journal of Quality Technology 16 (1984) 237–239, which GB/T 4091-2001 §8 took up.</remarks>
public static class ControlChart
{
    /// <summary>d₂ of two figures: a mean moving range is so many standard deviations.</summary>
    public const double MovingRange = 1.128;

    /// <summary>Limits of individual figures by their mean moving range (XmR).</summary>
    /// <param name="baseline">Figures in the order of time; null for a gap, over which no range is taken.</param>
    /// <returns>Null with the reason where there are fewer than two ranges, or none varies.</returns>
    public static (ControlLimits? Limits, string? Why) Individuals(IReadOnlyList<double?> baseline)
    {
        var (sum, count, ranges, range) = (0.0, 0, 0, 0.0);
        for (var t = 0; t < baseline.Count; t++)
        {
            if (Moments.At(baseline, t) is not { } x)
                continue;
            sum += x;
            count++;
            if (Moments.At(baseline, t - 1) is { } before)
            {
                range += Math.Abs(x - before);
                ranges++;
            }
        }
        if (ranges < 2)
            return (null, NoJudgement.Short);
        var (centre, sigma) = (sum / count, range / ranges / MovingRange);
        if (!double.IsFinite(centre - 3 * sigma) || !double.IsFinite(centre + 3 * sigma))
            return (null, NoJudgement.Overflow);
        return Moments.IsFlat(centre, sigma) ? (null, NoJudgement.Flat) : (new ControlLimits(centre, sigma, centre - 3 * sigma, centre + 3 * sigma), null);
    }

    /// <summary>Limits of a share (p chart), which are the wider the fewer it is taken of: p̄ ± 3 √(p̄ (1 − p̄) / n), kept within 0 and 1.</summary>
    /// <param name="mean">The share over the whole baseline, 0 to 1.</param>
    /// <param name="of">How many the figure's share is taken of.</param>
    public static (ControlLimits? Limits, string? Why) Share(double mean, double of)
    {
        if (!(mean is >= 0 and <= 1) || !(of > 0) || !double.IsFinite(of))
            return (null, NoJudgement.Domain);
        var sigma = Math.Sqrt(mean * (1 - mean) / of);
        return sigma > 0 ? (new ControlLimits(mean, sigma, Math.Max(0, mean - 3 * sigma), Math.Min(1, mean + 3 * sigma)), null) : (null, NoJudgement.Flat);
    }

    /// <summary>Which of the Western Electric rules each figure breaks, by number: 1 one beyond three standard deviations; 2 two of three beyond two on the same side; 3 four of five beyond one on the same side; 4 eight in a row on the same side.</summary>
    /// <param name="deviations">Figures as standard deviations from their centre; null for a gap, which ends what runs over it.</param>
    /// <returns>For each figure, rule → the side (1 above, −1 below).</returns>
    public static IReadOnlyList<IReadOnlyDictionary<int, int>> WesternElectric(IReadOnlyList<double?> deviations)
    {
        var broken = new IReadOnlyDictionary<int, int>[deviations.Count];
        for (var t = 0; t < deviations.Count; t++)
        {
            var rules = new Dictionary<int, int>();
            foreach (var side in (int[])[1, -1])
            {
                if (Beyond(deviations, t, side, 3))
                    rules.TryAdd(1, side);
                if (Beyond(deviations, t, side, 2) && Count(deviations, t, 3, side, 2) >= 2)
                    rules.TryAdd(2, side);
                if (Beyond(deviations, t, side, 1) && Count(deviations, t, 5, side, 1) >= 4)
                    rules.TryAdd(3, side);
                if (Count(deviations, t, 8, side, 0) == 8)
                    rules.TryAdd(4, side);
            }
            broken[t] = rules;
        }
        return broken;
    }

    /// <summary>Which of Nelson's eight tests each figure breaks, by number: 1 one beyond three standard deviations; 2 nine in a row on the same side; 3 six in a row that all rise, or all fall; 4 fourteen in a row that go up and down by turns;
    /// 5 two of three beyond two on the same side; 6 four of five beyond one on the same side; 7 fifteen in a row within one; 8 eight in a row beyond one, on both sides.</summary>
    /// <inheritdoc cref="WesternElectric"/>
    /// <returns>For each figure, test → the side (1 above or rising, −1 below or falling, 0 of tests 4, 7 and 8, which have none).</returns>
    public static IReadOnlyList<IReadOnlyDictionary<int, int>> Nelson(IReadOnlyList<double?> deviations)
    {
        var broken = new IReadOnlyDictionary<int, int>[deviations.Count];
        for (var t = 0; t < deviations.Count; t++)
        {
            var tests = new Dictionary<int, int>();
            foreach (var side in (int[])[1, -1])
            {
                if (Beyond(deviations, t, side, 3))
                    tests.TryAdd(1, side);
                if (Count(deviations, t, 9, side, 0) == 9)
                    tests.TryAdd(2, side);
                if (Steps(deviations, t, 6) is { } six && six.All(s => s == side))
                    tests.TryAdd(3, side);
                if (Beyond(deviations, t, side, 2) && Count(deviations, t, 3, side, 2) >= 2)
                    tests.TryAdd(5, side);
                if (Beyond(deviations, t, side, 1) && Count(deviations, t, 5, side, 1) >= 4)
                    tests.TryAdd(6, side);
            }
            if (Steps(deviations, t, 14) is { } turns && turns[0] != 0 && turns.Skip(1).Zip(turns).All(s => s.First == -s.Second))
                tests.Add(4, 0);
            if (Last(deviations, t, 15) is { } near && near.All(z => Math.Abs(z) <= 1))
                tests.Add(7, 0);
            if (Last(deviations, t, 8) is { } far && far.All(z => Math.Abs(z) > 1) && far.Max() > 0 && far.Min() < 0)
                tests.Add(8, 0);
            broken[t] = tests;
        }
        return broken;
    }

    // The last figures up to this one; null where there are fewer, or a gap among them.
    private static double[]? Last(IReadOnlyList<double?> deviations, int t, int count)
    {
        var last = new double[count];
        for (var i = 0; i < count; i++)
        {
            if (Moments.At(deviations, t - count + 1 + i) is not { } z)
                return null;
            last[i] = z;
        }
        return last;
    }

    // Whether each of the last figures but the first lies above (1), on (0) or below (−1) the one before it.
    private static int[]? Steps(IReadOnlyList<double?> deviations, int t, int count) =>
        Last(deviations, t, count) is { } last ? [.. last.Skip(1).Zip(last, (z, before) => z.CompareTo(before))] : null;

    private static bool Beyond(IReadOnlyList<double?> deviations, int t, int side, double bound) => Moments.At(deviations, t) is { } z && side * z > bound;

    // How many of the last figures up to this one lie beyond, none before a gap.
    private static int Count(IReadOnlyList<double?> deviations, int t, int last, int side, double bound)
    {
        var count = 0;
        for (var i = t; i > t - last && Moments.At(deviations, i) is not null; i--)
            count += Beyond(deviations, i, side, bound) ? 1 : 0;
        return count;
    }
}
