using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>A warehouse with one dataset of made-up enterprises, its rules given by the test, and another pack that it may look into.</summary>
internal sealed class EnterpriseDesk : IDisposable
{
    public static readonly DateTime Now = new(2026, 11, 28, 12, 0, 0);

    private readonly string _folder = Directory.CreateTempSubdirectory("guantong-quality-").FullName;

    public EnterpriseDesk(params string[] rules)
    {
        Pack = Read("test.enterprises", $$"""
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
              phone: {type: string, personal: contact}
              region: {type: string}
              capital: {type: number}
              staff: {type: integer}
              opened: {type: date}
            quality:
            {{string.Join('\n', rules.Select(r => "  - " + r))}}
            feed: {from: csv, missing: [NA], columns: {id: id, code: code, phone: phone, region: region, capital: capital, staff: staff, opened: opened} }
            """);
        Other = Read("base.regions", """
            dataset: region
            name: 区划
            source: 省市场监管局
            share: unconditional
            open: none
            key: [code]
            fields: {code: {type: string}}
            feed: {from: csv, columns: {code: code}}
            """);
        Warehouse.Apply(Pack, losing: false);
        Warehouse.Apply(Other, losing: false);
    }

    public Pack Pack { get; }

    public Pack Other { get; }

    public Dataset Dataset => Pack.Datasets[0];

    public Warehouse Warehouse { get; } = TestWarehouse.Open(new Clock());

    /// <summary>Loads rows "id,code,phone,region,capital,staff,opened" and gives what was measured.</summary>
    public IReadOnlyList<QualityResult> Load(params IEnumerable<string> rows) => RowLoad.Files(Warehouse, Pack, Dataset, [Write("id,code,phone,region,capital,staff,opened", rows)]).Quality;

    public void LoadRegions(params IEnumerable<string> codes) => RowLoad.Files(Warehouse, Other, Other.Datasets[0], [Write("code", codes)]);

    public QualityView View(string? region = null) => QualityView.Of(Warehouse, Pack.Id, Dataset.Id, region);

    private string Write(string header, IEnumerable<string> rows)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("n") + ".csv");
        File.WriteAllLines(path, rows.Prepend(header));
        return path;
    }

    private static Pack Read(string id, string dataset)
    {
        var reading = PackReader.Read(new PackFiles("", new Dictionary<string, string>
        {
            ["pack.yaml"] = $"pack: {id}\nversion: 1.0.0\nname: 测试\napplication: platform\nlead: 省市场监管局\n",
            ["datasets/one.yaml"] = dataset,
        }));
        Assert.Equal([], reading.Findings.Select(f => $"{f.Mark} {f.Message("en")}"));
        return reading.Pack!;
    }

    public void Dispose()
    {
        Warehouse.Dispose();
        Directory.Delete(_folder, true);
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(Now, TimeSpan.Zero);
    }
}
