using System.Globalization;
using System.Text;

namespace Guantong.Feel;

/// <summary>A years and months duration, counted in months (DMN 1.5 §10.3.2.3.8).</summary>
public readonly record struct YearsMonths(long Months)
{
    public override string ToString()
    {
        var size = Math.Abs(Months);
        var (years, months) = (size / 12, size % 12);
        return (Months < 0 ? "-P" : "P") + (years > 0 ? years.ToString(CultureInfo.InvariantCulture) + "Y" : "")
            + (months > 0 || years == 0 ? months.ToString(CultureInfo.InvariantCulture) + "M" : "");
    }
}

/// <summary>A days and time duration, counted in nanoseconds (DMN 1.5 §10.3.2.3.7).</summary>
public readonly record struct DaysTime(Int128 Nanoseconds)
{
    private const long PerSecond = FeelTime.PerSecond;

    public static DaysTime OfSeconds(long seconds) => new((Int128)seconds * PerSecond);

    public static DaysTime OfDays(long days) => new((Int128)days * FeelTime.PerDay);

    public Int128 Days => Nanoseconds / FeelTime.PerDay;

    public int Hours => (int)(Nanoseconds / (3600 * PerSecond) % 24);

    public int Minutes => (int)(Nanoseconds / (60 * PerSecond) % 60);

    /// <summary>Seconds with their fraction.</summary>
    public FeelNumber Seconds => FeelNumber.Big((System.Numerics.BigInteger)(Nanoseconds % (60 * PerSecond)), -9)!.Value.WithoutTrailingZeros();

    /// <summary>The whole in seconds.</summary>
    internal FeelNumber TotalSeconds => FeelNumber.Big((System.Numerics.BigInteger)Nanoseconds, -9)!.Value;

    internal static DaysTime? OfSeconds(FeelNumber seconds)
    {
        if (FeelNumber.Multiply(seconds, PerSecond) is not { } nanoseconds || nanoseconds.Abs() > new FeelNumber(1L << 40, 0))
            return null;
        return new DaysTime(nanoseconds.ToInt128());
    }

    public override string ToString()
    {
        if (Nanoseconds == 0)
            return "PT0S";
        var text = new StringBuilder(Nanoseconds < 0 ? "-P" : "P");
        var size = Int128.Abs(Nanoseconds);
        void Add(Int128 number, char unit)
        {
            if (number > 0)
                text.Append(CultureInfo.InvariantCulture, $"{number}").Append(unit);
        }
        Add(size / FeelTime.PerDay, 'D');
        if (size % FeelTime.PerDay == 0)
            return text.ToString();
        text.Append('T');
        Add(size / (3600 * PerSecond) % 24, 'H');
        Add(size / (60 * PerSecond) % 60, 'M');
        if (size % (60 * PerSecond) is var second && second > 0)
            text.Append(new DaysTime(second).Seconds.ToString()).Append('S');
        return text.ToString();
    }
}
