using System.Globalization;

namespace Guantong.Packs.Reading;

/// <summary>Reads an indicator's <c>warn</c>: of a pack, or by itself where thresholds are tried out.</summary>
public static class WarnReader
{
    /// <summary>Reads one that stands alone.</summary>
    /// <returns>Null where it has not its shape; then there are findings.</returns>
    public static (Warn? Warn, IReadOnlyList<Finding> Findings) Read(string yaml)
    {
        var findings = new List<Finding>();
        if (YamlText.Read("warn.yaml", yaml, findings) is { } root)
            ShapeCheck.Check(root, WarnForm.Warn, "warn", findings);
        else if (findings.Count == 0)
            findings.Add(Finding.Error("wrong-type", new Mark("warn.yaml", 1, 1), "warn", "@type.map"));
        return findings.Any(f => f.Severity == Severity.Error) ? (null, findings) : (Read(YamlText.Read("warn.yaml", yaml, [])!), findings);
    }

    /// <summary>What is declared, as one would write it.</summary>
    public static string Write(Indicator indicator) => string.Concat((indicator.Origin["warn"]?.Entries ?? []).Select(e =>
        e.Value is ListNode { Values: [MapNode, ..] } list ? $"{e.Key.Value}:\n{string.Concat(list.Values.Select(v => $"  - {Flow(v)}\n"))}" : $"{e.Key.Value}: {Flow(e.Value)}\n"));

    private static string Flow(Node n) => n switch
    {
        ScalarNode { Quoted: true } s => $"\"{s.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        ListNode l => "[" + string.Join(", ", l.Values.Select(Flow)) + "]",
        MapNode => "{" + string.Join(", ", n.Entries.Select(e => $"{e.Key.Value}: {Flow(e.Value)}")) + "}",
        _ => n.Text ?? "",
    };

    internal static Warn Read(Node n) => new(n.Word("period"), n["period"]!.Mark, n.Words("regions"), Levels(n))
    {
        Keep = (int)Math.Clamp(NumberOf(n["keep"]) ?? 1, -1, 10_000),
        KeepMark = n["keep"]?.Mark,
        Quiet = n["quiet"]?.Text,
        Signals = [.. n.List("signals").Select(ReadSignal)],
        Together = [.. n.List("together").Select(t => new Trigger(t.Word("trigger"), t["name"]?.Text ?? t.Word("trigger"), t.Refs("of"), (int)Math.Clamp(NumberOf(t["least"]) ?? 0, -1, 10_000), t.Word("within"), t.Word("area"), t.Word("level"), t.Mark))],
        Call = n["call"] is { } call ? new WarnCall(call.Refs("units"), call["within"]?.Text ?? WarnCall.Usual) : new WarnCall([], WarnCall.Usual),
        Mark = n.Mark,
    };

    private static Signal ReadSignal(Node n) => new(n.Word("signal"), n["name"]?.Text ?? n.Word("signal"), n.Word("by"), Levels(n), n["level"]?.Text, n.Mark)
    {
        To = n["to"]?.Text ?? "previous",
        As = n["as"]?.Text ?? "percent",
        Season = (int)Math.Clamp(NumberOf(n["season"]) ?? 0, -1, 10_000),
        Smoothing = n.List("smoothing") is [var a, var b, var g] ? (NumberOf(a) ?? 0, NumberOf(b) ?? 0, NumberOf(g) ?? 0) : null,
        Chart = n["chart"]?.Text ?? "individuals",
        Rules = n["rules"] is null && n["nelson"] is null ? [1] : Numbers(n, "rules"),
        Nelson = Numbers(n, "nelson"),
        Form = n["form"]?.Text ?? "C2",
        Least = NumberOf(n["least"]) ?? 0,
        GapsAreZero = n["gaps"]?.Text == "zero",
        K = NumberOf(n["k"]) ?? 0.5,
        H = NumberOf(n["h"]) ?? 5,
        Base = n.List("base") is [var first, var last] && Day(first) is { } from && Day(last) is { } to ? (from, to) : null,
        Written = [.. n.Entries.Select(e => new Ref(e.Key.Value, e.Key.Mark))],
    };

    private static (string, Comparison)[] Levels(Node n) =>
        [.. (n["levels"]?.Entries ?? []).Select(e => (e.Key.Value, PackReader.Compare(e.Value.Text!))).OrderBy(l => Array.IndexOf(Warn.Order, l.Item1))];

    private static int[] Numbers(Node n, string key) => [.. n.Words(key).Select(r => int.Parse(r, CultureInfo.InvariantCulture))];

    private static double? NumberOf(Node? n) => double.TryParse(n?.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateOnly? Day(Node n) => DateOnly.TryParseExact(n.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
