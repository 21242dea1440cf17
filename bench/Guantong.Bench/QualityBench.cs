using System.Globalization;
using DuckDB.NET.Data;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Bench;

/// <summary>Fifty rules over ten million rows, against one statement by hand that counts the same by region.</summary>
internal static class QualityBench
{
    private const int Rounds = 3;

    private static readonly long Rows = long.Parse(Environment.GetEnvironmentVariable("GUANTONG_BENCH_ROWS") ?? "10000000", CultureInfo.InvariantCulture);

    private const string Credit = "[1-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}";

    // Each rule as a pack says it, and the condition of a row that breaks it as one writes it by hand; a rule of several fields counts once for each.
    private static readonly (string Rule, string[] Broken)[] RowRules =
    [
        ("{rule: complete, of: [code, name, region, kind, phone, mail, capital, staff, opened, changed], at-least: 90%}",
            ["code IS NULL", "name IS NULL", "region IS NULL", "kind IS NULL", "phone IS NULL", "mail IS NULL", "capital IS NULL", "staff IS NULL", "opened IS NULL", "changed IS NULL"]),
        ("{rule: valid, of: [code], form: credit-code}", [$"NOT regexp_full_match(code, '{Credit}') OR (31 - ({Sum()}) % 31) % 31 <> strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', code[18]) - 1"]),
        ("{rule: valid, of: [phone], form: phone}", [@"NOT regexp_full_match(phone, '(\+?86-?)?(1[3-9][0-9]{9}|(0[0-9]{2,3}-?)[2-9][0-9]{6,7}(-[0-9]{1,6})?|400-?[0-9]{3}-?[0-9]{4})')"]),
        ("{rule: valid, of: [mail], form: email}", [@"NOT regexp_full_match(mail, '[A-Za-z0-9._%+\-]+@([A-Za-z0-9]([A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}')"]),
        ("{rule: valid, of: [region], form: region-code}", ["NOT regexp_full_match(region, '(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])[0-9]{4}([0-9]{3}|[0-9]{6})?')"]),
        ("{rule: valid, of: [name], pattern: \"企业[0-9]+\"}", ["NOT regexp_full_match(name, '企业[0-9]+')"]),
        ("{rule: range, of: [capital, staff, tax, wage, power, water, score], between: [0, 900000]}",
            [.. ((string[])["capital", "staff", "tax", "wage", "power", "water", "score"]).Select(f => $"{f} < 0 OR {f} > 900000")]),
        ("{rule: codes, of: [kind], one-of: [A, B, C, D]}", ["kind NOT IN ('A', 'B', 'C', 'D')"]),
        ("{rule: codes, of: [state], one-of: [在营, 注销]}", ["state NOT IN ('在营', '注销')"]),
        ("{rule: unique, of: [code]}", ["again IS NOT NULL"]),
        ("{rule: reference, of: [kind], to: kind.code}", ["kind IS NOT NULL AND known IS NULL"]),
        .. Enumerable.Range(0, 22).Select(i => $"{((string[])["tax", "wage", "power", "water", "score"])[i % 5]} + {i} >= {((string[])["staff", "wage", "tax"])[i % 3]} - {1000 * i} OR capital > {i}").Select(c => ($"{{rule: holds, that: \"{c}\"}}", (string[])[$"NOT ({c})"])),
    ];

    private static string Sum() => string.Join(" + ", ((int[])[1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]).Select((w, i) => $"{w} * (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', code[{i + 1}]) - 1)"));

    public static Task<Ratio> RunAsync()
    {
        using var scratch = new Scratch();
        var file = scratch.Fresh("quality.duckdb");
        var pack = PackReader.Read(new PackFiles("", new Dictionary<string, string> { ["pack.yaml"] = Declared, ["datasets/kind.yaml"] = Kind, ["datasets/enterprise.yaml"] = Enterprise() })).Pack!;
        using var warehouse = Warehouse.Open(file, TimeProvider.System);
        warehouse.Apply(pack, losing: false);
        using var connection = new DuckDBConnection($"DataSource={file}");
        connection.Open();
        Run(connection, Fill);
        var dataset = pack.Dataset("enterprise")!;
        var (ours, hand) = (new List<double>(), new List<double>());
        IReadOnlyList<QualityResult> results = [];
        for (var round = -1; round < Rounds; round++)
        {
            var took = (Hand: Measure.Seconds(() => Read(connection, ByHand())), Ours: Measure.Seconds(() => results = QualityRun.Again(warehouse, pack, dataset)));
            if (round < 0)
                Compare(connection, results);
            else
                (_, _) = (Add(hand, took.Hand), Add(ours, took.Ours));
        }
        Measure.Say($"by hand    {Measure.Median(hand) * 1000:0} ms, median of {Rounds} ({hand.Min() * 1000:0}–{hand.Max() * 1000:0})");
        Measure.Say($"quality    {Measure.Median(ours) * 1000:0} ms, median of {Rounds} ({ours.Min() * 1000:0}–{ours.Max() * 1000:0}); {results.Count} measures over {Rows} rows, {results.Sum(r => r.Broken)} faults, {results.Count(r => !r.Passed)} failed");
        return Task.FromResult(new Ratio(Measure.Median(hand) / Measure.Median(ours), 0.5));
    }

    private static double Add(List<double> to, double value)
    {
        to.Add(value);
        return value;
    }

    // Both count the same, or the ratio means nothing.
    private static void Compare(DuckDBConnection connection, IReadOnlyList<QualityResult> results)
    {
        var totals = Read(connection, ByHand()).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]);
        var counted = results.Where(r => r.Rule is not ("fresh" or "agrees")).Select(r => r.Broken).ToList();
        if (results.Count != 50 || !counted.SequenceEqual(totals.Take(counted.Count)))
            throw new InvalidOperationException($"{results.Count} measures; {string.Join(", ", counted)} differ from {string.Join(", ", totals)}");
    }

    private static string ByHand() => $"""
        SELECT {string.Join(", ", RowRules.SelectMany(r => r.Broken).Select(b => $"count(*) FILTER (WHERE {b})"))},
               count(*), epoch_us(max(changed))
        FROM bench_enterprises.enterprise
        LEFT JOIN (SELECT DISTINCT code AS known FROM bench_enterprises.kind) ON known = kind
        LEFT JOIN (SELECT code AS again FROM bench_enterprises.enterprise WHERE code IS NOT NULL GROUP BY code HAVING count(*) > 1) ON again = code
        GROUP BY region
        """;

    private const string Declared = "pack: bench.enterprises\nversion: 1.0.0\nname: 试验\napplication: platform\nlead: 省市场监管局\n";

    private const string Kind = "dataset: kind\nname: 类型\nsource: 省市场监管局\nshare: unconditional\nopen: none\nkey: [code]\nfields: {code: {type: string}}\nfeed: {from: manual}\n";

    private static string Enterprise() => $$"""
        dataset: enterprise
        name: 企业
        source: 省市场监管局
        share: unconditional
        open: none
        region: region
        key: [id]
        fields:
          id: {type: integer}
          code: {type: string}
          name: {type: string}
          region: {type: string}
          kind: {type: string}
          state: {type: string}
          phone: {type: string}
          mail: {type: string}
          capital: {type: number}
          staff: {type: integer}
          tax: {type: integer}
          wage: {type: integer}
          power: {type: integer}
          water: {type: integer}
          score: {type: integer}
          opened: {type: date}
          changed: {type: timestamp}
        quality:
        {{string.Join('\n', RowRules.Select(r => "  - " + r.Rule))}}
          - {rule: fresh, within: P1D, at: changed}
          - {rule: agrees, value: "count(*)", with: kind, as: "count(*) * 2500000", tolerance: 1%}
        feed: {from: manual}

        """;

    // Made-up rows; one in some hundreds breaks this rule or that.
    private static string Fill => $"""
        INSERT INTO bench_enterprises.kind SELECT unnest(['A', 'B', 'C', 'D']);
        INSERT INTO bench_enterprises.enterprise SELECT i,
            CASE WHEN i % 911 = 0 THEN '91350100M000100Y44' ELSE '9133' || lpad(CAST(i % 9999 AS VARCHAR), 4, '0') || lpad(CAST(i AS VARCHAR), 9, '0') END, '企业' || i,
            '33' || lpad(CAST((i % 11) + 1 AS VARCHAR), 2, '0') || lpad(CAST((i // 11) % 9 AS VARCHAR), 2, '0'), CASE WHEN i % 5003 = 0 THEN 'X' ELSE chr(65 + CAST(i % 4 AS INTEGER)) END, CASE WHEN i % 7 = 0 THEN '注销' ELSE '在营' END,
            CASE WHEN i % 1009 = 0 THEN '110' ELSE '138' || lpad(CAST(i AS VARCHAR), 8, '0') END, CASE WHEN i % 1013 = 0 THEN 'nobody' ELSE 'a' || i || '@example.cn' END,
            (i * 7919) % 900000, (i * 31) % 1000, (i * 37) % 100000, (i * 41) % 100000, (i * 43) % 100000, (i * 47) % 100000, (i * 53) % 100000,
            DATE '2000-01-01' + CAST(i % 9000 AS INTEGER), TIMESTAMP '2026-01-01' + to_seconds(i) FROM range({Rows.ToString(CultureInfo.InvariantCulture)}) t(i);
        UPDATE bench_enterprises.enterprise SET code = code || substr('0123456789ABCDEFGHJKLMNPQRTUWXY', CAST((31 - ({Sum()}) % 31) % 31 AS INTEGER) + 1, 1) WHERE length(code) = 17;
        INSERT INTO guantong.load (id, pack, dataset, file, sha256, shape, started, ended, rows_in, rows_added, rows_changed, rows_same, rows_rejected) SELECT 1, 'bench.enterprises', 'enterprise', 'made', '', '', now(), now(), {Rows.ToString(CultureInfo.InvariantCulture)}, 0, 0, 0, 0;
        """;

#pragma warning disable CA2100 // fixed statements; the only thing put in is a count
    private static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<List<long>> Read(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<List<long>>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToInt64(reader.GetValue(i), CultureInfo.InvariantCulture))]);
        return rows;
    }
#pragma warning restore CA2100
}
