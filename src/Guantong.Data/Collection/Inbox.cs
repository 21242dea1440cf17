using System.IO.Enumeration;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Tells which files of a folder belong to which dataset: by the names that a feed gives, or else by format and headers.</summary>
public static class Inbox
{
    private static readonly string[] Extensions = [".csv", ".xlsx", ".xlsm", ".json", ".ndjson", ".jsonl", ".parquet", ".txt", ".dat", ".zip", ".gz"];

    /// <summary>The datasets with their files, those that others refer to first. A file that fits none goes to the named dataset, or to the one with the most headers in common, whose load then says what is missing.</summary>
    public static IReadOnlyList<(Dataset Dataset, IReadOnlyList<string> Files)> Sort(Pack pack, string? only, string folder)
    {
        var datasets = Ordered(pack, pack.Datasets.Where(d => d.Feed is { IsDelivered: true } && (only is null || d.Id == only))).ToList();
        if (datasets.Count == 0)
            return [];
        var files = File.Exists(folder) ? [folder]
            : Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Where(f => Extensions.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal).ToList() : [];
        var groups = files.GroupBy(f => Fitting(datasets, f)).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g]);
        return [.. datasets.Where(groups.ContainsKey).Select(d => (d, groups[d]))];
    }

    /// <summary>Datasets, those that others refer to first: what a rule looks for is there by then.</summary>
    public static IEnumerable<Dataset> Ordered(Pack pack, IEnumerable<Dataset> datasets) => datasets.OrderBy(d => Depth(pack, d, []));

    private static int Depth(Pack pack, Dataset dataset, HashSet<string> above) => !above.Add(dataset.Id) ? 0
        : 1 + dataset.Fields.Select(f => f.Refers).OfType<Ref>().Select(r => pack.Dataset(r.Name.Split('.')[0])).OfType<Dataset>().Distinct().Select(d => Depth(pack, d, [.. above])).DefaultIfEmpty(0).Max();

    private static Dataset Fitting(List<Dataset> datasets, string file)
    {
        var name = Path.GetFileName(file);
        var named = datasets.Where(d => d.Feed!.Files is { } pattern && FileSystemName.MatchesSimpleExpression(pattern, name)).ToList();
        if (named.Count > 0)
            return named[0];
        // Only the header of a text can be looked at without reading the whole.
        var header = name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Header(file) : [];
        return datasets.OrderByDescending(d => Headers(d).Count(header.Contains) / (double)Headers(d).Count).ThenByDescending(d => d.Feed!.From == FormatOf(name)).ThenByDescending(d => Headers(d).Count).First();
    }

    private static string FormatOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".csv" => "csv",
        ".xlsx" or ".xlsm" => "excel",
        ".parquet" => "parquet",
        ".txt" or ".dat" => "fixed-width",
        _ => "json",
    };

    private static List<string> Headers(Dataset dataset) => [.. dataset.Feed!.Columns.SelectMany(c => c.Headers)];

    private static HashSet<string> Header(string file)
    {
        using var stream = File.OpenRead(file);
        var start = new byte[Math.Min(stream.Length, 1 << 16)];
        stream.ReadExactly(start);
        var end = start.AsSpan().IndexOfAny((byte)'\n', (byte)'\r');
        return [.. CsvText.Fields(CsvText.WithoutMark(start.AsSpan(0, end < 0 ? start.Length : end)))];
    }
}
