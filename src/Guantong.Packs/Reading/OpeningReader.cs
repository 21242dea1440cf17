using System.Globalization;

namespace Guantong.Packs.Reading;

/// <summary>Reads a dataset's <c>opening</c>, whose shape was checked before.</summary>
internal static class OpeningReader
{
    private static readonly string[] Kinds = ["mask", "round", "bin", "bands", "date", "region", "category"];

    public static DeclaredOpening Read(Node n) => new(
        [.. n["fields"]!.Entries.Select(e => new OpenedField(new Ref(e.Key.Value, e.Key.Mark), ReadStep(e.Value)))],
        n.Refs("quasi"), n.Refs("sensitive"), Whole(n["k"]), Whole(n["l"]), n["l-by"]?.Text ?? "distinct", Number(n["t"]),
        n["suppress"]?.Text is { } share ? Decimal(share.TrimEnd('%')) : 0, n.Ref("person"), n["counts"] is { } counts ? ReadCounts(counts) : null, n["every"]?.Text, n.Mark) { Term = n["term"]?.Text, HasSandbox = n["sandbox"]?.Text == "true" };

    /// <summary>The kinds of step that a form names: one, or none where values are kept.</summary>
    public static IReadOnlyList<string> KindsOf(Node step) => [.. step.Entries.Select(e => e.Key.Value).Where(Kinds.Contains)];

    private static OpeningStep ReadStep(Node n)
    {
        if (n.Text is { } word)
            return new OpeningStep(word, [], false, null, null, [], n.Mark);
        var kind = KindsOf(n).FirstOrDefault("keep");
        return new OpeningStep(kind, n.Refs(kind), n["or-any"]?.Text == "true", Number(n["bottom"]), Number(n["top"]), n.Words("values"), n.Mark);
    }

    private static OpenedCounts ReadCounts(Node n) => new(n.Refs("by"), n.Refs("sums"), Decimal(n.Word("epsilon")), Decimal(n.Word("budget")), Whole(n["small"]) ?? 5, Whole(n["rows"]) ?? 1, n.Mark);

    private static int? Whole(Node? n) => Number(n) is { } number ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : null;

    private static decimal? Number(Node? n) => n?.Text is { } text ? Decimal(text) : null;

    private static decimal Decimal(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
