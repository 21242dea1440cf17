using System.Globalization;
using System.Text;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Writes a built query as one SELECT in portable SQL: every name is one that was declared, and quoted; every value is read as its field's type and written as a literal.</summary>
/// <remarks>What it gives is confined like a statement of anybody else's before it is run (<see cref="ConfinedSql"/>).</remarks>
internal sealed class QuerySql
{
    private const int MostColumns = 30, MostFilters = 20, MostValues = 100, LongestValue = 200, MostJoins = 6;

    private static readonly string[] Steps = ["day", "week", "month", "quarter", "year"], Levels = ["province", "city", "county", "street"], Measures = ["count", "sum", "avg", "min", "max", "distinct"];

    private readonly AskableDataset _data;
    private readonly List<BuiltColumn> _columns = [];
    private readonly List<string> _expressions = [];

    // What is joined: one row each that is referred to, by the field that refers; what is reckoned over rows that refer here, by dataset and field.
    private readonly List<AskableWay> _towards = [];
    private readonly List<(string Prefix, List<AskableWay> Reckoned)> _referring = [];

    private QuerySql(AskableDataset data) => _data = data;

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<BuiltColumn> Columns => _columns;

    /// <summary>The statement, without its limit.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The tables that it reads, by the names it calls them.</summary>
    public IReadOnlyDictionary<string, ConfinedTable> Tables { get; private set; } = new Dictionary<string, ConfinedTable>();

    /// <summary>Writes a query.</summary>
    /// <exception cref="RefusedException">Something in it cannot be; its sentence says what, and the mend.</exception>
    public static QuerySql Write(BuiltQuery query, AskableDataset data)
    {
        var sql = new QuerySql(data);
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
            Add(Column(NameOf(id), Reached(id, out var expression), null, null), expression);
        foreach (var group in query.Group)
            Grouped(group);
        foreach (var measure in query.Measure)
            Measured(measure);
        Hold(_columns.Select(c => c.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == _columns.Count, "query-twice");
        var where = query.Filter.Select(Condition).ToList();
        var text = new StringBuilder("SELECT ").AppendJoin(", ", _columns.Select((c, i) => $"{_expressions[i]} AS {Sql.Name(c.Name)}")).Append(CultureInfo.InvariantCulture, $"\nFROM {Sql.Name(_data.Dataset.Table)} AS d");
        text.Append(Joins());
        Tables = new[] { _data }.Concat(_towards.Select(t => t.Table!)).Concat(_referring.Select(r => r.Reckoned[0].Table!)).DistinctBy(t => t.Dataset.Id).ToDictionary(t => t.Dataset.Table, t => t.Table, StringComparer.OrdinalIgnoreCase);
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

    private string Joins()
    {
        var joins = new StringBuilder();
        foreach (var (to, i) in _towards.Select((t, i) => (t, i)))
            joins.Append(CultureInfo.InvariantCulture, $"\nLEFT JOIN {Sql.Name(to.Table!.Dataset.Table)} AS r{i} ON r{i}.{Sql.Name(to.Key!)} = {Own(to.Through!.Id)}");
        foreach (var (referring, i) in _referring.Select((r, i) => (r.Reckoned, i)))
        {
            var (first, by) = (referring[0], $"o.{Sql.Name(referring[0].Through!.Id)}");
            joins.Append(CultureInfo.InvariantCulture, $"\nLEFT JOIN (SELECT {by} AS k");
            foreach (var (way, n) in referring.Select((w, n) => (w, n)))
                joins.Append(CultureInfo.InvariantCulture, $", {way.As switch { "count" => "count(*)", "distinct" => $"count(DISTINCT o.{Sql.Name(way.Of!.Id)})", var measure => $"{measure}(o.{Sql.Name(way.Of!.Id)})" }} AS v{n}");
            joins.Append(CultureInfo.InvariantCulture, $" FROM {Sql.Name(first.Table!.Dataset.Table)} AS o GROUP BY {by}{(first.Table.IsOfPersons ? $" HAVING count(*) >= {AskableDataset.LeastGroup}" : "")}) AS b{i} ON b{i}.k = {Own(first.Key!)}");
        }
        return joins.ToString();
    }

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

    private static BuiltColumn Column(string name, AskableWay way, string? by, string? measure) => new(name, way.Field, by, measure) { Way = way };

    // What SQL calls it: station.name and air-daily.station:avg(pm25) are no names that one likes to write.
    private static string NameOf(string path) => string.Concat(path.Select(c => c is '.' or '-' or ':' or '(' ? '_' : c)).TrimEnd(')');

    private static string Shortened(string? text) => text is { Length: > 40 } ? text[..40] : text ?? "";

    private static string Own(string id) => $"d.{Sql.Name(id)}";

    // A field, wherever a reference leads to it, and what it is in SQL.
    private AskableWay Reached(string path, out string expression)
    {
        var way = _data.Way(path) ?? throw new RefusedException(422, "query-field", Shortened(path), _data.Key);
        if (way.Table is not { } table)
            expression = Own(way.Field.Id);
        else if (way.As is null)
        {
            var at = _towards.FindIndex(t => t.Through!.Id == way.Through!.Id);
            if (at < 0)
            {
                at = _towards.Count;
                _towards.Add(way);
            }
            expression = $"r{at.ToString(CultureInfo.InvariantCulture)}.{Sql.Name(way.Field.Id)}";
        }
        else
        {
            var prefix = $"{table.Dataset.Id}.{way.Through!.Id}";
            var at = _referring.FindIndex(r => r.Prefix == prefix);
            if (at < 0)
            {
                at = _referring.Count;
                _referring.Add((prefix, []));
            }
            var reckoned = _referring[at].Reckoned;
            var n = reckoned.FindIndex(w => w.Path == path);
            if (n < 0)
            {
                n = reckoned.Count;
                reckoned.Add(way);
            }
            expression = string.Create(CultureInfo.InvariantCulture, $"b{at}.v{n}");
            // Where nothing refers here there is none; of rows about persons, fewer than may be shown are not told from none.
            if (way.As is "count" or "distinct" && !table.IsOfPersons)
                expression = $"coalesce({expression}, 0)";
        }
        Hold(_towards.Count + _referring.Count <= MostJoins, "query-joins", MostJoins);
        return way;
    }

    private void Grouped(BuiltGroup group)
    {
        var way = Reached(group.Field, out var expression);
        var (field, name) = (way.Field, NameOf(group.Field));
        if (group.By is not { } by)
        {
            Add(Column(name, way, null, null), expression);
            return;
        }
        if (Steps.Contains(by) && field.Type is "date" or "timestamp")
            Add(Column($"{name}_{by}", way, by, null), $"CAST(date_trunc('{by}', CAST({expression} AS TIMESTAMP)) AS DATE)");
        else if (Levels.Contains(by) && group.Field == _data.Regions)
            // GB/T 2260: digits 1–2 province, 3–4 city, 5–6 county; GB/T 10114: three more for what lies below it.
            Add(Column(by, way, by, null), by switch
            {
                "province" => $"substr({expression}, 1, 2) || '0000'",
                "city" => $"CASE WHEN substr({expression}, 3, 2) <> '00' THEN substr({expression}, 1, 4) || '00' END",
                "county" => $"CASE WHEN substr({expression}, 5, 2) <> '00' THEN substr({expression}, 1, 6) END",
                _ => $"CASE WHEN length({expression}) >= 9 THEN substr({expression}, 1, 9) END",
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
        var way = Reached(measure.Of ?? "", out var expression);
        var field = way.Field;
        Hold(measure.As is not ("sum" or "avg") || field.Type is "integer" or "number", "query-not-number", field.Id);
        Hold(measure.As is not ("min" or "max") || field.Type != "boolean", "query-not-number", field.Id);
        // The least and the greatest of a group are single rows' own.
        Hold(measure.As is not ("min" or "max") || !_data.IsOfPersons, "query-persons-ends", field.Id);
        Add(Column($"{measure.As}_{NameOf(way.Path)}", way, null, measure.As), measure.As == "distinct" ? $"count(DISTINCT {expression})" : $"{measure.As}({expression})");
    }

    private string Condition(BuiltFilter filter)
    {
        var field = Reached(filter.Field, out var expression).Field;
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
        Hold(region.Length is 6 or 9 && region.All(char.IsAsciiDigit), "query-region", Shortened(region));
        var stem = RegionCode.Stem(region);
        return $"substr({expression}, 1, {stem.Length.ToString(CultureInfo.InvariantCulture)}) = {Sql.Text(stem)}";
    }

    // 5亿元 of a field in 万元 is 50000.
    private static string InUnit(Field field, string text, UnitNumber written)
    {
        var number = written.In(field.Unit) ?? throw new RefusedException(422, "query-unit", Shortened(text), field.Id, string.IsNullOrEmpty(field.Unit) ? "–" : field.Unit);
        Hold(field.Type == "number" || (number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue), "query-value", Shortened(text), field.Id);
        number = field.Type == "integer" ? decimal.Truncate(number) : number;
        return number < 0 ? $"({Sql.Number(number)})" : Sql.Number(number);
    }

    private static string Literal(Field field, string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        Hold(text.Length <= LongestValue, "query-value", Shortened(text), field.Id);
        return field.Type switch
        {
            "integer" or "number" when UnitNumber.Read(text) is { } written && (written.Scale != 1 || written.Unit.Length > 0 || text.Contains(',', StringComparison.Ordinal)) => InUnit(field, text, written),
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
