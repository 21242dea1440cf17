using System.Diagnostics;
using System.Globalization;

namespace Guantong.Bench;

/// <summary>What a benchmark comes to: higher is better, and at the goal or above it is ok.</summary>
internal sealed record Ratio(double Value, double Goal)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"ratio={Value:0.00} goal>={Goal:0.00} {(Value >= Goal ? "ok" : "short")}");
}

/// <summary>Measuring and saying.</summary>
internal static class Measure
{
    public static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    public static async Task<double> SecondsAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    public static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
