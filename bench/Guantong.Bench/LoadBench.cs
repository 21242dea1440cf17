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
        // The ratio is to the quicker of two ways to write the COPY: file by file, and all files in one statement, on both cores.
        (string Name, Func<double> Run, List<double> Took)[] contest =
        [
            ("COPY, a file each", () => Copy(scratch.Fresh("copy.duckdb"), files.Select(Quoted)), []),
            ("COPY, all in one", () => Copy(scratch.Fresh("copy.duckdb"), [Quoted(Path.Combine(Path.GetDirectoryName(files[0])!, "PRSA*.csv"))]), []),
            ("guantong load", () => Load(scratch.Fresh("load.duckdb"), pack, files), []),
        ];
        for (var round = -2; round < Rounds; round++)
        {
            foreach (var (_, run, took) in contest)
            {
                var seconds = run();
                if (round >= 0)
                    took.Add(seconds);
            }
        }
        foreach (var (name, _, took) in contest)
            Measure.Say($"{name,-18} {Rows / Measure.Median(took),9:0} rows/s  {Measure.Median(took) * 1000:0} ms, median of {Rounds} ({took.Min() * 1000:0}–{took.Max() * 1000:0})");
        await FollowAsync(scratch, files);
        return new Ratio(contest[..2].Min(c => Measure.Median(c.Took)) / Measure.Median(contest[2].Took), 0.5);
    }

    private static double Copy(string file, IEnumerable<string> files)
    {
        using var connection = new DuckDBConnection($"DataSource={file}");
        connection.Open();
        var seconds = Measure.Seconds(() =>
        {
            Run(connection, Table);
            foreach (var csv in files)
                Run(connection, $"COPY t FROM {csv} (HEADER, NULLSTR 'NA')");
        });
        return Holds(Count(connection)) ? seconds : 0;
    }

    private static string Quoted(string path) => "'" + path.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static double Load(string file, Pack pack, IReadOnlyList<string> files)
    {
        using var warehouse = Warehouse.Open(file, TimeProvider.System);
        warehouse.Apply(pack, losing: false);
        LoadSummary? summary = null;
        var seconds = Measure.Seconds(() => summary = RowLoad.Files(warehouse, pack, pack.Dataset("air-hourly")!, files));
        return Holds(summary!.RowsAdded) ? seconds : 0;
    }

    // The closed loop on a whole platform: derived days, indicators, warnings and their cases; then the same files again.
    private static async Task FollowAsync(Scratch scratch, IReadOnlyList<string> files)
    {
        await using var app = await Platform.BuildAsync(new Settings(Places.Root, scratch.Fresh("data"), null, "beijing", "http://127.0.0.1:0"), workers: false);
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
        Measure.Say($"closed loop        {whole * 1000:0} ms: {first.Summary.RowsAdded} rows, {first.Loop.Derived} derived, {first.Loop.Values} figures, {first.Loop.Warnings} warnings");
        Measure.Say($"same files again   {second * 1000:0} ms: {again.Summary.RowsAdded} rows added, {again.Summary.RowsSame} same");
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
