using System.Data.Common;
using Dapper;

namespace Guantong.Trust;

/// <summary>One transaction on the operations store, with the ledger entries that go with it.</summary>
public sealed class Change
{
    private readonly List<LedgerLine> _lines = [];
    private readonly bool _postgres;

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

    /// <summary>Runs a statement in the transaction; gives the rows touched.</summary>
    public Task<int> ExecuteAsync(string sql, object? args = null) => Connection.ExecuteAsync(sql, args, Transaction);

    /// <summary>Reads rows in the transaction.</summary>
    public Task<IEnumerable<T>> QueryAsync<T>(string sql, object? args = null) => Connection.QueryAsync<T>(sql, args, Transaction);

    /// <summary>Reads one row or none in the transaction.</summary>
    public Task<T?> FindAsync<T>(string sql, object? args = null) => Connection.QueryFirstOrDefaultAsync<T>(sql, args, Transaction);

    /// <summary>Says for the ledger who did what, to what, why.</summary>
    /// <param name="actor">Login, key or service.</param>
    /// <param name="action">Verb in kebab-case with its noun, e.g. <c>task.done</c>.</param>
    /// <param name="about">kind:id of what it was done to, e.g. <c>case:2026-0001</c>.</param>
    /// <param name="detail">JSON with the particulars.</param>
    public void Record(string actor, string action, string about, string detail = "{}") =>
        _lines.Add(new LedgerLine(actor, action, about, detail));

    internal async Task WriteLedgerAsync()
    {
        if (_lines.Count == 0)
            throw new InvalidOperationException("A change must record itself in the ledger.");
        // The chain has one end: on PostgreSQL, writers take turns at it for the rest of their transaction.
        if (_postgres)
            await ExecuteAsync("SELECT pg_advisory_xact_lock(7236981)");
        var last = await FindAsync<(long Seq, string Hash)?>("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1");
        var (seq, hash) = last ?? (0, Ledger.Genesis);
        foreach (var line in _lines)
        {
            var entry = Ledger.Chain(++seq, Stamp, line, hash);
            hash = entry.Hash;
            await ExecuteAsync("INSERT INTO ledger (seq, at, actor, action, about, detail, previous, hash) VALUES (@Seq, @At, @Actor, @Action, @About, @Detail, @Previous, @Hash)", entry);
        }
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
