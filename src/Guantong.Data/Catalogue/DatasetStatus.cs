using System.Globalization;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>One load as the warehouse remembers it.</summary>
public sealed record LoadEntry(long Id, string File, DateTime Ended, long RowsIn, long Added, long Changed, long Same, long Rejected);

/// <summary>How a dataset stands: its rows, its newest time, its loads, what the quality rules measured last.</summary>
public sealed record DatasetStatus(long Rows, DateTime? Newest, bool Synthetic, IReadOnlyList<LoadEntry> Loads, IReadOnlyList<QualityResult> Quality)
{
    /// <summary>Reads it.</summary>
    public static DatasetStatus Of(Warehouse warehouse, Pack pack, Dataset dataset)
    {
        using var connection = warehouse.Read();
        var table = Sql.Table(pack.Id, dataset.Table);
        var time = dataset.Key.Select(k => dataset.Field(k.Name)!).FirstOrDefault(f => f.Type is "date" or "timestamp");
        var loads = connection.Rows("SELECT id, file, ended, rows_in, rows_added, rows_changed, rows_same, rows_rejected FROM guantong.load WHERE pack = ? AND dataset = ? ORDER BY id DESC LIMIT 20",
            r => new LoadEntry(r.GetInt64(0), Path.GetFileName(r.GetString(1)), r.GetDateTime(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7)), pack.Id, dataset.Id);
        return new DatasetStatus(
            warehouse.RowCount(connection, pack.Id, dataset.Table),
            time is null ? null : connection.Scalar($"SELECT CAST(max({Sql.Name(time.Id)}) AS TIMESTAMP) FROM {table}") as DateTime?,
            IsSynthetic(connection, pack, dataset), loads, QualityView.Last(warehouse, pack.Id, dataset.Id));
    }

    /// <summary>Whether rows of a dataset come from the sample that ships with its pack: screens then say that they are synthetic.</summary>
    public static bool IsSynthetic(Warehouse warehouse, Pack pack, Dataset dataset)
    {
        using var connection = warehouse.Read();
        return IsSynthetic(connection, pack, dataset);
    }

    private static bool IsSynthetic(System.Data.Common.DbConnection connection, Pack pack, Dataset dataset) =>
        Roots(pack, dataset, []).Any(d => d.Feed is { Path: { } path, IsSynthetic: true } && connection.Count(
            "SELECT count(*) FROM guantong.load WHERE pack = ? AND dataset = ? AND ends_with(file, ?) AND contains(file, 'packs')",
            pack.Id, d.Id, "/" + path.Name) > 0);

    private static IEnumerable<Dataset> Roots(Pack pack, Dataset dataset, HashSet<string> seen) =>
        !seen.Add(dataset.Id) ? [] : dataset.Feed is not { From: "query" } feed ? [dataset]
        : feed.Needs.Select(n => pack.Dataset(n.Name)).OfType<Dataset>().SelectMany(d => Roots(pack, d, seen));

    /// <summary>Rejected rows of a dataset's loads, the newest load first.</summary>
    public static (IReadOnlyList<Reject> Rejects, long Total) Rejects(Warehouse warehouse, Pack pack, Dataset dataset, int skip, int take)
    {
        using var connection = warehouse.Read();
        const string from = "FROM guantong.reject r JOIN guantong.load l ON l.id = r.load WHERE l.pack = ? AND l.dataset = ?";
        var rejects = connection.Rows($"SELECT r.load, r.file, r.line, r.field, r.value, r.rule {from} ORDER BY r.load DESC, r.line LIMIT {take.ToString(CultureInfo.InvariantCulture)} OFFSET {skip.ToString(CultureInfo.InvariantCulture)}",
            r => new Reject(r.GetInt64(0), Path.GetFileName(r.GetString(1)), r.GetInt64(2), r.IsDBNull(3) ? "" : r.GetString(3), r.IsDBNull(4) ? "" : r.GetString(4), r.GetString(5)), pack.Id, dataset.Id);
        return (rejects, connection.Count($"SELECT count(*) {from}", pack.Id, dataset.Id));
    }
}
