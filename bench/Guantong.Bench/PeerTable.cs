using System.Globalization;
using System.Text;
using Guantong.Feel;

namespace Guantong.Bench;

/// <summary>A decision table of ranges and strings, and rows that hit its rules one after another.</summary>
internal static class PeerTable
{
    public static IReadOnlyList<string> Inputs(int inputs) => [.. Enumerable.Range(0, inputs).Select(i => $"i{i}")];

    public static string Dmn(int rules, int inputs)
    {
        var xml = new StringBuilder("""
            <definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="bench" name="bench">
            """);
        foreach (var name in Inputs(inputs))
            xml.Append(CultureInfo.InvariantCulture, $"<inputData id=\"{name}\" name=\"{name}\"/>");
        xml.Append("<decision id=\"decision\" name=\"decision\">");
        foreach (var name in Inputs(inputs))
            xml.Append(CultureInfo.InvariantCulture, $"<informationRequirement><requiredInput href=\"#{name}\"/></informationRequirement>");
        xml.Append("<decisionTable hitPolicy=\"FIRST\">");
        foreach (var name in Inputs(inputs))
            xml.Append(CultureInfo.InvariantCulture, $"<input><inputExpression><text>{name}</text></inputExpression></input>");
        xml.Append("<output name=\"result\"/>");
        for (var rule = 0; rule < rules; rule++)
        {
            xml.Append("<rule>");
            for (var i = 0; i < inputs; i++)
                xml.Append(CultureInfo.InvariantCulture, $"<inputEntry><text>{Cell(rule, i)}</text></inputEntry>");
            xml.Append(CultureInfo.InvariantCulture, $"<outputEntry><text>{rule}</text></outputEntry></rule>");
        }
        return xml.Append("</decisionTable></decision></definitions>").ToString();
    }

    // Every rule shares most of its cells with its neighbours, so that none is decided by the first column alone.
    private static string Cell(int rule, int input) => input switch
    {
        0 => $"[{rule / 10 * 10}..{rule / 10 * 10 + 9}]",
        1 => $"\"k{rule % 10}\"",
        2 => $"&gt;= {rule / 2}",
        3 => rule % 2 == 0 ? "true, false" : "true",
        _ => $"&lt; {1000 - rule}",
    };

    public static FeelValue[] Row(int rule, int inputs)
    {
        FeelValue[] row = [rule, $"k{rule % 10}", rule, true, 5];
        return row[..inputs];
    }
}
