using FsCheck.Xunit;
using Guantong.Feel;

namespace Guantong.Tests;

/// <summary>FEEL by what it gives.</summary>
public sealed class FeelTests
{
    private static readonly Dictionary<string, object?> Scope = new() { ["x"] = 5m, ["name"] = "甲", ["total cost"] = 12m, ["none"] = null };

    private static object? Run(string text)
    {
        var reading = FeelExpression.Parse(text, Scope.Keys);
        Assert.Null(reading.Fault?.Message("en"));
        return reading.Expression!.Evaluate(Scope);
    }

    [Theory]
    [InlineData("1 + 2 * 3 ** 2", 19), InlineData("-2 ** 2", 4), InlineData("total cost / 4", 3), InlineData("floor(-1.5)", -2)]
    [InlineData("sum([1, 2, 3])", 6), InlineData("count([1, 2][item > 1])", 1), InlineData("[10, 20, 30][-1]", 30), InlineData("string length(\"a😀\")", 2)]
    [InlineData("if x > 3 then 1 else 2", 1), InlineData("for i in 1..3 return i * i", null), InlineData("{a: 1, b: a + 1}.b", 2), InlineData("(function(n) n + 1)(4)", 5)]
    [InlineData("string length(substring(string: \"abc\", start position: 2))", 2)]
    public void An_expression_gives_its_number(string text, int? expected)
    {
        var value = Run(text);
        if (expected is { } number)
            Assert.Equal((decimal)number, value);
        else
            Assert.True(value is null or IReadOnlyList<object?>);
    }

    [Theory]
    [InlineData("x in [1..5]", true), InlineData("x in (< 5)", false), InlineData("x between 5 and 6", true), InlineData("some i in [1, 5] satisfies i = x", true)]
    [InlineData("none > 1 or true", true), InlineData("none = null", true), InlineData("not(x = 5)", false), InlineData("matches(name, \"[甲乙]\")", true)]
    [InlineData("@\"2024-02-29\" + @\"P1Y\" = @\"2025-02-28\"", true), InlineData("date(\"2024-01-31\").month = 1", true)]
    public void An_expression_gives_its_truth(string text, bool expected) => Assert.Equal(expected, Run(text));

    [Theory]
    [InlineData("1 / 0"), InlineData("none > 1"), InlineData("none > 1 and true"), InlineData("1 + \"a\""), InlineData("unknown")]
    public void What_is_not_defined_is_null(string text) => Assert.Null(Run(text));

    [Theory]
    [InlineData("for sale + 1", "for sale", "8"), InlineData("Years in job * 2", "Years in job", "14"), InlineData("not paid", "not paid", "7"), InlineData("Applicant's age", "Applicant's age", "7")]
    [InlineData("a-b - 1", "a-b", "6"), InlineData("a - b", "a-b", "7"), InlineData("pre/post + 1", "pre/post", "8"), InlineData("[1][item < Years  in\n job]", "Years in job", "[1]"), InlineData("总额 + 1", "总额", "8"), InlineData("a😀b", "a😀b", "7")]
    public void Names_may_hold_spaces_symbols_and_keywords(string text, string name, string expected)
    {
        var reading = FeelExpression.Parse(text, [name]);
        Assert.Null(reading.Fault?.Message("en"));
        Assert.Equal(expected, reading.Expression!.Evaluate(new Dictionary<string, object?> { [name] = 7 }, new FeelSession()).ToString());
    }

    [Theory]
    [InlineData("1 +", 1, 4), InlineData("if x\n then 1", 2, 8), InlineData("\"open", 1, 1), InlineData("a # b", 1, 3), InlineData("{a: 1, a: 2}", 1, 8), InlineData("@\"x\"", 1, 1), InlineData("f(a: 1, 2)", 1, 9), InlineData("1 /* open", 1, 3), InlineData("[1, 2", 1, 6), InlineData("a\n  .\n  1", 3, 3)]
    public void A_fault_names_line_and_column(string text, int line, int column)
    {
        var fault = FeelExpression.Parse(text).Fault!;
        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Fact]
    public void Hostile_nesting_is_a_fault_and_endless_work_is_stopped()
    {
        Assert.Equal("feel-deep", FeelExpression.Parse(new string('(', 100_000)).Fault!.Code);
        var endless = FeelExpression.Parse("for i in 1..1000000000 return i").Expression!;
        Assert.Throws<FeelBudgetException>(() => endless.Evaluate(Scope));
    }

    [Property]
    public bool Sums_agree_with_decimal(int a, int b) => Equals(Run($"({a}) + ({b})"), (decimal)a + b);
}
