using Guantong.Packs;

namespace Guantong.Data;

/// <summary>What a measure adds to a score.</summary>
/// <param name="Share">0 to 1; null where it could not be measured.</param>
public readonly record struct Weighed(double Weight, double? Share);

/// <summary>The score of a run, 0 to 100 (docs/pack-language.md, “Quality rules”).</summary>
public static class QualityScore
{
    /// <summary>100 × Σ weight × share ÷ Σ weight over what could be measured; null where nothing could, or nothing weighs.</summary>
    public static double? Of(IEnumerable<Weighed> measures)
    {
        var (sum, weights) = (0.0, 0.0);
        foreach (var (weight, share) in measures)
        {
            if (share is not { } part)
                continue;
            sum += weight * Math.Clamp(part, 0, 1);
            weights += weight;
        }
        return weights > 0 ? Math.Round(100 * sum / weights, 2) : null;
    }

    /// <summary>Of rows, those that keep the rule; null where there are none.</summary>
    public static double? OfRows(long rows, long broken) => rows == 0 ? null : 1 - ((double)broken / rows);

    /// <summary>Whole while it is no older than wanted, then wanted over age; nothing without rows.</summary>
    public static double OfAge(double? hours, double wanted) => hours is not { } age ? 0 : age <= wanted ? 1 : wanted / age;

    /// <summary>Whole within the tolerance, then one less the distance beyond it; both as percent.</summary>
    public static double OfDistance(double distance, double tolerance) => 1 - Math.Clamp((distance - tolerance) / 100, 0, 1);

    /// <summary>Whole up to the most, then the most over the index.</summary>
    public static double OfDrift(double index, double most) => index <= most ? 1 : most / index;

    internal static double WeightOf(QualityRule rule) => (double)rule.Weight;
}
