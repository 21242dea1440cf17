using System.Globalization;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Asks for one region's latest figure of an indicator and period, and those before it.</summary>
/// <param name="Days">How far back from the latest.</param>
public sealed record SeriesAsked(string Indicator, string Period, int Days);

/// <summary>Asks for several regions' figures of an indicator and period at the latest time that has one.</summary>
/// <param name="WithYearBefore">Whether those of the year before are wanted too.</param>
public sealed record PartsAsked(string Indicator, string Period, bool WithYearBefore);

/// <summary>A figure of a sheet.</summary>
/// <param name="IsPart">Whether it was asked for by region (<see cref="PartsAsked"/>).</param>
public sealed record SheetFigure(string Indicator, string Period, DateOnly At, string Region, double Value, long Rows, bool IsPart);

/// <summary>Reads the figures of many charts at once: one query, whatever their number.</summary>
public static class FigureSheet
{
    /// <summary>Every figure that was asked for, no later than a day; in the order of indicator, period, time and region.</summary>
    /// <param name="region">The region of the series.</param>
    /// <param name="places">The regions of the parts.</param>
    public static IReadOnlyList<SheetFigure> Read(Warehouse warehouse, Pack pack, string region, IReadOnlyCollection<SeriesAsked> series, IReadOnlyCollection<string> places, IReadOnlyCollection<PartsAsked> parts, DateOnly until)
    {
        List<string> queries = [];
        if (series.Count > 0)
            queries.Add(OfSeries(pack, region, series, until));
        if (parts.Count > 0 && places.Count > 0)
            queries.Add(OfParts(pack, places, parts, until));
        if (queries.Count == 0)
            return [];
        using var connection = warehouse.Read();
        return connection.Rows($"{string.Join("\nUNION ALL\n", queries)}\nORDER BY 7, 1, 2, 3, 4",
            r => new SheetFigure(r.GetString(0), r.GetString(1), DateOnly.FromDateTime(r.GetDateTime(2)), r.GetString(3), r.GetDouble(4), r.GetInt64(5), r.GetBoolean(6)));
    }

    private const string Columns = "v.indicator, v.period, v.starts, v.region, v.value, v.row_count";

    // That the indicators are listed beside the join lets an engine leave out whole blocks of rows.
    private static string OfSeries(Pack pack, string region, IReadOnlyCollection<SeriesAsked> asked, DateOnly until)
    {
        string Among(string table) => $"{table}.pack = {Sql.Text(pack.Id)} AND {table}.dimension = '' AND {table}.indicator IN ({List(asked.Select(a => a.Indicator))}) AND {table}.period IN ({List(asked.Select(a => a.Period))}) AND {table}.region = {Sql.Text(region)} AND {table}.starts <= {Day(until)}";
        return $"""
            SELECT {Columns}, FALSE AS by_region
            FROM (SELECT a.indicator, a.period, a.days, (SELECT max(w.starts) FROM guantong.indicator_value AS w WHERE {Among("w")} AND w.indicator = a.indicator AND w.period = a.period) AS latest
                  FROM (VALUES {string.Join(", ", asked.Select(a => $"({Sql.Text(a.Indicator)}, {Sql.Text(a.Period)}, {a.Days.ToString(CultureInfo.InvariantCulture)})"))}) AS a (indicator, period, days)) AS asked
            JOIN guantong.indicator_value AS v ON v.indicator = asked.indicator AND v.period = asked.period
            WHERE {Among("v")} AND v.starts > asked.latest - asked.days
            """;
    }

    private static string OfParts(Pack pack, IReadOnlyCollection<string> places, IReadOnlyCollection<PartsAsked> asked, DateOnly until)
    {
        string Among(string table) => $"{table}.pack = {Sql.Text(pack.Id)} AND {table}.dimension = '' AND {table}.indicator IN ({List(asked.Select(a => a.Indicator))}) AND {table}.period IN ({List(asked.Select(a => a.Period))}) AND {table}.region IN ({List(places)})";
        return $"""
            SELECT {Columns}, TRUE AS by_region
            FROM (SELECT a.indicator, a.period, a.compared,
                         (SELECT max(w.starts) FROM guantong.indicator_value AS w WHERE {Among("w")} AND w.indicator = a.indicator AND w.period = a.period AND w.starts <= {Day(until)}) AS latest
                  FROM (VALUES {string.Join(", ", asked.Select(a => $"({Sql.Text(a.Indicator)}, {Sql.Text(a.Period)}, {(a.WithYearBefore ? "TRUE" : "FALSE")})"))}) AS a (indicator, period, compared)) AS asked
            JOIN guantong.indicator_value AS v ON v.indicator = asked.indicator AND v.period = asked.period
            WHERE {Among("v")} AND (v.starts = asked.latest
              OR (asked.compared AND v.starts = CASE WHEN asked.period = 'week' THEN asked.latest - 364 ELSE CAST(asked.latest - INTERVAL '1 year' AS DATE) END))
            """;
    }

    private static string List(IEnumerable<string> texts) => string.Join(", ", texts.Distinct().Select(Sql.Text));

    private static string Day(DateOnly day) => $"DATE '{day:yyyy-MM-dd}'";
}
