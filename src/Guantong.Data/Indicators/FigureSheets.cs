using System.Globalization;
using Guantong.Packs;
using Microsoft.Extensions.Caching.Memory;

namespace Guantong.Data;

/// <summary>Asks for one region's latest figure of an indicator and period, and those before it.</summary>
/// <param name="Days">How far back from the latest.</param>
public sealed record SeriesAsked(string Indicator, string Period, int Days);

/// <summary>Asks for several regions' figures of an indicator and period at the latest time that has one.</summary>
/// <param name="WithYearBefore">Whether those of the year before are wanted too.</param>
public sealed record PartsAsked(string Indicator, string Period, bool WithYearBefore);

/// <summary>Asks for one region's figures of an indicator and period by the values of a dimension.</summary>
/// <param name="Days">How far back from the latest; 1 for the latest alone.</param>
/// <param name="WithYearBefore">Whether those of the year before the latest are wanted too.</param>
public sealed record MembersAsked(string Indicator, string Period, string Dimension, int Days, bool WithYearBefore);

/// <summary>Which figures a sheet is of.</summary>
/// <param name="Region">The region of series and members.</param>
/// <param name="Places">The regions of parts.</param>
/// <param name="Until">No figure begins later.</param>
/// <param name="Known">As they were known then, as in <see cref="FigureQuery.Known"/>; null for now.</param>
public sealed record SheetAsked(string Region, IReadOnlyCollection<string> Places, DateOnly Until, DateTime? Known)
{
    /// <summary>Figures of the region over time.</summary>
    public IReadOnlyCollection<SeriesAsked> Series { get; init; } = [];

    /// <summary>Figures of regions beside each other.</summary>
    public IReadOnlyCollection<PartsAsked> Parts { get; init; } = [];

    /// <summary>Figures by dimensions.</summary>
    public IReadOnlyCollection<MembersAsked> Members { get; init; } = [];
}

/// <summary>A figure of a sheet.</summary>
/// <param name="IsPart">Whether it was asked for by region (<see cref="PartsAsked"/>).</param>
public sealed record SheetFigure(string Indicator, string Period, DateOnly At, string Region, double Value, long Rows, bool IsPart)
{
    /// <summary>The dimension by which it was asked for (<see cref="MembersAsked"/>); empty for the whole.</summary>
    public string Dimension { get; init; } = "";

    /// <summary>The value of the dimension.</summary>
    public string Member { get; init; } = "";
}

/// <summary>Reads the figures of many charts at once: one query, whatever their number, and none where no figure of the pack has changed since the same was asked for.</summary>
public sealed class FigureSheets(Warehouse warehouse) : IDisposable
{
    // In bytes, roughly: about a hundred screens of forty charts.
    private readonly MemoryCache _read = new(new MemoryCacheOptions { SizeLimit = 64 << 20 });

    /// <summary>Every figure that was asked for; in the order of indicator, period, time and region, then member.</summary>
    public IReadOnlyList<SheetFigure> Read(Pack pack, SheetAsked asked)
    {
        List<string> queries = [];
        if (asked.Series.Count > 0)
            queries.Add(OfSeries(pack, asked));
        if (asked.Parts.Count > 0 && asked.Places.Count > 0)
            queries.Add(OfParts(pack, asked));
        if (asked.Members.Count > 0)
            queries.Add(OfMembers(pack, asked));
        if (queries.Count == 0)
            return [];
        var sql = $"{string.Join("\nUNION ALL\n", queries)}\nORDER BY 7, 1, 2, 3, 4, 9";
        using var connection = warehouse.Read();
        // The version comes first: what is put in between the two is then kept under one that nobody asks for any more.
        var key = (FigureBook.Version(connection, pack), sql);
        if (_read.TryGetValue(key, out IReadOnlyList<SheetFigure>? kept))
            return kept!;
        IReadOnlyList<SheetFigure> figures = connection.Rows(sql, r =>
        {
            var kind = r.GetInt32(6);
            var figure = new SheetFigure(r.GetString(0), r.GetString(1), DateOnly.FromDateTime(r.GetDateTime(2)), r.GetString(3), r.GetDouble(4), r.GetInt64(5), kind == 1);
            return kind == 2 ? figure with { Dimension = r.GetString(7), Member = r.GetString(8) } : figure;
        });
        return _read.Set(key, figures, new MemoryCacheEntryOptions { Size = (2L * sql.Length) + (200L * figures.Count) });
    }

    /// <inheritdoc/>
    public void Dispose() => _read.Dispose();

    private const string Columns = "v.indicator, v.period, v.starts, v.region, v.value, v.row_count", Whole = "CAST('' AS VARCHAR) AS dimension, CAST('' AS VARCHAR) AS member";

    // That the indicators are listed beside the join lets an engine leave out whole blocks of rows.
    private static string OfSeries(Pack pack, SheetAsked sheet)
    {
        var asked = sheet.Series;
        string Among(string table) => $"{table}.pack = {Sql.Text(pack.Id)} AND {table}.dimension = '' AND {table}.indicator IN ({List(asked.Select(a => a.Indicator))}) AND {table}.period IN ({List(asked.Select(a => a.Period))}) AND {table}.region = {Sql.Text(sheet.Region)} AND {table}.starts <= {Day(sheet.Until)}";
        return $"""
            SELECT {Columns}, 0 AS kind, {Whole}
            FROM (SELECT a.indicator, a.period, a.days, (SELECT max(w.starts) FROM {Figures(pack, sheet)} AS w WHERE {Among("w")} AND w.indicator = a.indicator AND w.period = a.period) AS latest
                  FROM (VALUES {string.Join(", ", asked.Select(a => $"({Sql.Text(a.Indicator)}, {Sql.Text(a.Period)}, {Number(a.Days)})"))}) AS a (indicator, period, days)) AS asked
            JOIN {Figures(pack, sheet)} AS v ON v.indicator = asked.indicator AND v.period = asked.period
            WHERE {Among("v")} AND v.starts > asked.latest - asked.days
            """;
    }

    private static string OfParts(Pack pack, SheetAsked sheet)
    {
        var asked = sheet.Parts;
        string Among(string table) => $"{table}.pack = {Sql.Text(pack.Id)} AND {table}.dimension = '' AND {table}.indicator IN ({List(asked.Select(a => a.Indicator))}) AND {table}.period IN ({List(asked.Select(a => a.Period))}) AND {table}.region IN ({List(sheet.Places)})";
        return $"""
            SELECT {Columns}, 1 AS kind, {Whole}
            FROM (SELECT a.indicator, a.period, a.compared,
                         (SELECT max(w.starts) FROM {Figures(pack, sheet)} AS w WHERE {Among("w")} AND w.indicator = a.indicator AND w.period = a.period AND w.starts <= {Day(sheet.Until)}) AS latest
                  FROM (VALUES {string.Join(", ", asked.Select(a => $"({Sql.Text(a.Indicator)}, {Sql.Text(a.Period)}, {Truth(a.WithYearBefore)})"))}) AS a (indicator, period, compared)) AS asked
            JOIN {Figures(pack, sheet)} AS v ON v.indicator = asked.indicator AND v.period = asked.period
            WHERE {Among("v")} AND (v.starts = asked.latest OR (asked.compared AND v.starts = {YearBefore}))
            """;
    }

    private static string OfMembers(Pack pack, SheetAsked sheet)
    {
        var asked = sheet.Members;
        string Among(string table) => $"{table}.pack = {Sql.Text(pack.Id)} AND {table}.dimension IN ({List(asked.Select(a => a.Dimension))}) AND {table}.indicator IN ({List(asked.Select(a => a.Indicator))}) AND {table}.period IN ({List(asked.Select(a => a.Period))}) AND {table}.region = {Sql.Text(sheet.Region)} AND {table}.starts <= {Day(sheet.Until)}";
        return $"""
            SELECT {Columns}, 2 AS kind, v.dimension, v.member
            FROM (SELECT a.indicator, a.period, a.dimension, a.days, a.compared,
                         (SELECT max(w.starts) FROM {Figures(pack, sheet)} AS w WHERE {Among("w")} AND w.indicator = a.indicator AND w.period = a.period AND w.dimension = a.dimension) AS latest
                  FROM (VALUES {string.Join(", ", asked.Select(a => $"({Sql.Text(a.Indicator)}, {Sql.Text(a.Period)}, {Sql.Text(a.Dimension)}, {Number(a.Days)}, {Truth(a.WithYearBefore)})"))}) AS a (indicator, period, dimension, days, compared)) AS asked
            JOIN {Figures(pack, sheet)} AS v ON v.indicator = asked.indicator AND v.period = asked.period AND v.dimension = asked.dimension
            WHERE {Among("v")} AND (v.starts > asked.latest - asked.days OR (asked.compared AND v.starts = {YearBefore}))
            """;
    }

    // The year before of the latest; a week's is the one fifty-two weeks before.
    private const string YearBefore = "CASE WHEN asked.period = 'week' THEN asked.latest - 364 ELSE CAST(asked.latest - INTERVAL '1 year' AS DATE) END";

    // As now; or as then, with what was known of final figures that changed since in place of them.
    private static string Figures(Pack pack, SheetAsked sheet)
    {
        if (sheet.Known is not { } known)
            return "guantong.indicator_value";
        const string columns = "pack, indicator, period, starts, region, dimension, member, value, row_count";
        var (then, of) = (Moment(known), $"pack = {Sql.Text(pack.Id)} AND (known IS NULL OR known <= {Moment(known)})");
        return $"(SELECT {columns} FROM guantong.indicator_value WHERE {of} UNION ALL SELECT {columns} FROM guantong.indicator_revision WHERE {of} AND until > {then})";
    }

    private static string List(IEnumerable<string> texts) => string.Join(", ", texts.Distinct().Select(Sql.Text));

    private static string Day(DateOnly day) => $"DATE '{day:yyyy-MM-dd}'";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Truth(bool holds) => holds ? "TRUE" : "FALSE";

    private static string Moment(DateTime time) => $"TIMESTAMP '{time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";
}
