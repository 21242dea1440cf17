using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DuckDB.NET.Data;
using Guantong.Packs;
using Guantong.Packs.Checking;

namespace Guantong.Data;

/// <summary>Binds packs' SQL against their declared fields and holds it to the portable subset: one SELECT over the pack's own datasets, with functions that DuckDB and PostgreSQL both have.</summary>
/// <remarks>The subset is also the guard: nothing in it reads files, the network or the platform's own tables.</remarks>
public sealed class PortableSql : IDisposable
{
    private static readonly HashSet<string> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        "count", "count_star", "sum", "avg", "min", "max", "stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop",
        "+", "-", "*", "/", "%", "||", "round", "abs", "ceil", "ceiling", "floor", "greatest", "least", "power", "sqrt", "sign", "mod",
        "date_trunc", "date_part", "lower", "upper", "substr", "substring", "length", "trim", "replace", "concat", "left", "right", "~~", "!~~",
        "trunc", "row_number", "rank", "dense_rank", "lag", "lead", "first_value", "last_value", "nullif", "coalesce", "to_hours", "to_days", "to_months", "to_minutes", "to_years",
    };

    private static readonly HashSet<string> Sources = ["BASE_TABLE", "JOIN", "SUBQUERY", "EMPTY"];

    private static readonly HashSet<string> Types = ["INTEGER", "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN", "DECIMAL", "INTERVAL", "SMALLINT", "FLOAT"];

    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly Lock _using = new();
    private readonly ConcurrentDictionary<(string Tables, string Select, string Columns), SqlFault?> _answers = new();
    private readonly ConditionalWeakTable<Pack, string> _tables = [];
    private string? _declared;

    /// <summary>Opens an engine of its own, shut off from files.</summary>
    public PortableSql()
    {
        _connection.Open();
        _connection.Run("SET threads = 1; SET enable_external_access = false; SET lock_configuration = true");
    }

    /// <summary>Null when the statement binds and stays within the subset.</summary>
    /// <remarks>An answer follows from the tables and the text alone. It is remembered: packs share statements with those they were adopted from.</remarks>
    public SqlFault? Bind(SqlQuestion question)
    {
        var tables = _tables.GetValue(question.Pack, TablesOf);
        var key = (tables, question.Select, string.Join(',', question.Columns));
        return _answers.TryGetValue(key, out var known) ? known : _answers[key] = Answer(question, tables);
    }

    private SqlFault? Answer(SqlQuestion question, string tables)
    {
        lock (_using)
        {
            if (Parse(question) is not { } tree)
                return new SqlFault("sql-broken", Reason(question.Select));
            using (tree)
            {
                if (Forbidden(tree.RootElement) is { } outside)
                    return new SqlFault("sql-not-portable", outside);
            }
            Declare(tables);
            return BindIn(question);
        }
    }

    private JsonDocument? Parse(SqlQuestion question)
    {
        try
        {
            var text = (string?)_connection.Scalar($"SELECT CAST(json_serialize_sql({Sql.Text(question.Select)}) AS VARCHAR)");
            var tree = JsonDocument.Parse(text!);
            if (!tree.RootElement.GetProperty("error").GetBoolean() && tree.RootElement.GetProperty("statements").GetArrayLength() == 1)
                return tree;
            tree.Dispose();
            return null;
        }
        catch (DuckDBException)
        {
            return null;
        }
    }

    private string Reason(string select)
    {
        try
        {
            using var tree = JsonDocument.Parse((string)_connection.Scalar($"SELECT CAST(json_serialize_sql({Sql.Text(select)}) AS VARCHAR)")!);
            return tree.RootElement.TryGetProperty("error_message", out var message) ? message.GetString()! : "one SELECT is wanted";
        }
        catch (DuckDBException e)
        {
            return e.Message;
        }
    }

    // Walks the whole tree: any function, source or type that is not on a list is outside, whatever node holds it.
    private static string? Forbidden(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array)
            return node.EnumerateArray().Select(Forbidden).FirstOrDefault(f => f is not null);
        if (node.ValueKind != JsonValueKind.Object)
            return null;
        if (node.TryGetProperty("function_name", out var function) && function.ValueKind == JsonValueKind.String && !Functions.Contains(function.GetString()!))
            return function.GetString();
        if (node.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String)
        {
            var name = type.GetString()!;
            if (node.TryGetProperty("sample", out _) && node.TryGetProperty("alias", out _) && !Sources.Contains(name) && !node.TryGetProperty("select_list", out _))
                return name;
            if (name == "BASE_TABLE" && (Text(node, "schema_name") + Text(node, "catalog_name")).Length > 0)
                return Text(node, "schema_name");
            if (name == "BASE_TABLE" && Text(node, "table_name") is var table && table.IndexOfAny(['.', '/', '\\', '*', ':']) >= 0)
                return table;
            if (name is "PARAMETER" or "VALUE_PARAMETER" or "POSITIONAL_REFERENCE" or "LAMBDA" or "TABLE_FUNCTION")
                return name;
        }
        if (node.TryGetProperty("cast_type", out var cast) && !Types.Contains(Text(cast, "id")))
            return Text(cast, "id");
        return node.EnumerateObject().Select(p => Forbidden(p.Value)).FirstOrDefault(f => f is not null);
    }

    private static string Text(JsonElement node, string name) => node.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.String ? v.GetString()! : "";

    private static string TablesOf(Pack pack) => string.Concat(pack.Datasets.Select(d =>
        $"CREATE OR REPLACE TABLE pack.{Sql.Name(d.Table)} ({string.Join(", ", d.Fields.Select(f => $"{Sql.Name(f.Id)} {TableChanges.TypeOf(f)}"))});"));

    private void Declare(string tables)
    {
        if (tables == _declared)
            return;
        _declared = null;
        _connection.Run("DROP SCHEMA IF EXISTS pack CASCADE; CREATE SCHEMA pack; USE pack");
        if (tables.Length > 0)
            _connection.Run(tables);
        _declared = tables;
    }

    private SqlFault? BindIn(SqlQuestion question)
    {
        try
        {
            // LIMIT 0 binds and plans, and touches no row.
            using var command = _connection.Command($"SELECT * FROM ({question.Select}) AS q LIMIT 0");
            using var reader = command.ExecuteReader();
            var given = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToHashSet(StringComparer.OrdinalIgnoreCase);
            return question.Columns.FirstOrDefault(c => !given.Contains(c)) is { } missing ? new SqlFault("sql-column-missing", missing) : null;
        }
        catch (DuckDBException e)
        {
            return new SqlFault("sql-unbound", e.Message.Split('\n')[0]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
