namespace Guantong.Insight;

/// <summary>What a method says of one figure of a series: how far it stands from what was expected, or why nothing can be said. Never infinite, never NaN.</summary>
/// <param name="Score">The method's statistic; null where it gives no judgement.</param>
/// <param name="Expected">What was expected, in the figure's own unit; null where nothing was.</param>
/// <param name="Spread">One standard deviation (or standard error) of what was expected, in the figure's own unit.</param>
/// <param name="Why">Why there is no judgement: one of <see cref="NoJudgement"/>; null where there is one.</param>
public readonly record struct Judged(double? Score, double? Expected, double? Spread, string? Why)
{
    /// <summary>A judgement. What came out infinite or undefined is none.</summary>
    public static Judged Of(double score, double expected, double spread) =>
        double.IsFinite(score) && double.IsFinite(expected) && double.IsFinite(spread) ? new(score, expected, spread, null) : None(NoJudgement.Overflow);

    /// <summary>No judgement, and why.</summary>
    public static Judged None(string why, double? expected = null) => new(null, expected, null, why);
}

/// <summary>Why a method gives no judgement.</summary>
public static class NoJudgement
{
    /// <summary>The figure itself is missing, or no number.</summary>
    public const string Missing = "missing";

    /// <summary>There are too few figures before it.</summary>
    public const string Short = "short-history";

    /// <summary>A figure that it rests on is missing.</summary>
    public const string Gap = "gap";

    /// <summary>What it is compared with does not vary.</summary>
    public const string Flat = "no-variance";

    /// <summary>What it is compared with is zero, and a percentage of it means nothing.</summary>
    public const string Zero = "zero-base";

    /// <summary>It belongs to what the others are compared with.</summary>
    public const string Base = "base";

    /// <summary>The figures are too large to reckon with.</summary>
    public const string Overflow = "overflow";

    /// <summary>The figure is outside of what the method is made for: a share below 0 or above 1, a count below 0.</summary>
    public const string Domain = "out-of-domain";
}
