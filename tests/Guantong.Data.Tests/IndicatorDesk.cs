using System.Globalization;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>A warehouse with works that stand in regions and what they report, and indicators of every make over it.</summary>
internal sealed class IndicatorDesk : IDisposable
{
    private const string Indicators = """
        - {indicator: output, name: 产出, unit: 吨, by: {region: work.region, period: [day, week, month, quarter, year, year-to-date], at: day, dimensions: [kind, work.owner]}, needs: [report], value: "sum(made)", better: higher, final: P30D}
        - {indicator: good-share, name: 合格率, unit: "%", by: {region: work.region, period: [month, year-to-date, year], at: day}, needs: [report], value: "100.0 * count(*) filter (where good) / nullif(count(made), 0)", where: "kind <> 'test'", better: higher}
        - {indicator: works, name: 报告单位数, unit: 家, by: {region: work.region, period: [month, year-to-date], at: day, dimensions: [kind]}, needs: [report], value: "count(distinct work)", better: higher}
        - {indicator: last-note, name: 最长备注, unit: 字, by: {region: work.region, period: [year], at: day}, needs: [report], value: "max(length(note)) + length(max(note))", better: lower}
        - {indicator: index, name: 指数, unit: 分, by: {period: [month]}, better: higher, composite: {normalise: bounds, of: [{indicator: output, weight: 75, floor: 0, ceiling: 40}, {indicator: good-share, weight: 25, floor: 50, ceiling: 100}]}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("guantong-files-").FullName;

    public IndicatorDesk(string indicators = Indicators, params (string Path, string Text)[] more)
    {
        Warehouse = TestWarehouse.Open(Clock);
        Pack = Read(indicators, more);
        Warehouse.Apply(Pack, losing: false);
        Load("work", "id,region,owner\na,330106,city\nb,330106,town\nc,330203,city\nd,330200,town\n");
    }

    public ToldClock Clock { get; } = new();

    public Pack Pack { get; private set; }

    public Warehouse Warehouse { get; }

    public static Pack Read(string indicators = Indicators, params (string Path, string Text)[] more)
    {
        var files = new Dictionary<string, string>
        {
            ["pack.yaml"] = "pack: economy.works\nversion: 1.0.0\nname: 工厂\napplication: digital-economy\nlead: 省经信厅\n",
            ["indicators.yaml"] = indicators,
            ["datasets/work.yaml"] = """
                dataset: work
                name: 工厂
                source: 省经信厅
                share: unconditional
                open: unconditional
                key: [id]
                fields:
                  id: {type: string}
                  region: {type: string}
                  owner: {type: string}
                feed: {from: csv, columns: {id: id, region: region, owner: owner}}
                """,
            ["datasets/report.yaml"] = """
                dataset: report
                name: 报告
                source: 省经信厅
                share: unconditional
                open: unconditional
                key: [work, day, kind]
                fields:
                  work: {type: string, refers: work.id}
                  day: {type: date}
                  kind: {type: string}
                  made: {type: number}
                  good: {type: boolean}
                  note: {type: string}
                feed: {from: csv, missing: ["-"], columns: {work: work, day: day, kind: kind, made: made, good: good, note: note}}
                """,
        };
        foreach (var (path, text) in more)
            files[path] = text;
        var reading = PackReader.Read(new PackFiles("works", files));
        return reading.Pack ?? throw new InvalidOperationException(string.Join('\n', reading.Findings.Select(f => f.Message("en"))));
    }

    public void Declare(string indicators) => Pack = Read(indicators);

    public LoadSummary Load(string dataset, string text)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("n") + ".csv");
        File.WriteAllText(path, text);
        return RowLoad.Files(Warehouse, Pack, Pack.Dataset(dataset)!, [path]);
    }

    /// <summary>Takes the reports of a work away.</summary>
    public void Remove(string work) => Warehouse.Write(connection =>
    {
        var load = connection.Count("SELECT nextval('guantong.load_id')");
        var now = Clock.GetUtcNow().UtcDateTime;
        Former.PutAside(connection, Pack, Pack.Dataset("report")!, "t.work = ?", load, now, work);
        return connection.Run("INSERT INTO guantong.load (id, pack, dataset, file, sha256, shape, started, ended, rows_in, rows_added, rows_changed, rows_same, rows_rejected) VALUES (?, ?, 'report', 'test', ?, 'removed', ?, ?, 0, 0, 0, 0, 0)", load, Pack.Id, $"{load}", now, now);
    });

    /// <summary>Brings what is derived to what it follows from.</summary>
    /// <returns>The loads under which something was written.</returns>
    public IReadOnlyList<long> Derive()
    {
        var stale = DerivedDataset.RestingOn(Pack, "report").Concat(DerivedDataset.RestingOn(Pack, "work")).Distinct().ToList();
        return [.. stale.Select(d => DerivedDataset.Recompute(Warehouse, Pack, d, LoadBook.All(Warehouse)[^1].Id).Load).OfType<long>()];
    }

    /// <summary>The rows of a dataset in words, each as often as it stands; as they were when a load had ended.</summary>
    public string Rows(string dataset, long? asOf = null) => string.Join('\n', DatasetRows.Page(Warehouse, Pack, Pack.Dataset(dataset)!, new RowQuery(Take: 10_000) { AsOf = asOf }, RowsSeen.All).Rows
        .Select(r => string.Join(' ', r.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "-"))).Order(StringComparer.Ordinal));

    public long Compute() => IndicatorRun.Compute(Warehouse, Pack, Pack.Indicators);

    public void Forget()
    {
        foreach (var indicator in Pack.Indicators.Where(i => i.Composite is null))
            IndicatorRun.Forget(Warehouse, Pack, indicator);
    }

    public IReadOnlyList<IndicatorValue> Figures(string indicator, string period, string dimension = "", DateTime? known = null) =>
        FigureBook.Values(Warehouse, Pack, Pack.Indicator(indicator)!, new FigureQuery(period) { Dimension = dimension, Known = known });

    /// <summary>Every figure there is, in words.</summary>
    public IReadOnlyList<string> All() =>
    [
        .. from i in Pack.Indicators
           from period in i.Periods
           from dimension in i.Dimensions.Select(d => d.Name).Prepend("")
           from f in Figures(i.Id, period, dimension)
           select string.Create(CultureInfo.InvariantCulture, $"{i.Id} {period} {f.At:yyyy-MM-dd} {f.Region} {dimension}={f.Member} {f.Value:0.#####} {f.Rows}"),
    ];

    /// <summary>A clock that says what it is told.</summary>
    public sealed class ToldClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    public void Dispose()
    {
        Warehouse.Dispose();
        Directory.Delete(_folder, true);
    }
}
