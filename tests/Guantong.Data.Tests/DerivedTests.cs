using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>Datasets that a query derives: only what differs is written, what they were is kept, and figures over them follow.</summary>
public sealed class DerivedTests
{
    private const string Head = "work,day,kind,made,good,note\n";

    // Over one dataset, over a derived one and another, and one whose key comes more than once or not at all.
    private static readonly (string, string)[] Derived =
    [
        ("datasets/work-month.yaml", """
            dataset: work-month
            name: 月报
            source: 省经信厅
            share: unconditional
            open: unconditional
            key: [work, month, kind]
            fields:
              work: {type: string, refers: work.id}
              month: {type: date}
              kind: {type: string}
              made: {type: number}
              mean: {type: number}
            feed:
              from: query
              needs: [report]
              sql: "select work, cast(date_trunc('month', day) as date) as month, kind, sum(made) as made, avg(made) / 3 as mean from report group by work, date_trunc('month', day), kind"
            """),
        ("datasets/region-month.yaml", """
            dataset: region-month
            name: 地区月报
            source: 省经信厅
            share: unconditional
            open: unconditional
            key: [region, month]
            fields:
              region: {type: string}
              month: {type: date}
              made: {type: number}
              works: {type: integer}
            feed:
              from: query
              needs: [work-month, work]
              sql: "select w.region, m.month, sum(m.made) as made, count(distinct w.id) as works from work_month m join work w on w.id = m.work group by w.region, m.month"
            """),
        ("datasets/said.yaml", """
            dataset: said
            name: 备注
            source: 省经信厅
            share: unconditional
            open: unconditional
            key: [note]
            fields:
              note: {type: string}
              kind: {type: string}
              good: {type: boolean}
            feed:
              from: query
              needs: [report]
              sql: "select note, kind, good from report"
            """),
    ];

    private const string Figures = """
        - {indicator: month-output, name: 月产出, unit: 吨, by: {region: work.region, period: [month, year, year-to-date], at: month, dimensions: [kind]}, needs: [work-month], value: "sum(made)", better: higher}
        - {indicator: region-output, name: 地区产出, unit: 吨, by: {region: region, period: [month, year], at: month}, needs: [region-month], value: "sum(made)", better: higher}
        - {indicator: mean-works, name: 平均家数, unit: 家, by: {region: region, period: [month, year], at: month}, needs: [region-month], value: "avg(works)", better: higher}
        - {indicator: spread, name: 离散, unit: 吨, by: {region: region, period: [year], at: month}, needs: [region-month], value: "stddev_pop(made)", better: lower}
        """;

    private static IndicatorDesk Desk() => new(Figures, Derived);

    private sealed record Step(int Kind, string Work, int Month, int Day, string What, int? Made, bool Good);

    [Property(MaxTest = 12)]
    public Property After_any_rows_what_is_derived_is_as_if_derived_from_nothing() => Prop.ForAll(Steps().ToArbitrary(), steps =>
    {
        using var desk = Desk();
        var was = new List<(long Load, string Rows)>();
        foreach (var (step, i) in steps.Select((s, i) => (s, i)))
        {
            desk.Clock.Now += TimeSpan.FromMinutes(1);
            if (step.Kind == 0)
                desk.Remove(step.Work);
            else if (step.Kind == 1)
                desk.Load("work", $"id,region,owner\n{step.Work},{(step.Good ? "330106" : "330206")},{step.What}\n");
            else
                desk.Load("report", Head + string.Create(CultureInfo.InvariantCulture, $"{step.Work},{2024 + (step.Kind % 2)}-{step.Month:00}-{step.Day:00},{step.What},{(step.Made is { } made ? made.ToString(CultureInfo.InvariantCulture) : "-")},{(step.Good ? "true" : "false")},{(step.Made > 4 ? "n" + (i % 2) : "-")}\n"));
            desk.Derive();
            desk.Compute();
            was.Add((LoadBook.All(desk.Warehouse)[^1].Id, All(desk)));
        }
        var (rows, figures) = (All(desk), desk.All());
        // Nothing differs: nothing is written.
        Assert.Empty(desk.Derive());
        Assert.Equal(was[^1].Load, LoadBook.All(desk.Warehouse)[^1].Id);
        // Each moment can be had again.
        Assert.All(was, w => Assert.Equal(w.Rows, All(desk, w.Load)));
        desk.Warehouse.Write(connection => desk.Pack.Datasets.Where(d => d.Feed is { From: "query" }).Sum(d => connection.Run($"DELETE FROM {Sql.Table(desk.Pack.Id, d.Table)}")));
        desk.Derive();
        Assert.Equal(rows, All(desk));
        desk.Forget();
        desk.Compute();
        Assert.Equal(figures, desk.All());
    });

    private static string All(IndicatorDesk desk, long? asOf = null) => string.Join("\n--\n", desk.Rows("work-month", asOf), desk.Rows("region-month", asOf), desk.Rows("said", asOf));

    private static Gen<Step[]> Steps()
    {
        var step = Gen.Choose(0, 9).SelectMany(k => Gen.Elements("a", "b", "c", "d").SelectMany(w => Gen.Choose(1, 4).SelectMany(m => Gen.Choose(1, 28).SelectMany(d => Gen.Elements("coal", "gas").SelectMany(t =>
            Gen.Choose(-1, 9).SelectMany(n => Gen.Elements(true, false).Select(g => new Step(k, w, m, d, t, n < 0 ? null : n, g))))))));
        return Gen.Choose(1, 12).SelectMany(n => Gen.ArrayOf(step, n));
    }

    [Fact]
    public void Only_what_differs_is_written_and_figures_of_its_days_alone_are_computed()
    {
        using var desk = Desk();
        desk.Load("report", Head + string.Concat(Enumerable.Range(1, 12).SelectMany(m => "abcd".Select(w => string.Create(CultureInfo.InvariantCulture, $"{w},2025-{m:00}-05,coal,{m}.1,true,-\n")))));
        Assert.Equal(3, desk.Derive().Count);
        var all = desk.Compute();
        // A region's own system takes its changes.
        var taken = Taken(null);
        Assert.Equal(48, taken.Rows.Count);
        desk.Load("report", Head + "a,2025-03-05,coal,7,true,-\na,2025-03-06,gas,1,true,-\n");
        var loads = desk.Derive();
        var status = DatasetStatus.Of(desk.Warehouse, desk.Pack, desk.Pack.Dataset("work-month")!).Loads[0];
        Assert.Contains(status.Id, loads);
        Assert.Equal((1L, 1L, 47L, 49L), (status.Added, status.Changed, status.Same, status.RowsIn));
        Assert.StartsWith("query:", status.File, StringComparison.Ordinal);
        Assert.InRange(desk.Compute(), 1, all / 2);
        var figures = desk.All();
        desk.Forget();
        desk.Compute();
        Assert.Equal(figures, desk.All());
        // Sums of the same numbers in another order are the same sums.
        desk.Warehouse.Write(connection => connection.Run($"UPDATE {Sql.Table(desk.Pack.Id, "work_month")} SET made = made * (1 + 1e-15), mean = mean * (1 - 1e-15)"));
        Assert.Empty(desk.Derive());
        // Only the good of a report changes: what rests on its figures stays.
        desk.Load("report", Head + "a,2025-03-05,coal,7,false,-\n");
        var last = Assert.Single(desk.Derive());
        Assert.Equal((last, "said"), LoadBook.All(desk.Warehouse).Select(l => (l.Id, l.Dataset)).Last());
        var changes = Taken(taken.Position);
        Assert.Equal([7.0, 1.0], changes.Rows.Select(r => Math.Round((double)r["made"]!, 9)));
        Assert.Empty(changes.Removed);
        desk.Remove("a");
        desk.Derive();
        Assert.Equal(13, Taken(changes.Position).Removed.Count);
        Assert.Empty(Taken(changes.Position).Rows);
        return;

        RegionChanges Taken(string? position) => RegionChanges.Read(desk.Warehouse, desk.Pack, desk.Pack.Dataset("work-month")!, RowsSeen.All, position, 500);
    }

    [Fact]
    public void Of_what_its_sources_erased_a_derived_dataset_keeps_what_it_had_but_for_persons()
    {
        const string fields = """
            share: unconditional
            open: unconditional
            key: [day, work]
            fields:
              day: {type: date}
              work: {type: string}
              note: {type: string, personal: other}
            feed: {from: query, needs: [report], sql: "select day, work, note from report"}
            """;
        using var desk = new IndicatorDesk("- {indicator: n, name: 数, unit: 个, by: {region: work, period: [day], at: day}, needs: [plain], value: \"count(*)\", better: higher}\n",
            ("datasets/plain.yaml", $"dataset: plain\nname: 日报\nsource: 省经信厅\n{fields.Replace(", personal: other", "", StringComparison.Ordinal)}"),
            ("datasets/person.yaml", $"dataset: person\nname: 填报人\nsource: 省经信厅\n{fields}"),
            ("datasets/ever.yaml", $"dataset: ever\nname: 曾填报人\nsource: 省经信厅\n{fields.Replace("key: [day, work]", "key: [work, note]", StringComparison.Ordinal)}"));
        desk.Load("report", Head + "330106,2025-01-05,coal,1,true,x\n330106,2025-02-05,coal,1,true,y\n330106,2026-02-05,coal,1,true,z\n");
        desk.Derive();
        desk.Load("report", Head + "330106,2025-01-05,coal,1,true,v\n330106,2026-02-05,coal,1,true,w\n");
        var loads = desk.Derive();
        desk.Compute();
        Assert.Equal("2025-01-05 330106 x\n2025-02-05 330106 y\n2026-02-05 330106 z", desk.Rows("person", loads[0] - 1));
        Erasing.Erase(desk.Warehouse, desk.Pack, desk.Pack.Dataset("report")!, new DateTime(2026, 1, 1));
        desk.Load("report", Head + "330203,2026-02-06,coal,1,true,u\n");
        desk.Derive();
        Assert.Equal("2025-01-05 330106 v\n2025-02-05 330106 y\n2026-02-05 330106 w\n2026-02-06 330203 u", desk.Rows("plain"));
        Assert.Equal("2026-02-05 330106 w\n2026-02-06 330203 u", desk.Rows("person"));
        Assert.Equal(desk.Rows("person"), desk.Rows("ever"));
        // No former row tells of them either: of the one whose key has a day those of its time are kept, of the other none.
        Assert.Equal("2026-02-05 330106 z", desk.Rows("person", loads[0] - 1));
        Assert.Equal("", desk.Rows("ever", loads[0] - 1));
        Assert.Equal("2025-01-05 330106 x\n2025-02-05 330106 y\n2026-02-05 330106 z", desk.Rows("plain", loads[0] - 1));
        // A figure that was counted over what is erased stands.
        desk.Compute();
        Assert.Equal("330106 2025-01-05, 330106 2025-02-05, 330106 2026-02-05, 330203 2026-02-06", string.Join(", ", desk.Figures("n", "day").Where(f => !f.Region.EndsWith("00", StringComparison.Ordinal)).OrderBy(f => f.Region).Select(f => $"{f.Region} {f.At:yyyy-MM-dd}")));
    }
}
