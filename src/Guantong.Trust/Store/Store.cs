using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Guantong.Trust;

/// <summary>The operations store: SQLite in a file, or PostgreSQL. One schema, one behaviour.</summary>
/// <remarks>
/// Timestamps are ISO 8601 text in UTC, booleans 0/1, JSON text, counts BIGINT, so that the same statements run on both.
/// </remarks>
public sealed class Store : IAsyncDisposable
{
    private readonly Func<DbConnection> _connect;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly NpgsqlDataSource? _postgres;
    private readonly Flush? _flush;
    private bool _isToScrub;
    private bool _isClosed;

    private Store(Func<DbConnection> connect, NpgsqlDataSource? postgres, string label)
    {
        (_connect, _postgres, Label) = (connect, postgres, label);
        _flush = postgres is null ? null : new Flush(postgres);
    }

    /// <summary>What to call this store to an operator: a file, or host and database; never a password.</summary>
    public string Label { get; }

    /// <summary>True on PostgreSQL.</summary>
    public bool IsPostgres => _postgres is not null;

    /// <summary>Told before each commit (false), and after it stands but before anybody knows (true): a test breaks off there, as a machine may.</summary>
    internal Action<bool>? Breaking { get; set; }

    /// <summary>Opens a store.</summary>
    /// <param name="setting">A file path, or <c>postgres://user:password@host:port/database?sslmode=…&amp;sslrootcert=FILE</c>.</param>
    /// <param name="rooms">The rooms whose migrations are to stand, lowest first.</param>
    public static async Task<Store> OpenAsync(string setting, IReadOnlyList<Migrations> rooms, CancellationToken cancel = default)
    {
        var store = IsPostgresSetting(setting)
            ? OpenPostgres(new Uri(setting))
            : OpenSqlite(setting);
        await using var connection = await store.ConnectAsync(cancel);
        foreach (var room in rooms)
            await room.BringUpAsync(connection, store.IsPostgres, cancel);
        return store;
    }

    // A connection is used by one thread at a time: SQLite need not lock it at each call, of which there are dozens a row.
    static Store()
    {
        SQLitePCL.Batteries_V2.Init();
        SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
    }

    private static Store OpenSqlite(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var text = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30, Pooling = true }.ToString();
        return new Store(() => new SqliteConnection(text), null, path);
    }

    private static Store OpenPostgres(Uri uri)
    {
        var builder = Reach(uri);
        // The same statements again and again; and nothing is set on a connection that outlives its transaction.
        (builder.MaxAutoPrepare, builder.NoResetOnClose) = (200, true);
        // Short statements, many of them: where a plan looked costly, compiling it took 40 ms and running it none.
        builder.Options = "-c jit=off";
        // Not first where the account's own name leads: the warehouse's schema may be called so.
        builder.SearchPath = "public";
        var source = NpgsqlDataSource.Create(builder);
        return new Store(source.CreateConnection, source, $"postgres://{builder.Host}:{builder.Port}/{builder.Database}");
    }

    /// <summary>Whether a setting names a PostgreSQL.</summary>
    public static bool IsPostgresSetting(string setting) => setting.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) && setting.Contains("://", StringComparison.Ordinal);

    /// <summary>How a PostgreSQL that a setting names is reached.</summary>
    /// <exception cref="ConfigurationException">Something is asked for that is not known.</exception>
    public static NpgsqlConnectionStringBuilder Reach(Uri uri)
    {
        var user = uri.UserInfo.Split(':', 2);
        var (mode, certificate) = WayTo(uri);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = uri.AbsolutePath.Trim('/'),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            SslMode = Modes[mode],
            RootCertificate = certificate,
        };
    }

    private static readonly Dictionary<string, SslMode> Modes = new()
    {
        ["disable"] = SslMode.Disable, ["prefer"] = SslMode.Prefer, ["require"] = SslMode.Require, ["verify-ca"] = SslMode.VerifyCA, ["verify-full"] = SslMode.VerifyFull,
    };

    /// <summary>What protects the way to a PostgreSQL, by libpq's names: what is asked for, else TLS with the server's certificate checked, and on this machine whatever the server offers.</summary>
    /// <exception cref="ConfigurationException">Something is asked for that is not known.</exception>
    public static (string Mode, string? RootCertificate) WayTo(Uri store)
    {
        var asked = System.Web.HttpUtility.ParseQueryString(store.Query);
        foreach (var name in asked.AllKeys.Where(k => k is not ("sslmode" or "sslrootcert")))
            throw new ConfigurationException($"--store: {name} is not known; behind the database's name there may stand sslmode and sslrootcert");
        var mode = asked["sslmode"] ?? (store.IsLoopback ? "prefer" : "verify-full");
        return Modes.ContainsKey(mode) ? (mode, asked["sslrootcert"]) : throw new ConfigurationException($"--store: sslmode={mode} is not known; it is {string.Join(", ", Modes.Keys)}");
    }

    /// <summary>Whether whoever is on the network between could read along, or be the PostgreSQL that a setting names.</summary>
    public static bool IsOpenToTheNetwork(string setting) => setting.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(setting, UriKind.Absolute, out var uri)
        && !uri.IsLoopback && !WayTo(uri).Mode.StartsWith("verify", StringComparison.Ordinal);

    internal async Task<DbConnection> ConnectAsync(CancellationToken cancel)
    {
        // Whatever outlives the platform for a moment leaves its files alone.
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var connection = _connect();
        await connection.OpenAsync(cancel);
        // The log is taken into the file after 16 MB, not 4: pages that many changes touch, such as the ledger's indexes, are written there once.
        if (!IsPostgres)
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 30000; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4000; PRAGMA secure_delete = ON;");
        return connection;
    }

    /// <summary>How many changes this process has made to it: whoever keeps what they read knows by this that it is still so, but for what other processes did.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    private long _changes;

    /// <summary>Reads; what is written in here is not kept by any promise.</summary>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancel = default)
    {
        await using var connection = await ConnectAsync(cancel);
        return await read(connection);
    }

    /// <summary>Changes state and writes the ledger in one transaction, or does neither.</summary>
    /// <exception cref="InvalidOperationException">The work recorded nothing: every change leaves a trace (architecture.md, rule 2).</exception>
    public async Task<T> ChangeAsync<T>(DateTimeOffset at, Func<Change, Task<T>> work, CancellationToken cancel = default)
    {
        // SQLite has one writer; queueing here spares its busy loop. PostgreSQL takes row locks instead.
        if (!IsPostgres)
            await _writer.WaitAsync(cancel);
        try
        {
            await using var connection = await ConnectAsync(cancel);
            await using var transaction = connection is SqliteConnection sqlite
                ? sqlite.BeginTransaction(IsolationLevel.Serializable, deferred: false)
                : await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
            var change = new Change(connection, transaction, IsPostgres, at);
            var result = await work(change);
            Breaking?.Invoke(false);
            await change.CommitAsync(cancel);
            Interlocked.Increment(ref _changes);
            if (_flush is not null)
                await _flush.WaitAsync();
            else if (_isToScrub |= change.Scrubs)
            {
                // Whoever still reads an older state keeps the log from being cut: then the next change does it.
                await connection.ExecuteAsync("PRAGMA busy_timeout = 500");
                _isToScrub = await connection.ExecuteScalarAsync<long>("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
            }
            Breaking?.Invoke(true);
            return result;
        }
        finally
        {
            if (!IsPostgres)
                _writer.Release();
        }
    }

    /// <inheritdoc cref="ChangeAsync{T}"/>
    public Task ChangeAsync(DateTimeOffset at, Func<Change, Task> work, CancellationToken cancel = default) =>
        ChangeAsync(at, async change => { await work(change); return 0; }, cancel);

    /// <summary>Writes a whole and consistent copy of an SQLite store to a file that is not there yet; writers wait meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The store is PostgreSQL, which has tools of its own for this.</exception>
    public async Task CopyAsync(string file, CancellationToken cancel = default)
    {
        if (IsPostgres)
            throw new InvalidOperationException("PostgreSQL is copied by pg_dump.");
        await _writer.WaitAsync(cancel);
        try
        {
            await using var connection = await ConnectAsync(cancel);
            await connection.ExecuteAsync("VACUUM INTO @file", new { file });
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        _writer.Dispose();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        else
            SqliteConnection.ClearPool((SqliteConnection)_connect());
    }
}
