using Guantong.Decisions;
using Guantong.Decisions.Explaining;

namespace Guantong.Tests;

/// <summary>Results in words, and the sample tables of allowances.</summary>
public sealed class ExplanationTests
{
    private static DmnModel Model(string file)
    {
        var reading = DmnModel.Read(File.ReadAllText(Path.Combine(Repository.Root, "tests/material", file)), file);
        Assert.Empty(reading.Faults.Select(f => f.Message("en")));
        return reading.Model!;
    }

    private static readonly Dictionary<string, object?> Case = new() { ["年收入"] = 80000m, ["困难类型"] = "重病", ["已在低保"] = false };

    private static DecisionOutcome Assistance() => Model("temporary-assistance.dmn").Trace("eligible", Case);

    [Theory, InlineData("temporary-assistance.dmn"), InlineData("elder-allowance.dmn")]
    public void The_sample_tables_are_clean(string file) =>
        Assert.Empty(Model(file).Analyse().SelectMany(r => r.Findings).Select(f => $"{f.Line}:{f.Column} {f.Code} {string.Join(" ", f.Args)}"));

    [Fact]
    public void A_rule_that_did_not_fire_says_which_value_missed_which_condition()
    {
        var table = Assert.Single(Assert.Single(Explanation.Of(Assistance(), "zh-CN").Requires).Tables);
        Assert.Equal("年收入为 80000，不满足规则 1 的条件：低于 50000。", table.Rules[0].Sentence);
        Assert.Equal("符合规则 2：困难类型为 “重病”（是“火灾”或“重病”）；年收入为 80000（不低于 50000）。", table.Rules[1].Sentence);
        Assert.Equal(2, table.Rules[3 - 1].Missed.Count);
    }

    [Fact]
    public void A_rule_that_came_too_late_says_so()
    {
        var explanation = Explanation.Of(Assistance(), "en");
        Assert.Equal("“救助资格”: “由工作人员核定”.", explanation.Sentence);
        Assert.Equal([RuleStanding.Unmatched, RuleStanding.Unmatched, RuleStanding.Fired, RuleStanding.TooLate], Assert.Single(explanation.Tables).Rules.Select(r => r.Standing));
        Assert.Equal("已在低保 is no, which rule 2 does not take: yes.", explanation.Tables[0].Rules[1].Sentence);
    }

    [Fact]
    public void Dates_and_ranges_are_said_in_words()
    {
        var outcome = Model("elder-allowance.dmn").Trace("monthly", new Dictionary<string, object?> { ["年龄"] = 90m, ["户籍在本地"] = true, ["登记日期"] = new DateOnly(2026, 3, 1) });
        Assert.Equal(200m, outcome.Value);
        var rules = Explanation.Of(outcome, "zh-CN").Tables[0].Rules;
        Assert.Equal("年龄为 90，不满足规则 3 的条件：在 80（含）到 90（不含）之间。登记日期为 2026年3月1日，不满足规则 3 的条件：不晚于 2025年12月31日。", rules[2].Sentence);
    }

    [Fact]
    public void Tracing_changes_no_result_and_only_traced_outcomes_are_explained()
    {
        var plain = Model("temporary-assistance.dmn").Evaluate("eligible", Case);
        Assert.Equal(plain.Value, Assistance().Value);
        Assert.Throws<ArgumentException>(() => Explanation.Of(plain, "en"));
    }

    [Fact]
    public void Knowledge_that_is_asked_several_times_is_told_each_time()
    {
        var model = DmnModel.Read(File.ReadAllText(Path.Combine(Repository.Root, "packs/environment/air-quality/decisions/aqi.dmn")), "aqi.dmn").Model!;
        var text = Explanation.Of(model.Trace("aqi", new Dictionary<string, object?> { ["pm25"] = 80m }), "zh-CN").ToString();
        Assert.Contains("符合规则 3", text, StringComparison.Ordinal);
    }
}
