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

    // What a statement is built of besides expressions. Recursion is not among them: it need not end.
    private static readonly HashSet<string> Clauses =
    [
        "SELECT_NODE", "SET_OPERATION_NODE", "CTE_NODE", "BASE_TABLE", "JOIN", "SUBQUERY", "EMPTY",
        "ORDER_MODIFIER", "LIMIT_MODIFIER", "DISTINCT_MODIFIER", "ASCENDING", "DESCENDING", "ORDER_DEFAULT",
    ];

    private static readonly HashSet<string> Types = ["INTEGER", "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN", "DECIMAL", "INTERVAL", "SMALLINT", "FLOAT"];

    private readonly ShutEngine _engine = new();

    /// <summary>The functions and operators that DuckDB and PostgreSQL both have, and that neither read nor write anything but their arguments.</summary>
    internal static IReadOnlySet<string> PortableFunctions => Functions;

    /// <summary>Null when all statements bind, give their columns and stay within the subset; else a fault of one of them.</summary>
    public SqlFault? Bind(Pack pack, IReadOnlyList<SqlQuestion> questions) =>
        _engine.Use(connection => Outside(connection, questions) ?? Unbound(connection, pack, questions) ?? SealedUse.Beyond(connection, pack, questions));

    private SqlFault? Outside(DuckDBConnection connection, IReadOnlyList<SqlQuestion> questions)
    {
        using var tree = ShutEngine.Parse(connection, string.Join(";\n", questions.Select(q => q.Select)), out var reason, out _);
        if (tree is null)
            return new SqlFault("sql-broken", reason);
        if (tree.RootElement.GetProperty("statements").GetArrayLength() != questions.Count)
            return new SqlFault("sql-several", "");
        return Forbidden(tree.RootElement) is { } outside ? new SqlFault("sql-not-portable", outside) : null;
    }

    // Walks the whole tree: any function, clause or type that is not on a list is outside, whatever node holds it.
    private string? Forbidden(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
            {
                if (Forbidden(item) is { } outside)
                    return outside;
            }
        }
        if (node.ValueKind != JsonValueKind.Object)
            return null;
        var (isExpression, kind) = (false, "");
        foreach (var part in node.EnumerateObject())
        {
            if (part.Value.ValueKind == JsonValueKind.String)
            {
                if (part.NameEquals("class"))
                    isExpression = true;
                else if (part.NameEquals("type"))
                    kind = part.Value.GetString()!;
                else if (part.NameEquals("function_name") && !Functions.Contains(part.Value.GetString()!))
                    return part.Value.GetString();
                else if (part.NameEquals("table_name") && IsForeign(part.Value.GetString()!))
                    return part.Value.GetString();
            }
            else if (part.NameEquals("cast_type") && (part.Value.TryGetProperty("id", out var id) ? id.GetString()! : "") is var type && !Types.Contains(type))
                return type;
            else if (!part.NameEquals("type_info") && Forbidden(part.Value) is { } outside)
                return outside;
        }
        if (kind is "PARAMETER" or "VALUE_PARAMETER" or "POSITIONAL_REFERENCE" or "LAMBDA" || (kind.Length > 0 && !isExpression && !Clauses.Contains(kind)))
            return kind;
        // A name before a table's own leads out of the pack.
        return kind != "BASE_TABLE" ? null
            : node.TryGetProperty("schema_name", out var schema) ? schema.GetString()
            : node.TryGetProperty("catalog_name", out var catalog) ? catalog.GetString() : null;
    }

    // The engine's own views need no schema before them, nor do PostgreSQL's; a path is read as a table.
    private bool IsForeign(string table) =>
        table.IndexOfAny(['.', '/', '\\', '*', ':']) >= 0 || _engine.OwnViews.Contains(table) || table.StartsWith("pg_", StringComparison.OrdinalIgnoreCase);

    // The datasets stand before the statements as empty tables with their fields' types, so nothing need be created. LIMIT 0 binds and plans, and touches no row.
    private static SqlFault? Unbound(DuckDBConnection connection, Pack pack, IReadOnlyList<SqlQuestion> questions)
    {
        // Of two that bear one name the first counts, as it does for references.
        var tables = pack.Datasets.DistinctBy(d => d.Table).Select(d => $"{Sql.Name(d.Table)} AS (SELECT {string.Join(", ", d.Fields.DistinctBy(f => f.Id).Select(f => $"CAST(NULL AS {TableChanges.TypeOf(f)}) AS {Sql.Name(f.Id)}"))})");
        var all = string.Join(", ", questions.Select((q, i) => $"({q.Select}) AS q{i}"));
        try
        {
            // Several need only bind; one is asked for its columns too.
            using var command = connection.Command($"{(questions is [_] ? "" : "PREPARE q AS ")}WITH {string.Join(", ", tables)} SELECT {(questions is [_] ? "*" : Columns(questions))} FROM {all} LIMIT 0");
            using var reader = command.ExecuteReader();
            if (questions is not [var question])
                return null;
            var given = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToHashSet(StringComparer.OrdinalIgnoreCase);
            return question.Columns.FirstOrDefault(c => !given.Contains(c)) is { } missing ? new SqlFault("sql-column-missing", missing) : null;
        }
        catch (DuckDBException e)
        {
            return new SqlFault("sql-unbound", ShutEngine.Said(e.Message));
        }
    }

    private static string Columns(IReadOnlyList<SqlQuestion> questions) =>
        string.Join(", ", questions.SelectMany((q, i) => q.Columns.Select(c => $"q{i}.{Sql.Name(c)}")).Prepend("1"));

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
