using System.Xml.Linq;
using Guantong.Decisions.Reading;
using Guantong.Feel;

namespace Guantong.Decisions.Tables;

/// <summary>Reads a decision table.</summary>
internal static class TableReader
{
    private static readonly HashSet<string> Policies = ["UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"];

    public static DecisionTable? Read(XElement table, XNamespace ns, IReadOnlyCollection<string> names, string owner, List<DmnFault> faults)
    {
        var before = faults.Count;
        var policy = (string?)table.Attribute("hitPolicy") ?? "UNIQUE";
        if (!Policies.Contains(policy))
            Boxed.Fault(faults, table, "dmn-hit-policy", policy);
        var inputs = table.Elements(ns + "input").Select(i => i.Element(ns + "inputExpression"))
            .Select(e => e is null ? null : Boxed.Feel(e.Element(ns + "text"), e, names, faults)).ToList();
        var outputs = table.Elements(ns + "output").Select(o => new Output((string?)o.Attribute("name") ?? "",
            Allowed(o, ns, faults),
            o.Element(ns + "defaultOutputEntry") is { } d ? Boxed.Feel(d.Element(ns + "text"), d, names, faults) : null)).ToList();
        var rules = table.Elements(ns + "rule").Select((r, i) => ReadRule(r, i + 1, ns, inputs.Count, outputs.Count, names, faults)).ToList();
        return faults.Count > before ? null
            : new DecisionTable((string?)table.Attribute("id") ?? owner, policy, (string?)table.Attribute("aggregation"), [.. inputs!], outputs, [.. rules!]);
    }

    private static IReadOnlyList<FeelExpression> Allowed(XElement output, XNamespace ns, List<DmnFault> faults)
    {
        if (output.Element(ns + "outputValues")?.Element(ns + "text") is not { } text)
            return [];
        // "a", "b": the order of the list is the order of priority (8.2.10).
        return Boxed.Feel(new XElement(ns + "text", $"[{text.Value}]"), output, [], faults) is { } list ? [list] : [];
    }

    private static Rule? ReadRule(XElement rule, int number, XNamespace ns, int inputs, int outputs, IReadOnlyCollection<string> names, List<DmnFault> faults)
    {
        var (tests, entries) = (rule.Elements(ns + "inputEntry").ToList(), rule.Elements(ns + "outputEntry").ToList());
        if (tests.Count != inputs || entries.Count != outputs)
        {
            Boxed.Fault(faults, rule, "dmn-rule-shape", $"{number}", $"{tests.Count + entries.Count}", $"{inputs + outputs}");
            return null;
        }
        var cells = tests.Select(t => Cell(t, ns, names, faults)).ToList();
        var results = entries.Select(e => Boxed.Feel(e.Element(ns + "text"), e, names, faults)).ToList();
        return cells.Contains(null) || results.Contains(null) ? null : new Rule([.. cells!], [.. results!]);
    }

    private static UnaryTests? Cell(XElement entry, XNamespace ns, IReadOnlyCollection<string> names, List<DmnFault> faults)
    {
        var text = entry.Element(ns + "text");
        var (tests, fault) = UnaryTests.Parse(text?.Value ?? "", names);
        if (fault is not null)
            faults.Add(new DmnFault(DmnReader.Line(text!), DmnReader.Column(text!), "dmn-feel", [fault.Code]) { Feel = fault });
        return tests;
    }
}
