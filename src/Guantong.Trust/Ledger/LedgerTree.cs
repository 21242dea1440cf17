using System.Data.Common;
using Dapper;

namespace Guantong.Trust;

/// <summary>The ledger's tree at one moment: kept tiles up to the last checkpoint, and above them the leaves that came since.</summary>
/// <remarks>Tiles are derived from the entries and trusted by nobody: the verdict makes them anew, and a proof shows itself wrong.</remarks>
internal sealed class LedgerTree
{
    private readonly DbConnection? _connection;
    private readonly MerkleTiles _tiles = new();
    private readonly Dictionary<(int Level, long Index), byte[]> _known = [];

    private LedgerTree(DbConnection? connection)
    {
        _connection = connection;
        _tiles.Full = (level, index, hashes) => _known[(level, index)] = hashes;
    }

    /// <summary>A tree over leaves that stand nowhere.</summary>
    public static LedgerTree Of(IEnumerable<byte[]> leaves)
    {
        var tree = new LedgerTree(null);
        foreach (var leaf in leaves)
            tree._tiles.Add(leaf);
        return tree;
    }

    /// <summary>Leaves.</summary>
    public long Size => _tiles.Size;

    /// <summary>The root.</summary>
    public byte[] Root => _tiles.Root();

    /// <summary>Reads the tree as it stands.</summary>
    /// <param name="upTo">The last entry wanted.</param>
    public static async Task<LedgerTree> OpenAsync(DbConnection connection, long upTo, CancellationToken cancel)
    {
        var tree = new LedgerTree(connection);
        var last = await connection.QueryAsync<(long, byte[])>("SELECT idx, hashes FROM ledger_tile t WHERE idx = (SELECT max(idx) FROM ledger_tile m WHERE m.level = t.level) ORDER BY level");
        foreach (var (index, hashes) in last)
            tree._tiles.Resume(index, hashes);
        var leaf = new byte[Sm3.Size];
        await foreach (var entry in connection.QueryUnbufferedAsync<LedgerEntry>($"SELECT {LedgerEntry.Columns} FROM ledger WHERE seq > @size AND seq <= @upTo ORDER BY seq", new { size = tree.Size, upTo }).WithCancellation(cancel))
        {
            // A ledger with a gap has no tree: the verdict names the gap.
            if (entry.Seq != tree.Size + 1)
                throw new LedgerBrokenException(tree.Size + 1);
            entry.Leaf(leaf);
            tree._tiles.Add(leaf);
        }
        return tree;
    }

    /// <summary>Keeps what has been added, so that nobody need hash it again. A tile only ever grows.</summary>
    public async Task KeepAsync(Change change)
    {
        var tiles = _known.Select(k => (k.Key.Level, k.Key.Index, (ReadOnlyMemory<byte>)k.Value)).Concat(_tiles.UnderWay.Where(t => t.Hashes.Length > 0));
        foreach (var (level, index, hashes) in tiles)
        {
            await change.ExecuteAsync("INSERT INTO ledger_tile (level, idx, hashes) VALUES (@level, @index, @hashes) ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes WHERE length(excluded.hashes) > length(ledger_tile.hashes)",
                new { level, index, hashes = hashes.ToArray() });
        }
    }

    /// <summary>The root of the tree of the first leaves.</summary>
    public Task<byte[]> RootAsync(long size) => RangeAsync(0, size);

    /// <summary>A leaf.</summary>
    public Task<byte[]> LeafAsync(long index) => FullAsync(0, index);

    /// <summary>The way from a leaf to the root of the first so many (RFC 6962 §2.1.1), lowest first.</summary>
    public async Task<IReadOnlyList<byte[]>> InclusionAsync(long index, long size)
    {
        var path = new List<byte[]>();
        for (var (low, high) = (0L, size); high - low > 1;)
        {
            var middle = low + Half(high - low);
            path.Add(index < middle ? await RangeAsync(middle, high) : await RangeAsync(low, middle));
            (low, high) = index < middle ? (low, middle) : (middle, high);
        }
        path.Reverse();
        return path;
    }

    /// <summary>What shows that a tree is the beginning of a larger one (RFC 6962 §2.1.2).</summary>
    public async Task<IReadOnlyList<byte[]>> ConsistencyAsync(long smaller, long larger)
    {
        var path = new List<byte[]>();
        var (low, high, isWhole) = (0L, larger, true);
        while (smaller != high)
        {
            var middle = low + Half(high - low);
            if (smaller <= middle)
            {
                path.Add(await RangeAsync(middle, high));
                high = middle;
            }
            else
            {
                path.Add(await RangeAsync(low, middle));
                (low, isWhole) = (middle, false);
            }
        }
        if (!isWhole)
            path.Add(await RangeAsync(low, high));
        path.Reverse();
        return path;
    }

    // The largest power of two below.
    private static long Half(long count) => 1L << (63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(count - 1)));

    private async Task<byte[]> RangeAsync(long low, long high)
    {
        var count = high - low;
        if (System.Numerics.BitOperations.IsPow2(count))
            return await FullAsync(System.Numerics.BitOperations.Log2((ulong)count), low);
        var middle = low + Half(count);
        var (left, right) = (await RangeAsync(low, middle), await RangeAsync(middle, high));
        return Merkle.Node(left, right);
    }

    // The root of a full subtree of that height over a leaf that it begins with: so many hashes in a row of one tile.
    private async Task<byte[]> FullAsync(int height, long leaf)
    {
        var (level, within) = (height / 8, height % 8);
        var first = leaf >> (8 * level);
        var tile = await TileAsync(level, first / MerkleTiles.Width);
        var root = new byte[Sm3.Size];
        MerkleTiles.Fold(tile.Slice((int)(first % MerkleTiles.Width) * Sm3.Size, (1 << within) * Sm3.Size).Span, root);
        return root;
    }

    private async Task<ReadOnlyMemory<byte>> TileAsync(int level, long index)
    {
        if (_known.TryGetValue((level, index), out var known))
            return known;
        if (_tiles.UnderWay.FirstOrDefault(t => t.Level == level && t.Index == index) is { Hashes.Length: > 0 } last)
            return last.Hashes;
        var kept = _connection is null ? null : await _connection.QueryFirstOrDefaultAsync<byte[]>("SELECT hashes FROM ledger_tile WHERE level = @level AND idx = @index", new { level, index });
        return _known[(level, index)] = kept ?? throw new LedgerBrokenException(index * (1L << (8 * (level + 1))) + 1);
    }
}

/// <summary>The ledger cannot be built on: an entry, or what was kept of it, is missing.</summary>
public sealed class LedgerBrokenException(long at) : Exception($"The ledger breaks at entry {at}; verify it.")
{
    /// <summary>The first entry that is missing.</summary>
    public long At { get; } = at;
}
