namespace Guantong.Insight;

/// <summary>The Early Aberration Reporting System's three statistics over counts by day: how many standard deviations a day lies above the week before.</summary>
/// <remarks>
/// L. Hutwagner, W. Thompson, G. M. Seeman, T. Treadwell: The bioterrorism preparedness and response Early Aberration Reporting System (EARS), Journal of Urban Health 80 (2003) i89–i96.
/// The seven days of the baseline end the day before (C1), or two days earlier (C2), so that a slow rise does not hide itself in them. C1 and C2 are usually held against 3, C3 against 2.
/// </remarks>
public static class Ears
{
    /// <summary>Days of the baseline.</summary>
    public const int Baseline = 7;

    /// <summary>Days between the baseline of C2 and the day.</summary>
    public const int Lag = 2;

    /// <summary>C1: against the seven days before.</summary>
    /// <param name="counts">By day without gaps; null where there is none.</param>
    /// <param name="least">The smallest standard deviation that is reckoned with; 0 gives no judgement over a baseline that does not vary.</param>
    public static IReadOnlyList<Judged> C1(IReadOnlyList<double?> counts, double least = 0) => Against(counts, 0, least);

    /// <summary>C2: against the seven days that ended two days earlier.</summary>
    /// <inheritdoc cref="C1"/>
    public static IReadOnlyList<Judged> C2(IReadOnlyList<double?> counts, double least = 0) => Against(counts, Lag, least);

    /// <summary>C3: of the day and the two before it, the sum of what C2 exceeds 1 by.</summary>
    /// <inheritdoc cref="C1"/>
    public static IReadOnlyList<Judged> C3(IReadOnlyList<double?> counts, double least = 0)
    {
        var c2 = C2(counts, least);
        var c3 = new Judged[c2.Count];
        for (var t = 0; t < c2.Count; t++)
        {
            if (c2[t].Why is not null)
            {
                c3[t] = c2[t];
                continue;
            }
            var (sum, why) = (0.0, (string?)null);
            for (var day = t - 2; day <= t; day++)
            {
                if (day < 0 || c2[day].Score is not { } score)
                    why ??= day < 0 || c2[day].Why == NoJudgement.Short ? NoJudgement.Short : c2[day].Why == NoJudgement.Missing ? NoJudgement.Gap : c2[day].Why;
                else
                    sum += Math.Max(0, score - 1);
            }
            c3[t] = why is null ? Judged.Of(sum, c2[t].Expected!.Value, c2[t].Spread!.Value) : Judged.None(why, c2[t].Expected);
        }
        return c3;
    }

    private static Judged[] Against(IReadOnlyList<double?> counts, int lag, double least)
    {
        var judged = new Judged[counts.Count];
        var baseline = new double[Baseline];
        for (var t = 0; t < counts.Count; t++)
            judged[t] = One(counts, t, lag, least, baseline);
        return judged;
    }

    private static Judged One(IReadOnlyList<double?> counts, int t, int lag, double least, double[] baseline)
    {
        if (Moments.At(counts, t) is not { } count)
            return Judged.None(NoJudgement.Missing);
        if (t < Baseline + lag)
            return Judged.None(NoJudgement.Short);
        for (var i = 0; i < Baseline; i++)
        {
            if (Moments.At(counts, t - lag - Baseline + i) is not { } before)
                return Judged.None(NoJudgement.Gap);
            baseline[i] = before;
        }
        var (mean, deviation) = Moments.Of(baseline);
        if (!double.IsFinite(deviation))
            return Judged.None(NoJudgement.Overflow);
        var spread = Math.Max(Moments.IsFlat(mean, deviation) ? 0 : deviation, least);
        return spread > 0 ? Judged.Of((count - mean) / spread, mean, spread) : Judged.None(NoJudgement.Flat, mean);
    }
}
