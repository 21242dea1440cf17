using Npgsql;

namespace Guantong.Data;

/// <summary>A table of a source's PostgreSQL that is followed.</summary>
internal sealed class SourceTable
{
    private readonly NpgsqlDataSource _source;
    private readonly string _table;

    private SourceTable(NpgsqlDataSource source, string table) => (_source, _table) = (source, table);

    /// <summary>Looks whether a table can be followed without harm to its source.</summary>
    /// <exception cref="LoadRefusedException">It is not there, lacks a column, its changes would not name their rows, or its server keeps no logical log.</exception>
    public static async Task<SourceTable> LookAsync(NpgsqlDataSource source, string table, string name, IReadOnlyList<string> wanted, IReadOnlyList<string> key, CancellationToken stop)
    {
        var quoted = string.Join('.', table.Split('.').Select(Sql.Name));
        await using var connection = await source.OpenConnectionAsync(stop);
        if (await ScalarAsync(connection, "SHOW wal_level", stop) is not "logical")
            throw new LoadRefusedException(name, 0, "stream-wal-level");
        if (await ScalarAsync(connection, "SELECT to_regclass(@p)::oid::bigint", stop, quoted) is not long oid)
            throw new LoadRefusedException(name, 0, "source-no-table");
        var columns = new List<(string Name, bool IsIdentity)>();
        // Without an identity the source itself would refuse to change rows of a published table.
        await using (var command = Command(connection, """
            SELECT a.attname, c.relreplident = 'f' OR coalesce(a.attnum = ANY(i.indkey), false)
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            LEFT JOIN pg_index i ON i.indrelid = c.oid AND ((c.relreplident = 'd' AND i.indisprimary) OR (c.relreplident = 'i' AND i.indisreplident))
            WHERE a.attrelid = @p::oid AND a.attnum > 0 AND NOT a.attisdropped
            """, oid))
        {
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
                columns.Add((reader.GetString(0), reader.GetBoolean(1)));
        }
        ProbedFile.CheckHeader(name, 0, wanted, [.. columns.Select(c => c.Name)]);
        var identity = columns.Where(c => c.IsIdentity).Select(c => c.Name).ToList();
        return key.All(identity.Contains) ? new SourceTable(source, quoted) : throw new LoadRefusedException(name, 0, "stream-identity", string.Join(", ", key), identity.Count == 0 ? "–" : string.Join(", ", identity));
    }

    /// <summary>Makes the publication that a stream reads, where it is not there.</summary>
    public async Task PublishAsync(string publication, CancellationToken stop)
    {
        await using var connection = await _source.OpenConnectionAsync(stop);
        if (await ScalarAsync(connection, "SELECT 1 FROM pg_publication WHERE pubname = @p", stop, publication) is null)
            await ScalarAsync(connection, $"CREATE PUBLICATION {Sql.Name(publication)} FOR TABLE {_table}", stop);
        else
            await ScalarAsync(connection, $"ALTER PUBLICATION {Sql.Name(publication)} SET TABLE {_table}", stop);
    }

    /// <summary>What becomes of the log that the server keeps for a stream: reserved, extended, unreserved or lost; null where it keeps none.</summary>
    public async Task<string?> SlotAsync(string slot, CancellationToken stop)
    {
        await using var connection = await _source.OpenConnectionAsync(stop);
        return await ScalarAsync(connection, "SELECT coalesce(wal_status, 'reserved') FROM pg_replication_slots WHERE slot_name = @p", stop, slot) as string;
    }

    /// <summary>Reads the whole table as of a snapshot.</summary>
    public async Task CopyAsync(string snapshot, IReadOnlyList<string> wanted, StagedText to, CancellationToken stop)
    {
        await using var connection = await _source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, stop);
        await ScalarAsync(connection, $"SET TRANSACTION SNAPSHOT {Sql.Text(snapshot)}", stop);
        await using var command = Command(connection, $"SELECT {Texts(wanted)} FROM {_table}");
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            to.Add(Row(reader), to.Count + 1);
    }

    /// <summary>A row as it stands now, or null.</summary>
    public async Task<string?[]?> FindAsync(IReadOnlyList<string> wanted, IReadOnlyList<string> key, IReadOnlyList<string?> values, CancellationToken stop)
    {
        await using var connection = await _source.OpenConnectionAsync(stop);
        await using var command = Command(connection, $"SELECT {Texts(wanted)} FROM {_table} WHERE {string.Join(" AND ", key.Select((k, i) => $"format('%s', {Sql.Name(k)}) = @k{i}"))}");
        for (var i = 0; i < values.Count; i++)
            command.Parameters.AddWithValue($"k{i}", (object?)values[i] ?? "");
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop) ? Row(reader) : null;
    }

    // As the log writes values: by the output functions of their types.
    private static string Texts(IReadOnlyList<string> wanted) => string.Join(", ", wanted.Select(w => $"CASE WHEN {Sql.Name(w)} IS NOT NULL THEN format('%s', {Sql.Name(w)}) END"));

    private static string?[] Row(NpgsqlDataReader reader) => [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))];

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken stop, object? value = null)
    {
        await using var command = Command(connection, sql, value);
        return await command.ExecuteScalarAsync(stop) is var found && found is DBNull ? null : found;
    }

    // CA2100: every name in these statements was quoted; values are parameters.
#pragma warning disable CA2100
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object? value = null)
    {
        var command = new NpgsqlCommand(sql, connection);
        if (value is not null)
            command.Parameters.AddWithValue("p", value);
        return command;
    }
#pragma warning restore CA2100
}
