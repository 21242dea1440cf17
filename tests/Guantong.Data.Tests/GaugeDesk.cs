using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>A warehouse with one dataset of water levels, whose feed is the test's own.</summary>
internal sealed class GaugeDesk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("guantong-files-").FullName;

    public GaugeDesk(string feed = "from: csv")
    {
        var columns = feed.Contains("columns:", StringComparison.Ordinal) ? "" : "\n  columns: {gauge: gauge, day: day, level: level, code: code}";
        var reading = PackReader.Read(new PackFiles("water", new Dictionary<string, string>
        {
            ["pack.yaml"] = "pack: environment.water\nversion: 1.0.0\nname: 水位\napplication: digital-government\nlead: 省水利厅\n",
            ["datasets/level.yaml"] = $$"""
                dataset: level
                name: 水位
                source: 省水利厅
                share: unconditional
                open: unconditional
                key: [gauge, day]
                fields:
                  gauge: {type: string}
                  day:   {type: date}
                  level: {type: number, range: [-10, 100]}
                  code:  {type: string, one-of: [a, b, 甲]}
                feed:
                  {{feed.Replace("\n", "\n  ", StringComparison.Ordinal)}}{{columns.Replace("\n", "\n  ", StringComparison.Ordinal).Replace("\n    ", "\n  ", StringComparison.Ordinal)}}
                """,
        }));
        Pack = reading.Pack ?? throw new InvalidOperationException(string.Join('\n', reading.Findings.Select(f => f.Message("en"))));
        Warehouse.Apply(Pack, losing: false);
    }

    public Pack Pack { get; }

    public Warehouse Warehouse { get; } = TestWarehouse.Open();

    public Dataset Levels => Pack.Dataset("level")!;

    public IReadOnlyList<string> Rows(long? load = null) =>
        [.. DatasetRows.Page(Warehouse, Pack, Levels, new RowQuery(Take: 500) { AsOf = load }, RowsSeen.All).Rows.Select(r => string.Join(' ', r.Select(v => Convert.ToString(v, System.Globalization.CultureInfo.InvariantCulture))).TrimEnd())];

    public LoadSummary Load(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return RowLoad.Files(Warehouse, Pack, Levels, [path]);
    }

    public void Dispose()
    {
        Warehouse.Dispose();
        Directory.Delete(_folder, true);
    }
}
