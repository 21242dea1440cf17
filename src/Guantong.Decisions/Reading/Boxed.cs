using System.Xml.Linq;
using Guantong.Decisions.Tables;
using Guantong.Feel;

namespace Guantong.Decisions.Reading;

/// <summary>Compiles boxed expressions (DMN 1.5, clause 7.3).</summary>
internal static class Boxed
{
    private static readonly HashSet<string> Kinds =
        ["literalExpression", "decisionTable", "context", "list", "invocation", "functionDefinition", "conditional", "relation", "for", "every", "some", "filter"];

    /// <summary>The logic inside an element, or null with a fault.</summary>
    public static Logic? Logic(XElement holder, XNamespace ns, IReadOnlyCollection<string> names, string owner, List<DmnFault> faults)
    {
        if (holder.Elements().FirstOrDefault(e => e.Name.Namespace == ns && Kinds.Contains(e.Name.LocalName)) is { } boxed)
            return Compile(boxed, ns, names, owner, faults);
        Fault(faults, holder, "dmn-no-logic", owner);
        return null;
    }

    private static Logic? Compile(XElement boxed, XNamespace ns, IReadOnlyCollection<string> names, string owner, List<DmnFault> faults)
    {
        switch (boxed.Name.LocalName)
        {
            case "literalExpression":
                return Feel(boxed.Element(ns + "text"), boxed, names, faults) is { } e ? (scope, _) => e.Evaluate(scope) : null;
            case "decisionTable":
                return TableReader.Read(boxed, ns, names, owner, faults) is { } table ? table.Evaluate : null;
            case "context":
                return Context(boxed, ns, names, owner, faults);
            case "list":
                var items = boxed.Elements().Where(i => Kinds.Contains(i.Name.LocalName)).Select(i => Compile(i, ns, names, owner, faults)).ToList();
                return items.Contains(null) ? null : (scope, trace) => items.Select(i => i!(scope, trace)).ToList();
            case "invocation":
                return Invocation(boxed, ns, names, owner, faults);
            case "functionDefinition":
                var parameters = boxed.Elements(ns + "formalParameter").Select(DmnReader.Name).ToList();
                return Logic(boxed, ns, [.. names, .. parameters], owner, faults) is { } body ? (scope, trace) => Function(parameters, body, scope, trace) : null;
            case "conditional":
                return Conditional(boxed, ns, names, owner, faults);
            default:
                Fault(faults, boxed, "dmn-unsupported", boxed.Name.LocalName);
                return null;
        }
    }

    private static Logic? Context(XElement context, XNamespace ns, IReadOnlyCollection<string> names, string owner, List<DmnFault> faults)
    {
        var known = new HashSet<string>(names);
        var entries = new List<(string? Name, Logic Logic)>();
        foreach (var entry in context.Elements(ns + "contextEntry"))
        {
            var name = (string?)entry.Element(ns + "variable")?.Attribute("name");
            if (Logic(entry, ns, known, name ?? owner, faults) is not { } logic)
                return null;
            entries.Add((name, logic));
            if (name is not null)
                known.Add(name);
        }
        return (scope, trace) =>
        {
            var inner = new Dictionary<string, object?>(scope);
            var result = new Dictionary<string, object?>();
            foreach (var (name, logic) in entries)
            {
                var value = logic(inner, trace);
                // An entry without a name is the context's result (7.3.5).
                if (name is null)
                    return value;
                inner[name] = result[name] = value;
            }
            return result;
        };
    }

    private static Logic? Invocation(XElement invocation, XNamespace ns, IReadOnlyCollection<string> names, string owner, List<DmnFault> faults)
    {
        var called = Logic(invocation, ns, names, owner, faults);
        var bindings = invocation.Elements(ns + "binding")
            .Select(b => (Name: DmnReader.Name(b.Element(ns + "parameter")!), Logic: Logic(b, ns, names, owner, faults))).ToList();
        if (called is null || bindings.Any(b => b.Logic is null))
            return null;
        return (scope, trace) => called(scope, trace) is FeelFunction function
            ? function.Call([.. function.Parameters.Select(p => bindings.FirstOrDefault(b => b.Name == p).Logic?.Invoke(scope, trace))]) : null;
    }

    private static Logic? Conditional(XElement conditional, XNamespace ns, IReadOnlyCollection<string> names, string owner, List<DmnFault> faults)
    {
        Logic? Part(string name) => conditional.Element(ns + name) is { } part ? Logic(part, ns, names, owner, faults) : null;
        var (condition, then, otherwise) = (Part("if"), Part("then"), Part("else"));
        return condition is null || then is null || otherwise is null ? null
            : (scope, trace) => condition(scope, trace) is true ? then(scope, trace) : otherwise(scope, trace);
    }

    private static FeelFunction Function(List<string> parameters, Logic body, IReadOnlyDictionary<string, object?> scope, List<MatchedRule> trace) => new(parameters, arguments =>
    {
        var inner = new Dictionary<string, object?>(scope);
        for (var i = 0; i < parameters.Count; i++)
            inner[parameters[i]] = i < arguments.Count ? arguments[i] : null;
        return body(inner, trace);
    });

    /// <summary>FEEL inside an element; a fault stands at the element's line.</summary>
    internal static FeelExpression? Feel(XElement? text, XElement holder, IReadOnlyCollection<string> names, List<DmnFault> faults)
    {
        if (text is null || text.Value.Trim().Length == 0)
        {
            Fault(faults, holder, "dmn-no-logic", holder.Name.LocalName);
            return null;
        }
        var reading = FeelExpression.Parse(text.Value, names);
        if (reading.Fault is { } fault)
            faults.Add(new DmnFault(DmnReader.Line(text), DmnReader.Column(text), "dmn-feel", [fault.Code]) { Feel = fault });
        return reading.Expression;
    }

    internal static void Fault(List<DmnFault> faults, XElement at, string code, params string[] args) =>
        faults.Add(new DmnFault(DmnReader.Line(at), DmnReader.Column(at), code, args));
}
