using System.Globalization;
using Guantong.Feel.Evaluation;
using static Guantong.Feel.Functions.BuiltIns;

namespace Guantong.Feel.Functions;

/// <summary>Numbers, booleans and conversion (DMN 1.5, 10.3.4.1, 10.3.4.2, 10.3.4.5).</summary>
internal static class NumberFunctions
{
    public static readonly (string Name, FeelFunction Function)[] All =
    [
        Make("number", "from, grouping separator, decimal separator", 1, a => ToNumber(a)),
        Make("decimal", "n, scale", 2, a => Round(a, MidpointRounding.ToEven)),
        Make("floor", "n, scale", 1, a => Round(a, MidpointRounding.ToNegativeInfinity)),
        Make("ceiling", "n, scale", 1, a => Round(a, MidpointRounding.ToPositiveInfinity)),
        Make("round up", "n, scale", 2, a => a[0] is decimal n && n < 0 ? Round(a, MidpointRounding.ToNegativeInfinity) : Round(a, MidpointRounding.ToPositiveInfinity)),
        Make("round down", "n, scale", 2, a => Round(a, MidpointRounding.ToZero)),
        Make("round half up", "n, scale", 2, a => Round(a, MidpointRounding.AwayFromZero)),
        Make("round half down", "n, scale", 2, HalfDown),
        Make("abs", "n", 1, a => a[0] switch { decimal n => Math.Abs(n), TimeSpan t => t.Duration(), YearsMonths m => new YearsMonths(Math.Abs(m.Months)), _ => null }),
        Make("modulo", "dividend, divisor", 2, a => a[0] is decimal x && a[1] is decimal y && y != 0 ? x - y * Math.Floor(x / y) : null),
        Make("sqrt", "number", 1, a => a[0] is decimal n && n >= 0 ? Arithmetic.Finite(Math.Sqrt((double)n)) : null),
        Make("log", "number", 1, a => a[0] is decimal n && n > 0 ? Arithmetic.Finite(Math.Log((double)n)) : null),
        Make("exp", "number", 1, a => a[0] is decimal n ? Arithmetic.Finite(Math.Exp((double)n)) : null),
        Make("odd", "number", 1, a => a[0] is decimal n ? Math.Abs(n % 2) == 1 : null),
        Make("even", "number", 1, a => a[0] is decimal n ? n % 2 == 0 : null),
        Make("not", "negand", 1, a => a[0] is bool b ? !b : null),
        Make("is", "value1, value2", 2, a => a[0]?.GetType() == a[1]?.GetType() && Comparing.AreEqual(a[0], a[1]) is true),
    ];

    private static object? Round(IReadOnlyList<object?> a, MidpointRounding mode)
    {
        if (a[0] is not decimal n || (a.At(1) ?? 0m) is not decimal scale || scale != decimal.Truncate(scale))
            return null;
        if (scale >= 0)
            return scale > 28 ? n : decimal.Round(n, (int)scale, mode);
        if (scale < -28)
            return 0m;
        var unit = 1m;
        for (var i = 0m; i > scale; i--)
            unit *= 10;
        return decimal.Round(n / unit, 0, mode) * unit;
    }

    private static object? HalfDown(IReadOnlyList<object?> a)
    {
        if (Round(a, MidpointRounding.AwayFromZero) is not decimal up || Round(a, MidpointRounding.ToZero) is not decimal down)
            return null;
        return Math.Abs(up - (decimal)a[0]!) < Math.Abs(down - (decimal)a[0]!) ? up : down;
    }

    private static decimal? ToNumber(IReadOnlyList<object?> a)
    {
        if (a[0] is not string text)
            return null;
        if (a.At(1) is string grouping)
            text = text.Replace(grouping, "", StringComparison.Ordinal);
        if (a.At(2) is string point && point != ".")
            text = text.Replace(point, ".", StringComparison.Ordinal);
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var n) ? n : null;
    }
}
