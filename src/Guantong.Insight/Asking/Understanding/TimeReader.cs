using System.Globalization;
using System.Text.RegularExpressions;

namespace Guantong.Insight;

/// <summary>A time that was read.</summary>
/// <param name="End">The character behind it.</param>
/// <param name="IsToDate">Whether it is said to be from the beginning of the year.</param>
internal readonly record struct TimeRead(AskedTime Time, int End, bool IsToDate = false);

/// <summary>Reads times as people say them, in Chinese and English: years, halves, quarters, months, weeks and days, those relative to a day, and stretches between two.</summary>
/// <remarks>A month, quarter or half without its year is the latest that has begun. "The last six months" end with the one under way.</remarks>
internal static partial class TimeReader
{
    private const string N = Numerals.Pattern;

    private static readonly string[] MonthNames = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly Dictionary<string, string> Grains = new()
    {
        ["年"] = "year", ["季"] = "quarter", ["季度"] = "quarter", ["月"] = "month", ["周"] = "week", ["星期"] = "week", ["礼拜"] = "week", ["天"] = "day", ["日"] = "day",
        ["year"] = "year", ["quarter"] = "quarter", ["month"] = "month", ["week"] = "week", ["day"] = "day",
    };

    /// <summary>The whole text as a time, or null.</summary>
    public static AskedTime? Whole(string text, DateOnly today)
    {
        var plain = new QuestionText(text.Trim()).Text;
        return AskedTime.Parse(text.Trim()) ?? (Read(plain, 0, today) is { } read && string.IsNullOrWhiteSpace(plain[read.End..]) ? read.Time : null);
    }

    /// <summary>A time that begins at a character of a text in lower case and half width, or null.</summary>
    public static TimeRead? Read(string text, int at, DateOnly today)
    {
        if (at >= text.Length || today.Year is < 1910 or > 2990)
            return null;
        try
        {
            return ToDate(text, at, today) ?? Counted(text, at, today) ?? Recent(text, at, today) ?? Stretch(text, at, today);
        }
        catch (ArgumentOutOfRangeException)
        {
            // Beyond the calendar.
            return null;
        }
    }

    // 今年以来, 截至10月底, year to date
    private static TimeRead? ToDate(string text, int at, DateOnly today)
    {
        if (SinceYear().Match(text, at) is { Success: true } since)
            return new(new AskedTime(new DateOnly(today.Year, 1, 1), today, "month"), at + since.Length, true);
        if (UpTo().Match(text, at) is not { Success: true } upTo)
            return null;
        if (Now().Match(text, at + upTo.Length) is { Success: true } now)
            return new(new AskedTime(new DateOnly(today.Year, 1, 1), today, "month"), at + upTo.Length + now.Length, true);
        return Point(text, at + upTo.Length, today, null) is { } point ? new(point.Time.ToDate(), point.End, true) : null;
    }

    // 最近六个月, 近三年, 过去30天, 最近半年, last 6 months
    private static TimeRead? Recent(string text, int at, DateOnly today)
    {
        if (HalfYear().Match(text, at) is { Success: true } half)
            return new(Last(6, "month", today), at + half.Length);
        foreach (var m in (Match[])[RecentZh().Match(text, at), RecentEn().Match(text, at)])
        {
            if (m.Success && Number(m.Groups["n"].Value) is >= 1 and <= 999 and var many)
                return new(Last(many, Grains[m.Groups["g"].Value], today), at + m.Length);
        }
        return null;
    }

    private static AskedTime Last(int many, string grain, DateOnly today)
    {
        var end = AskedTime.Of(today, grain);
        var from = grain switch { "year" => end.From.AddYears(1 - many), "quarter" => end.From.AddMonths(3 * (1 - many)), "month" => end.From.AddMonths(1 - many), "week" => end.From.AddDays(7 * (1 - many)), _ => end.From.AddDays(1 - many) };
        return new AskedTime(from, end.To, grain);
    }

    // 1-10月, 前三季度, 2023-2025年: the unit stands behind the second number alone.
    private static TimeRead? Counted(string text, int at, DateOnly today)
    {
        if (Years().Match(text, at) is { Success: true } years && Number(years.Groups["a"].Value) is { } a && Number(years.Groups["b"].Value) is { } b && a <= b && AskedTime.Day(a, 1, 1) is { } from && AskedTime.Day(b, 1, 1) is { } to)
            return new(AskedTime.Of(from, "year").Until(AskedTime.Of(to, "year")), at + years.Length);
        var (year, rest) = YearOf(text, at, today);
        if (Counts().Match(text, rest) is not { Success: true } m)
            return null;
        var unit = m.Groups["u"].Value.Contains('月', StringComparison.Ordinal) ? "month" : "quarter";
        var (first, last) = (m.Groups["a"].Success ? Number(m.Groups["a"].Value) : 1, Number(m.Groups["b"].Value));
        var most = unit == "month" ? 12 : 4;
        if (first is not { } begin || last is not { } end || begin < 1 || begin > end || end > most)
            return null;
        AskedTime In(int y, int n) => AskedTime.Of(new DateOnly(y, unit == "month" ? n : n * 3, 1), unit);
        var of = year ?? (In(today.Year, begin).From <= today ? today.Year : today.Year - 1);
        return Ended(text, new(In(of, begin).Until(In(of, end)), rest + m.Length));
    }

    // One time, or from one to another.
    private static TimeRead? Stretch(string text, int at, DateOnly today)
    {
        if (Point(text, at, today, null) is not { } first)
            return null;
        if (Since().Match(text, first.End) is { Success: true } since && first.Time.From <= today)
            return new(first.Time with { To = today }, first.End + since.Length);
        if (To().Match(text, first.End) is { Success: true } to && Point(text, first.End + to.Length, today, first.Time) is { } second && first.Time.From <= second.Time.To)
            return Ended(text, new(first.Time.Until(second.Time), second.End));
        return Ended(text, first);
    }

    // 累计 behind a time says that it is from the beginning of the year.
    private static TimeRead Ended(string text, TimeRead read) => Cumulative().Match(text, read.End) is { Success: true } m ? new(read.Time.ToDate(), read.End + m.Length, true) : read;

    private static TimeRead? Point(string text, int at, DateOnly today, AskedTime? before) =>
        Dated(text, at) ?? English(text, at, today) ?? Relative(text, at, today) ?? InYear(text, at, today, before) ?? Bare(text, at);

    // 2024-10-20, 2024/10/20, 2024.10.20, 2024-10, 2024-Q3, 2024-H1, 2024-W43
    private static TimeRead? Dated(string text, int at)
    {
        if (at > 0 && char.IsAsciiDigit(text[at - 1]))
            return null;
        if (IsoPart().Match(text, at) is { Success: true } part)
            return AskedTime.Parse($"{part.Groups["y"].Value}-{part.Groups["p"].Value.ToUpperInvariant()}") is { } inside ? new(inside, at + part.Length) : null;
        if (Iso().Match(text, at) is not { Success: true } m)
            return null;
        var day = AskedTime.Day(Number(m.Groups["y"].Value)!.Value, Number(m.Groups["m"].Value)!.Value, m.Groups["d"].Success ? Number(m.Groups["d"].Value)!.Value : 1);
        return day is { } one ? new(AskedTime.Of(one, m.Groups["d"].Success ? "day" : "month"), at + m.Length) : null;
    }

    // 昨天, 上月, 本季度, 上周
    private static TimeRead? Relative(string text, int at, DateOnly today)
    {
        if (Days().Match(text, at) is { Success: true } day)
            return new(AskedTime.Of(today.AddDays(day.Value switch { "前天" => -2, "昨天" or "昨日" => -1, _ => 0 }), "day"), at + day.Length);
        if (RelativeZh().Match(text, at) is not { Success: true } m)
            return null;
        var now = AskedTime.Of(today, Grains[m.Groups["g"].Value]);
        return new(m.Value[0] == '上' ? AskedTime.Of(now.From.AddDays(-1), now.Grain) : now, at + m.Length);
    }

    // 2024年, 去年三季度, 今年上半年, 10月, 10月20日, 第43周
    private static TimeRead? InYear(string text, int at, DateOnly today, AskedTime? before)
    {
        var (year, rest) = YearOf(text, at, today);
        // The end of a stretch takes from its beginning what it does not say.
        if (year is null && before is { Grain: "day" } && DayAlone().Match(text, at) is { Success: true } alone && Number(alone.Groups["d"].Value) is { } last && AskedTime.Day(before.From.Year, before.From.Month, last) is { } until)
            return new(AskedTime.Of(until, "day"), at + alone.Length);
        var part = Part().Match(text, rest);
        if (!part.Success)
            return year is { } whole && AskedTime.Day(whole, 1, 1) is { } first ? new(AskedTime.Of(first, "year"), rest + WholeYear().Match(text, rest).Length) : null;
        AskedTime? In(int y)
        {
            if (part.Groups["h"].Success)
                return AskedTime.Of(new DateOnly(y, part.Groups["h"].Value[0] is '上' or '前' ? 1 : 7, 1), "half");
            if (part.Groups["q"].Success)
                return Number(part.Groups["q"].Value) is { } q ? AskedTime.Of(new DateOnly(y, q * 3, 1), "quarter") : null;
            if (part.Groups["w"].Success)
                return Number(part.Groups["w"].Value) is { } w && w >= 1 && w <= ISOWeek.GetWeeksInYear(y) ? AskedTime.Of(DateOnly.FromDateTime(ISOWeek.ToDateTime(y, w, DayOfWeek.Monday)), "week") : null;
            return Number(part.Groups["m"].Value) is { } m && AskedTime.Day(y, m, part.Groups["d"].Success ? Number(part.Groups["d"].Value) ?? 0 : 1) is { } day ? AskedTime.Of(day, part.Groups["d"].Success ? "day" : "month") : null;
        }
        var time = In(year ?? before?.From.Year ?? today.Year);
        if (year is null && before is null && time?.From > today)
            time = In(today.Year - 1);
        return time is null ? null : new(time, rest + part.Length);
    }

    private static (int? Year, int End) YearOf(string text, int at, DateOnly today)
    {
        if (NamedYear().Match(text, at) is { Success: true } named)
            return (today.Year + named.Groups["r"].Value switch { "前" => -2, "去" or "上" or "上一" => -1, "明" or "来" => 1, _ => 0 }, at + named.Length);
        return (at == 0 || !char.IsAsciiDigit(text[at - 1])) && WrittenYear().Match(text, at) is { Success: true } written && Number(written.Groups["y"].Value) is >= 1900 and <= 2999 and var year ? (year, at + written.Length) : (null, at);
    }

    // 2024 by itself
    private static TimeRead? Bare(string text, int at) =>
        (at == 0 || !(char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] == '.')) && BareYear().Match(text, at) is { Success: true } m ? new(AskedTime.Of(new DateOnly(Number(m.Value)!.Value, 1, 1), "year"), at + 4) : null;

    private static TimeRead? English(string text, int at, DateOnly today)
    {
        if (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]))
            return null;
        if (DaysEn().Match(text, at) is { Success: true } day)
            return new(AskedTime.Of(today.AddDays(day.Value == "yesterday" ? -1 : 0), "day"), at + day.Length);
        if (RelativeEn().Match(text, at) is { Success: true } relative)
        {
            var now = AskedTime.Of(today, Grains[relative.Groups["g"].Value]);
            return new(relative.Groups["r"].Value is "this" or "the current" ? now : AskedTime.Of(now.From.AddDays(-1), now.Grain), at + relative.Length);
        }
        if (PartEn().Match(text, at) is { Success: true } part)
        {
            var isHalf = part.Groups["h"].Success;
            var which = part.Groups["n"].Value switch { "first" or "1" => 1, "second" or "2" => 2, "third" or "3" => 3, _ => 4 };
            AskedTime In(int y) => isHalf ? AskedTime.Of(new DateOnly(y, which == 1 ? 1 : 7, 1), "half") : AskedTime.Of(new DateOnly(y, which * 3, 1), "quarter");
            return new(Latest(In, part.Groups["y"], today), at + part.Length);
        }
        if (MonthEn().Match(text, at) is not { Success: true } m)
            return null;
        var month = Array.FindIndex(MonthNames, n => n.StartsWith(m.Groups["m"].Value[..3], StringComparison.Ordinal)) + 1;
        var days = m.Groups["d"].Success ? Number(m.Groups["d"].Value) : m.Groups["e"].Success ? Number(m.Groups["e"].Value) : null;
        if (days is { } d && (d < 1 || d > DateTime.DaysInMonth(m.Groups["y"].Success ? Number(m.Groups["y"].Value)!.Value : today.Year, month)))
            return null;
        return new(Latest(y => AskedTime.Of(new DateOnly(y, month, Math.Min(days ?? 1, DateTime.DaysInMonth(y, month))), days is null ? "month" : "day"), m.Groups["y"], today), at + m.Length);
    }

    private static AskedTime Latest(Func<int, AskedTime> of, Group year, DateOnly today) =>
        year.Success ? of(Number(year.Value)!.Value) : of(today.Year) is var now && now.From <= today ? now : of(today.Year - 1);

    private static readonly string[] Words = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    private static int? Number(string text) => Array.IndexOf(Words, text) is var word && word > 0 ? word : Numerals.Read(text);

    [GeneratedRegex(@"\G(?:今年以来|今年至今|今年累计|本年累计|本年以来|年初以来|年初至今|年初到现在|开年以来|(?:the )?year[ -]to[ -]date|ytd\b)")]
    private static partial Regex SinceYear();

    [GeneratedRegex(@"\G(?:截至|截止到|截止至|截止)\s*")]
    private static partial Regex UpTo();

    [GeneratedRegex(@"\G(?:目前为止|目前|现在|今天|今日)")]
    private static partial Regex Now();

    [GeneratedRegex(@"\G(?:最近|近|过去|这)(?:的)?半年(?:来|以来|内|里)?")]
    private static partial Regex HalfYear();

    [GeneratedRegex(@"\G(?:最近|近|过去|前|这)(?:的)?(?<n>" + N + @")\s*个?整?(?<g>年|季度|月|周|星期|礼拜|天|日)(?:以来|来|以内|之内|内|里|间|中)?(?!份)")]
    private static partial Regex RecentZh();

    [GeneratedRegex(@"\G(?:the )?(?:last|past|previous)\s+(?<n>[0-9]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+(?<g>year|quarter|month|week|day)s?\b")]
    private static partial Regex RecentEn();

    [GeneratedRegex(@"\G(?<![0-9])(?<a>(?:19|2[0-9])[0-9]{2})年?\s*(?:至|到|-|—+|–|~|to)\s*(?<b>(?:19|2[0-9])[0-9]{2})(?![0-9])年?")]
    private static partial Regex Years();

    [GeneratedRegex(@"\G\s*(?:前(?<b>[二两三四2-4])个?(?<u>季度)|(?<![0-9.])(?<a>" + N + @")\s*(?:月份?|季度)?\s*(?:至|到|-|—+|–|~)\s*(?<b>" + N + @")\s*(?<u>月份?|季度)(?!" + N + @"[日号]))")]
    private static partial Regex Counts();

    [GeneratedRegex(@"\G(?:以来|至今|到现在|到今天|起至今)")]
    private static partial Regex Since();

    [GeneratedRegex(@"\G\s*(?:至|到|-|—+|–|~|to|through|until)\s*")]
    private static partial Regex To();

    [GeneratedRegex(@"\G(?:底|末)?的?累计")]
    private static partial Regex Cumulative();

    [GeneratedRegex(@"\G(?<y>(?:19|2[0-9])[0-9]{2})[-/. ]?(?<p>q[1-4]|h[12]|w[0-5][0-9])(?![0-9a-z])")]
    private static partial Regex IsoPart();

    [GeneratedRegex(@"\G(?<y>(?:19|2[0-9])[0-9]{2})[-/.](?<m>1[0-2]|0?[1-9])(?:[-/.](?<d>3[01]|[12][0-9]|0?[1-9]))?(?![0-9.])")]
    private static partial Regex Iso();

    [GeneratedRegex(@"\G(?:昨天|昨日|前天|今天|今日|当天|当日)")]
    private static partial Regex Days();

    [GeneratedRegex(@"\G(?:上一?个?|本|这个?|当)(?<g>月|季度|周|星期|礼拜)(?:份|度)?")]
    private static partial Regex RelativeZh();

    [GeneratedRegex(@"\G(?<d>" + N + @")[日号]")]
    private static partial Regex DayAlone();

    [GeneratedRegex(@"\G\s*(?:的\s*)?(?:(?<h>[上下前后])半年|第?(?<q>[一二三四1-4])季度?|q(?<q>[1-4])(?![0-9a-z])|第(?<w>" + N + @")周|(?<![0-9.])(?<m>" + N + @")月(?:份|底|末)?(?:(?<d>" + N + @")[日号])?)")]
    private static partial Regex Part();

    [GeneratedRegex(@"\G(?:全年|整年|年末|年底|末|底)")]
    private static partial Regex WholeYear();

    [GeneratedRegex(@"\G(?<r>前|去|上一|上|今|本|当|明|来)年度?")]
    private static partial Regex NamedYear();

    [GeneratedRegex(@"\G(?<y>[0-9]{4}|[〇零一二三四五六七八九]{4})\s*年度?")]
    private static partial Regex WrittenYear();

    [GeneratedRegex(@"\G(?:19|20)[0-9]{2}(?![0-9a-z.%])")]
    private static partial Regex BareYear();

    [GeneratedRegex(@"\G(?:yesterday|today)\b")]
    private static partial Regex DaysEn();

    [GeneratedRegex(@"\G(?<r>the last|last|the previous|previous|this|the current)\s+(?<g>year|quarter|month|week)\b")]
    private static partial Regex RelativeEn();

    [GeneratedRegex(@"\G(?:(?:the )?(?<n>first|second) (?<h>half)|(?<h>h)(?<n>[12])|(?:the )?(?<n>first|second|third|fourth) quarter|q(?<n>[1-4]))(?:(?: of|,)?\s*(?<y>(?:19|20)[0-9]{2}))?(?![0-9a-z])")]
    private static partial Regex PartEn();

    [GeneratedRegex(@"\G(?:(?<e>[0-9]{1,2})(?:st|nd|rd|th)?(?: of)?\s+)?(?<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?(?:\s+(?<d>[0-9]{1,2})(?:st|nd|rd|th)?(?![0-9]))?(?:,?\s*(?<y>(?:19|20)[0-9]{2}))?(?![0-9])")]
    private static partial Regex MonthEn();
}
