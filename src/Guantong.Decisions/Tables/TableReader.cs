using System.Xml.Linq;
using Guantong.Decisions.Reading;
using Guantong.Feel;
using Guantong.Feel.Checking;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Tables;

/// <summary>Reads a decision table (DMN 1.5, clause 8).</summary>
internal sealed class TableReader(Definitions model, TypeReader types, BoxedReader boxed, List<DmnFault> faults, Sources sources, Action<DecisionTable> found)
{
    private static readonly HashSet<string> Policies = ["UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"];
    private readonly XNamespace _ns = model.Ns;

    public Expr Read(XElement element, Vocabulary names)
    {
        var before = faults.Count;
        var policy = (string?)element.Attribute("hitPolicy") ?? "UNIQUE";
        if (!Policies.Contains(policy))
            boxed.Fault(element, "dmn-hit-policy", policy);
        var inputs = element.Elements(_ns + "input").Select(i => ReadInput(i, names)).ToList();
        var outputs = element.Elements(_ns + "output").Select(o => ReadOutput(o, names)).ToList();
        var rules = element.Elements(_ns + "rule").Select((r, i) => ReadRule(r, i + 1, inputs.Count, outputs.Count, names)).OfType<Rule>().ToList();
        if (faults.Count > before)
            return new Expr.Literal(default);
        var id = (string?)element.Attribute("id") ?? Definitions.Name(element.Parent!);
        var table = new DecisionTable(id, policy, (string?)element.Attribute("aggregation"), inputs, outputs, rules) { Place = At(element) };
        found(table);
        return new Expr.Foreign(scope => new TableCode(table, scope).Run, table.Expressions, table.Infer);
    }

    private Input ReadInput(XElement input, Vocabulary names)
    {
        var expression = input.Element(_ns + "inputExpression");
        var text = expression?.Element(_ns + "text");
        if (text is null || text.Value.Trim().Length == 0)
            boxed.Fault(expression ?? input, "dmn-no-logic", input.Name.LocalName);
        var tree = text is null ? new Expr.Literal(default) : boxed.Feel(text, names);
        return new Input(text?.Value.Trim() ?? "", tree, types.Read(expression), Allowed(input.Element(_ns + "inputValues"), names))
        {
            Label = (string?)input.Attribute("label") is { Length: > 0 } label ? label : text?.Value.Trim() ?? "",
        };
    }

    private Output ReadOutput(XElement output, Vocabulary names)
    {
        var values = output.Element(_ns + "outputValues")?.Element(_ns + "text");
        var standard = output.Element(_ns + "defaultOutputEntry")?.Element(_ns + "text");
        // "a", "b": the order of the list is the order of priority (8.2.10).
        return new Output(Definitions.Name(output), types.Read(output), values is null ? null : Cell(values, names), standard is null || standard.Value.Trim().Length == 0 ? null : boxed.Feel(standard, names))
        {
            // The one column of a decision's table may go without a name (§8.2.6): it is the decision.
            Label = new[] { (string?)output.Attribute("label"), Definitions.Name(output), (string?)output.Parent!.Parent!.Attribute("label") }.FirstOrDefault(l => !string.IsNullOrEmpty(l)) ?? Definitions.Name(output.Parent!.Parent!),
        };
    }

    private CellTests? Allowed(XElement? values, Vocabulary names) => values?.Element(_ns + "text") is { } text ? Cell(text, names) : null;

    private Rule? ReadRule(XElement rule, int number, int inputs, int outputs, Vocabulary names)
    {
        var (tests, entries) = (rule.Elements(_ns + "inputEntry").ToList(), rule.Elements(_ns + "outputEntry").ToList());
        if (tests.Count != inputs || entries.Count != outputs)
        {
            boxed.Fault(rule, "dmn-rule-shape", $"{number}", $"{tests.Count + entries.Count}", $"{inputs + outputs}");
            return null;
        }
        return new Rule([.. tests.Select(t => t.Element(_ns + "text") is { } text ? Cell(text, names) : new CellTests(null, false))],
            [.. entries.Select(e => e.Element(_ns + "text") is { } text && text.Value.Trim() is not ("" or "-") ? boxed.Feel(text, names) : new Expr.Literal(default))])
        {
            Places = [.. tests.Select(t => At(t.Element(_ns + "text") ?? t))],
            Note = string.Join(" ", rule.Elements(_ns + "annotationEntry").Select(a => a.Value.Trim()).Append(rule.Element(_ns + "description")?.Value.Trim()).Where(n => n?.Length > 0)),
        };
    }

    private static Place At(XElement element) => new(Definitions.Line(element), Definitions.Column(element));

    private CellTests Cell(XElement text, Vocabulary names)
    {
        try
        {
            var cell = CellTests.Read(text.Value, names);
            sources.Add(cell, new Source(text.Value, Definitions.Line(text), Definitions.Column(text)));
            return cell;
        }
        catch (ParseException e)
        {
            boxed.Fault(text, e.Fault);
            return new CellTests(null, false);
        }
    }
}
