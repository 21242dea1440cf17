using System.Data.Common;
using DuckDB.NET.Data;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Computes indicators over the warehouse, by region on each level, by period and by dimension.</summary>
/// <remarks>
/// One look at the rows gives what each day of each region keeps (its cells); the figures of every period and level add up from those. After new rows the cells they touch are
/// computed anew and the figures of their periods, also where a query derives the rows; after a change of what is declared, or of what rows are looked up in, all are.
/// The rows are read as of one moment while others write; only what came of them waits for a writer's turn.
/// </remarks>
public static class IndicatorRun
{
    // Beyond so many days the periods are not told one by one.
    private const int MostDays = 400;

    /// <summary>Brings the figures of some indicators up to the rows that stand.</summary>
    /// <param name="indicators">Of the pack; a composite index among them is computed after what it is made of.</param>
    /// <returns>How many figures were written.</returns>
    public static long Compute(Warehouse warehouse, Pack pack, IReadOnlyCollection<Indicator> indicators)
    {
        var written = 0L;
        foreach (var group in Groups(warehouse, pack, indicators))
            written += Compute(warehouse, group);
        foreach (var index in CompositeIndex.InOrder(pack, indicators.Where(i => i.Composite is not null)))
            written += CompositeIndex.Compute(warehouse, pack, index);
        return written;
    }

    /// <summary>Indicators whose figures do not follow from what is declared now: they were declared, or changed, since they were computed.</summary>
    public static IReadOnlyList<Indicator> Stale(Warehouse warehouse, Pack pack)
    {
        using var connection = warehouse.Read();
        var shapes = connection.Rows("SELECT name, shape FROM guantong.indicator_cells WHERE pack = ?", r => (r.GetString(0), r.GetString(1)), pack.Id).ToHashSet();
        var stale = Groups(warehouse, pack, pack.Indicators).Where(g => !shapes.Contains((g.Cells, g.Shape)) && warehouse.RowCount(pack.Id, g.Dataset.Id) > 0).SelectMany(g => g.Indicators).ToList();
        return [.. stale, .. pack.Indicators.Where(i => i.Composite is { } index && !shapes.Contains((CompositeIndex.NameOf(pack, i), CompositeIndex.ShapeOf(i))) && index.Of.Any(p => pack.Indicator(p.Indicator.Name) is { } part && Figured(connection, pack, part)))];
    }

    /// <summary>The indicators that are computed from some datasets, by way of what their paths lead to and of what composite indices are made of.</summary>
    public static IReadOnlyList<Indicator> RestingOn(Pack pack, IReadOnlySet<string> datasets)
    {
        var resting = pack.Indicators.Where(i => Reads(pack, i).Any(datasets.Contains)).Select(i => i.Id).ToHashSet();
        while (pack.Indicators.FirstOrDefault(i => !resting.Contains(i.Id) && i.Composite?.Of.Any(p => resting.Contains(p.Indicator.Name)) == true) is { } index)
            resting.Add(index.Id);
        return [.. pack.Indicators.Where(i => resting.Contains(i.Id))];
    }

    /// <summary>An indicator, those counted over the same rows, and the composite indices made of any of them.</summary>
    public static IReadOnlyList<Indicator> With(Pack pack, Indicator indicator) =>
        indicator.Composite is not null ? [indicator] : RestingOn(pack, indicator.Needs.Select(n => n.Name).Take(1).ToHashSet());

    /// <summary>Forgets what is kept of an indicator's rows, so that all of them are read for its next figures.</summary>
    public static void Forget(Warehouse warehouse, Pack pack, Indicator indicator)
    {
        foreach (var group in Groups(warehouse, pack, [indicator]))
            warehouse.Write(connection => connection.Run("DELETE FROM guantong.indicator_cells WHERE name = ?", group.Cells));
    }

    private static IEnumerable<string> Reads(Pack pack, Indicator indicator)
    {
        var data = indicator.Needs is [var first, ..] ? pack.Dataset(first.Name) : null;
        var looked = indicator.Dimensions.Prepend(indicator.Region).Select(p => p.Name.Split('.')).Where(p => p.Length == 2).Select(p => data?.Field(p[0])?.Refers?.Name.Split('.')[0]);
        return indicator.Needs.Select(n => n.Name).Concat(looked.OfType<string>());
    }

    private static bool Figured(DbConnection connection, Pack pack, Indicator indicator) =>
        connection.Count("SELECT count(*) FROM (SELECT 1 FROM guantong.indicator_value WHERE pack = ? AND indicator = ? LIMIT 1) AS q", pack.Id, indicator.Id) > 0;

    // All indicators of a group are computed together: they share its cells.
    private static IEnumerable<IndicatorGroup> Groups(Warehouse warehouse, Pack pack, IEnumerable<Indicator> wanted)
    {
        var ids = wanted.Select(i => i.Id).ToHashSet();
        return IndicatorGroup.Of(pack, pack.Indicators, g => NotNumbers(warehouse, g)).Where(g => g.Indicators.Any(i => ids.Contains(i.Id)));
    }

    // The least or greatest of texts and times is no number that a cell could keep.
    private static HashSet<ValuePart> NotNumbers(Warehouse warehouse, IndicatorGroup group)
    {
        using var connection = warehouse.Read();
        if (group.Kept.All(k => k.Together is "count" or "sum") || !Warehouse.Exists(connection, group.Pack.Id, group.Dataset.Table))
            return [];
        return connection.Within(group.Pack.Id, () =>
        {
            using var command = connection.Command(group.Aggregates);
            using var reader = command.ExecuteReader();
            return group.Kept.Where((_, i) => !IsNumber(reader.GetFieldType(i))).ToHashSet();
        });
    }

    private static bool IsNumber(Type type) =>
        type == typeof(double) || type == typeof(long) || type == typeof(int) || type == typeof(short) || type == typeof(float) || type == typeof(decimal) || type == typeof(System.Numerics.BigInteger);

    private sealed record Standing(string Shape, long Load, DateTime Computed);

    private static long Compute(Warehouse warehouse, IndicatorGroup group)
    {
        var (pack, dataset) = (group.Pack, group.Dataset);
        var now = warehouse.Time.GetUtcNow().UtcDateTime;
        using var connection = warehouse.Read();
        long load;
        Due due;
        bool isWhole;
        DateOnly? since;
        using (var moment = connection.Moment())
        {
            load = connection.Count("SELECT coalesce(max(id), 0) FROM guantong.load");
            var standing = StandingOf(connection, group);
            // Figures of periods whose rows are erased stand as they were.
            since = Erasing.TimeOf(dataset)?.Id == group.Time && Erasing.Since(connection, pack, dataset) is { } erased ? DateOnly.FromDateTime(erased) : null;
            isWhole = standing is null || standing.Shape != group.Shape || standing.Computed < Forgetting.Horizon(dataset, now) || IsReferredTo(connection, group, standing.Load)
                || connection.Count("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'guantong' AND table_name = ?", group.Cells) == 0;
            List<DateOnly>? days = null;
            if (!isWhole)
            {
                connection.Within(pack.Id, () => connection.Run($"CREATE TEMP TABLE touched AS {group.Touched(standing!.Load)}"));
                days = connection.Rows("SELECT DISTINCT day FROM touched WHERE day IS NOT NULL AND region IS NOT NULL", r => DateOnly.FromDateTime(r.GetDateTime(0)));
            }
            due = new Due(days is { Count: <= MostDays } ? days : null, since);
            ReadAnew(connection, group, days, since, due);
            moment.Commit();
        }
        return warehouse.Write(connection, _ =>
        {
            if (StandingOf(connection, group) is { } other && other.Load > load)
                return 0;
            PutCells(connection, group, isWhole, since);
            connection.Run("DELETE FROM guantong.indicator_cells WHERE name = ?", group.Cells);
            connection.Run("INSERT INTO guantong.indicator_cells (name, pack, dataset, shape, load, computed) VALUES (?, ?, ?, ?, ?, ?)", group.Cells, pack.Id, dataset.Id, group.Shape, load, now);
            var written = Replace(connection, group, due, isWhole, now);
            connection.Run($"DROP TABLE fresh; DROP TABLE counted{(isWhole ? "" : "; DROP TABLE touched")}");
            return written;
        });
    }

    private static Standing? StandingOf(DbConnection connection, IndicatorGroup group) =>
        connection.Rows("SELECT shape, load, computed FROM guantong.indicator_cells WHERE name = ?", r => new Standing(r.GetString(0), r.GetInt64(1), r.GetDateTime(2)), group.Cells).FirstOrDefault();

    // What rows are looked up in may move any of them to another region.
    private static bool IsReferredTo(DbConnection connection, IndicatorGroup group, long since) => group.Referred.Any(other =>
        group.Pack.Dataset(other) is not null && connection.Count("SELECT count(*) FROM guantong.load WHERE pack = ? AND dataset = ? AND id > ?", group.Pack.Id, other, since) > 0);

    // fresh: the cells that are computed anew. counted: the figures of indicators that do not add up.
    private static void ReadAnew(DbConnection connection, IndicatorGroup group, List<DateOnly>? days, DateOnly? since, Due due) => connection.Within(group.Pack.Id, () =>
    {
        var condition = (since is { } from ? $" AND \"__at\" >= DATE '{from:yyyy-MM-dd}'" : "") + (days is null ? "" : " AND (\"__at\", \"__region\") IN (SELECT day, region FROM touched)");
        connection.Run($"CREATE TEMP TABLE fresh AS {group.CellsOf(days is { Count: > 0 } ? (days.Min(), days.Max().AddDays(1)) : null, condition, connection is DuckDBConnection)}");
        connection.Run("CREATE TEMP TABLE counted (indicator VARCHAR, period VARCHAR, starts DATE, region VARCHAR, dimension VARCHAR, member VARCHAR, value DOUBLE PRECISION, row_count BIGINT)");
        foreach (var (indicator, period) in group.Whole.SelectMany(i => i.Periods.Select(p => (i, p))))
            connection.Run($"INSERT INTO counted SELECT {Sql.Text(indicator.Id)}, period, starts, region, dimension, member, value, row_count FROM ({group.Counted(indicator, period, due)}) AS q WHERE dimension IN ({string.Join(", ", indicator.Dimensions.Select(d => Sql.Text(d.Name)).Append("''"))})");
        return 0;
    });

    private static void PutCells(DbConnection connection, IndicatorGroup group, bool isWhole, DateOnly? since)
    {
        var cells = $"guantong.{Sql.Name(group.Cells)}";
        if (!isWhole)
        {
            connection.Run($"DELETE FROM {cells} WHERE (day, region) IN (SELECT day, region FROM touched)");
            connection.Run($"INSERT INTO {cells} SELECT * FROM fresh");
            return;
        }
        // What was kept of days whose rows are erased is kept on, as long as it is of the same make.
        var isSame = since is not null && StandingOf(connection, group)?.Shape == group.Shape;
        if (isSame)
            connection.Run($"INSERT INTO fresh SELECT * FROM {cells} WHERE day < DATE '{since!.Value:yyyy-MM-dd}'");
        connection.Run($"DROP TABLE IF EXISTS {cells}");
        connection.Run($"CREATE TABLE {cells} AS SELECT * FROM fresh");
    }

    private static long Replace(DbConnection connection, IndicatorGroup group, Due due, bool isWhole, DateTime now)
    {
        var kept = group.Indicators.Select(i => $"(indicator = {Sql.Text(i.Id)} AND ({string.Join(" OR ", i.Periods.Select(p => $"(period = {Sql.Text(p)} AND {due.Figures(p, "starts")})"))}{(isWhole ? $" OR period NOT IN ({string.Join(", ", i.Periods.Select(Sql.Text))})" : "")}))");
        return FigureBook.Replace(connection, group.Pack, group.Indicators, string.Join(" OR ", kept), now, () =>
        {
            if (group.Added.Count > 0)
            {
                connection.Run($"CREATE TEMP TABLE rolled AS {string.Join(" UNION ALL ", group.Periods.Select(p => group.Rolled(p, due)))}");
                connection.Analyse("rolled");
                foreach (var alike in group.Figures)
                    FigureBook.Put(connection, alike);
                connection.Run("DROP TABLE rolled");
            }
            FigureBook.Put(connection, "SELECT * FROM counted");
        });
    }
}
