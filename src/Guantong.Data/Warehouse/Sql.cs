using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Npgsql;

namespace Guantong.Data;

/// <summary>The one place where names become SQL, and the few ways in which this room runs it, on either engine.</summary>
internal static class Sql
{
    /// <summary>A quoted identifier.</summary>
    public static string Name(string identifier) => "\"" + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>A quoted text literal, for the places where the engine takes no parameter (file lists, options).</summary>
    public static string Text(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>A number as a literal.</summary>
    public static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A table of a pack, with its schema.</summary>
    public static string Table(string pack, string table) => $"{Name(Schema(pack))}.{Name(table)}";

    /// <summary>A pack's schema: its id with underscores.</summary>
    public static string Schema(string pack) => pack.Replace('.', '_').Replace('-', '_');

    /// <summary>Runs a statement with positional parameters and returns the number of rows it touched.</summary>
    public static int Run(this DbConnection connection, string sql, params IReadOnlyList<object?> values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row, or null.</summary>
    public static object? Scalar(this DbConnection connection, string sql, params IReadOnlyList<object?> values)
    {
        using var command = connection.Command(sql, values);
        var value = command.ExecuteScalar();
        return value is DBNull ? null : value;
    }

    /// <summary>A count as a whole number.</summary>
    public static long Count(this DbConnection connection, string sql, params IReadOnlyList<object?> values) =>
        Convert.ToInt64(connection.Scalar(sql, values) ?? 0L, CultureInfo.InvariantCulture);

    /// <summary>Each row, read by a function.</summary>
    public static List<T> Rows<T>(this DbConnection connection, string sql, Func<DbDataReader, T> read, params IReadOnlyList<object?> values)
    {
        using var command = connection.Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Rows to be read one by one: they are not gathered before the first is read.</summary>
    public static DbCommand Streamed(this DbConnection connection, string sql)
    {
        var command = connection.Command(sql);
        if (command is DuckDBCommand duck)
            duck.UseStreamingMode = true;
        return command;
    }

    /// <summary>A command whose <c>?</c> are filled in order.</summary>
    // CA2100: every identifier in these statements went through Name; values are parameters.
#pragma warning disable CA2100
    public static DbCommand Command(this DbConnection connection, string sql, params IReadOnlyList<object?> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = values.Count > 0 && connection is NpgsqlConnection ? Numbered(sql) : sql;
        foreach (var value in values)
        {
            command.Parameters.Add(connection is NpgsqlConnection
                // A time of the warehouse has no zone.
                ? new NpgsqlParameter { Value = value is DateTime time ? DateTime.SpecifyKind(time, DateTimeKind.Unspecified) : value ?? DBNull.Value }
                : new DuckDBParameter(value ?? DBNull.Value));
        }
        return command;
    }
#pragma warning restore CA2100

    // PostgreSQL's parameters bear numbers. A question mark within quotes is text.
    private static string Numbered(string sql)
    {
        var (text, quote, number) = (new StringBuilder(sql.Length + 16), '\0', 0);
        foreach (var c in sql)
        {
            if (quote == '\0' && c == '?')
            {
                text.Append(CultureInfo.InvariantCulture, $"${++number}");
                continue;
            }
            if (c is '\'' or '"')
                quote = quote == '\0' ? c : quote == c ? '\0' : quote;
            text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>Does work in which a pack's tables go by their names alone, as its SQL calls them.</summary>
    public static T Within<T>(this DbConnection connection, string pack, Func<T> work)
    {
        connection.Run(connection is NpgsqlConnection ? $"SET search_path TO {PostgresWarehouse.Path}, {Name(Schema(pack))}" : $"USE {Name(Schema(pack))}");
        var isDone = false;
        try
        {
            var result = work();
            isDone = true;
            return result;
        }
        finally
        {
            // A transaction of PostgreSQL that failed takes no further statement, and takes its path back with it.
            if (connection is not NpgsqlConnection)
                connection.Run("USE main");
            else if (isDone)
                connection.Run($"SET search_path TO {PostgresWarehouse.Path}");
        }
    }

    /// <summary>Reads at one moment: what is written meanwhile is not seen.</summary>
    public static DbTransaction Moment(this DbConnection connection) =>
        connection is NpgsqlConnection ? connection.BeginTransaction(IsolationLevel.RepeatableRead) : connection.BeginTransaction();

    /// <summary>Tells PostgreSQL what a table that was just filled holds: not knowing, it would join row by row.</summary>
    public static void Analyse(this DbConnection connection, string table)
    {
        if (connection is NpgsqlConnection)
            connection.Run($"ANALYZE {Name(table)}");
    }

    /// <summary>Puts many rows in, each with a value for every column of the table in its order.</summary>
    /// <remarks>Values are texts, long, double, bool, DateOnly, DateTime or null.</remarks>
    /// <param name="schema">Null for a temporary table.</param>
    public static void Append(this DbConnection connection, string? schema, string table, IEnumerable<object?[]> rows)
    {
        if (connection is NpgsqlConnection postgres)
            AppendBinary(postgres, schema is null ? Name(table) : $"{Name(schema)}.{Name(table)}", rows);
        else
            AppendDuck((DuckDBConnection)connection, schema, table, rows);
    }

    private static void AppendBinary(NpgsqlConnection connection, string table, IEnumerable<object?[]> rows)
    {
        using var writer = connection.BeginBinaryImport($"COPY {table} FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            writer.StartRow();
            foreach (var value in row)
            {
                if (value is null)
                    writer.WriteNull();
                else if (value is DateTime time)
                    writer.Write(DateTime.SpecifyKind(time, DateTimeKind.Unspecified));
                else
                    writer.Write(value);
            }
        }
        writer.Complete();
    }

    private static void AppendDuck(DuckDBConnection connection, string? schema, string table, IEnumerable<object?[]> rows)
    {
        using var appender = connection.CreateAppender(schema, table);
        foreach (var row in rows)
        {
            var line = appender.CreateRow();
            foreach (var value in row)
            {
                switch (value)
                {
                    case null: line.AppendNullValue(); break;
                    case long number: line.AppendValue(number); break;
                    case double number: line.AppendValue(number); break;
                    case bool flag: line.AppendValue(flag); break;
                    case DateOnly day: line.AppendValue(day); break;
                    case DateTime time: line.AppendValue(time); break;
                    default: line.AppendValue((string)value); break;
                }
            }
            line.EndRow();
        }
    }
}
