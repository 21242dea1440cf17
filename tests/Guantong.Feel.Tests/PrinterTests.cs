using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Feel;

namespace Guantong.Tests;

/// <summary>What is printed parses to what was printed.</summary>
public sealed class PrinterTests
{
    [Theory]
    [InlineData("1+2*3", "1 + 2 * 3"), InlineData("(1+2)*3", "(1 + 2) * 3"), InlineData("1-(2-3)", "1 - (2 - 3)"), InlineData("2**-1", "2 ** -1")]
    [InlineData("a and (b or c)", "a and (b or c)"), InlineData("x in [1..2[", "x in ([1..2))"), InlineData("{\"a-b\":1}", "{\"a-b\": 1}")]
    [InlineData("(if a then b else c)+1", "(if a then b else c) + 1"), InlineData("xs[item>1][1].y", "xs[item > 1][1].y")]
    [InlineData("f(a:1,b:2)", "f(a: 1, b: 2)"), InlineData("function(a:number,b) a+b", "function(a: number, b) a + b"), InlineData("some x in xs satisfies x>1", "some x in xs satisfies x > 1")]
    [InlineData("@\"2020-01-01\"", "@\"2020-01-01\""), InlineData("x instance of list<number>", "x instance of list<number>"), InlineData("(< 5)", "(< 5)"), InlineData("-(-1)", "1")]
    public void An_expression_is_printed(string text, string printed) => Assert.Equal(printed, FeelExpression.Parse(text).Expression!.ToString());

    [Property(MaxTest = 500)]
    public void What_is_printed_parses_to_the_same(int seed)
    {
        var text = new FeelWriter(seed).Write();
        var first = FeelExpression.Parse(text);
        Assert.True(first.Fault is null, $"{text}: {first.Fault?.Message("en")}");
        var printed = first.Expression!.ToString();
        var second = FeelExpression.Parse(printed);
        Assert.True(second.Fault is null, $"{text} ⇒ {printed}: {second.Fault?.Message("en")}");
        Assert.Equal(printed, second.Expression!.ToString());
        Assert.Equal(Value(first.Expression), Value(second.Expression));
    }

    private static string Value(FeelExpression expression)
    {
        try
        {
            return expression.Evaluate(FeelWriter.Scope, new FeelSession(new FeelLimits(20_000))).ToString();
        }
        catch (FeelBudgetException)
        {
            return "too much";
        }
    }
}
