using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Figures of an indicator over any days, computed from rows when somebody asks: half a year, the last six months, until today.</summary>
public static class SpanFigures
{
    // GB/T 2260, as in IndicatorGroup: a row counts for its province, its city and its county.
    private static readonly string[] Levels =
    [
        "substr(region, 1, 2) || '0000'",
        "CASE WHEN substr(region, 3, 2) <> '00' THEN substr(region, 1, 4) || '00' END",
        "CASE WHEN substr(region, 5, 2) <> '00' THEN substr(region, 1, 6) END",
    ];

    /// <summary>Figures of every region on each level, by member where a dimension is named.</summary>
    /// <param name="to">The last day.</param>
    /// <param name="dimension">A dimension of the indicator; empty for the whole.</param>
    /// <returns>Null where they cannot be computed: it is a composite index, or rows of these days were erased.</returns>
    public static IReadOnlyList<IndicatorValue>? Of(Warehouse warehouse, Pack pack, Indicator indicator, DateOnly from, DateOnly to, string dimension = "")
    {
        if (indicator.Composite is not null || indicator.Needs is not [var need, ..] || pack.Dataset(need.Name) is not { } dataset)
            return null;
        using var connection = warehouse.Read();
        using var moment = connection.Moment();
        if (!Warehouse.Exists(connection, pack.Id, dataset.Table))
            return [];
        if (Erasing.TimeOf(dataset)?.Id == indicator.At.Name && Erasing.Since(connection, pack, dataset) is { } since && from < DateOnly.FromDateTime(since))
            return null;
        var (time, table) = ($"d.{Sql.Name(indicator.At.Name)}", Sql.Name(dataset.Table));
        var joins = new Dictionary<string, string>();
        var (region, member) = (Path(pack, dataset, joins, indicator.Region.Name), dimension.Length == 0 ? "''" : $"coalesce(CAST({Path(pack, dataset, joins, dimension)} AS VARCHAR), '')");
        return connection.Within(pack.Id, () => Levels.SelectMany(level => connection.Rows($"""
            SELECT "__region", "__member", CAST({indicator.Value} AS DOUBLE PRECISION), count(*)
            FROM (SELECT d.*, {level.Replace("region", region, StringComparison.Ordinal)} AS "__region", {member} AS "__member" FROM {table} AS d{string.Concat(joins.Values)}
                  WHERE {time} >= DATE '{from:yyyy-MM-dd}' AND {time} < DATE '{to.AddDays(1):yyyy-MM-dd}') AS {table}
            WHERE "__region" IS NOT NULL {(indicator.Where is { } where ? $"AND ({where})" : "")}
            GROUP BY "__region", "__member" ORDER BY 1, 2
            """, r => r.IsDBNull(2) ? null : new IndicatorValue(from, r.GetString(0), r.GetDouble(2), r.GetInt64(3)) { Member = r.GetString(1) }))
            .OfType<IndicatorValue>().Where(v => double.IsFinite(v.Value)).ToList());
    }

    private static string Path(Pack pack, Dataset dataset, Dictionary<string, string> joins, string path)
    {
        var parts = path.Split('.');
        if (parts.Length == 1)
            return $"d.{Sql.Name(parts[0])}";
        var refers = dataset.Field(parts[0])!.Refers!.Name.Split('.');
        var alias = Sql.Name("__" + parts[0]);
        joins[parts[0]] = $" LEFT JOIN {Sql.Name(pack.Dataset(refers[0])!.Table)} AS {alias} ON {alias}.{Sql.Name(refers[1])} = d.{Sql.Name(parts[0])}";
        return $"{alias}.{Sql.Name(parts[1])}";
    }
}
