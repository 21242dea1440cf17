using System.Globalization;
using DuckDB.NET.Data;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Bench;

/// <summary>Three hundred indicators over a hundred million rows of five years and every county, against the same figures by hand; and what new rows cost.</summary>
internal static class IndicatorBench
{
    private const int Measures = 10, Days = 1826;
    private static readonly DateOnly First = new(2021, 1, 1);
    private static readonly long Rows = long.Parse(Environment.GetEnvironmentVariable("GUANTONG_BENCH_ROWS") ?? "100000000", CultureInfo.InvariantCulture);

    public static Task<Ratio> RunAsync()
    {
        using var scratch = new Scratch();
        var file = scratch.Fresh("indicators.duckdb");
        var land = Jurisdiction.Read(Path.Combine(Environment.GetEnvironmentVariable("GUANTONG_HOME")!, "jurisdictions/zhejiang/jurisdiction.yaml"));
        var counties = land.Regions.All.Where(r => r.Level == "county" && r.To is null && land.Regions.Within(r.Code, land.Root)).Select(r => r.Code).Order(StringComparer.Ordinal).ToList();
        var pack = PackReader.Read(new PackFiles("", new Dictionary<string, string> { ["pack.yaml"] = "pack: bench.figures\nversion: 1.0.0\nname: 试验\napplication: platform\nlead: 省大数据局\n", ["datasets/reading.yaml"] = Dataset(), ["indicators.yaml"] = Indicators() })).Pack!;
        using var warehouse = Warehouse.Open(file, TimeProvider.System);
        warehouse.Apply(pack, losing: false);
        using var connection = new DuckDBConnection($"DataSource={file}");
        connection.Open();
        Run(connection, "CREATE TABLE county AS SELECT * FROM (VALUES " + string.Join(", ", counties.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"({i}, '{c}')"))) + ") AS v(n, code)");
        var fill = Measure.Seconds(() => Fill(connection, 1, 0, Rows, counties.Count));
        Measure.Say($"{Rows} rows of {Days} days and {counties.Count} counties made in {fill:0} s; {pack.Indicators.Count} indicators by month, quarter and year");

        // Each goes first once: what is warm by then is warm for the other too.
        var (ours, hand) = (new List<double>(), new List<double>());
        for (var round = 0; round < 2; round++)
        {
            var runs = new Action[] { () => hand.Add(Measure.Seconds(() => ByHand(connection))), () => ours.Add(Measure.Seconds(() => Full(warehouse, pack))) };
            foreach (var run in round == 0 ? runs : runs.Reverse())
                run();
        }
        var figures = pack.Indicators.Sum(i => FigureBook.Count(warehouse, pack, i));
        Agree(connection, warehouse, pack);
        Measure.Say($"by hand    {hand.Min():0.0} s ({string.Join(", ", hand.Select(s => s.ToString("0.0", CultureInfo.InvariantCulture)))})");
        Measure.Say($"full       {ours.Min():0.0} s ({string.Join(", ", ours.Select(s => s.ToString("0.0", CultureInfo.InvariantCulture)))}); {figures} figures, {ours.Min() / hand.Min():0.00} of the time by hand");

        var fresh = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            // The next day's rows, and late ones of the day before it.
            Fill(connection, 2 + round, Rows + (round * (Rows / 1000)), Rows / 1000, counties.Count, Days - 1 + round);
            fresh.Add(Measure.Seconds(() => IndicatorRun.Compute(warehouse, pack, pack.Indicators)));
        }
        Measure.Say($"0.1 % new  {Measure.Median(fresh):0.00} s ({string.Join(", ", fresh.Select(s => s.ToString("0.00", CultureInfo.InvariantCulture)))}), {100 * Measure.Median(fresh) / ours.Min():0.00} % of all; {System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB at most");
        return Task.FromResult(new Ratio(Math.Min(1.5 * hand.Min() / ours.Min(), 0.02 * ours.Min() / Measure.Median(fresh)), 1));
    }

    private static void Full(Warehouse warehouse, Pack pack)
    {
        IndicatorRun.Forget(warehouse, pack, pack.Indicators[0]);
        IndicatorRun.Compute(warehouse, pack, pack.Indicators);
    }

    // As one writes it who knows that months make quarters and counties make cities, and that DuckDB counts by count_if several times as fast as with FILTER.
    private static void ByHand(DuckDBConnection connection)
    {
        Run(connection, "DROP TABLE IF EXISTS by_hand");
        var parts = Parts().ToList();
        Run(connection, $"CREATE TEMP TABLE months AS SELECT CAST(date_trunc('month', \"at\") AS DATE) AS starts, region, {string.Join(", ", parts.Select((p, i) => $"{p.Sql} AS p{i}"))} FROM bench_figures.reading GROUP BY 1, 2".Replace("count(*) FILTER (WHERE ", "count_if(", StringComparison.Ordinal));
        var rolled = string.Join(" UNION ALL ", from period in (string[])["month", "quarter", "year"]
                                               from length in (int[])[2, 4, 6]
                                               select $"SELECT '{period}' AS period, CAST(date_trunc('{period}', starts) AS DATE) AS starts, rpad(substr(region, 1, {length}), 6, '0') AS region, {string.Join(", ", parts.Select((p, i) => $"{p.Together}(p{i}) AS p{i}"))} FROM months GROUP BY 1, 2, 3");
        var at = parts.Select((p, i) => (p.Sql, i)).ToDictionary(p => p.Sql, p => p.i);
        Run(connection, $"CREATE TABLE by_hand AS SELECT period, starts, region, {string.Join(", ", Values().Select((v, n) => $"{v.ByHand(s => "p" + at[s].ToString(CultureInfo.InvariantCulture))} AS v{n}"))} FROM ({rolled}) AS r");
        Run(connection, "DROP TABLE months");
    }

    // Both give the same, or the ratio means nothing.
    private static void Agree(DuckDBConnection connection, Warehouse warehouse, Pack pack)
    {
        for (var n = 0; n < pack.Indicators.Count; n += 37)
        {
            var figures = FigureBook.Values(warehouse, pack, pack.Indicators[n], new FigureQuery("quarter"));
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT v{n} FROM by_hand WHERE period = 'quarter' ORDER BY starts, region";
            using var reader = command.ExecuteReader();
            foreach (var figure in figures)
            {
                if (!reader.Read() || Math.Abs(Convert.ToDouble(reader.GetValue(0), CultureInfo.InvariantCulture) - figure.Value) > 1e-6 * Math.Max(1, Math.Abs(figure.Value)))
                    throw new InvalidOperationException($"indicator {n} differs from what it is by hand at {figure}");
            }
        }
    }

    private sealed record Value(string Sql, Func<Func<string, string>, string> ByHand);

    // For each measure its sum, mean and extremes, six ratios, and the share of rows beyond each of twenty bounds.
    private static IEnumerable<Value> Values()
    {
        for (var m = 0; m < Measures; m++)
        {
            var (a, n) = ($"m{m}", m);
            yield return new Value($"sum({a})", p => p($"sum({a})"));
            yield return new Value($"avg({a})", p => $"{p($"sum({a})")} / {p($"count({a})")}");
            yield return new Value($"max({a})", p => p($"max({a})"));
            yield return new Value($"min({a})", p => p($"min({a})"));
            for (var k = 1; k <= 6; k++)
            {
                var b = $"m{(n + k) % Measures}";
                yield return new Value($"100.0 * sum({a}) / nullif(sum({b}), 0)", p => $"100.0 * {p($"sum({a})")} / nullif({p($"sum({b})")}, 0)");
            }
            for (var k = 1; k <= 20; k++)
            {
                var beyond = $"count(*) FILTER (WHERE {a} > {(k * 4).ToString(CultureInfo.InvariantCulture)})";
                yield return new Value($"100.0 * {beyond} / nullif(count({a}), 0)", p => $"100.0 * {p(beyond)} / nullif({p($"count({a})")}, 0)");
            }
        }
    }

    private static IEnumerable<(string Sql, string Together)> Parts()
    {
        var parts = new List<string>();
        foreach (var value in Values())
        {
            value.ByHand(p =>
            {
                if (!parts.Contains(p))
                    parts.Add(p);
                return "";
            });
        }
        return parts.Select(p => (p, p.StartsWith("min", StringComparison.Ordinal) ? "min" : p.StartsWith("max", StringComparison.Ordinal) ? "max" : "sum"));
    }

    private static string Dataset() => $$"""
        dataset: reading
        name: 读数
        source: 省大数据局
        share: unconditional
        open: unconditional
        key: [n]
        fields:
          n: {type: integer}
          at: {type: timestamp}
          region: {type: string}
        {{string.Join('\n', Enumerable.Range(0, Measures).Select(i => $"  m{i}: {{type: number}}"))}}
        feed: {from: push, columns: {n: n, at: at, region: region, {{string.Join(", ", Enumerable.Range(0, Measures).Select(i => $"m{i}: m{i}"))}} } }
        """;

    private static string Indicators() => string.Concat(Values().Select((v, n) =>
        $"- {{indicator: i{n}, name: 指标{n}, unit: 个, by: {{region: region, period: [month, quarter, year], at: at}}, needs: [reading], value: \"{v.Sql}\", better: higher}}\n"));

    // In the order of time, as rows come in; every county each day.
    private static void Fill(DuckDBConnection connection, int load, long from, long count, int counties, int? day = null)
    {
        var when = day is { } d ? string.Create(CultureInfo.InvariantCulture, $"{d} + (CASE WHEN i % 50 = 0 THEN -1 ELSE 0 END)") : string.Create(CultureInfo.InvariantCulture, $"i * {Days} // {count}");
        var measures = string.Join(", ", Enumerable.Range(0, Measures).Select(m => string.Create(CultureInfo.InvariantCulture, $"CASE WHEN hash(i + {m * 7919}) % 97 = 0 THEN NULL ELSE ((hash(i * {m + 3}) % 1000) / 10.0) END")));
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO bench_figures.reading SELECT {from} + i, TIMESTAMP '{First:yyyy-MM-dd}' + to_days(CAST({when} AS INTEGER)) + to_minutes(i % 1440), c.code, {measures}, {load} FROM (SELECT range AS i FROM range({count})) AS r JOIN county c ON c.n = hash(r.i) % {counties} ORDER BY i"));
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO guantong.load (id, pack, dataset, file, sha256, shape, started, ended, rows_in, rows_added, rows_changed, rows_same, rows_rejected) VALUES ({load}, 'bench.figures', 'reading', 'made', '{load}', '', now(), now(), {count}, {count}, 0, 0, 0)"));
    }

    private static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
