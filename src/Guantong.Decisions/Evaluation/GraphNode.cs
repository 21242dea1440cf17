using Guantong.Decisions.Reading;
using Guantong.Feel;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Evaluation;

/// <summary>A node of a decision requirements graph; two of one name differ by the namespace of their models.</summary>
internal abstract class GraphNode(string id, string name, string space, FeelType type)
{
    public string Id => id;

    public string Name => name;

    public string Namespace => space;

    public FeelType Type => type;

    /// <summary>What people call it, where that is another than its name.</summary>
    public string? Label { get; set; }

    /// <summary>Its place among the nodes of the model.</summary>
    public int Index { get; set; }
}

/// <summary>Input data.</summary>
internal sealed class InputNode(string id, string name, string space, FeelType type) : GraphNode(id, name, space, type);

/// <summary>A node that requires others and has logic.</summary>
internal abstract class LogicNode(string id, string name, string space, FeelType type) : GraphNode(id, name, space, type)
{
    public IReadOnlyList<Requirement> Requirements { get; set; } = [];

    /// <summary>What people call the entries and columns inside it, by their names.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; set; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    public Evaluator? Logic { get; set; }

    /// <summary>What the logic was compiled from.</summary>
    public Expr? Tree { get; set; }

    public NodeCode? Code { get; set; }
}

/// <summary>A decision.</summary>
internal sealed class DecisionNode(string id, string name, string space, FeelType type) : LogicNode(id, name, space, type);

/// <summary>A business knowledge model: a function.</summary>
internal sealed class KnowledgeNode(string id, string name, string space, FeelType type) : LogicNode(id, name, space, type)
{
    public FunctionType? Function { get; set; }
}

/// <summary>A decision service: a function over a part of the graph.</summary>
internal sealed class ServiceNode(string id, string name, string space, FeelType type) : GraphNode(id, name, space, type)
{
    public IReadOnlyList<DecisionNode> Outputs { get; set; } = [];

    /// <summary>Input data and input decisions, in the order of its parameters.</summary>
    public IReadOnlyList<GraphNode> Parameters { get; set; } = [];

    public FunctionType? Function { get; set; }
}
