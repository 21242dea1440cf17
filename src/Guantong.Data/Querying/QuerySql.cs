using System.Globalization;
using System.Text;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Writes a built query as one SELECT in portable SQL: every name is one that was declared, and quoted; every value is read as its field's type and written as a literal.</summary>
/// <remarks>What it gives is confined like a statement of anybody else's before it is run (<see cref="ConfinedSql"/>).</remarks>
internal sealed class QuerySql
{
    private const int MostColumns = 30, MostFilters = 20, MostValues = 100, LongestValue = 200;

    private static readonly string[] Steps = ["day", "week", "month", "quarter", "year"], Levels = ["province", "city", "county"], Measures = ["count", "sum", "avg", "min", "max", "distinct"];

    private readonly AskableDataset _data;
    private readonly AskableDataset? _referred;
    private readonly List<BuiltColumn> _columns = [];
    private readonly List<string> _expressions = [];

    private QuerySql(AskableDataset data, AskableDataset? referred) => (_data, _referred) = (data, referred);

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<BuiltColumn> Columns => _columns;

    /// <summary>The statement, without its limit.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The tables that it reads, by the names it calls them.</summary>
    public IReadOnlyDictionary<string, ConfinedTable> Tables { get; private set; } = new Dictionary<string, ConfinedTable>();

    /// <summary>Writes a query.</summary>
    /// <param name="referred">The dataset that the way to a row's region leads through, as far as the asker may query it.</param>
    /// <exception cref="RefusedException">Something in it cannot be; its sentence says what, and the mend.</exception>
    public static QuerySql Write(BuiltQuery query, AskableDataset data, AskableDataset? referred)
    {
        var sql = new QuerySql(data, referred);
        sql.Write(query);
        return sql;
    }

    private void Write(BuiltQuery query)
    {
        Hold(query.Limit is >= 1 and <= BuiltQuery.MostRows, "query-limit", BuiltQuery.MostRows);
        var isGrouped = query.Group.Count > 0 || query.Measure.Count > 0;
        Hold(isGrouped ? query.Show.Count == 0 : query.Show.Count > 0, isGrouped ? "query-show-grouped" : "query-empty");
        Hold(isGrouped || !_data.IsOfPersons, "query-persons", AskableDataset.LeastGroup);
        Hold(query.Show.Count + query.Group.Count + query.Measure.Count <= MostColumns, "query-columns", MostColumns);
        Hold(query.Filter.Count <= MostFilters, "query-filters", MostFilters);
        foreach (var id in query.Show)
            Add(new BuiltColumn(id, Known(id), null, null), Own(id));
        foreach (var group in query.Group)
            Grouped(group);
        foreach (var measure in query.Measure)
            Measured(measure);
        Hold(_columns.Select(c => c.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == _columns.Count, "query-twice");
        var where = query.Filter.Select(Condition).ToList();
        var text = new StringBuilder("SELECT ").AppendJoin(", ", _columns.Select((c, i) => $"{_expressions[i]} AS {Sql.Name(c.Name)}")).Append(CultureInfo.InvariantCulture, $"\nFROM {Sql.Name(_data.Dataset.Table)} AS d");
        Tables = new Dictionary<string, ConfinedTable>(StringComparer.OrdinalIgnoreCase) { [_data.Dataset.Table] = _data.Table };
        if (_joined is var (field, table, key))
        {
            text.Append(CultureInfo.InvariantCulture, $"\nLEFT JOIN {Sql.Name(table.Dataset.Table)} AS r ON r.{Sql.Name(key)} = d.{Sql.Name(field)}");
            Tables = new Dictionary<string, ConfinedTable>(Tables, StringComparer.OrdinalIgnoreCase) { [table.Dataset.Table] = table.Table };
        }
        if (where.Count > 0)
            text.Append("\nWHERE ").AppendJoin("\n  AND ", where);
        if (query.Group.Count > 0)
            text.Append("\nGROUP BY ").AppendJoin(", ", _expressions.Take(query.Group.Count));
        if (_data.IsOfPersons)
            text.Append(CultureInfo.InvariantCulture, $"\nHAVING count(*) >= {AskableDataset.LeastGroup}");
        // By groups where nothing else is said, so that the same rows stand in the same order each time.
        var orders = query.Order.Count > 0 ? query.Order : [.. Enumerable.Range(0, query.Group.Count).Select(i => new BuiltOrder(i))];
        Hold(orders.All(o => o.Column >= 0 && o.Column < _columns.Count), "query-order", _columns.Count);
        if (orders.Count > 0)
            text.Append("\nORDER BY ").AppendJoin(", ", orders.Select(o => $"{Sql.Name(_columns[o.Column].Name)} {(o.Down ? "DESC" : "ASC")} NULLS LAST"));
        Text = text.ToString();
    }

    private (string Field, AskableDataset Table, string Key)? _joined;

    private static void Hold(bool holds, string code, params object?[] args)
    {
        if (!holds)
            throw new RefusedException(422, code, args);
    }

    private void Add(BuiltColumn column, string expression)
    {
        _columns.Add(column);
        _expressions.Add(expression);
    }

    private Field Known(string id) => _data.Field(id) ?? throw new RefusedException(422, "query-field", Shortened(id), _data.Key);

    private static string Shortened(string? text) => text is { Length: > 40 } ? text[..40] : text ?? "";

    private static string Own(string id) => $"d.{Sql.Name(id)}";

    // A field, or the way to a row's region.
    private (Field Field, string Expression) Reached(string path)
    {
        if (path != _data.Regions || !path.Contains('.', StringComparison.Ordinal))
            return (Known(path), Own(path));
        var parts = path.Split('.');
        var refers = Known(parts[0]).Refers!.Name.Split('.');
        if (_referred is not { } table || table.Dataset.Id != refers[0] || table.Field(parts[1]) is not { } field || table.Field(refers[1]) is null)
            throw new RefusedException(422, "query-field", path, _data.Key);
        _joined = (parts[0], table, refers[1]);
        return (field, $"r.{Sql.Name(parts[1])}");
    }

    private void Grouped(BuiltGroup group)
    {
        var (field, expression) = Reached(group.Field);
        var name = group.Field.Replace('.', '_');
        if (group.By is not { } by)
        {
            Add(new BuiltColumn(name, field, null, null), expression);
            return;
        }
        if (Steps.Contains(by) && field.Type is "date" or "timestamp")
            Add(new BuiltColumn($"{name}_{by}", field, by, null), $"CAST(date_trunc('{by}', CAST({expression} AS TIMESTAMP)) AS DATE)");
        else if (Levels.Contains(by) && group.Field == _data.Regions)
            // GB/T 2260: digits 1–2 province, 3–4 city, 5–6 county.
            Add(new BuiltColumn(by, field, by, null), by switch
            {
                "province" => $"substr({expression}, 1, 2) || '0000'",
                "city" => $"CASE WHEN substr({expression}, 3, 2) <> '00' THEN substr({expression}, 1, 4) || '00' END",
                _ => $"CASE WHEN substr({expression}, 5, 2) <> '00' THEN substr({expression}, 1, 6) END",
            });
        else
            throw new RefusedException(422, "query-by", Shortened(by), field.Id);
    }

    private void Measured(BuiltMeasure measure)
    {
        Hold(Measures.Contains(measure.As), "query-measure", Shortened(measure.As), string.Join(", ", Measures));
        if (measure.As == "count")
        {
            Add(new BuiltColumn("count", null, null, "count"), "count(*)");
            return;
        }
        var field = Known(measure.Of ?? "");
        Hold(measure.As is not ("sum" or "avg") || field.Type is "integer" or "number", "query-not-number", field.Id);
        Hold(measure.As is not ("min" or "max") || field.Type != "boolean", "query-not-number", field.Id);
        // The least and the greatest of a group are single rows' own.
        Hold(measure.As is not ("min" or "max") || !_data.IsOfPersons, "query-persons-ends", field.Id);
        Add(new BuiltColumn($"{measure.As}_{field.Id}", field, null, measure.As), measure.As == "distinct" ? $"count(DISTINCT {Own(field.Id)})" : $"{measure.As}({Own(field.Id)})");
    }

    private string Condition(BuiltFilter filter)
    {
        var (field, expression) = Reached(filter.Field);
        Hold(BuiltFilter.For(field.Type, filter.Field == _data.Regions).Contains(filter.Is), "query-is", Shortened(filter.Is), field.Id);
        var takes = BuiltFilter.Takes(filter.Is);
        Hold(takes is { } many ? filter.Values.Count == many : filter.Values.Count is >= 1 and <= MostValues, "query-values", field.Id);
        string Value(int i) => Literal(field, filter.Values[i]);
        return filter.Is switch
        {
            "empty" => field.Type == "string" ? $"({expression} IS NULL OR {expression} = '')" : $"{expression} IS NULL",
            "filled" => field.Type == "string" ? $"({expression} IS NOT NULL AND {expression} <> '')" : $"{expression} IS NOT NULL",
            "between" => $"{expression} BETWEEN {Value(0)} AND {Value(1)}",
            "in" => $"{expression} IN ({string.Join(", ", filter.Values.Select((_, i) => Value(i)))})",
            "contains" => $"strpos(lower({expression}), lower({Value(0)})) > 0",
            "!=" => $"{expression} IS DISTINCT FROM {Value(0)}",
            "within" => Within(expression, filter.Values[0]),
            var sign => $"{expression} {sign} {Value(0)}",
        };
    }

    private static string Within(string expression, string region)
    {
        Hold(region.Length == 6 && region.All(char.IsAsciiDigit), "query-region", Shortened(region));
        var above = region.EndsWith("0000", StringComparison.Ordinal) ? region[..2] : region.EndsWith("00", StringComparison.Ordinal) ? region[..4] : region;
        return $"substr({expression}, 1, {above.Length.ToString(CultureInfo.InvariantCulture)}) = {Sql.Text(above)}";
    }

    private static string Literal(Field field, string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        Hold(text.Length <= LongestValue, "query-value", Shortened(text), field.Id);
        return field.Type switch
        {
            "integer" when long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var whole) => whole < 0 ? $"({whole.ToString(invariant)})" : whole.ToString(invariant),
            "number" when decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, invariant, out var number) => number < 0 ? $"({Sql.Number(number)})" : Sql.Number(number),
            "boolean" when bool.TryParse(text, out var truth) => truth ? "TRUE" : "FALSE",
            "date" when DateOnly.TryParseExact(text, "yyyy-MM-dd", invariant, DateTimeStyles.None, out var day) => $"DATE '{day:yyyy-MM-dd}'",
            "timestamp" when DateTime.TryParseExact(text.Replace('T', ' '), ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"], invariant, DateTimeStyles.None, out var at) => $"TIMESTAMP '{at:yyyy-MM-dd HH:mm:ss}'",
            "string" when !text.Any(char.IsControl) => Sql.Text(text),
            _ => throw new RefusedException(422, "query-value", Shortened(text), field.Id),
        };
    }
}
