using System.Globalization;
using Guantong.Feel;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Explaining;

/// <summary>Values and the tests of cells in words, in Chinese or English (DMN 1.5 §7.3, rules 7 to 18).</summary>
/// <param name="isEnglish">Whether the reader reads English.</param>
/// <param name="translate">The model's own labels and texts in the reader's language.</param>
internal sealed class Words(bool isEnglish, Func<string, string> translate)
{
    public string Say(string zh, string en) => isEnglish ? en : zh;

    /// <summary>A label or text of the model.</summary>
    public string Own(string text) => translate(text);

    /// <summary>A name and its value; English puts a colon between, so that any label reads well.</summary>
    public string Is(string name, FeelValue value) => value.IsNull ? Say($"{Before(Own(name))}未填写", $"{Own(name)}: not given") : Say(Spaced($"{Before(Own(name))}为", Value(value)), $"{Own(name)}: {Value(value)}");

    /// <summary>A value; what a context holds goes by the labels that are given.</summary>
    public string Value(FeelValue value, Func<string, string?>? label = null) => value.Kind switch
    {
        FeelKind.Null => Say("无", "none"),
        FeelKind.Boolean => value.IsTrue ? Say("“是”", "yes") : Say("“否”", "no"),
        FeelKind.Number => Grouped(value.ToString()),
        FeelKind.String => $"“{Own(value.String!)}”",
        FeelKind.Date => Day(value.Date),
        FeelKind.Time => Clock(value.ToString()),
        FeelKind.DateTime => $"{Day(value.DateTime!.Date)}{Say(" ", ", ")}{Clock(value.DateTime.ToString()[(value.DateTime.Date.ToString().Length + 1)..])}",
        FeelKind.YearsMonths => Parts((Math.Abs(value.YearsMonths.Months) / 12, "年", "year"), (Math.Abs(value.YearsMonths.Months) % 12, "个月", "month")),
        FeelKind.DaysTime => Parts(((long)value.DaysTime.Days, "天", "day"), (value.DaysTime.Hours, "小时", "hour"), (value.DaysTime.Minutes, "分钟", "minute")),
        FeelKind.List when value.List!.Count == 0 => Say("空", "nothing"),
        FeelKind.List => string.Join(Say("、", ", "), value.List!.Select(v => Value(v, label))),
        FeelKind.Context => string.Join(Say("，", ", "), value.Context!.Keys.ToArray().Zip(value.Context.Values.ToArray()).Where(e => !e.Second.IsNull).Select(e => Entry(e.First, e.Second, label))),
        FeelKind.Range => Range(value.Range!.Start, value.Range.StartIncluded, value.Range.End, value.Range.EndIncluded),
        _ => value.ToString(),
    };

    private string Entry(string key, FeelValue value, Func<string, string?>? label)
    {
        var (name, said) = (Own(label?.Invoke(key) ?? key), Value(value, label));
        return value.Kind == FeelKind.Context ? Say($"{name}（{said}）", $"{name} ({said})") : Say(Spaced(Before(name) + "为", said), $"{name}: {said}");
    }

    /// <summary>What a cell wants.</summary>
    public string Cell(CellTests cell)
    {
        if (cell.Tests is not { } tests)
            return Say("不限", "anything");
        var said = Either([.. tests.Select(Test)]);
        return cell.IsNegated ? Say(Spaced("除", said) + "以外", $"anything but {said}") : said;
    }

    /// <summary>One of several: “a、b或c”.</summary>
    public string Either(IReadOnlyList<string> values)
    {
        if (values is [var only])
            return only;
        var first = string.Join(Say("、", ", "), values.SkipLast(1));
        return isEnglish ? $"{first} or {values[^1]}" : Spaced(Before(first) + "或", values[^1]);
    }

    /// <summary>Chinese text before a number or a Latin word has a space between.</summary>
    public static string Spaced(string before, string after) => after.Length > 0 && before.Length > 0 && (char.IsAsciiLetterOrDigit(after[0]) || after[0] == '-') && !char.IsPunctuation(before[^1]) ? $"{before} {after}" : before + after;

    private string Test(Expr test) => test switch
    {
        Expr.Test { Bound: Expr.Literal { Value: var v } } t => Comparison(t.Operator, v),
        Expr.OpenRange { Bound: Expr.Literal { Value: var v } } r => Comparison(r.Operator, v),
        Expr.Range { From: Expr.Literal { Value: var low }, To: Expr.Literal { Value: var high } } r => Range(low, r.StartIncluded, high, r.EndIncluded),
        Expr.ListOf { Items.Count: > 0 } l when l.Items.All(i => i is Expr.Literal) => Either([.. l.Items.Select(i => Value(((Expr.Literal)i).Value))]),
        Expr.Literal { Value.IsNull: true } => Say("未填写", "not given"),
        Expr.Literal l => Value(l.Value),
        _ => Say($"满足“{Printer.Print(test)}”", $"such that “{Printer.Print(test)}”"),
    };

    private string Range(FeelValue low, bool isLowIn, FeelValue high, bool isHighIn) => (low.IsNull, high.IsNull) switch
    {
        (true, true) => Say("不限", "anything"),
        (true, _) => Comparison(isHighIn ? "<=" : "<", high),
        (_, true) => Comparison(isLowIn ? ">=" : ">", low),
        _ => And(Comparison(isLowIn ? ">=" : ">", low), Comparison(isHighIn ? "<=" : "<", high)),
    };

    private string And(string low, string high) => isEnglish ? $"{low} and {high}" : $"{Before(low)}且{high}";

    private static string Before(string text) => text.Length > 0 && char.IsAsciiLetterOrDigit(text[^1]) ? text + " " : text;

    private string Comparison(string op, FeelValue bound)
    {
        if (bound.IsNull && op is "=" or "!=")
            return op == "=" ? Say("未填写", "not given") : Say("已填写", "given");
        var (zh, en) = (bound.Kind, op) switch
        {
            (_, "=") => ("", ""),
            (_, "!=") => ("不是", "not"),
            (FeelKind.Date or FeelKind.DateTime or FeelKind.Time, "<") => ("早于", "before"),
            (FeelKind.Date or FeelKind.DateTime or FeelKind.Time, "<=") => ("不晚于", "no later than"),
            (FeelKind.Date or FeelKind.DateTime or FeelKind.Time, ">") => ("晚于", "after"),
            (FeelKind.Date or FeelKind.DateTime or FeelKind.Time, _) => ("不早于", "no earlier than"),
            (FeelKind.DaysTime or FeelKind.YearsMonths, "<") => ("短于", "shorter than"),
            (FeelKind.DaysTime or FeelKind.YearsMonths, "<=") => ("不长于", "no longer than"),
            (FeelKind.DaysTime or FeelKind.YearsMonths, ">") => ("长于", "longer than"),
            (FeelKind.DaysTime or FeelKind.YearsMonths, _) => ("不短于", "no shorter than"),
            (_, "<") => ("低于", "less than"),
            (_, "<=") => ("不高于", "at most"),
            (_, ">") => ("高于", "more than"),
            _ => ("不低于", "at least"),
        };
        return isEnglish ? $"{en} {Value(bound)}".Trim() : Spaced(zh, Value(bound));
    }

    private string Day(FeelDate date) => isEnglish ? $"{date.Day} {DateTimeFormatInfo.InvariantInfo.GetMonthName(date.Month)} {date.Year}" : $"{date.Year}年{date.Month}月{date.Day}日";

    // 09:30:00 is half past nine; seconds, zones and fractions are told where there are any.
    private static string Clock(string time) => time.Length >= 8 && time.AsSpan(5, 3) is ":00" && (time.Length == 8 || time[8] != '.') ? time[..5] + time[8..] : time;

    private string Parts(params IEnumerable<(long Count, string Zh, string En)> parts)
    {
        var told = parts.Where(p => p.Count != 0).ToList();
        if (told.Count == 0)
            told.Add((0, parts.Last().Zh, parts.Last().En));
        return string.Join(" ", told.Select(p => isEnglish ? $"{Math.Abs(p.Count)} {p.En}{(Math.Abs(p.Count) == 1 ? "" : "s")}" : $"{Math.Abs(p.Count)} {p.Zh}"));
    }

    // 80,000; figures of four digits may be years.
    private static string Grouped(string number)
    {
        var (start, point) = (number.StartsWith('-') ? 1 : 0, number.IndexOf('.', StringComparison.Ordinal));
        var end = point < 0 ? number.Length : point;
        if (end - start < 5 || number.AsSpan(start, end - start).ContainsAnyExceptInRange('0', '9'))
            return number;
        for (var at = end - 3; at > start; at -= 3)
            number = number.Insert(at, ",");
        return number;
    }
}
