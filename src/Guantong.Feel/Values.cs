namespace Guantong.Feel;

/// <summary>A years and months duration, counted in months (DMN 1.5, 10.3.2.3.8).</summary>
public readonly record struct YearsMonths(int Months);

/// <summary>A range as a value; a null end is unbounded.</summary>
public sealed record FeelRange(object? Start, bool StartIncluded, object? End, bool EndIncluded);

/// <summary>A function as a value.</summary>
/// <param name="Parameters">Names of its parameters, in order.</param>
/// <param name="Call">Runs it with arguments by position.</param>
public sealed record FeelFunction(IReadOnlyList<string> Parameters, Func<IReadOnlyList<object?>, object?> Call);
