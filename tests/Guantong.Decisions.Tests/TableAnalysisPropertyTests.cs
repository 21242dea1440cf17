using Guantong.Decisions;
using Guantong.Decisions.Analysis;

namespace Guantong.Tests;

/// <summary>Verdicts of analysis agree with brute force: every rule run by the engine at every point that matters.</summary>
public sealed class TableAnalysisPropertyTests
{
    private sealed record Domain(string Type, string[] Cells, object[] Points);

    private static readonly Domain Numbers = new("number", ["-", "< 2", "<= 2", "> 2", ">= 2", "(2..4]", "[2..4)", "[3..3]", "(3..3)", "2, 4", "not(3)", "not([2..4])", "= 4", "!= 4", "[4..2]", "1.5", "null", "not(null)"],
        [.. Enumerable.Range(0, 13).Select(i => (object)(i / 2m))]);

    private static readonly Domain Strings = new("string", ["-", "\"a\"", "\"b\"", "\"a\", \"b\"", "not(\"a\")", "not(\"a\", \"b\")", "[\"a\", \"c\"]", "\"c\"", "null", "5"], ["a", "b", "c", "z"]);

    private static readonly Domain Booleans = new("boolean", ["-", "true", "false", "not(true)", "not(false)", "null"], [true, false]);

    private static readonly Domain Dates = new("date", ["-", "< @\"2024-02-28\"", ">= @\"2024-02-28\"", "[@\"2024-02-28\"..@\"2024-03-01\"]", "(@\"2024-02-28\"..@\"2024-02-29\")", "> @\"2024-03-01\"", "not(@\"2024-02-29\")"],
        [.. Enumerable.Range(0, 8).Select(i => (object)new DateOnly(2024, 2, 26).AddDays(i))]);

    private sealed record Table(Domain[] Inputs, string[][] Cells, bool IsLimited);

    private static Table Made(int seed)
    {
        var random = new Random(seed);
        var inputs = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(4) switch { 0 => Numbers, 1 => Strings, 2 => Booleans, _ => Dates }).ToArray();
        var rules = Enumerable.Range(0, random.Next(1, 7)).Select(_ => inputs.Select(d => d.Cells[random.Next(d.Cells.Length)]).ToArray()).ToArray();
        return new Table(inputs, rules, random.Next(3) == 0);
    }

    private static DmnModel Model(Table table, string policy)
    {
        static string Text(string text) => $"<text>{text.Replace("<", "&lt;", StringComparison.Ordinal)}</text>";
        var data = string.Concat(table.Inputs.Select((d, i) => $"<inputData id=\"x{i}\" name=\"x{i}\"><variable name=\"x{i}\" typeRef=\"{d.Type}\"/></inputData>"));
        var needs = string.Concat(table.Inputs.Select((_, i) => $"<informationRequirement><requiredInput href=\"#x{i}\"/></informationRequirement>"));
        var columns = string.Concat(table.Inputs.Select((d, i) => $"<input><inputExpression>{Text($"x{i}")}</inputExpression>{Limit(table, d, Text)}</input>"));
        var rules = string.Concat(table.Cells.Select((r, i) => $"<rule>{string.Concat(r.Select(c => $"<inputEntry>{Text(c)}</inputEntry>"))}<outputEntry>{Text($"{i + 1}")}</outputEntry></rule>"));
        var reading = DmnModel.Read($"""
            <definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">{data}<decision id="d" name="d">{needs}
            <decisionTable hitPolicy="{policy}">{columns}<output name="o"/>{rules}</decisionTable></decision></definitions>
            """, "t.dmn");
        Assert.Empty(reading.Faults.Select(f => f.Message("en")));
        return reading.Model!;
    }

    private static string Limit(Table table, Domain domain, Func<string, string> text) => !table.IsLimited ? ""
        : domain == Numbers ? $"<inputValues>{text("[1..5]")}</inputValues>" : domain == Strings ? $"<inputValues>{text("\"a\", \"b\"")}</inputValues>" : "";

    private static bool IsWithin(Table table, Domain domain, object value) => !table.IsLimited
        || (domain == Numbers ? value is >= 1m and <= 5m : domain != Strings || value is "a" or "b");

    private sealed record Chosen(object? Value, bool IsExpected);

    private sealed record Point(object?[] Values, bool IsExpected, HashSet<int> Firing);

    private static List<Point> Run(Table table)
    {
        var model = Model(table, "RULE ORDER");
        var all = new List<(object?[] Values, bool IsExpected)> { ([], true) };
        for (var i = 0; i < table.Inputs.Length; i++)
        {
            var (domain, at) = (table.Inputs[i], i);
            var asked = table.Cells.Any(r => r[at].Contains("null", StringComparison.Ordinal));
            var points = domain.Points.Where(p => IsWithin(table, domain, p)).Select(p => new Chosen(p, true)).Append(new Chosen(null, asked)).ToList();
            all = [.. from a in all from p in points select (Values: a.Values.Append(p.Value).ToArray(), IsExpected: a.IsExpected && p.IsExpected)];
        }
        return [.. all.Select(a => new Point(a.Values, a.IsExpected, Firing(model, a.Values)))];
    }

    private static HashSet<int> Firing(DmnModel model, object?[] values) =>
        [.. model.Evaluate("d", values.Select((v, i) => (v, i)).ToDictionary(x => $"x{x.i}", x => x.v)).Matched.Select(m => m.Rule)];

    private static void Agree(Table table, TableReport unique, TableReport first, List<Point> points)
    {
        var expected = points.Where(p => p.IsExpected).ToList();
        Assert.True(unique.IsWhole && unique.Unclear.Count == 0);
        Assert.Equal(expected.Exists(p => p.Firing.Count == 0), unique.Gaps.Count > 0);
        var count = table.Cells.Length;
        var pairs = from a in Enumerable.Range(1, count) from b in Enumerable.Range(a + 1, count - a) where expected.Exists(p => p.Firing.Contains(a) && p.Firing.Contains(b)) select (a, b);
        Assert.Equal(pairs, unique.Overlaps.Select(o => (o.First, o.Second)));
        var dead = Enumerable.Range(1, count).Where(r => !points.Exists(p => p.Firing.Contains(r))).ToList();
        Assert.Equal(dead, unique.Unreachable.Select(u => u.Rule).Distinct());
        Assert.Equal(Enumerable.Range(1, count).Where(r => !dead.Contains(r) && !points.Exists(p => p.Firing.Count > 0 && p.Firing.Min() == r)), first.Masked);
        var engine = Model(table, "RULE ORDER");
        Assert.All(unique.Gaps, g => Assert.Empty(Firing(engine, Values(g.Example))));
        Assert.All(unique.Overlaps, o => Assert.Superset(new HashSet<int> { o.First, o.Second }, Firing(engine, Values(o.Example))));
    }

    // Where any value does, a value that no cell knows has to do, too.
    private static object?[] Values(Example example) => [.. example.Values.Select(v => v.Value is { } value ? (object?)value : null)];

    [Theory]
    [InlineData(1, 600)]
    public void Gaps_overlaps_masked_and_unreachable_rules_are_those_of_brute_force(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            var table = Made(seed);
            Agree(table, Assert.Single(Model(table, "UNIQUE").Analyse()), Assert.Single(Model(table, "FIRST").Analyse()), Run(table));
        }
    }

    // Each value that an example of a gap names is needed: with another one some rule fires.
    [Theory]
    [InlineData(1, 300)]
    public void An_example_of_a_gap_names_no_more_than_it_needs(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            var (table, engine) = (Made(seed), Model(Made(seed), "RULE ORDER"));
            foreach (var gap in Assert.Single(Model(table, "UNIQUE").Analyse()).Gaps)
            {
                var named = Enumerable.Range(0, table.Inputs.Length).Where(i => gap.Example.Values[i].Value is not null).ToList();
                Assert.All(named, i => Assert.Contains(Around(table, gap.Example, i), values => Firing(engine, values).Count > 0));
            }
        }
    }

    // All inputs that agree with an example in the values it names, but for one of them.
    private static List<object?[]> Around(Table table, Example example, int but)
    {
        List<object?[]> all = [[]];
        for (var i = 0; i < table.Inputs.Length; i++)
        {
            object?[] here = i != but && example.Values[i].Value is { } named ? [named] : [.. table.Inputs[i].Points, null];
            all = [.. from a in all from v in here select (object?[])[.. a, v]];
        }
        return all;
    }

    // Under PRIORITY outputs rank in the order of the allowed values, here by the rules' numbers modulo three.
    [Theory]
    [InlineData(1, 300)]
    public void Masked_rules_under_priority_are_those_of_brute_force(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            var table = Made(seed);
            var model = Model(table, "PRIORITY").Xml.Replace("<output name=\"o\"/>", "<output name=\"o\"><outputValues><text>0, 1, 2</text></outputValues></output>", StringComparison.Ordinal);
            for (var i = table.Cells.Length; i > 0; i--)
                model = model.Replace($"<outputEntry><text>{i}</text>", $"<outputEntry><text>{i % 3}</text> ", StringComparison.Ordinal);
            var points = Run(table);
            var expected = Enumerable.Range(1, table.Cells.Length).Where(r => points.Exists(p => p.Firing.Contains(r)) && points.Where(p => p.Firing.Contains(r)).All(p => p.Firing.Min(f => f % 3) < r % 3));
            Assert.Equal(expected, Assert.Single(DmnModel.Read(model, "t.dmn").Model!.Analyse()).Masked);
        }
    }

    [Theory]
    [InlineData(1, 200)]
    public void Taking_a_subsumed_rule_away_changes_no_result(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
            SubsumedFireTogether(seed);
    }

    private static void SubsumedFireTogether(int seed)
    {
        var table = Made(seed) is var made && made.Cells.Length > 1 ? made with { Cells = [.. made.Cells, made.Cells[0]] } : made;
        var same = Model(table, "ANY").Xml;
        for (var i = 1; i <= table.Cells.Length; i++)
            same = same.Replace($"<outputEntry><text>{i}</text>", "<outputEntry><text>0</text>", StringComparison.Ordinal);
        var points = Run(table);
        foreach (var found in Assert.Single(DmnModel.Read(same, "t.dmn").Model!.Analyse()).Subsumed)
            Assert.All(points.Where(p => p.Firing.Contains(found.Rule)), p => Assert.Contains(found.By, p.Firing));
    }
}
