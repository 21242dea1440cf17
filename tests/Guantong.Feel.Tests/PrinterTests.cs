using Guantong.Feel;
using Guantong.Feel.Parsing;
using Guantong.Fuzz;

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
    [InlineData("[1..(xs[> 1])]", "[1..(xs[> 1])]"), InlineData("{\"a-b\": (a) - (b)}", "{\"a-b\": (a) - (b)}"), InlineData("{\"a \u0301b\": 1}", "{\"a \u0301b\": 1}"), InlineData("(x instance of list) < 5", "(x instance of list) < 5"), InlineData("total // what\n cost", "total cost"), InlineData("a\uFEFF + 1", "a + 1")]
    public void An_expression_is_printed(string text, string printed) => Assert.Equal(printed, FeelExpression.Parse(text).Expression!.ToString());

    [Theory]
    [InlineData(1, 9000)]
    public void What_is_printed_parses_to_the_same(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
            Printed(seed);
    }

    private static void Printed(int seed)
    {
        var text = new FeelWriter(seed).Write();
        var first = Parsed(text, text);
        var printed = first.ToString();
        var second = Parsed(printed, $"{text} ⇒ {printed}");
        Assert.Equal($"{printed}: {Tree(first.Tree)}", $"{second}: {Tree(second.Tree)}");
    }

    [Theory]
    [InlineData(1, 3000)]
    public void Tests_that_are_printed_parse_to_the_same(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
            PrintedTests(seed);
    }

    private static void PrintedTests(int seed)
    {
        var text = new FeelWriter(seed).WriteTests();
        Assert.Null(UnaryTests.Parse(text, FeelWriter.Names).Fault is { } fault ? $"{text}: {fault.Message("en")}" : null);
        var first = CellTests.Read(text, Vocabulary.Empty.With(FeelWriter.Names));
        var second = CellTests.Read(first.ToString(), Vocabulary.Empty.With(FeelWriter.Names));
        Assert.Equal($"{first.IsNegated}: {string.Join(" ", (first.Tests ?? []).Select(Tree))}", $"{second.IsNegated}: {string.Join(" ", (second.Tests ?? []).Select(Tree))}");
    }

    [Theory]
    [InlineData("not(1, 2)", "not(1, 2)"), InlineData("(not(a))", "(not(a))"), InlineData(" ", "-")]
    public void A_cell_is_printed(string text, string printed) => Assert.Equal(printed, CellTests.Read(text, Vocabulary.Empty).ToString());

    private static FeelExpression Parsed(string text, string told)
    {
        var reading = FeelExpression.Parse(text, FeelWriter.Names);
        Assert.True(reading.Fault is null, $"{told}: {reading.Fault?.Message("en")}");
        return reading.Expression!;
    }

    // Every node with what it says itself, and those below it.
    private static string Tree(Expr e) => $"({Own(e)}{string.Concat(e.Parts.Select(p => " " + Tree(p)))})";

    private static string Own(Expr e) => e switch
    {
        Expr.Literal l => $"{l.Value.Kind} {l.Value}",
        Expr.Name n => n.Id,
        Expr.Binary b => b.Operator,
        Expr.Test t => "? " + t.Operator,
        Expr.OpenRange r => "range " + r.Operator,
        Expr.Range r => $"range {r.StartIncluded} {r.EndIncluded}",
        Expr.Context c => "{" + string.Join("|", c.Entries.Select(x => x.Key)) + "}",
        Expr.Path p => "." + p.Key,
        Expr.Call c => $"call {string.Join("|", c.Names ?? [])}",
        Expr.Lambda l => $"function {string.Join("|", l.Parameters.Select(p => $"{p.Name}: {p.Type}"))}",
        Expr.External x => "external " + x.What,
        Expr.For f => "for " + Over(f.Over),
        Expr.Quantified q => $"{q.Every} {Over(q.Over)}",
        Expr.InstanceOf i => $"instance of {i.TypeName} {i.Type}",
        _ => e.GetType().Name,
    };

    private static string Over(IReadOnlyList<Iteration> over) => string.Join("|", over.Select(o => $"{o.Name} {o.To is not null}"));
}
