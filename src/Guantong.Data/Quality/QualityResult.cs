namespace Guantong.Data;

/// <summary>What a quality rule measured.</summary>
/// <param name="Rule">The kind of rule.</param>
/// <param name="Field">What it is measured on: a field, fields, a condition or two figures. With the rule it names the measure within its dataset.</param>
/// <param name="Measured">complete: percent present; fresh: hours since the newest row (null without rows); agrees, volume: distance in percent; drift: the index; other rules: rows in breach. Null where it could not be measured.</param>
/// <param name="Wanted">complete: the least percent; fresh: the most hours; agrees, volume: the most percent; drift: the most; other rules: the most rows.</param>
/// <param name="Grade">error or warning.</param>
public sealed record QualityResult(string Rule, string Field, double? Measured, double Wanted, bool Passed, string Grade, DateTime At)
{
    /// <summary>Rows that the rule judged; 0 where it judges the dataset as a whole.</summary>
    public long Rows { get; init; }

    /// <summary>Those of them that break it.</summary>
    public long Broken { get; init; }

    /// <summary>Its share of the score, 0 to 1; null where it could not be measured.</summary>
    public double? Share { get; init; }

    /// <summary>How much it counts in the score.</summary>
    public double Weight { get; init; }
}
