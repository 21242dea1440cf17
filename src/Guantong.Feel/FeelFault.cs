using System.Globalization;

namespace Guantong.Feel;

/// <summary>Why a text is no FEEL.</summary>
/// <param name="Position">Where, counted from 0 in the text.</param>
/// <param name="Line">Line in the text, from 1.</param>
/// <param name="Column">Column in the text, from 1.</param>
/// <param name="Code">Stable kebab-case id.</param>
/// <param name="Args">What fills the message.</param>
public sealed record FeelFault(int Position, int Line, int Column, string Code, IReadOnlyList<string> Args)
{
    private static readonly Dictionary<string, (string Zh, string En)> Sentences = new()
    {
        ["feel-unexpected"] = ("第 {2} 行第 {3} 列：这里不该出现“{0}”，应为 {1}", "line {2}, column {3}: “{0}” is not expected here; {1} is"),
        ["feel-end"] = ("第 {1} 行第 {2} 列：表达式没有写完，还缺 {0}", "line {1}, column {2}: the expression ends too early; {0} is missing"),
        ["feel-text-open"] = ("第 {0} 行第 {1} 列：字符串没有结束，请补上引号", "line {0}, column {1}: the string has no end; close its quote"),
        ["feel-comment-open"] = ("第 {0} 行第 {1} 列：注释没有结束，请补上 */", "line {0}, column {1}: the comment has no end; close it with */"),
        ["feel-character"] = ("第 {1} 行第 {2} 列：不认识字符“{0}”", "line {1}, column {2}: the character “{0}” means nothing here"),
        ["feel-number"] = ("第 {1} 行第 {2} 列：数“{0}”写错了或太大", "line {1}, column {2}: the number “{0}” is wrong or too large"),
        ["feel-temporal"] = ("第 {1} 行第 {2} 列：“{0}”不是日期、时间或时长", "line {1}, column {2}: “{0}” is no date, time or duration"),
        ["feel-deep"] = ("第 {0} 行第 {1} 列：嵌套太深，请拆成几步", "line {0}, column {1}: nested too deeply; take it apart"),
        ["feel-long"] = ("第 {0} 行第 {1} 列：表达式太长，请拆成几步", "line {0}, column {1}: the expression is too long; take it apart"),
        ["feel-twice"] = ("第 {1} 行第 {2} 列：“{0}”写了两次", "line {1}, column {2}: “{0}” is given twice"),
        ["feel-range-order"] = ("第 {0} 行第 {1} 列：区间的起点大于终点", "line {0}, column {1}: the range starts above its end"),
        ["feel-unknown-name"] = ("第 {1} 行第 {2} 列：没有名为“{0}”的值", "line {1}, column {2}: there is no value named “{0}”"),
        ["feel-unknown-name-suggest"] = ("第 {2} 行第 {3} 列：没有名为“{0}”的值，是不是“{1}”？", "line {2}, column {3}: there is no value named “{0}”; is “{1}” meant?"),
        ["feel-unknown-member"] = ("第 {2} 行第 {3} 列：{1} 没有成员“{0}”", "line {2}, column {3}: {1} has no member “{0}”"),
        ["feel-unknown-member-suggest"] = ("第 {3} 行第 {4} 列：{1} 没有成员“{0}”，是不是“{2}”？", "line {3}, column {4}: {1} has no member “{0}”; is “{2}” meant?"),
        ["feel-type"] = ("第 {2} 行第 {3} 列：这里是 {0}，应为 {1}", "line {2}, column {3}: this is a {0} where a {1} is wanted"),
        ["feel-operands"] = ("第 {3} 行第 {4} 列：“{0}”不能用于 {1} 和 {2}", "line {3}, column {4}: “{0}” does not go with {1} and {2}"),
        ["feel-arguments"] = ("第 {1} 行第 {2} 列：函数“{0}”不接受这些参数", "line {1}, column {2}: the function “{0}” does not take these arguments"),
        ["feel-unknown-type"] = ("第 {1} 行第 {2} 列：没有名为“{0}”的类型", "line {1}, column {2}: there is no type named “{0}”"),
    };

    internal static FeelFault At(string text, string code, int position, params string[] args)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        return new FeelFault(position, before.Count('\n') + 1, before.Length - (before.LastIndexOf('\n') + 1) + 1, code, args);
    }

    /// <summary>The sentence for a reader ("zh-CN" or "en").</summary>
    public string Message(string lang)
    {
        var (zh, en) = Sentences[Code];
        return string.Format(CultureInfo.InvariantCulture, !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? en : zh, [.. Args, Line, Column]);
    }
}
