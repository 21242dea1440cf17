using System.Numerics;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Feel;

namespace Guantong.Tests;

/// <summary>Numbers of 34 digits, rounded half to even.</summary>
public sealed class NumberTests
{
    private static FeelNumber Number(string text)
    {
        Assert.True(FeelNumber.TryParse(text, out var number), text);
        return number;
    }

    [Theory]
    [InlineData("1", "3", "0.3333333333333333333333333333333333"), InlineData("2", "3", "0.6666666666666666666666666666666667"), InlineData("6", "4", "1.5")]
    [InlineData("1", "9999999999999999999", "0.0000000000000000001000000000000000000100000000000000000"), InlineData("1", "99999999999999999999999", "0.00000000000000000000001000000000000000000000010000000000")]
    [InlineData("-7", "2", "-3.5"), InlineData("100", "8", "12.5"), InlineData("1e6000", "1e-100", "1e6100"), InlineData("0", "5", "0")]
    public void Quotients_have_34_digits(string a, string b, string expected) => Assert.Equal(Number(expected), FeelNumber.Divide(Number(a), Number(b))!.Value);

    [Theory]
    [InlineData("1e34", "0.5", "1e34"), InlineData("1e34", "1.5", "10000000000000000000000000000000002"), InlineData("9999999999999999999999999999999999", "0.5", "1e34")]
    [InlineData("1e100", "-1", "1e100"), InlineData("0.1", "0.2", "0.3"), InlineData("9223372036854775807", "9223372036854775807", "18446744073709551614")]
    public void Sums_are_rounded_half_to_even(string a, string b, string expected) => Assert.Equal(Number(expected), FeelNumber.Add(Number(a), Number(b))!.Value);

    [Theory]
    [InlineData("2.5", 0, Rounding.HalfEven, "2"), InlineData("3.5", 0, Rounding.HalfEven, "4"), InlineData("-2.5", 0, Rounding.HalfUp, "-3"), InlineData("-2.5", 0, Rounding.HalfDown, "-2")]
    [InlineData("1.01", 1, Rounding.Up, "1.1"), InlineData("-1.01", 1, Rounding.Up, "-1.1"), InlineData("-1.01", 1, Rounding.Floor, "-1.1"), InlineData("-1.09", 1, Rounding.Ceiling, "-1")]
    [InlineData("1234", -2, Rounding.HalfEven, "1200"), InlineData("1250", -2, Rounding.HalfEven, "1200"), InlineData("51", -2, Rounding.HalfEven, "100"), InlineData("1", -40, Rounding.Up, "1e40")]
    public void Rounding_keeps_a_scale(string n, int scale, Rounding how, string expected) => Assert.Equal(Number(expected), Number(n).Round(scale, how));

    [Theory]
    [InlineData("1e6144"), InlineData("9.999999999999999999999999999999999e6144"), InlineData("1e-6176")]
    public void The_range_is_that_of_decimal128(string text) => Assert.Equal(Number(text), Number(Number(text).ToString()));

    [Fact]
    public void Beyond_the_range_there_is_no_number()
    {
        Assert.False(FeelNumber.TryParse("1e6145", out _));
        Assert.Null(FeelNumber.Multiply(Number("1e6000"), Number("1e200")));
        Assert.Equal(FeelNumber.Zero, FeelNumber.Multiply(Number("1e-6000"), Number("1e-200")));
    }

    [Theory]
    [InlineData("1.10", "1.1"), InlineData("-0", "0"), InlineData("1e3", "1000"), InlineData("0.000001", "0.000001"), InlineData("100.00", "100"), InlineData("-12.50", "-12.5")]
    public void Text_is_plain(string text, string expected) => Assert.Equal(expected, Number(text).ToString());

    [Property(MaxTest = 500)]
    public void Products_agree_with_whole_arithmetic(long a, long b, byte scale)
    {
        var product = FeelNumber.Multiply(Number($"{a}e-{scale % 20}"), Number($"{b}e{scale % 20}"))!.Value;
        var exact = (BigInteger)a * b;
        var digits = BigInteger.Abs(exact).ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        if (digits <= 34)
            Assert.Equal(exact.ToString(System.Globalization.CultureInfo.InvariantCulture), product.ToString());
    }

    [Property(MaxTest = 500)]
    public void Decimals_come_back_as_they_went(decimal value)
    {
        FeelNumber number = value;
        Assert.True(number.TryToDecimal(out var back));
        Assert.Equal(value, back);
        Assert.Equal(value.CompareTo(1.5m), Math.Sign(number.CompareTo(1.5m)));
    }

    [Property(MaxTest = 500)]
    public void Sums_and_differences_agree_with_decimal(int a, int b, byte x, byte y)
    {
        var (m, n) = (new decimal(a, 0, 0, false, (byte)(x % 10)), new decimal(b, 0, 0, true, (byte)(y % 10)));
        Assert.Equal((FeelNumber)(m + n), FeelNumber.Add(m, n)!.Value);
        Assert.Equal((FeelNumber)(m - n), FeelNumber.Subtract(m, n)!.Value);
        Assert.Equal(m.CompareTo(n), Math.Sign(((FeelNumber)m).CompareTo(n)));
    }

    [Property(MaxTest = 300)]
    public void A_quotient_times_its_divisor_comes_close(long a, long b)
    {
        if (b == 0)
            return;
        var back = FeelNumber.Multiply(FeelNumber.Divide(a, b)!.Value, b)!.Value;
        var apart = FeelNumber.Subtract(back, a)!.Value.Abs();
        Assert.True(apart <= FeelNumber.Multiply(((FeelNumber)a).Abs(), Number("1e-33"))!.Value, $"{a} / {b} ⇒ {back}");
    }
}
