using Guantong.Decisions;
using Guantong.Decisions.Analysis;

namespace Guantong.Tests;

/// <summary>Gaps, overlaps, masked and subsumed rules.</summary>
public sealed class TableAnalysisTests
{
    private static TableReport Report(string policy, string inputs, params string[] rules) => Report(policy, inputs, "", rules);

    private static TableReport Report(string policy, string inputs, string outputs, string[] rules)
    {
        var columns = string.Concat(inputs.Split(' ').Select(i => i.Split(':') is [var name, var type]
            ? $"<input><inputExpression typeRef=\"{type}\"><text>{name}</text></inputExpression></input>" : ""));
        var rows = string.Concat(rules.Select(r => r.Split(" => ") is [var tests, var result]
            ? $"<rule>{string.Concat(tests.Split("; ").Select(t => $"<inputEntry><text>{t.Replace("<", "&lt;", StringComparison.Ordinal)}</text></inputEntry>"))}<outputEntry><text>{result}</text></outputEntry></rule>" : ""));
        var reading = DmnModel.Read($"""
            <definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m"><decision id="d" name="d">
            <decisionTable id="t" hitPolicy="{policy}">{columns}<output name="o">{outputs}</output>{rows}</decisionTable></decision></definitions>
            """, "t.dmn");
        Assert.Empty(reading.Faults.Select(f => f.Message("en")));
        return Assert.Single(reading.Model!.Analyse());
    }

    [Fact]
    public void A_whole_table_is_clean() =>
        Assert.True(Report("UNIQUE", "age:number ok:boolean", "< 18; - => 1", ">= 18; true => 2", ">= 18; false => 3").IsClean);

    [Fact]
    public void A_gap_is_told_by_its_simplest_example()
    {
        var report = Report("UNIQUE", "age:number risk:string", "<= 17; \"high\",\"low\" => 1", ">= 18; \"high\" => 2", "> 17; not(\"high\") => 3", "<= 17; not(\"high\",\"low\") => 4");
        Assert.Equal("age = 17.1, risk = \"high\"", Assert.Single(report.Gaps).Example.ToString());
        Assert.Empty(report.Overlaps);
    }

    [Fact]
    public void Dates_have_nothing_between_two_days() =>
        Assert.True(Report("UNIQUE", "d:date", "<= @\"2024-01-01\" => 1", ">= @\"2024-01-02\" => 2").IsClean);

    [Fact]
    public void A_default_output_closes_all_gaps() =>
        Assert.Empty(Report("UNIQUE", "age:number", "<defaultOutputEntry><text>0</text></defaultOutputEntry>", ["< 18 => 1"]).Gaps);

    [Fact]
    public void Rules_that_fire_together_are_told_with_an_example()
    {
        var overlap = Assert.Single(Report("UNIQUE", "x:number y:number", "[0..10]; < 5 => 1", "[10..20]; - => 2", "< 0; - => 3", "> 20; - => 4", "[0..10); >= 5 => 5").Overlaps);
        Assert.Equal((1, 2, "x = 10, y = 4"), (overlap.First, overlap.Second, overlap.Example.ToString()));
    }

    [Fact]
    public void Under_any_only_rules_that_disagree_are_told()
    {
        Assert.Empty(Report("ANY", "x:number", "> 0 => 1", "> 5 => 1", "<= 0 => 2").Overlaps);
        Assert.Single(Report("ANY", "x:number", "> 0 => 1", "> 5 => 2", "<= 0 => 2").Overlaps);
    }

    [Fact]
    public void Under_first_a_rule_that_earlier_ones_cover_together_is_masked() =>
        Assert.Equal([3], Report("FIRST", "x:number", "< 10 => 1", ">= 5 => 2", "[3..7] => 3").Masked);

    [Fact]
    public void Under_priority_a_rule_below_higher_ones_is_masked() =>
        Assert.Equal([1], Report("PRIORITY", "x:number", "<outputValues><text>\"a\",\"b\"</text></outputValues>", ["[1..2] => \"b\"", "- => \"a\""]).Masked);

    [Fact]
    public void A_rule_within_another_of_the_same_output_is_needless() =>
        Assert.Equal([new Subsumption(2, 1)], Report("ANY", "x:number", "- => 1", "> 5 => 1").Subsumed);

    [Fact]
    public void A_rule_with_more_than_literals_is_left_out()
    {
        var report = Report("UNIQUE", "x:number", "> count([1]) => 1", "<= 0 => 2");
        Assert.Equal([1], report.Unclear);
        Assert.Empty(report.Gaps);
    }

    [Fact]
    public void A_hundred_rules_are_looked_at_in_time()
    {
        var rules = Enumerable.Range(0, 100).Select(i => $"[{i}..{i + 1}); {(i % 2 == 0 ? "true" : "-")}; >= {i} => {i}").ToArray();
        var report = Report("UNIQUE", "a:number b:boolean c:number", rules);
        Assert.True(report.IsWhole);
        Assert.NotEmpty(report.Gaps);
        Assert.Empty(report.Overlaps);
    }

    [Fact]
    public void The_air_quality_tables_are_looked_at()
    {
        var model = DmnModel.Read(File.ReadAllText(Path.Combine(Repository.Root, "packs/environment/air-quality/decisions/aqi.dmn")), "aqi.dmn").Model!;
        Assert.All(model.Analyse(), r => Assert.Empty(r.Overlaps));
    }

    [Fact]
    public void Findings_stand_at_their_cells()
    {
        var report = Report("UNIQUE", "x:number", "<= 5 => 1", "(5..3) => 2", ">= 5 => 3");
        Assert.Equal(["table-overlap 1,3 in 1", "table-unreachable 2 in 1"], report.Findings.Select(f => $"{f.Code} {string.Join(',', f.Rules)} in {f.Input}"));
        Assert.All(report.Findings, f => Assert.Equal(2, f.Line));
        Assert.True(report.Findings[0].Column > report.Findings[1].Column);
    }

    [Fact]
    public void A_missing_value_is_a_gap_only_where_a_cell_asks_for_it()
    {
        Assert.True(Report("UNIQUE", "x:number", "< 5 => 1", ">= 5 => 2").IsClean);
        Assert.Empty(Report("FIRST", "x:number", "< 5 => 1", ">= 5 => 2", "- => 3").Masked);
        Assert.Equal("x = 5, y = null", Assert.Single(Report("UNIQUE", "x:number y:number", "< 5; - => 1", ">= 5; not(null) => 2").Gaps).Example.ToString());
    }

    [Fact]
    public void A_column_without_a_type_is_cut_kind_by_kind() =>
        Assert.Empty(Report("UNIQUE", "x:Any", "5 => 1", "\"a\" => 2").Unreachable);

    [Fact]
    public void Strings_in_an_order_are_not_judged() =>
        Assert.Equal([1, 2], Report("UNIQUE", "x:string", "< \"m\" => 1", ">= \"m\" => 2").Unclear);

    [Fact]
    public void What_a_cell_with_an_expression_may_cover_is_no_gap_but_the_rest_is() =>
        Assert.Equal("x = 0, y = false", Assert.Single(Report("UNIQUE", "x:number y:boolean", "> count([1]); true => 1", "<= 0; true => 2", "> 0; false => 3").Gaps).Example.ToString().Replace("-1", "0", StringComparison.Ordinal));

    [Fact]
    public void Collected_results_have_no_gaps() => Assert.Empty(Report("COLLECT", "x:number", "> 5 => 1").Gaps);

    [Fact]
    public void A_default_that_no_input_reaches_is_told() =>
        Assert.True(Report("FIRST", "x:number", "<defaultOutputEntry><text>0</text></defaultOutputEntry>", ["> 5 => 1", "- => 2"]).DefaultIsUnused);

    [Fact]
    public void A_thousand_rules_over_eight_inputs_are_looked_at_to_the_end()
    {
        var rules = Enumerable.Range(0, 1000).Select(i => $"[{i}..{i + 1}); {(i % 2 == 0 ? "true" : "-")}; >= {i % 37}; \"s{i % 11}\"; < {i % 53}; -; [{i % 7}..{i % 7 + 3}]; not(\"t{i % 5}\") => {i}").ToArray();
        var report = Report("UNIQUE", "a:number b:boolean c:number d:string e:number f:boolean g:number h:string", rules);
        Assert.True(report.IsWhole);
        Assert.NotEmpty(report.Gaps);
        Assert.Empty(report.Overlaps);
    }
}
