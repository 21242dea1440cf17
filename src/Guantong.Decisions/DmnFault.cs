using System.Globalization;

namespace Guantong.Decisions;

/// <summary>Something in a DMN file that cannot be decided by as it stands.</summary>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Column">Column in the file, from 1.</param>
/// <param name="Code">Stable kebab-case id.</param>
/// <param name="Args">What fills the message.</param>
public sealed record DmnFault(int Line, int Column, string Code, IReadOnlyList<string> Args)
{
    private static readonly Dictionary<string, (string Zh, string En)> Sentences = new()
    {
        ["dmn-broken"] = ("这不是合法的 XML：{0}。请改正后再检查。", "This is not well-formed XML: {0}. Mend it and check again."),
        ["dmn-namespace"] = ("这不是 DMN 1.2–1.5 文件（命名空间 {0}）。请用 DMN 编辑器另存。", "This is no DMN 1.2–1.5 file (namespace {0}). Save it again from a DMN editor."),
        ["dmn-no-decision"] = ("文件里没有决策（decision）。请至少画一个。", "The file holds no decision. Draw at least one."),
        ["dmn-no-logic"] = ("“{0}”没有决策逻辑。请给它一个决策表或表达式。", "“{0}” has no logic. Give it a decision table or an expression."),
        ["dmn-import"] = ("找不到导入的模型“{0}”（{1}）。请把它放在同一文件夹。", "The imported model “{0}” ({1}) is not there. Put it into the same folder."),
        ["dmn-type"] = ("没有名为“{0}”的类型。请添加它的 itemDefinition，或改正名称。", "There is no type “{0}”. Add its item definition, or mend the name."),
        ["dmn-external"] = ("不支持外部函数 {0}，调用它得到 null。请改写为 FEEL。", "The external function {0} is not supported; calling it gives null. Write it in FEEL."),
        ["dmn-deep"] = ("表达式嵌套太深。请拆成几个决策。", "The expressions nest too deeply. Take them apart into decisions."),
        ["dmn-unknown-reference"] = ("“{0}”引用的“{1}”不存在。请重新连接。", "“{0}” refers to “{1}”, which is not there. Connect it again."),
        ["dmn-cycle"] = ("决策“{0}”依赖它自己。请断开这个环。", "The decision “{0}” rests on itself. Break the circle."),
        ["dmn-feel"] = ("FEEL 写错了，{0}。请改正这个表达式。", "This FEEL is wrong, {0}. Mend the expression."),
        ["dmn-check"] = ("“{0}”的 FEEL 有问题，{1}。请改正它。", "FEEL of “{0}” cannot be meant so, {1}. Mend it."),
        ["dmn-hit-policy"] = ("不认识命中策略“{0}”。请用 UNIQUE、ANY、FIRST、PRIORITY、RULE ORDER、OUTPUT ORDER 或 COLLECT。", "There is no hit policy “{0}”. Use UNIQUE, ANY, FIRST, PRIORITY, RULE ORDER, OUTPUT ORDER or COLLECT."),
        ["dmn-rule-shape"] = ("规则 {0} 有 {1} 个单元格，而表有 {2} 列。请补齐。", "Rule {0} has {1} cells where the table has {2} columns. Complete it."),
    };

    /// <summary>Every code that reading can give.</summary>
    public static IReadOnlyCollection<string> Codes => Sentences.Keys;

    /// <summary>The FEEL fault behind it, when it is one.</summary>
    public Feel.FeelFault? Feel { get; init; }

    /// <summary>The sentence for a reader ("zh-CN" or "en"), with the mend.</summary>
    public string Message(string lang)
    {
        var (zh, en) = Sentences[Code];
        var args = Feel is null ? Args : Code == "dmn-check" ? [.. Args, Feel.Message(lang)] : (IReadOnlyList<string>)[Feel.Message(lang)];
        return string.Format(CultureInfo.InvariantCulture, !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? en : zh, [.. args]);
    }
}
