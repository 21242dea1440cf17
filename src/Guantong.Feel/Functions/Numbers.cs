using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Functions;

/// <summary>Numbers (DMN 1.5 §10.3.4.5).</summary>
internal static class Numbers
{
    public static void Add(BuiltIns.Register r)
    {
        r.Add("decimal", FeelType.Number, "n: number, scale: number", (a, s) => Round(a, Rounding.HalfEven, s));
        r.Add("floor", FeelType.Number, "n: number, [scale: number]", (a, s) => Round(a, Rounding.Floor, s));
        r.Add("ceiling", FeelType.Number, "n: number, [scale: number]", (a, s) => Round(a, Rounding.Ceiling, s));
        r.Add("round up", FeelType.Number, "n: number, scale: number", (a, s) => Round(a, Rounding.Up, s));
        r.Add("round down", FeelType.Number, "n: number, scale: number", (a, s) => Round(a, Rounding.Down, s));
        r.Add("round half up", FeelType.Number, "n: number, scale: number", (a, s) => Round(a, Rounding.HalfUp, s));
        r.Add("round half down", FeelType.Number, "n: number, scale: number", (a, s) => Round(a, Rounding.HalfDown, s));
        r.Add("abs", FeelType.Any, "n: any", Abs);
        r.Add("modulo", FeelType.Number, "dividend: number, divisor: number", (a, s) => FeelNumber.Modulo(a[0].Number, a[1].Number) is { } rest ? rest : s.Null(NullReason.DivisionByZero));
        r.Add("sqrt", FeelType.Number, "number: number", (a, s) => Defined(Elementary.SquareRoot(a[0].Number), "sqrt", a[0], s));
        r.Add("log", FeelType.Number, "number: number", (a, s) => Defined(Elementary.Log(a[0].Number), "log", a[0], s));
        r.Add("exp", FeelType.Number, "number: number", (a, s) => Defined(Elementary.Exp(a[0].Number), "exp", a[0], s));
        r.Add("odd", FeelType.Boolean, "number: number", (a, _) => a[0].Number.IsOdd);
        r.Add("even", FeelType.Boolean, "number: number", (a, _) => !a[0].Number.IsOdd);
    }

    private static FeelValue Defined(FeelNumber? result, string function, FeelValue argument, FeelSession session)
    {
        session.Step(20);
        return result is { } number ? number : session.Null(NullReason.WrongArguments, function, Values.Print.Short(argument));
    }

    // Scales of decimal128 reach from −6111 to 6176 (§10.3.4.5).
    private static FeelValue Round(ReadOnlySpan<FeelValue> a, Rounding how, FeelSession session)
    {
        if (a.Length < 2 || a[1].IsNull)
            return a[0].Number.Round(0, how);
        return a[1].Number.Round(0, Rounding.Down).TryToInt64(out var scale) && scale is >= -6111 and <= 6176
            ? a[0].Number.Round((int)scale, how) : session.Null(NullReason.WrongArguments, "scale", Values.Print.Short(a[1]));
    }

    private static FeelValue Abs(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var n = a[0].List is { Count: 1 } single ? single[0] : a[0];
        return n.Kind switch
        {
            FeelKind.Number => n.Number.Abs(),
            FeelKind.DaysTime => new DaysTime(Int128.Abs(n.DaysTime.Nanoseconds)),
            FeelKind.YearsMonths => new YearsMonths(Math.Abs(n.YearsMonths.Months)),
            _ => session.Null(NullReason.WrongArguments, "abs", Values.Print.Kind(n)),
        };
    }
}
