using System.Diagnostics;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Bench;

/// <summary>Searches of every kind over a catalogue of 100,000 synthetic entries in SQLite, from words to a page with its facets, marks and rows of the store.</summary>
internal static class CatalogueBench
{
    private static readonly string[] Things = ["空气质量", "地表水水质", "水库水位", "公交线路", "停车泊位", "企业登记", "食品抽检", "排污许可", "医疗机构", "中小学校", "养老机构", "招聘岗位", "房屋成交", "用电量", "用水量", "人口统计", "财政预算", "地质灾害点", "森林防火", "道路施工", "文物保护单位", "旅游景区", "图书借阅", "农产品价格", "气象预警", "地震速报", "充电桩", "燃气企业", "建筑工地", "垃圾清运"];
    private static readonly string[] Kinds = ["小时值", "日报", "月度汇总", "年度统计", "名录", "位置信息", "检测结果", "许可信息", "处罚信息", "运行状态"];
    private static readonly string[] English = ["air quality", "water", "reservoir", "bus", "parking", "enterprise", "food", "permit", "hospital", "school", "care home", "jobs", "housing", "power", "population", "budget", "hazard", "forest", "road", "heritage"];
    private static readonly string[] Degrees = ["unconditional", "conditional", "none"];

    public static async Task<Ratio> RunAsync()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("GUANTONG_BENCH_ENTRIES"), out var told) ? told : 100_000;
        using var scratch = new Scratch();
        var land = Jurisdiction.Read(Path.Combine(Places.Root, "jurisdictions", "zhejiang", "jurisdiction.yaml"));
        await using var store = await Store.OpenAsync(scratch.Fresh("store.db"), Platform.Migrations);
        var book = new CatalogueBook(store, land, TimeProvider.System);
        var random = new Random(7);
        var filled = await Measure.SecondsAsync(async () =>
        {
            foreach (var some in Enumerable.Range(0, count).Chunk(5000))
                await book.ImportAsync(Policy.Operator, [.. some.Select(n => Entry(n, random, land))], "bench");
        });
        using var search = new CatalogueSearch(book, land, scratch.Fresh("index"));
        var indexed = await Measure.SecondsAsync(() => search.FindAsync(new CatalogueQuery()));
        Measure.Say($"{count} entries kept in {filled:0.0} s, indexed in {indexed:0.0} s");
        var queries = Queries(random).Take(2200).ToList();
        var times = new List<double>();
        foreach (var query in queries)
        {
            var watch = Stopwatch.StartNew();
            await search.FindAsync(query);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        // The first two hundred warm what a running platform has warm.
        var sorted = times.Skip(200).Order().ToList();
        Measure.Say($"{sorted.Count} searches: p50 {sorted[sorted.Count / 2]:0.0} ms, p90 {sorted[sorted.Count * 9 / 10]:0.0} ms, p99 {sorted[sorted.Count * 99 / 100]:0.0} ms, longest {sorted[^1]:0.0} ms");
        Measure.Say($"99 % of each of ten kinds: {string.Join(", ", Enumerable.Range(0, 10).Select(k => times.Where((_, i) => i >= 200 && i % 10 == k).Order().ElementAt(197).ToString("0", System.Globalization.CultureInfo.InvariantCulture)))} ms");
        return new Ratio(50 / sorted[sorted.Count * 99 / 100], 1);
    }

    private static IEnumerable<CatalogueQuery> Queries(Random random)
    {
        string Any(string[] of) => of[random.Next(of.Length)];
        while (true)
        {
            yield return new CatalogueQuery(Any(Things));
            yield return new CatalogueQuery(Any(Things) + Any(Kinds));
            yield return new CatalogueQuery(Any(English), Sort: "name");
            yield return new CatalogueQuery(Any(Things)[..2], new Dictionary<string, IReadOnlyList<string>> { ["category"] = [Any([.. Grammar.Categories.Values])], ["share"] = [Any(Degrees)] });
            yield return new CatalogueQuery($"{Any(Kinds)} {random.Next(100_000)}");
            // Misspelt.
            yield return new CatalogueQuery("错" + Any(Things)[1..] + Any(Kinds));
            yield return new CatalogueQuery("reservior hosptial"[..random.Next(8, 18)]);
            yield return new CatalogueQuery("", new Dictionary<string, IReadOnlyList<string>> { ["open"] = [Any(Degrees)] }, Skip: random.Next(5) * 20);
            yield return new CatalogueQuery(Any(Things), PublicAlone: true);
            yield return new CatalogueQuery();
        }
    }

    private static CatalogueEntry Entry(int n, Random random, Jurisdiction land)
    {
        var (thing, kind, unit) = (Things[random.Next(Things.Length)], Kinds[random.Next(Kinds.Length)], land.Units.All[random.Next(land.Units.All.Count)]);
        var open = Degrees[random.Next(3)];
        return new CatalogueEntry
        {
            Id = $"bench-{n}", Name = $"{land.Regions.Find(unit.Region)?.Name}{thing}{kind} {n}", NameEn = $"{English[random.Next(English.Length)]} {n}", About = $"由{unit.Name}采集的{thing}数据，按{kind}整理，供各单位共享使用。本条为合成数据，编号 {n}。",
            Provider = unit.Name, ProviderCode = unit.Id, Region = unit.Region, Category = Grammar.Categories.Values[random.Next(Grammar.Categories.Values.Count)], Keywords = [thing, kind], Formats = [random.Next(2) == 0 ? "csv" : "xlsx"],
            Share = Degrees[random.Next(3)], ShareCondition = "申请", Basis = "有关规定", Open = open, OpenCondition = "申请", Grade = open == "unconditional" ? 1 : random.Next(1, 5), Cycle = CatalogueEntry.Cycles[random.Next(CatalogueEntry.Cycles.Count)],
            Items = [.. Enumerable.Range(0, random.Next(3, 9)).Select(i => new EntryItem($"f{i}", $"{thing}指标{i}", "", "number"))],
        };
    }
}
