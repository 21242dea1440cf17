using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Data;
using Guantong.Packs;

namespace Guantong.Tests;

/// <summary>What each rule counts, in the dataset and in its regions, and what a run is scored.</summary>
public sealed class QualityRunTests
{
    private const string Good = "91350100M000100Y43";

    private static QualityResult Only(IReadOnlyList<QualityResult> results) => Assert.Single(results);

    [Fact]
    public void A_form_is_held_against_each_text_and_an_empty_one_is_passed_over()
    {
        using var desk = new EnterpriseDesk("{rule: valid, of: [code], form: credit-code}");
        var result = Only(desk.Load($"1,{Good},,330106,1,1,2020-01-01", "2,91350100M000100Y44,,330106,1,1,2020-01-01", "3,NA,,330106,1,1,2020-01-01", "4,?,,330203,1,1,2020-01-01"));
        Assert.Equal((3, 2, 2.0, 0.0, false), (result.Rows, result.Broken, result.Measured, result.Wanted, result.Passed));
    }

    [Fact]
    public void A_share_of_rows_may_break_a_rule_that_says_so()
    {
        using var desk = new EnterpriseDesk("{rule: range, of: [capital], between: [0, 100], at-least: 75%}");
        Assert.True(Only(desk.Load("1,,,330106,101,1,NA", "2,,,330106,1,1,NA", "3,,,330106,1,1,NA", "4,,,330106,1,1,NA")).Passed);
        Assert.False(Only(desk.Load("5,,,330106,-1,1,NA", "6,,,330106,200,1,NA")).Passed);
    }

    [Fact]
    public void Rows_that_are_alike_in_all_of_the_fields_break_unique()
    {
        using var desk = new EnterpriseDesk("{rule: unique, of: [code, region]}");
        var result = Only(desk.Load("1,A,,330106,1,1,NA", "2,A,,330106,1,1,NA", "3,A,,330203,1,1,NA", "4,NA,,330106,1,1,NA", "5,NA,,330106,1,1,NA"));
        Assert.Equal((3, 2), (result.Rows, result.Broken));
        Assert.Equal("code, region", result.Field);
    }

    [Fact]
    public void A_reference_may_lead_into_another_pack_and_is_not_judged_where_that_is_not_in_force()
    {
        using var desk = new EnterpriseDesk("{rule: reference, of: [region], to: base.regions/region.code}", "{rule: reference, of: [code], to: base.absent/list.code}");
        desk.LoadRegions("330106", "330203");
        var results = desk.Load("1,A,,330106,1,1,NA", "2,A,,330999,1,1,NA");
        Assert.Equal((2, 1, false), (results[0].Rows, results[0].Broken, results[0].Passed));
        Assert.Equal((null, true, (double?)null), (results[1].Measured, results[1].Passed, results[1].Share));
    }

    [Fact]
    public void Two_figures_agree_within_the_tolerance_of_the_larger()
    {
        using var desk = new EnterpriseDesk("{rule: agrees, value: \"count(*)\", with: base.regions/region, as: \"count(*)\", tolerance: 25%}");
        desk.LoadRegions("330106", "330203", "330206", "330211");
        Assert.Equal((25.0, true), Only(desk.Load("1,A,,330106,1,1,NA", "2,A,,330106,1,1,NA", "3,A,,330106,1,1,NA")) is var close ? (close.Measured, close.Passed) : default);
        desk.LoadRegions("330212");
        Assert.False(Only(desk.Load("4,A,,330106,1,1,NA", "5,A,,330106,1,1,NA", "6,A,,330106,1,1,NA", "7,A,,330106,1,1,NA")).Passed);
    }

    [Fact]
    public void A_month_with_far_fewer_rows_than_usual_is_told_and_the_month_that_runs_is_not_judged()
    {
        string[] Month(int month, int rows) => [.. Enumerable.Range(0, rows).Select(i => $"{(month * 100) + i},,,330106,1,1,2026-{month:00}-01")];
        using var desk = new EnterpriseDesk("{rule: volume, by: month, tolerance: 50%}");
        Assert.Equal((null, true), Only(desk.Load(Month(9, 10))) is var few ? (few.Measured, few.Passed) : default);
        Assert.Equal((20.0, true), Only(desk.Load([.. Month(7, 10), .. Month(8, 11), .. Month(6, 9), .. Month(10, 12), .. Month(11, 1)])) is var usual ? (usual.Measured, usual.Passed) : default);
        using var other = new EnterpriseDesk("{rule: volume, by: month, tolerance: 50%}");
        Assert.Equal((80.0, false), Only(other.Load([.. Month(7, 10), .. Month(8, 10), .. Month(9, 10), .. Month(10, 2)])) is var low ? (low.Measured, low.Passed) : default);
    }

    [Fact]
    public void A_distribution_that_moves_is_told_and_one_that_stays_is_not()
    {
        static IEnumerable<string> Rows(int from, string month, Func<int, int> capital) => Enumerable.Range(0, 100).Select(i => $"{from + i},,,330106,{capital(i)},1,{month}-05");
        using var desk = new EnterpriseDesk("{rule: drift, of: [capital, region], by: month}");
        var same = desk.Load([.. Rows(0, "2026-08", i => i), .. Rows(1000, "2026-09", i => i), .. Rows(2000, "2026-10", i => 99 - i)]);
        Assert.True(same[0].Measured < 0.02, $"{same[0].Measured}");
        Assert.True(same[1].Passed);
        using var other = new EnterpriseDesk("{rule: drift, of: [capital], by: month, base: [2026-08-01, 2026-08-31], at-most: 0.1}");
        Assert.False(Only(other.Load([.. Rows(0, "2026-08", i => i), .. Rows(1000, "2026-09", i => i + 50), .. Rows(2000, "2026-10", i => i + 50)])).Passed);
    }

    [Fact]
    public void A_score_weighs_what_each_rule_keeps_and_regions_have_their_own()
    {
        using var desk = new EnterpriseDesk("{rule: range, of: [capital], between: [0, 10], grade: error}", "{rule: codes, of: [staff], one-of: [\"1\"]}");
        desk.Load("1,,,330106,99,1,NA", "2,,,330106,1,2,NA", "3,,,330203,1,1,NA", "4,,,330203,1,1,NA");
        var view = desk.View();
        // (3 × 3/4 + 1 × 3/4) / 4 in the whole; half of each in 330106; everything in 330203.
        Assert.Equal(75, Assert.Single(view.Scores).Score);
        Assert.Equal([("330000", 75.0), ("330100", 50), ("330106", 50), ("330200", 100), ("330203", 100)], view.ByRegion.OrderBy(r => r.Key).Select(r => (r.Key, r.Value)));
        desk.Load("1,,,330106,9,1,NA", "2,,,330106,1,1,NA");
        Assert.Equal([100.0, 75.0], desk.View().Scores.Select(s => s.Score));
        Assert.Equal([100.0, 50.0], desk.View("330106").Scores.Select(s => s.Score));
    }

    [Fact]
    public void Rows_at_fault_are_kept_with_key_and_value_personal_ones_masked_and_each_region_sees_its_own()
    {
        using var desk = new EnterpriseDesk("{rule: holds, that: \"capital >= staff\"}", "{rule: valid, of: [phone], form: phone}");
        var crowd = Enumerable.Range(0, 300).Select(i => $"{i},,110,330106,1,2,NA");
        var results = desk.Load(crowd.Append("999,,110,330203,5,6,NA"));
        Assert.Equal([301, 301], results.Select(r => r.Broken));
        var one = QualityView.Rows(desk.Warehouse, desk.Pack.Id, desk.Dataset.Id, "holds", "capital >= staff", new HashSet<string> { "330203" });
        Assert.Equal([("id=999", "capital=5, staff=6")], one.Select(r => (r.Key, r.Value)));
        var all = QualityView.Rows(desk.Warehouse, desk.Pack.Id, desk.Dataset.Id, "valid", "phone", take: 1000);
        Assert.All(all, r => Assert.Equal("phone=•••", r.Value));
        Assert.InRange(all.Count, 2, 40);
    }

    private static readonly string[] Rules =
    [
        "{rule: complete, of: [code], at-least: 50%}", "{rule: valid, of: [code], form: credit-code}", "{rule: valid, of: [region], form: region-code}", "{rule: unique, of: [code]}",
        "{rule: range, of: [capital], between: [10, 50]}", "{rule: codes, of: [staff], one-of: [\"1\", \"3\"]}", "{rule: holds, that: \"capital > staff\"}",
    ];

    private sealed record Row(string? Code, string Region, int? Capital, int Staff);

    [Property(MaxTest = 25)]
    public Property The_scan_counts_what_counting_row_by_row_counts() => Prop.ForAll(Table().ToArbitrary(), rows =>
    {
        using var desk = new EnterpriseDesk(Rules);
        var results = desk.Load(rows.Select((r, i) => $"{i},{r.Code ?? "NA"},,{r.Region},{r.Capital?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "NA"},{r.Staff},NA"));
        var codes = rows.Where(r => r.Code is not null).ToList();
        (long, long)[] counted =
        [
            (rows.Length, rows.Count(r => r.Code is null)),
            (codes.Count, codes.Count(r => !ValueForm.Find("credit-code")!.Fits(r.Code!))),
            (rows.Length, rows.Count(r => !ValueForm.Find("region-code")!.Fits(r.Region))),
            (codes.Count, codes.GroupBy(r => r.Code).Where(g => g.Count() > 1).Sum(g => g.Count())),
            (rows.Count(r => r.Capital is not null), rows.Count(r => r.Capital is < 10 or > 50)),
            (rows.Length, rows.Count(r => r.Staff is not (1 or 3))),
            (rows.Length, rows.Count(r => r.Capital <= r.Staff)),
        ];
        var byRegion = desk.View().Measures.GroupBy(m => (m.Rule, m.Field)).ToDictionary(g => g.Key, g => g.Sum(m => m.Broken));
        return results.Select(r => (r.Rows, r.Broken)).SequenceEqual(counted) && results.All(r => byRegion.GetValueOrDefault((r.Rule, r.Field)) == r.Broken);
    });

    private static Gen<Row[]> Table()
    {
        var code = Gen.Elements<string?>(null, Good, "91350100M000100Y44", "91330106MA0000000A", "坏");
        var region = Gen.Elements("330106", "330203", "990000", "33");
        var row = code.SelectMany(c => region.SelectMany(r => Gen.Choose(0, 60).SelectMany(k => Gen.Choose(0, 4).Select(s => new Row(c, r, k > 55 ? null : k, s)))));
        return Gen.Choose(1, 40).SelectMany(n => Gen.ArrayOf(row, n));
    }

    [Property(MaxTest = 200)]
    public Property An_index_of_drift_is_nothing_for_likes_never_below_and_the_same_both_ways() => Prop.ForAll(Counts().ToArbitrary(), pair =>
    {
        var (before, now) = pair;
        return Drift.Index(before, before) < 1e-12 && Drift.Index(before, now) >= 0 && Math.Abs(Drift.Index(before, now) - Drift.Index(now, before)) < 1e-9;
    });

    private static Gen<(long[], long[])> Counts() => Gen.Choose(1, 8).SelectMany(n => Gen.ArrayOf(Gen.Choose(0, 500).Select(i => (long)i), n).SelectMany(a => Gen.ArrayOf(Gen.Choose(0, 500).Select(i => (long)i), n).Select(b => (a, b))));

    [Property(MaxTest = 300)]
    public Property A_score_lies_between_nothing_and_a_hundred_and_grows_with_each_share() => Prop.ForAll(Gen.ArrayOf(Gen.Choose(1, 9).SelectMany(w => Gen.Choose(0, 100).Select(s => new Weighed(w, s / 100.0))), 5).ToArbitrary(), measures =>
    {
        var score = QualityScore.Of(measures)!.Value;
        var better = QualityScore.Of(measures.Select((m, i) => i == 2 ? m with { Share = 1 } : m))!.Value;
        return score is >= 0 and <= 100 && better >= score && QualityScore.Of(measures.Append(new Weighed(5, null))) == score;
    });
}
