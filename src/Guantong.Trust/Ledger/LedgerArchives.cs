using System.Text.Json;
using Dapper;

namespace Guantong.Trust;

/// <summary>Entries that were moved from the store to a file.</summary>
/// <param name="Head">Hash of its last entry, on which the store's first chains.</param>
/// <param name="Root">Root of the tree over all entries up to its last.</param>
public sealed record LedgerArchive(long Last, long First, string At, string Head, string Alg, string Root, string File)
{
    internal const string Columns = "last, first, at, head, alg, root, file";
}

/// <summary>Moves old entries out to files, which are read back and compared with the tree before the store lets go of them.</summary>
/// <param name="folder">Where files are to stand, as <c>ledger-FIRST-LAST.jsonl</c>.</param>
public sealed class LedgerArchives(Store store, Ledger ledger, TimeProvider clock, string folder)
{
    /// <summary>The archives there are, oldest first.</summary>
    public Task<IReadOnlyList<LedgerArchive>> AllAsync(CancellationToken cancel = default) => store.ReadAsync(async connection =>
        (IReadOnlyList<LedgerArchive>)(await connection.QueryAsync<LedgerArchive>($"SELECT {LedgerArchive.Columns} FROM ledger_archive ORDER BY last")).AsList(), cancel);

    /// <summary>Archives the oldest entries up to one that a checkpoint covers; on PostgreSQL whole partitions, so perhaps fewer.</summary>
    /// <returns>The archive; null when nothing can be archived up to there.</returns>
    /// <exception cref="LedgerBrokenException">The entries do not agree with the tree: nothing was moved.</exception>
    public async Task<LedgerArchive?> MoveAsync(string by, long upTo, string? unit = null, CancellationToken cancel = default)
    {
        if (await WriteAsync(upTo, cancel) is not { } archive)
            return null;
        await store.ChangeAsync(clock.GetUtcNow(), change => MoveAsync(change, by, unit, archive), cancel);
        return archive;
    }

    /// <summary>Whether there is anything to archive up to an entry.</summary>
    internal async Task<bool> AnyAsync(long upTo, CancellationToken cancel) => await RangeAsync(upTo, cancel) is var (first, last) && last >= first;

    /// <summary>Writes the entries into a file and reads it back; the store keeps them still.</summary>
    internal async Task<LedgerArchive?> WriteAsync(long upTo, CancellationToken cancel)
    {
        var (first, last) = await RangeAsync(upTo, cancel);
        if (last < first)
            return null;
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, $"ledger-{first:d12}-{last:d12}.jsonl");
        await using (var stream = new FileStream(file, FileMode.Create, FileAccess.Write))
        {
            await LedgerFile.WriteAsync(stream, ledger.StreamAsync(new LedgerQuery(), first, last, cancel), cancel);
            stream.Flush(flushToDisk: true);
        }
        return await ReadBackAsync(file, first, last, cancel);
    }

    /// <summary>Lets go of what stands in an archive's file.</summary>
    internal async Task MoveAsync(Change change, string by, string? unit, LedgerArchive archive)
    {
        await change.ExecuteAsync($"INSERT INTO ledger_archive ({LedgerArchive.Columns}) VALUES (@Last, @First, @At, @Head, @Alg, @Root, @File)", archive);
        if (store.IsPostgres)
            await DropPartitionsAsync(change, archive.Last);
        else
            await DeleteRowsAsync(change, archive.Last);
        change.Record(by, "ledger.archived", $"archive:{archive.First}-{archive.Last}", JsonSerializer.Serialize(new { head = archive.Head, root = archive.Root }), unit);
    }

    private Task<(long First, long Last)> RangeAsync(long upTo, CancellationToken cancel) => store.ReadAsync(async connection =>
    {
        var first = await connection.ExecuteScalarAsync<long>("SELECT coalesce(min(seq), 1) FROM ledger");
        var covered = await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(size), 0) FROM ledger_checkpoint");
        var last = Math.Min(upTo, covered);
        if (store.IsPostgres)
            last = await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(high) - 1, 0) FROM ledger_part WHERE high - 1 <= @last", new { last });
        return (first, last);
    }, cancel);

    private async Task<LedgerArchive> ReadBackAsync(string file, long first, long last, CancellationToken cancel)
    {
        var before = await AllAsync(cancel) is [.., var newest] ? newest : null;
        var (seq, head, alg) = (first - 1, before?.Head ?? Ledger.Genesis, before?.Alg ?? LedgerEntry.Sha256Alg);
        return await store.ReadAsync(async connection =>
        {
            var tree = await LedgerTree.OpenAsync(connection, last, cancel);
            byte[] leaf = new byte[Sm3.Size], hash = new byte[Sm3.Size];
            await foreach (var entry in LedgerFile.ReadAsync(file, cancel))
            {
                entry.Leaf(leaf);
                entry.Seal(leaf, hash);
                if (entry.Seq != seq + 1 || entry.Previous != head || entry.Hash != Convert.ToHexStringLower(hash) || !(await tree.LeafAsync(entry.Seq - 1)).AsSpan().SequenceEqual(leaf))
                    throw new LedgerBrokenException(seq + 1);
                (seq, head, alg) = (entry.Seq, entry.Hash, entry.Alg);
            }
            if (seq != last)
                throw new LedgerBrokenException(seq + 1);
            return new LedgerArchive(last, first, Time.Write(clock.GetUtcNow()), head, alg, Convert.ToHexStringLower(await tree.RootAsync(last)), file);
        }, cancel);
    }

    private static async Task DropPartitionsAsync(Change change, long last)
    {
        foreach (var part in (await change.QueryAsync<string>("SELECT name FROM ledger_part WHERE high - 1 <= @last ORDER BY low", new { last })).AsList())
        {
            await change.ExecuteAsync($"ALTER TABLE ledger DETACH PARTITION \"{part}\"");
            await change.ExecuteAsync($"DROP TABLE \"{part}\"");
        }
        await change.ExecuteAsync("DELETE FROM ledger_part WHERE high - 1 <= @last", new { last });
    }

    private static async Task DeleteRowsAsync(Change change, long last)
    {
        var trigger = await change.FindAsync<string>("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'ledger_no_delete'");
        await change.ExecuteAsync("DROP TRIGGER ledger_no_delete");
        await change.ExecuteAsync("DELETE FROM ledger WHERE seq <= @last", new { last });
        await change.ExecuteAsync(trigger!);
    }
}
