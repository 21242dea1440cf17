using Guantong.Feel;

namespace Guantong.Tests;

/// <summary>The compiled engine agrees with a naive reading of the standard, with constants worked out while compiling or not.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Names = ["a", "b", "s", "xs", "rows"];

    private static object?[] Values(Random random)
    {
        object? Pick(params ReadOnlySpan<object?> of) => of[random.Next(of.Length)];
        return [Pick(1m, 2m, 3m), Pick(null, true, 2.5m, -1m, "x"), Pick("text", null, "x"), Pick(new List<object?> { 1m, 2m, 3m }, new List<object?> { null, "x", 2m }, new List<object?>(), 3m, null),
            Pick(new List<object?> { Row(1m, "x"), Row(2m, null) }, new List<object?> { Row(true, 2m) }, Row(3m, "text"))];
    }

    private static Reference.Entries Row(object? k, object? v) => new([("k", k), ("v", v)]);

    [Theory]
    [InlineData(1, 20_000)]
    public void Random_expressions_give_what_the_standard_says(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
            Agrees(seed);
    }

    private static void Agrees(int seed)
    {
        var (written, values) = (new Reference(seed).Write(), Values(new Random(seed)));
        string expected;
        try
        {
            expected = Feel(written.Value(Reference.Inputs(values[0], values[1], values[2], values[3], values[4]))).ToString();
        }
        catch (OverflowException)
        {
            return;
        }
        if (expected.Contains('.', StringComparison.Ordinal) && written.Text.Contains("**", StringComparison.Ordinal))
            return;
        var reading = FeelExpression.Parse(written.Text, Names);
        Assert.True(reading.Fault is null, $"{written.Text}: {reading.Fault?.Message("en")}");
        var scope = Names.Zip(values).ToDictionary(p => p.First, p => (object?)Clr(p.Second));
        var told = $"seed {seed}: {written.Text} with {string.Join(", ", Names.Zip(values).Select(p => $"{p.First} = {Feel(p.Second)}"))}";
        Assert.Equal($"{told} ⇒ {expected}", $"{told} ⇒ {reading.Expression!.Evaluate(scope, new FeelSession())}");
        Assert.Equal($"{told} ⇒ {expected}", $"{told} ⇒ {reading.Expression.Prepare(Names).Run([.. values.Select(Feel)])}");
    }

    private static FeelValue Feel(object? value) => FeelClr.From(Clr(value));

    private static object? Clr(object? value) => value switch
    {
        Reference.Entries entries => entries.All.ToDictionary(e => e.Key, e => Clr(e.Value)),
        List<object?> list => list.Select(Clr).ToList(),
        _ => value,
    };
}
