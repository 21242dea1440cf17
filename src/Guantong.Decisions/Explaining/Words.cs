using Guantong.Feel;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Explaining;

/// <summary>Values and the tests of cells in words, in Chinese or English (DMN 1.5 §7.3, rules 7 to 18).</summary>
internal sealed class Words(bool isEnglish)
{
    private string Say(string zh, string en) => isEnglish ? en : zh;

    public string Value(FeelValue value) => value.Kind switch
    {
        FeelKind.Null => Say("未填写", "not given"),
        FeelKind.Boolean => value.IsTrue ? Say("是", "yes") : Say("否", "no"),
        FeelKind.String => $"“{value.String}”",
        FeelKind.Date when !isEnglish => $"{value.Date.Year}年{value.Date.Month}月{value.Date.Day}日",
        FeelKind.YearsMonths => Span(value.YearsMonths.Months),
        FeelKind.List => string.Join(Say("、", ", "), value.List!.Select(Value)),
        FeelKind.Context => string.Join(Say("，", ", "), value.Context!.Keys.ToArray().Zip(value.Context.Values.ToArray(), (k, v) => $"{k} {Value(v)}")),
        _ => value.ToString(),
    };

    private string Span(long months) => (months / 12, months % 12) switch
    {
        (0, var m) => Say($"{m} 个月", $"{m} months"),
        (var y, 0) => Say($"{y} 年", $"{y} years"),
        var (y, m) => Say($"{y} 年 {m} 个月", $"{y} years and {m} months"),
    };

    public string Cell(CellTests cell)
    {
        if (cell.Tests is not { } tests)
            return Say("不限", "anything");
        if (tests.All(t => t is Expr.Literal))
        {
            var values = tests.Select(t => Value(((Expr.Literal)t).Value)).ToList();
            return cell.IsNegated ? Say($"不是{Either(values)}", $"not {Either(values)}") : Say($"是{Either(values)}", Either(values));
        }
        var said = string.Join(Say("，或", " or "), tests.Select(Test));
        return cell.IsNegated ? Say($"不得：{said}", $"not: {said}") : said;
    }

    private string Either(IReadOnlyList<string> values) => values is [var only] ? only : string.Join(Say("、", ", "), values.SkipLast(1)) + Say("或", " or ") + values[^1];

    private string Test(Expr test) => test switch
    {
        Expr.Test { Bound: Expr.Literal { Value: var v } } t => Comparison(t.Operator, v),
        Expr.OpenRange { Bound: Expr.Literal { Value: var v } } r => Comparison(r.Operator, v),
        Expr.Range { From: Expr.Literal { Value: var low }, To: Expr.Literal { Value: var high } } r =>
            Say($"在 {Value(low)}（{Included(r.StartIncluded)}）到 {Value(high)}（{Included(r.EndIncluded)}）之间", $"from {Value(low)} ({Included(r.StartIncluded)}) to {Value(high)} ({Included(r.EndIncluded)})"),
        Expr.ListOf l when l.Items.All(i => i is Expr.Literal) => Say("是", "") + Either([.. l.Items.Select(i => Value(((Expr.Literal)i).Value))]),
        Expr.Literal l => Say("是", "") + Value(l.Value),
        _ => Say($"符合“{Printer.Print(test)}”", $"such that “{Printer.Print(test)}”"),
    };

    private string Included(bool included) => included ? Say("含", "included") : Say("不含", "not included");

    private string Comparison(string op, FeelValue bound)
    {
        var (zh, en) = (bound.Kind, op) switch
        {
            (_, "=") => ("是", ""),
            (_, "!=") => ("不是", "not"),
            (FeelKind.Date or FeelKind.DateTime or FeelKind.Time, "<") => ("早于", "before"),
            (FeelKind.Date or FeelKind.DateTime or FeelKind.Time, "<=") => ("不晚于", "no later than"),
            (FeelKind.Date or FeelKind.DateTime or FeelKind.Time, ">") => ("晚于", "after"),
            (FeelKind.Date or FeelKind.DateTime or FeelKind.Time, _) => ("不早于", "no earlier than"),
            (FeelKind.DaysTime or FeelKind.YearsMonths, "<") => ("短于", "shorter than"),
            (FeelKind.DaysTime or FeelKind.YearsMonths, ">") => ("长于", "longer than"),
            (_, "<") => ("低于", "less than"),
            (_, "<=") => ("不高于", "at most"),
            (_, ">") => ("高于", "more than"),
            _ => ("不低于", "at least"),
        };
        return Say($"{zh} {Value(bound)}", $"{en} {Value(bound)}".Trim());
    }
}
