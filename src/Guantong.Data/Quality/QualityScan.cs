using System.Data.Common;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>What a rule on rows counted in one region; a dataset without regions is one region without a code.</summary>
/// <param name="Rows">Rows that it judges.</param>
/// <param name="Broken">Rows that break it.</param>
internal sealed record Counted(string? Region, long Rows, long Broken);

/// <summary>Every rule on rows of a dataset, and the newest time, in one statement over its table: counts add up, so that regions give the dataset and the units.</summary>
internal sealed class QualityScan : IDisposable
{
    private readonly DbConnection _connection;
    private readonly Pack _pack;
    private readonly Dataset _dataset;
    private readonly string _region = "CAST(NULL AS VARCHAR)";
    private readonly string _regionJoin = "";
    private readonly List<string> _asked = [];
    private List<(string? Region, object?[] Values)> _rows = [];

    public QualityScan(DbConnection connection, Pack pack, Dataset dataset)
    {
        (_connection, _pack, _dataset) = (connection, pack, dataset);
        Measures = RowMeasure.Of(pack, dataset, (p, table) => Warehouse.Exists(connection, p, table));
        if (dataset.Region?.Name.Split('.') is [var own])
            _region = $"CAST({RowMeasure.Column(dataset, own)} AS VARCHAR)";
        else if (dataset.Region?.Name.Split('.') is [var field, var there] && dataset.Field(field)?.Refers?.Name.Split('.') is [var other, var key] && pack.Dataset(other) is { } far)
        {
            _region = "\"__region\".\"__code\"";
            _regionJoin = $"LEFT JOIN (SELECT {Sql.Name(key)} AS \"__key\", CAST(min({Sql.Name(there)}) AS VARCHAR) AS \"__code\" FROM {Sql.Table(pack.Id, far.Table)} GROUP BY {Sql.Name(key)}) AS \"__region\" ON \"__region\".\"__key\" = {RowMeasure.Column(dataset, field)}";
        }
    }

    public IReadOnlyList<RowMeasure> Measures { get; }

    /// <summary>Runs the statement. Whatever is asked afterwards is answered from it.</summary>
    public void Run()
    {
        foreach (var (name, select) in Made())
            _connection.Run($"CREATE TEMP TABLE {name} AS {select}");
        Ask("count(*)");
        foreach (var measure in Measures)
        {
            Ask(RowsOf(measure));
            Ask(BrokenOf(measure));
        }
        foreach (var time in Times())
            Ask(NewestOf(time));
        _rows = _connection.Rows($"SELECT {_region} AS \"__at\", {string.Join(", ", _asked)} FROM {From(Measures)} GROUP BY 1",
            r => (r.IsDBNull(0) ? null : r.GetString(0), _asked.Select((_, i) => r.IsDBNull(i + 1) ? null : r.GetValue(i + 1)).ToArray()));
    }

    /// <summary>What a measure counted, by region.</summary>
    public IReadOnlyList<Counted> Of(RowMeasure measure) =>
        [.. _rows.Select(r => new Counted(r.Region, Number(r.Values, RowsOf(measure)), Number(r.Values, BrokenOf(measure))))];

    /// <summary>The newest time of a field, by region.</summary>
    public IReadOnlyList<(string? Region, DateTime? Newest)> Newest(Field time) => [.. _rows.Select(r => (r.Region, r.Values[_asked.IndexOf(NewestOf(time))] as DateTime?))];

    /// <summary>Some of the rows that break a rule, with their regions: keys, then the values at fault.</summary>
    public List<(string? Region, object?[] Keys, object?[] Values)> Sample(RowMeasure measure, string? region, int most)
    {
        var (keys, fields) = (_dataset.Key.Select(k => k.Name).ToList(), measure.Fields.Select(f => f.Id).ToList());
        var columns = string.Join(", ", keys.Concat(fields).Select(f => RowMeasure.Column(_dataset, f)));
        // "… LIMIT" stops at the first rows that it finds.
        return _connection.Rows($"SELECT {_region}, {columns} FROM {From([measure])} WHERE ({measure.Broken}){(region is null ? "" : $" AND {_region} = {Sql.Text(region)}")} LIMIT {Sql.Number(most)}", r => (
            r.IsDBNull(0) ? null : r.GetString(0),
            keys.Select((_, i) => r.IsDBNull(i + 1) ? null : r.GetValue(i + 1)).ToArray(),
            fields.Select((_, i) => r.IsDBNull(i + 1 + keys.Count) ? null : r.GetValue(i + 1 + keys.Count)).ToArray()));
    }

    private IEnumerable<(string Name, string Select)> Made() => Measures.Select(m => m.Made).OfType<(string, string)>();

    public void Dispose()
    {
        foreach (var (name, _) in Made())
            _connection.Run($"DROP TABLE IF EXISTS {name}");
    }

    private IEnumerable<Field> Times() => _dataset.Quality.Where(q => q.Rule == "fresh").Select(q => q.TimeOf(_dataset)).OfType<Field>().Distinct();

    private void Ask(string expression)
    {
        if (!_asked.Contains(expression))
            _asked.Add(expression);
    }

    private long Number(object?[] values, string expression) => Convert.ToInt64(values[_asked.IndexOf(expression)] ?? 0L, System.Globalization.CultureInfo.InvariantCulture);

    private static string RowsOf(RowMeasure measure) => measure.Judged.Length == 0 ? "count(*)" : $"count(*) FILTER (WHERE {measure.Judged})";

    private static string BrokenOf(RowMeasure measure) => $"count(*) FILTER (WHERE {measure.Broken})";

    private string NewestOf(Field time) => $"CAST(max({RowMeasure.Column(_dataset, time.Id)}) AS TIMESTAMP)";

    private string From(IReadOnlyList<RowMeasure> measures) =>
        string.Join(' ', measures.Select(m => m.Join).Prepend(_regionJoin).Prepend($"{Sql.Table(_pack.Id, _dataset.Table)} AS {Sql.Name(_dataset.Table)}").Where(j => j.Length > 0));
}
