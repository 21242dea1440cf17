using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Guantong.Data;

// Queries: WITH, sets, SELECT and what follows it, and where rows come from.
internal sealed partial class ConfinedWriter
{
    private Shape Query(JsonElement node)
    {
        if (++_depth > Deepest)
            throw Outside(node, "sql-deep");
        var hidden = With(node);
        _growth.Add(1);
        var shape = Kind(node) switch
        {
            "SELECT_NODE" => Select(node),
            "SET_OPERATION_NODE" => Set(node),
            "RECURSIVE_CTE_NODE" => throw Outside(node, "sql-construct", "WITH RECURSIVE"),
            var other => throw Outside(node, "sql-construct", other),
        };
        _growth.RemoveAt(_growth.Count - 1);
        foreach (var (name, was) in hidden)
        {
            if (was is null)
                _common.Remove(name);
            else
                _common[name] = was;
        }
        _depth--;
        if (shape.Columns > MostColumns)
            throw Outside(node, "sql-wide", MostColumns);
        return shape;
    }

    // Gives what stood under the names before, to be put back.
    private List<(string Name, Common? Was)> With(JsonElement node)
    {
        var hidden = new List<(string, Common?)>();
        if (Part(node, "cte_map") is not { } map)
            return hidden;
        Only(map, "map");
        foreach (var entry in List(map, "map"))
        {
            var (key, value) = (Word(entry, "key"), entry.GetProperty("value"));
            Only(value, "query", "aliases", "materialized");
            Only(value.GetProperty("query"), "node");
            var name = $"\"with_{++_names}\"";
            Add($"{(hidden.Count == 0 ? "WITH " : ", ")}{name}{Columns(List(value, "aliases"))} AS (");
            var before = _count;
            var shape = Query(value.GetProperty("query").GetProperty("node"));
            Add(")");
            hidden.Add((key, _common.GetValueOrDefault(key)));
            // What it comes to counts where it is used.
            _common[key] = new Common(name, shape.Columns, _count - before, shape.Growth);
        }
        if (hidden.Count > 0)
            Add(" ");
        // Of two of one name, which no engine takes, what stood before both is put back.
        return [.. hidden.DistinctBy(h => h.Item1, StringComparer.OrdinalIgnoreCase)];
    }

    private string Columns(List<JsonElement> names) => names.Count == 0 ? "" : $"({string.Join(", ", names.Select(n => Name(n.GetString()!)))})";

    private Shape Set(JsonElement node)
    {
        Only(node, "modifiers", "cte_map", "setop_type", "left", "right", "setop_all");
        var kind = Word(node, "setop_type");
        if (kind is not ("UNION" or "INTERSECT" or "EXCEPT"))
            throw Outside(node, "sql-construct", kind);
        Add("(");
        var left = Query(node.GetProperty("left"));
        Add($") {kind}{(node.TryGetProperty("setop_all", out var all) && all.ValueKind == JsonValueKind.False ? "" : " ALL")} (");
        var right = Query(node.GetProperty("right"));
        Add(")");
        _growth[^1] = Math.Max(left.Growth, right.Growth);
        if (List(node, "modifiers").Any(m => Kind(m) == "DISTINCT_MODIFIER"))
            throw Outside(node, "sql-construct", "DISTINCT");
        Tail(List(node, "modifiers"));
        return new Shape(left.Columns, _growth[^1]);
    }

    private Shape Select(JsonElement node)
    {
        Only(node, "modifiers", "cte_map", "select_list", "from_table", "where_clause", "group_expressions", "group_sets", "aggregate_handling", "having");
        if (Word(node, "aggregate_handling") is not ("" or "STANDARD_HANDLING"))
            throw Outside(node, "sql-construct", "GROUP BY ALL");
        // What there is to select from is read first: its names are the ones that count.
        var (from, columns) = Aside(() => From(node.GetProperty("from_table"), false));
        Add("SELECT ");
        var modifiers = List(node, "modifiers");
        foreach (var distinct in modifiers.Where(m => Kind(m) == "DISTINCT_MODIFIER"))
        {
            Only(distinct, "distinct_on_targets");
            Add("DISTINCT ");
            if (List(distinct, "distinct_on_targets") is { Count: > 0 } targets)
            {
                Add("ON (");
                Each(targets, e => Expression(e));
                Add(") ");
            }
        }
        var (width, growth) = (0, 1.0);
        Each(List(node, "select_list"), item =>
        {
            var (more, longer) = Selected(item, columns);
            (width, growth) = (width + more, Math.Max(growth, longer));
        });
        if (from.Count > 0)
        {
            Add(" FROM ");
            Take(from);
        }
        if (Part(node, "where_clause") is { } where)
        {
            Add(" WHERE ");
            Expression(where);
        }
        Groups(node);
        if (Part(node, "having") is { } having)
        {
            Add(" HAVING ");
            Expression(having);
        }
        Tail(modifiers);
        return new Shape(width, growth);
    }

    // Written where it does not stand yet: text so far is put away, what is written is taken out, and comes back by Take.
    private (List<object> Written, int Columns) Aside(Func<int> write)
    {
        Cut();
        var from = _parts.Count;
        var columns = write();
        Cut();
        var written = _parts[from..].Where(p => p is not "").ToList();
        _parts.RemoveRange(from, _parts.Count - from);
        return (written, columns);
    }

    private void Take(List<object> written)
    {
        Cut();
        _parts.AddRange(written);
    }

    private (int Columns, double Growth) Selected(JsonElement item, int columns)
    {
        if (Kind(item) == "STAR")
        {
            Only(item, "relation_name");
            if (Word(item, "alias").Length > 0)
                throw Outside(item, "sql-construct", "*");
            Add(Word(item, "relation_name") is { Length: > 0 } of ? $"{Name(of)}.*" : "*");
            return (columns, _growth[^1]);
        }
        var growth = Expression(item);
        if (Word(item, "alias") is { Length: > 0 } alias)
            Add($" AS {Name(alias)}");
        else if (Kind(item) != "COLUMN_REF")
            Add($" AS {Name(NameOf(item))}");
        return (1, growth);
    }

    // As PostgreSQL names what has no name (FigureColname).
    private static string NameOf(JsonElement item) => Word(item, "class") switch
    {
        "COLUMN_REF" => List(item, "column_names")[^1].GetString()!,
        "FUNCTION" or "WINDOW" when !Operators.Contains(Word(item, "function_name")) => Word(item, "function_name").ToLowerInvariant() switch { "count_star" => "count", "like_escape" or "not_like_escape" => "?column?", var name => name },
        "CAST" => NameOf(item.GetProperty("child")),
        "CASE" => "case",
        "OPERATOR" when Kind(item) == "OPERATOR_COALESCE" => "coalesce",
        "OPERATOR" when Kind(item) == "OPERATOR_NULLIF" => "nullif",
        "SUBQUERY" when Word(item, "subquery_type") == "EXISTS" => "exists",
        _ => "?column?",
    };

    private void Groups(JsonElement node)
    {
        var groups = List(node, "group_expressions");
        // One set of all of them is plain GROUP BY; ROLLUP and CUBE have more.
        if (List(node, "group_sets") is { Count: > 0 } sets && (sets.Count > 1 || groups.Count == 0 || sets[0].GetArrayLength() != groups.Count))
            throw Outside(node, "sql-construct", "GROUPING SETS");
        if (groups.Count == 0)
            return;
        Add(" GROUP BY ");
        Each(groups, e => Expression(e));
    }

    private void Tail(List<JsonElement> modifiers)
    {
        foreach (var modifier in modifiers)
        {
            switch (Kind(modifier))
            {
                case "DISTINCT_MODIFIER":
                    break;
                case "ORDER_MODIFIER":
                    Only(modifier, "orders");
                    Add(" ORDER BY ");
                    Orders(List(modifier, "orders"));
                    break;
                case "LIMIT_MODIFIER":
                    Only(modifier, "limit", "offset");
                    foreach (var (member, word) in ((string, string)[])[("limit", "LIMIT"), ("offset", "OFFSET")])
                    {
                        if (Part(modifier, member) is { } count)
                            Add($" {word} {Count(count)}");
                    }
                    break;
                case var other:
                    throw Outside(modifier, "sql-construct", other);
            }
        }
    }

    // A number as it stands: nothing is reckoned out to know how many rows there are.
    private static string Count(JsonElement node) => Kind(node) == "VALUE_CONSTANT" && node.GetProperty("value") is var value && Word(value.GetProperty("type"), "id") is "INTEGER" or "BIGINT" && value.GetProperty("value").GetInt64() is >= 0 and var count
        ? count.ToString(CultureInfo.InvariantCulture) : throw Outside(node, "sql-construct", "LIMIT");

    private void Orders(List<JsonElement> orders) => Each(orders, order =>
    {
        Only(order, "null_order", "expression");
        Expression(order.GetProperty("expression"));
        var isDown = Kind(order) switch { "ORDER_DEFAULT" or "ASCENDING" => false, "DESCENDING" => true, var other => throw Outside(order, "sql-construct", other) };
        Add(isDown ? " DESC" : " ASC");
        Add(Word(order, "null_order") switch { "NULLS FIRST" => " NULLS FIRST", "NULLS LAST" => " NULLS LAST", "" or "ORDER_DEFAULT" => isDown ? " NULLS FIRST" : " NULLS LAST", var other => throw Outside(order, "sql-construct", other) });
    });

    // Gives how many columns there are.
    private int From(JsonElement node, bool isBeside)
    {
        if (++_depth > Deepest)
            throw Outside(node, "sql-deep");
        var columns = Kind(node) switch
        {
            "EMPTY" => 0,
            "BASE_TABLE" => Table(node),
            "JOIN" => Join(node),
            "SUBQUERY" => Subquery(node, isBeside),
            "EXPRESSION_LIST" => Values(node),
            "TABLE_FUNCTION" => throw Outside(node, "sql-function", Word(node.GetProperty("function"), "function_name")),
            var other => throw Outside(node, "sql-construct", other),
        };
        _depth--;
        return columns;
    }

    private int Table(JsonElement node)
    {
        var name = Word(node, "table_name");
        if (node.TryGetProperty("schema_name", out var schema) || node.TryGetProperty("catalog_name", out schema))
            throw Outside(node, "sql-table", $"{schema.GetString()}.{name}");
        Only(node, "table_name", "column_name_alias");
        var alias = Word(node, "alias") is { Length: > 0 } given ? given : name;
        if (_common.TryGetValue(name, out var common))
        {
            Counted(node, common.Tables);
            Add($"{common.Name} AS {Name(alias)}{Columns(List(node, "column_name_alias"))}");
            _growth[^1] = Math.Max(_growth[^1], common.Growth);
            return common.Columns;
        }
        if (!_tables.TryGetValue(name, out var table))
            throw Outside(node, "sql-table", name);
        Counted(node, 1);
        _used.Add(table);
        foreach (var field in table.Fields)
            _ = Name(field);
        Cut();
        _parts.Add(table);
        Add($" AS {Name(alias)}{Columns(List(node, "column_name_alias"))}");
        return table.Fields.Count;
    }

    private void Counted(JsonElement node, int more)
    {
        if ((_count += more) > MostTables)
            throw Outside(node, "sql-many", MostTables);
    }

    private int Join(JsonElement node)
    {
        Only(node, "left", "right", "condition", "join_type", "ref_type", "using_columns");
        var (kind, how) = (Word(node, "join_type"), Word(node, "ref_type"));
        var word = (how, kind) switch
        {
            ("CROSS", "INNER") => " CROSS JOIN ",
            ("NATURAL" or "REGULAR", "INNER") => " JOIN ",
            ("NATURAL" or "REGULAR", "LEFT") => " LEFT JOIN ",
            ("NATURAL" or "REGULAR", "RIGHT") => " RIGHT JOIN ",
            ("NATURAL" or "REGULAR", "OUTER" or "FULL") => " FULL JOIN ",
            _ => throw Outside(node, "sql-construct", how is "REGULAR" or "" ? $"{kind} JOIN" : $"{how} JOIN"),
        };
        Add("(");
        var left = From(node.GetProperty("left"), false);
        Add(how == "NATURAL" ? $" NATURAL{word}" : word);
        var right = From(node.GetProperty("right"), kind is "INNER" or "LEFT");
        if (List(node, "using_columns") is { Count: > 0 } names)
            Add($" USING {Columns(names)}");
        else if (Part(node, "condition") is { } condition)
        {
            Add(" ON ");
            Expression(condition);
        }
        Add(")");
        return left + right;
    }

    // DuckDB lets a query beside another look at its rows, PostgreSQL where it says so.
    private int Subquery(JsonElement node, bool isBeside)
    {
        Only(node, "subquery", "column_name_alias");
        Add(isBeside ? "LATERAL (" : "(");
        var shape = Nested(node.GetProperty("subquery"));
        Add($") AS {Name(Word(node, "alias") is { Length: > 0 } alias ? alias : $"query_{++_names}")}{Columns(List(node, "column_name_alias"))}");
        _growth[^1] = Math.Max(_growth[^1], shape.Growth);
        return shape.Columns;
    }

    private Shape Nested(JsonElement statement)
    {
        Only(statement, "node");
        return Query(statement.GetProperty("node"));
    }

    private int Values(JsonElement node)
    {
        Only(node, "values", "expected_names");
        var rows = List(node, "values");
        var width = rows.Count == 0 ? 0 : rows[0].GetArrayLength();
        Add("(VALUES ");
        Each(rows, row =>
        {
            Add("(");
            Each(row.EnumerateArray(), e => Expression(e));
            Add(")");
        });
        Add($") AS {Name(Word(node, "alias") is { Length: > 0 } alias ? alias : $"values_{++_names}")}({string.Join(", ", Enumerable.Range(1, width).Select(i => Name($"column{i}")))})");
        return width;
    }
}
