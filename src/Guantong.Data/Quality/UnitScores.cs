using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Scores a dataset's last run by the units that answer for its rows.</summary>
internal static class UnitScores
{
    /// <summary>Each unit's score of one dataset, 0 to 100; what is measured of the dataset as a whole is its source's.</summary>
    public static IReadOnlyDictionary<string, double> Of(Warehouse warehouse, Pack pack, Dataset dataset, Jurisdiction land)
    {
        var source = land.Units.Named(dataset.Source.Name);
        var regions = QualityView.Of(warehouse, pack.Id, dataset.Id).Measures.ToLookup(m => (m.Rule, m.Field));
        var parts = QualityView.Last(warehouse, pack.Id, dataset.Id).SelectMany(r => Of(r, [.. regions[(r.Rule, r.Field)]], region => land.Units.ForRegion(dataset.Source.Name, region) ?? source, source));
        return parts.Where(p => p.Unit is not null).GroupBy(p => p.Unit!.Id).Select(g => (g.Key, Score: QualityScore.Of(g.Select(p => p.Part)))).Where(s => s.Score is not null).ToDictionary(s => s.Key, s => s.Score!.Value);
    }

    private static IEnumerable<(Unit? Unit, Weighed Part)> Of(QualityResult result, IReadOnlyList<RegionQuality> regions, Func<string, Unit?> unitOf, Unit? source)
    {
        if (regions.Count == 0)
            return [(source, new Weighed(result.Weight, result.Share))];
        // Of time, a unit is as fresh as its freshest region; of rows, what its regions count together.
        if (result.Rule == "fresh")
            return regions.GroupBy(r => unitOf(r.Region)).Select(g => (g.Key, new Weighed(result.Weight, g.Max(r => r.Share))));
        var unplaced = (Unit: source, Rows: result.Rows - regions.Sum(r => r.Rows), Broken: result.Broken - regions.Sum(r => r.Broken));
        return regions.Select(r => (Unit: unitOf(r.Region), r.Rows, r.Broken)).Append(unplaced).GroupBy(r => r.Unit)
            .Select(g => (g.Key, new Weighed(result.Weight, QualityScore.OfRows(g.Sum(r => r.Rows), g.Sum(r => r.Broken)))));
    }

    /// <summary>Keeps them beside the run's other scores, once.</summary>
    public static void Keep(Warehouse warehouse, Pack pack, Dataset dataset, Jurisdiction land)
    {
        if (IsKept(warehouse, pack, dataset))
            return;
        var scores = Of(warehouse, pack, dataset, land);
        warehouse.Write(connection =>
        {
            if (connection.Scalar("SELECT max(load) FROM guantong.quality WHERE pack = ? AND dataset = ?", pack.Id, dataset.Id) is not long load)
                return 0;
            connection.Run("DELETE FROM guantong.quality_score WHERE load = ? AND pack = ? AND dataset = ? AND kind = 'unit'", load, pack.Id, dataset.Id);
            foreach (var (unit, score) in scores)
                connection.Run("INSERT INTO guantong.quality_score VALUES (?, ?, ?, 'unit', ?, ?, ?)", load, pack.Id, dataset.Id, unit, score, warehouse.Time.GetUtcNow().UtcDateTime);
            return 0;
        });
    }

    private static bool IsKept(Warehouse warehouse, Pack pack, Dataset dataset)
    {
        using var connection = warehouse.Read();
        return connection.Count("SELECT count(*) FROM guantong.quality_score WHERE pack = ? AND dataset = ? AND kind = 'unit' AND load = (SELECT max(load) FROM guantong.quality WHERE pack = ? AND dataset = ?)", pack.Id, dataset.Id, pack.Id, dataset.Id) > 0
            || connection.Count("SELECT count(*) FROM guantong.quality WHERE pack = ? AND dataset = ?", pack.Id, dataset.Id) == 0;
    }
}
