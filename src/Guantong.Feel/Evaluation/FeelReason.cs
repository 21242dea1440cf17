using System.Globalization;

namespace Guantong.Feel;

/// <summary>Why something has no value (FEEL raises no errors; DMN 1.5 §10.3.2.1).</summary>
public enum NullReason
{
    UnknownName, UnknownMember, Arithmetic, DivisionByZero, NotComparable, NotAFunction, UnknownParameter, MissingArgument, WrongArguments,
    WrongType, NotAllowed, NoItem, NotACondition, NotAList, BadText, BadPattern, NoClock, Unsupported, HitPolicy, Broken, NoLogic,
}

/// <summary>One reason, ready to be shown.</summary>
public sealed record FeelReason(NullReason Why, IReadOnlyList<string> About)
{
    private static readonly Dictionary<NullReason, (string Zh, string En)> Sentences = new()
    {
        [NullReason.UnknownName] = ("没有名为“{0}”的值", "there is no value named “{0}”"),
        [NullReason.UnknownMember] = ("“{1}”没有成员“{0}”", "a {1} has no member “{0}”"),
        [NullReason.Arithmetic] = ("运算“{0}”对 {1} 和 {2} 没有定义", "“{0}” is not defined for {1} and {2}"),
        [NullReason.DivisionByZero] = ("除数为零", "the divisor is zero"),
        [NullReason.NotComparable] = ("{0} 和 {1} 不能比较", "{0} and {1} do not compare"),
        [NullReason.NotAFunction] = ("{0} 不是函数，不能调用", "a {0} is no function and cannot be called"),
        [NullReason.UnknownParameter] = ("函数“{1}”没有参数“{0}”", "the function “{1}” has no parameter “{0}”"),
        [NullReason.MissingArgument] = ("调用函数“{0}”时缺少参数", "an argument of the function “{0}” is missing"),
        [NullReason.WrongArguments] = ("函数“{0}”不接受这些参数：{1}", "the function “{0}” does not take these arguments: {1}"),
        [NullReason.WrongType] = ("{0} 不符合类型 {1}", "a {0} does not conform to the type {1}"),
        [NullReason.NotAllowed] = ("值 {0} 不在类型 {1} 允许的范围内", "the value {0} is not one that the type {1} allows"),
        [NullReason.NoItem] = ("列表没有第 {0} 项", "the list has no item {0}"),
        [NullReason.NotACondition] = ("条件不是真或假，而是 {0}", "the condition is neither true nor false but {0}"),
        [NullReason.NotAList] = ("不能遍历 {0}", "a {0} cannot be iterated"),
        [NullReason.BadText] = ("“{1}”不能读成 {0}", "“{1}” cannot be read as a {0}"),
        [NullReason.BadPattern] = ("正则表达式“{0}”写错了或不受支持", "the regular expression “{0}” is wrong or not supported"),
        [NullReason.NoClock] = ("求值时没有给出当前时间", "the evaluation was given no clock"),
        [NullReason.Unsupported] = ("不支持：{0}", "not supported: {0}"),
        [NullReason.Broken] = ("表达式写错了：{0}", "the expression is wrong: {0}"),
        [NullReason.NoLogic] = ("“{0}”没有决策逻辑", "“{0}” has no logic"),
        [NullReason.HitPolicy] = ("决策表“{0}”违反命中策略 {1}", "the decision table “{0}” breaks its hit policy {1}"),
    };

    /// <summary>The sentence for a reader ("zh-CN" or "en").</summary>
    public string Message(string lang)
    {
        var (zh, en) = Sentences[Why];
        return string.Format(CultureInfo.InvariantCulture, !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? en : zh, [.. About, "", "", ""]);
    }
}
