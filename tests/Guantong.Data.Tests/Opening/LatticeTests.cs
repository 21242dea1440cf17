using FsCheck;
using FsCheck.Xunit;
using Guantong.Data;

namespace Guantong.Tests.Opening;

/// <summary>The search among combinations of levels finds what looking at all of them would.</summary>
public sealed class LatticeTests
{
    [Property(MaxTest = 300)]
    public void What_is_found_is_a_lowest_one_with_the_least_loss(int seed)
    {
        var random = new Random(seed);
        int[] heights = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, 5))];
        // What holds at one of these holds above it.
        List<int[]> seeds = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => heights.Select(h => random.Next(h)).ToArray())];
        bool Holds(int[] node) => seeds.Exists(s => s.Zip(node).All(p => p.First <= p.Second));
        double Loss(int[] node) => node.Aggregate(17, (sum, level) => ((sum * 31) + level) % 101);
        var looked = 0;
        var found = Lattice.Search(heights, node =>
        {
            looked++;
            return new Found(Holds(node), Loss(node));
        });
        var all = heights.Aggregate((IEnumerable<int[]>)[[]], (nodes, height) => nodes.SelectMany(n => Enumerable.Range(0, height).Select(l => (int[])[.. n, l]))).ToList();
        var lowest = all.Where(n => Holds(n) && !all.Exists(o => o != n && Holds(o) && o.Zip(n).All(p => p.First <= p.Second))).ToList();
        Assert.Equal(lowest.Count == 0, found is null);
        if (found is not null)
        {
            Assert.Contains(lowest, l => l.SequenceEqual(found));
            Assert.Equal(lowest.Min(Loss), Loss(found));
        }
        Assert.True(looked <= all.Count + 1);
    }
}
