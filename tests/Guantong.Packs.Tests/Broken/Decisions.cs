using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>DMN that cannot be read, or not be decided by.</summary>
internal static class Decisions
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Air("decisions/aqi.dmn", "</definitions>\n", "", "dmn-broken", 160, 1),
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
    ];

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("<list>", depth)) + "<literalExpression><text>1</text></literalExpression>" + string.Concat(Enumerable.Repeat("</list>", depth));
}
