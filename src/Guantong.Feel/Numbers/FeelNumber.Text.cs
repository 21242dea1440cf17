using System.Globalization;
using System.Numerics;

namespace Guantong.Feel;

/// <summary>Numbers from and to text.</summary>
public readonly partial struct FeelNumber
{
    /// <summary>Reads "-12.5", ".5", "1.2e-3"; more than 34 digits are rounded.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out FeelNumber number)
    {
        number = default;
        var at = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is '-' or '+')
            at++;
        var whole = CountDigits(text[at..]);
        var fraction = at + whole < text.Length && text[at + whole] == '.' ? CountDigits(text[(at + whole + 1)..]) : -1;
        if (whole + Math.Max(fraction, 0) == 0)
            return false;
        var end = at + whole + 1 + fraction;
        if (!TryExponent(text[end..], out var exponent))
            return false;
        var parsed = FromDigits(text.Slice(at, whole), fraction > 0 ? text.Slice(at + whole + 1, fraction) : default, exponent);
        if (parsed is not { } value)
            return false;
        number = negative ? -value : value;
        return true;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count]))
            count++;
        return count;
    }

    private static bool TryExponent(ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        return text.IsEmpty || (text[0] is 'e' or 'E'
            && int.TryParse(text[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) && exponent is > -20_000 and < 20_000);
    }

    private static FeelNumber? FromDigits(ReadOnlySpan<char> whole, ReadOnlySpan<char> fraction, int exponent)
    {
        if (whole.Length + fraction.Length <= 18)
        {
            ulong small = 0;
            foreach (var digit in whole)
                small = small * 10 + (ulong)(digit - '0');
            foreach (var digit in fraction)
                small = small * 10 + (ulong)(digit - '0');
            return Rounded(false, small, exponent - fraction.Length, false);
        }
        if (whole.Length + fraction.Length > 20_000)
            return null;
        return Big(BigInteger.Parse(string.Concat(whole, fraction), CultureInfo.InvariantCulture), exponent - fraction.Length);
    }

    /// <summary>Plain notation, without an exponent and without zeros at the end, as <c>string()</c> gives it.</summary>
    public override string ToString()
    {
        if (Exponent == 0 && IsSmall)
            return SmallCoefficient.ToString(CultureInfo.InvariantCulture);
        var (coefficient, exponent) = Stripped();
        var digits = coefficient.ToString(CultureInfo.InvariantCulture);
        if (exponent >= 0)
            digits += new string('0', exponent);
        else if (digits.Length > -exponent)
            digits = digits.Insert(digits.Length + exponent, ".");
        else
            digits = "0." + new string('0', -exponent - digits.Length) + digits;
        return IsNegative ? "-" + digits : digits;
    }
}
