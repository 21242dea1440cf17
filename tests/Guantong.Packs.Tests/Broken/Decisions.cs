using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>DMN that cannot be read, or not be decided by.</summary>
internal static class Decisions
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Air("decisions/aqi.dmn", "</definitions>\n", "", "dmn-broken", 161, 1),
        Air("decisions/aqi.dmn", """<?xml version="1.0" encoding="UTF-8"?>""", """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>""", "xml-doctype", 1, 39),
        Air("decisions/aqi.dmn", "https://www.omg.org/spec/DMN/20230324/MODEL/", "https://www.omg.org/spec/DMN/20151101/MODEL/", "dmn-namespace", 2, 2),
        Permit("decisions/fee.dmn", "", "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"空\">\n</definitions>\n", "dmn-no-decision", 1, 2),
        Permit("decisions/fee.dmn", """<text>{amount: if size = "small" then 20 else 50}</text>""", "", "dmn-no-logic", 15, 6),
        Permit("decisions/fee.dmn", "<inputExpression><text>area</text></inputExpression>", "<inputExpression/>", "dmn-no-logic", 7, 15),
        Permit("decisions/fee.dmn", """<literalExpression><text>{amount: if size = "small" then 20 else 50}</text></literalExpression>""", "<functionDefinition kind=\"Java\"/>", "dmn-external", 15, 6),
        Permit("decisions/fee.dmn", "<inputExpression><text>area", "<inputExpression typeRef=\"tArea\"><text>area", "dmn-type", 7, 15),
        Permit("decisions/fee.dmn", "  <decision", "  <import namespace=\"https://example.org/rates\" name=\"rates\" importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>\n  <decision", "dmn-import", 4, 4),
        Permit("decisions/fee.dmn", """<literalExpression><text>{amount: if size = "small" then 20 else 50}</text></literalExpression>""", Nested(120), "dmn-deep", 15, 606),
        Permit("decisions/fee.dmn", "href=\"#size\"", "href=\"#sise\"", "dmn-unknown-reference", 14, 30),
        Permit("decisions/fee.dmn", """<requiredDecision href="#size"/>""", """<requiredDecision href="#fee"/>""", "dmn-cycle", 13, 4),
        Permit("decisions/fee.dmn", "&lt;= 10", "&lt;= (", "dmn-feel", 9, 26),
        Permit("decisions/fee.dmn", "then 20 else 50", "then 20", "dmn-feel", 15, 25),
        Permit("decisions/fee.dmn", "\"small\"</text></output", "\"small</text></output", "dmn-feel", 9, 73),
        Permit("decisions/fee.dmn", "if size = ", "if sise = ", "dmn-check", 15, 25),
        Permit("decisions/fee.dmn", "UNIQUE", "ONLY", "dmn-hit-policy", 6, 6),
        Permit("decisions/fee.dmn", "<rule><inputEntry><text>&lt;= 10</text></inputEntry>", "<rule>", "dmn-rule-shape", 9, 8),
        Permit("processes/permit.bpmn", Records, "guantong:service=\"decide\" guantong:decision=\"decisions/fee.dmn#fee\"", "decision-input-unasked", 19, 6),
        Permit("processes/permit.bpmn", Records, "guantong:service=\"decide\" guantong:decision=\"decisions/fee.dmn#fees\"", "unknown-decision", 19, 6),
        Permit("processes/permit.bpmn", Records, "guantong:service=\"decide\" guantong:decision=\"decisions/fees.dmn#fee\"", "unknown-file", 19, 6),
        Permit("processes/permit.bpmn", Records, "guantong:service=\"decide\"", "service-incomplete", 19, 6),
        Permit("decisions/fee.dmn", "&gt; 10", "&gt;= 10", "table-overlap", 10, 26),
        Permit("decisions/fee.dmn", "&lt;= 10", "&lt; 10", "table-gap", 6, 6),
        Permit("decisions/fee.dmn", Table, Table.Replace("UNIQUE", "FIRST", StringComparison.Ordinal).Replace("&lt;= 10", "-", StringComparison.Ordinal), "table-masked", 10, 26),
        Permit("decisions/fee.dmn", Table, Table + Rule("[9..8]", "none"), "table-unreachable", 11, 26),
        Permit("decisions/fee.dmn", Table, Table.Replace("UNIQUE", "ANY", StringComparison.Ordinal) + Rule("&gt; 20", "large"), "table-subsumed", 11, 26),
        Permit("decisions/fee.dmn", Table, Table.Replace("UNIQUE", "FIRST", StringComparison.Ordinal).Replace("&gt; 10", "-", StringComparison.Ordinal)
            .Replace("<output name=\"size\"/>", "<output name=\"size\"><defaultOutputEntry><text>\"none\"</text></defaultOutputEntry></output>", StringComparison.Ordinal), "table-default-unused", 6, 6),
        Permit("decisions/fee.dmn", Table, Table + string.Concat(Enumerable.Range(0, 2000).Select(i => Rule($"{i}.5", "none"))), "table-too-large", 6, 6),
    ];

    private const string Records = "guantong:service=\"record-row\" guantong:dataset=\"application\"";

    private const string Table = """
        hitPolicy="UNIQUE">
              <input><inputExpression><text>area</text></inputExpression></input>
              <output name="size"/>
              <rule><inputEntry><text>&lt;= 10</text></inputEntry><outputEntry><text>"small"</text></outputEntry></rule>
              <rule><inputEntry><text>&gt; 10</text></inputEntry><outputEntry><text>"large"</text></outputEntry></rule>
        """;

    private static string Rule(string test, string result) =>
        $"\n      <rule><inputEntry><text>{test}</text></inputEntry><outputEntry><text>\"{result}\"</text></outputEntry></rule>";

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("<list>", depth)) + "<literalExpression><text>1</text></literalExpression>" + string.Concat(Enumerable.Repeat("</list>", depth));
}
