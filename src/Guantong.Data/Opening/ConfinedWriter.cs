using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Guantong.Data;

/// <summary>Writes a statement anew from the parser's tree, in the SQL that DuckDB and PostgreSQL have in common. Each kind of node, and each member of one, is let through by name; any other is refused.</summary>
/// <remarks>Names are quoted throughout and spelt one way, since one engine tells case apart in them and the other does not. Nulls are sorted, and columns without a name are named, as PostgreSQL does.</remarks>
internal sealed class ConfinedWriter
{
    /// <summary>The most tables that a statement comes to, those of its WITH counted wherever they are used.</summary>
    public const int MostTables = 64;

    /// <summary>The most columns of a query within it.</summary>
    public const int MostColumns = 500;

    /// <summary>How many times as long as the texts of a row a text may become that is put together from them.</summary>
    public const double MostGrowth = 256;

    // As deep as expressions and queries may lie in one another.
    private const int Deepest = 200;

    // What only reckons, besides what packs may use.
    private static readonly HashSet<string> Functions = new(PortableSql.PortableFunctions, StringComparer.OrdinalIgnoreCase)
    {
        "~~*", "!~~*", "like_escape", "not_like_escape", "position", "strpos", "starts_with", "split_part", "reverse", "ltrim", "rtrim", "bool_and", "bool_or", "ntile", "percent_rank", "cume_dist", "nth_value",
    };

    private static readonly HashSet<string> Operators = ["+", "-", "*", "/", "%", "||", "~~", "!~~", "~~*", "!~~*"];

    private static readonly HashSet<string> DateParts = ["year", "quarter", "month", "week", "day", "hour", "minute", "second", "dow", "isodow", "doy", "epoch", "decade", "century"];

    // Names that DuckDB takes for functions where there is no such column.
    private static readonly HashSet<string> ValueNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "localtime", "localtimestamp", "session_user", "user",
    };

    private static readonly Dictionary<string, string> Comparisons = new()
    {
        ["COMPARE_EQUAL"] = "=", ["COMPARE_NOTEQUAL"] = "<>", ["COMPARE_LESSTHAN"] = "<", ["COMPARE_GREATERTHAN"] = ">", ["COMPARE_LESSTHANOREQUALTO"] = "<=", ["COMPARE_GREATERTHANOREQUALTO"] = ">=",
        ["COMPARE_DISTINCT_FROM"] = "IS DISTINCT FROM", ["COMPARE_NOT_DISTINCT_FROM"] = "IS NOT DISTINCT FROM",
    };

    private static readonly Dictionary<string, string> Types = new()
    {
        ["SMALLINT"] = "SMALLINT", ["INTEGER"] = "INTEGER", ["BIGINT"] = "BIGINT", ["DOUBLE"] = "DOUBLE PRECISION", ["FLOAT"] = "REAL", ["VARCHAR"] = "VARCHAR", ["DATE"] = "DATE", ["TIMESTAMP"] = "TIMESTAMP", ["BOOLEAN"] = "BOOLEAN", ["INTERVAL"] = "INTERVAL",
    };

    private readonly IReadOnlyDictionary<string, ConfinedTable> _tables;
    private readonly Dictionary<string, string> _spelling = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Common> _common = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<double> _growth = [];
    private readonly List<ConfinedTable> _used = [];
    private readonly List<object> _parts = [];
    private readonly StringBuilder _text = new();
    private int _depth, _names, _count;

    private ConfinedWriter(IReadOnlyDictionary<string, ConfinedTable> tables) => _tables = tables;

    // A query of a WITH: what it is called here, how many columns and tables it comes to, and how long its texts may have become.
    private sealed record Common(string Name, int Columns, int Tables, double Growth);

    private readonly record struct Shape(int Columns, double Growth);

    /// <summary>The datasets that it reads.</summary>
    public IReadOnlyList<ConfinedTable> Tables => [.. _used.Distinct()];

    /// <summary>Reads a parsed statement.</summary>
    /// <exception cref="ConfinedException">It leads outside.</exception>
    public static ConfinedWriter Write(JsonElement statement, IReadOnlyDictionary<string, ConfinedTable> tables)
    {
        var writer = new ConfinedWriter(tables);
        if (List(statement, "named_param_map").Count > 0)
            throw new ConfinedException("sql-construct", null, "?");
        Only(statement, "node");
        writer.Query(statement.GetProperty("node"));
        writer.Cut();
        return writer;
    }

    /// <summary>The statement, with SQL in the place of each table.</summary>
    public string Text(Func<ConfinedTable, string> rows) => string.Concat(_parts.Select(p => p is ConfinedTable table ? rows(table) : (string)p));

    /// <summary>A name, quoted, as it is spelt throughout.</summary>
    /// <exception cref="ConfinedException">It is longer than PostgreSQL's 63 bytes.</exception>
    public string Name(string name) =>
        Encoding.UTF8.GetByteCount(name) > 63 ? throw new ConfinedException("sql-name", null, name) : Sql.Name(_spelling.TryGetValue(name, out var spelt) ? spelt : _spelling[name] = name);

    private void Add(string text) => _text.Append(text);

    private void Cut()
    {
        _parts.Add(_text.ToString());
        _text.Clear();
    }

    private static ConfinedException Outside(JsonElement node, string code, params object?[] args) => new(code, At(node), args);

    private static int? At(JsonElement node) => node.ValueKind == JsonValueKind.Object && node.TryGetProperty("query_location", out var at) && at.TryGetInt64(out var place) && place < int.MaxValue ? (int)place : null;

    // Members that are not known may mean anything.
    private static void Only(JsonElement node, params ReadOnlySpan<string> members)
    {
        foreach (var member in node.EnumerateObject())
        {
            if (member.Name is not ("type" or "query_location" or "class" or "alias") && !members.Contains(member.Name) && !(member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() == 0))
                throw new ConfinedException("sql-construct", At(node), member.Name);
        }
    }

    private static string Kind(JsonElement node) => Word(node, "type");

    private static string Word(JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool Truth(JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static JsonElement? Part(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value : null;

    private static List<JsonElement> List(JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    private void Each(IEnumerable<JsonElement> nodes, Action<JsonElement> write, string between = ", ")
    {
        var isFirst = true;
        foreach (var node in nodes)
        {
            if (!isFirst)
                Add(between);
            isFirst = false;
            write(node);
        }
    }

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

    /// <summary>Writes an expression; gives how many times as long as the texts of a row its text may be.</summary>
    private double Expression(JsonElement node)
    {
        if (++_depth > Deepest)
            throw Outside(node, "sql-deep");
        var growth = Word(node, "class") switch
        {
            "COLUMN_REF" => Column(node),
            "CONSTANT" => Constant(node),
            "CAST" => Cast(node),
            "COMPARISON" => Comparison(node),
            "CONJUNCTION" => Conjunction(node),
            "OPERATOR" => Operator(node),
            "BETWEEN" => Between(node),
            "CASE" => Case(node),
            "FUNCTION" => Function(node),
            "WINDOW" => Window(node),
            "SUBQUERY" => Inner(node),
            "STAR" => throw Outside(node, "sql-construct", "*"),
            var other => throw Outside(node, "sql-construct", other),
        };
        _depth--;
        return growth <= MostGrowth ? growth : throw Outside(node, "sql-grows");
    }

    private double Column(JsonElement node)
    {
        Only(node, "column_names");
        var names = List(node, "column_names").ConvertAll(n => n.GetString()!);
        if (names.Count > 2)
            throw Outside(node, "sql-table", string.Join('.', names));
        if (names.Count == 1 && ValueNames.Contains(names[0]) && !_spelling.ContainsKey(names[0]))
            throw Outside(node, "sql-function", names[0]);
        Add(string.Join('.', names.Select(Name)));
        return _growth.Max();
    }

    private double Constant(JsonElement node)
    {
        Only(node, "value");
        var value = node.GetProperty("value");
        Only(value, "is_null", "value");
        Only(value.GetProperty("type"), "id", "type_info");
        if (Truth(value, "is_null"))
        {
            Add("NULL");
            return 1;
        }
        var (type, held) = (value.GetProperty("type"), value.GetProperty("value"));
        switch (Word(type, "id"))
        {
            case "VARCHAR" when held.ValueKind == JsonValueKind.String:
                // A text with a character that PostgreSQL does not keep would be another there.
                var text = held.GetString()!;
                if (text.Contains('\0', StringComparison.Ordinal))
                    throw Outside(node, "sql-character", "0000");
                Add(Sql.Text(text));
                return Math.Max(1, text.Length / 32.0);
            case "BOOLEAN" when held.ValueKind is JsonValueKind.True or JsonValueKind.False:
                Add(held.GetBoolean() ? "TRUE" : "FALSE");
                return 1;
            case "INTEGER" or "BIGINT" or "HUGEINT" or "DECIMAL":
                var whole = Whole(node, held);
                var places = Word(type, "id") == "DECIMAL" ? type.GetProperty("type_info").GetProperty("scale").GetInt32() : 0;
                var digits = BigInteger.Abs(whole).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
                var number = places == 0 ? digits : $"{digits[..^places]}.{digits[^places..]}";
                Add(whole.Sign < 0 ? $"(-{number})" : number);
                return 1;
            case "DOUBLE" when held.ValueKind == JsonValueKind.Number && held.TryGetDouble(out var real) && double.IsFinite(real):
                Add($"CAST({real.ToString("R", CultureInfo.InvariantCulture)} AS DOUBLE PRECISION)");
                return 1;
            case var other:
                throw Outside(node, "sql-type", other);
        }
    }

    private static BigInteger Whole(JsonElement node, JsonElement held) => held.ValueKind switch
    {
        JsonValueKind.Number when held.TryGetInt64(out var number) => number,
        JsonValueKind.Object => new BigInteger(held.GetProperty("upper").GetInt64()) * (BigInteger.One << 64) + held.GetProperty("lower").GetUInt64(),
        _ => throw Outside(node, "sql-type", "HUGEINT"),
    };

    private double Cast(JsonElement node)
    {
        Only(node, "child", "cast_type");
        var (type, id) = (node.GetProperty("cast_type"), Word(node.GetProperty("cast_type"), "id"));
        Only(type, "id", "type_info");
        Add("CAST(");
        var growth = Expression(node.GetProperty("child"));
        if (id == "DECIMAL")
        {
            var (width, scale) = type.TryGetProperty("type_info", out var decimals) ? (decimals.GetProperty("width").GetInt32(), decimals.TryGetProperty("scale", out var places) ? places.GetInt32() : 0) : (18, 3);
            Add(string.Create(CultureInfo.InvariantCulture, $" AS DECIMAL({width}, {scale}))"));
        }
        else if (Types.TryGetValue(id, out var name) && !type.TryGetProperty("type_info", out _))
            Add($" AS {name})");
        else
            throw Outside(node, "sql-type", id);
        return growth;
    }

    private double Comparison(JsonElement node)
    {
        Only(node, "left", "right");
        if (!Comparisons.TryGetValue(Kind(node), out var sign))
            throw Outside(node, "sql-construct", Kind(node));
        Add("(");
        Expression(node.GetProperty("left"));
        Add($" {sign} ");
        Expression(node.GetProperty("right"));
        Add(")");
        return 1;
    }

    private double Conjunction(JsonElement node)
    {
        Only(node, "children");
        Add("(");
        Each(List(node, "children"), e => Expression(e), Kind(node) switch { "CONJUNCTION_AND" => " AND ", "CONJUNCTION_OR" => " OR ", var other => throw Outside(node, "sql-construct", other) });
        Add(")");
        return 1;
    }

    private double Operator(JsonElement node)
    {
        Only(node, "children");
        var children = List(node, "children");
        switch (Kind(node))
        {
            case "OPERATOR_NOT":
                Add("(NOT ");
                Expression(children[0]);
                Add(")");
                return 1;
            case "OPERATOR_IS_NULL" or "OPERATOR_IS_NOT_NULL":
                Add("(");
                Expression(children[0]);
                Add(Kind(node) == "OPERATOR_IS_NULL" ? " IS NULL)" : " IS NOT NULL)");
                return 1;
            case "COMPARE_IN" or "COMPARE_NOT_IN":
                Add("(");
                Expression(children[0]);
                Add(Kind(node) == "COMPARE_IN" ? " IN (" : " NOT IN (");
                Each(children.Skip(1), e => Expression(e));
                Add("))");
                return 1;
            case "OPERATOR_COALESCE" or "OPERATOR_NULLIF":
                return Called(Kind(node) == "OPERATOR_COALESCE" ? "coalesce" : "nullif", children);
            case var other:
                throw Outside(node, "sql-construct", other);
        }
    }

    private double Called(string name, IEnumerable<JsonElement> arguments, bool isDistinct = false)
    {
        var growth = 1.0;
        Add(isDistinct ? $"{name}(DISTINCT " : $"{name}(");
        Each(arguments, e => growth = Math.Max(growth, Expression(e)));
        Add(")");
        return growth;
    }

    private double Between(JsonElement node)
    {
        Only(node, "input", "lower", "upper");
        Add("(");
        Expression(node.GetProperty("input"));
        Add(" BETWEEN ");
        Expression(node.GetProperty("lower"));
        Add(" AND ");
        Expression(node.GetProperty("upper"));
        Add(")");
        return 1;
    }

    private double Case(JsonElement node)
    {
        Only(node, "case_checks", "else_expr");
        var growth = 1.0;
        Add("CASE");
        foreach (var check in List(node, "case_checks"))
        {
            Only(check, "when_expr", "then_expr");
            Add(" WHEN ");
            Expression(check.GetProperty("when_expr"));
            Add(" THEN ");
            growth = Math.Max(growth, Expression(check.GetProperty("then_expr")));
        }
        if (Part(node, "else_expr") is { } otherwise)
        {
            Add(" ELSE ");
            growth = Math.Max(growth, Expression(otherwise));
        }
        Add(" END");
        return growth;
    }

    private double Function(JsonElement node)
    {
        var name = Allowed(node);
        Only(node, "function_name", "schema", "children", "order_bys", "distinct", "is_operator", "filter");
        if (Part(node, "order_bys") is { } orders)
            Only(orders);
        var children = List(node, "children");
        var (isDistinct, growth) = (Truth(node, "distinct"), 1.0);
        switch (name)
        {
            case "count_star":
                Add("count(*)");
                break;
            case var sign when Operators.Contains(sign):
                growth = Signed(node, sign, children);
                break;
            case "concat":
                Add("concat(");
                growth = 0;
                Each(children, e => growth += Expression(e));
                Add(")");
                break;
            case "replace" when children.Count == 3:
                growth = Replaced(children);
                break;
            case "like_escape" or "not_like_escape" when children.Count == 3:
                Add("(");
                Expression(children[0]);
                Add(name == "like_escape" ? " LIKE " : " NOT LIKE ");
                Expression(children[1]);
                Add(" ESCAPE ");
                Add(Sql.Text(Said(children[2], t => t.Length == 1)));
                Add(")");
                break;
            case "date_part" or "date_trunc" when children.Count == 2:
                Add($"{name}({Sql.Text(Said(children[0], t => DateParts.Contains(t)))}, ");
                Expression(children[1]);
                Add(")");
                break;
            default:
                growth = Called(name == "position" ? "strpos" : name, children, isDistinct);
                break;
        }
        if (Part(node, "filter") is { } filter)
        {
            Add(" FILTER (WHERE ");
            Expression(filter);
            Add(")");
        }
        return growth;
    }

    private static string Allowed(JsonElement node)
    {
        var name = Word(node, "function_name");
        return node.TryGetProperty("catalog", out _) || Word(node, "schema") is not ("" or "main") || !Functions.Contains(name) ? throw Outside(node, "sql-function", name) : name.ToLowerInvariant();
    }

    private double Signed(JsonElement node, string sign, List<JsonElement> children)
    {
        if (children.Count is not (1 or 2) || (children.Count == 1 && sign is not ("+" or "-")))
            throw Outside(node, "sql-construct", sign);
        Add("(");
        var growth = 0.0;
        if (children.Count == 2)
        {
            growth = Expression(children[0]);
            Add(" ");
        }
        Add(sign + " ");
        growth += Expression(children[^1]);
        Add(")");
        return sign == "||" ? growth : 1;
    }

    // A text that takes the place of each character of another makes it so many times as long.
    private double Replaced(List<JsonElement> children)
    {
        Add("replace(");
        var growth = Expression(children[0]);
        Add(", ");
        Expression(children[1]);
        Add($", {Sql.Text(Said(children[2], _ => true) is var text ? text : "")})");
        return growth * Math.Max(1, text.Length);
    }

    // A text that has to stand there as it is.
    private static string Said(JsonElement node, Func<string, bool> isRight) =>
        Kind(node) == "VALUE_CONSTANT" && node.GetProperty("value") is var value && Word(value.GetProperty("type"), "id") == "VARCHAR" && Word(value, "value") is var text && !Truth(value, "is_null") && !text.Contains('\0', StringComparison.Ordinal) && isRight(text)
            ? text : throw Outside(node, "sql-literal");

    private double Window(JsonElement node)
    {
        var name = Allowed(node);
        Only(node, "function_name", "schema", "children", "partitions", "orders", "start", "end", "start_expr", "end_expr", "offset_expr", "default_expr", "filter_expr");
        if (Operators.Contains(name))
            throw Outside(node, "sql-function", name);
        double growth = 1;
        if (name == "count_star" || (name == "count" && List(node, "children").Count == 0))
            Add("count(*)");
        else
            growth = Called(name, [.. List(node, "children"), .. ((JsonElement?[])[Part(node, "offset_expr"), Part(node, "default_expr")]).OfType<JsonElement>()]);
        if (Part(node, "filter_expr") is { } filter)
        {
            Add(" FILTER (WHERE ");
            Expression(filter);
            Add(")");
        }
        Add(" OVER (");
        if (List(node, "partitions") is { Count: > 0 } partitions)
        {
            Add("PARTITION BY ");
            Each(partitions, e => Expression(e));
        }
        if (List(node, "orders") is { Count: > 0 } orders)
        {
            Add(" ORDER BY ");
            Orders(orders);
        }
        Frame(node);
        Add(")");
        return growth;
    }

    private void Frame(JsonElement node)
    {
        var (start, end) = (Word(node, "start"), Word(node, "end"));
        if (start is "" or "UNBOUNDED_PRECEDING" && end is "" or "CURRENT_ROW_RANGE")
            return;
        var unit = ((string[])["ROWS", "RANGE", "GROUPS"]).FirstOrDefault(u => start.EndsWith(u, StringComparison.Ordinal) || end.EndsWith(u, StringComparison.Ordinal)) ?? "RANGE";
        Add($" {unit} BETWEEN ");
        Bound(node, start, "start_expr");
        Add(" AND ");
        Bound(node, end, "end_expr");
    }

    private void Bound(JsonElement node, string bound, string expression)
    {
        switch (bound)
        {
            case "UNBOUNDED_PRECEDING" or "UNBOUNDED_FOLLOWING":
                Add(bound.Replace('_', ' '));
                break;
            case "CURRENT_ROW_ROWS" or "CURRENT_ROW_RANGE" or "CURRENT_ROW_GROUPS":
                Add("CURRENT ROW");
                break;
            case "EXPR_PRECEDING_ROWS" or "EXPR_PRECEDING_RANGE" or "EXPR_PRECEDING_GROUPS" or "EXPR_FOLLOWING_ROWS" or "EXPR_FOLLOWING_RANGE" or "EXPR_FOLLOWING_GROUPS":
                Expression(node.GetProperty(expression));
                Add(bound.Contains("PRECEDING", StringComparison.Ordinal) ? " PRECEDING" : " FOLLOWING");
                break;
            default:
                throw Outside(node, "sql-construct", bound);
        }
    }

    private double Inner(JsonElement node)
    {
        Only(node, "subquery_type", "subquery", "child", "comparison_type");
        switch (Word(node, "subquery_type"))
        {
            case "SCALAR":
                Add("(");
                break;
            case "EXISTS":
                Add("EXISTS (");
                break;
            case "NOT_EXISTS":
                Add("NOT EXISTS (");
                break;
            case "ANY" when Comparisons.TryGetValue(Word(node, "comparison_type"), out var sign) && !sign.StartsWith("IS", StringComparison.Ordinal):
                Add("(");
                Expression(node.GetProperty("child"));
                Add($" {sign} ANY (");
                break;
            case var other:
                throw Outside(node, "sql-construct", other);
        }
        var shape = Nested(node.GetProperty("subquery"));
        Add(Word(node, "subquery_type") == "ANY" ? "))" : ")");
        return shape.Growth;
    }
}
