namespace Guantong.Feel.Evaluation;

/// <summary>Arithmetic (DMN 1.5, 10.3.2.14); null where it is not defined, and beyond what a decimal holds.</summary>
internal static class Arithmetic
{
    public static object? Negate(object? value) => value switch
    {
        decimal d => -d,
        TimeSpan t => -t,
        YearsMonths m => new YearsMonths(-m.Months),
        _ => null,
    };

    public static object? Apply(string op, object? a, object? b)
    {
        try
        {
            return (op, a, b) switch
            {
                ("+", decimal x, decimal y) => x + y,
                ("-", decimal x, decimal y) => x - y,
                ("*", decimal x, decimal y) => x * y,
                ("/", decimal x, decimal y) => y == 0 ? null : x / y,
                ("**", decimal x, decimal y) => Power(x, y),
                ("+", string x, string y) => x + y,
                ("+", TimeSpan x, TimeSpan y) => x + y,
                ("-", TimeSpan x, TimeSpan y) => x - y,
                ("*", TimeSpan x, decimal y) => new TimeSpan((long)(x.Ticks * y)),
                ("*", decimal x, TimeSpan y) => new TimeSpan((long)(y.Ticks * x)),
                ("/", TimeSpan x, decimal y) => y == 0 ? null : new TimeSpan((long)(x.Ticks / y)),
                ("/", TimeSpan x, TimeSpan y) => y.Ticks == 0 ? null : (decimal)x.Ticks / y.Ticks,
                ("+", YearsMonths x, YearsMonths y) => new YearsMonths(x.Months + y.Months),
                ("-", YearsMonths x, YearsMonths y) => new YearsMonths(x.Months - y.Months),
                ("*", YearsMonths x, decimal y) => new YearsMonths((int)(x.Months * y)),
                ("+", DateOnly x, YearsMonths y) => x.AddMonths(y.Months),
                ("-", DateOnly x, YearsMonths y) => x.AddMonths(-y.Months),
                ("+", DateOnly x, TimeSpan y) => DateOnly.FromDateTime(x.ToDateTime(TimeOnly.MinValue) + y),
                ("-", DateOnly x, TimeSpan y) => DateOnly.FromDateTime(x.ToDateTime(TimeOnly.MinValue) - y),
                ("-", DateOnly x, DateOnly y) => TimeSpan.FromDays(x.DayNumber - y.DayNumber),
                ("+", DateTimeOffset x, TimeSpan y) => x + y,
                ("-", DateTimeOffset x, TimeSpan y) => x - y,
                ("+", DateTimeOffset x, YearsMonths y) => x.AddMonths(y.Months),
                ("-", DateTimeOffset x, YearsMonths y) => x.AddMonths(-y.Months),
                ("-", DateTimeOffset x, DateTimeOffset y) => x - y,
                ("+", TimeOnly x, TimeSpan y) => x.Add(y),
                ("-", TimeOnly x, TimeSpan y) => x.Add(-y),
                ("-", TimeOnly x, TimeOnly y) => x - y,
                _ => null,
            };
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static decimal? Power(decimal x, decimal y)
    {
        if (y != decimal.Truncate(y) || Math.Abs(y) > 1000)
            return Finite(Math.Pow((double)x, (double)y));
        var result = 1m;
        for (var i = 0; i < Math.Abs(y); i++)
            result *= x;
        return y >= 0 ? result : result == 0 ? null : 1 / result;
    }

    public static decimal? Finite(double value) => double.IsFinite(value) && Math.Abs(value) < 7.9e28 ? (decimal)value : null;
}
