using Guantong.Feel;

namespace Guantong.Decisions;

/// <summary>A decision of a model.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, which other decisions read it by.</param>
/// <param name="Inputs">Names of the input data it rests on, through other decisions too.</param>
public sealed record Decision(string Id, string Name, IReadOnlyList<string> Inputs);

/// <summary>A rule of a decision table that fired: the table's id and the rule's number from 1.</summary>
public sealed record MatchedRule(string Table, int Rule);

/// <summary>A decision's result with what led to it.</summary>
public sealed record DecisionOutcome(object? Value, IReadOnlyList<MatchedRule> Matched, IReadOnlyDictionary<string, object?> Intermediate);

/// <summary>What reading a DMN file gives.</summary>
public sealed record DmnReading(DmnModel? Model, IReadOnlyList<DmnFault> Faults);

/// <summary>Logic: what a boxed expression does in a scope; rules that fire are noted in the trace.</summary>
internal delegate object? Logic(IReadOnlyDictionary<string, object?> scope, List<MatchedRule> trace);

/// <summary>A DMN 1.5 model, compiled once; it holds no state of an evaluation and serves any number of threads.</summary>
public sealed class DmnModel
{
    private readonly Dictionary<string, DecisionNode> _nodes;

    internal DmnModel(IReadOnlyList<DecisionNode> nodes, string xml)
    {
        _nodes = nodes.ToDictionary(n => n.Id);
        Xml = xml;
        Decisions = [.. nodes.Select(n => new Decision(n.Id, n.Name, [.. Inputs(n, []).Distinct()]))];
    }

    /// <summary>The model's decisions, in the file's order.</summary>
    public IReadOnlyList<Decision> Decisions { get; }

    /// <summary>The text it was read from, for drawing.</summary>
    public string Xml { get; }

    /// <summary>Reads a DMN file; with any fault there is no model.</summary>
    /// <param name="xml">The file's text, in a namespace of DMN 1.2 to 1.5.</param>
    /// <param name="file">Its name, for messages.</param>
    public static DmnReading Read(string xml, string file) => Reading.DmnReader.Read(xml);

    /// <summary>Evaluates a decision by id or name, and those it requires.</summary>
    /// <exception cref="KeyNotFoundException">The model has no such decision.</exception>
    /// <exception cref="FeelBudgetException">An expression takes more than it may.</exception>
    public DecisionOutcome Evaluate(string decision, IReadOnlyDictionary<string, object?> inputs)
    {
        var node = _nodes.GetValueOrDefault(decision) ?? _nodes.Values.FirstOrDefault(n => n.Name == decision)
            ?? throw new KeyNotFoundException($"The model has no decision “{decision}”.");
        var trace = new List<MatchedRule>();
        var known = new Dictionary<string, object?>();
        var value = Evaluate(node, inputs, known, trace);
        known.Remove(node.Name);
        return new DecisionOutcome(value, trace, known);
    }

    private object? Evaluate(DecisionNode node, IReadOnlyDictionary<string, object?> inputs, Dictionary<string, object?> known, List<MatchedRule> trace)
    {
        if (known.TryGetValue(node.Name, out var done))
            return done;
        var scope = new Dictionary<string, object?>(inputs);
        foreach (var name in node.InputNames)
            scope.TryAdd(name, null);
        foreach (var required in node.RequiredDecisions)
            scope[_nodes[required].Name] = Evaluate(_nodes[required], inputs, known, trace);
        foreach (var function in node.Functions)
            scope[function.Name] = function.Bind(scope, trace);
        return known[node.Name] = node.Logic(scope, trace);
    }

    private IEnumerable<string> Inputs(DecisionNode node, HashSet<string> seen) =>
        !seen.Add(node.Id) ? [] : node.InputNames.Concat(node.RequiredDecisions.SelectMany(r => Inputs(_nodes[r], seen)));
}

/// <summary>A decision, compiled.</summary>
internal sealed record DecisionNode(string Id, string Name, IReadOnlyList<string> InputNames, IReadOnlyList<string> RequiredDecisions, IReadOnlyList<Knowledge> Functions, Logic Logic);

/// <summary>A business knowledge model: a function, with the others that it needs.</summary>
internal sealed record Knowledge(string Name, IReadOnlyList<string> Parameters, Logic Body, IReadOnlyList<Knowledge> Needs)
{
    public FeelFunction Bind(IReadOnlyDictionary<string, object?> outer, List<MatchedRule> trace) => new(Parameters, arguments =>
    {
        var scope = new Dictionary<string, object?>();
        for (var i = 0; i < Parameters.Count; i++)
            scope[Parameters[i]] = i < arguments.Count ? arguments[i] : null;
        foreach (var need in Needs)
            scope[need.Name] = need.Bind(outer, trace);
        return Body(scope, trace);
    });
}
