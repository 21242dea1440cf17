using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;

namespace Guantong.Trust;

/// <summary>What is looked for in the ledger; what is null does not narrow.</summary>
/// <param name="Person">Who did it: login, key or service.</param>
/// <param name="About">What it was done to, kind:id.</param>
/// <param name="Matter">A matter's id or name as entries about its cases give it in their particulars.</param>
/// <param name="Subject">Whose data it was about.</param>
/// <param name="From">ISO 8601 or the beginning of it; from then on.</param>
/// <param name="To">The same; until before then.</param>
public sealed record LedgerQuery(string? Person = null, string? About = null, string? Matter = null, string? Subject = null, string? Dataset = null, string? Unit = null, string? Action = null, string? From = null, string? To = null);

/// <summary>What recomputing the ledger gives: how many entries hold, and the first that does not.</summary>
/// <param name="Why">missing, chain, changed; or, of what was made from the entries: tail, root, signature, token, checkpoint, tile, archive.</param>
/// <param name="Root">The root of the tree over the entries that hold.</param>
/// <param name="Checkpoints">How many checkpoints hold.</param>
/// <param name="Archived">How many of the entries stand in archives that are not on this machine and were taken on the tree's word.</param>
public sealed record LedgerVerdict(long Entries, string Head, long? FirstBad, string? Why, string? Root = null, int Checkpoints = 0, long Archived = 0);

/// <summary>Reads and verifies the ledger (plan, annex 6 §5(9): 事中全留痕、事后可追溯).</summary>
public sealed class Ledger(Store store, LedgerKey? key = null)
{
    /// <summary>What the first entry's <c>previous</c> holds.</summary>
    public const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Chains a line onto a hash.</summary>
    public static LedgerEntry Chain(long seq, string at, LedgerLine line, string previous)
    {
        var entry = new LedgerEntry(seq, at, line.Actor, line.Action, line.About, line.Detail, line.Unit, line.Subject, line.Dataset, LedgerEntry.Sm3Alg, previous, "");
        Span<byte> hash = stackalloc byte[Sm3.Size];
        entry.Leaf(hash);
        return entry with { Hash = Convert.ToHexStringLower(hash) };
    }

    /// <summary>Recomputes the whole ledger: chain, tree and checkpoints. Names the first entry that is missing, changed or out of order, or that a checkpoint does not bear out.</summary>
    public Task<LedgerVerdict> VerifyAsync(CancellationToken cancel = default) => store.ReadAsync(connection => new LedgerCheck(store, connection, key).RunAsync(cancel), cancel);

    /// <summary>Entries about one thing, oldest first.</summary>
    public Task<IReadOnlyList<LedgerEntry>> AboutAsync(string about, CancellationToken cancel = default) => store.ReadAsync(async connection =>
        (IReadOnlyList<LedgerEntry>)(await connection.QueryAsync<LedgerEntry>($"SELECT {LedgerEntry.Columns} FROM ledger WHERE about = @about ORDER BY seq", new { about })).AsList(), cancel);

    /// <summary>One entry, or null.</summary>
    public Task<LedgerEntry?> FindAsync(long seq, CancellationToken cancel = default) => store.ReadAsync(connection =>
        connection.QueryFirstOrDefaultAsync<LedgerEntry>($"SELECT {LedgerEntry.Columns} FROM ledger WHERE seq = @seq", new { seq }), cancel);

    /// <summary>A page of the ledger, newest first.</summary>
    public Task<(IReadOnlyList<LedgerEntry> Entries, long Total)> PageAsync(int skip, int take, CancellationToken cancel = default) => PageAsync(new LedgerQuery(), skip, take, cancel);

    /// <summary>A page of what is looked for, newest first.</summary>
    public Task<(IReadOnlyList<LedgerEntry> Entries, long Total)> PageAsync(LedgerQuery query, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var (where, args) = Where(query);
        args.Add("take", take);
        args.Add("skip", skip);
        var entries = (await connection.QueryAsync<LedgerEntry>($"SELECT {LedgerEntry.Columns} FROM ledger {where} ORDER BY seq DESC LIMIT @take OFFSET @skip", args)).AsList();
        return ((IReadOnlyList<LedgerEntry>)entries, await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM ledger {where}", args));
    }, cancel);

    /// <summary>Entries from one to another as they are read, oldest first.</summary>
    public async IAsyncEnumerable<LedgerEntry> StreamAsync(LedgerQuery query, long first, long last, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using var connection = await store.ConnectAsync(cancel);
        var (where, args) = Where(query);
        args.Add("first", first);
        args.Add("last", last);
        await foreach (var entry in connection.QueryUnbufferedAsync<LedgerEntry>($"SELECT {LedgerEntry.Columns} FROM ledger {where} {(where.Length > 0 ? "AND" : "WHERE")} seq >= @first AND seq <= @last ORDER BY seq", args).WithCancellation(cancel))
            yield return entry;
    }

    private (string Where, DynamicParameters Args) Where(LedgerQuery query)
    {
        var (terms, args) = (new List<string>(), new DynamicParameters());
        void Term(string? value, string name, string term)
        {
            if (string.IsNullOrEmpty(value))
                return;
            terms.Add(term);
            args.Add(name, value);
        }
        Term(query.Person, "person", "actor = @person");
        Term(query.About, "about", "about = @about");
        // The particulars are JSON that this platform writes: a matter stands there as a quoted word.
        Term(query.Matter, "matter", $"{(store.IsPostgres ? "strpos" : "instr")}(detail, '\"' || @matter || '\"') > 0");
        Term(query.Subject, "subject", "subject = @subject");
        Term(query.Dataset, "dataset", "(dataset = @dataset OR about = 'dataset:' || @dataset)");
        Term(query.Unit, "unit", "unit = @unit");
        Term(query.Action, "action", "action = @action");
        Term(query.From, "from", "at >= @from");
        Term(query.To, "to", "at < @to");
        return (terms.Count == 0 ? "" : "WHERE " + string.Join(" AND ", terms), args);
    }

    /// <summary>How many entries there are, archived ones too.</summary>
    public Task<long> SizeAsync(CancellationToken cancel = default) => store.ReadAsync(SizeAsync, cancel);

    internal static Task<long> SizeAsync(DbConnection connection) => connection.ExecuteScalarAsync<long>("SELECT coalesce(max(seq), 0) FROM ledger");
}
