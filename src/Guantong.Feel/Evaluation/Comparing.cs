namespace Guantong.Feel.Evaluation;

/// <summary>Equality and order (DMN 1.5, 10.3.2.13): null where two kinds do not compare.</summary>
internal static class Comparing
{
    public static object? AreEqual(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (IReadOnlyDictionary<string, object?> x, IReadOnlyDictionary<string, object?> y) =>
            x.Count == y.Count && x.All(p => y.TryGetValue(p.Key, out var other) && AreEqual(p.Value, other) is true),
        (IReadOnlyList<object?> x, IReadOnlyList<object?> y) => x.Count == y.Count && x.Zip(y).All(p => AreEqual(p.First, p.Second) is true),
        (FeelRange x, FeelRange y) => x.StartIncluded == y.StartIncluded && x.EndIncluded == y.EndIncluded && AreEqual(x.Start, y.Start) is true && AreEqual(x.End, y.End) is true,
        _ => a.GetType() == b.GetType() ? a.Equals(b) : null,
    };

    public static int? Order(object? a, object? b) => (a, b) switch
    {
        (decimal x, decimal y) => x.CompareTo(y),
        (string x, string y) => Math.Sign(string.CompareOrdinal(x, y)),
        (DateOnly x, DateOnly y) => x.CompareTo(y),
        (TimeOnly x, TimeOnly y) => x.CompareTo(y),
        (DateTimeOffset x, DateTimeOffset y) => x.CompareTo(y),
        (TimeSpan x, TimeSpan y) => x.CompareTo(y),
        (YearsMonths x, YearsMonths y) => x.Months.CompareTo(y.Months),
        _ => null,
    };

    public static object? Contains(FeelRange range, object? value)
    {
        var low = range.Start is null ? 1 : Order(value, range.Start);
        var high = range.End is null ? -1 : Order(value, range.End);
        return low is not { } l || high is not { } h ? null
            : (l > 0 || (l == 0 && range.StartIncluded)) && (h < 0 || (h == 0 && range.EndIncluded));
    }
}
