using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guantong.Bench;

/// <summary>A table of PostgreSQL changes 2,000 times a second; how long until each change is visible in the warehouse, with the whole platform running: quality and an indicator follow.</summary>
internal static class StreamBench
{
    private const int ARound = 20, Rounds = 100, Seconds = 60, Standing = 200_000;

    public static async Task<Ratio> RunAsync()
    {
        await using var source = await SourceAsync();
        using var scratch = new Scratch();
        await using var app = await Platform.BuildAsync(new Settings(Places.Root, scratch.Fresh("data"), null, "zhejiang", "http://127.0.0.1:0"), workers: true);
        var at = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        await app.Services.GetRequiredService<Connections>().PutAsync(new Connection("gauges", "postgres", $"postgres://{at.Host}:{at.Port}/{at.Database}", at.Username), null, Policy.Operator);
        var registry = app.Services.GetRequiredService<PackRegistry>();
        var outcome = await registry.ApplyAsync(new PackFiles("gauge", Pack), Policy.Operator, confirmed: true);
        if (outcome.Result != "applied")
            throw new InvalidOperationException(string.Join('\n', outcome.Plan.Findings.Select(f => f.Message("en"))));
        await app.StartAsync();
        var warehouse = app.Services.GetRequiredService<Warehouse>();
        while (warehouse.RowCount("environment.gauge", "level") < Standing)
            await Task.Delay(20);
        Measure.Say($"{Standing} rows stand; {ARound * Rounds} changes a second for {Seconds} s");

        var (pack, dataset) = (registry.Find("environment.gauge")!, registry.Find("environment.gauge")!.Dataset("level")!);
        var committed = new ConcurrentQueue<(long Number, long At)>();
        var writing = WriteAsync(source, committed);
        var took = new List<double>();
        var last = (long)Seconds * Rounds * ARound;
        for (var seen = 0L; seen < last;)
        {
            // The newest number that is visible: transactions come over in order.
            var page = DatasetRows.Page(warehouse, pack, dataset, new RowQuery("number", true, null, 0, 1), RowsSeen.All);
            var now = Stopwatch.GetTimestamp();
            seen = Convert.ToInt64(page.Rows[0][2] ?? 0L, CultureInfo.InvariantCulture);
            while (committed.TryPeek(out var next) && next.Number <= seen)
            {
                committed.TryDequeue(out _);
                took.Add(Stopwatch.GetElapsedTime(next.At, now).TotalSeconds);
            }
            if (writing.IsFaulted)
                await writing;
            await Task.Delay(5);
        }
        await writing;
        await app.StopAsync();
        took.Sort();
        var wrong = warehouse.RowCount("environment.gauge", "level") - Standing;
        Measure.Say($"commit to visible: median {took[took.Count / 2] * 1000:0} ms, 99 % {took[took.Count * 99 / 100] * 1000:0} ms, longest {took[^1] * 1000:0} ms; {took.Count} transactions of {ARound}; rows lost or doubled: {wrong}");
        return new Ratio(wrong == 0 ? 2 / took[took.Count * 99 / 100] : 0, 1);
    }

    private static async Task<NpgsqlDataSource> SourceAsync()
    {
        var uri = new Uri(Environment.GetEnvironmentVariable("GUANTONG_TEST_POSTGRES") ?? throw new MaterialAbsentException("PostgreSQL is not installed: apt-get install postgresql"));
        var source = NpgsqlDataSource.Create($"Host={uri.Host};Port={uri.Port};Username={uri.UserInfo};Database={uri.AbsolutePath.Trim('/')}");
        await using var command = source.CreateCommand($"DROP TABLE IF EXISTS levels; CREATE TABLE levels (gauge bigint PRIMARY KEY, level double precision, number bigint, day date, region text); INSERT INTO levels SELECT g, g % 90, 0, date '2026-01-01' + (g % 60)::int, '330102' FROM generate_series(1, {Standing}) g");
        await command.ExecuteNonQueryAsync();
        return source;
    }

    private static async Task WriteAsync(NpgsqlDataSource source, ConcurrentQueue<(long, long)> committed)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("UPDATE levels SET level = (level + 1)::bigint % 90, number = @n + array_position(@g, gauge) WHERE gauge = ANY(@g)", connection);
        var (number, gauges) = (command.Parameters.Add("n", NpgsqlTypes.NpgsqlDbType.Bigint), command.Parameters.Add("g", NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bigint));
        var watch = Stopwatch.StartNew();
        for (var round = 0L; round < Seconds * Rounds; round++)
        {
            var due = TimeSpan.FromSeconds(round / (double)Rounds) - watch.Elapsed;
            if (due > TimeSpan.Zero)
                await Task.Delay(due);
            var first = round * ARound % Standing;
            (number.Value, gauges.Value) = (round * ARound, Enumerable.Range(1, ARound).Select(i => first + i).ToArray());
            await command.ExecuteNonQueryAsync();
            committed.Enqueue(((round + 1) * ARound, Stopwatch.GetTimestamp()));
        }
        Measure.Say($"the source took {watch.Elapsed.TotalSeconds:0.0} s for {Seconds} s of changes");
    }

    private static readonly Dictionary<string, string> Pack = new()
    {
        ["pack.yaml"] = "pack: environment.gauge\nversion: 1.0.0\nname: 水位\napplication: digital-government\nlead: 省水利厅\n",
        ["datasets/level.yaml"] = """
            dataset: level
            name: 水位
            source: 省水利厅
            share: unconditional
            open: unconditional
            grade: 1
            retention: P1Y
            key: [gauge]
            fields:
              gauge:  {type: integer}
              level:  {type: number, range: [0, 100]}
              number: {type: integer}
              day:    {type: date}
              region: {type: string}
            quality:
              - {rule: complete, of: [level, number], at-least: 95%}
              - {rule: holds, that: "level < 95"}
            feed:
              from: change-stream
              at: gauges
              table: levels
              columns: {gauge: gauge, level: level, number: number, day: day, region: region}
            """,
        ["indicators.yaml"] = """
            - indicator: mean-level
              name: 平均水位
              about: 平均。
              unit: m
              by: {region: region, period: [day, month], at: day}
              needs: [level]
              value: "avg(level)"
              better: lower
            """,
    };
}
