using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The tree and its proofs, for every size up to 70 and around where tiles end.</summary>
public sealed class MerkleTests
{
    private static readonly byte[][] Leaves = [.. Enumerable.Range(0, 1100).Select(i => Sm3.Hash(BitConverter.GetBytes(i)))];

    // The definition, RFC 6962 §2.1, word for word.
    private static byte[] Mth(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1)
            return leaves[0];
        var k = 1;
        while (k * 2 < leaves.Length)
            k *= 2;
        return Sm3.Hash([1, .. Mth(leaves[..k]), .. Mth(leaves[k..])]);
    }

    private static MerkleTiles Grow(int size)
    {
        var tiles = new MerkleTiles();
        foreach (var leaf in Leaves.Take(size))
            tiles.Add(leaf);
        return tiles;
    }

    public static IEnumerable<int> Sizes => [.. Enumerable.Range(1, 70), 255, 256, 257, 511, 512, 513, 767, 1024, 1025, 1100];

    [Fact]
    public void The_root_is_that_of_the_definition_at_every_size()
    {
        Assert.Equal(Sm3.Hash([]), new MerkleTiles().Root());
        Assert.All(Sizes, size => Assert.Equal(Mth(Leaves.AsSpan(0, size)), Grow(size).Root()));
    }

    [Fact]
    public async Task Proofs_hold_for_every_leaf_of_every_size_and_for_nothing_else()
    {
        foreach (var size in Sizes)
        {
            var tree = LedgerTree.Of(Leaves.Take(size));
            var root = Mth(Leaves.AsSpan(0, size));
            foreach (var index in size <= 70 ? Enumerable.Range(0, size) : [0, 1, 254, 255, 256, size - 2, size - 1])
            {
                if (index >= size)
                    continue;
                var path = await tree.InclusionAsync(index, size);
                Assert.True(Merkle.Includes(index, size, Leaves[index], path, root));
                Assert.False(Merkle.Includes(index, size, Leaves[index + 1 < Leaves.Length ? index + 1 : 0], path, root));
                Assert.False(Merkle.Includes(index + 1, size, Leaves[index], path, root));
                Assert.False(Merkle.Includes(index - 1, size, Leaves[index], path, root));
                Assert.False(Merkle.Includes(index, size, Leaves[index], [.. path, root], root));
                if (path.Count == 0)
                    continue;
                Assert.False(Merkle.Includes(index, size, Leaves[index], [.. path.Skip(1)], root));
                Assert.False(Merkle.Includes(index, size, Leaves[index], Changed(path), root));
            }
        }
    }

    [Fact]
    public async Task Consistency_holds_between_every_two_sizes_and_for_nothing_else()
    {
        foreach (var to in Sizes)
        {
            var tree = LedgerTree.Of(Leaves.Take(to));
            var root = Mth(Leaves.AsSpan(0, to));
            foreach (var from in Sizes.Where(s => s <= to))
            {
                var path = await tree.ConsistencyAsync(from, to);
                var older = Mth(Leaves.AsSpan(0, from));
                Assert.True(Merkle.Extends(from, to, older, root, path), $"{from} {to}");
                Assert.False(Merkle.Extends(from, to, Leaves[3], root, path));
                Assert.False(Merkle.Extends(from, to, older, Leaves[3], path));
                Assert.False(Merkle.Extends(from, to, older, root, [.. path, root]));
                if (path.Count == 0)
                    continue;
                Assert.False(Merkle.Extends(from, to, older, root, [.. path.Skip(1)]));
                Assert.False(Merkle.Extends(from, to, older, root, Changed(path)));
                Assert.False(Merkle.Extends(to, from, root, older, path));
            }
        }
    }

    private static IReadOnlyList<byte[]> Changed(IReadOnlyList<byte[]> path)
    {
        var changed = path.Select(n => (byte[])[.. n]).ToList();
        changed[path.Count / 2][7] ^= 16;
        return changed;
    }
}
