using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Npgsql;

namespace Guantong.Data;

/// <summary>The rows of a confined statement.</summary>
/// <param name="IsCut">Whether there were more than are given.</param>
public sealed record ConfinedRows(IReadOnlyList<ConfinedColumn> Columns, IReadOnlyList<object?[]> Rows, bool IsCut);

/// <summary>Runs confined statements on the warehouse: few at once, each for so long and for so many rows.</summary>
public sealed class ConfinedRuns(Warehouse warehouse) : IDisposable
{
    /// <summary>The most rows of one (CKAN's ckan.datastore.search.rows_max).</summary>
    public const int MostRows = 32_000;

    // The most characters of all its rows, a value counted as sixteen besides what it says.
    private const long MostText = 16 << 20;

    // Others read the warehouse too.
    private readonly SemaphoreSlim _turns = new(Math.Max(2, Environment.ProcessorCount / 2));

    /// <summary>The longest that one may run; <c>GUANTONG_SQL_SECONDS</c> says otherwise.</summary>
    public TimeSpan Longest { get; } = TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("GUANTONG_SQL_SECONDS"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? seconds : 10);

    /// <summary>Its rows, or why there are none. Waiting for a turn counts.</summary>
    public async Task<(ConfinedRows? Rows, SqlRefusal? Refused)> RunAsync(ConfinedQuery query, int most = MostRows, CancellationToken cancel = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ending.CancelAfter(Longest);
        try
        {
            await _turns.WaitAsync(ending.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, Slow());
        }
        try
        {
            // Both engines hold the thread that asks them.
            return await Task.Run(() => Run(query, most, ending.Token), CancellationToken.None);
        }
        finally
        {
            _turns.Release();
        }
    }

    private (ConfinedRows?, SqlRefusal?) Run(ConfinedQuery query, int most, CancellationToken ending)
    {
        try
        {
            using var connection = warehouse.Read();
            using var moment = connection.BeginTransaction();
            if (connection is NpgsqlConnection)
                Narrow(connection);
            using var command = connection.Command($"{query.Sql} LIMIT {(most + 1).ToString(CultureInfo.InvariantCulture)}");
            // An interrupt that comes before the engine has begun is lost: it is told until it hears.
            using var told = new Timer(_ => Interrupt(command, ending), null, 50, 50);
            return (Read(command, query.Columns, most, ending), null);
        }
        catch (OperationCanceledException)
        {
            return (null, Slow());
        }
        catch (DbException e)
        {
            return (null, ending.IsCancellationRequested || e is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } ? Slow()
                : e is PostgresException postgres ? new SqlRefusal("sql-failed", null, postgres.MessageText)
                : e.Message.StartsWith("Out of Memory", StringComparison.OrdinalIgnoreCase) ? new SqlRefusal("sql-memory", null) : new SqlRefusal("sql-failed", null, ShutEngine.Said(e.Message)));
        }
    }

    private SqlRefusal Slow() => new("sql-slow", null, Longest.TotalSeconds);

    private static void Interrupt(DbCommand command, CancellationToken ending)
    {
        if (!ending.IsCancellationRequested)
            return;
        try
        {
            command.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
        catch (InvalidOperationException)
        {
            // It has not begun.
        }
    }

    // The statement can only read; this says so to the server as well, keeps a text a text, and bounds what it takes of memory and disk.
    private void Narrow(DbConnection connection) => connection.Run($"""
        SET TRANSACTION READ ONLY;
        SET LOCAL standard_conforming_strings = on;
        SET LOCAL statement_timeout = {((long)Longest.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)};
        SET LOCAL work_mem = '16MB';
        SET LOCAL max_parallel_workers_per_gather = 0;
        SELECT set_config('temp_file_limit', '1GB', true) WHERE current_setting('is_superuser') = 'on';
        """);

    private static ConfinedRows Read(DbCommand command, IReadOnlyList<ConfinedColumn> columns, int most, CancellationToken ending)
    {
        using var reader = command.ExecuteReader();
        var (rows, text) = (new List<object?[]>(), 0L);
        while (reader.Read())
        {
            ending.ThrowIfCancellationRequested();
            if (rows.Count == most || text > MostText)
                return new ConfinedRows(columns, rows, true);
            var row = new object?[columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : Value(columns[i].Kind, reader.GetValue(i));
                text += 16 + (row[i] is string said ? said.Length : 0);
            }
            rows.Add(row);
        }
        return new ConfinedRows(columns, rows, false);
    }

    private static object? Value(string kind, object value) => kind switch
    {
        "timestamp" => ((string)value).Replace(' ', 'T'),
        "decimal" => Exact((string)value),
        // JSON has no word for these.
        "number" => double.IsFinite((double)value) ? value : null,
        _ => value,
    };

    private static object? Exact(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
        : decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var exact) ? exact
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var near) && double.IsFinite(near) ? near : null;

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}
