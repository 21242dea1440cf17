using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Guantong.Trust;

/// <summary>One transaction on the operations store, with the ledger entries that go with it.</summary>
public sealed class Change
{
    // Partitions are made long before the chain reaches them.
    private const long AheadEvery = 1 << 16;

    private const string Line = "INSERT INTO ledger (seq, at, actor, action, about, detail, unit, subject, dataset, alg, previous, hash) VALUES (@Seq, @At, @Actor, @Action, @About, @Detail, @Unit, @Subject, @Dataset, @Alg, @Previous, @Hash)";

    private static readonly (string Name, Func<LedgerEntry, object?> Of)[] LineColumns =
    [
        ("Seq", e => e.Seq), ("At", e => e.At), ("Actor", e => e.Actor), ("Action", e => e.Action), ("About", e => e.About), ("Detail", e => e.Detail),
        ("Unit", e => e.Unit), ("Subject", e => e.Subject), ("Dataset", e => e.Dataset), ("Alg", e => e.Alg), ("Previous", e => e.Previous), ("Hash", e => e.Hash),
    ];

    private readonly List<LedgerLine> _lines = [];
    private readonly List<(string Sql, object? Args)> _later = [];
    private readonly bool _postgres;
    private bool _isPlanned;

    internal Change(DbConnection connection, DbTransaction transaction, bool postgres, DateTimeOffset at)
    {
        (Connection, Transaction, _postgres, At) = (connection, transaction, postgres, at);
    }

    /// <summary>The open connection.</summary>
    public DbConnection Connection { get; }

    /// <summary>The open transaction.</summary>
    public DbTransaction Transaction { get; }

    /// <summary>The time that every row of this change bears.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The time as the store keeps it.</summary>
    public string Stamp => Time.Write(At);

    /// <summary>Appended to a SELECT to hold its rows until commit; nothing on SQLite, which has one writer.</summary>
    /// <remarks>Keys do not change: rows elsewhere may come to refer to a held one meanwhile.</remarks>
    public string ForUpdate => _postgres ? " FOR NO KEY UPDATE" : "";

    /// <summary>Appended to a SELECT to take rows that no other node holds.</summary>
    public string SkipLocked => _postgres ? " FOR NO KEY UPDATE SKIP LOCKED" : "";

    /// <summary>The same for the rows of one table of a join.</summary>
    public string SkipLockedOf(string table) => _postgres ? $" FOR NO KEY UPDATE OF {table} SKIP LOCKED" : "";

    /// <summary>Says that what this change replaces was never to be kept: an embedded store does not keep it in its log either.</summary>
    public void Scrub() => Scrubs = true;

    internal bool Scrubs { get; private set; }

    /// <summary>Runs a statement in the transaction before whatever comes next there, in one trip with it.</summary>
    /// <param name="args">An object whose properties are texts, counts or null.</param>
    public void Later(string sql, object? args = null)
    {
        // What is written goes by keys: its plan is made once. Left to choose, PostgreSQL planned the history's line of each case anew, which took longer than to write it.
        if (_postgres && !_isPlanned)
            _later.Add(("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)", null));
        _isPlanned = true;
        _later.Add((sql, args));
    }

    /// <summary>Runs a statement in the transaction; gives the rows touched.</summary>
    public async Task<int> ExecuteAsync(string sql, object? args = null)
    {
        if (_later.Count > 0 && Batch.Takes(args))
        {
            Later(sql, args);
            return await RunLaterAsync();
        }
        await RunLaterAsync();
        return await Connection.ExecuteAsync(sql, args, Transaction);
    }

    /// <summary>Reads rows in the transaction.</summary>
    public async Task<IEnumerable<T>> QueryAsync<T>(string sql, object? args = null)
    {
        await RunLaterAsync();
        return await Connection.QueryAsync<T>(sql, args, Transaction);
    }

    /// <summary>Reads one row or none in the transaction.</summary>
    public async Task<T?> FindAsync<T>(string sql, object? args = null)
    {
        await RunLaterAsync();
        return await Connection.QueryFirstOrDefaultAsync<T>(sql, args, Transaction);
    }

    /// <summary>Reads one row or none by each of two statements, in one trip; the second sees what the first waited for.</summary>
    public async Task<(TFirst? First, TSecond? Second)> FindAsync<TFirst, TSecond>(string first, string second, object? args = null)
    {
        await RunLaterAsync();
        await using var both = await Connection.QueryMultipleAsync($"{first};\n{second}", args, Transaction);
        return (await both.ReadFirstOrDefaultAsync<TFirst>(), await both.ReadFirstOrDefaultAsync<TSecond>());
    }

    private async Task<int> RunLaterAsync()
    {
        if (_later.Count == 0)
            return 0;
        var touched = 0;
        if (_postgres)
            touched = await Batch.RunAsync((NpgsqlConnection)Connection, (NpgsqlTransaction)Transaction, _later);
        else
            foreach (var (sql, args) in _later)
                touched = await Connection.ExecuteAsync(sql, args, Transaction);
        _later.Clear();
        return touched;
    }

    /// <summary>Says for the ledger who did what, to what, why.</summary>
    /// <param name="actor">Login, key or service.</param>
    /// <param name="action">Verb in kebab-case with its noun, e.g. <c>task.done</c>.</param>
    /// <param name="about">kind:id of what it was done to, e.g. <c>case:2026-0001</c>.</param>
    /// <param name="detail">JSON with the particulars.</param>
    /// <param name="unit">The unit for which it was done.</param>
    /// <param name="subject">Whose data it was about: a key, never a name.</param>
    /// <param name="dataset">The dataset read or written, pack/id.</param>
    public void Record(string actor, string action, string about, string detail = "{}", string? unit = null, string? subject = null, string? dataset = null) =>
        _lines.Add(new LedgerLine(actor, action, about, detail, unit, subject, dataset));

    /// <summary>Writes the ledger and commits. On PostgreSQL that is two trips: the rest of the change with the chain's end, and the chain's lines with the commit, which the caller follows by a flush.</summary>
    internal async Task CommitAsync(CancellationToken cancel)
    {
        if (_lines.Count == 0)
            throw new InvalidOperationException("A change must record itself in the ledger.");
        var (seq, hash) = await HeadAsync() ?? (0, Ledger.Genesis);
        var entries = new List<LedgerEntry>(_lines.Count);
        foreach (var line in _lines)
        {
            entries.Add(Ledger.Chain(++seq, Stamp, line, hash));
            hash = entries[^1].Hash;
        }
        if (!_postgres)
        {
            await RunLaterAsync();
            Append(entries);
            await Transaction.CommitAsync(cancel);
            return;
        }
        foreach (var entry in entries)
        {
            Later(Line, entry);
            if (entry.Seq % AheadEvery == 0)
                Later("SELECT ledger_ahead(@Seq)::text", new { entry.Seq });
        }
        Later("SELECT set_config('synchronous_commit', 'off', true)");
        Later("COMMIT");
        await RunLaterAsync();
    }

    // Prepared once: on SQLite, to read the statement anew for each line takes longer than to run it.
    private void Append(List<LedgerEntry> entries)
    {
        using var command = ((SqliteConnection)Connection).CreateCommand();
        (command.CommandText, command.Transaction) = (Line, (SqliteTransaction)Transaction);
        var parameters = LineColumns.Select(c => command.Parameters.Add("@" + c.Name, c.Name == "Seq" ? SqliteType.Integer : SqliteType.Text)).ToArray();
        foreach (var entry in entries)
        {
            for (var i = 0; i < parameters.Length; i++)
                parameters[i].Value = LineColumns[i].Of(entry) ?? DBNull.Value;
            command.ExecuteNonQuery();
        }
    }

    // The chain has one end: on PostgreSQL, writers take turns at it until they have committed.
    private async Task<(long Seq, string Hash)?> HeadAsync()
    {
        const string head = "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1";
        if (!_postgres)
            return await FindAsync<(long, string)?>(head);
        Later("SELECT pg_advisory_xact_lock(7236981)::text");
        Later(head);
        var row = await Batch.FindAsync((NpgsqlConnection)Connection, (NpgsqlTransaction)Transaction, _later);
        _later.Clear();
        return row is null ? null : ((long)row[0], (string)row[1]);
    }
}

/// <summary>How the store writes times: ISO 8601 in UTC to the millisecond, so that text order is time order.</summary>
public static class Time
{
    /// <summary>Writes a time.</summary>
    public static string Write(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Reads a time.</summary>
    public static DateTimeOffset Read(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);
}
