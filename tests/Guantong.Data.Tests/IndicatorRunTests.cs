using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>Figures by region, period and dimension, computed anew as rows come, change and go.</summary>
public sealed class IndicatorRunTests
{
    private const string Head = "work,day,kind,made,good,note\n";

    private const string Rows = Head + """
        a,2025-01-05,coal,10,true,x
        a,2025-02-10,coal,20,true,-
        a,2026-01-05,coal,12,false,long
        b,2025-01-20,gas,5,false,-
        c,2025-01-05,gas,7,true,-
        c,2025-03-31,test,100,false,-
        d,2025-01-05,coal,1,true,-

        """;

    [Fact]
    public void Figures_are_there_for_every_level_period_and_member()
    {
        using var desk = new IndicatorDesk();
        desk.Load("report", Rows);
        desk.Compute();
        Assert.Equal(["2025-01-01 330000 23", "2025-01-01 330100 15", "2025-01-01 330106 15", "2025-01-01 330200 8", "2025-01-01 330203 7"], Said(desk.Figures("output", "month").Where(f => f.At == new DateOnly(2025, 1, 1))));
        Assert.Equal(["2024-12-30 330000 18", "2025-01-20 330000 5", "2025-02-10 330000 20", "2025-03-31 330000 100", "2026-01-05 330000 12"], Said(desk.Figures("output", "week").Where(f => f.Region == "330000")));
        Assert.Equal(["2025-01-01 330000 143", "2026-01-01 330000 12"], Said(desk.Figures("output", "quarter").Where(f => f.Region == "330000")));
        Assert.Equal(["2025-01-01 330000 23", "2025-02-01 330000 43", "2025-03-01 330000 143", "2026-01-01 330000 12"], Said(desk.Figures("output", "year-to-date").Where(f => f.Region == "330000")));
        // Hangzhou made nothing in March: the year until then stands as it did.
        Assert.Equal(["2025-01-01 330100 15", "2025-02-01 330100 35", "2025-03-01 330100 35", "2026-01-01 330100 12"], Said(desk.Figures("output", "year-to-date").Where(f => f.Region == "330100")));
        Assert.Equal(["2025-01-01 330000 23 coal=11", "2025-01-01 330000 23 gas=12"], desk.Figures("output", "month", "kind").Where(f => f.At == new DateOnly(2025, 1, 1) && f.Region == "330000").Select(f => $"2025-01-01 330000 23 {f.Member}={f.Value}"));
        Assert.Equal([("city", 17.0), ("town", 6.0)], desk.Figures("output", "month", "work.owner").Where(f => f.At == new DateOnly(2025, 1, 1) && f.Region == "330000").Select(f => (f.Member, f.Value)));
        // Distinct works do not add up: three in January, four through February would be wrong by adding.
        Assert.Equal([("2025-01", 4.0), ("2025-02", 4.0), ("2025-03", 4.0), ("2026-01", 1.0)], desk.Figures("works", "year-to-date").Where(f => f.Region == "330000").Select(f => (f.At.ToString("yyyy-MM", CultureInfo.InvariantCulture), f.Value)));
        // March had a test alone, which does not count: the year until then stands as it did.
        Assert.Equal(["2025-01-01 330000 75", "2025-02-01 330000 80", "2025-03-01 330000 80"], Said(desk.Figures("good-share", "year-to-date").Where(f => f.Region == "330000" && f.At.Year == 2025)));
    }

    [Fact]
    public void A_row_of_a_town_counts_for_its_county_and_above_and_is_found_by_the_town_s_own_code()
    {
        using var desk = new IndicatorDesk();
        desk.Load("work", "id,region,owner\nt,331102100,town\nu,331102200,town\nv,331102,city\nw,331102001,town\n");
        desk.Load("report", Head + "t,2025-01-05,coal,3,true,-\nu,2025-01-05,coal,4,true,-\nv,2025-01-05,coal,5,true,-\nw,2025-01-05,coal,6,true,-\n");
        desk.Compute();
        // No figures of towns: what counts is as it was, however fine the rows' codes.
        Assert.Equal(["2025-01-01 330000 18", "2025-01-01 331100 18", "2025-01-01 331102 18"], Said(desk.Figures("output", "month")));
        Assert.Equal(["330000 18", "331100 18", "331102 18"], SpanFigures.Of(desk.Warehouse, desk.Pack, desk.Pack.Indicator("output")!, new DateOnly(2025, 1, 1), new DateOnly(2025, 2, 1))!.Select(f => $"{f.Region} {f.Value}").Order(StringComparer.Ordinal));
        string Behind(string region) => string.Join("", DatasetRows.Page(desk.Warehouse, desk.Pack, desk.Pack.Dataset("report")!, new RowQuery(),
            FigureRows.Of(RowsSeen.All, desk.Pack, desk.Pack.Indicator("output")!, new FigureKey("day", new DateOnly(2025, 1, 5), region))).Rows.Select(r => r[0]).Order());
        // Codes of towns that end in 00 are not their city's.
        Assert.Equal(("t", "u", "w", "tuvw", "tuvw"), (Behind("331102100"), Behind("331102200"), Behind("331102001"), Behind("331102"), Behind("331100")));
    }

    [Fact]
    public void A_composite_index_is_the_weighted_mean_of_points_and_lacks_where_a_part_lacks()
    {
        using var desk = new IndicatorDesk();
        desk.Load("report", Rows);
        desk.Compute();
        // January 2025: 23 of 40 make 57.5 points, 75 % between 50 and 100 make 50; March has no good share: only a test was made.
        var index = desk.Figures("index", "month").Where(f => f.Region == "330000").ToDictionary(f => f.At, f => Math.Round(f.Value, 4));
        Assert.Equal(0.75 * 57.5 + 0.25 * 50, index[new DateOnly(2025, 1, 1)]);
        Assert.False(index.ContainsKey(new DateOnly(2025, 3, 1)));
    }

    [Fact]
    public void New_rows_recompute_only_what_they_touch()
    {
        using var desk = new IndicatorDesk();
        desk.Load("report", Rows);
        var all = desk.Compute();
        desk.Load("report", Head + "d,2026-02-03,coal,4,true,-\n");
        var some = desk.Compute();
        Assert.InRange(some, 1, all / 2);
        Assert.Equal(16.0, desk.Figures("output", "year").Single(f => f.Region == "330000" && f.At.Year == 2026).Value);
        var before = desk.All();
        desk.Forget();
        desk.Compute();
        Assert.Equal(before, desk.All());
    }

    private sealed record Step(int Kind, string Work, int Month, int Day, string What, int? Made, bool Good);

    [Property(MaxTest = 15)]
    public Property Step_by_step_or_all_at_once_the_figures_are_the_same() => Prop.ForAll(Steps().ToArbitrary(), steps =>
    {
        using var desk = new IndicatorDesk();
        foreach (var (step, i) in steps.Select((s, i) => (s, i)))
        {
            if (step.Kind == 0)
                desk.Remove(step.Work);
            else if (step.Kind == 1)
                desk.Load("work", $"id,region,owner\n{step.Work},{(step.Good ? "330106" : "330206")},{step.What}\n");
            else
                desk.Load("report", Head + string.Create(CultureInfo.InvariantCulture, $"{step.Work},{2024 + step.Kind % 3}-{step.Month:00}-{step.Day:00},{step.What},{(step.Made is { } made ? made.ToString(CultureInfo.InvariantCulture) : "-")},{(step.Good ? "true" : "false")},{(step.Made > 5 ? "n" + i : "-")}\n"));
            desk.Compute();
        }
        var grown = desk.All();
        desk.Forget();
        desk.Compute();
        Assert.Equal(grown, desk.All());
    });

    private static Gen<Step[]> Steps()
    {
        var step = Gen.Choose(0, 9).SelectMany(k => Gen.Elements("a", "b", "c", "d").SelectMany(w => Gen.Choose(1, 12).SelectMany(m => Gen.Choose(1, 28).SelectMany(d => Gen.Elements("coal", "gas", "test").SelectMany(t =>
            Gen.Choose(-1, 9).SelectMany(n => Gen.Elements(true, false).Select(g => new Step(k, w, m, d, t, n < 0 ? null : n, g))))))));
        return Gen.Choose(1, 12).SelectMany(n => Gen.ArrayOf(step, n));
    }

    [Fact]
    public void Of_a_provisional_figure_one_value_a_day_is_written_down_and_it_can_be_had_as_it_was_known()
    {
        using var desk = new IndicatorDesk();
        var output = desk.Pack.Indicator("output")!;
        var february = new DateOnly(2026, 2, 1);
        DateTime Made(int made)
        {
            desk.Load("report", Head + $"a,2026-02-20,coal,{made},true,-\n");
            desk.Compute();
            return desk.Clock.GetUtcNow().UtcDateTime;
        }
        double? Known(DateTime known) => desk.Figures("output", "month", known: known).SingleOrDefault(f => f.Region == "330106" && f.At == february)?.Value;
        string Changes() => string.Join("; ", FigureBook.Revisions(desk.Warehouse, desk.Pack, output, "month", "330106", february).Where(r => r.Dimension.Length == 0 && r.IsProvisional).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Value}→{r.Became} {r.Known:dd HH}–{r.Until:dd HH}")).Reverse());
        void To(int day, int hour) => desk.Clock.Now = new DateTimeOffset(2026, 3, day, hour, 0, 0, TimeSpan.Zero);
        To(2, 9);
        var first = Made(3);
        To(2, 15);
        var second = Made(4);
        // What came and went within the day leaves no row.
        Assert.Empty(Changes());
        To(3, 8);
        var third = Made(5);
        To(3, 10);
        Made(6);
        To(3, 12);
        var fifth = Made(7);
        Assert.Equal("4→7 02 09–03 08", Changes());
        To(4, 8);
        var sixth = Made(8);
        const string all = "4→7 02 09–03 08; 7→8 03 08–04 08";
        Assert.Equal(all, Changes());
        Assert.Equal(4.0, Known(second));
        Assert.Equal(7.0, Known(fifth));
        Assert.Equal(8.0, Known(sixth));
        Assert.Null(Known(first.AddHours(-1)));
        Assert.Equal(4.0, Known(third.AddSeconds(-1)));
        // The same again, and what is computed anew, is no change.
        To(5, 8);
        Made(8);
        desk.Forget();
        desk.Compute();
        Assert.Equal(all, Changes());
        // The works are gone, and with them the figure.
        To(6, 8);
        desk.Remove("a");
        desk.Compute();
        Assert.Equal(all + "; 8→ 04 08–06 08", Changes());
        Assert.Equal(8.0, Known(sixth));
        Assert.Null(Known(desk.Clock.GetUtcNow().UtcDateTime));
        // Final by now: a change is a revision, whatever else the day saw.
        To(1, 8);
        desk.Clock.Now = desk.Clock.Now.AddMonths(2);
        Made(9);
        desk.Clock.Now += TimeSpan.FromHours(1);
        Made(10);
        desk.Clock.Now += TimeSpan.FromHours(1);
        Made(11);
        Assert.Equal([(10.0, 11.0), (9.0, 10.0)], FigureBook.Revisions(desk.Warehouse, desk.Pack, output, "month", "330106", february).Where(r => r.Dimension.Length == 0 && !r.IsProvisional).Select(r => (r.Value, r.Became!.Value)));
    }

    [Fact]
    public void Of_what_a_provisional_figure_was_long_ago_one_value_a_month_is_kept()
    {
        using var desk = new IndicatorDesk();
        var output = desk.Pack.Indicator("output")!;
        void On(int month, int day, string work, int made, bool isGood = true)
        {
            desk.Clock.Now = new DateTimeOffset(2026, month, day, 9, 0, 0, TimeSpan.Zero);
            desk.Load("report", Head + $"{work},2026-02-20,coal,{made},{(isGood ? "true" : "false")},-\n");
            desk.Compute();
        }
        string Changes(string indicator, string period, string region, bool provisional) => string.Join("; ", FigureBook.Revisions(desk.Warehouse, desk.Pack, desk.Pack.Indicator(indicator)!, period, region)
            .Where(r => r.Dimension.Length == 0 && r.IsProvisional == provisional).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Value}→{r.Became} {r.Known:MM-dd}–{r.Until:MM-dd}")).Reverse());
        double? Known(int month, int day, string region = "330106") => desk.Figures("output", "year", known: new DateTime(2026, month, day, 23, 0, 0, DateTimeKind.Utc)).SingleOrDefault(f => f.Region == region)?.Value;
        long Thin() => desk.Warehouse.Write(c => FigureBook.Thin(c, desk.Pack, output, FigureBook.ByMonthBefore(output, desk.Clock.GetUtcNow().UtcDateTime)));
        On(3, 2, "a", 3);
        On(3, 4, "c", 1);
        On(3, 8, "c", 2);
        On(3, 10, "a", 4, isGood: false);
        On(3, 20, "a", 5);
        On(4, 3, "a", 6);
        On(4, 5, "a", 7);
        On(5, 2, "a", 8);
        Assert.Equal("3→4 03-02–03-10; 4→5 03-10–03-20; 5→6 03-20–04-03; 6→7 04-03–04-05; 7→8 04-05–05-02", Changes("output", "year", "330106", true));
        var final = Changes("good-share", "month", "330106", false);
        Assert.Equal("100→0 03-02–03-10; 0→100 03-10–03-20", final);
        // Ninety days are not over of any whole month.
        desk.Clock.Now = new DateTimeOffset(2026, 6, 28, 9, 0, 0, TimeSpan.Zero);
        Assert.Equal(0, Thin());
        desk.Clock.Now = new DateTimeOffset(2026, 8, 15, 9, 0, 0, TimeSpan.Zero);
        Assert.True(Thin() > 3);
        Assert.Equal("5→7 03-02–04-03; 7→8 04-03–05-02", Changes("output", "year", "330106", true));
        Assert.Equal((null, 5.0, 5.0, 7.0, 7.0, 8.0), (Known(3, 1), Known(3, 5), Known(4, 2), Known(4, 3), Known(4, 30), Known(5, 2)));
        // What came last in its month and stands counts from the month's first change on.
        Assert.Equal("", Changes("output", "year", "330203", true));
        Assert.Equal((null, 2.0, 2.0), (Known(3, 3, "330203"), Known(3, 4, "330203"), Known(8, 1, "330203")));
        Assert.Equal(final, Changes("good-share", "month", "330106", false));
        Assert.Equal(0, Thin());
        On(8, 15, "a", 9);
        Assert.Equal("5→7 03-02–04-03; 7→8 04-03–05-02; 8→9 05-02–08-15", Changes("output", "year", "330106", true));
    }

    [Fact]
    public void A_composite_index_that_is_provisional_keeps_one_value_a_day_too()
    {
        using var desk = new IndicatorDesk();
        void Made(int day, int hour, int made)
        {
            desk.Clock.Now = new DateTimeOffset(2026, 3, day, hour, 0, 0, TimeSpan.Zero);
            desk.Load("report", Head + $"a,2026-03-01,coal,{made},true,-\n");
            desk.Compute();
        }
        foreach (var (day, hour, made) in ((int, int, int)[])[(2, 9, 4), (2, 10, 8), (3, 9, 12), (3, 10, 16), (4, 9, 20)])
            Made(day, hour, made);
        // Eight of forty make 20 points, a good share of all makes 100: 40.
        Assert.Equal([(40.0, 55.0), (55.0, 62.5)], FigureBook.Revisions(desk.Warehouse, desk.Pack, desk.Pack.Indicator("index")!, "month", "330106").Where(r => r.IsProvisional).Select(r => (r.Value, r.Became!.Value)).Reverse());
    }

    [Fact]
    public void A_final_figure_that_changes_is_written_down()
    {
        using var desk = new IndicatorDesk();
        desk.Load("report", Rows + "a,2026-02-20,coal,3,true,-\n");
        desk.Compute();
        var then = desk.Clock.GetUtcNow().UtcDateTime;
        desk.Clock.Now += TimeSpan.FromHours(1);
        desk.Load("report", Head + "a,2025-01-05,coal,11,true,x\na,2026-02-20,coal,4,true,-\n");
        desk.Compute();
        var output = desk.Pack.Indicator("output")!;
        var revised = Assert.Single(FigureBook.Revisions(desk.Warehouse, desk.Pack, output, "month", "330106"), r => r.Dimension.Length == 0);
        Assert.Equal((new DateOnly(2025, 1, 1), 15.0, 16.0), (revised.At, revised.Value, revised.Became));
        Assert.Equal(16.0, desk.Figures("output", "month").Single(f => f.Region == "330106" && f.At == revised.At).Value);
        Assert.Equal(15.0, desk.Figures("output", "month", known: then).Single(f => f.Region == "330106" && f.At == revised.At).Value);
        // February 2026 ended a day ago and is final after thirty.
        Assert.Equal(new DateOnly(2025, 12, 30), FigureBook.FinalUntil(output, "month", desk.Clock.GetUtcNow().UtcDateTime));
        // The same again is no revision.
        desk.Forget();
        desk.Compute();
        Assert.Single(FigureBook.Revisions(desk.Warehouse, desk.Pack, output, "month", "330106"), r => r.Dimension.Length == 0);
    }

    [Fact]
    public void What_is_declared_otherwise_is_stale_until_it_is_computed()
    {
        using var desk = new IndicatorDesk();
        desk.Load("report", Rows);
        Assert.Equal(4, IndicatorRun.Stale(desk.Warehouse, desk.Pack).Count);
        desk.Compute();
        Assert.Empty(IndicatorRun.Stale(desk.Warehouse, desk.Pack));
        desk.Declare("- {indicator: output, name: 产出, unit: 千吨, by: {region: work.region, period: [month], at: day}, needs: [report], value: \"sum(made) / 1000\", better: higher}\n");
        Assert.Equal("output", Assert.Single(IndicatorRun.Stale(desk.Warehouse, desk.Pack)).Id);
        desk.Compute();
        Assert.Equal(0.023, desk.Figures("output", "month").First(f => f.Region == "330000").Value, 9);
        Assert.Empty(desk.Figures("output", "week"));
    }

    [Fact]
    public void A_dataset_may_call_its_fields_as_the_engine_calls_its_own()
    {
        var pack = IndicatorDesk.Read("- {indicator: n, name: 数, unit: 个, by: {region: work.region, period: [day], at: day}, needs: [report], value: \"sum(made) + 0 * count(report.kind)\", where: \"report.kind <> 'x'\", better: higher}\n");
        using var desk = new IndicatorDesk();
        desk.Declare("- {indicator: n, name: 数, unit: 个, by: {region: work.region, period: [day], at: day}, needs: [report], value: \"sum(made) + 0 * count(report.kind)\", where: \"report.kind <> 'x'\", better: higher}\n");
        Assert.Equal(pack.Indicators.Count, desk.Pack.Indicators.Count);
        desk.Load("report", Rows);
        desk.Compute();
        Assert.Equal(18.0, desk.Figures("n", "day").First(f => f.Region == "330000").Value);
        var behind = FigureRows.Of(RowsSeen.All, desk.Pack, desk.Pack.Indicator("n")!, new FigureKey("day", new DateOnly(2025, 1, 5), "330100"));
        Assert.Equal(["a"], DatasetRows.Page(desk.Warehouse, desk.Pack, desk.Pack.Dataset("report")!, new RowQuery(), behind).Rows.Select(r => r[0]));
    }

    [Fact]
    public void The_rows_behind_a_figure_are_as_many_as_it_says()
    {
        using var desk = new IndicatorDesk();
        desk.Load("report", Rows);
        desk.Compute();
        foreach (var indicator in desk.Pack.Indicators.Where(i => i.Composite is null))
        {
            foreach (var (period, dimension) in indicator.Periods.SelectMany(p => indicator.Dimensions.Select(d => d.Name).Prepend("").Select(d => (p, d))))
            {
                foreach (var figure in desk.Figures(indicator.Id, period, dimension))
                {
                    var behind = FigureRows.Of(RowsSeen.All, desk.Pack, indicator, new FigureKey(period, figure.At, figure.Region, dimension, figure.Member));
                    Assert.Equal(figure.Rows, DatasetRows.Page(desk.Warehouse, desk.Pack, desk.Pack.Dataset("report")!, new RowQuery(), behind).Total);
                }
            }
        }
    }

    private static IEnumerable<string> Said(IEnumerable<IndicatorValue> figures) => figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.At:yyyy-MM-dd} {f.Region} {Math.Round(f.Value, 4)}"));
}
