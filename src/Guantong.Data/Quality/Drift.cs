namespace Guantong.Data;

/// <summary>How far a distribution has moved from another.</summary>
internal static class Drift
{
    /// <summary>The population stability index over the same classes: Σ (p − q) · ln(p ÷ q). 0 when alike; 0.1 is little, 0.25 much.</summary>
    /// <remarks>Half a row is added to each class, so that an empty one does not make it endless.</remarks>
    public static double Index(IReadOnlyList<long> before, IReadOnlyList<long> now)
    {
        if (before.Count != now.Count || before.Count == 0)
            throw new ArgumentException("The two have the same classes, at least one.", nameof(now));
        var (all, allNow) = (before.Sum() + (before.Count * 0.5), now.Sum() + (now.Count * 0.5));
        return before.Zip(now).Sum(c => (P: (c.First + 0.5) / all, Q: (c.Second + 0.5) / allNow) is var s ? (s.P - s.Q) * Math.Log(s.P / s.Q) : 0);
    }
}
