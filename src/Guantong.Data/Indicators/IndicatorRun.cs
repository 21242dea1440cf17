using Guantong.Packs;

namespace Guantong.Data;

/// <summary>A computed figure.</summary>
/// <param name="At">First day of the period.</param>
public sealed record IndicatorValue(DateOnly At, string Region, double Value, long Rows);

/// <summary>Computes indicators over the warehouse, by region on each level and by period.</summary>
public static class IndicatorRun
{
    // GB/T 2260: digits 1–2 province, 3–4 city, 5–6 county. A row of a city itself has no county to count for.
    private static readonly string[] Levels =
    [
        "substr(region, 1, 2) || '0000'",
        "CASE WHEN substr(region, 3, 2) <> '00' THEN substr(region, 1, 4) || '00' END",
        "CASE WHEN substr(region, 5, 2) <> '00' THEN substr(region, 1, 6) END",
    ];

    /// <summary>Computes an indicator anew for all of its periods; its former figures are replaced in one transaction.</summary>
    /// <remarks>The rows are read as of one moment while others write; only the figures that came of them wait for a writer's turn. Figures of a later moment stand.</remarks>
    /// <returns>How many figures there are now.</returns>
    public static long Compute(Warehouse warehouse, Pack pack, Indicator indicator)
    {
        var (figures, standing, load) = Read(warehouse, pack, indicator);
        return warehouse.Write(connection =>
        {
            if (connection.Count("SELECT count(*) FROM guantong.indicator_state WHERE pack = ? AND indicator = ? AND load > ?", pack.Id, indicator.Id, load) > 0)
                return connection.Count("SELECT count(*) FROM guantong.indicator_value WHERE pack = ? AND indicator = ?", pack.Id, indicator.Id);
            connection.Run("DELETE FROM guantong.indicator_state WHERE pack = ? AND indicator = ?", pack.Id, indicator.Id);
            connection.Run("INSERT INTO guantong.indicator_state (pack, indicator, load) VALUES (?, ?, ?)", pack.Id, indicator.Id, load);
            connection.Run($"DELETE FROM guantong.indicator_value WHERE pack = ? AND indicator = ?{standing}", pack.Id, indicator.Id);
            connection.Append("guantong", "indicator_value", figures);
            return figures.Count;
        });
    }

    // The figures as rows of their table, which of the former they replace, and the newest load that they know.
    private static (List<object?[]> Figures, string Standing, long Load) Read(Warehouse warehouse, Pack pack, Indicator indicator)
    {
        var dataset = pack.Dataset(indicator.Needs[0].Name)!;
        var (join, region) = RegionOf(pack, dataset, indicator.Region.Name);
        using var connection = warehouse.Read();
        using var moment = connection.Moment();
        var load = connection.Count("SELECT coalesce(max(id), 0) FROM guantong.load");
        // Figures of periods whose rows are erased stand as they were.
        var since = Erasing.TimeOf(dataset)?.Id == indicator.At.Name ? Erasing.Since(connection, pack, dataset) : null;
        var (standing, fresh) = since is { } from ? ($" AND starts >= DATE '{from:yyyy-MM-dd}'", $" AND \"__at\" >= DATE '{from:yyyy-MM-dd}'") : ("", "");
        var table = Sql.Name(dataset.Table);
        var figures = connection.Within(pack.Id, () => (
            from period in indicator.Periods
            from level in Levels
            // The inner query keeps the dataset's own columns alone in reach of the indicator's SQL, but for two with reserved names.
            select connection.Rows($"""
                    SELECT "__at", "__region", "__value", "__rows" FROM (
                        SELECT "__at", "__region", CAST({indicator.Value} AS DOUBLE PRECISION) AS "__value", count(*) AS "__rows"
                        FROM (SELECT d.*, {level.Replace("region", region, StringComparison.Ordinal)} AS "__region", CAST(date_trunc('{period}', d.{Sql.Name(indicator.At.Name)}) AS DATE) AS "__at"
                              FROM {table} AS d {join}) AS {table}
                        WHERE "__region" IS NOT NULL AND "__at" IS NOT NULL{fresh} {(indicator.Where is { } where ? $"AND ({where})" : "")}
                        GROUP BY "__at", "__region") AS figures
                    WHERE "__value" IS NOT NULL AND isfinite("__value")
                    """, r => (object?[])[pack.Id, indicator.Id, period, DateOnly.FromDateTime(r.GetDateTime(0)), r.GetString(1), r.GetDouble(2), r.GetInt64(3)])).SelectMany(f => f).ToList());
        return (figures, standing, load);
    }

    private static (string Join, string Region) RegionOf(Pack pack, Dataset dataset, string path)
    {
        var parts = path.Split('.');
        if (parts.Length == 1)
            return ("", $"d.{Sql.Name(parts[0])}");
        var refers = dataset.Field(parts[0])!.Refers!.Name.Split('.');
        return ($"JOIN {Sql.Name(pack.Dataset(refers[0])!.Table)} AS r ON r.{Sql.Name(refers[1])} = d.{Sql.Name(parts[0])}", $"r.{Sql.Name(parts[1])}");
    }

    /// <summary>Reads figures in the order of time, then region.</summary>
    public static IReadOnlyList<IndicatorValue> Values(Warehouse warehouse, Pack pack, Indicator indicator, string period, string? region = null, DateOnly? from = null, DateOnly? to = null)
    {
        using var connection = warehouse.Read();
        return connection.Rows("""
            SELECT starts, region, value, row_count FROM guantong.indicator_value
            WHERE pack = ? AND indicator = ? AND period = ? AND (CAST(? AS VARCHAR) IS NULL OR region = ?) AND starts >= ? AND starts <= ? ORDER BY starts, region
            """, r => new IndicatorValue(DateOnly.FromDateTime(r.GetDateTime(0)), r.GetString(1), r.GetDouble(2), r.GetInt64(3)),
            pack.Id, indicator.Id, period, region ?? (object?)null, region, (from ?? DateOnly.MinValue.AddYears(1)).ToDateTime(default), (to ?? new DateOnly(9999, 1, 1)).ToDateTime(default));
    }

    /// <summary>How many figures an indicator has in all.</summary>
    public static long Count(Warehouse warehouse, Pack pack, Indicator indicator)
    {
        using var connection = warehouse.Read();
        return connection.Count("SELECT count(*) FROM guantong.indicator_value WHERE pack = ? AND indicator = ?", pack.Id, indicator.Id);
    }

    /// <summary>First day of the latest period with a figure, or null.</summary>
    public static DateOnly? Latest(Warehouse warehouse, Pack pack, Indicator indicator, string period)
    {
        using var connection = warehouse.Read();
        return connection.Scalar("SELECT max(starts) FROM guantong.indicator_value WHERE pack = ? AND indicator = ? AND period = ?", pack.Id, indicator.Id, period) switch
        {
            DateOnly day => day,
            DateTime time => DateOnly.FromDateTime(time),
            _ => null,
        };
    }
}
