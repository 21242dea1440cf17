using System.Numerics;
using System.Runtime.CompilerServices;

namespace Guantong.Feel;

/// <summary>Arithmetic; null where the result is not defined or beyond the range of decimal128.</summary>
public readonly partial struct FeelNumber
{
    private static readonly UInt128[] Powers = [.. Enumerable.Range(0, 39).Select(i => (UInt128)BigInteger.Pow(10, i))];
    private static readonly UInt128 CoefficientLimit = Powers[MaxDigits];

    internal static UInt128 PowerOfTen(int exponent) => Powers[exponent];

    internal static int Digits(UInt128 value)
    {
        // 1233 / 4096 ≈ log10(2): the bits tell the digits to within one.
        var bits = 128 - (int)UInt128.LeadingZeroCount(value);
        var digits = (bits * 1233) >> 12;
        return value >= Powers[digits] ? digits + 1 : digits;
    }

    public static FeelNumber operator -(FeelNumber value) => value.IsZero ? value : new FeelNumber(value._high ^ SignBit, value._low);

    public FeelNumber Abs() => new(_high & ~SignBit, _low);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FeelNumber? Add(FeelNumber a, FeelNumber b)
    {
        if (a.Exponent == b.Exponent && a.IsSmall && b.IsSmall)
        {
            // Two coefficients below 2^63 cannot overflow 65 bits.
            var sum = (Int128)a.SmallCoefficient + b.SmallCoefficient;
            return new FeelNumber(sum < 0, (UInt128)(sum < 0 ? -sum : sum), a.Exponent);
        }
        return AddSlowly(a, b);
    }

    public static FeelNumber? Subtract(FeelNumber a, FeelNumber b) => Add(a, -b);

    private static FeelNumber? AddSlowly(FeelNumber a, FeelNumber b)
    {
        if (a.IsZero || b.IsZero)
            return a.IsZero ? b : a;
        if (a.Exponent < b.Exponent)
            (a, b) = (b, a);
        var apart = a.Exponent - b.Exponent;
        if (apart + Digits(a.Coefficient) <= 37)
        {
            var (x, y) = ((Int128)(a.Coefficient * PowerOfTen(apart)), (Int128)b.Coefficient);
            var sum = (a.IsNegative ? -x : x) + (b.IsNegative ? -y : y);
            return Rounded(sum < 0, (UInt128)(sum < 0 ? -sum : sum), b.Exponent, false);
        }
        // Beyond 72 places the smaller one only tells on which side of a tie the larger lies.
        if (apart > 72)
            return Big(Signed(a) * BigInteger.Pow(10, 40) + (b.IsNegative ? -1 : 1), a.Exponent - 40);
        return Big(Signed(a) * BigInteger.Pow(10, apart) + Signed(b), b.Exponent);
    }

    public static FeelNumber? Multiply(FeelNumber a, FeelNumber b)
    {
        var (x, y) = (a.Coefficient, b.Coefficient);
        var exponent = a.Exponent + b.Exponent;
        if ((x | y) >> 64 == 0)
            return Rounded(a.IsNegative != b.IsNegative, x * y, exponent, false);
        return Big(Signed(a) * Signed(b), exponent);
    }

    /// <summary>The quotient; null for a divisor of zero.</summary>
    public static FeelNumber? Divide(FeelNumber a, FeelNumber b)
    {
        if (b.IsZero)
            return null;
        if (a.IsZero)
            return Zero;
        var ideal = a.Exponent - b.Exponent;
        var negative = a.IsNegative != b.IsNegative;
        var (x, y) = (a.Coefficient, b.Coefficient);
        if (y >> 64 != 0)
            return DivideBig(x, y, ideal, negative);
        var (quotient, rest) = UInt128.DivRem(x, y);
        if (rest == 0)
            return Rounded(negative, quotient, ideal, false);
        // Long division, up to 19 digits at a time, until 36 stand there: 34 to keep, and what decides the rounding.
        var exponent = ideal;
        while (rest != 0 && Digits(quotient) <= MaxDigits)
        {
            var step = Math.Min(36 - Digits(quotient), 19);
            (var digits, rest) = UInt128.DivRem(rest * PowerOfTen(step), y);
            quotient = quotient * PowerOfTen(step) + digits;
            exponent -= step;
        }
        return Rounded(negative, quotient, exponent, rest != 0)?.Towards(ideal);
    }

    private static FeelNumber? DivideBig(UInt128 x, UInt128 y, int ideal, bool negative)
    {
        var scale = 36 + Digits(y) - Digits(x);
        var quotient = BigInteger.DivRem((BigInteger)x * BigInteger.Pow(10, Math.Max(scale, 0)), y, out var rest);
        return Big(negative ? -quotient : quotient, ideal - Math.Max(scale, 0), !rest.IsZero)?.Towards(ideal);
    }

    // IEEE 754 prefers the exponent that the exact result would have: 6 / 4 is 1.5, not 1.500000.
    private FeelNumber Towards(int ideal)
    {
        var (coefficient, exponent) = WithoutZeros(Coefficient, Exponent, ideal);
        return new FeelNumber(IsNegative, coefficient, exponent);
    }

    // Zeros at the end go as long as the exponent stays at or below the ideal one.
    private static (UInt128 Coefficient, int Exponent) WithoutZeros(UInt128 coefficient, int exponent, int ideal)
    {
        while (coefficient >> 64 != 0 && exponent < ideal)
        {
            var (quotient, rest) = UInt128.DivRem(coefficient, 10);
            if (rest != 0)
                return (coefficient, exponent);
            (coefficient, exponent) = (quotient, exponent + 1);
        }
        if (coefficient >> 64 != 0 || coefficient == 0)
            return (coefficient, exponent);
        var small = (ulong)coefficient;
        while (exponent + 4 <= ideal && small % 10_000 == 0)
            (small, exponent) = (small / 10_000, exponent + 4);
        while (exponent < ideal && small % 10 == 0)
            (small, exponent) = (small / 10, exponent + 1);
        return (small, exponent);
    }

    private static BigInteger Signed(FeelNumber value) => value.IsNegative ? -(BigInteger)value.Coefficient : value.Coefficient;

    /// <summary>A big coefficient cut to 34 digits; sticky tells that more stood below its last digit.</summary>
    internal static FeelNumber? Big(BigInteger value, int exponent, bool sticky = false)
    {
        var negative = value.Sign < 0;
        value = BigInteger.Abs(value);
        var excess = (int)((value.GetBitLength() * 1233) >> 12) - 36;
        if (excess > 0)
        {
            value = BigInteger.DivRem(value, BigInteger.Pow(10, excess), out var rest);
            sticky |= !rest.IsZero;
            exponent += excess;
        }
        return Rounded(negative, (UInt128)value, exponent, sticky);
    }

    // Half to even at 34 digits; beyond the range of exponents zeros are added or the number is no number any more.
    private static FeelNumber? Rounded(bool negative, UInt128 coefficient, int exponent, bool sticky)
    {
        if (coefficient >= CoefficientLimit)
        {
            var excess = Digits(coefficient) - MaxDigits;
            coefficient = RoundedQuotient(coefficient, PowerOfTen(excess), sticky, Rounding.HalfEven, negative);
            exponent += excess;
            if (coefficient == CoefficientLimit)
                (coefficient, exponent) = (coefficient / 10, exponent + 1);
        }
        if (coefficient == 0)
            return Zero;
        if (exponent is >= MinExponent and <= MaxExponent)
            return new FeelNumber(negative, coefficient, exponent);
        return Shifted(negative, coefficient, exponent);
    }

    private static FeelNumber? Shifted(bool negative, UInt128 coefficient, int exponent)
    {
        if (exponent < MinExponent)
        {
            var drop = MinExponent - exponent;
            return drop > MaxDigits ? Zero : new FeelNumber(negative, RoundedQuotient(coefficient, PowerOfTen(drop), false, Rounding.HalfEven, negative), MinExponent);
        }
        var pad = exponent - MaxExponent;
        return pad + Digits(coefficient) > MaxDigits ? null : new FeelNumber(negative, coefficient * PowerOfTen(pad), MaxExponent);
    }
}
