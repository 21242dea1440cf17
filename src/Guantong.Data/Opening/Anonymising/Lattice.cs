namespace Guantong.Data;

/// <summary>What is found at one combination of levels.</summary>
/// <param name="Holds">Whether what is asked for holds there; where it does, it does at every coarser combination too.</param>
/// <param name="Loss">How much is lost there.</param>
internal readonly record struct Found(bool Holds, double Loss);

/// <summary>Finds, among all combinations of levels, the finest at which a condition holds, and of these the one that loses least.</summary>
/// <remarks>
/// What holds at a combination holds at all coarser ones, and what fails fails at all finer ones (LeFevre et al. 2005, “Incognito”), so that most are never looked at:
/// the middle heights come first (El Emam et al. 2009, “OLA”). Ties are broken by the levels themselves, so that the same rows give the same publication.
/// </remarks>
internal static class Lattice
{
    /// <summary>The combination, a level for each field; null where not even the coarsest holds.</summary>
    /// <param name="heights">Levels by field.</param>
    public static int[]? Search(IReadOnlyList<int> heights, Func<int[], Found> look)
    {
        var nodes = All(heights);
        if (!look(nodes[^1]).Holds)
            return null;
        var known = new Found?[nodes.Count];
        foreach (var node in InOrder(nodes, heights.Sum(h => h - 1)))
        {
            if (known[node] is not null)
                continue;
            var found = look(nodes[node]);
            known[node] = found;
            for (var other = 0; other < nodes.Count; other++)
            {
                if (known[other] is null && (found.Holds ? IsAbove(nodes[other], nodes[node]) : IsAbove(nodes[node], nodes[other])))
                    known[other] = new Found(found.Holds, double.PositiveInfinity);
            }
        }
        var best = Enumerable.Range(0, nodes.Count)
            .Where(n => known[n]!.Value.Holds && !Enumerable.Range(0, nodes.Count).Any(o => o != n && known[o]!.Value.Holds && IsAbove(nodes[n], nodes[o])))
            .OrderBy(n => known[n]!.Value.Loss).ThenBy(n => nodes[n].Select((level, f) => heights[f] > 1 ? (double)level / (heights[f] - 1) : 0).Sum()).ThenBy(n => n).First();
        return nodes[best];
    }

    private static List<int[]> All(IReadOnlyList<int> heights)
    {
        List<int[]> all = [[]];
        foreach (var height in heights)
            all = [.. all.SelectMany(a => Enumerable.Range(0, height).Select(level => (int[])[.. a, level]))];
        return all;
    }

    // The middle heights first, then the middles of what is left below and above.
    private static IEnumerable<int> InOrder(List<int[]> nodes, int top)
    {
        var byHeight = Enumerable.Range(0, nodes.Count).ToLookup(n => nodes[n].Sum());
        var ranges = new Queue<(int From, int To)>([(0, top)]);
        while (ranges.TryDequeue(out var range))
        {
            if (range.From > range.To)
                continue;
            var middle = (range.From + range.To) / 2;
            foreach (var node in byHeight[middle])
                yield return node;
            ranges.Enqueue((range.From, middle - 1));
            ranges.Enqueue((middle + 1, range.To));
        }
    }

    private static bool IsAbove(int[] upper, int[] lower)
    {
        for (var i = 0; i < upper.Length; i++)
        {
            if (upper[i] < lower[i])
                return false;
        }
        return true;
    }
}
