namespace Guantong.Feel.Evaluation;

/// <summary>Ranges from their ends (§10.3.2.7).</summary>
internal static class Ranges
{
    public static FeelValue Open(string op, FeelValue bound) => op switch
    {
        "<" or "<=" => new FeelRange(default, false, bound, op == "<=", op),
        ">" or ">=" => new FeelRange(bound, op == ">=", default, false, op),
        "=" => new FeelRange(bound, true, bound, true, op),
        _ => new FeelRange(bound, false, bound, false, op),
    };

    /// <summary>A range; null when its ends are of two kinds, or of one that has no order.</summary>
    public static FeelValue Of(FeelValue from, bool startIncluded, FeelValue to, bool endIncluded, FeelSession session)
    {
        if (!from.IsNull && !to.IsNull && Comparing.Order(from, to, session) is null)
            return default;
        return new FeelRange(from, startIncluded, to, endIncluded);
    }

    /// <summary>What "for i in a..b" runs over: up or down.</summary>
    public static FeelValue Between(FeelValue from, FeelValue to, FeelSession session) => Of(from, true, to, true, session);
}
