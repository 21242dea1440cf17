using Guantong.Packs;

namespace Guantong.Data;

/// <summary>The SELECT that reads CSV files as texts and gives typed fields, with the first fault of each row as <c>rule|field|value</c>.</summary>
/// <param name="seals">Field → the function that seals it; it is typed and tested in clear before.</param>
internal sealed class CsvTyping(Dataset dataset, IReadOnlyDictionary<string, EachText.Lent> seals)
{
    private readonly Feed _feed = dataset.Feed!;

    /// <summary>What comes after the fields: whether a row is to be removed, for deliveries that remove.</summary>
    public const string Gone = "guantong_gone";

    /// <summary>What is wrong with a row; a name that no field has.</summary>
    public const string Fault = "guantong_fault";

    public string Select(IReadOnlyList<string> paths, IReadOnlyList<string> header)
    {
        // Columns get names by their place: a header may hold anything.
        var columns = string.Join(", ", header.Select((_, i) => $"'c{i}': 'VARCHAR'"));
        var texts = string.Join(", ", dataset.Fields.SelectMany(f => Texts(f, header)));
        var typed = string.Join(", ", dataset.Fields.Select(f => $"{Typed(f)} AS {Sql.Name(f.Id)}"));
        var gone = header.ToList().IndexOf(StagedText.Gone);
        var tests = (gone < 0 ? dataset.Fields.SelectMany(Tests) : [.. Keys().SelectMany(Tests), $"WHEN {Gone} THEN NULL", .. dataset.Fields.Except(Keys()).SelectMany(Tests)]).ToList();
        return $"""
            SELECT {string.Join(", ", dataset.Fields.Select(Given))}, {Gone}, {(tests.Count == 0 ? "NULL" : $"CASE {string.Join(' ', tests)} END")}::VARCHAR AS {Fault}
            FROM (SELECT *, {typed} FROM (SELECT {texts}, {(gone < 0 ? "FALSE" : $"c{gone} IS NOT NULL")} AS {Gone} FROM read_csv([{string.Join(", ", paths.Select(Sql.Text))}], auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
                columns = {"{" + columns + "}"}, max_line_size = {2 * RecordScanner.LongestRecord}, strict_mode = true)))
            """;
    }

    private IEnumerable<Field> Keys() => dataset.Key.Select(k => dataset.Field(k.Name)!);

    private string Given(Field field) => seals.TryGetValue(field.Id, out var seal) ? $"{seal.Of(Sql.Name(field.Id))} AS {Sql.Name(field.Id)}" : Sql.Name(field.Id);

    private IReadOnlyList<string> HeadersOf(Field field) => _feed.Columns.First(c => c.Field.Name == field.Id).Headers;

    // Raw texts, a missing-value text as null: t_pm25, or t_hour_0 … t_hour_3 for a timestamp made of four.
    private IEnumerable<string> Texts(Field field, IReadOnlyList<string> header)
    {
        var headers = HeadersOf(field);
        for (var i = 0; i < headers.Count; i++)
        {
            var column = $"c{header.ToList().IndexOf(headers[i])}";
            var missing = string.Join(", ", _feed.Missing.Append("").Distinct().Select(Sql.Text));
            yield return $"CASE WHEN {column} IN ({missing}) THEN NULL ELSE {column} END AS {Raw(field, i)}";
        }
    }

    private static string Raw(Field field, int part = 0) => Sql.Name($"t_{field.Id}_{part}");

    private string Typed(Field field) => field.Type switch
    {
        "timestamp" when HeadersOf(field).Count == 4 =>
            $"TRY(make_timestamp(TRY_CAST({Raw(field, 0)} AS BIGINT), TRY_CAST({Raw(field, 1)} AS BIGINT), TRY_CAST({Raw(field, 2)} AS BIGINT), TRY_CAST({Raw(field, 3)} AS BIGINT), 0, 0))",
        "number" => $"TRY_CAST({Raw(field)} AS DOUBLE)",
        "string" => Raw(field),
        _ => $"TRY_CAST({Raw(field)} AS {TableChanges.TypeOf(field)})",
    };

    private IEnumerable<string> Tests(Field field)
    {
        var (name, raw) = (Sql.Name(field.Id), HeadersOf(field).Count == 1 ? Raw(field) : $"concat_ws('-', {string.Join(", ", Enumerable.Range(0, 4).Select(i => Raw(field, i)))})");
        // A value may have slipped into another column: of rows with sealed fields no fault keeps any.
        string Told(string rule) => seals.Count > 0 ? Sql.Text($"{rule}|{field.Id}|{RowSeals.Masked}") : $"{Sql.Text($"{rule}|{field.Id}|")} || coalesce({raw}, '')";
        var absent = HeadersOf(field).Count == 1 ? $"{raw} IS NULL" : string.Join(" AND ", Enumerable.Range(0, 4).Select(i => $"{Raw(field, i)} IS NULL"));
        if (field.Required || dataset.Key.Any(k => k.Name == field.Id))
            yield return $"WHEN {absent} THEN {Told("required")}";
        if (field.Type != "string")
            yield return $"WHEN {name} IS NULL AND NOT ({absent}) THEN {Told("type")}";
        // PostgreSQL and DuckDB know days that never come; a source that writes one means something else.
        if (field.Type is "number" or "date" or "timestamp")
            yield return $"WHEN NOT isfinite({name}) THEN {Told("type")}";
        // What stands beyond these years is a slip too, and calendars part ways there.
        if (field.Type is "date" or "timestamp")
            yield return $"WHEN {name} < DATE '0001-01-01' OR {name} >= DATE '10000-01-01' THEN {Told("type")}";
        if (field.Least is { } least)
            yield return $"WHEN {name} < {Sql.Number(least)} OR {name} > {Sql.Number(field.Most!.Value)} THEN {Told("range")}";
        if (field.OneOf.Count > 0)
            yield return $"WHEN CAST({name} AS VARCHAR) NOT IN ({string.Join(", ", field.OneOf.Select(Sql.Text))}) THEN {Told("one-of")}";
    }
}
