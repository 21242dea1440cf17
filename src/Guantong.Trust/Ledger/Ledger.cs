using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace Guantong.Trust;

/// <summary>What a change says of itself before it is chained.</summary>
public sealed record LedgerLine(string Actor, string Action, string About, string Detail);

/// <summary>One entry of the append-only, hash-chained record of who did what, to what, why.</summary>
/// <param name="Previous">Hash of the entry before; of <see cref="Ledger.Genesis"/> for the first.</param>
/// <param name="Hash">SHA-256, lower-case hex, over all the other fields.</param>
public sealed record LedgerEntry(long Seq, string At, string Actor, string Action, string About, string Detail, string Previous, string Hash);

/// <summary>What recomputing the chain gives: how many entries hold, and the first that does not.</summary>
public sealed record LedgerVerdict(long Entries, string Head, long? FirstBad, string? Why);

/// <summary>Reads and verifies the ledger (plan, annex 6 §5(9): 事中全留痕、事后可追溯).</summary>
public sealed class Ledger(Store store)
{
    /// <summary>What the first entry's <c>previous</c> holds.</summary>
    public const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Chains a line onto a hash.</summary>
    public static LedgerEntry Chain(long seq, string at, LedgerLine line, string previous)
    {
        // Lengths in front of each field: no two different entries give the same bytes.
        var text = new StringBuilder();
        foreach (var field in (string[])[seq.ToString(System.Globalization.CultureInfo.InvariantCulture), at, line.Actor, line.Action, line.About, line.Detail, previous])
            text.Append(Encoding.UTF8.GetByteCount(field)).Append(':').Append(field);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        return new LedgerEntry(seq, at, line.Actor, line.Action, line.About, line.Detail, previous, hash);
    }

    /// <summary>Recomputes the whole chain and names the first entry that is missing, changed or out of order.</summary>
    public Task<LedgerVerdict> VerifyAsync(CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var (seq, hash) = (0L, Genesis);
        await foreach (var entry in connection.QueryUnbufferedAsync<LedgerEntry>("SELECT seq, at, actor, action, about, detail, previous, hash FROM ledger ORDER BY seq").WithCancellation(cancel))
        {
            var why = entry.Seq != seq + 1 ? "missing"
                : entry.Previous != hash ? "chain"
                : Chain(entry.Seq, entry.At, new LedgerLine(entry.Actor, entry.Action, entry.About, entry.Detail), hash).Hash != entry.Hash ? "changed"
                : null;
            if (why is not null)
                return new LedgerVerdict(seq, hash, seq + 1, why);
            (seq, hash) = (entry.Seq, entry.Hash);
        }
        return new LedgerVerdict(seq, hash, null, null);
    }, cancel);

    /// <summary>Entries about one thing, oldest first.</summary>
    public Task<IReadOnlyList<LedgerEntry>> AboutAsync(string about, CancellationToken cancel = default) => store.ReadAsync(async connection =>
        (IReadOnlyList<LedgerEntry>)(await connection.QueryAsync<LedgerEntry>(
            "SELECT seq, at, actor, action, about, detail, previous, hash FROM ledger WHERE about = @about ORDER BY seq", new { about })).AsList(), cancel);

    /// <summary>A page of the ledger, newest first.</summary>
    public Task<(IReadOnlyList<LedgerEntry> Entries, long Total)> PageAsync(int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var entries = (await connection.QueryAsync<LedgerEntry>(
            "SELECT seq, at, actor, action, about, detail, previous, hash FROM ledger ORDER BY seq DESC LIMIT @take OFFSET @skip", new { take, skip })).AsList();
        return ((IReadOnlyList<LedgerEntry>)entries, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger"));
    }, cancel);
}
