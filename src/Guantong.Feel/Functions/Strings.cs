using System.Text;
using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Functions;

/// <summary>Strings, counted by code point (DMN 1.5 §10.3.4.3).</summary>
internal static class Strings
{
    public static void Add(BuiltIns.Register r)
    {
        r.Add("substring", FeelType.String, "string: string, start position: number, [length: number]", Substring);
        r.Add("string length", FeelType.Number, "string: string", (a, _) => Length(a[0].String!));
        r.Add("upper case", FeelType.String, "string: string", (a, s) => s.Keep(a[0].String!.ToUpperInvariant()));
        r.Add("lower case", FeelType.String, "string: string", (a, s) => s.Keep(a[0].String!.ToLowerInvariant()));
        r.Add("substring before", FeelType.String, "string: string, match: string", (a, _) => Find(a) is var at and > 0 ? a[0].String![..at] : "");
        r.Add("substring after", FeelType.String, "string: string, match: string", (a, _) => Find(a) is var at and >= 0 ? a[0].String![(at + a[1].String!.Length)..] : "");
        r.Add("contains", FeelType.Boolean, "string: string, match: string", (a, _) => Find(a) >= 0);
        r.Add("starts with", FeelType.Boolean, "string: string, match: string", (a, _) => a[0].String!.StartsWith(a[1].String!, StringComparison.Ordinal));
        r.Add("ends with", FeelType.Boolean, "string: string, match: string", (a, _) => a[0].String!.EndsWith(a[1].String!, StringComparison.Ordinal));
        r.Add("string join", FeelType.String, "list: list, [delimiter: string?]", Join);
        // Not worked out while compiling: a text may hold many, and each may take its time.
        r.Add("matches", FeelType.Boolean, "input: string, pattern: string, [flags: string?]", (a, s) => Patterns.Matches(a[0].String!, a[1].String!, a[2].String, s), pure: false);
        r.Add("replace", FeelType.String, "input: string, pattern: string, replacement: string, [flags: string?]", (a, s) => Patterns.Replace(a[0].String!, a[1].String!, a[2].String!, a[3].String, s), pure: false);
        r.Add("split", new ListType(FeelType.String), "string: string, delimiter: string", (a, s) => Patterns.Split(a[0].String!, a[1].String!, s), pure: false);
    }

    private static int Find(ReadOnlySpan<FeelValue> a) => a[0].String!.IndexOf(a[1].String!, StringComparison.Ordinal);

    public static int Length(string text)
    {
        var length = text.Length;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && char.IsLowSurrogate(text[i + 1]))
                length--;
        }
        return length;
    }

    private static FeelValue Substring(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var text = a[0].String!;
        var total = Length(text);
        if (!Whole(a[1], out var start) || start == 0 || start > total || start < -total)
            return session.Null(NullReason.WrongArguments, "substring", $"{Values.Print.Short(a[1])}");
        var from = start > 0 ? start - 1 : total + start;
        var length = total - from;
        if (!a[2].IsNull && (!Whole(a[2], out length) || length < 1))
            return session.Null(NullReason.WrongArguments, "substring", Values.Print.Short(a[2]));
        var first = Offset(text, 0, from);
        return session.Keep(text[first..Offset(text, first, Math.Min(length, total - from))]);
    }

    private static bool Whole(FeelValue number, out long whole) => number.Number.Round(0, Rounding.Down).TryToInt64(out whole);

    private static int Offset(string text, int from, long points)
    {
        var at = from;
        for (; points > 0; points--)
            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
        return at;
    }

    // Null items are left out; any other than strings leave no text.
    private static FeelValue Join(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        var joined = new StringBuilder();
        var first = true;
        foreach (var item in a[0].List!.Items)
        {
            session.Step();
            if (item.IsNull)
                continue;
            if (item.String is not { } text)
                return session.Null(NullReason.WrongType, Values.Print.Kind(item), "string");
            if (!first)
                joined.Append(a[1].String);
            joined.Append(text);
            session.Keep(2L * (text.Length + (a[1].String?.Length ?? 0)));
            first = false;
        }
        return joined.ToString();
    }
}
