using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Guantong.Decisions.Evaluation;
using Guantong.Decisions.Tables;
using Guantong.Feel;
using Guantong.Feel.Checking;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Reading;

/// <summary>Makes the nodes of a decision requirements graph (DMN 1.5, clause 6) from the definitions.</summary>
internal sealed class ModelReader
{
    private readonly List<DmnFault> _faults;
    private readonly TypeReader _types;
    private readonly Dictionary<XElement, GraphNode> _nodes = [];
    private readonly Dictionary<Definitions, Vocabulary> _vocabularies = [];

    public ModelReader(Definitions model, List<DmnFault> faults)
    {
        (_faults, _types) = (faults, new TypeReader(model, faults));
        foreach (var file in model.Reach())
        {
            var types = _types.Of(file);
            _vocabularies[file] = new Vocabulary([], types.Members(), types.Known());
        }
    }

    /// <summary>Which texts the trees were read from.</summary>
    public Sources Sources { get; } = new();

    /// <summary>The decision tables that were read, with the nodes that they belong to.</summary>
    public List<(GraphNode Owner, DecisionTable Table)> Tables { get; } = [];

    /// <summary>The nodes of the model itself, in the file's order, and of those that it imports.</summary>
    public List<GraphNode> Read(Definitions model)
    {
        foreach (var file in model.Reach())
        {
            foreach (var element in file.Root.Elements().Where(e => e.Name.Namespace == file.Ns && e.Name.LocalName is "inputData" or "decision" or "businessKnowledgeModel" or "decisionService"))
                Node(element, file);
        }
        var nodes = _nodes.Values.ToList();
        for (var i = 0; i < nodes.Count; i++)
            nodes[i].Index = i;
        return nodes;
    }

    private GraphNode Node(XElement element, Definitions file)
    {
        if (_nodes.TryGetValue(element, out var known))
            return known;
        // A chain of thousands of requirements ends in a fault, not on the stack.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var (id, name) = (Definitions.Id(element), Definitions.Name(element));
        var variable = element.Element(file.Ns + "variable");
        var type = _types.Of(file).Read(variable);
        // Entered before what it requires is read, so that a circle ends.
        switch (element.Name.LocalName)
        {
            case "inputData":
                return _nodes[element] = new InputNode(id, name, file.Namespace, type) { Label = Label(element) };
            case "decision":
                var decision = new DecisionNode(id, name, file.Namespace, type) { Label = Label(element), Labels = Labels(element) };
                _nodes[element] = decision;
                Complete(decision, element, file);
                return decision;
            case "businessKnowledgeModel":
                var knowledge = new KnowledgeNode(id, name, file.Namespace, type) { Label = Label(element), Labels = Labels(element) };
                _nodes[element] = knowledge;
                Complete(knowledge, element, file);
                return knowledge;
            default:
                var service = new ServiceNode(id, name, file.Namespace, type);
                _nodes[element] = service;
                Complete(service, element, file);
                return service;
        }
    }

    private static string? Label(XElement element) => (string?)element.Attribute("label") is { Length: > 0 } label ? label : null;

    private static Dictionary<string, string> Labels(XElement element)
    {
        var labels = new Dictionary<string, string>();
        foreach (var inside in element.Descendants())
        {
            if (Label(inside) is { } label && inside.Attribute("name") is not null)
                labels.TryAdd(Definitions.Name(inside), label);
        }
        return labels;
    }

    private void Complete(DecisionNode node, XElement element, Definitions file)
    {
        node.Requirements = [.. Required(element, file, "informationRequirement", "requiredInput"), .. Required(element, file, "informationRequirement", "requiredDecision"), .. Required(element, file, "knowledgeRequirement", "requiredKnowledge")];
        var boxed = new BoxedReader(file, _types.Of(file), _faults, Sources, table => Tables.Add((node, table)));
        if (boxed.Inside(element, Known(file, node.Requirements)) is not { } logic)
            return;
        var code = new NodeCode(node.Requirements, []);
        node.Tree = new Expr.Coerce(logic, node.Type);
        node.Logic = code.Compile(node.Tree);
        node.Code = code;
    }

    private void Complete(KnowledgeNode node, XElement element, Definitions file)
    {
        node.Requirements = [.. Required(element, file, "knowledgeRequirement", "requiredKnowledge")];
        if (element.Element(file.Ns + "encapsulatedLogic") is not { } function)
            return;
        var boxed = new BoxedReader(file, _types.Of(file), _faults, Sources, table => Tables.Add((node, table)));
        var lambda = boxed.Function(function, Known(file, node.Requirements).With(node.Name), node.Name);
        // The variable's type is the function's, or before DMN 1.4 that of its result.
        var result = node.Type is FunctionType declared ? declared.Result : node.Type is NamedType { Base: FunctionType named } ? named.Result : node.Type;
        node.Function = new FunctionType([.. lambda.Parameters.Select(p => p.Type)], [.. lambda.Parameters.Select(p => p.Name)], result);
        var code = new NodeCode([.. node.Requirements, new Requirement(node, null)], node.Function.ParameterNames);
        node.Tree = lambda;
        node.Logic = code.Compile(lambda.Body);
        node.Code = code;
    }

    private void Complete(ServiceNode node, XElement element, Definitions file)
    {
        IEnumerable<GraphNode> Refer(string kind) => References(element, file, kind).Select(r => r.Node);
        node.Outputs = [.. Refer("outputDecision").OfType<DecisionNode>()];
        // Parameters stand in this order: input data, then input decisions (§10.4).
        node.Parameters = [.. Refer("inputData"), .. Refer("inputDecision")];
        node.Function = new FunctionType([.. node.Parameters.Select(p => p.Type)], [.. node.Parameters.Select(p => p.Name)], node.Type is FunctionType f ? f.Result : node.Type is NamedType { Base: FunctionType named } ? named.Result : FeelType.Any);
    }

    private IEnumerable<Requirement> Required(XElement of, Definitions file, string requirement, string reference) =>
        of.Elements(file.Ns + requirement).SelectMany(r => References(r, file, reference));

    private List<Requirement> References(XElement of, Definitions file, string reference)
    {
        var found = new List<Requirement>();
        foreach (var element in of.Elements(file.Ns + reference))
        {
            var href = (string?)element.Attribute("href") ?? "";
            if (file.Find(href) is var (target, model, alias))
                found.Add(new Requirement(Node(target, model), alias));
            else
                _faults.Add(new DmnFault(Definitions.Line(element), Definitions.Column(element), "dmn-unknown-reference", [Definitions.Name(of.Name.LocalName.EndsWith("Requirement", StringComparison.Ordinal) ? of.Parent! : of), href]));
        }
        return found;
    }

    private Vocabulary Known(Definitions file, IEnumerable<Requirement> requirements) => _vocabularies[file].With(requirements.Select(r => r.Alias ?? r.Node.Name));
}

/// <summary>What a node needs, and the name of the import that it comes over.</summary>
internal sealed record Requirement(GraphNode Node, string? Alias);

/// <summary>Where the values that a node's logic reads stand in its frame.</summary>
internal sealed class NodeCode
{
    private readonly Layout _layout = new(null);
    private readonly Scope _scope;
    private readonly List<(int Slot, GraphNode Node)> _own = [];
    private readonly List<(int Slot, string[] Names, GraphNode[] Nodes)> _imported = [];

    public NodeCode(IReadOnlyList<Requirement> requirements, IReadOnlyList<string> parameters)
    {
        var outer = new Scope(_layout);
        _scope = outer.Inner();
        Parameters = [.. parameters.Select(_scope.Declare)];
        foreach (var requirement in requirements.Where(r => r.Alias is null))
            _own.Add((outer.Declare(requirement.Node.Name), requirement.Node));
        foreach (var group in requirements.Where(r => r.Alias is not null).GroupBy(r => r.Alias!))
            _imported.Add((outer.Declare(group.Key), [.. group.Select(r => r.Node.Name)], [.. group.Select(r => r.Node)]));
    }

    public int[] Parameters { get; }

    public Evaluator Compile(Expr logic) => Compiler.Compile(logic, _scope);

    public Frame Fill(GraphRun run)
    {
        var frame = new Frame(_layout.Count, run.Session);
        foreach (var (slot, node) in _own)
            frame.Slots[slot] = run.Value(node);
        foreach (var (slot, names, nodes) in _imported)
            frame.Slots[slot] = new FeelContext(names, [.. nodes.Select(run.Value)]);
        return frame;
    }
}
