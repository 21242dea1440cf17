using System.Globalization;

namespace Guantong.Feel;

/// <summary>A date of the proleptic Gregorian calendar, years −999,999,999 to 999,999,999 (DMN 1.5 §10.3.2.3.4).</summary>
public readonly record struct FeelDate
{
    internal const int LastYear = 999_999_999;
    private static readonly int[] DaysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

    private FeelDate(int year, int month, int day) => (Year, Month, Day) = (year, month, day);

    public int Year { get; }

    public int Month { get; }

    public int Day { get; }

    public static FeelDate? Of(long year, long month, long day) =>
        year is >= -LastYear and <= LastYear && month is >= 1 and <= 12 && day >= 1 && day <= DaysIn((int)year, (int)month)
            ? new FeelDate((int)year, (int)month, (int)day) : null;

    public static FeelDate From(DateOnly date) => new(date.Year, date.Month, date.Day);

    public static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    public static int DaysIn(int year, int month) => month == 2 && IsLeap(year) ? 29 : DaysBefore[month] - DaysBefore[month - 1];

    // Sorts as the dates do.
    internal long Pack() => ((long)Year << 9) | ((long)Month << 5) | (long)Day;

    internal static FeelDate Unpack(long packed) => new((int)(packed >> 9), (int)(packed >> 5) & 15, (int)packed & 31);

    public int DayOfYear => DaysBefore[Month - 1] + Day + (Month > 2 && IsLeap(Year) ? 1 : 0);

    /// <summary>1 Monday … 7 Sunday.</summary>
    public int Weekday => (int)((DayNumber + 3) % 7 + 7) % 7 + 1;

    /// <summary>Days since 1970-01-01.</summary>
    public long DayNumber
    {
        get
        {
            long before = Year - 1;
            return before * 365 + FloorDivide(before, 4) - FloorDivide(before, 100) + FloorDivide(before, 400) + DayOfYear - 719_163;
        }
    }

    /// <summary>The date of a day number; null beyond the last year.</summary>
    public static FeelDate? FromDayNumber(long number)
    {
        if (number is < -366L * LastYear or > 366L * LastYear)
            return null;
        var days = number + 719_162;
        var cycles = FloorDivide(days, 146_097);
        var rest = days - cycles * 146_097;
        var centuries = Math.Min(rest / 36_524, 3);
        rest -= centuries * 36_524;
        var fours = rest / 1_461;
        rest -= fours * 1_461;
        var years = Math.Min(rest / 365, 3);
        rest -= years * 365;
        var year = cycles * 400 + centuries * 100 + fours * 4 + years + 1;
        if (year is < -LastYear or > LastYear)
            return null;
        var month = 1;
        while (rest >= DaysIn((int)year, month))
            rest -= DaysIn((int)year, month++);
        return new FeelDate((int)year, month, (int)rest + 1);
    }

    public FeelDate? AddDays(long days) => FromDayNumber(DayNumber + days);

    /// <summary>Months on; a day that the month does not have becomes its last (XML Schema 1.1, appendix E).</summary>
    public FeelDate? AddMonths(long months)
    {
        if (Math.Abs(months) > 24L * LastYear)
            return null;
        var total = Year * 12L + Month - 1 + months;
        var (year, month) = (FloorDivide(total, 12), (int)(total - FloorDivide(total, 12) * 12) + 1);
        return year is < -LastYear or > LastYear ? null : new FeelDate((int)year, month, Math.Min(Day, DaysIn((int)year, month)));
    }

    internal static long FloorDivide(long a, long b) => a / b - (a % b < 0 ? 1 : 0);

    public int CompareTo(FeelDate other) => Pack().CompareTo(other.Pack());

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Year < 0 ? "-" : "")}{Math.Abs((long)Year):0000}-{Month:00}-{Day:00}");
}
