using System.Runtime.CompilerServices;

namespace Guantong.Feel.Evaluation;

/// <summary>Arithmetic (DMN 1.5 §10.3.2.14, tables 55 to 58); null, with a reason, where it is not defined.</summary>
internal static class Arithmetic
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FeelValue Add(in FeelValue a, in FeelValue b, FeelSession session) =>
        a.IsNumber && b.IsNumber && FeelNumber.Add(a.Number, b.Number) is { } sum ? sum : AddSlowly(a, b, session);

    private static FeelValue AddSlowly(FeelValue a, FeelValue b, FeelSession session)
    {
        var sum = (a.Kind, b.Kind) switch
        {
            (FeelKind.String, FeelKind.String) => session.Keep(a.String + b.String),
            (FeelKind.DaysTime, FeelKind.DaysTime) => Sum(a.DaysTime.Nanoseconds, b.DaysTime.Nanoseconds),
            (FeelKind.YearsMonths, FeelKind.YearsMonths) => Sum(a.YearsMonths.Months, b.YearsMonths.Months),
            (FeelKind.DaysTime or FeelKind.YearsMonths, _) => Shift(b, a, 1),
            _ => Shift(a, b, 1),
        };
        return sum.IsNull ? Undefined("+", a, b, session) : sum;
    }

    // Durations stay far within what holds them, so that two never overflow.
    private static FeelValue Sum(Int128 a, Int128 b) => Int128.Abs(a + b) < (Int128)1 << 104 ? new DaysTime(a + b) : default(FeelValue);

    private static FeelValue Sum(long a, long b) => Math.Abs(a + b) < 1L << 60 ? new YearsMonths(a + b) : default(FeelValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FeelValue Subtract(in FeelValue a, in FeelValue b, FeelSession session) =>
        a.IsNumber && b.IsNumber && FeelNumber.Subtract(a.Number, b.Number) is { } rest ? rest : SubtractSlowly(a, b, session);

    private static FeelValue SubtractSlowly(FeelValue a, FeelValue b, FeelSession session)
    {
        var rest = (a.Kind, b.Kind) switch
        {
            (FeelKind.DaysTime, FeelKind.DaysTime) => Sum(a.DaysTime.Nanoseconds, -b.DaysTime.Nanoseconds),
            (FeelKind.YearsMonths, FeelKind.YearsMonths) => Sum(a.YearsMonths.Months, -b.YearsMonths.Months),
            (FeelKind.Date, FeelKind.Date) => DaysTime.OfDays(a.Date.DayNumber - b.Date.DayNumber),
            (FeelKind.Time, FeelKind.Time) when a.Time!.Zone is null == b.Time!.Zone is null =>
                new DaysTime((Int128)(a.Time.Seconds - b.Time.Seconds) * FeelTime.PerSecond + (a.Time.Nanosecond % FeelTime.PerSecond - b.Time.Nanosecond % FeelTime.PerSecond)),
            (FeelKind.Date or FeelKind.DateTime, FeelKind.Date or FeelKind.DateTime) => Between(AtMidnight(a), AtMidnight(b)),
            _ => Shift(a, b, -1),
        };
        return rest.IsNull ? Undefined("-", a, b, session) : rest;
    }

    private static FeelDateTime AtMidnight(FeelValue value) => value.DateTime ?? FeelDateTime.Midnight(value.Date);

    private static FeelValue Between(FeelDateTime a, FeelDateTime b) =>
        a.Zone is null == b.Zone is null ? new DaysTime(a.Nanoseconds - b.Nanoseconds) : default(FeelValue);

    private static FeelValue Shift(FeelValue point, FeelValue by, int sign) => (point.Kind, by.Kind) switch
    {
        (FeelKind.Date, FeelKind.YearsMonths) => point.Date.AddMonths(sign * by.YearsMonths.Months),
        (FeelKind.Date, FeelKind.DaysTime) => FeelDateTime.Midnight(point.Date).Add(new DaysTime(sign * by.DaysTime.Nanoseconds))?.Date,
        (FeelKind.DateTime, FeelKind.YearsMonths) => point.DateTime!.AddMonths(sign * by.YearsMonths.Months),
        (FeelKind.DateTime, FeelKind.DaysTime) => point.DateTime!.Add(new DaysTime(sign * by.DaysTime.Nanoseconds)),
        (FeelKind.Time, FeelKind.DaysTime) => point.Time!.Add(new DaysTime(sign * by.DaysTime.Nanoseconds)),
        _ => default(FeelValue),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FeelValue Multiply(in FeelValue a, in FeelValue b, FeelSession session) =>
        a.IsNumber && b.IsNumber && FeelNumber.Multiply(a.Number, b.Number) is { } product ? product : MultiplySlowly(a, b, session);

    private static FeelValue MultiplySlowly(FeelValue a, FeelValue b, FeelSession session)
    {
        var product = a.IsNumber && !b.IsNumber ? Scale(b, a.Number) : b.IsNumber && !a.IsNumber ? Scale(a, b.Number) : default;
        return product.IsNull ? Undefined("*", a, b, session) : product;
    }

    private static FeelValue Scale(FeelValue duration, FeelNumber factor)
    {
        if (duration.IsDaysTime && FeelNumber.Multiply(duration.DaysTime.TotalSeconds, factor) is { } seconds)
            return DaysTime.OfSeconds(seconds);
        return duration.IsYearsMonths && FeelNumber.Multiply(duration.YearsMonths.Months, factor) is { } months ? Months(months) : default;
    }

    private static FeelValue Months(FeelNumber months) =>
        months.Round(0, Rounding.Down).TryToInt64(out var whole) && Math.Abs(whole) < 1L << 60 ? new YearsMonths(whole) : default(FeelValue);

    public static FeelValue Divide(in FeelValue a, in FeelValue b, FeelSession session)
    {
        if (a.IsNumber && b.IsNumber)
            return FeelNumber.Divide(a.Number, b.Number) is { } quotient ? quotient : b.Number.IsZero ? session.Null(NullReason.DivisionByZero) : Undefined("/", a, b, session);
        var result = (a.Kind, b.Kind) switch
        {
            (FeelKind.DaysTime, FeelKind.DaysTime) => FeelNumber.Divide(a.DaysTime.TotalSeconds, b.DaysTime.TotalSeconds),
            (FeelKind.YearsMonths, FeelKind.YearsMonths) => FeelNumber.Divide(a.YearsMonths.Months, b.YearsMonths.Months),
            (FeelKind.DaysTime, FeelKind.Number) => FeelNumber.Divide(a.DaysTime.TotalSeconds, b.Number) is { } seconds ? DaysTime.OfSeconds(seconds) : default(FeelValue),
            (FeelKind.YearsMonths, FeelKind.Number) => FeelNumber.Divide(a.YearsMonths.Months, b.Number) is { } months ? Months(months) : default,
            _ => default(FeelValue),
        };
        return result.IsNull ? Undefined("/", a, b, session) : result;
    }

    public static FeelValue Power(in FeelValue a, in FeelValue b, FeelSession session) =>
        a.IsNumber && b.IsNumber && Elementary.Power(a.Number, b.Number) is { } power ? power : Undefined("**", a, b, session);

    public static FeelValue Negate(in FeelValue value, FeelSession session)
    {
        if (value.IsNumber)
            return -value.Number;
        if (value.IsDaysTime)
            return new DaysTime(-value.DaysTime.Nanoseconds);
        return value.IsYearsMonths ? new YearsMonths(-value.YearsMonths.Months) : Undefined("-", value, value, session);
    }

    private static FeelValue Undefined(string op, FeelValue a, FeelValue b, FeelSession session) =>
        session.Null(NullReason.Arithmetic, op, Values.Print.Kind(a), Values.Print.Kind(b));
}
