namespace Guantong.Insight;

/// <summary>How much a figure has changed against an earlier one.</summary>
public static class RateOfChange
{
    /// <summary>In percent of the earlier figure's size: 62 for a rise by 62 %, −62 for a fall.</summary>
    /// <returns>Score: percent; expected: the earlier figure. No judgement against zero, of which nothing is a percentage.</returns>
    public static Judged Percent(double? now, double? before) => Of(now, before) is { Why: null, Score: { } change, Expected: { } was }
        ? was == 0 ? Judged.None(NoJudgement.Zero, 0) : Judged.Of(100 * change / Math.Abs(was), was, 0) : Of(now, before);

    /// <summary>In the figure's own unit.</summary>
    public static Judged Absolute(double? now, double? before) => Of(now, before);

    private static Judged Of(double? now, double? before) =>
        now is not { } x || !double.IsFinite(x) ? Judged.None(NoJudgement.Missing)
        : before is not { } was || !double.IsFinite(was) ? Judged.None(NoJudgement.Gap)
        : Judged.Of(x - was, was, 0);
}
