namespace Guantong.Verify;

/// <summary>The tree of RFC 6962 §2.1 with SM3: its root as leaves come, and the checks of RFC 9162 §2.1.3.2 and §2.1.4.2.</summary>
internal sealed class Tree
{
    // Roots of full subtrees, the largest first: one for each bit of the size.
    private readonly Stack<(long Leaves, byte[] Root)> _full = new();

    public void Add(byte[] leaf)
    {
        var (leaves, root) = (1L, leaf);
        while (_full.TryPeek(out var left) && left.Leaves == leaves)
            (leaves, root) = (2 * leaves, Node(_full.Pop().Root, root));
        _full.Push((leaves, root));
    }

    public byte[] Root()
    {
        byte[]? root = null;
        foreach (var (_, left) in _full)
            root = root is null ? left : Node(left, root);
        return root ?? Entry.Sm3([]);
    }

    private static byte[] Node(byte[] left, byte[] right) => Entry.Sm3([1, .. left, .. right]);

    public static bool Includes(long seq, long size, byte[] leaf, byte[][] path, byte[] root)
    {
        if (seq < 1 || seq > size)
            return false;
        var (at, last, hash) = (seq - 1, size - 1, leaf);
        foreach (var node in path)
        {
            if (last == 0)
                return false;
            if (at % 2 == 1 || at == last)
            {
                hash = Node(node, hash);
                while (at % 2 == 0 && at > 0)
                    (at, last) = (at / 2, last / 2);
            }
            else
                hash = Node(hash, node);
            (at, last) = (at / 2, last / 2);
        }
        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

    public static bool Extends(long from, long to, byte[] fromRoot, byte[] toRoot, byte[][] path)
    {
        if (from < 1 || from > to)
            return false;
        if (from == to)
            return path.Length == 0 && fromRoot.AsSpan().SequenceEqual(toRoot);
        // A full smaller tree is itself the first node.
        byte[][] nodes = (from & (from - 1)) == 0 ? [fromRoot, .. path] : path;
        if (nodes.Length == 0)
            return false;
        var (at, last) = (from - 1, to - 1);
        while (at % 2 == 1)
            (at, last) = (at / 2, last / 2);
        var (first, second) = (nodes[0], nodes[0]);
        foreach (var node in nodes[1..])
        {
            if (last == 0)
                return false;
            if (at % 2 == 1 || at == last)
            {
                (first, second) = (Node(node, first), Node(node, second));
                while (at % 2 == 0 && at > 0)
                    (at, last) = (at / 2, last / 2);
            }
            else
                second = Node(second, node);
            (at, last) = (at / 2, last / 2);
        }
        return last == 0 && first.AsSpan().SequenceEqual(fromRoot) && second.AsSpan().SequenceEqual(toRoot);
    }
}
