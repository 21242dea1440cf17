using System.Data.Common;
using System.Globalization;
using Dapper;

namespace Guantong.Trust;

/// <summary>One run over the whole ledger: chain and tree entry by entry, then what was signed over them.</summary>
/// <param name="connection">Where what is not an entry is read; entries are read in several runs at once.</param>
internal sealed class LedgerCheck(Store store, DbConnection connection, LedgerKey? key)
{
    private readonly MerkleTiles _tree = new();
    private readonly List<(int Level, long Index, byte[] Hashes)> _full = [];
    private readonly Dictionary<long, string> _roots = [];
    private readonly Dictionary<long, (long Seq, string Detail)> _announced = [];
    private (long Seq, string Hash, bool IsSm3) _end = (0, Ledger.Genesis, false);
    private IReadOnlyList<Checkpoint> _checkpoints = [];
    private SortedSet<long> _sizes = [];
    private long _tilesSeen;

    public async Task<LedgerVerdict> RunAsync(CancellationToken cancel)
    {
        _checkpoints = (await connection.QueryAsync<Checkpoint>($"SELECT {Checkpoint.Columns} FROM ledger_checkpoint ORDER BY size")).AsList();
        _sizes = [.. _checkpoints.Select(c => c.Size)];
        _tree.Full = (level, index, hashes) => _full.Add((level, index, hashes));
        var (bad, elsewhere) = await TakeArchivesAsync(cancel);
        bad ??= await TakeEntriesAsync(cancel) ?? CheckCheckpoints() ?? await CheckTilesAsync([.. _tree.UnderWay.Select(t => (t.Level, t.Index, t.Hashes.ToArray()))], isEnd: true);
        return bad ?? new LedgerVerdict(_end.Seq, _end.Hash, null, null, Convert.ToHexStringLower(_tree.Root()), _checkpoints.Count, elsewhere);
    }

    private LedgerVerdict Bad(string why, long? at = null) => new(_end.Seq, _end.Hash, at ?? _end.Seq + 1, why);

    private async Task<LedgerVerdict?> TakeEntriesAsync(CancellationToken cancel)
    {
        // What comes after this moment is the next verdict's.
        var last = await Ledger.SizeAsync(connection);
        var underWay = new Queue<Task<LedgerRun>>();
        var next = _end.Seq + 1;
        try
        {
            while (_end.Seq < last)
            {
                while (next <= last && underWay.Count <= Environment.ProcessorCount)
                {
                    var (first, most) = (next, (int)Math.Min(LedgerRun.Most - (next - 1) % LedgerRun.Most, last - next + 1));
                    underWay.Enqueue(Task.Run(() => LedgerRun.ReadAsync(store, first, most, cancel), cancel));
                    next += most;
                }
                if (Take(await underWay.Dequeue()) is { } why)
                    return Bad(why);
                if (await CheckFullAsync() is { } bad)
                    return bad;
            }
        }
        finally
        {
            await ((Task)Task.WhenAll(underWay)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        // What stands before the first entry was never written by this platform.
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger WHERE seq < 1") > 0 ? Bad("chain", 1) : null;
    }

    private string? Take(LedgerRun run)
    {
        if (run.First is not { } first)
            return "missing";
        if (first.Previous != _end.Hash)
            return "chain";
        if (_end.IsSm3 && !first.IsSm3)
            return "changed";
        var start = _end.Seq;
        for (var at = 0; at < run.Count; at = (int)(_end.Seq - start))
        {
            var count = MerkleTiles.Width;
            var root = run.Root(at);
            // A checkpoint within a tile wants the root of then.
            if (root.IsEmpty || _sizes.GetViewBetween(_end.Seq + 1, _end.Seq + count - 1).Count > 0)
                _tree.Add(run.Leaves(at, count = 1));
            else
                _tree.AddTile(run.Leaves(at, count), root);
            Advance(_end.Seq + count, run.Head, run.IsSm3);
        }
        foreach (var (seq, about, detail) in run.Announced)
            Announce(seq, about, detail);
        return run.Why ?? (run.Count < run.Asked ? "missing" : null);
    }

    private string? Take(LedgerEntry entry)
    {
        if (entry.Seq != _end.Seq + 1)
            return "missing";
        if (entry.Previous != _end.Hash)
            return "chain";
        // From SHA-256 to SM3 there is one way, and no third.
        if (entry.Alg != LedgerEntry.Sm3Alg && (entry.Alg != LedgerEntry.Sha256Alg || _end.IsSm3))
            return "changed";
        Span<byte> leaf = stackalloc byte[Sm3.Size], hash = stackalloc byte[Sm3.Size];
        entry.Leaf(leaf);
        entry.Seal(leaf, hash);
        if (Convert.ToHexStringLower(hash) != entry.Hash)
            return "changed";
        _tree.Add(leaf);
        if (entry.Action == "ledger.checkpoint")
            Announce(entry.Seq, entry.About, entry.Detail);
        Advance(entry.Seq, entry.Hash, entry.Alg == LedgerEntry.Sm3Alg);
        return null;
    }

    private void Announce(long seq, string about, string detail)
    {
        if (long.TryParse(about.AsSpan(about.IndexOf(':') + 1), CultureInfo.InvariantCulture, out var size))
            _announced[size] = (seq, detail);
    }

    private void Advance(long seq, string hash, bool isSm3)
    {
        _end = (seq, hash, isSm3);
        if (_sizes.Contains(seq))
            _roots[seq] = Convert.ToHexStringLower(_tree.Root());
    }

    // An archive that is at hand is read like the ledger; of one that is not, the leaves stand in the tiles.
    private async Task<(LedgerVerdict? Bad, long Elsewhere)> TakeArchivesAsync(CancellationToken cancel)
    {
        var elsewhere = 0L;
        foreach (var archive in (await connection.QueryAsync<LedgerArchive>($"SELECT {LedgerArchive.Columns} FROM ledger_archive ORDER BY last")).AsList())
        {
            if (archive.First != _end.Seq + 1)
                return (Bad("archive"), 0);
            if (File.Exists(archive.File))
            {
                try
                {
                    await foreach (var entry in LedgerFile.ReadAsync(archive.File, cancel))
                    {
                        if (Take(entry) is { } why)
                            return (Bad(why), 0);
                        if (_full.Count > 64 && await CheckFullAsync() is { } tile)
                            return (tile, 0);
                    }
                }
                catch (System.Text.Json.JsonException)
                {
                    return (Bad("archive"), 0);
                }
            }
            else
            {
                if (!await TakeLeavesAsync(archive))
                    return (Bad("archive"), 0);
                elsewhere += archive.Last - archive.First + 1;
            }
            if (await CheckFullAsync() is { } bad)
                return (bad, 0);
            if ((_end.Seq, _end.Hash, _end.IsSm3 ? LedgerEntry.Sm3Alg : LedgerEntry.Sha256Alg, Convert.ToHexStringLower(_tree.Root())) != (archive.Last, archive.Head, archive.Alg, archive.Root))
                return (Bad("archive", archive.First), 0);
        }
        return (null, elsewhere);
    }

    private async Task<bool> TakeLeavesAsync(LedgerArchive archive)
    {
        for (var seq = archive.First; seq <= archive.Last;)
        {
            var tile = await connection.QueryFirstOrDefaultAsync<byte[]>("SELECT hashes FROM ledger_tile WHERE level = 0 AND idx = @index", new { index = (seq - 1) / MerkleTiles.Width });
            for (var within = (int)((seq - 1) % MerkleTiles.Width); within < MerkleTiles.Width && seq <= archive.Last; within++, seq++)
            {
                if (tile is null || tile.Length < (within + 1) * Sm3.Size)
                    return false;
                _tree.Add(tile.AsSpan(within * Sm3.Size, Sm3.Size));
                Advance(seq, archive.Head, archive.Alg == LedgerEntry.Sm3Alg);
            }
            if (await CheckFullAsync() is not null)
                return false;
        }
        return true;
    }

    private async Task<LedgerVerdict?> CheckFullAsync()
    {
        var bad = await CheckTilesAsync(_full);
        _full.Clear();
        return bad;
    }

    // A kept tile is the beginning of the one that the entries make, at least as far as the last checkpoint went.
    private async Task<LedgerVerdict?> CheckTilesAsync(IReadOnlyList<(int Level, long Index, byte[] Hashes)> made, bool isEnd = false)
    {
        var keptSize = _checkpoints.Count == 0 ? 0 : _checkpoints[^1].Size;
        foreach (var (level, index, hashes) in made)
        {
            var kept = await connection.QueryFirstOrDefaultAsync<byte[]>("SELECT hashes FROM ledger_tile WHERE level = @level AND idx = @index", new { level, index });
            _tilesSeen += kept is null ? 0 : 1;
            var wanted = Math.Clamp((keptSize >> (8 * level)) - index * MerkleTiles.Width, 0, MerkleTiles.Width) * Sm3.Size;
            if ((kept?.Length ?? 0) < Math.Min(wanted, hashes.Length) || !hashes.AsSpan().StartsWith(kept))
                return Bad("tile", (index << (8 * (level + 1))) + 1);
        }
        return isEnd && await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger_tile") != _tilesSeen ? Bad("tile") : null;
    }

    private LedgerVerdict? CheckCheckpoints()
    {
        var good = 0L;
        foreach (var word in _checkpoints)
        {
            var why = !_roots.TryGetValue(word.Size, out var root) ? "tail"
                : root != word.Root ? "root"
                : key is not null && !(key.Find(word.Key) is { } known && word.IsSignedBy(known)) ? "signature"
                : word.Token is not null && word.StampedAt() is null ? "token"
                : null;
            if (why is not null)
                return Bad(why, why == "tail" ? null : good + 1);
            good = word.Size;
        }
        // Each checkpoint is itself an entry: one that was taken away leaves that behind.
        foreach (var (size, (seq, detail)) in _announced)
        {
            if (!_roots.TryGetValue(size, out var root) || !detail.Contains(root, StringComparison.Ordinal))
                return Bad("checkpoint", seq);
        }
        return null;
    }
}
