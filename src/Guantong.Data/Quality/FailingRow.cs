using System.Globalization;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>A row that breaks a rule, as people are shown it: what is sealed or personal stands masked.</summary>
/// <param name="Key">Field=value of its key.</param>
/// <param name="Value">Field=value of what is at fault.</param>
public sealed record FailingRow(string? Region, string Key, string Value)
{
    /// <summary>Some of the rows that break a rule: so many in all, and of one region no more than so many, so that each that is at fault sees its own.</summary>
    internal static IReadOnlyList<FailingRow> Of(Pack pack, Dataset dataset, QualityScan scan, RowMeasure measure, int most, int mostOfRegion)
    {
        var counted = scan.Of(measure).Where(c => c.Broken > 0).ToList();
        if (counted.Count == 0)
            return [];
        var found = scan.Sample(measure, null, most);
        var unseen = counted.Select(c => c.Region).OfType<string>().Except(found.Select(f => f.Region).OfType<string>()).Take(most / mostOfRegion).ToList();
        found.AddRange(unseen.SelectMany(region => scan.Sample(measure, region, mostOfRegion)));
        return [.. found.GroupBy(f => f.Region).SelectMany(g => g.Take(counted.Count == 1 ? most : mostOfRegion))
            .Select(f => new FailingRow(f.Region, Say(pack, dataset, [.. dataset.Key.Select(k => dataset.Field(k.Name)!)], f.Keys), Say(pack, dataset, measure.Fields, f.Values)))];
    }

    private static string Say(Pack pack, Dataset dataset, IReadOnlyList<Field> fields, object?[] values) =>
        string.Join(", ", fields.Select((f, i) => $"{f.Id}={(values[i] is not null && IsMasked(pack, dataset, f) ? RowSeals.Masked : CsvText.Cut(Show(values[i])))}"));

    // Whoever mends a row finds it by its key, but nobody reads a person's data by a fault.
    private static bool IsMasked(Pack pack, Dataset dataset, Field field) => field.Personal is not null || pack.HomeOf(dataset, field) is not null
        || (field.Refers?.Name.Split('.') is [var d, var f] && pack.Dataset(d)?.Field(f)?.Personal is not null);

    private static string Show(object? value) => value switch
    {
        null => "",
        DateTime t => t.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
