using System.Xml;
using System.Xml.Linq;

namespace Guantong.Decisions;

/// <summary>Says in words where a line and column of a DMN text stand: which decision, rule and column.</summary>
public static class CellName
{
    /// <summary>“每月津贴”，规则 3，“年龄”; null where nothing of the model stands there.</summary>
    /// <param name="xml">The text that the place is of.</param>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 1.</param>
    /// <param name="lang">"zh-CN" or "en".</param>
    public static string? At(string xml, int line, int column, string lang)
    {
        var isEnglish = !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase);
        if (Innermost(xml, line, column) is not { } found)
            return null;
        var chain = found.AncestorsAndSelf().ToList();
        var parts = new List<string>();
        if (chain.FirstOrDefault(e => e.Name.LocalName is "decision" or "businessKnowledgeModel" or "inputData" or "itemDefinition") is { } owner)
            parts.Add($"“{Called(owner)}”");
        if (chain.FirstOrDefault(e => e.Name.LocalName == "rule") is { } rule)
        {
            parts.Add($"{(isEnglish ? "rule" : "规则")} {rule.ElementsBeforeSelf(rule.Name).Count() + 1}");
            if (chain.FirstOrDefault(e => e.Name.LocalName is "inputEntry" or "outputEntry") is { } cell)
                parts.Add($"“{Called(rule.Parent!.Elements(rule.Name.Namespace + cell.Name.LocalName[..^5]).ElementAtOrDefault(cell.ElementsBeforeSelf(cell.Name).Count()))}”");
        }
        return parts.Count == 0 ? null : string.Join(isEnglish ? ", " : "，", parts);
    }

    private static string Called(XElement? element) =>
        (string?)element?.Attribute("label") ?? (string?)element?.Attribute("name") ?? element?.Descendants().FirstOrDefault(e => e.Name.LocalName == "text")?.Value.Trim() ?? "";

    // The last element that begins at or before the place: tags nest, so it is the innermost.
    private static XElement? Innermost(string xml, int line, int column)
    {
        try
        {
            return XDocument.Parse(xml, LoadOptions.SetLineInfo).Descendants()
                .LastOrDefault(e => (IXmlLineInfo)e is var at && (at.LineNumber < line || (at.LineNumber == line && at.LinePosition <= column)));
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
