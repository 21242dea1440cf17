using System.Diagnostics;
using Guantong.Feel;
using Guantong.Fuzz;

namespace Guantong.Tests;

/// <summary>No text hangs, exhausts or breaks the process.</summary>
public sealed class HostileTests
{
    private static FeelExpression Parsed(string text)
    {
        var reading = FeelExpression.Parse(text);
        Assert.Null(reading.Fault?.Message("en"));
        return reading.Expression!;
    }

    private static FeelValue Run(string text) => Parsed(text).Evaluate(FeelWriter.Scope, new FeelSession());

    [Theory]
    [InlineData("for i in 1..1000000000 return i")]
    [InlineData("for i in 1..100000, j in 1..100000 return i * j")]
    [InlineData("some i in 1..1000000000 satisfies false")]
    [InlineData("{f: function(n) f(n + 1)}.f(0)")]
    [InlineData("{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1)}.f(100)")]
    [InlineData("{l: for i in 1..200 return if i = 1 then [1, 1] else [partial[-1], partial[-1]], r: l[-1] = l[-1]}.r")]
    [InlineData("{l: for i in 1..60 return if i = 1 then [[1], [1]] else [partial[-1], partial[-1]], m: for i in 1..60 return if i = 1 then [[1], [1]] else [partial[-1], partial[-1]], r: l[-1] = m[-1]}.r")]
    [InlineData("{l: for i in 1..60 return if i = 1 then [[1], [1]] else [partial[-1], partial[-1]], r: flatten(l)}.r")]
    [InlineData("{l: for i in 1..60 return if i = 1 then [[1], [1]] else [partial[-1], partial[-1]], r: string(l)}.r")]
    [InlineData("{l: for i in 1..60 return if i = 1 then [[1], [1]] else [partial[-1], partial[-1]], r: l[-1] in l}.r")]
    [InlineData("{l: for i in 1..200000 return if i = 1 then [] else [partial[-1]], r: string(l)}.r")]
    [InlineData("{s: for i in 1..80 return if i = 1 then \"ab\" else partial[-1] + partial[-1], r: s[-1]}.r")]
    [InlineData("for i in 1..100000 return concatenate(xs, for j in 1..1000 return j)")]
    [InlineData("every i in 12345678901234567890123456789012345678..180 satisfies i > 0")]
    [InlineData("sort(for i in 1..1000 return i, function(x, y) count(for j in 1..1000 return j) > 0)")]
    public void Work_without_end_is_stopped(string text)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            Run(text);
        }
        catch (FeelBudgetException)
        {
            // the documented end of an evaluation that takes too much
        }
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\", \"(a+)+$\")", "false")]
    [InlineData("matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\", \"(a|aa)+$\")", "false")]
    [InlineData("matches(\"aa\", \"(a)\\\\1\")", "true")]
    [InlineData("matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\", \"(a*)*(a*)*(a*)*\\\\1c\")", "null")]
    [InlineData("matches(\"a\", \"(?<=a)b\")", "null"), InlineData("matches(\"a\", \"[\")", "null"), InlineData("matches(\"a\", \"a{100000}{100000}\")", "null")]
    [InlineData("replace(\"a\", \"a\", \"$\")", "null"), InlineData("matches(\"a\", \"a\", \"z\")", "null")]
    public void A_regular_expression_runs_in_time_or_not_at_all(string text, string expected)
    {
        var clock = Stopwatch.StartNew();
        Assert.Equal(expected, Run(text).ToString());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{clock.Elapsed}");
    }

    [Fact]
    public void Many_patterns_that_try_again_and_again_are_stopped()
    {
        const string One = "matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\", \"(a*)*(a*)*(a*)*\\\\1c\")";
        var clock = Stopwatch.StartNew();
        Assert.Throws<FeelBudgetException>(() => Run($"[{string.Join(",", Enumerable.Repeat(One, 1000))}]"));
        Assert.Throws<FeelBudgetException>(() => Run("for i in 1..100000 return matches(\"a\", string(i))"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("(for i in 1..60 return if i = 1 then [[1], [1]] else [partial[-1], partial[-1]])[-1]")]
    [InlineData("(for i in 1..200000 return if i = 1 then [] else [partial[-1]])[-1]")]
    [InlineData("(for i in 1..100000 return if i = 1 then {a: 1} else {a: partial[-1]})[-1]")]
    public void A_value_too_large_to_write_out_ends_the_evaluation(string text)
    {
        Assert.Equal("…", Run(text).ToString());
        Assert.Throws<FeelBudgetException>(() => Parsed(text).Evaluate(FeelWriter.Scope));
    }

    [Theory]
    [InlineData("{s: for i in 1..20 return if i = 1 then \"ab\" else partial[-1] + partial[-1], r: replace(s[-1], \"a\", s[-1])}.r")]
    [InlineData("{s: for i in 1..20 return if i = 1 then \"ab\" else partial[-1] + partial[-1], r: string join(for i in 1..1000 return s[-1], s[-1])}.r")]
    public void A_text_too_large_is_not_made(string text) => Assert.Throws<FeelBudgetException>(() => Run(text));

    [Fact]
    public void Durations_that_grow_without_end_have_no_value() =>
        Assert.Equal("null", Run("(for i in 1..200 return if i = 1 then @\"P1D\" else partial[-1] + partial[-1])[-1]").ToString());

    [Theory]
    [InlineData("("), InlineData("["), InlineData("-"), InlineData("{a:"), InlineData("if "), InlineData("not("), InlineData("1+("), InlineData("x in ("), InlineData("for i in "), InlineData("function() "), InlineData("a["), InlineData("list<"), InlineData("x in (x in ("), InlineData("(< "), InlineData("[<= ")]
    public void Nesting_is_limited(string opening)
    {
        var first = opening == "list<" ? "x instance of " : "";
        var fault = FeelExpression.Parse(first + string.Concat(Enumerable.Repeat(opening, 20_000))).Fault!;
        Assert.Contains(fault.Code, new[] { "feel-deep", "feel-long" });
    }

    [Theory]
    [InlineData("1", "+1"), InlineData("1", "-1"), InlineData("true", " and true"), InlineData("a", ".b"), InlineData("a", "[1]"), InlineData("f", "()"), InlineData("1", "=1"), InlineData("2", "**1")]
    public void Long_chains_are_limited(string first, string link) =>
        Assert.Equal("feel-deep", FeelExpression.Parse(first + string.Concat(Enumerable.Repeat(link, 50_000))).Fault!.Code);

    [Fact]
    public void A_chain_of_two_hundred_links_runs_on_a_small_stack()
    {
        var text = "1" + string.Concat(Enumerable.Repeat(" + 1", 200));
        string? value = null;
        var thread = new Thread(() => value = Run(text).ToString(), 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal("201", value);
    }

    [Fact]
    public void Very_many_names_are_read_in_time_or_not_at_all()
    {
        var clock = Stopwatch.StartNew();
        Assert.Null(FeelExpression.Parse("{" + string.Join(",", Enumerable.Range(0, 90_000).Select(i => $"a{i}:b")) + "}").Fault);
        Assert.Equal("feel-long", FeelExpression.Parse("{" + string.Join(",", Enumerable.Range(0, 60_000).Select(i => $"a {i}:a b")) + "}").Fault?.Code);
        var usual = "{" + string.Join(",", Enumerable.Range(0, 500).Select(i => i == 0 ? "a0: 1" : $"a{i}: a{i - 1} + 1")) + "}.a499";
        Assert.Equal("500", Run(usual).ToString());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");
    }

    [Fact]
    public void A_reading_that_begins_again_and_again_ends()
    {
        var text = string.Concat(Enumerable.Repeat("x in (", 100)) + "1" + string.Concat(Enumerable.Repeat(") + 1", 100));
        var clock = Stopwatch.StartNew();
        FeelExpression.Parse(text);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
    }

    // As bench/fuzz does it for longer: written, damaged, deep, long and odd texts, and damaged models, without those of the kit.
    [Theory]
    [InlineData(1, 12_000), InlineData(1_000_000, 6_000)]
    public void Whatever_comes_gives_a_value_or_a_fault(long first, long count)
    {
        var campaign = new Campaign(Corpus.Of(Path.Combine(Repository.Root, "packs")));
        campaign.Run(first, count, 2, (_, _) => { }, TestContext.Current.CancellationToken);
        Assert.Empty(campaign.Faults.Select(f => $"seed {f.Seed}: {f.What}"));
        Assert.Equal(count, campaign.Texts + campaign.Models);
    }
}
