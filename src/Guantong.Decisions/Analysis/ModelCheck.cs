using Guantong.Decisions.Evaluation;
using Guantong.Decisions.Reading;
using Guantong.Feel;
using Guantong.Feel.Checking;

namespace Guantong.Decisions.Analysis;

/// <summary>Checks the logic of a graph's nodes against the types of what they require.</summary>
internal sealed class ModelCheck(Sources sources)
{
    private readonly Dictionary<GraphNode, FeelType> _types = [];
    private readonly List<DmnFault> _findings = [];

    /// <summary>What can only come out as null, with its place in the file.</summary>
    public static IReadOnlyList<DmnFault> Of(IEnumerable<GraphNode> nodes, Sources sources)
    {
        var check = new ModelCheck(sources);
        foreach (var node in nodes)
            check.Type(node);
        return check._findings;
    }

    private FeelType Type(GraphNode node)
    {
        if (_types.TryGetValue(node, out var known))
            return known;
        // What rests on itself is not known while it is looked at.
        var declared = node switch { KnowledgeNode { Function: { } f } => f, ServiceNode { Function: { } s } => s, _ => node.Type };
        _types[node] = declared;
        if (node is not LogicNode { Tree: { } tree } logic)
            return declared;
        var checker = new Checker("", sources);
        var found = checker.Infer(tree, Names(logic));
        _findings.AddRange(checker.Located.Select(f => new DmnFault(f.At?.Line ?? 1, f.At?.Column ?? 1, "dmn-check", [node.Name]) { Feel = f.Finding }));
        return _types[node] = ReferenceEquals(declared, FeelType.Any) || node is KnowledgeNode && found is FunctionType ? found : declared;
    }

    private Names Names(LogicNode node)
    {
        var types = new Dictionary<string, FeelType>();
        if (node is KnowledgeNode)
            types[node.Name] = _types[node];
        foreach (var requirement in node.Requirements.Where(r => r.Alias is null))
            types[requirement.Node.Name] = Type(requirement.Node);
        foreach (var import in node.Requirements.Where(r => r.Alias is not null).GroupBy(r => r.Alias!))
            types[import.Key] = new ContextType([.. import.Select(r => (r.Node.Name, Type(r.Node)))]);
        return Feel.Checking.Names.Of(types);
    }
}
