using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Guantong.Trust;

/// <summary>That an entry stands in the ledger: its place, its leaf, and the way from there to a root.</summary>
public sealed record InclusionProof(long Seq, long Size, LedgerEntry? Entry, string Leaf, IReadOnlyList<string> Path, string Root);

/// <summary>That the ledger at one size is the beginning of the ledger at another.</summary>
public sealed record ConsistencyProof(long From, long To, IReadOnlyList<string> Path, string FromRoot, string ToRoot);

/// <summary>Makes checkpoints and proofs (RFC 6962 §2.1).</summary>
public sealed partial class Checkpoints(Store store, LedgerKey key, TimeStamps stamps, TimeProvider clock, ILogger<Checkpoints> log)
{
    /// <summary>Signs a word on the ledger as it stands, and has it witnessed where there is an authority.</summary>
    /// <returns>The new checkpoint; the last one when nothing but itself was written since.</returns>
    /// <exception cref="LedgerBrokenException">The ledger has a gap.</exception>
    public Task<Checkpoint?> MakeAsync(string by, CancellationToken cancel = default) => MakeAsync(by, null, cancel);

    /// <inheritdoc cref="MakeAsync(string, CancellationToken)"/>
    public Task<Checkpoint?> MakeAsync(Person by, CancellationToken cancel = default) => MakeAsync(by.Login, by.Unit, cancel);

    private async Task<Checkpoint?> MakeAsync(string by, string? unit, CancellationToken cancel)
    {
        var (last, size) = await store.ReadAsync(async connection => (await LastAsync(connection), await Ledger.SizeAsync(connection)), cancel);
        if (size <= (last is null ? 0 : last.Size + 1))
            return last;
        var tree = await store.ReadAsync(connection => LedgerTree.OpenAsync(connection, size, cancel), cancel);
        var now = clock.GetUtcNow();
        var word = await WitnessAsync(Checkpoint.Sign(tree.Size, tree.Root, now, key.Value), cancel);
        await store.ChangeAsync(now, async change =>
        {
            await tree.KeepAsync(change);
            await change.ExecuteAsync($"INSERT INTO ledger_checkpoint ({Checkpoint.Columns}) VALUES (@Size, @Root, @At, @Key, @Signature, @Token) ON CONFLICT (size) DO NOTHING", word);
            change.Record(by, "ledger.checkpoint", $"checkpoint:{word.Size.ToString(CultureInfo.InvariantCulture)}", JsonSerializer.Serialize(new { root = word.Root, key = word.Key, stamped = word.Token is not null }), unit);
        }, cancel);
        return word;
    }

    // A checkpoint without a witness is worth having; the next will ask again.
    private async Task<Checkpoint> WitnessAsync(Checkpoint word, CancellationToken cancel)
    {
        if (!stamps.Has)
            return word;
        try
        {
            return word with { Token = Convert.ToBase64String(await stamps.StampAsync(Convert.FromBase64String(word.Signature), cancel)) };
        }
        catch (TimeStampException e)
        {
            NoStamp(log, e.Message);
            return word;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The time-stamp authority gave no token: {why}")]
    private static partial void NoStamp(ILogger log, string why);

    /// <summary>The last checkpoint.</summary>
    public Task<Checkpoint?> LastAsync(CancellationToken cancel = default) => store.ReadAsync(LastAsync, cancel);

    private static Task<Checkpoint?> LastAsync(System.Data.Common.DbConnection connection) =>
        connection.QueryFirstOrDefaultAsync<Checkpoint>($"SELECT {Checkpoint.Columns} FROM ledger_checkpoint ORDER BY size DESC LIMIT 1");

    /// <summary>The checkpoint of one size, or null.</summary>
    public Task<Checkpoint?> FindAsync(long size, CancellationToken cancel = default) => store.ReadAsync(connection =>
        connection.QueryFirstOrDefaultAsync<Checkpoint>($"SELECT {Checkpoint.Columns} FROM ledger_checkpoint WHERE size = @size", new { size }), cancel);

    /// <summary>A page of checkpoints, newest first.</summary>
    public Task<(IReadOnlyList<Checkpoint> Items, long Total)> PageAsync(int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
        ((IReadOnlyList<Checkpoint>)(await connection.QueryAsync<Checkpoint>($"SELECT {Checkpoint.Columns} FROM ledger_checkpoint ORDER BY size DESC LIMIT @take OFFSET @skip", new { take, skip })).AsList(),
            await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger_checkpoint")), cancel);

    /// <summary>Proves that an entry stands in the ledger of a size; null when there is no such entry or size.</summary>
    public Task<InclusionProof?> IncludeAsync(long seq, long size, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        if (seq < 1 || seq > size || size > await Ledger.SizeAsync(connection))
            return null;
        var tree = await LedgerTree.OpenAsync(connection, size, cancel);
        var entry = await connection.QueryFirstOrDefaultAsync<LedgerEntry>($"SELECT {LedgerEntry.Columns} FROM ledger WHERE seq = @seq", new { seq });
        return new InclusionProof(seq, size, entry, Hex(await tree.LeafAsync(seq - 1)), [.. (await tree.InclusionAsync(seq - 1, size)).Select(Hex)], Hex(await tree.RootAsync(size)));
    }, cancel);

    /// <summary>Proves that the ledger of one size is the beginning of that of another; null when there are no such sizes.</summary>
    public Task<ConsistencyProof?> ExtendAsync(long from, long to, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        if (from < 1 || from > to || to > await Ledger.SizeAsync(connection))
            return null;
        var tree = await LedgerTree.OpenAsync(connection, to, cancel);
        return new ConsistencyProof(from, to, [.. (await tree.ConsistencyAsync(from, to)).Select(Hex)], Hex(await tree.RootAsync(from)), Hex(await tree.RootAsync(to)));
    }, cancel);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
