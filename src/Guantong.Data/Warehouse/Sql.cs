using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;

namespace Guantong.Data;

/// <summary>The one place where names become SQL, and the few ways in which this room runs it.</summary>
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
    public static int Run(this DuckDBConnection connection, string sql, params IReadOnlyList<object?> values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row, or null.</summary>
    public static object? Scalar(this DuckDBConnection connection, string sql, params IReadOnlyList<object?> values)
    {
        using var command = connection.Command(sql, values);
        var value = command.ExecuteScalar();
        return value is DBNull ? null : value;
    }

    /// <summary>A count as a whole number.</summary>
    public static long Count(this DuckDBConnection connection, string sql, params IReadOnlyList<object?> values) =>
        Convert.ToInt64(connection.Scalar(sql, values) ?? 0L, CultureInfo.InvariantCulture);

    /// <summary>Each row, read by a function.</summary>
    public static List<T> Rows<T>(this DuckDBConnection connection, string sql, Func<DbDataReader, T> read, params IReadOnlyList<object?> values)
    {
        using var command = connection.Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>A command whose <c>?</c> are filled in order.</summary>
    // CA2100: every identifier in these statements went through Name; values are parameters.
#pragma warning disable CA2100
    public static DuckDBCommand Command(this DuckDBConnection connection, string sql, params IReadOnlyList<object?> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
            command.Parameters.Add(new DuckDBParameter(value ?? DBNull.Value));
        return command;
    }
#pragma warning restore CA2100
}
