using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Guantong.Data;

// Expressions: columns, constants, what reckons and compares, functions and windows. Each gives how many times as long as the texts of a row its text may be.
internal sealed partial class ConfinedWriter
{
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
