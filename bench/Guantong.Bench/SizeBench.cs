using System.Globalization;
using System.Text;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Bench;

/// <summary>What room rows take once they stand typed: a CSV of 1.4 million rows and about 60 MB, as in CKAN's issue 5847, where it took 871 MB.</summary>
internal static class SizeBench
{
    private const int Rows = 1_400_000;

    private static readonly Pack Meters = PackReader.Read(new PackFiles("meters", new Dictionary<string, string>
    {
        ["pack.yaml"] = "pack: environment.meters\nversion: 1.0.0\nname: 读数\napplication: digital-government\nlead: 省水利厅\n",
        ["datasets/reading.yaml"] = """
            dataset: reading
            name: 读数
            source: 省水利厅
            share: unconditional
            open: unconditional
            grade: 1
            key: [number]
            fields:
              number: {type: integer}
              meter:  {type: string}
              at:     {type: timestamp}
              value:  {type: number}
            feed:
              from: csv
              columns: {number: number, meter: meter, at: at, value: value}
            """,
    })).Pack!;

    public static Task<Ratio> RunAsync()
    {
        using var scratch = new Scratch();
        var folder = scratch.Fresh("size");
        Directory.CreateDirectory(folder);
        var csv = Path.Combine(folder, "readings.csv");
        using (var to = new StreamWriter(csv, false, new UTF8Encoding(false), 1 << 20))
        {
            to.Write("number,meter,at,value\n");
            for (var i = 0; i < Rows; i++)
                to.Write(string.Create(CultureInfo.InvariantCulture, $"{i},M{i * 7919L % 20_000:00000},2026-{i % 12 + 1:00}-{i % 28 + 1:00} {i % 24:00}:{i % 60:00}:00,{i * 31L % 99_991 / 100.0}\n"));
        }
        var text = new FileInfo(csv).Length;
        var file = Path.Combine(folder, "w.duckdb");
        Load(file, csv, "DuckDB");
        var stands = Directory.GetFiles(folder, "w.duckdb*").Sum(f => new FileInfo(f).Length);
        Measure.Say($"CSV {text >> 20} MiB; DuckDB {stands >> 20} MiB");
        if (Environment.GetEnvironmentVariable("GUANTONG_TEST_POSTGRES") is { Length: > 0 } server)
        {
            Load(server, csv, "PostgreSQL");
            using var connection = new Npgsql.NpgsqlConnection(Store.Reach(new Uri(server)).ConnectionString);
            connection.Open();
            using var command = new Npgsql.NpgsqlCommand("SELECT pg_table_size('environment_meters.reading'), pg_indexes_size('environment_meters.reading')", connection);
            using var reader = command.ExecuteReader();
            reader.Read();
            Measure.Say($"PostgreSQL {reader.GetInt64(0) >> 20} MiB and {reader.GetInt64(1) >> 20} MiB of indexes");
        }
        return Task.FromResult(new Ratio((double)text / stands, 1));
    }

    private static void Load(string setting, string csv, string engine)
    {
        using var warehouse = Warehouse.Open(setting, TimeProvider.System);
        warehouse.Apply(Meters, losing: false);
        var seconds = Measure.Seconds(() => RowLoad.Files(warehouse, Meters, Meters.Datasets[0], [csv]));
        var rows = 0L;
        var counting = Measure.Seconds(() =>
        {
            for (var i = 0; i < 100; i++)
                rows = warehouse.RowCount(Meters.Id, "reading");
        });
        if (rows != Rows)
            throw new InvalidOperationException($"{rows} of {Rows} rows");
        Measure.Say($"{engine}: loaded in {seconds:0.0} s, counted in {counting * 10:0.00} ms");
    }
}
