using Guantong.Decisions.Analysis;
using Guantong.Decisions.Evaluation;
using Guantong.Decisions.Explaining;
using Guantong.Decisions.Reading;
using Guantong.Decisions.Tables;
using Guantong.Feel;
using Guantong.Feel.Checking;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions;

/// <summary>A decision of a model.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, which other decisions read it by.</param>
/// <param name="Inputs">Names of the input data it rests on, through other decisions too.</param>
public sealed record Decision(string Id, string Name, IReadOnlyList<string> Inputs)
{
    /// <summary>What people call it.</summary>
    public string Label { get; init; } = Name;
}

/// <summary>Input data of a model.</summary>
/// <param name="Name">Its name, which decisions read it by.</param>
/// <param name="Type">What it has to be.</param>
/// <param name="Label">What people call it.</param>
public sealed record InputData(string Name, FeelType Type, string Label);

/// <summary>A rule of a decision table that fired: the table's id and the rule's number from 1.</summary>
public sealed record MatchedRule(string Table, int Rule);

/// <summary>A decision's result with what led to it.</summary>
/// <param name="Result">The value.</param>
/// <param name="Matched">Rules that fired, in order.</param>
/// <param name="Intermediate">Values of the other decisions that were worked out, by name.</param>
/// <param name="Reasons">Why values came out as null.</param>
public sealed record DecisionOutcome(FeelValue Result, IReadOnlyList<MatchedRule> Matched, IReadOnlyDictionary<string, object?> Intermediate, IReadOnlyList<FeelReason> Reasons)
{
    /// <summary>The value for other code, as <see cref="FeelClr"/> gives it.</summary>
    public object? Value { get; } = FeelClr.To(Result);

    internal NodeTrace? Trace { get; init; }
}

/// <summary>What reading a DMN file gives. Faults in the logic of some decisions leave the others usable; those evaluate to null.</summary>
/// <param name="Model">The model; null when the text is no DMN at all.</param>
/// <param name="Faults">What is wrong.</param>
public sealed record DmnReading(DmnModel? Model, IReadOnlyList<DmnFault> Faults);

/// <summary>Finds the text of an imported model by its namespace and, where told, its location; null when it is not there.</summary>
public delegate string? DmnImports(string modelNamespace, string? location);

/// <summary>A DMN 1.5 model, compiled once; it holds no state of an evaluation and serves any number of threads.</summary>
public sealed class DmnModel
{
    private readonly string _namespace;
    private readonly List<DecisionNode> _decisions;
    private readonly List<ServiceNode> _services;
    private readonly IReadOnlyList<GraphNode> _nodes;
    private readonly IReadOnlyList<(GraphNode Owner, DecisionTable Table)> _tables;
    private readonly Sources _sources;

    internal DmnModel(string space, IReadOnlyList<GraphNode> nodes, ModelReader reader, string xml)
    {
        (_namespace, _nodes, _tables, _sources, Xml) = (space, nodes, reader.Tables, reader.Sources, xml);
        _decisions = [.. nodes.OfType<DecisionNode>()];
        Inputs = [.. nodes.OfType<InputNode>().Select(n => new InputData(n.Name, n.Type, n.Label ?? n.Name))];
        _services = [.. nodes.OfType<ServiceNode>()];
        Decisions = [.. _decisions.Where(n => n.Namespace == space).Select(n => new Decision(n.Id, n.Name, [.. InputsOf(n, []).Distinct()]) { Label = n.Label ?? n.Name })];
        var required = nodes.OfType<LogicNode>().SelectMany(n => n.Requirements).Select(r => r.Node).ToHashSet();
        Main = _decisions.Where(n => n.Namespace == space && !required.Contains(n)).Take(2).ToList() is [var main] ? Decisions.First(d => d.Id == main.Id) : null;
    }

    /// <summary>The model's decisions, in the file's order.</summary>
    public IReadOnlyList<Decision> Decisions { get; }

    /// <summary>What the model is for: its only decision that no other requires; null where there are several.</summary>
    public Decision? Main { get; }

    /// <summary>The input data, of imported models too.</summary>
    public IReadOnlyList<InputData> Inputs { get; }

    /// <summary>What people call an input, or an entry of a decision's result; the name itself where the model gives no label.</summary>
    public string Label(string decision, string name) =>
        Inputs.FirstOrDefault(i => i.Name == name && i.Label != name)?.Label ?? Find(decision).Labels.GetValueOrDefault(name, name);

    /// <summary>The texts that an input may be, where a table's column names them all; none where it does not.</summary>
    public IReadOnlyList<string> Options(string input) => _tables.SelectMany(t => t.Table.Inputs).Where(i => i.Expression is Expr.Name { Id: var name } && name == input)
        .Select(i => i.Allowed?.Tests is { } tests && tests.All(t => t is Expr.Literal { Value.Kind: FeelKind.String }) ? tests.Select(t => ((Expr.Literal)t).Value.String!).ToList() : []).FirstOrDefault(o => o.Count > 0) ?? [];

    /// <summary>The names of the model's decision services.</summary>
    public IReadOnlyList<string> Services => [.. _services.Where(s => s.Namespace == _namespace).Select(s => s.Name)];

    /// <summary>The text it was read from.</summary>
    public string Xml { get; }

    /// <summary>The text for drawing, with a diagram that shows every node and requirement.</summary>
    /// <param name="say">Labels in the reader's language, which then stand for the names; null keeps the names, for editing.</param>
    public string Drawn(Func<string, string>? say = null) => Drawing.Diagram.Complete(Xml, say);

    /// <summary>The model's decision tables as people read them, in the file's order.</summary>
    public IReadOnlyList<TableView> Tables => [.. _tables.Where(t => t.Owner.Namespace == _namespace).Select(t => TableView.Of((LogicNode)t.Owner, t.Table, _sources))];

    /// <summary>Reads a DMN file.</summary>
    /// <param name="xml">The file's text, in a namespace of DMN 1.2 to 1.5.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="imports">Where imported models are found.</param>
    public static DmnReading Read(string xml, string file, DmnImports? imports = null)
    {
        var faults = new List<DmnFault>();
        try
        {
            return Read(xml, imports, faults);
        }
        catch (InsufficientExecutionStackException)
        {
            return new DmnReading(null, [new DmnFault(1, 1, "dmn-deep", [])]);
        }
    }

    private static DmnReading Read(string xml, DmnImports? imports, List<DmnFault> faults)
    {
        if (Definitions.Read(xml, imports, faults) is not { } definitions)
            return new DmnReading(null, faults);
        var reader = new ModelReader(definitions, faults);
        var nodes = reader.Read(definitions);
        if (!nodes.OfType<DecisionNode>().Any())
            faults.Add(new DmnFault(Definitions.Line(definitions.Root), Definitions.Column(definitions.Root), "dmn-no-decision", []));
        Circles.Find(nodes, definitions, faults);
        return new DmnReading(new DmnModel(definitions.Namespace, nodes, reader, xml), faults);
    }

    /// <summary>Checks the model's logic against its types: names and members that are not there, and what can only come out as null.</summary>
    public IReadOnlyList<DmnFault> Check() => ModelCheck.Of(_nodes.Where(n => n.Namespace == _namespace), _sources);

    /// <summary>Tells of each decision table of the model where it has gaps, overlaps, and rules that are masked or needless.</summary>
    public IReadOnlyList<TableReport> Analyse() => [.. _tables.Where(t => t.Owner.Namespace == _namespace).Select(t => TableAnalysis.Of(t.Owner.Label ?? t.Owner.Name, t.Table, [.. t.Table.Inputs.Select(i => Known(t.Owner, i))]))];

    // A column without a type of its own that reads a name has the type declared for that.
    private static FeelType Known(GraphNode owner, Input input)
    {
        if (!ReferenceEquals(input.Type, FeelType.Any) || input.Expression is not Expr.Name { Id: var name } || owner is not LogicNode logic)
            return input.Type;
        var parameters = logic is KnowledgeNode { Tree: Expr.Lambda lambda } ? lambda.Parameters : [];
        return parameters.FirstOrDefault(p => p.Name == name).Type ?? logic.Requirements.FirstOrDefault(r => r.Alias is null && r.Node.Name == name)?.Node.Type ?? FeelType.Any;
    }

    /// <summary>Evaluates a decision by id or name, and those it requires.</summary>
    /// <param name="decision">Its id or its name.</param>
    /// <param name="inputs">Input data by name; that of an imported model also by "namespace#name".</param>
    /// <param name="session">Limits and clock; without it the usual limits and no clock.</param>
    /// <exception cref="KeyNotFoundException">The model has no such decision.</exception>
    /// <exception cref="FeelBudgetException">An expression takes more than it may.</exception>
    public DecisionOutcome Evaluate(string decision, IReadOnlyDictionary<string, object?> inputs, FeelSession? session = null)
    {
        var node = Find(decision);
        return Run(session ?? new FeelSession(), n => Given(n, inputs), run => run.Value(node), node);
    }

    /// <summary>Evaluates a decision as <see cref="Evaluate"/> does, and notes what <see cref="Explanation"/> tells.</summary>
    /// <exception cref="KeyNotFoundException">The model has no such decision.</exception>
    /// <exception cref="FeelBudgetException">An expression takes more than it may.</exception>
    public DecisionOutcome Trace(string decision, IReadOnlyDictionary<string, object?> inputs, FeelSession? session = null)
    {
        var (node, watched, traces) = (Find(decision), session ?? new FeelSession(), new List<TableTrace>());
        watched.Watch = trace => traces.Add((TableTrace)trace);
        NodeTrace? tree = null;
        try
        {
            return Run(watched, n => Given(n, inputs), run =>
            {
                var value = run.Value(node);
                tree = NodeTrace.Of(node, run, traces.ToLookup(t => _tables.First(x => ReferenceEquals(x.Table, t.Table)).Owner), []);
                return value;
            }, node) with { Trace = tree };
        }
        finally
        {
            watched.Watch = null;
        }
    }

    private DecisionNode Find(string decision) =>
        _decisions.Find(n => n.Id == decision && n.Namespace == _namespace) ?? _decisions.Find(n => n.Name == decision && n.Namespace == _namespace)
            ?? _decisions.Find(n => n.Name == decision) ?? throw new KeyNotFoundException($"The model has no decision “{decision}”.");

    /// <summary>Makes a decision ready to be evaluated again and again with these inputs by position.</summary>
    /// <param name="decision">Its id or its name.</param>
    /// <param name="inputs">Names of input data, in the order in which their values will come.</param>
    /// <param name="session">Limits and clock of each run; without it the usual limits and no clock.</param>
    /// <exception cref="KeyNotFoundException">The model has no such decision.</exception>
    public DecisionProgram Prepare(string decision, IReadOnlyList<string> inputs, FeelSession? session = null) =>
        new(Find(decision), [.. inputs.Select(name => _nodes.OfType<InputNode>().FirstOrDefault(n => n.Name == name))], _nodes.Count, session ?? new FeelSession());

    /// <summary>Evaluates a decision service by id or name.</summary>
    /// <param name="service">Its id or its name.</param>
    /// <param name="inputs">Its input data and input decisions by name.</param>
    /// <param name="session">Limits and clock; without it the usual limits and no clock.</param>
    /// <exception cref="KeyNotFoundException">The model has no such service.</exception>
    /// <exception cref="FeelBudgetException">An expression takes more than it may.</exception>
    public DecisionOutcome EvaluateService(string service, IReadOnlyDictionary<string, object?> inputs, FeelSession? session = null)
    {
        var node = _services.Find(n => n.Id == service) ?? _services.Find(n => n.Name == service)
            ?? throw new KeyNotFoundException($"The model has no decision service “{service}”.");
        return Run(session ?? new FeelSession(), n => Given(n, inputs), run =>
        {
            foreach (var parameter in node.Parameters.OfType<DecisionNode>())
                run.Set(parameter, Feel.Types.Coercion.To(parameter.Type, Given(parameter, inputs), run.Session));
            return Feel.Types.Coercion.To(node.Function!.Result, run.Serve(node), run.Session);
        }, null);
    }

    /// <summary>Calls a business knowledge model by id or name.</summary>
    /// <param name="knowledge">Its id or its name.</param>
    /// <param name="arguments">Its arguments by name; those left out are null.</param>
    /// <param name="session">Limits and clock; without it the usual limits and no clock.</param>
    /// <exception cref="KeyNotFoundException">The model has no such knowledge.</exception>
    /// <exception cref="FeelBudgetException">An expression takes more than it may.</exception>
    public DecisionOutcome EvaluateKnowledge(string knowledge, IReadOnlyDictionary<string, object?> arguments, FeelSession? session = null)
    {
        var node = _nodes.OfType<KnowledgeNode>().FirstOrDefault(n => n.Id == knowledge) ?? _nodes.OfType<KnowledgeNode>().FirstOrDefault(n => n.Name == knowledge)
            ?? throw new KeyNotFoundException($"The model has no knowledge “{knowledge}”.");
        return Run(session ?? new FeelSession(), _ => default, run => run.Value(node).Function is { } function
            ? function.Call([.. function.Type.ParameterNames.Select(p => arguments.TryGetValue(p, out var given) ? FeelClr.From(given) : default)], run.Session) : default, null);
    }

    private DecisionOutcome Run(FeelSession session, Func<GraphNode, FeelValue> given, Func<GraphRun, FeelValue> give, GraphNode? asked)
    {
        var run = new GraphRun(_nodes.Count, session, given);
        session.Fired = [];
        var value = give(run);
        var others = new Dictionary<string, object?>();
        foreach (var node in _decisions.Where(d => d != asked && run.Knows(d)))
            others[node.Name] = FeelClr.To(run.Value(node));
        return new DecisionOutcome(value, [.. session.Fired.Select(f => new MatchedRule(f.Table, f.Rule))], others, session.Reasons);
    }

    private static FeelValue Given(GraphNode node, IReadOnlyDictionary<string, object?> inputs) =>
        inputs.TryGetValue($"{node.Namespace}#{node.Name}", out var exact) || inputs.TryGetValue(node.Name, out exact) ? FeelClr.From(exact) : default;

    private static IEnumerable<string> InputsOf(DecisionNode node, HashSet<DecisionNode> seen) => !seen.Add(node) ? []
        : node.Requirements.SelectMany(r => r.Node is InputNode input ? [input.Name] : r.Node is DecisionNode other ? InputsOf(other, seen) : []);
}
