using System.Globalization;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A line of an organisation's record: a row of a dataset that says so.</summary>
/// <param name="Values">Field → its value, as rows are shown.</param>
/// <param name="AsOf">When the dataset was last loaded (UTC); null where it never was.</param>
public sealed record RecordLine(Pack Pack, Dataset Dataset, IReadOnlyDictionary<string, object?> Values, DateTime? AsOf)
{
    /// <summary>What the dataset declares of its lines.</summary>
    public OrganisationRecord Record => Dataset.Record!;

    /// <summary>Its dataset as other packs name it.</summary>
    public string DatasetId => $"{Pack.Id}/{Dataset.Id}";

    /// <summary>The line's last day; null where it has none.</summary>
    public DateOnly? Until => Record.Until is { } until && Values.GetValueOrDefault(until.Name) is string day && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last) ? last : null;

    /// <summary>What the line is called by, as it stands in the row.</summary>
    public string Title => Values.GetValueOrDefault(Record.Title.Name)?.ToString() ?? "";

    /// <summary>A field's value in words: codes by what they mean, regions by their names, numbers with their unit.</summary>
    public string Say(string field, string lang, Jurisdiction land) => Said(Pack, Dataset, field, Values.GetValueOrDefault(field), lang, land);

    /// <summary>The value of a dataset's field in words; a dash where there is none.</summary>
    public static string Said(Pack pack, Dataset dataset, string field, object? value, string lang, Jurisdiction land)
    {
        if (dataset.Field(field) is not { } declared || value is null)
            return "—";
        if (value is bool truth)
            return lang != Lang.Zh ? truth ? "yes" : "no" : truth ? "是" : "否";
        if (value is not string)
            value = Convert.ToString(value, CultureInfo.InvariantCulture)! + (declared.Unit is { } unit ? " " + pack.Say(lang, unit) : "");
        var text = value.ToString()!;
        if (pack.CodeLists.FirstOrDefault(l => l.Id == declared.Codes?.Name)?.Values.FirstOrDefault(v => v.Code == text).Means is { Length: > 0 } meaning)
            return pack.Say(lang, meaning);
        return dataset.Region?.Name == field && land.Regions.Find(text) is { } region ? region.Say(lang) : pack.Say(lang, text);
    }
}

/// <summary>What registers say of an organisation: the lines of every dataset of the packs in force that declares a record, by the unified social credit code.</summary>
/// <remarks>rights.md 1: of organisations alone; check refuses a record with personal data.</remarks>
public sealed class OrganisationRecords(PackRegistry packs, Warehouse warehouse)
{
    /// <summary>The most lines of one dataset that are told of one organisation.</summary>
    public const int Most = 100;

    /// <summary>The lines of an organisation, by kind as <see cref="OrganisationRecord.Kinds"/> has them; those that end first before the others.</summary>
    /// <param name="isPublic">Those alone that anyone may see: of open datasets, and of those that a law opens one by one.</param>
    public IReadOnlyList<RecordLine> Of(string code, bool isPublic)
    {
        if (IsPerson(code))
            return [];
        var newest = LoadBook.Newest(warehouse);
        var lines = from declared in Declared()
                    where !isPublic || declared.Dataset.Record!.Public is not null || DataRoom.IsPublic(declared.Dataset)
                    from line in Lines(declared.Pack, declared.Dataset, code, newest)
                    select line;
        return [.. lines.OrderBy(l => OrganisationRecord.Kinds.ToList().IndexOf(l.Record.As)).ThenBy(l => l.Until ?? DateOnly.MaxValue)];
    }

    /// <summary>Whose licences end within a span: code, the licence's key, its kind and its last day.</summary>
    public IReadOnlyList<(Pack Pack, Dataset Dataset, string Code, string Key, string Title, DateOnly Until)> Ending(DateOnly from, DateOnly to)
    {
        using var connection = warehouse.Read();
        var found = new List<(Pack, Dataset, string, string, string, DateOnly)>();
        foreach (var (pack, dataset) in Declared().Where(d => d.Dataset.Record!.As == "licence"))
        {
            var record = dataset.Record!;
            var key = string.Join(" || '·' || ", dataset.Key.Select(k => $"CAST({Sql.Name(k.Name)} AS VARCHAR)"));
            var until = $"CAST({Sql.Name(record.Until!.Name)} AS VARCHAR)";
            // Days as ISO 8601 writes them stand in order as texts, in both engines.
            var where = string.Join(" AND ", record.Only.Select(o => $"CAST({Sql.Name(o.Field.Name)} AS VARCHAR) = ?").Prepend($"{until} BETWEEN ? AND ?"));
            found.AddRange(connection.Rows($"SELECT {Sql.Name(record.Of.Name)}, {key}, CAST({Sql.Name(record.Title.Name)} AS VARCHAR), {until} FROM {Sql.Table(pack.Id, dataset.Table)} WHERE {where} AND {Sql.Name(record.Of.Name)} IS NOT NULL ORDER BY 4, 2",
                r => (pack, dataset, r.GetString(0), r.GetString(1), r.IsDBNull(2) ? "" : r.GetString(2), DateOnly.ParseExact(r.GetString(3), "yyyy-MM-dd", CultureInfo.InvariantCulture)),
                [Iso(from), Iso(to), .. record.Only.Select(o => (object?)o.Value.Name)]));
        }
        return found;
    }

    /// <summary>The row about an organisation that a policy's fact reads; null where there is none.</summary>
    public IReadOnlyDictionary<string, object?>? Find(Pack pack, Dataset dataset, PolicyFact fact, string code)
    {
        if (IsPerson(code))
            return null;
        var equal = fact.Only.ToDictionary(o => o.Field.Name, o => o.Value.Name);
        equal[fact.Key.Name] = code;
        var page = DatasetRows.Page(warehouse, pack, dataset, new RowQuery(fact.Newest?.Name, Descending: true, equal, Take: 1), RowsSeen.All);
        return page.Rows is [var row] ? Values(dataset, page.Columns, row) : null;
    }

    // GB 32100: a sole trader's code begins with 92, and is a natural person's.
    private static bool IsPerson(string code) => code.StartsWith("92", StringComparison.Ordinal);

    private IEnumerable<(Pack Pack, Dataset Dataset)> Declared() =>
        from applied in packs.Applied.Values
        orderby applied.Pack.Id
        from dataset in applied.Pack.Datasets
        where dataset.Record is not null
        select (applied.Pack, dataset);

    private IEnumerable<RecordLine> Lines(Pack pack, Dataset dataset, string code, Dictionary<(string, string), DateTime> newest)
    {
        var equal = dataset.Record!.Only.ToDictionary(o => o.Field.Name, o => o.Value.Name);
        equal[dataset.Record.Of.Name] = code;
        var page = DatasetRows.Page(warehouse, pack, dataset, new RowQuery(Equal: equal, Take: Most), RowsSeen.All);
        return page.Rows.Select(r => new RecordLine(pack, dataset, Values(dataset, page.Columns, r), newest.TryGetValue((pack.Id, dataset.Id), out var at) ? at : null));
    }

    // Days as ISO 8601 writes them: one of the engines gives them with a time of day.
    private static Dictionary<string, object?> Values(Dataset dataset, IReadOnlyList<string> columns, IReadOnlyList<object?> row) =>
        columns.Zip(row).ToDictionary(c => c.First, c => c.Second is string { Length: > 10 } day && dataset.Field(c.First)!.Type == "date" ? day[..10] : c.Second);

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
