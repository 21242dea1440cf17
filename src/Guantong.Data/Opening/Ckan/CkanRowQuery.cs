using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>What datastore_search asks of a dataset's rows, as SQL: names are held against the declared fields, everything else is a parameter.</summary>
internal sealed class CkanRowQuery(Pack pack, Dataset dataset, IReadOnlyList<Field> fields, IReadOnlyList<string> wanted)
{
    private const string Id = "_id";

    private readonly List<string> _where = [], _order = [];
    private readonly List<object?> _values = [], _ranked = [];
    private readonly List<(string Name, string Sql)> _ranks = [];

    /// <summary>The columns of the answer.</summary>
    public IReadOnlyList<string> Columns => [.. wanted, .. _ranks.Select(r => r.Name).Except(wanted)];

    /// <summary>Keeps rows whose fields have a value, or one of a list.</summary>
    public void Filter(JsonObject? filters)
    {
        foreach (var (name, value) in filters ?? [])
        {
            var field = Declared("filters", name);
            var values = value is JsonArray list ? [.. list] : new[] { value };
            if (values.Length == 0)
                continue;
            if (values is [JsonObject] || values.Any(v => v is not (null or JsonValue)))
                throw CkanException.Invalid("filters", $"\"{name}\": a value or a list of values");
            var column = Sql.Name(name);
            List<string> any = [.. values.OfType<JsonValue>().Select(_ => $"{column} = ?")];
            _values.AddRange(values.OfType<JsonValue>().Select(v => Typed(name, field, CkanCall.Said(v))));
            if (values.Contains(null))
                any.Add($"{column} IS NULL");
            _where.Add($"({string.Join(" OR ", any)})");
        }
    }

    /// <summary>Keeps rows in which words stand, in any field or in those that are named; says how many of the fields they stand in.</summary>
    public void Seek(CkanCall call, bool plain)
    {
        if (call.Node("q") is null && call.Node("full_text") is null)
            return;
        JsonObject? each = null;
        if (call.Node("q") is JsonObject || call.Text("q") is { } text && text.TrimStart().StartsWith('{'))
            each = call.Object("q");
        if (each is null)
        {
            Seek("rank", fields, call.Text("q") ?? call.Text("full_text") ?? "", plain);
            return;
        }
        foreach (var (name, said) in each)
            Seek($"rank {name}", [Declared("q", name) ?? throw CkanException.Invalid("q", $"field \"{name}\" cannot be searched")], said is JsonValue value ? CkanCall.Said(value) : throw CkanException.Invalid("q", "Must be a string or a dictionary"), plain);
    }

    private void Seek(string rank, IReadOnlyList<Field> among, string text, bool plain)
    {
        // Of PostgreSQL's full text language & and | are known; a word's beginning is a word here anyway.
        var any = (plain ? [text] : text.Split('|')).Select(t => t.Split(plain ? [' ', '\t', '\u3000'] : [' ', '&', '\t', '\u3000'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(w => (plain ? w : w.Replace(":*", "", StringComparison.Ordinal).Trim('\'', '(', ')')).ToLowerInvariant()).Where(w => w.Length > 0).ToList()).Where(w => w.Count > 0).ToList();
        if (any.Count == 0)
            return;
        string Has(Field f) => $"strpos(lower(coalesce(CAST({Sql.Name(f.Id)} AS VARCHAR), '')), CAST(? AS VARCHAR)) > 0";
        _where.Add($"({string.Join(" OR ", any.Select(all => $"({string.Join(" AND ", all.Select(_ => $"({string.Join(" OR ", among.Select(Has))})"))})"))})");
        var words = any.SelectMany(w => w).ToList();
        _values.AddRange(words.SelectMany(w => among.Select(_ => (object?)w)));
        _ranks.Add((rank, $"CAST({string.Join(" + ", words.SelectMany(_ => among.Select(f => $"CASE WHEN {Has(f)} THEN 1 ELSE 0 END")))} AS DOUBLE PRECISION) / {(among.Count * words.Count).ToString(CultureInfo.InvariantCulture)}.0"));
        _ranked.AddRange(words.SelectMany(w => among.Select(_ => (object?)w)));
    }

    /// <summary>Sorts by fields: <c>name [asc|desc] [nulls first|last]</c>.</summary>
    public void Sort(IReadOnlyList<string> sorts)
    {
        foreach (var sort in sorts)
        {
            var words = sort.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
            var nulls = words.Count > 2 && words[^2].Equals("nulls", StringComparison.OrdinalIgnoreCase) && words[^1].ToLowerInvariant() is "first" or "last" ? words[^1].ToUpperInvariant() : null;
            if (nulls is not null)
                words.RemoveRange(words.Count - 2, 2);
            var isDown = words is [_, var way] && way.Equals("desc", StringComparison.OrdinalIgnoreCase);
            if (words is not [_] && words is not [_, "asc" or "ASC"] && !isDown)
                throw CkanException.Invalid("sort", $"\"{sort}\": name [asc|desc] [nulls first|last]");
            var name = words[0].Trim('"');
            if (_ranks.All(r => r.Name != name))
                _ = Declared("sort", name);
            _order.Add($"{Sql.Name(name)} {(isDown ? "DESC" : "ASC")} NULLS {nulls ?? (isDown ? "FIRST" : "LAST")}");
        }
    }

    /// <summary>The rows of a page, each with its values in the order of <see cref="Columns"/>, and how many there are in all.</summary>
    public (List<object?[]> Rows, long? Total) Read(Warehouse warehouse, bool isDistinct, int limit, int offset, bool counts)
    {
        var (columns, table) = (Columns, Sql.Table(pack.Id, dataset.Table));
        var keys = string.Join(", ", dataset.Key.Select(k => Sql.Name(k.Name)));
        var numbered = $"(SELECT row_number() OVER (ORDER BY {keys}) AS {Sql.Name(Id)}, {string.Join(", ", fields.Select(f => Sql.Name(f.Id)))} FROM {table}) AS d";
        var where = _where.Count > 0 ? $"WHERE {string.Join(" AND ", _where)}" : "";
        var ranked = $"(SELECT d.*{string.Concat(_ranks.Select(r => $", {r.Sql} AS {Sql.Name(r.Name)}"))} FROM {numbered} {where}) AS r";
        var chosen = columns.Count == 0 ? "1" : string.Join(", ", columns.Select(Sql.Name));
        List<object?> values = [.. _ranked, .. _values];
        using var connection = warehouse.Read();
        using var moment = connection.Moment();
        var order = string.Join(", ", isDistinct ? _order : _order.Append(Sql.Name(Id)));
        // A whole table is numbered only where something is sought in it.
        var isPlain = _where.Count == 0 && _order.Count == 0 && !isDistinct;
        var page = isPlain
            ? $"SELECT {chosen} FROM (SELECT CAST(0 AS BIGINT) AS {Sql.Name(Id)}, {string.Join(", ", fields.Select(f => Sql.Name(f.Id)))} FROM {table} ORDER BY {keys} LIMIT {limit} OFFSET {offset}) AS r"
            : $"SELECT {(isDistinct ? "DISTINCT " : "")}{chosen} FROM {ranked}{(order.Length > 0 ? $" ORDER BY {order}" : "")} LIMIT {limit} OFFSET {offset}";
        var at = columns.ToList().IndexOf(Id);
        var number = offset;
        var rows = connection.Rows(page, r =>
        {
            var row = new object?[columns.Count];
            for (var i = 0; i < row.Length; i++)
                row[i] = isPlain && i == at ? (long)++number : r.IsDBNull(i) ? null : Plain(r.GetValue(i));
            return row;
        }, isPlain ? [] : values);
        long? total = !counts ? null : _where.Count == 0 && !isDistinct ? warehouse.RowCount(connection, pack.Id, dataset.Table) : connection.Count($"SELECT count(*) FROM (SELECT {(isDistinct ? "DISTINCT " : "")}{chosen} FROM {ranked}) AS c", values);
        return (rows, total);
    }

    private static object? Plain(object value) => value switch
    {
        DateTime t => t.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        double n when !double.IsFinite(n) => null,
        int n => (long)n,
        _ => value,
    };

    // Null for the number of the row.
    private Field? Declared(string parameter, string name) => name == Id ? null : fields.FirstOrDefault(f => f.Id == name) ?? throw CkanException.Invalid(parameter, $"field \"{name}\" not in table");

    private static object Typed(string name, Field? field, string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        object? value = (field?.Type ?? "integer") switch
        {
            "integer" => long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var whole) ? whole : null,
            "number" => double.TryParse(text, NumberStyles.Float, invariant, out var number) ? number : null,
            "boolean" => text.ToLowerInvariant() switch { "true" or "t" or "1" or "yes" => true, "false" or "f" or "0" or "no" => false, _ => null },
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", invariant, DateTimeStyles.None, out var day) ? day : null,
            "timestamp" => DateTime.TryParse(text, invariant, DateTimeStyles.None, out var time) ? time : null,
            _ => text,
        };
        return value ?? throw CkanException.Invalid("filters", $"invalid input syntax for \"{name}\": \"{text}\"");
    }
}

/// <summary>Records in one of the forms that records_format names.</summary>
internal static class CkanRecords
{
    public static JsonNode In(string format, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows) => format switch
    {
        "lists" => new JsonArray([.. rows.Select(r => new JsonArray([.. r.Select(Value)]))]),
        "csv" => JsonValue.Create(string.Concat(rows.Select(r => Line(r, ',')))),
        "tsv" => JsonValue.Create(string.Concat(rows.Select(r => Line(r, '\t')))),
        _ => new JsonArray([.. rows.Select(r => new JsonObject(r.Select((v, i) => KeyValuePair.Create(columns[i], Value(v)))))]),
    };

    private static JsonNode? Value(object? value) => value switch
    {
        null => null,
        long n => JsonValue.Create(n),
        double n => JsonValue.Create(n),
        decimal n => JsonValue.Create(n),
        bool b => JsonValue.Create(b),
        var other => JsonValue.Create(Convert.ToString(other, CultureInfo.InvariantCulture)),
    };

    // As PostgreSQL's COPY writes them: no header, a line feed at each end.
    private static string Line(object?[] row, char between) => string.Join(between, row.Select(v => v switch
    {
        null => "",
        true => "t",
        false => "f",
        string s => s.AsSpan().IndexOfAny(['"', between, '\n', '\r']) >= 0 || s.Length == 0 ? $"\"{s.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : s,
        var other => Convert.ToString(other, CultureInfo.InvariantCulture),
    })) + "\n";
}
