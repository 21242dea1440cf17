using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Indicators of a pack that are counted over the same rows, by the same region and time: one look at the rows serves them all.</summary>
internal sealed class IndicatorGroup
{
    private const string At = "\"__at\"", Region = "\"__region\"";

    // GB/T 2260: digits 1–2 province, 3–4 city, 5–6 county. A row of a city itself has no county to count for.
    private static readonly string[] Levels =
    [
        "substr(region, 1, 2) || '0000'",
        "CASE WHEN substr(region, 3, 2) <> '00' THEN substr(region, 1, 4) || '00' END",
        "CASE WHEN substr(region, 5, 2) <> '00' THEN substr(region, 1, 6) END",
    ];

    private readonly string _join;
    private readonly string _region;
    private readonly IReadOnlyDictionary<string, string> _members;
    private readonly IReadOnlyList<string> _referred;

    private IndicatorGroup(Pack pack, Dataset dataset, string region, string at, IReadOnlyList<Indicator> indicators, IReadOnlySet<string> whole)
    {
        (Pack, Dataset, Time, Indicators) = (pack, dataset, at, indicators);
        Dimensions = [.. indicators.SelectMany(i => i.Dimensions).Select(d => d.Name).Distinct().Order(StringComparer.Ordinal)];
        var joins = new Dictionary<string, string>();
        _region = Path(joins, region);
        _members = Dimensions.ToDictionary(d => d, d => $"coalesce(CAST({Path(joins, d)} AS VARCHAR), '')");
        (_join, _referred) = (string.Concat(joins.Values), [.. joins.Keys.Select(k => dataset.Field(k)!.Refers!.Name.Split('.')[0]).Concat(indicators.SelectMany(i => i.Needs.Skip(1)).Select(n => n.Name)).Where(o => o != dataset.Id).Distinct()]);
        var parts = indicators.Where(i => !whole.Contains(i.Id)).Select(i => (Indicator: i, Parts: ValueParts.Of(i.Value.Name, i.Where?.Name))).Where(p => p.Parts is not null).ToList();
        Added = [.. parts.Select(p => (p.Indicator, p.Parts!))];
        Whole = [.. indicators.Except(parts.Select(p => p.Indicator))];
        Kept = [.. Added.SelectMany(a => a.Parts.Parts.Prepend(ValueParts.Rows(a.Indicator.Where?.Name))).Distinct()];
        var key = string.Join('\n', [pack.Id, dataset.Id, region, at]);
        Cells = "cells~" + Digest(key)[..24];
        Shape = Digest(string.Join('\n', [key, _join, _region, .. Dimensions, .. Kept.Select(k => k.Sql + k.Together),
            .. indicators.Select(i => string.Join('|', [i.Id, i.Value.Name, i.Where?.Name, .. i.Periods, "by", .. i.Dimensions.Select(d => d.Name)]))]));
    }

    public Pack Pack { get; }
    public Dataset Dataset { get; }
    public IReadOnlyList<Indicator> Indicators { get; }

    /// <summary>The field that places a row in time.</summary>
    public string Time { get; }

    public IReadOnlyList<string> Dimensions { get; }

    /// <summary>Indicators whose figures add up from cells.</summary>
    public IReadOnlyList<(Indicator Indicator, ValueParts Parts)> Added { get; }

    /// <summary>Indicators whose figures are computed from rows each time.</summary>
    public IReadOnlyList<Indicator> Whole { get; }

    /// <summary>What a cell keeps, in the order of its columns.</summary>
    public IReadOnlyList<ValuePart> Kept { get; }

    /// <summary>The table of its cells: a day of a region, as a whole and for each member of each dimension.</summary>
    public string Cells { get; }

    /// <summary>Fingerprint of all that its figures follow from but rows.</summary>
    public string Shape { get; }

    /// <summary>Other datasets that its figures follow from: those that rows are looked up in, and those that a formula asks beside.</summary>
    public IReadOnlyList<string> Referred => _referred;

    /// <summary>Every period that one of its indicators has.</summary>
    public IEnumerable<string> Periods => Indicator.AllPeriods.Where(p => Indicators.Any(i => i.Periods.Contains(p)));

    /// <summary>The groups of some indicators; a composite index is in none.</summary>
    /// <param name="notNumbers">The parts of a group that no number can keep: what has one is computed from rows.</param>
    public static IEnumerable<IndicatorGroup> Of(Pack pack, IEnumerable<Indicator> indicators, Func<IndicatorGroup, IReadOnlySet<ValuePart>> notNumbers) =>
        from indicator in indicators
        where indicator is { Composite: null, Needs.Count: > 0 }
        group indicator by (Need: indicator.Needs[0].Name, Region: indicator.Region.Name, At: indicator.At.Name) into same
        let dataset = pack.Dataset(same.Key.Need)!
        let made = new IndicatorGroup(pack, dataset, same.Key.Region, same.Key.At, [.. same], new HashSet<string>())
        let others = notNumbers(made)
        select others.Count == 0 ? made : new IndicatorGroup(pack, dataset, same.Key.Region, same.Key.At, [.. same],
            made.Added.Where(a => a.Parts.Parts.Any(others.Contains)).Select(a => a.Indicator.Id).ToHashSet());

    private string Path(Dictionary<string, string> joins, string path)
    {
        var parts = path.Split('.');
        if (parts.Length == 1)
            return $"d.{Sql.Name(parts[0])}";
        var refers = Dataset.Field(parts[0])!.Refers!.Name.Split('.');
        var alias = Sql.Name("__" + parts[0]);
        joins[parts[0]] = $" LEFT JOIN {Sql.Name(Pack.Dataset(refers[0])!.Table)} AS {alias} ON {alias}.{Sql.Name(refers[1])} = d.{Sql.Name(parts[0])}";
        return $"{alias}.{Sql.Name(parts[1])}";
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private string Placed(string what, string table, string condition) => $"SELECT {what} FROM {Sql.Name(table)} AS d{_join}{condition}";

    private string Day => $"CAST(date_trunc('day', d.{Sql.Name(Time)}) AS DATE)";

    /// <summary>SQL for the days and regions of rows that have come, changed or gone since a load.</summary>
    public string Touched(long since) =>
        $"{Placed($"DISTINCT {Day} AS day, {_region} AS region", Dataset.Table, $" WHERE d.{Former.Load} > {since}")} UNION {Placed($"DISTINCT {Day}, {_region}", Former.TableOf(Dataset), $" WHERE d.{Former.Until} > {since}")}";

    /// <summary>Its rows, with day, region and members beside their own columns; under the dataset's own name, as the indicators' SQL may call it.</summary>
    /// <param name="days">Rows of these days alone; null for all.</param>
    private string Rows(string region, string at, (DateOnly From, DateOnly To)? days, string more = "")
    {
        var within = days is { } d ? $" WHERE d.{Sql.Name(Time)} >= DATE '{d.From:yyyy-MM-dd}' AND d.{Sql.Name(Time)} < DATE '{d.To:yyyy-MM-dd}'" : "";
        var members = string.Concat(Dimensions.Select((name, i) => $", {_members[name]} AS \"__m{Number(i)}\""));
        return $"({Placed($"d.*, {region} AS {Region}, {at} AS {At}{members}", Dataset.Table, more + within)}) AS {Sql.Name(Dataset.Table)}";
    }

    private static string Number(int i) => i.ToString(CultureInfo.InvariantCulture);

    // The sets by which rows are grouped: as a whole, and by each dimension.
    private string Grouped => Dimensions.Count == 0 ? $"GROUP BY {At}, {Region}"
        : $"GROUP BY GROUPING SETS (({At}, {Region}), {string.Join(", ", Dimensions.Select((_, i) => $"({At}, {Region}, \"__m{Number(i)}\")"))})";

    private string DimensionOf => Dimensions.Count == 0 ? "''"
        : $"CASE {string.Concat(Dimensions.Select((name, i) => $"WHEN GROUPING(\"__m{Number(i)}\") = 0 THEN {Sql.Text(name)} "))}ELSE '' END";

    private string MemberOf => Dimensions.Count == 0 ? "''" : $"coalesce({string.Join(", ", Dimensions.Select((_, i) => $"\"__m{Number(i)}\""))}, '')";

    /// <summary>SQL that gives what a cell keeps, uncast: to see of what types it is.</summary>
    public string Aggregates => $"SELECT {string.Join(", ", Kept.Select(k => k.Sql))} FROM {Rows(_region, Day, null)} LIMIT 0";

    /// <summary>SQL for cells.</summary>
    /// <param name="days">Of these days alone.</param>
    /// <param name="condition">More about day and region, or empty.</param>
    /// <param name="isDuck">Whether DuckDB runs it.</param>
    public string CellsOf((DateOnly From, DateOnly To)? days, string condition, bool isDuck) =>
        Named($"SELECT {At}, {Region}, {DimensionOf} AS \"__dimension\", {MemberOf} AS \"__member\"{string.Concat(Kept.Select((k, i) => $", CAST({(isDuck ? k.DuckSql : k.Sql)} AS {TypeOf(k)}) AS {Column(i)}"))} FROM {Rows(_region, Day, days)} WHERE {At} IS NOT NULL AND {Region} IS NOT NULL{condition} {Grouped}", "day", Columns);

    private string Columns => string.Concat(Kept.Select((_, i) => $", {Column(i)}"));

    // Only out here do they bear plain names: in there these may be the dataset's own.
    private static string Named(string inner, string at, string more) => $"SELECT {At} AS {at}, {Region} AS region, \"__dimension\" AS dimension, \"__member\" AS member{more} FROM ({inner}) AS named";

    private static string TypeOf(ValuePart part) => part.Together == "count" ? "BIGINT" : "DOUBLE PRECISION";

    private static string Column(int i) => $"\"__k{Number(i)}\"";

    private static string TogetherOf(ValuePart part, string column) => part.Together switch
    {
        "count" => $"CAST(sum({column}) AS BIGINT)",
        _ => $"{part.Together}({column})",
    };

    /// <summary>SQL for what the regions of every level keep together in each period of a kind.</summary>
    public string Rolled(string period, Due due)
    {
        var unit = period == Indicator.YearToDate ? "month" : period;
        var starts = $"CAST(date_trunc('{unit}', c.day) AS DATE)";
        var levels = string.Join(" UNION ALL ", Levels.Select(l => l.Replace("region", "c.region", StringComparison.Ordinal)).Select(level =>
            $"SELECT {starts} AS starts, {level} AS region, c.dimension, c.member{string.Concat(Kept.Select((k, i) => $", {TogetherOf(k, "c." + Column(i))} AS {Column(i)}"))} FROM guantong.{Sql.Name(Cells)} AS c WHERE {due.Rows(period, "c.day")} GROUP BY {starts}, {level}, c.dimension, c.member"));
        if (period != Indicator.YearToDate)
            return $"SELECT {Sql.Text(period)} AS period, * FROM ({levels}) AS leveled WHERE region IS NOT NULL AND {due.Figures(period, "starts")}";
        // Up to the end of each month that has rows of any region: who had none in it stands as before.
        var months = $"SELECT DISTINCT {starts} AS starts FROM guantong.{Sql.Name(Cells)} AS c WHERE {due.Rows(period, "c.day")}";
        return $"SELECT {Sql.Text(period)} AS period, m.starts, l.region, l.dimension, l.member{string.Concat(Kept.Select((k, i) => $", {TogetherOf(k, "l." + Column(i))} AS {Column(i)}"))} FROM ({levels}) AS l JOIN ({months}) AS m ON m.starts >= l.starts AND date_trunc('year', m.starts) = date_trunc('year', l.starts) WHERE l.region IS NOT NULL AND {due.Figures(period, "m.starts")} GROUP BY m.starts, l.region, l.dimension, l.member";
    }

    /// <summary>SQL for figures over the table <c>rolled</c>: one statement for all indicators of the same periods and dimensions.</summary>
    public IEnumerable<string> Figures => Added.GroupBy(a => (Periods: Texts(a.Indicator.Periods), Dimensions: Texts([.. a.Indicator.Dimensions.Select(d => d.Name), ""]))).Select(alike =>
    {
        string ColumnOf(ValuePart part) => Column(Kept.TakeWhile(k => k != part).Count());
        string Each(Func<(Indicator Indicator, ValueParts Parts), string> of) => $"unnest(ARRAY[{string.Join(", ", alike.Select(of))}])";
        return $"SELECT * FROM (SELECT period, starts, region, dimension, member, {Each(a => Sql.Text(a.Indicator.Id))} AS indicator, {Each(a => $"CAST({a.Parts.Over(ColumnOf)} AS DOUBLE PRECISION)")} AS value, {Each(a => ColumnOf(ValueParts.Rows(a.Indicator.Where?.Name)))} AS row_count FROM rolled WHERE period IN ({alike.Key.Periods}) AND dimension IN ({alike.Key.Dimensions})) AS each_one WHERE row_count > 0";
    });

    private static string Texts(IEnumerable<string> texts) => string.Join(", ", texts.Select(Sql.Text));

    /// <summary>SQL for the figures of an indicator that is computed from rows.</summary>
    public string Counted(Indicator indicator, string period, Due due) => string.Join(" UNION ALL ", Levels.Select(level =>
    {
        var time = $"d.{Sql.Name(Time)}";
        var region = level.Replace("region", _region, StringComparison.Ordinal);
        // Up to the end of each month of its year a row counts again.
        var months = period != Indicator.YearToDate ? "" : $" JOIN (SELECT DISTINCT CAST(date_trunc('month', {Sql.Name(Time)}) AS DATE) AS starts FROM {Sql.Name(Dataset.Table)}) AS \"__months\" ON \"__months\".starts >= CAST(date_trunc('month', {time}) AS DATE) AND date_trunc('year', \"__months\".starts) = date_trunc('year', {time})";
        var at = period == Indicator.YearToDate ? "\"__months\".starts" : $"CAST(date_trunc('{period}', {time}) AS DATE)";
        var inner = $"SELECT {At}, {Region}, {DimensionOf} AS \"__dimension\", {MemberOf} AS \"__member\", CAST({indicator.Value.Name} AS DOUBLE PRECISION) AS \"__value\", count(*) AS \"__rows\" FROM {Rows(region, at, null, months)} WHERE {Region} IS NOT NULL AND {At} IS NOT NULL AND {due.Figures(period, At)}{(indicator.Where is { } where ? $" AND ({where})" : "")} {Grouped}";
        return $"SELECT {Sql.Text(period)} AS period, q.* FROM ({Named(inner, "starts", ", \"__value\" AS value, \"__rows\" AS row_count")}) AS q";
    }));
}
