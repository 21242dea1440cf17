using System.Globalization;

namespace Guantong.Insight;

/// <summary>Periods by their first days, counted one after the other.</summary>
internal static class PeriodSteps
{
    /// <summary>Which period of its kind a day begins, so that the next has the next number.</summary>
    public static int Number(string period, DateOnly at) => period switch
    {
        "day" => at.DayNumber,
        // The first day of all was a Monday.
        "week" => at.DayNumber / 7,
        "month" => at.Year * 12 + at.Month - 1,
        "quarter" => at.Year * 4 + (at.Month - 1) / 3,
        _ => at.Year,
    };

    /// <summary>The first day of the period some periods later.</summary>
    public static DateOnly Later(string period, DateOnly at, int periods) => period switch
    {
        "day" => Days(at, periods),
        "week" => Days(at, 7 * (long)periods),
        "month" => Months(at, periods),
        "quarter" => Months(at, 3 * (long)periods),
        _ => Months(at, 12 * (long)periods),
    };

    /// <summary>The same period of the year before; of weeks, the one 52 weeks before.</summary>
    public static DateOnly LastYear(string period, DateOnly at) => period == "week" ? Days(at, -364) : Months(at, -12);

    /// <summary>A day some days later, within what a calendar holds.</summary>
    public static DateOnly Days(DateOnly at, long days) => DateOnly.FromDayNumber((int)Math.Clamp(at.DayNumber + days, 0, DateOnly.MaxValue.DayNumber));

    private static DateOnly Months(DateOnly at, long months) =>
        at.Year * 12L + at.Month - 1 + months is var to && to < 12 ? DateOnly.MinValue : to >= 120_000 ? DateOnly.MaxValue : at.AddMonths((int)months);

    /// <summary>A day as it is kept.</summary>
    public static string Write(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
