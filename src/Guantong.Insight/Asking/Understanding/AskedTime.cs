using System.Globalization;
using System.Text.RegularExpressions;

namespace Guantong.Insight;

/// <summary>The days that a question is about, first and last, and the period in whose steps they were said.</summary>
/// <param name="Grain">day, week, month, quarter, half or year.</param>
/// <remarks>Written as 2025, 2025-H1, 2025-Q3, 2025-10, 2025-W43, 2025-10-20, or two of these with <c>..</c> between.</remarks>
public sealed partial record AskedTime(DateOnly From, DateOnly To, string Grain)
{
    /// <summary>The one period of a grain that holds a day.</summary>
    public static AskedTime Of(DateOnly day, string grain) => grain switch
    {
        "year" => Months(new DateOnly(day.Year, 1, 1), 12, grain),
        "half" => Months(new DateOnly(day.Year, day.Month <= 6 ? 1 : 7, 1), 6, grain),
        "quarter" => Months(new DateOnly(day.Year, (day.Month - 1) / 3 * 3 + 1, 1), 3, grain),
        "month" => Months(new DateOnly(day.Year, day.Month, 1), 1, grain),
        // ISO 8601: weeks begin on Monday.
        "week" when day.DayNumber - ((int)day.DayOfWeek + 6) % 7 is var monday => new(DateOnly.FromDayNumber(monday), DateOnly.FromDayNumber(monday + 6), grain),
        _ => new(day, day, "day"),
    };

    private static AskedTime Months(DateOnly from, int months, string grain) => new(from, from.AddMonths(months).AddDays(-1), grain);

    /// <summary>Whether it is exactly one period of its grain.</summary>
    public bool IsOne => this == Of(From, Grain);

    /// <summary>From the beginning of this to the end of another.</summary>
    public AskedTime Until(AskedTime other) => new(From, other.To, other.Grain);

    /// <summary>From the beginning of the year to the end of this.</summary>
    public AskedTime ToDate() => this with { From = new DateOnly(To.Year, 1, 1) };

    /// <summary>The same days of the year before; the end of a month stays the end of a month.</summary>
    public AskedTime YearBefore() => this with
    {
        From = From.AddYears(-1),
        To = To.AddDays(1).Day == 1 ? To.AddDays(1).AddYears(-1).AddDays(-1) : To.AddYears(-1),
    };

    /// <summary>As long a time, just before: whole months before whole months, days before days.</summary>
    public AskedTime Previous()
    {
        var isMonths = From.Day == 1 && To.AddDays(1).Day == 1;
        var end = To.AddDays(1);
        return this with
        {
            From = isMonths ? From.AddMonths((From.Year - end.Year) * 12 + From.Month - end.Month) : From.AddDays(From.DayNumber - end.DayNumber),
            To = From.AddDays(-1),
        };
    }

    /// <summary>First days of the periods that lie in it, the one it begins in among them.</summary>
    public IEnumerable<DateOnly> Starts(string period)
    {
        for (var step = Of(From, period); step.From <= To && step.To < DateOnly.MaxValue; step = Of(step.To.AddDays(1), period))
            yield return step.From;
    }

    /// <summary>How many days it has.</summary>
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <inheritdoc/>
    public override string ToString()
    {
        if (IsOne)
            return Code(From, Grain);
        // What does not end with a period of its grain is told by its days.
        var grain = Of(From, Grain).From == From && Of(To, Grain).To == To ? Grain : "day";
        return $"{Code(From, grain)}..{Code(To, grain)}";
    }

    private static string Code(DateOnly day, string grain) => grain switch
    {
        "year" => day.ToString("yyyy", CultureInfo.InvariantCulture),
        "half" => $"{day:yyyy}-H{(day.Month <= 6 ? 1 : 2)}",
        "quarter" => $"{day:yyyy}-Q{(day.Month + 2) / 3}",
        "month" => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        "week" when day.ToDateTime(default) is var at => $"{ISOWeek.GetYear(at):D4}-W{ISOWeek.GetWeekOfYear(at):D2}",
        _ => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    /// <summary>Reads what <see cref="ToString"/> writes; null where it is nothing of the kind.</summary>
    public static AskedTime? Parse(string? code)
    {
        if (code is null)
            return null;
        var parts = code.Split("..");
        if (parts.Length > 2 || One(parts[0]) is not { } from)
            return null;
        return parts.Length == 1 ? from : One(parts[1]) is { } to && from.From <= to.To ? from.Until(to) : null;
    }

    private static AskedTime? One(string code)
    {
        if (Form().Match(code) is not { Success: true } m)
            return null;
        int Number(string name) => int.Parse(m.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
        var year = Number("y");
        if (m.Groups["h"].Success)
            return Of(new DateOnly(year, Number("h") * 6, 1), "half");
        if (m.Groups["q"].Success)
            return Of(new DateOnly(year, Number("q") * 3, 1), "quarter");
        if (m.Groups["w"].Success)
            return Number("w") is var week && week >= 1 && week <= ISOWeek.GetWeeksInYear(year) ? Of(DateOnly.FromDateTime(ISOWeek.ToDateTime(year, week, DayOfWeek.Monday)), "week") : null;
        if (!m.Groups["m"].Success)
            return Of(new DateOnly(year, 1, 1), "year");
        return Day(year, Number("m"), m.Groups["d"].Success ? Number("d") : 1) is { } day ? Of(day, m.Groups["d"].Success ? "day" : "month") : null;
    }

    internal static DateOnly? Day(int year, int month, int day) =>
        year is >= 1900 and <= 2999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    [GeneratedRegex(@"^(?<y>(?:19|2[0-9])[0-9]{2})(?:-H(?<h>[12])|-Q(?<q>[1-4])|-W(?<w>[0-9]{2})|-(?<m>0[1-9]|1[0-2])(?:-(?<d>[0-3][0-9]))?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    /// <summary>As people say it; what it gives in Chinese is read again as the same time.</summary>
    public string Say(bool english)
    {
        if (IsOne)
            return Said(From, Grain, english);
        var grain = Of(From, Grain).From == From && Of(To, Grain).To == To ? Grain : "day";
        return english ? $"{Said(From, grain, true)} to {Said(To, grain, true)}" : $"{Said(From, grain, false)}至{Said(To, grain, false)}";
    }

    private static string Said(DateOnly day, string grain, bool english)
    {
        var c = CultureInfo.InvariantCulture;
        return (grain, english) switch
        {
            ("year", false) => $"{day.Year}年",
            ("half", false) => $"{day.Year}年{(day.Month <= 6 ? "上" : "下")}半年",
            ("quarter", false) => $"{day.Year}年{"一二三四"[(day.Month - 1) / 3]}季度",
            ("month", false) => $"{day.Year}年{day.Month}月",
            ("week", false) => $"{ISOWeek.GetYear(day.ToDateTime(default))}年第{ISOWeek.GetWeekOfYear(day.ToDateTime(default))}周",
            (_, false) => $"{day.Year}年{day.Month}月{day.Day}日",
            ("year", _) => day.ToString("yyyy", c),
            ("half", _) => $"H{(day.Month <= 6 ? 1 : 2)} {day.Year}",
            ("quarter", _) => $"Q{(day.Month + 2) / 3} {day.Year}",
            ("month", _) => day.ToString("MMMM yyyy", c),
            ("week", _) => $"week {ISOWeek.GetWeekOfYear(day.ToDateTime(default))} of {ISOWeek.GetYear(day.ToDateTime(default))}",
            _ => day.ToString("d MMMM yyyy", c),
        };
    }
}
