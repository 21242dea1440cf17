using Guantong.Feel;

namespace Guantong.Tests;

/// <summary>Numbers and booleans need no memory once an expression is prepared.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData("a + b * 2 - c / 4"), InlineData("if a >= 18 and b > 2 and not(c = 1) then b * 0.35 else 0"), InlineData("a in [1..100] and b > 5 or c in (3, > 7)")]
    [InlineData("a >= 1 and a < 50 and b != c or true"), InlineData("if a in (1..10] then 1 else if a in [> 40, < 3] then 2 else 3"), InlineData("a ** 2 + b ** 1 - decimal(c, 2) * round half up(b, 0)"), InlineData("not(a between b and c) and (b in (< 5))")]
    [InlineData("a between 1 and 2 or -b <= c"), InlineData("abs(a - b) + floor(c) + modulo(a, 7)"), InlineData("a = b or (a != c and null = b)")]
    public void A_run_needs_no_memory(string text)
    {
        var program = FeelExpression.Parse(text).Expression!.Prepare(["a", "b", "c"]);
        FeelValue[] inputs = [42, 4.5m, 10];
        for (var i = 0; i < 200; i++)
            program.Run(inputs);
        // The runtime, too, sometimes takes memory on this thread, as when it compiles a method again: the quietest batch tells.
        Assert.Equal(0, Enumerable.Range(0, 20).Min(_ => Taken(program, inputs)));
    }

    private static long Taken(FeelProgram program, FeelValue[] inputs)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            program.Run(inputs);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
