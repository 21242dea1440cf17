using Guantong.Decisions.Evaluation;
using Guantong.Decisions.Tables;
using Guantong.Feel;

namespace Guantong.Decisions.Explaining;

/// <summary>One run of a table: its inputs, the rules that fired (from 0) with what they gave, and for each rule the columns that it did not match.</summary>
internal sealed record TableTrace(DecisionTable Table, IReadOnlyList<FeelValue> Values, IReadOnlyList<int> Hits, IReadOnlyList<FeelValue> Results, IReadOnlyList<IReadOnlyList<int>> Misses);

/// <summary>A node that was worked out, with the runs of its tables and the nodes that it rests on.</summary>
internal sealed record NodeTrace(LogicNode Node, FeelValue? Result, IReadOnlyList<TableTrace> Tables, IReadOnlyList<NodeTrace> Requires)
{
    /// <summary>What people call it.</summary>
    public string Name => Node.Label ?? Node.Name;

    /// <summary>What people call an entry of its result: by its own labels, or those of what it requires.</summary>
    public string? Label(string name) => Node.Labels.GetValueOrDefault(name) ?? Node.Requirements.FirstOrDefault(r => r.Node.Name == name)?.Node.Label
        ?? Node.Requirements.Select(r => r.Node).OfType<LogicNode>().Select(n => n.Labels.GetValueOrDefault(name)).FirstOrDefault(l => l is not null);

    /// <summary>The nodes below one, each where it is met first.</summary>
    public static NodeTrace Of(LogicNode node, GraphRun run, ILookup<GraphNode, TableTrace> tables, HashSet<GraphNode> seen)
    {
        seen.Add(node);
        var requires = new List<NodeTrace>();
        foreach (var required in node.Requirements.Select(r => r.Node).OfType<LogicNode>())
        {
            if (!seen.Contains(required) && run.Knows(required))
                requires.Add(Of(required, run, tables, seen));
        }
        // A function without a table only passes on; what it used is told in its place.
        requires = [.. requires.SelectMany(r => r is { Result: null, Tables.Count: 0 } ? r.Requires : [r])];
        return new NodeTrace(node, node is DecisionNode ? run.Value(node) : default(FeelValue?), [.. tables[node]], requires);
    }
}
