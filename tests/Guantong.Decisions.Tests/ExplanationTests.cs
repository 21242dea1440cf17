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
        Assert.Equal("不符合规则 1：年收入为 80,000（要求：低于 50,000）。", table.Rules[0].Sentence);
        Assert.Equal("符合规则 2：困难类型为“重病”（要求：“火灾”或“重病”）；年收入为 80,000（要求：不低于 50,000）。由此得出：困难程度为“中”。", table.Rules[1].Sentence);
        Assert.Equal(2, table.Rules[3 - 1].Missed.Count);
    }

    [Fact]
    public void A_rule_that_came_too_late_says_so()
    {
        var explanation = Explanation.Of(Assistance(), "en");
        Assert.Equal("救助资格: “由工作人员核定”.", explanation.Sentence);
        Assert.Equal([RuleStanding.Unmatched, RuleStanding.Unmatched, RuleStanding.Fired, RuleStanding.TooLate], Assert.Single(explanation.Tables).Rules.Select(r => r.Standing));
        Assert.Equal("Rule 2 does not fit — 已在低保: no (wanted: yes).", explanation.Tables[0].Rules[1].Sentence);
    }

    [Fact]
    public void Dates_and_ranges_are_said_in_words()
    {
        var outcome = Model("elder-allowance.dmn").Trace("monthly", new Dictionary<string, object?> { ["年龄"] = 90m, ["户籍在本地"] = true, ["登记日期"] = new DateOnly(2026, 3, 1) });
        Assert.Equal(200m, outcome.Value);
        var rules = Explanation.Of(outcome, "zh-CN").Tables[0].Rules;
        Assert.Equal("不符合规则 3：年龄为 90（要求：不低于 80 且低于 90）；登记日期为 2026年3月1日（要求：不晚于 2025年12月31日）。", rules[2].Sentence);
    }

    [Fact]
    public void Tracing_changes_no_result_and_only_traced_outcomes_are_explained()
    {
        var plain = Model("temporary-assistance.dmn").Evaluate("eligible", Case);
        Assert.Equal(plain.Value, Assistance().Value);
        Assert.Throws<ArgumentException>(() => Explanation.Of(plain, "en"));
    }

    [Theory]
    [InlineData("not(\"a\", \"b\")", "\"a\"", "x 为“a”（要求：除“a”或“b”以外）", "x: “a” (wanted: anything but “a” or “b”)")]
    [InlineData("[1..12345.5)", "20000", "x 为 20,000（要求：不低于 1 且低于 12,345.5）", "x: 20,000 (wanted: at least 1 and less than 12,345.5)")]
    [InlineData("< 1, > 9", "5", "x 为 5（要求：低于 1 或高于 9）", "x: 5 (wanted: less than 1 or more than 9)")]
    [InlineData(">= 1", "null", "x 未填写（要求：不低于 1）", "x: not given (wanted: at least 1)")]
    [InlineData("< @\"P2Y\"", "@\"P2Y1M\"", "x 为 2 年 1 个月（要求：短于 2 年）", "x: 2 years 1 month (wanted: shorter than 2 years)")]
    [InlineData("< @\"PT24H\"", "@\"P1DT2H\"", "x 为 1 天 2 小时（要求：短于 1 天）", "x: 1 day 2 hours (wanted: shorter than 1 day)")]
    [InlineData("> @\"2026-01-01T09:30:00\"", "@\"2025-12-31T08:00:00\"", "x 为 2025年12月31日 08:00（要求：晚于 2026年1月1日 09:30）", "x: 31 December 2025, 08:00 (wanted: after 1 January 2026, 09:30)")]
    [InlineData("[true]", "[1, 2]", "x 为 1、2（要求：“是”）", "x: 1, 2 (wanted: yes)")]
    [InlineData("? > 3 * 2", "1", "x 为 1（要求：满足“? > 3 * 2”）", "x: 1 (wanted: such that “? > 3 * 2”)")]
    public void Each_kind_of_value_and_condition_reads_as_a_sentence(string cell, string value, string zh, string en)
    {
        var xml = $"""
            <definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:x" name="m">
              <decision id="d" name="d"><decisionTable>
                <input label="x"><inputExpression><text>{System.Security.SecurityElement.Escape(value)}</text></inputExpression></input><output name="r"/>
                <rule><inputEntry><text>{System.Security.SecurityElement.Escape(cell)}</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
              </decisionTable></decision>
            </definitions>
            """;
        var outcome = DmnModel.Read(xml, "m.dmn").Model!.Trace("d", new Dictionary<string, object?>());
        Assert.Equal($"不符合规则 1：{zh}。", Assert.Single(Explanation.Of(outcome, "zh-CN").Tables[0].Others));
        Assert.Equal($"Rule 1 does not fit — {en}.", Assert.Single(Explanation.Of(outcome, "en").Tables[0].Others));
    }

    [Fact]
    public void Names_are_told_by_their_labels_in_the_reader_s_language_with_the_basis_of_a_rule()
    {
        const string xml = """
            <definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:x" name="m">
              <inputData id="i" name="age" label="年龄"/>
              <decision id="d" name="d" label="津贴"><informationRequirement><requiredInput href="#i"/></informationRequirement><decisionTable>
                <input><inputExpression><text>age</text></inputExpression></input><output/>
                <rule><inputEntry><text>>= 80</text></inputEntry><outputEntry><text>"有"</text></outputEntry><annotationEntry><text>办法第三条</text></annotationEntry></rule>
              </decisionTable></decision>
            </definitions>
            """;
        var outcome = DmnModel.Read(xml, "m.dmn").Model!.Trace("d", new Dictionary<string, object?> { ["age"] = 81m });
        Assert.Equal("符合规则 1：年龄为 81（要求：不低于 80）。由此得出：津贴为“有”。依据：办法第三条", Explanation.Of(outcome, "zh-CN").Tables[0].Fired[0]);
        var english = new Dictionary<string, string> { ["年龄"] = "age", ["津贴"] = "allowance", ["有"] = "yes", ["办法第三条"] = "article 3" };
        var told = Explanation.Of(outcome, "en", text => english.GetValueOrDefault(text, text));
        Assert.Equal("Rule 1 fits — age: 81 (wanted: at least 80). Result — allowance: “yes”. Basis: article 3", told.Tables[0].Fired[0]);
        Assert.Equal("allowance: “yes”.", told.Sentence);
    }

    [Fact]
    public void Knowledge_that_is_asked_several_times_is_told_each_time_and_a_long_table_s_misses_together()
    {
        var model = DmnModel.Read(File.ReadAllText(Path.Combine(Repository.Root, "packs/environment/air-quality/decisions/aqi.dmn")), "aqi.dmn").Model!;
        var explanation = Explanation.Of(model.Trace("aqi", new Dictionary<string, object?> { ["pm25"] = 80m }), "zh-CN");
        Assert.Equal("空气质量指数与首要污染物：空气质量指数为 107，首要污染物为“PM2.5”，级别为 3，级别名称为“轻度污染”，各项分指数（PM2.5 为 107）。", explanation.Sentence);
        var breakpoints = Assert.Single(explanation.All(), e => e.Name == "浓度限值与分指数断点").Tables;
        Assert.Equal(6, breakpoints.Count);
        var told = Assert.Single(breakpoints, t => t.Fired.Count > 0);
        Assert.Equal("污染物为“PM2.5”，浓度为 80：符合规则 49。", told.Sentence);
        Assert.Equal("不符合规则 1 至 46：污染物为“PM2.5”（要求：“SO2”、“NO2”、“PM10”、“CO”、“O3-1h”或“O3-8h”）。", told.Others[0]);
        Assert.Equal(2, told.Others.Count);
    }
}
