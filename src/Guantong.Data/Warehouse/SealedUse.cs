using System.Text.Json;
using DuckDB.NET.Data;
using Guantong.Packs;
using Guantong.Packs.Checking;

namespace Guantong.Data;

/// <summary>Tells whether SQL does with sealed fields only what sealed values can do: be compared for equality under one key, be null, be counted and grouped by, be passed on into a sealed field.</summary>
/// <remarks>Each home is given a type of its own, an enumeration of one value, and the engine's plan tells where one is cast, ordered or given to a function. What is not known to be allowed is not.</remarks>
internal static class SealedUse
{
    private static readonly HashSet<string> Equalities = ["COMPARE_EQUAL", "COMPARE_NOTEQUAL", "COMPARE_DISTINCT_FROM", "COMPARE_NOT_DISTINCT_FROM"];

    private static readonly HashSet<string> Operators = ["OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL", "COMPARE_IN", "COMPARE_NOT_IN", "OPERATOR_COALESCE", "OPERATOR_NULLIF"];

    // A subquery's one value is taken by the first, which no SQL of a pack may name.
    private static readonly HashSet<string> Aggregates = ["count", "count_star", "first"];

    // Each table of the pack lies within the one before it.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 4096 };

    /// <summary>Null when the statements, which bind, keep to that; else a fault of one of them.</summary>
    public static SqlFault? Beyond(DuckDBConnection connection, Pack pack, IReadOnlyList<SqlQuestion> questions)
    {
        if (pack.Homes().Count == 0)
            return null;
        var tables = pack.Datasets.DistinctBy(d => d.Table).Select(d => $"{Sql.Name(d.Table)} AS (SELECT {string.Join(", ", d.Fields.DistinctBy(f => f.Id).Select(f => $"CAST(NULL AS {TypeOf(pack, d, f)}) AS {Sql.Name(f.Id)}"))})");
        var with = $"WITH {string.Join(", ", tables)} SELECT ";
        try
        {
            var all = string.Join(", ", questions.Select((q, i) => $"({q.Select}) AS q{i}"));
            using var plan = JsonDocument.Parse((string)connection.Scalar($"SELECT CAST(json_serialize_plan({Sql.Text($"{with}1 FROM {all}")}) AS VARCHAR)")!, Deep);
            if (plan.RootElement.GetProperty("error").GetBoolean())
                return new SqlFault("sql-sealed", Names(pack));
            return Misused(plan.RootElement) is { } field ? new SqlFault("sql-sealed", field) : questions.Select(q => Lost(connection, with, pack, q)).FirstOrDefault(f => f is not null);
        }
        catch (DuckDBException)
        {
            // It binds with texts in their place: then it needs them as texts.
            return new SqlFault("sql-sealed", Names(pack));
        }
    }

    private static string TypeOf(Pack pack, Dataset dataset, Field field) =>
        pack.HomeOf(dataset, field) is { } home ? $"ENUM({Sql.Text($"{home.Dataset}.{home.Field}")})" : TableChanges.TypeOf(field);

    private static string Names(Pack pack) => string.Join(", ", pack.Homes().Select(h => $"{h.Dataset}.{h.Field}"));

    // A sealed value that a query gives to a field which is not sealed.
    private static SqlFault? Lost(DuckDBConnection connection, string with, Pack pack, SqlQuestion question)
    {
        if (question.Into is not { } into)
            return null;
        var homes = pack.Homes(into);
        using var command = connection.Command($"{with}* FROM ({question.Select}) AS q LIMIT 0");
        using var reader = command.ExecuteReader();
        return Enumerable.Range(0, reader.FieldCount).Where(i => reader.GetDataTypeName(i).StartsWith("Enum", StringComparison.OrdinalIgnoreCase)).Select(reader.GetName)
            .Where(c => question.Columns.Contains(c) && !homes.ContainsKey(c)).Select(c => new SqlFault("sql-sealed", c)).FirstOrDefault();
    }

    private static string? Misused(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Object && Here(node) is { } here)
            return here;
        return node.ValueKind switch
        {
            JsonValueKind.Array => node.EnumerateArray().Select(Misused).FirstOrDefault(m => m is not null),
            JsonValueKind.Object => node.EnumerateObject().Select(p => Misused(p.Value)).FirstOrDefault(m => m is not null),
            _ => null,
        };
    }

    private static string? Here(JsonElement node) => Text(node, "expression_class") switch
    {
        "BOUND_COMPARISON" => Equalities.Contains(Text(node, "type")) ? null : SealedIn(node),
        "BOUND_OPERATOR" => Operators.Contains(Text(node, "type")) ? null : SealedIn(node),
        "BOUND_CAST" => Cast(node),
        "BOUND_AGGREGATE" => Aggregates.Contains(Text(node, "name")) && !Has(node, "order_bys") ? null : SealedIn(node),
        // A window passes values on; only their order would be read.
        "BOUND_WINDOW" => SealedIn(node, "orders") ?? SealedIn(node, "arg_orders"),
        "BOUND_CASE" or "BOUND_REF" or "BOUND_COLUMN_REF" or "BOUND_CONSTANT" or "BOUND_CONJUNCTION" => null,
        "" => Text(node, "comparison") is { Length: > 0 } comparison ? Equalities.Contains(comparison) ? null : SealedIn(node) : SealedIn(node, "orders"),
        _ => SealedIn(node),
    };

    // A text that is cast to a home's type would be compared with what is sealed there, and never be equal.
    private static string? Cast(JsonElement node)
    {
        var (from, to) = (Home(node.GetProperty("child")), Home(node));
        var isNull = node.GetProperty("child").TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Object && value.TryGetProperty("is_null", out var none) && none.GetBoolean();
        return from == to || isNull ? null : from ?? to;
    }

    private static string? SealedIn(JsonElement node, string part) => node.TryGetProperty(part, out var found) ? SealedIn(found) : null;

    // The nearest expressions below a node: what it works on.
    private static string? SealedIn(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Array => node.EnumerateArray().Select(Nearest).FirstOrDefault(h => h is not null),
        JsonValueKind.Object => node.EnumerateObject().Where(p => !p.NameEquals("return_type")).Select(p => Nearest(p.Value)).FirstOrDefault(h => h is not null),
        _ => null,
    };

    private static string? Nearest(JsonElement node) => Text(node, "expression_class").Length > 0 ? Home(node) : SealedIn(node);

    private static string? Home(JsonElement expression) =>
        expression.TryGetProperty("return_type", out var type) && Text(type, "id") == "ENUM" ? type.GetProperty("type_info").GetProperty("values")[0].GetString() : null;

    private static bool Has(JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static string Text(JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
