using System.Diagnostics;
using DuckDB.NET.Data;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Bench;

/// <summary>Loading with typing, rejects, quality rules and idempotence, against DuckDB's COPY of the same files.</summary>
internal static class LoadBench
{
    private const int Rounds = 9;
    private const long Rows = 280_512;

    // What someone would write who only wants the rows in: the files' own columns, typed.
    private const string Table = """
        CREATE TABLE t ("No" BIGINT, year BIGINT, month BIGINT, day BIGINT, hour BIGINT, "PM2.5" DOUBLE, "PM10" DOUBLE, "SO2" DOUBLE, "NO2" DOUBLE, "CO" DOUBLE, "O3" DOUBLE,
                        "TEMP" DOUBLE, "PRES" DOUBLE, "DEWP" DOUBLE, "RAIN" DOUBLE, wd VARCHAR, "WSPM" DOUBLE, station VARCHAR)
        """;

    public static async Task<Ratio> RunAsync()
    {
        var files = Places.AirQuality();
        using var scratch = new Scratch();
        var pack = PackReader.Read(PackFolder.Read(Places.Pack("environment/air-quality"), "packs/environment/air-quality")).Pack!;
        var (copies, loads) = (new List<double>(), new List<double>());
        for (var round = -2; round < Rounds; round++)
        {
            var (copy, load) = (Copy(scratch.Fresh("copy.duckdb"), files), Load(scratch.Fresh("load.duckdb"), pack, files));
            if (round < 0)
                continue;
            copies.Add(copy);
            loads.Add(load);
        }
        var (baseline, ours) = (Measure.Median(copies), Measure.Median(loads));
        Measure.Say($"DuckDB COPY     {Rows / baseline,10:0} rows/s  {baseline * 1000:0} ms, median of {Rounds} ({copies.Min() * 1000:0}–{copies.Max() * 1000:0})");
        Measure.Say($"guantong load   {Rows / ours,10:0} rows/s  {ours * 1000:0} ms, median of {Rounds} ({loads.Min() * 1000:0}–{loads.Max() * 1000:0})");
        await FollowAsync(scratch, files);
        return new Ratio(baseline / ours, 0.5);
    }

    private static double Copy(string file, IReadOnlyList<string> files)
    {
        using var connection = new DuckDBConnection($"DataSource={file}");
        connection.Open();
        var seconds = Measure.Seconds(() =>
        {
            Run(connection, Table);
            foreach (var csv in files)
                Run(connection, $"COPY t FROM '{csv.Replace("'", "''", StringComparison.Ordinal)}' (HEADER, NULLSTR 'NA')");
        });
        return Holds(Count(connection)) ? seconds : 0;
    }

    private static double Load(string file, Pack pack, IReadOnlyList<string> files)
    {
        using var warehouse = Warehouse.Open(file, TimeProvider.System);
        warehouse.Apply(pack, losing: false);
        LoadSummary? summary = null;
        var seconds = Measure.Seconds(() => summary = CsvLoad.Load(warehouse, pack, pack.Dataset("air-hourly")!, files));
        return Holds(summary!.RowsAdded) ? seconds : 0;
    }

    // The closed loop on a whole platform: derived days, indicators, warnings and their cases; then the same files again.
    private static async Task FollowAsync(Scratch scratch, IReadOnlyList<string> files)
    {
        await using var app = await Platform.BuildAsync(new Settings(Places.Root, scratch.Fresh("data"), null, "zhejiang", "http://127.0.0.1:0"), workers: false);
        var registry = app.Services.GetRequiredService<PackRegistry>();
        await registry.ApplyAsync(PackFolder.Read(Places.Pack("environment/air-quality"), "packs/environment/air-quality"), Policy.Operator, confirmed: false);
        var applied = registry.Applied["environment.air-quality"];
        var loop = app.Services.GetRequiredService<ClosedLoop>();
        await loop.LoadAsync(applied, applied.Pack.Dataset("station")!, [Places.Pack("environment/air-quality/samples/stations-beijing.csv")], Policy.Operator);
        var hourly = applied.Pack.Dataset("air-hourly")!;
        var watch = Stopwatch.StartNew();
        var first = await loop.LoadAsync(applied, hourly, files, Policy.Operator);
        var whole = watch.Elapsed.TotalSeconds;
        watch.Restart();
        var again = await loop.LoadAsync(applied, hourly, files, Policy.Operator);
        var second = watch.Elapsed.TotalSeconds;
        Measure.Say($"closed loop     {whole * 1000:0} ms: {first.Summary.RowsAdded} rows, {first.Loop.Derived} derived, {first.Loop.Values} figures, {first.Loop.Warnings} warnings");
        Measure.Say($"same files again {second * 1000:0} ms: {again.Summary.RowsAdded} rows added, {again.Summary.RowsSame} same");
    }

    private static bool Holds(long rows) => rows == Rows ? true : throw new InvalidOperationException($"{rows} rows instead of {Rows}");

#pragma warning disable CA2100 // fixed statements; the only thing put in is a path
    private static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
#pragma warning restore CA2100

    private static long Count(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM t";
        return (long)command.ExecuteScalar()!;
    }
}
