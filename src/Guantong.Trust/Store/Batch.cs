using System.Collections.Concurrent;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace Guantong.Trust;

/// <summary>Statements that go to PostgreSQL in one trip.</summary>
internal static class Batch
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    /// <summary>Runs them in order; gives how many rows the last touched.</summary>
    public static async Task<int> RunAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<(string Sql, object? Args)> statements)
    {
        await using var batch = Of(connection, transaction, statements);
        await batch.ExecuteNonQueryAsync();
        return (int)batch.BatchCommands[^1].RecordsAffected;
    }

    /// <summary>Runs them in order; gives the first row of the last, a query, or null.</summary>
    public static async Task<object[]?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<(string Sql, object? Args)> statements)
    {
        await using var batch = Of(connection, transaction, statements);
        await using var reader = await batch.ExecuteReaderAsync();
        object[]? row;
        do
        {
            row = await reader.ReadAsync() ? new object[reader.FieldCount] : null;
            if (row is not null)
                reader.GetValues(row);
        }
        while (await reader.NextResultAsync());
        return row;
    }

    private static NpgsqlBatch Of(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<(string Sql, object? Args)> statements)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        foreach (var (sql, args) in statements)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var property in args is null ? [] : Properties.GetOrAdd(args.GetType(), t => t.GetProperties()))
            {
                if (sql.Contains("@" + property.Name, StringComparison.OrdinalIgnoreCase))
                    command.Parameters.Add(new NpgsqlParameter(property.Name, TypeOf(property.PropertyType)) { Value = property.GetValue(args) ?? DBNull.Value });
            }
            batch.BatchCommands.Add(command);
        }
        return batch;
    }

    /// <summary>Whether a statement's values can go in a batch: anything else is left to the mapper.</summary>
    public static bool Takes(object? args) => args is null || Properties.GetOrAdd(args.GetType(), t => t.GetProperties()).All(p => IsPlain(p.PropertyType));

    private static bool IsPlain(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var plain && (plain == typeof(string) || plain == typeof(long) || plain == typeof(int) || plain == typeof(double));

    // The store's rows are texts, counts and shares; a null has its column's type all the same.
    private static NpgsqlDbType TypeOf(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? TypeOf(inner)
        : type == typeof(string) ? NpgsqlDbType.Text
        : type == typeof(long) ? NpgsqlDbType.Bigint
        : type == typeof(int) ? NpgsqlDbType.Integer
        : type == typeof(double) ? NpgsqlDbType.Double
        : throw new NotSupportedException($"Rows do not hold {type.Name}.");
}
