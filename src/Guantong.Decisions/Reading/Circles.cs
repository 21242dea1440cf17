using System.Runtime.CompilerServices;
using Guantong.Decisions.Evaluation;

namespace Guantong.Decisions.Reading;

/// <summary>Decisions that rest on themselves (DMN 1.5 §6.3.9 forbids them).</summary>
internal static class Circles
{
    public static void Find(IReadOnlyList<GraphNode> nodes, Definitions model, List<DmnFault> faults)
    {
        foreach (var node in nodes.OfType<DecisionNode>().Where(n => Reaches(n, n, [])))
        {
            var element = model.All("decision").FirstOrDefault(d => Definitions.Id(d) == node.Id) ?? model.Root;
            faults.Add(new DmnFault(Definitions.Line(element), Definitions.Column(element), "dmn-cycle", [node.Name]));
            node.Logic = null;
        }
    }

    private static bool Reaches(DecisionNode from, DecisionNode to, HashSet<DecisionNode> seen)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return from.Requirements.Select(r => r.Node).OfType<DecisionNode>().Any(r => r == to || (seen.Add(r) && Reaches(r, to, seen)));
    }
}
