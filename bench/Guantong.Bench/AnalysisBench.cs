using System.Globalization;
using System.Text;
using Guantong.Decisions;
using Guantong.Decisions.Analysis;

namespace Guantong.Bench;

/// <summary>Analysis of tables of 1,000 rules over 8 inputs, of several shapes and hit policies, against a budget of two seconds for the slowest.</summary>
internal static class AnalysisBench
{
    private const int Rules = 1000;
    private const int Rounds = 5;
    private const string Types = "number boolean number string number boolean number string";

    public static Task<Ratio> RunAsync()
    {
        (string Name, string Policy, string[] Rules)[] shapes =
        [
            ("steps, no overlap", "UNIQUE", Steps()),
            ("partition of all inputs", "UNIQUE", [.. Partition(Rules, new Random(1))]),
            ("partition, then catch-alls", "FIRST", [.. Partition(Rules - 100, new Random(2)), .. Loose(100, new Random(2), 6)]),
            ("partition, two outputs", "PRIORITY", [.. Partition(Rules, new Random(3))]),
            ("random, narrow", "UNIQUE", [.. Loose(Rules, new Random(4), 1)]),
            ("random, narrow", "FIRST", [.. Loose(Rules, new Random(5), 1)]),
            ("random, wide", "FIRST", [.. Loose(Rules, new Random(6), 4)]),
            ("random, widest", "FIRST", [.. Loose(Rules, new Random(7), 6)]),
            ("random, wide", "PRIORITY", [.. Loose(Rules, new Random(8), 4)]),
            ("random, wide", "ANY", [.. Loose(Rules, new Random(9), 4)]),
            ("random, wide", "COLLECT", [.. Loose(Rules, new Random(10), 4)]),
        ];
        var worst = 0.0;
        foreach (var (name, policy, rules) in shapes)
        {
            var model = DmnModel.Read(Xml(policy, rules), "bench.dmn").Model!;
            TableReport? report = null;
            var took = new List<double>();
            for (var i = -1; i < Rounds; i++)
            {
                var seconds = Measure.Seconds(() => report = model.Analyse()[0]);
                if (i >= 0)
                    took.Add(seconds);
            }
            Measure.Say($"{name,-27} {policy,-8} {Measure.Median(took) * 1000,6:0} ms, median of {Rounds} ({took.Min() * 1000:0}–{took.Max() * 1000:0}); {report!.Gaps.Count} gaps, {report.Overlaps.Count} overlaps, {report.Masked.Count} masked, {report.Subsumed.Count} subsumed{(report.IsWhole ? "" : "; not all decided")}");
            worst = Math.Max(worst, Measure.Median(took));
        }
        return Task.FromResult(new Ratio(2 / worst, 1));
    }

    private static string[] Steps() =>
        [.. Enumerable.Range(0, Rules).Select(i => $"[{i}..{i + 1}); {(i % 2 == 0 ? "true" : "-")}; >= {i % 37}; \"s{i % 11}\"; < {i % 53}; -; [{i % 7}..{i % 7 + 3}]; not(\"t{i % 5}\")")];

    // The whole space, cut at a random place of a random input until there are enough pieces: no gap, no overlap.
    private static IEnumerable<string> Partition(int count, Random random)
    {
        var boxes = new List<string[]> { Enumerable.Repeat("-", 8).ToArray() };
        while (boxes.Count < count)
        {
            var (at, c) = (random.Next(boxes.Count), random.Next(8));
            if (Halves(boxes[at][c], c, random) is not { } halves)
                continue;
            boxes.Add([.. boxes[at].Select((cell, i) => i == c ? halves.Second : cell)]);
            boxes[at] = [.. boxes[at].Select((cell, i) => i == c ? halves.First : cell)];
        }
        return boxes.Select(b => string.Join("; ", b));
    }

    private static (string First, string Second)? Halves(string cell, int column, Random random)
    {
        var n = random.Next(1, 100);
        return (column % 4, cell) switch
        {
            (1, "-") => ("true", "false"),
            (3, "-") => ("\"a\", \"b\"", "not(\"a\", \"b\")"),
            (3, "\"a\", \"b\"") => ("\"a\"", "\"b\""),
            (0 or 2, "-") => ($"< {n}", $">= {n}"),
            (0 or 2, ['<', ..]) when Number(cell) is var top => ($"< {top - n}", $"[{top - n}..{top})"),
            (0 or 2, ['>', ..]) when Number(cell) is var bottom => ($"[{bottom}..{bottom + n})", $">= {bottom + n}"),
            _ => null,
        };
    }

    private static int Number(string cell) => int.Parse(cell.Split(' ')[1], CultureInfo.InvariantCulture);

    // Random cells; so many of eight let anything pass.
    private static IEnumerable<string> Loose(int count, Random random, int open) =>
        Enumerable.Range(0, count).Select(_ => string.Join("; ", Enumerable.Range(0, 8).Select(c => random.Next(8) < open ? "-" : (c % 4) switch
        {
            1 => random.Next(2) == 0 ? "true" : "false",
            3 => random.Next(3) switch { 0 => $"\"s{random.Next(8)}\"", 1 => $"\"s{random.Next(8)}\", \"s{random.Next(8)}\"", _ => $"not(\"s{random.Next(8)}\")" },
            _ => random.Next(3) switch { 0 => $"< {random.Next(100)}", 1 => $">= {random.Next(100)}", _ => random.Next(80) is var low ? $"[{low}..{low + random.Next(1, 20)}]" : "" },
        })));

    private static string Xml(string policy, string[] rules)
    {
        var xml = new StringBuilder("<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" namespace=\"n\" name=\"m\"><decision id=\"d\" name=\"d\">");
        xml.Append(CultureInfo.InvariantCulture, $"<decisionTable id=\"t\" hitPolicy=\"{policy}\">");
        foreach (var (type, i) in Types.Split(' ').Select((t, i) => (t, i)))
            xml.Append(CultureInfo.InvariantCulture, $"<input><inputExpression typeRef=\"{type}\"><text>i{i}</text></inputExpression></input>");
        xml.Append("<output name=\"o\"><outputValues><text>\"a\", \"b\", \"c\", \"d\"</text></outputValues></output>");
        foreach (var (rule, i) in rules.Select((r, i) => (r, i)))
        {
            xml.Append("<rule>");
            foreach (var cell in rule.Split("; "))
                xml.Append(CultureInfo.InvariantCulture, $"<inputEntry><text>{cell.Replace("<", "&lt;", StringComparison.Ordinal)}</text></inputEntry>");
            xml.Append(CultureInfo.InvariantCulture, $"<outputEntry><text>\"{(char)('a' + i % 4)}\"</text></outputEntry></rule>");
        }
        return xml.Append("</decisionTable></decision></definitions>").ToString();
    }
}
