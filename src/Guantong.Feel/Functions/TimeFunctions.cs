using System.Globalization;
using Guantong.Feel.Evaluation;
using static Guantong.Feel.Functions.BuiltIns;

namespace Guantong.Feel.Functions;

/// <summary>Dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.8). There is no now() and no today(): time is passed in.</summary>
internal static class TimeFunctions
{
    public static readonly (string Name, FeelFunction Function)[] All =
    [
        Make("date", "from, month, day", 1, a => a switch
        {
            [string s] => Temporal.Date(s),
            [DateOnly d] => d,
            [DateTimeOffset t] => DateOnly.FromDateTime(t.DateTime),
            [decimal y, decimal m, decimal d] => Temporal.Date(string.Create(CultureInfo.InvariantCulture, $"{y:0000}-{m:00}-{d:00}")),
            _ => null,
        }),
        Make("time", "from, minute, second", 1, a => a switch
        {
            [string s] => Temporal.Time(s),
            [TimeOnly t] => t,
            [DateTimeOffset t] => TimeOnly.FromDateTime(t.DateTime),
            [decimal h, decimal m, decimal s] => Temporal.Time(string.Create(CultureInfo.InvariantCulture, $"{h:00}:{m:00}:{s:00}")),
            _ => null,
        }),
        Make("date and time", "date, time", 1, a => a switch
        {
            [string s] => Temporal.DateTime(s) ?? (Temporal.Date(s) is DateOnly d ? new DateTimeOffset(d.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null),
            [DateTimeOffset t] => t,
            [DateOnly d, TimeOnly t] => new DateTimeOffset(d.ToDateTime(t), TimeSpan.Zero),
            [DateTimeOffset d, TimeOnly t] => new DateTimeOffset(DateOnly.FromDateTime(d.DateTime).ToDateTime(t), d.Offset),
            _ => null,
        }),
        Make("duration", "from", 1, a => a[0] switch { string s => Temporal.Duration(s), TimeSpan t => t, YearsMonths m => m, _ => null }),
        Make("years and months duration", "from, to", 2, a => Day(a[0]) is { } from && Day(a[1]) is { } to ? Between(from, to) : null),
        Make("day of year", "date", 1, a => Day(a[0]) is { } d ? (decimal)d.DayOfYear : null),
        Make("day of week", "date", 1, a => Day(a[0]) is { } d ? d.DayOfWeek.ToString() : null),
        Make("month of year", "date", 1, a => Day(a[0]) is { } d ? CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(d.Month) : null),
        Make("week of year", "date", 1, a => Day(a[0]) is { } d ? (decimal)ISOWeek.GetWeekOfYear(d.ToDateTime(TimeOnly.MinValue)) : null),
    ];

    private static DateOnly? Day(object? value) => value switch
    {
        DateOnly d => d,
        DateTimeOffset t => DateOnly.FromDateTime(t.DateTime),
        _ => null,
    };

    private static YearsMonths Between(DateOnly from, DateOnly to)
    {
        var months = (to.Year - from.Year) * 12 + to.Month - from.Month;
        if (months > 0 && to.Day < from.Day)
            months--;
        else if (months < 0 && to.Day > from.Day)
            months++;
        return new YearsMonths(months);
    }
}
