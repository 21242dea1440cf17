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
        ["feel-character"] = ("第 {1} 行第 {2} 列：不认识字符“{0}”", "line {1}, column {2}: the character “{0}” means nothing here"),
        ["feel-number"] = ("第 {1} 行第 {2} 列：数“{0}”写错了或太大", "line {1}, column {2}: the number “{0}” is wrong or too large"),
        ["feel-temporal"] = ("第 {1} 行第 {2} 列：“{0}”不是日期、时间或时长", "line {1}, column {2}: “{0}” is no date, time or duration"),
        ["feel-deep"] = ("第 {0} 行第 {1} 列：嵌套太深，请拆成几步", "line {0}, column {1}: nested too deeply; take it apart"),
    };

    /// <summary>The sentence for a reader ("zh-CN" or "en").</summary>
    public string Message(string lang)
    {
        var (zh, en) = Sentences[Code];
        return string.Format(CultureInfo.InvariantCulture, lang.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? en : zh, [.. Args, Line, Column]);
    }
}
