using System.Xml.Linq;
using Guantong.Decisions.Tables;
using Guantong.Feel;
using Guantong.Feel.Checking;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Reading;

/// <summary>Reads boxed expressions (DMN 1.5 §7.3, §10.2) into the tree that FEEL compiles.</summary>
internal sealed class BoxedReader(Definitions model, TypeReader types, List<DmnFault> faults, Sources sources, Action<DecisionTable> found)
{
    private static readonly HashSet<string> Kinds =
        ["literalExpression", "decisionTable", "context", "list", "invocation", "functionDefinition", "conditional", "relation", "for", "every", "some", "filter"];

    private static readonly Expr Nothing = new Expr.Literal(default);

    private readonly XNamespace _ns = model.Ns;
    private int _depth;
    private bool _inFilter;

    /// <summary>The logic inside an element, or null when it has none.</summary>
    public Expr? Inside(XElement holder, Vocabulary names) =>
        holder.Elements().FirstOrDefault(e => e.Name.Namespace == _ns && Kinds.Contains(e.Name.LocalName)) is { } boxed ? Read(boxed, names) : null;

    private Expr Need(XElement? holder, Vocabulary names, XElement owner, bool inFilter = false)
    {
        var outer = _inFilter;
        _inFilter |= inFilter;
        var inside = holder is null ? null : Inside(holder, names);
        _inFilter = outer;
        if (inside is { } logic)
            return logic;
        Fault(holder ?? owner, "dmn-no-logic", owner.Name.LocalName);
        return Nothing;
    }

    private Expr Read(XElement boxed, Vocabulary names)
    {
        if (++_depth > 100)
        {
            Fault(boxed, "dmn-deep");
            return Nothing;
        }
        var logic = boxed.Name.LocalName switch
        {
            "literalExpression" => Literal(boxed, names),
            "decisionTable" => new TableReader(model, types, this, faults, sources, found).Read(boxed, names),
            "context" => Context(boxed, names),
            "list" => new Expr.ListOf([.. boxed.Elements().Where(i => Kinds.Contains(i.Name.LocalName)).Select(i => Read(i, names))]),
            "relation" => Relation(boxed, names),
            "invocation" => Invocation(boxed, names),
            "functionDefinition" => Function(boxed, names, ""),
            "conditional" => new Expr.If(Need(boxed.Element(_ns + "if"), names, boxed), Need(boxed.Element(_ns + "then"), names, boxed), Need(boxed.Element(_ns + "else"), names, boxed)),
            "filter" => new Expr.Filter(Need(boxed.Element(_ns + "in"), names, boxed), Need(boxed.Element(_ns + "match"), names.With("item"), boxed, true)),
            _ => Iterator(boxed, names),
        };
        _depth--;
        var type = types.Read(boxed);
        return ReferenceEquals(type, FeelType.Any) ? logic : new Expr.Coerce(logic, type);
    }

    private Expr Literal(XElement boxed, Vocabulary names)
    {
        if (((string?)boxed.Attribute("expressionLanguage") ?? (string?)model.Root.Attribute("expressionLanguage")) is { Length: > 0 } language && !language.Contains("FEEL", StringComparison.OrdinalIgnoreCase))
        {
            Fault(boxed, "dmn-external", language);
            return new Expr.External(language);
        }
        if (boxed.Element(_ns + "text") is { } text && text.Value.Trim().Length > 0)
            return Feel(text, names, boxed.Parent is { Name.LocalName: "in", Parent.Name.LocalName: "for" or "some" or "every" });
        Fault(boxed, "dmn-no-logic", Definitions.Name(boxed.Parent!));
        return Nothing;
    }

    private Expr.Boxed Context(XElement context, Vocabulary names)
    {
        var entries = new List<(string, Expr)>();
        Expr? result = null;
        names = names.With();
        foreach (var entry in context.Elements(_ns + "contextEntry"))
        {
            var variable = entry.Element(_ns + "variable");
            var logic = Need(entry, names, entry);
            // An entry without a name is the context's result (§10.2.1.4).
            if (variable is null)
            {
                result = logic;
                continue;
            }
            var (name, type) = (Definitions.Name(variable), types.Read(variable));
            entries.Add((name, ReferenceEquals(type, FeelType.Any) ? logic : new Expr.Coerce(logic, type)));
            names.Add(name);
        }
        return new Expr.Boxed(entries, result);
    }

    private Expr.ListOf Relation(XElement relation, Vocabulary names)
    {
        var columns = relation.Elements(_ns + "column").Select(c => (Name: Definitions.Name(c), Type: types.Read(c))).ToList();
        var rows = new List<Expr>();
        foreach (var row in relation.Elements(_ns + "row"))
        {
            var cells = row.Elements().Where(c => Kinds.Contains(c.Name.LocalName)).Select(c => Read(c, names)).ToList();
            if (cells.Count != columns.Count)
                Fault(row, "dmn-rule-shape", $"{rows.Count + 1}", $"{cells.Count}", $"{columns.Count}");
            rows.Add(new Expr.Row([.. columns.Zip(cells, (c, cell) => (c.Name, (Expr)new Expr.Coerce(cell, c.Type)))]));
        }
        return new Expr.ListOf(rows);
    }

    private Expr.Call Invocation(XElement invocation, Vocabulary names)
    {
        var bindings = invocation.Elements(_ns + "binding").ToList();
        var arguments = bindings.Select(b => b.Element(_ns + "parameter") is { } p && Inside(b, names) is { } logic ? (Expr)new Expr.Coerce(logic, types.Read(p)) : Nothing).ToList();
        var parameters = bindings.Select(b => b.Element(_ns + "parameter") is { } p ? Definitions.Name(p) : "").ToList();
        return new Expr.Call(Need(invocation, names, invocation), arguments, parameters.Count > 0 ? parameters : null);
    }

    /// <summary>A function definition, or a knowledge model's logic.</summary>
    public Expr.Lambda Function(XElement function, Vocabulary names, string name)
    {
        var parameters = function.Elements(_ns + "formalParameter").Select(p => (Definitions.Name(p), types.Read(p))).ToList();
        var inner = names.With(parameters.Select(p => p.Item1));
        var body = (string?)function.Attribute("kind") is { } kind && kind is not ("FEEL" or "F") ? External(function, kind) : Need(function, inner, function);
        return new Expr.Lambda(parameters, body) { Called = name };
    }

    // A function of Java or PMML is not run; what it would call is told where it is called (§10.3.2.13.4).
    private Expr.External External(XElement function, string kind)
    {
        var what = string.Join(" ", function.Descendants(_ns + "contextEntry")
            .Select(e => $"{e.Element(_ns + "variable")?.Attribute("name")?.Value}: {e.Element(_ns + "literalExpression")?.Element(_ns + "text")?.Value.Trim()}"));
        Fault(function, "dmn-external", $"{kind} {what}".Trim());
        return new Expr.External($"{kind} {what}");
    }

    private Expr Iterator(XElement iterator, Vocabulary names)
    {
        var variable = NameText.Normal((string?)iterator.Attribute("iteratorVariable") ?? "");
        var over = iterator.Element(_ns + "in");
        var iteration = new Iteration(variable, Need(over, names, iterator), null) { Type = types.Read(over) };
        var inner = names.With(variable, "partial");
        return iterator.Name.LocalName == "for"
            ? new Expr.For([iteration], Need(iterator.Element(_ns + "return"), inner, iterator))
            : new Expr.Quantified(iterator.Name.LocalName == "every", [iteration], Need(iterator.Element(_ns + "satisfies"), inner, iterator));
    }

    /// <summary>FEEL of a text element; a fault stands at the element, and the expression is null.</summary>
    public Expr Feel(XElement text, Vocabulary names, bool iterated = false)
    {
        try
        {
            var tree = new Parser(text.Value, names, _inFilter).ReadExpression(iterated);
            sources.Add(tree, new Source(text.Value, Definitions.Line(text), Definitions.Column(text)));
            return tree;
        }
        catch (ParseException e)
        {
            Fault(text, e.Fault);
            return new Expr.Broken(e.Fault);
        }
    }

    public void Fault(XElement at, FeelFault fault) =>
        faults.Add(new DmnFault(Definitions.Line(at), Definitions.Column(at), "dmn-feel", [fault.Code]) { Feel = fault });

    public void Fault(XElement at, string code, params string[] args) =>
        faults.Add(new DmnFault(Definitions.Line(at), Definitions.Column(at), code, args));
}
