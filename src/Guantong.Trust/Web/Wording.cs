using System.Globalization;
using Guantong.Packs;
using Guantong.Processes;

namespace Guantong.Trust;

/// <summary>How both fronts write figures, days and counts.</summary>
public static class Wording
{
    /// <summary>A figure with its unit.</summary>
    public static string Figure(double value, string unit) => Number(value) + (unit.StartsWith('%') ? "" : " ") + unit;

    /// <summary>A target or level as it is written: ≥ 95%.</summary>
    public static string Bound(Comparison bound, string unit) =>
        $"{bound.Operator.Replace(">=", "≥", StringComparison.Ordinal).Replace("<=", "≤", StringComparison.Ordinal)} {bound.Bound.ToString("#,0.####", CultureInfo.InvariantCulture)}{(unit.Length == 0 || unit.StartsWith('%') ? "" : " ")}{unit}";

    /// <summary>A number with at most one decimal; thousands apart from 1,000.</summary>
    public static string Number(double value) => value.ToString(Math.Abs(value) >= 1000 ? "#,0" : "0.#", CultureInfo.InvariantCulture);

    /// <summary>A count with thousands apart.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A day as people of the language write it.</summary>
    public static string Day(string lang, DateOnly day) => lang != Lang.Zh ? day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) : $"{day.Year}年{day.Month}月{day.Day}日";

    /// <summary>A period by its first day; of year-to-date, which begins in January, by the first day of its last month.</summary>
    public static string Period(string lang, DateOnly day, string period) => (period, lang) switch
    {
        ("week", not Lang.Zh) => $"week {ISOWeek.GetWeekOfYear(day.ToDateTime(default))} of {ISOWeek.GetYear(day.ToDateTime(default))}",
        ("week", _) => $"{ISOWeek.GetYear(day.ToDateTime(default))}年第{ISOWeek.GetWeekOfYear(day.ToDateTime(default))}周",
        ("quarter", not Lang.Zh) => $"Q{(day.Month + 2) / 3} {day.Year}",
        ("quarter", _) => $"{day.Year}年第{(day.Month + 2) / 3}季度",
        (Indicator.YearToDate, not Lang.Zh) => day.Month == 1 ? day.ToString("MMMM yyyy", CultureInfo.InvariantCulture) : $"January–{day.ToString("MMMM yyyy", CultureInfo.InvariantCulture)}",
        (Indicator.YearToDate, _) => day.Month == 1 ? $"{day.Year}年1月" : $"{day.Year}年1–{day.Month}月",
        ("year", not Lang.Zh) => day.ToString("yyyy", CultureInfo.InvariantCulture),
        ("year", _) => $"{day.Year}年",
        ("month", not Lang.Zh) => day.ToString("MMMM yyyy", CultureInfo.InvariantCulture),
        ("month", _) => $"{day.Year}年{day.Month}月",
        _ => Day(lang, day),
    };

    /// <summary>A time limit (P15D, PT24H, P10D working) as people say it.</summary>
    public static string Limit(string lang, string limit)
    {
        var read = TimeLimit.Of(limit);
        (int Number, string Zh, string En)[] parts =
        [
            (read.Months, "个月", "month"),
            (read.Days, read.IsWorking ? "个工作日" : "天", read.IsWorking ? "working day" : "day"),
            ((int)read.Time.TotalHours, read.IsWorking ? "个工作小时" : "小时", read.IsWorking ? "working hour" : "hour"),
            (read.Time.Minutes, read.IsWorking ? "分钟（工作时间）" : "分钟", read.IsWorking ? "working minute" : "minute"),
        ];
        return string.Join(' ', parts.Where(p => p.Number > 0).Select(p => lang != Lang.Zh ? $"{p.Number} {p.En}{(p.Number == 1 ? "" : "s")}" : $"{p.Number} {p.Zh}"));
    }

    /// <summary>A duration (ISO 8601, e.g. P15D or PT24H) as people say it.</summary>
    public static string Span(string lang, string duration)
    {
        var span = System.Xml.XmlConvert.ToTimeSpan(duration);
        var (number, zh, en) = span.TotalDays >= 1 && span.Hours == 0 ? (span.TotalDays, "天", "day") : (span.TotalHours, "小时", "hour");
        return lang != Lang.Zh ? $"{Number(number)} {en}{(number == 1 ? "" : "s")}" : $"{Number(number)} {zh}";
    }
}
