namespace Guantong.Insight;

/// <summary>Mean and spread of some figures.</summary>
public static class Moments
{
    /// <summary>The figure where there is one and it is a number; else null.</summary>
    public static double? At(IReadOnlyList<double?> series, int index) =>
        index >= 0 && index < series.Count && series[index] is { } x && double.IsFinite(x) ? x : null;

    /// <summary>Mean and sample standard deviation (n − 1) of figures, of which there are two at least.</summary>
    /// <remarks>Two passes, so that large figures that differ little keep their spread.</remarks>
    public static (double Mean, double Deviation) Of(ReadOnlySpan<double> figures)
    {
        var mean = 0.0;
        foreach (var x in figures)
            mean += x / figures.Length;
        var squares = 0.0;
        foreach (var x in figures)
            squares += (x - mean) * (x - mean);
        return (mean, Math.Sqrt(squares / (figures.Length - 1)));
    }

    // What rounding leaves of figures that are all alike is no spread.
    internal static bool IsFlat(double mean, double deviation) => !(deviation > Math.Abs(mean) * 1e-12);
}
