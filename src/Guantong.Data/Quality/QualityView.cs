using System.Globalization;

namespace Guantong.Data;

/// <summary>A score at a time.</summary>
/// <param name="Load">The load that it was measured after.</param>
public sealed record ScoreAt(long Load, double Score, DateTime At);

/// <summary>A measure in one region.</summary>
public sealed record RegionQuality(string Rule, string Field, string Region, long Rows, long Broken, DateTime? Newest, double? Share, double Weight);

/// <summary>What the last runs came to: scores over time, measures by region, rows at fault.</summary>
/// <param name="Scores">Of the dataset, or of the region that was asked for, the newest first; at most a hundred.</param>
/// <param name="ByRegion">Each region's score of the last run.</param>
public sealed record QualityView(IReadOnlyList<ScoreAt> Scores, IReadOnlyDictionary<string, double> ByRegion, IReadOnlyList<RegionQuality> Measures)
{
    /// <summary>Reads it.</summary>
    /// <param name="region">Null for the whole dataset.</param>
    public static QualityView Of(Warehouse warehouse, string pack, string dataset, string? region = null)
    {
        using var connection = warehouse.Read();
        var scores = connection.Rows("SELECT load, score, measured_at FROM guantong.quality_score WHERE pack = ? AND dataset = ? AND kind = ? AND id = ? ORDER BY load DESC LIMIT 100",
            r => new ScoreAt(r.GetInt64(0), r.GetDouble(1), r.GetDateTime(2)), pack, dataset, region is null ? "dataset" : "region", region ?? "");
        var regions = connection.Rows("SELECT id, score FROM guantong.quality_score WHERE pack = ? AND dataset = ? AND kind = 'region' AND load = (SELECT max(load) FROM guantong.quality_score WHERE pack = ? AND dataset = ?)",
            r => (Id: r.GetString(0), Score: r.GetDouble(1)), pack, dataset, pack, dataset).ToDictionary(r => r.Id, r => r.Score);
        var measures = connection.Rows("SELECT rule, field, region, row_count, broken, newest, share, weight FROM guantong.quality_region WHERE pack = ? AND dataset = ?",
            r => new RegionQuality(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.IsDBNull(5) ? null : r.GetDateTime(5), r.IsDBNull(6) ? null : r.GetDouble(6), r.GetDouble(7)), pack, dataset);
        return new QualityView(scores, regions, measures);
    }

    /// <summary>Some of the rows that break a rule, in the order in which they were found.</summary>
    /// <param name="regions">Those of these regions alone; null for all.</param>
    public static IReadOnlyList<FailingRow> Rows(Warehouse warehouse, string pack, string dataset, string rule, string field, IReadOnlySet<string>? regions = null, int take = 20)
    {
        using var connection = warehouse.Read();
        var rows = connection.Rows("SELECT region, row_key, value FROM guantong.quality_row WHERE pack = ? AND dataset = ? AND rule = ? AND field = ?",
            r => new FailingRow(r.IsDBNull(0) ? null : r.GetString(0), r.GetString(1), r.GetString(2)), pack, dataset, rule, field);
        return [.. rows.Where(r => regions is null || (r.Region is not null && regions.Contains(r.Region))).Take(take)];
    }

    /// <summary>Every result of a dataset's last run.</summary>
    public static IReadOnlyList<QualityResult> Last(Warehouse warehouse, string pack, string dataset)
    {
        using var connection = warehouse.Read();
        return connection.Rows("""
            SELECT rule, field, measured, wanted, passed, grade, measured_at, row_count, broken, share, weight FROM guantong.quality
            WHERE pack = ? AND dataset = ? AND load = (SELECT max(load) FROM guantong.quality WHERE pack = ? AND dataset = ?)
            """, r => new QualityResult(r.GetString(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetDouble(2), r.GetDouble(3), r.GetBoolean(4), r.GetString(5), r.GetDateTime(6))
            {
                Rows = Number(r.GetValue(7)), Broken = Number(r.GetValue(8)), Share = r.IsDBNull(9) ? null : r.GetDouble(9), Weight = r.IsDBNull(10) ? 0 : r.GetDouble(10),
            }, pack, dataset, pack, dataset);
    }

    // A file of before there were counts.
    private static long Number(object value) => value is DBNull ? 0 : Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
