using System.Data.Common;
using System.Globalization;
using System.Xml;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>A computed figure.</summary>
/// <param name="At">First day of the period; of year-to-date the first day of its last month.</param>
/// <param name="Region">Region code.</param>
/// <param name="Value">In the indicator's unit.</param>
/// <param name="Rows">How many rows it rests on; of a composite index, how many parts.</param>
public sealed record IndicatorValue(DateOnly At, string Region, double Value, long Rows)
{
    /// <summary>The value of the dimension that it is of; empty for the whole.</summary>
    public string Member { get; init; } = "";
}

/// <summary>What a figure was before it changed.</summary>
/// <param name="Known">Since when it had been known; null where that was not yet kept.</param>
/// <param name="Until">When it changed.</param>
/// <param name="Became">What it was then; null where it went. Of a provisional figure, what it was at the end of that day (UTC).</param>
/// <param name="IsProvisional">Whether it was provisional when it changed: no revision, since nobody had said that it would stay.</param>
public sealed record Revision(DateOnly At, string Region, string Dimension, string Member, double Value, long Rows, DateTime? Known, DateTime Until, double? Became, bool IsProvisional);

/// <summary>Which figures of an indicator and period are meant.</summary>
/// <param name="Region">Null for every region.</param>
public sealed record FigureQuery(string Period, string? Region = null, DateOnly? From = null, DateOnly? To = null)
{
    /// <summary>The dimension by whose values they are broken down; empty for the whole.</summary>
    public string Dimension { get; init; } = "";

    /// <summary>As they were known then: figures that changed since are as they were. Null for now.</summary>
    /// <remarks>Of a provisional figure one value a day (UTC) is kept, the day's last: it counts from the day's first change on.</remarks>
    public DateTime? Known { get; init; }
}

/// <summary>The figures that stand, and what they were before.</summary>
public static class FigureBook
{
    private static readonly string[] Key = ["indicator", "period", "starts", "region", "dimension", "member"];

    // Sums of the same numbers in another order differ in their last digits.
    private const string IsSame = "abs(b.value - f.value) <= 1e-9 * greatest(abs(b.value), 1)";

    /// <summary>Reads figures in the order of time, region, then member.</summary>
    public static IReadOnlyList<IndicatorValue> Values(Warehouse warehouse, Pack pack, Indicator indicator, FigureQuery query)
    {
        const string which = "pack = ? AND indicator = ? AND period = ? AND dimension = ? AND (CAST(? AS VARCHAR) IS NULL OR region = ?) AND starts >= ? AND starts <= ?";
        List<object?> values = [pack.Id, indicator.Id, query.Period, query.Dimension, query.Region, query.Region, (query.From ?? DateOnly.MinValue.AddYears(1)).ToDateTime(default), (query.To ?? new DateOnly(9999, 1, 1)).ToDateTime(default)];
        var sql = $"SELECT starts, region, value, row_count, member FROM guantong.indicator_value WHERE {which}";
        if (query.Known is { } known)
        {
            sql += $" AND (known IS NULL OR known <= ?) UNION ALL SELECT starts, region, value, row_count, member FROM guantong.indicator_revision WHERE {which} AND (known IS NULL OR known <= ?) AND until > ?";
            values = [.. values, known, .. values, known, known];
        }
        using var connection = warehouse.Read();
        return connection.Rows(sql + " ORDER BY 1, 2, 5", r => new IndicatorValue(DateOnly.FromDateTime(r.GetDateTime(0)), r.GetString(1), r.GetDouble(2), r.GetInt64(3)) { Member = r.GetString(4) }, values);
    }

    private static void Renew(DbConnection connection, Pack pack)
    {
        connection.Run("DELETE FROM guantong.figure_version WHERE pack = ?", pack.Id);
        connection.Run("INSERT INTO guantong.figure_version (pack, version) VALUES (?, ?)", pack.Id, Guid.NewGuid().ToString("N"));
    }

    /// <summary>What changes whenever a figure of the pack does, and never comes back.</summary>
    internal static string Version(DbConnection connection, Pack pack) =>
        string.Concat(connection.Rows("SELECT version FROM guantong.figure_version WHERE pack = ? ORDER BY version", r => r.GetString(0), pack.Id));

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
        return connection.Scalar("SELECT max(starts) FROM guantong.indicator_value WHERE pack = ? AND indicator = ? AND period = ? AND dimension = ''", pack.Id, indicator.Id, period) switch
        {
            DateOnly day => day,
            DateTime time => DateOnly.FromDateTime(time),
            _ => null,
        };
    }

    /// <summary>What figures were before they changed, the latest change first.</summary>
    /// <param name="until">Changes up to then; null for all.</param>
    public static IReadOnlyList<Revision> Revisions(Warehouse warehouse, Pack pack, Indicator indicator, string period, string? region = null, DateOnly? at = null, int take = 200, DateTime? until = null)
    {
        using var connection = warehouse.Read();
        return connection.Rows($"""
            SELECT starts, region, dimension, member, value, row_count, known, until, became, coalesce(provisional, FALSE) FROM guantong.indicator_revision
            WHERE pack = ? AND indicator = ? AND period = ? AND (CAST(? AS VARCHAR) IS NULL OR region = ?) AND (CAST(? AS VARCHAR) IS NULL OR CAST(starts AS VARCHAR) = ?) AND (CAST(? AS TIMESTAMP) IS NULL OR until <= ?) ORDER BY until DESC, starts DESC, region, dimension, member LIMIT {take.ToString(CultureInfo.InvariantCulture)}
            """, r => new Revision(DateOnly.FromDateTime(r.GetDateTime(0)), r.GetString(1), r.GetString(2), r.GetString(3), r.GetDouble(4), r.GetInt64(5), r.IsDBNull(6) ? null : r.GetDateTime(6), r.GetDateTime(7), r.IsDBNull(8) ? null : r.GetDouble(8), r.GetBoolean(9)),
            pack.Id, indicator.Id, period, region, region, Day(at), Day(at), until, until);
    }

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The last first day of a period whose figures are final by now; whatever begins later is provisional.</summary>
    public static DateOnly FinalUntil(Indicator indicator, string period, DateTime now)
    {
        var limit = DateOnly.FromDateTime(now - (indicator.Final is { } after ? XmlConvert.ToTimeSpan(after) : TimeSpan.Zero));
        return period switch
        {
            "day" => limit.AddDays(-1),
            "week" => limit.AddDays(-7),
            "quarter" => limit.AddMonths(-3),
            "year" => limit.AddYears(-1),
            _ => limit.AddMonths(-1),
        };
    }

    /// <summary>Puts figures in place of those that a condition names; what they were before is written down, and what stays the same is not touched.</summary>
    /// <param name="condition">SQL over the table of figures.</param>
    /// <param name="fill">Fills the temporary table <see cref="Fresh"/> with what they become.</param>
    /// <returns>How many figures there are then.</returns>
    internal static long Replace(DbConnection connection, Pack pack, IEnumerable<Indicator> indicators, string condition, DateTime now, Action fill)
    {
        connection.Run($"CREATE TEMP TABLE {Fresh} (indicator VARCHAR, period VARCHAR, starts DATE, region VARCHAR, dimension VARCHAR, member VARCHAR, value DOUBLE PRECISION, row_count BIGINT)");
        fill();
        connection.Analyse(Fresh);
        var (mine, same) = ($"pack = {Sql.Text(pack.Id)}", string.Join(" AND ", Key.Select(k => $"f.{k} = b.{k}")));
        connection.Run($"""
            CREATE TEMP TABLE turned AS
            SELECT {string.Join(", ", Key.Select(k => $"coalesce(f.{k}, b.{k}) AS {k}"))}, b.indicator IS NOT NULL AS stood, coalesce({IsSame}, FALSE) AS same, b.value AS was, b.row_count AS rested, b.known, f.value, f.row_count
            FROM {Fresh} AS f FULL JOIN (SELECT * FROM guantong.indicator_value WHERE {mine} AND ({condition})) AS b ON {same}
            WHERE f.indicator IS NULL OR b.indicator IS NULL OR f.row_count <> b.row_count OR NOT ({IsSame})
            """);
        connection.Analyse("turned");
        connection.Run($"DELETE FROM guantong.indicator_value AS f USING turned AS b WHERE f.{mine} AND b.stood AND {same}");
        var final = indicators.GroupBy(i => i.Final ?? "").Select(alike => $"(t.indicator IN ({string.Join(", ", alike.Select(i => Sql.Text(i.Id)))}) AND ({string.Join(" OR ", Indicator.AllPeriods.Select(p => $"(t.period = {Sql.Text(p)} AND t.starts <= DATE '{FinalUntil(alike.First(), p, now):yyyy-MM-dd}')"))}))");
        // Of a provisional figure one value a day is kept, the last: what came and went within the day is as if it had been that from its first change on.
        var (isFinal, isPassing) = ($"({string.Join(" OR ", final)})", $"t.stood AND NOT t.same AND coalesce(t.known >= {Moment(now.Date)}, FALSE) AND NOT ({string.Join(" OR ", final)})");
        // Figures of a region and kind of period lie together: whoever reads those passes over whole blocks of others.
        connection.Run($"""
            INSERT INTO guantong.indicator_value (pack, indicator, period, starts, region, dimension, member, value, row_count, known)
            SELECT {Sql.Text(pack.Id)}, t.indicator, t.period, t.starts, t.region, t.dimension, t.member, t.value, t.row_count, CASE WHEN t.same OR ({isPassing}) THEN t.known ELSE {Moment(now)} END FROM turned AS t WHERE t.value IS NOT NULL ORDER BY t.period, t.region, t.indicator, t.starts
            """);
        connection.Run($"UPDATE guantong.indicator_revision AS b SET became = t.value FROM turned AS t WHERE b.{mine} AND b.provisional AND b.until = t.known AND {isPassing} AND {same.Replace("f.", "t.", StringComparison.Ordinal)}");
        connection.Run($"""
            INSERT INTO guantong.indicator_revision (pack, indicator, period, starts, region, dimension, member, value, row_count, known, until, became, provisional)
            SELECT {Sql.Text(pack.Id)}, t.indicator, t.period, t.starts, t.region, t.dimension, t.member, t.was, t.rested, t.known, {Moment(now)}, t.value, NOT {isFinal} FROM turned AS t WHERE t.stood AND NOT t.same AND NOT ({isPassing})
            """);
        if (connection.Count("SELECT count(*) FROM turned") > 0)
            Renew(connection, pack);
        var count = connection.Count($"SELECT count(*) FROM {Fresh}");
        connection.Run($"DROP TABLE turned; DROP TABLE {Fresh}");
        return count;
    }

    /// <summary>How long what a provisional figure was is kept by the day where an indicator does not say.</summary>
    public static readonly TimeSpan Daily = TimeSpan.FromDays(90);

    /// <summary>Before when what a provisional figure was is kept by the month: a first of one.</summary>
    public static DateTime ByMonthBefore(Indicator indicator, DateTime now)
    {
        var day = now - (indicator.Daily is { } kept ? XmlConvert.ToTimeSpan(kept) : Daily);
        return new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Utc);
    }

    /// <summary>Keeps of what a provisional figure was before some time one value a month, the month's last: it counts from the month's first change on. What a final figure was is not touched.</summary>
    /// <param name="before">The first of a month (<see cref="ByMonthBefore"/>).</param>
    /// <returns>How many values went.</returns>
    internal static long Thin(DbConnection connection, Pack pack, Indicator indicator, DateTime before)
    {
        var (mine, keys) = ($"pack = {Sql.Text(pack.Id)} AND indicator = {Sql.Text(indicator.Id)}", string.Join(", ", Key));
        var theirs = $"b.pack = {Sql.Text(pack.Id)}";
        // What came and went within a month passes: what follows it in that month stands in its place.
        var passes = $"coalesce(provisional, FALSE) AND known IS NOT NULL AND date_trunc('month', known) = date_trunc('month', until) AND until < {Moment(before)}";
        if (connection.Count($"SELECT count(*) FROM (SELECT 1 FROM guantong.indicator_revision WHERE {mine} AND {passes} LIMIT 1) AS q") == 0)
            return 0;
        connection.Run($"""
            CREATE TEMP TABLE thinned AS
            SELECT {keys}, min(known) AS began, max(CASE WHEN NOT passes THEN known END) AS known, max(CASE WHEN NOT passes THEN value END) AS value FROM (
                SELECT *, coalesce(sum(CASE WHEN passes THEN 0 ELSE 1 END) OVER (PARTITION BY {keys}, date_trunc('month', known) ORDER BY known, until NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS run FROM (
                    SELECT {keys}, known, until, value, {passes} AS passes FROM guantong.indicator_revision WHERE {mine} AND known < {Moment(before)}
                    UNION ALL SELECT {keys}, known, NULL, value, FALSE FROM guantong.indicator_value WHERE {mine} AND known < {Moment(before)}) AS each_one) AS runs
            GROUP BY {keys}, date_trunc('month', known), run HAVING sum(CASE WHEN passes THEN 1 ELSE 0 END) > 0
            """);
        connection.Analyse("thinned");
        var same = string.Join(" AND ", Key.Select(k => $"b.{k} = t.{k}"));
        var gone = connection.Run($"DELETE FROM guantong.indicator_revision WHERE {mine} AND {passes}");
        connection.Run($"UPDATE guantong.indicator_revision AS b SET became = t.value FROM thinned AS t WHERE {theirs} AND b.until = t.began AND {same}");
        foreach (var table in (string[])["indicator_revision", "indicator_value"])
            connection.Run($"UPDATE guantong.{table} AS b SET known = t.began FROM thinned AS t WHERE {theirs} AND b.known = t.known AND {same}");
        connection.Run("DROP TABLE thinned");
        Renew(connection, pack);
        return gone;
    }

    /// <summary>The temporary table of figures on their way in: indicator, period, starts, region, dimension, member, value, row_count.</summary>
    internal const string Fresh = "fresh_figure";

    /// <summary>Puts what a query gives, with these columns, among the figures on their way in; what is no number is left out.</summary>
    internal static void Put(DbConnection connection, string query) =>
        connection.Run($"INSERT INTO {Fresh} SELECT indicator, period, starts, region, dimension, member, value, row_count FROM ({query}) AS q WHERE value IS NOT NULL AND isfinite(value)");

    private static string Moment(DateTime time) => $"TIMESTAMP '{time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";
}
