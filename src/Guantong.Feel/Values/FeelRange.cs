namespace Guantong.Feel;

/// <summary>A range as a value (DMN 1.5 §10.3.2.7); a null end is open without bound.</summary>
/// <param name="Start">Lower end.</param>
/// <param name="StartIncluded">Whether the lower end belongs to it.</param>
/// <param name="End">Upper end.</param>
/// <param name="EndIncluded">Whether the upper end belongs to it.</param>
/// <param name="Operator">For a range written as a unary test, its operator: (&lt; 10) is another value than (null..10).</param>
public sealed record FeelRange(FeelValue Start, bool StartIncluded, FeelValue End, bool EndIncluded, string? Operator = null)
{
    public override string ToString() => Values.Print.Of(this);
}
