using System.Data.Common;
using System.Xml;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Rules on a dataset as a whole: against another dataset, against the usual, against an earlier time.</summary>
internal static class Compared
{
    private const int Before = 12;
    private const int LeastBefore = 3;
    private const long LeastRows = 30;
    private const int MostValues = 20;

    /// <summary>What the rule measured and its share of the score; both null where it cannot be measured.</summary>
    public static (double? Measured, double Wanted, double? Share) Measure(DbConnection connection, Pack pack, Dataset dataset, QualityRule rule, DateTime at) => rule.Rule switch
    {
        "agrees" => Agrees(connection, pack, dataset, rule),
        "volume" => Volume(connection, pack, dataset, rule, at),
        _ => throw new ArgumentException(rule.Rule, nameof(rule)),
    };

    // Distance of the two, in percent of the larger.
    private static (double?, double, double?) Agrees(DbConnection connection, Pack pack, Dataset dataset, QualityRule rule)
    {
        var (with, tolerance) = (rule.With!, (double)rule.Tolerance);
        var home = with.Pack ?? pack.Id;
        if (!Warehouse.Exists(connection, home, RowMeasure.TableOf(with)))
            return (null, tolerance, null);
        var one = Figure(connection, pack.Id, dataset.Table, rule.Value!.Name);
        var other = Figure(connection, home, RowMeasure.TableOf(with), rule.As!.Name);
        if (one is null || other is null)
            return (null, tolerance, null);
        var distance = Distance(one.Value, other.Value, Math.Max(Math.Abs(one.Value), Math.Abs(other.Value)));
        return (distance, tolerance, QualityScore.OfDistance(distance, tolerance));
    }

    private static double Distance(double one, double other, double of) => of == 0 ? 0 : Math.Round(100 * Math.Abs(one - other) / of, 4);

    // A pack's SQL names its own tables without their schema.
    private static double? Figure(DbConnection connection, string pack, string table, string value) =>
        connection.Within(pack, () => connection.Scalar($"SELECT CAST({value} AS DOUBLE PRECISION) FROM {Sql.Name(table)}") as double?);

    // Distance of the last whole period's rows from the median of those before it, in percent of the median.
    private static (double?, double, double?) Volume(DbConnection connection, Pack pack, Dataset dataset, QualityRule rule, DateTime at)
    {
        var (time, tolerance) = (Sql.Name(rule.TimeOf(dataset)!.Id), (double)rule.Tolerance);
        var rows = connection.Rows($"""
            SELECT n FROM (SELECT date_trunc('{rule.By}', {time}) AS p, count(*) AS n FROM {Sql.Table(pack.Id, dataset.Table)} WHERE {time} IS NOT NULL GROUP BY 1) AS q
            WHERE p < date_trunc('{rule.By}', CAST(? AS TIMESTAMP)) ORDER BY p DESC LIMIT {Sql.Number(Before + 1)}
            """, r => r.GetInt64(0), at);
        if (rows.Count < LeastBefore + 1)
            return (null, tolerance, null);
        var usual = rows.Skip(1).Order().ToList() is var sorted && sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2.0;
        var distance = Distance(rows[0], usual, usual);
        return (distance, tolerance, QualityScore.OfDistance(distance, tolerance));
    }

    /// <summary>The population stability index of one field.</summary>
    public static (double? Measured, double Wanted, double? Share) Drifted(DbConnection connection, Pack pack, Dataset dataset, QualityRule rule, Field field, DateTime at)
    {
        var (table, time, most) = (Sql.Table(pack.Id, dataset.Table), Sql.Name(rule.TimeOf(dataset)!.Id), (double)(rule.AtMost ?? 0.25m));
        if (connection.Scalar($"SELECT CAST(max(date_trunc('{rule.By}', {time})) AS TIMESTAMP) FROM {table} WHERE {time} < date_trunc('{rule.By}', CAST(? AS TIMESTAMP))", at) is not DateTime period)
            return (null, most, null);
        var now = $"(date_trunc('{rule.By}', {time}) = {Literal(period)})";
        var before = rule.Base is var (from, until) ? $"({time} >= {Literal(from.ToDateTime(default))} AND {time} < {Literal(until.AddDays(1).ToDateTime(default))} AND NOT {now})" : $"({time} < {Literal(period)})";
        var value = Sql.Name(field.Id);
        var classes = field.Type is "number" or "integer" ? Classes(connection, table, value, before) : $"CAST({value} AS VARCHAR)";
        if (classes is null)
            return (null, most, null);
        var counts = connection.Rows($"SELECT count(*) FILTER (WHERE {before}) AS b, count(*) FILTER (WHERE {now}) AS n FROM {table} WHERE {value} IS NOT NULL AND ({before} OR {now}) GROUP BY {classes} ORDER BY 1 DESC",
            r => (Before: r.GetInt64(0), Now: r.GetInt64(1)));
        if (counts.Sum(c => c.Before) < LeastRows || counts.Sum(c => c.Now) < LeastRows)
            return (null, most, null);
        // Rare values count as one.
        var rare = counts.Skip(MostValues).ToList();
        var shown = counts.Take(MostValues).Concat(rare.Count == 0 ? [] : [(rare.Sum(c => c.Before), rare.Sum(c => c.Now))]).ToList();
        var index = Math.Round(Drift.Index([.. shown.Select(c => c.Item1)], [.. shown.Select(c => c.Item2)]), 4);
        return (index, most, QualityScore.OfDrift(index, most));
    }

    // Deciles of the earlier time.
    private static string? Classes(DbConnection connection, string table, string value, string before)
    {
        var cuts = connection.Rows($"SELECT CAST(max(v) AS DOUBLE PRECISION) FROM (SELECT {value} AS v, ntile(10) OVER (ORDER BY {value}) AS tile FROM {table} WHERE {before} AND {value} IS NOT NULL) AS q GROUP BY tile ORDER BY tile", r => r.GetDouble(0));
        return cuts.Count == 0 ? null
            : $"CASE {string.Join(' ', cuts.SkipLast(1).Distinct().Where(double.IsFinite).Select((c, i) => $"WHEN {value} <= {c.ToString("R", System.Globalization.CultureInfo.InvariantCulture)} THEN {Sql.Number(i)}"))} ELSE 10 END".Replace("CASE  ELSE 10 END", "CAST(10 AS BIGINT)", StringComparison.Ordinal);
    }

    private static string Literal(DateTime time) => $"TIMESTAMP '{time.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)}'";

    /// <summary>How old the newest row may be, in hours.</summary>
    public static double HoursOf(QualityRule rule) => XmlConvert.ToTimeSpan(rule.Within!).TotalHours;
}
