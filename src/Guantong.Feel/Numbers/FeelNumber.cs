using System.Runtime.CompilerServices;

namespace Guantong.Feel;

/// <summary>A FEEL number: a decimal of 34 significant digits in 16 bytes.</summary>
/// <remarks>
/// DMN 1.5 §10.3.2.3.1: IEEE 754-2008 decimal128, rounded half to even, without infinities, NaN and negative zero.
/// 113 bits hold the coefficient, 14 the exponent, one the sign; members of a cohort (1.0, 1.00) are equal.
/// </remarks>
public readonly partial struct FeelNumber : IEquatable<FeelNumber>, IComparable<FeelNumber>
{
    internal const int MaxDigits = 34;
    internal const int MinExponent = -6176;
    internal const int MaxExponent = 6111;

    private const int HighBits = 49;
    private const ulong HighMask = (1UL << HighBits) - 1;
    private const ulong SignBit = 1UL << 63;

    private readonly ulong _high;
    private readonly ulong _low;

    internal FeelNumber(ulong high, ulong low) => (_high, _low) = (high, low);

    // Only for coefficients of at most 34 digits and exponents in range.
    private FeelNumber(bool negative, UInt128 coefficient, int exponent)
    {
        _low = (ulong)coefficient;
        _high = (ulong)(coefficient >> 64) | ((ulong)(uint)exponent & 0x3FFF) << HighBits | (negative && coefficient != 0 ? SignBit : 0);
    }

    public static FeelNumber Zero => default;

    public static FeelNumber One => new(0, 1);

    internal ulong HighPart => _high;

    internal ulong LowPart => _low;

    /// <summary>Below zero.</summary>
    public bool IsNegative => (_high & SignBit) != 0;

    public bool IsZero => (_high & HighMask) == 0 && _low == 0;

    internal UInt128 Coefficient => new(_high & HighMask, _low);

    internal int Exponent => (int)((long)(_high << 1) >> 50);

    private bool IsSmall => (_high & HighMask) == 0 && _low <= long.MaxValue;

    private long SmallCoefficient => IsNegative ? -(long)_low : (long)_low;

    /// <summary>Without a fractional part.</summary>
    public bool IsInteger => Exponent >= 0 || IsZero || Round(0, Rounding.Down).CompareTo(this) == 0;

    public static implicit operator FeelNumber(long value) =>
        new(value < 0, value < 0 ? (UInt128)(-(Int128)value) : (ulong)value, 0);

    public static implicit operator FeelNumber(int value) => (long)value;

    public static implicit operator FeelNumber(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var coefficient = new UInt128((uint)bits[2], (ulong)(uint)bits[1] << 32 | (uint)bits[0]);
        return new FeelNumber(bits[3] < 0, coefficient, -((bits[3] >> 16) & 0xFF));
    }

    /// <summary>The same number as a <see cref="decimal"/>, when that can hold it without loss.</summary>
    public bool TryToDecimal(out decimal value)
    {
        var (coefficient, exponent) = (Coefficient, Exponent);
        if (exponent is > 0 or < -28 || coefficient >> 96 != 0)
        {
            (coefficient, exponent) = Stripped();
            if (exponent is > 0 and <= 28 && Digits(coefficient) + exponent <= 29)
                (coefficient, exponent) = (coefficient * PowerOfTen(exponent), 0);
        }
        if (exponent is > 0 or < -28 || coefficient >> 96 != 0)
        {
            value = 0;
            return false;
        }
        value = new decimal((int)(uint)coefficient, (int)(uint)(coefficient >> 32), (int)(uint)(coefficient >> 64), IsNegative, (byte)-exponent);
        return true;
    }

    /// <summary>The same number as a <see cref="long"/>, when it is a whole number in its range.</summary>
    public bool TryToInt64(out long value)
    {
        if (Exponent == 0 && IsSmall)
        {
            value = SmallCoefficient;
            return true;
        }
        var (coefficient, exponent) = Stripped();
        value = 0;
        if (coefficient == 0)
            return true;
        if (exponent < 0 || Digits(coefficient) + exponent > 19)
            return false;
        coefficient *= PowerOfTen(exponent);
        if (coefficient > long.MaxValue)
            return false;
        value = IsNegative ? -(long)coefficient : (long)coefficient;
        return true;
    }

    /// <summary>The whole part; only below 2^104, where it cannot overflow.</summary>
    internal Int128 ToInt128()
    {
        var whole = Round(0, Rounding.Down);
        var coefficient = (Int128)(whole.Exponent >= 0 ? whole.Coefficient * PowerOfTen(whole.Exponent) : whole.Coefficient / PowerOfTen(Math.Min(-whole.Exponent, 38)));
        return whole.IsNegative ? -coefficient : coefficient;
    }

    /// <summary>The nearest binary number.</summary>
    public double ToDouble() => double.Parse(ToString(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The number with no zeros at the end of its coefficient, so that members of a cohort agree.</summary>
    private (UInt128 Coefficient, int Exponent) Stripped()
    {
        var coefficient = Coefficient;
        return coefficient == 0 ? (0, 0) : WithoutZeros(coefficient, Exponent, int.MaxValue - 10);
    }

    internal FeelNumber WithoutTrailingZeros()
    {
        var (coefficient, exponent) = Stripped();
        return new FeelNumber(IsNegative, coefficient, exponent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CompareTo(FeelNumber other) =>
        Exponent == other.Exponent && IsSmall && other.IsSmall ? SmallCoefficient.CompareTo(other.SmallCoefficient) : CompareSlowly(this, other);

    private static int CompareSlowly(FeelNumber a, FeelNumber b)
    {
        var (x, y) = (a.Coefficient, b.Coefficient);
        if (x == 0 || y == 0)
            return x == 0 ? y == 0 ? 0 : b.IsNegative ? 1 : -1 : a.IsNegative ? -1 : 1;
        if (a.IsNegative != b.IsNegative)
            return a.IsNegative ? -1 : 1;
        var magnitude = (Digits(x) + a.Exponent).CompareTo(Digits(y) + b.Exponent);
        if (magnitude == 0)
        {
            // The same leading place, so the exponents lie at most 33 apart and either side stays within 34 digits.
            var apart = a.Exponent - b.Exponent;
            magnitude = apart >= 0 ? (x * PowerOfTen(apart)).CompareTo(y) : x.CompareTo(y * PowerOfTen(-apart));
        }
        return a.IsNegative ? -magnitude : magnitude;
    }

    public bool Equals(FeelNumber other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is FeelNumber other && Equals(other);

    public override int GetHashCode()
    {
        var (coefficient, exponent) = Stripped();
        return HashCode.Combine(coefficient, exponent, IsNegative);
    }

    public static bool operator ==(FeelNumber left, FeelNumber right) => left.CompareTo(right) == 0;

    public static bool operator !=(FeelNumber left, FeelNumber right) => left.CompareTo(right) != 0;

    public static bool operator <(FeelNumber left, FeelNumber right) => left.CompareTo(right) < 0;

    public static bool operator >(FeelNumber left, FeelNumber right) => left.CompareTo(right) > 0;

    public static bool operator <=(FeelNumber left, FeelNumber right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FeelNumber left, FeelNumber right) => left.CompareTo(right) >= 0;
}
