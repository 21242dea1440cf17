namespace Guantong.Feel;

/// <summary>How the last kept digit is decided (DMN 1.5 §10.3.4.5).</summary>
public enum Rounding { HalfEven, Floor, Ceiling, Up, Down, HalfUp, HalfDown }

/// <summary>Rounding to a scale, and what rests on it.</summary>
public readonly partial struct FeelNumber
{
    /// <summary>Rounds to a number of digits after the point; negative scales round tens, hundreds …</summary>
    public FeelNumber Round(int scale, Rounding how)
    {
        var drop = -scale - Exponent;
        if (drop <= 0 || IsZero)
            return this;
        var kept = drop > MaxDigits
            ? RoundedQuotient(0, 1, true, how, IsNegative)
            : RoundedQuotient(Coefficient, PowerOfTen(drop), false, how, IsNegative);
        return Rounded(IsNegative, kept, -scale, false) ?? this;
    }

    /// <summary>dividend − divisor × floor(dividend / divisor) (DMN 1.5 §10.3.4.5); null for a divisor of zero.</summary>
    public static FeelNumber? Modulo(FeelNumber dividend, FeelNumber divisor)
    {
        if (divisor.IsZero)
            return null;
        var lowest = Math.Min(dividend.Exponent, divisor.Exponent);
        if (dividend.Exponent - lowest > 2 * MaxDigits || divisor.Exponent - lowest > 2 * MaxDigits)
            return Far(dividend, divisor);
        var x = Signed(dividend) * System.Numerics.BigInteger.Pow(10, dividend.Exponent - lowest);
        var y = Signed(divisor) * System.Numerics.BigInteger.Pow(10, divisor.Exponent - lowest);
        var rest = x % y;
        return Big(rest.IsZero || rest.Sign == y.Sign ? rest : rest + y, lowest);
    }

    // So far apart that the definition itself, with its roundings, has to do.
    private static FeelNumber? Far(FeelNumber dividend, FeelNumber divisor) =>
        Divide(dividend, divisor) is { } q && Multiply(divisor, q.Round(0, Rounding.Floor)) is { } whole ? Subtract(dividend, whole) : null;

    /// <summary>Whether a whole number is odd; null for one with a fraction.</summary>
    public bool? IsOdd
    {
        get
        {
            if (!IsInteger)
                return null;
            var (coefficient, exponent) = Stripped();
            return exponent == 0 && (coefficient & 1) == 1;
        }
    }

    private static UInt128 RoundedQuotient(UInt128 coefficient, UInt128 unit, bool sticky, Rounding how, bool negative)
    {
        var (quotient, rest) = UInt128.DivRem(coefficient, unit);
        if (rest == 0 && !sticky)
            return quotient;
        // A unit of one with something sticky below it is less than half.
        var half = unit == 1 ? -1 : rest.CompareTo(unit / 2) is var side && side == 0 && sticky ? 1 : side;
        var away = how switch
        {
            Rounding.Floor => negative,
            Rounding.Ceiling => !negative,
            Rounding.Up => true,
            Rounding.Down => false,
            Rounding.HalfUp => half >= 0,
            Rounding.HalfDown => half > 0,
            _ => half > 0 || (half == 0 && (quotient & 1) == 1),
        };
        return away ? quotient + 1 : quotient;
    }
}
