using System.Text.Json;
using DuckDB.NET.Data;

namespace Guantong.Data;

/// <summary>A column of a table that a query reads.</summary>
internal readonly record struct ReadColumn(string Table, string Column);

/// <summary>Which columns each column of a query's result rests on, read off the engine's bound plan: names are resolved by the engine itself, through any subquery, CTE, window or join.</summary>
/// <remarks>In the plan an expression refers to the columns of the operators below it by position. What a query filters, joins, groups or orders by decides which rows there are, and is told apart from what its values are made of.</remarks>
internal sealed class QueryColumns
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 4096 };

    private readonly Dictionary<long, List<HashSet<ReadColumn>>> _shared = [];
    private readonly Stack<List<HashSet<ReadColumn>>> _outer = new();

    private QueryColumns()
    {
    }

    /// <summary>The columns of the result in order, each with those that its values are made of.</summary>
    public IReadOnlyList<IReadOnlySet<ReadColumn>> Values { get; private set; } = [];

    /// <summary>The columns that decide which rows there are.</summary>
    public HashSet<ReadColumn> Rows { get; } = [];

    /// <summary>Reads a query against tables that stand in a connection.</summary>
    /// <returns>Null when it does not bind, or cannot be planned.</returns>
    public static QueryColumns? Of(DuckDBConnection connection, string select)
    {
        try
        {
            using var plan = JsonDocument.Parse((string)connection.Scalar($"SELECT CAST(json_serialize_plan({Sql.Text(select)}) AS VARCHAR)")!, Deep);
            if (plan.RootElement.GetProperty("error").GetBoolean())
                return null;
            var read = new QueryColumns();
            read.Values = read.Operator(plan.RootElement.GetProperty("plans")[0]);
            return read;
        }
        catch (DuckDBException)
        {
            return null;
        }
    }

    private List<HashSet<ReadColumn>> Operator(JsonElement op)
    {
        var kind = op.GetProperty("type").GetString()!;
        switch (kind)
        {
            case "LOGICAL_GET":
                return Table(op);
            case "LOGICAL_CTE_REF":
                return _shared.TryGetValue(op.GetProperty("cte_index").GetInt64(), out var shared) ? shared : [];
            case "LOGICAL_DELIM_GET":
                return _outer.TryPeek(out var outer) ? outer : [];
            case "LOGICAL_MATERIALIZED_CTE" or "LOGICAL_RECURSIVE_CTE":
                return Common(op, kind == "LOGICAL_RECURSIVE_CTE");
            case "LOGICAL_DELIM_JOIN":
                return DelimJoin(op);
        }
        var below = Children(op).Select(Operator).ToList();
        var given = below.SelectMany(b => b).ToList();
        switch (kind)
        {
            case "LOGICAL_PROJECTION":
                return Each(op, "expressions", given);
            case "LOGICAL_AGGREGATE_AND_GROUP_BY":
                var groups = Each(op, "groups", given);
                foreach (var group in groups)
                    Rows.UnionWith(group);
                return [.. groups, .. Each(op, "expressions", given)];
            case "LOGICAL_WINDOW":
                return [.. given, .. Each(op, "expressions", given)];
            case "LOGICAL_UNION" or "LOGICAL_EXCEPT" or "LOGICAL_INTERSECT":
                return [.. below[0].Select((c, i) => below.Skip(1).Where(b => i < b.Count).Aggregate(c.ToHashSet(), (all, b) => [.. all, .. b[i]]))];
            case "LOGICAL_COMPARISON_JOIN" or "LOGICAL_ANY_JOIN" or "LOGICAL_ASOF_JOIN":
                return Join(op, below, given);
        }
        // What else there is (filter, order, limit, distinct …) hands its columns on.
        foreach (var part in (string[])["expressions", "orders", "distinct_targets"])
        {
            foreach (var used in Each(op, part, given))
                Rows.UnionWith(used);
        }
        return Mapped(op, "projection_map", given);
    }

    private static IEnumerable<JsonElement> Children(JsonElement op) => op.TryGetProperty("children", out var children) ? children.EnumerateArray() : [];

    private static List<HashSet<ReadColumn>> Table(JsonElement op)
    {
        var table = op.TryGetProperty("function_data", out var data) && data.TryGetProperty("table", out var name) ? name.GetString()! : "";
        var names = op.GetProperty("names").EnumerateArray().Select(n => n.GetString()!).ToList();
        // A count alone reads no column, which the engine writes as a number beyond them.
        return [.. op.GetProperty("column_indexes").EnumerateArray().Select(c => c.GetProperty("index").GetUInt64() is var i && table.Length > 0 && i < (ulong)names.Count ? new HashSet<ReadColumn> { new(table, names[(int)i]) } : [])];
    }

    private List<HashSet<ReadColumn>> Common(JsonElement op, bool isRecursive)
    {
        var (index, children) = (op.GetProperty("table_index").GetInt64(), Children(op).ToList());
        var first = _shared[index] = Operator(children[0]);
        var second = Operator(children[1]);
        return isRecursive ? [.. first.Select((c, i) => i < second.Count ? [.. c, .. second[i]] : c)] : second;
    }

    // A subquery that looks at the row around it: what it takes of that row stands in the join.
    private List<HashSet<ReadColumn>> DelimJoin(JsonElement op)
    {
        var children = Children(op).ToList();
        var left = Operator(children[0]);
        _outer.Push(Each(op, "duplicate_eliminated_columns", left));
        var right = Operator(children[1]);
        _outer.Pop();
        return Join(op, [left, right], [.. left, .. right]);
    }

    private List<HashSet<ReadColumn>> Join(JsonElement op, List<List<HashSet<ReadColumn>>> below, List<HashSet<ReadColumn>> given)
    {
        var conditions = new HashSet<ReadColumn>();
        if (op.TryGetProperty("conditions", out var all))
        {
            foreach (var condition in all.EnumerateArray())
            {
                if (condition.TryGetProperty("left", out var left))
                    Collect(left, below[0], conditions);
                if (condition.TryGetProperty("right", out var right))
                    Collect(right, below[1], conditions);
            }
        }
        if (op.TryGetProperty("condition", out var any))
            Collect(any, given, conditions);
        Rows.UnionWith(conditions);
        var (kept, added) = (Mapped(op, "left_projection_map", below[0]), Mapped(op, "right_projection_map", below[1]));
        return op.GetProperty("join_type").GetString() switch
        {
            "SEMI" or "ANTI" => kept,
            "MARK" => [.. kept, conditions],
            "RIGHT_SEMI" or "RIGHT_ANTI" => added,
            _ => [.. kept, .. added],
        };
    }

    private static List<HashSet<ReadColumn>> Mapped(JsonElement op, string map, List<HashSet<ReadColumn>> given) =>
        op.TryGetProperty(map, out var places) && places.ValueKind == JsonValueKind.Array && places.GetArrayLength() > 0
            ? [.. places.EnumerateArray().Select(p => (int)p.GetUInt64()).Where(p => p < given.Count).Select(p => given[p])] : given;

    private static List<HashSet<ReadColumn>> Each(JsonElement op, string part, List<HashSet<ReadColumn>> given) =>
        !op.TryGetProperty(part, out var expressions) || expressions.ValueKind != JsonValueKind.Array ? []
        : [.. expressions.EnumerateArray().Select(e =>
        {
            var used = new HashSet<ReadColumn>();
            Collect(e, given, used);
            return used;
        })];

    // Every reference below an expression, whatever node holds it.
    private static void Collect(JsonElement node, List<HashSet<ReadColumn>> given, HashSet<ReadColumn> used)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                Collect(item, given, used);
        }
        if (node.ValueKind != JsonValueKind.Object)
            return;
        if (node.TryGetProperty("expression_class", out var kind) && kind.ValueEquals("BOUND_REF"))
        {
            if (node.GetProperty("index").GetUInt64() is var i && i < (ulong)given.Count)
                used.UnionWith(given[(int)i]);
            return;
        }
        foreach (var part in node.EnumerateObject())
        {
            if (part.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && !part.NameEquals("return_type") && !part.NameEquals("value"))
                Collect(part.Value, given, used);
        }
    }
}
