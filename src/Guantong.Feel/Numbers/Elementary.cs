using System.Numerics;

namespace Guantong.Feel;

/// <summary>Powers, roots and logarithms to 34 digits, worked out on integers scaled by 10^60.</summary>
internal static class Elementary
{
    private const int Places = 60;
    private static readonly BigInteger Unit = BigInteger.Pow(10, Places);
    private static readonly Lazy<BigInteger> LnTwo = new(() => 2 * Atanh(Unit / 3));
    private static readonly Lazy<BigInteger> LnTen = new(() => 3 * LnTwo.Value + 2 * Atanh(Unit / 9));

    public static FeelNumber? SquareRoot(FeelNumber n)
    {
        if (n.IsNegative)
            return null;
        if (n.IsZero)
            return FeelNumber.Zero;
        // An even exponent with some 80 digits before it gives 40 digits of the root.
        var shift = 80 - (80 + n.Exponent & 1);
        var scaled = (BigInteger)n.Coefficient * BigInteger.Pow(10, shift);
        var root = IntegerRoot(scaled);
        return Tidy(FeelNumber.Big(root, (n.Exponent - shift) / 2, root * root != scaled));
    }

    public static FeelNumber? Log(FeelNumber n)
    {
        if (n.IsNegative || n.IsZero)
            return null;
        return Tidy(FeelNumber.Big(LogScaled(n), -Places));
    }

    public static FeelNumber? Exp(FeelNumber n) =>
        n.IsZero ? FeelNumber.One : n > 15_000 ? null : n < -15_000 ? FeelNumber.Zero : Tidy(ExpScaled(Scaled(n)));

    public static FeelNumber? Power(FeelNumber x, FeelNumber y)
    {
        if (y.IsZero)
            return FeelNumber.One;
        if (x.IsZero)
            return y.IsNegative ? null : FeelNumber.Zero;
        if (y.TryToInt64(out var whole) && Math.Abs(whole) < 1_000_000_000)
            return WholePower(x, whole);
        if (x.IsNegative)
        {
            // A negative base has a power only for whole exponents; these are too large for another way.
            if (y.IsOdd is not { } odd)
                return null;
            return Power(-x, y) is { } magnitude ? odd ? -magnitude : magnitude : null;
        }
        var exponent = LogScaled(x) * (BigInteger)Scaled(y) / Unit;
        return exponent > 15_000 * Unit ? null : exponent < -15_000 * Unit ? FeelNumber.Zero : Tidy(ExpScaled(exponent));
    }

    // Squares and multiplies on 60 digits, so that the 34 that stay are right.
    private static FeelNumber? WholePower(FeelNumber x, long power)
    {
        var (result, exponent) = (BigInteger.One, 0L);
        var (square, squareExponent) = ((BigInteger)x.Coefficient, (long)x.Exponent);
        for (var n = Math.Abs(power); n > 0; n >>= 1)
        {
            if ((n & 1) == 1)
                (result, exponent) = Cut(result * square, exponent + squareExponent);
            (square, squareExponent) = Cut(square * square, squareExponent * 2);
            if (Math.Abs(exponent) > 1_000_000 || (n > 1 && Math.Abs(squareExponent) > 1_000_000))
                return (exponent > 0 || (n > 1 && squareExponent > 0)) != power < 0 ? null : FeelNumber.Zero;
        }
        if (power < 0)
            (result, exponent) = (BigInteger.Pow(10, 2 * Places) / result, -exponent - 2 * Places);
        return Tidy(FeelNumber.Big(x.IsNegative && (power & 1) != 0 ? -result : result, (int)exponent));
    }

    private static (BigInteger, long) Cut(BigInteger value, long exponent)
    {
        var excess = (int)((value.GetBitLength() * 1233) >> 12) - Places;
        return excess <= 0 ? (value, exponent) : (value / BigInteger.Pow(10, excess), exponent + excess);
    }

    private static BigInteger Scaled(FeelNumber n)
    {
        var shift = n.Exponent + Places;
        var scaled = shift >= 0 ? n.Coefficient * BigInteger.Pow(10, shift) : n.Coefficient / BigInteger.Pow(10, Math.Min(-shift, 200));
        return n.IsNegative ? -scaled : scaled;
    }

    // n = m × 2^k × 10^e with m near 1; ln m = 2 atanh((m − 1) / (m + 1)).
    private static BigInteger LogScaled(FeelNumber n)
    {
        var digits = FeelNumber.Digits(n.Coefficient);
        var mantissa = n.Coefficient * BigInteger.Pow(10, Places - digits + 1);
        var twos = 0;
        while (mantissa > Unit * 3 / 2)
            (mantissa, twos) = (mantissa / 2, twos + 1);
        return 2 * Atanh((mantissa - Unit) * Unit / (mantissa + Unit)) + twos * LnTwo.Value + (n.Exponent + digits - 1) * LnTen.Value;
    }

    private static BigInteger Atanh(BigInteger x)
    {
        var (sum, power, square) = (x, x, x * x / Unit);
        for (var i = 3; !power.IsZero; i += 2)
        {
            power = power * square / Unit;
            sum += power / i;
        }
        return sum;
    }

    // e^x = 10^k × e^r with |r| ≤ ln 10; r is halved eight times and the result squared as often.
    private static FeelNumber? ExpScaled(BigInteger x)
    {
        var tens = (int)BigInteger.Divide(x, LnTen.Value);
        var rest = (x - tens * LnTen.Value) / 256;
        var (sum, term) = (Unit, Unit);
        for (var i = 1; !term.IsZero; i++)
        {
            term = term * rest / Unit / i;
            sum += term;
        }
        for (var i = 0; i < 8; i++)
            sum = sum * sum / Unit;
        return FeelNumber.Big(sum, tens - Places);
    }

    private static BigInteger IntegerRoot(BigInteger n)
    {
        var root = BigInteger.One << (int)((n.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + n / root) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }

    // 2.000…0 is 2.
    private static FeelNumber? Tidy(FeelNumber? value) => value is { } v ? v.WithoutTrailingZeros() : null;
}
