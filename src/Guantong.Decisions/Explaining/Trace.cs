using Guantong.Decisions.Evaluation;
using Guantong.Decisions.Tables;
using Guantong.Feel;

namespace Guantong.Decisions.Explaining;

/// <summary>One run of a table: its inputs, the rules that fired (from 0), and for each rule the columns that it did not match.</summary>
internal sealed record TableTrace(DecisionTable Table, IReadOnlyList<FeelValue> Values, IReadOnlyList<int> Hits, IReadOnlyList<IReadOnlyList<int>> Misses);

/// <summary>A node that was worked out, with the runs of its tables and the nodes that it rests on.</summary>
internal sealed record NodeTrace(string Name, FeelValue? Result, IReadOnlyList<TableTrace> Tables, IReadOnlyList<NodeTrace> Requires)
{
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
        return new NodeTrace(node.Name, node is DecisionNode ? run.Value(node) : default(FeelValue?), [.. tables[node]], requires);
    }
}
