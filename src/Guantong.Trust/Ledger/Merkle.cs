namespace Guantong.Trust;

/// <summary>The tree over the ledger's leaves (RFC 6962 §2.1, with SM3 in place of SHA-256): nodes, and what proofs say.</summary>
public static class Merkle
{
    /// <summary>The node above two: SM3 over a byte 1 and both.</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var node = new byte[Sm3.Size];
        Node(left, right, node);
        return node;
    }

    internal static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> node)
    {
        Span<byte> text = stackalloc byte[1 + 2 * Sm3.Size];
        text[0] = 1;
        left.CopyTo(text[1..]);
        right.CopyTo(text[(1 + Sm3.Size)..]);
        Sm3.Hash(text, node);
    }

    /// <summary>Whether a leaf stands at an index in the tree of so many leaves with this root (RFC 9162 §2.1.3.2).</summary>
    public static bool Includes(long index, long size, ReadOnlySpan<byte> leaf, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size)
            return false;
        var (at, last, hash) = (index, size - 1, leaf.ToArray());
        foreach (var node in path)
        {
            if (last == 0)
                return false;
            if ((at & 1) == 1 || at == last)
            {
                hash = Node(node, hash);
                for (; (at & 1) == 0 && at != 0; at >>= 1)
                    last >>= 1;
            }
            else
                hash = Node(hash, node);
            (at, last) = (at >> 1, last >> 1);
        }
        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether the tree of the smaller size is the beginning of that of the larger (RFC 9162 §2.1.4.2).</summary>
    public static bool Extends(long smaller, long larger, ReadOnlySpan<byte> smallerRoot, ReadOnlySpan<byte> largerRoot, IReadOnlyList<byte[]> path)
    {
        if (smaller < 1 || smaller > larger)
            return false;
        if (smaller == larger)
            return path.Count == 0 && smallerRoot.SequenceEqual(largerRoot);
        var (at, last) = (smaller - 1, larger - 1);
        for (; (at & 1) == 1; at >>= 1)
            last >>= 1;
        // Where the smaller tree is full, its root is the first node and is not sent.
        var next = at == 0 ? 0 : 1;
        if (path.Count < next)
            return false;
        var (first, second) = at == 0 ? (smallerRoot.ToArray(), smallerRoot.ToArray()) : (path[0], path[0]);
        foreach (var node in path.Skip(next))
        {
            if (last == 0)
                return false;
            if ((at & 1) == 1 || at == last)
            {
                (first, second) = (Node(node, first), Node(node, second));
                for (; (at & 1) == 0 && at != 0; at >>= 1)
                    last >>= 1;
            }
            else
                second = Node(second, node);
            (at, last) = (at >> 1, last >> 1);
        }
        return last == 0 && smallerRoot.SequenceEqual(first) && largerRoot.SequenceEqual(second);
    }
}

/// <summary>A tree that grows leaf by leaf and hands out its full tiles: 256 hashes of one level in a row, which are eight levels of the tree.</summary>
internal sealed class MerkleTiles
{
    /// <summary>Hashes in a full tile.</summary>
    public const int Width = 256;

    private readonly List<(long Index, byte[] Hashes, int Count)> _last = [];

    /// <summary>Leaves so far.</summary>
    public long Size => _last.Count == 0 ? 0 : _last[0].Index * Width + _last[0].Count;

    /// <summary>Told each tile that has become full, by level and index.</summary>
    public Action<int, long, byte[]>? Full { get; set; }

    /// <summary>The tile of each level that is under way: its index and the hashes that stand in it, perhaps none.</summary>
    public IEnumerable<(int Level, long Index, ReadOnlyMemory<byte> Hashes)> UnderWay => _last.Select((t, level) => (level, t.Index, (ReadOnlyMemory<byte>)t.Hashes.AsMemory(0, t.Count * Sm3.Size)));

    /// <summary>Takes up a level where a stored tile, the last of its level, left it. Levels come from the lowest.</summary>
    public void Resume(long index, ReadOnlySpan<byte> hashes)
    {
        var count = hashes.Length / Sm3.Size;
        var tile = new byte[Width * Sm3.Size];
        if (count < Width)
            hashes.CopyTo(tile);
        _last.Add(count < Width ? (index, tile, count) : (index + 1, tile, 0));
    }

    /// <summary>Adds a leaf.</summary>
    public void Add(ReadOnlySpan<byte> leaf) => Add(0, leaf);

    /// <summary>Adds the leaves of a whole tile, where one begins, whose root is known.</summary>
    public void AddTile(ReadOnlySpan<byte> leaves, ReadOnlySpan<byte> root)
    {
        if (_last.Count == 0)
            _last.Add((0, new byte[Width * Sm3.Size], 0));
        var (index, hashes, _) = _last[0];
        _last[0] = (index + 1, hashes, 0);
        Full?.Invoke(0, index, leaves.ToArray());
        Add(1, root);
    }

    private void Add(int level, ReadOnlySpan<byte> hash)
    {
        if (level == _last.Count)
            _last.Add((0, new byte[Width * Sm3.Size], 0));
        var (index, hashes, count) = _last[level];
        hash.CopyTo(hashes.AsSpan(count * Sm3.Size));
        if (++count < Width)
        {
            _last[level] = (index, hashes, count);
            return;
        }
        Span<byte> root = stackalloc byte[Sm3.Size];
        Fold(hashes, root);
        _last[level] = (index + 1, Full is null ? hashes : new byte[Width * Sm3.Size], 0);
        Full?.Invoke(level, index, hashes);
        Add(level + 1, root);
    }

    /// <summary>The root of a full subtree whose hashes stand in a row, a power of two of them.</summary>
    public static void Fold(ReadOnlySpan<byte> row, Span<byte> root)
    {
        Span<byte> work = stackalloc byte[Width / 2 * Sm3.Size];
        scoped var from = row;
        while (from.Length > Sm3.Size)
        {
            for (var at = 0; at < from.Length; at += 2 * Sm3.Size)
                Merkle.Node(from.Slice(at, Sm3.Size), from.Slice(at + Sm3.Size, Sm3.Size), work.Slice(at / 2, Sm3.Size));
            from = work[..(from.Length / 2)];
        }
        from.CopyTo(root);
    }

    /// <summary>The root of the tree as it stands; of no leaves, the hash of nothing.</summary>
    public byte[] Root()
    {
        byte[]? root = null;
        var peak = new byte[Sm3.Size];
        foreach (var (_, hashes, count) in _last)
        {
            // Full subtrees from the right, the smallest first.
            for (var (end, bit) = (count, 1); end > 0; bit <<= 1)
            {
                if ((end & bit) == 0)
                    continue;
                Fold(hashes.AsSpan((end - bit) * Sm3.Size, bit * Sm3.Size), peak);
                root = root is null ? [.. peak] : Merkle.Node(peak, root);
                end -= bit;
            }
        }
        return root ?? Sm3.Hash([]);
    }
}
