using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Guantong.Packs.Reading;

/// <summary>Holds a node against its shape; each departure is one finding at its own line and column.</summary>
internal static class ShapeCheck
{
    // Making such an expression costs far more than running it, and the grammar has more of them than .NET's own cache holds.
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new();

    public static void Check(Node node, Shape shape, string what, List<Finding> findings)
    {
        // What was refused has its finding already; it may be of any shape.
        if (node is RefusedNode)
            return;
        switch (shape)
        {
            case Shape.Words words: CheckWords(node, words, what, findings); break;
            case Shape.Number number: CheckNumber(node, number, what, findings); break;
            case Shape.Truth when node.Text is not ("true" or "false"): findings.Add(Finding.Error("wrong-type", node.Mark, what, "true | false")); break;
            case Shape.OneOf oneOf: CheckOneOf(node, oneOf, what, findings); break;
            case Shape.ListOf list: CheckList(node, list, what, findings); break;
            case Shape.MapOf map: CheckMap(node, map, what, findings); break;
            case Shape.Form form: CheckForm(node, form, what, findings); break;
            case Shape.ScalarOr either: Check(node, node is ScalarNode ? either.Scalar : either.Other, what, findings); break;
        }
    }

    private static void CheckWords(Node node, Shape.Words words, string what, List<Finding> findings)
    {
        if (node is not ScalarNode scalar)
            findings.Add(Finding.Error("wrong-type", node.Mark, what, "@type.text"));
        else if (scalar.Value.Length == 0)
            findings.Add(Finding.Error("empty-value", node.Mark, what));
        else if (words.Pattern is { } pattern && !Patterns.GetOrAdd(pattern, Whole).IsMatch(scalar.Value))
            findings.Add(Finding.Error("bad-format", node.Mark, what, scalar.Value, words.Example ?? pattern));
    }

    // The grammar's patterns can each be met in one way only, so that no text makes them try many.
    private static Regex Whole(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant);

    private static void CheckNumber(Node node, Shape.Number number, string what, List<Finding> findings)
    {
        var good = number.Whole
            ? long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            : decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        if (!good)
            findings.Add(Finding.Error("wrong-type", node.Mark, what, number.Whole ? "@type.integer" : "@type.number"));
    }

    private static void CheckOneOf(Node node, Shape.OneOf oneOf, string what, List<Finding> findings)
    {
        if (node.Text is not { } text || !oneOf.Values.Contains(text))
            findings.Add(Finding.Error("not-one-of", node.Mark, what, node.Text ?? "…", string.Join(" | ", oneOf.Values)));
    }

    private static void CheckList(Node node, Shape.ListOf list, string what, List<Finding> findings)
    {
        if (node is not ListNode items)
            findings.Add(Finding.Error("wrong-type", node.Mark, what, "@type.list"));
        else if (items.Values.Count < list.AtLeast || (list.Exactly is { } n && items.Values.Count != n))
            findings.Add(Finding.Error("wrong-count", node.Mark, what, $"{list.Exactly ?? list.AtLeast}", $"{items.Values.Count}"));
        else
        {
            foreach (var item in items.Values)
                Check(item, list.Item, what, findings);
            if (list.Once)
                findings.AddRange(Again(items).Select(i => Finding.Error("listed-twice", i.Mark, what, i.Value)));
        }
    }

    private static IEnumerable<ScalarNode> Again(ListNode items)
    {
        var seen = new HashSet<string>();
        return items.Values.OfType<ScalarNode>().Where(i => i.Value.Length > 0 && !seen.Add(i.Value));
    }

    private static void CheckMap(Node node, Shape.MapOf map, string what, List<Finding> findings)
    {
        if (node is not MapNode)
        {
            findings.Add(Finding.Error("wrong-type", node.Mark, what, "@type.map"));
            return;
        }
        if (node.Entries.Count < map.AtLeast)
            findings.Add(Finding.Error("wrong-count", node.Mark, what, $"{map.AtLeast}", $"{node.Entries.Count}"));
        foreach (var (key, value) in node.Entries)
        {
            Check(key, map.Key, what, findings);
            Check(value, map.Value, key.Value, findings);
        }
    }

    private static void CheckForm(Node node, Shape.Form form, string what, List<Finding> findings)
    {
        if (node is not MapNode)
        {
            findings.Add(Finding.Error("wrong-type", node.Mark, what, "@type.map"));
            return;
        }
        var strangers = new List<string>();
        foreach (var (key, value) in node.Entries)
        {
            if (form.Keys.FirstOrDefault(k => k.Name == key.Value) is { } known)
                Check(value, known.Shape, known.Name, findings);
            else
            {
                strangers.Add(key.Value);
                findings.Add(Finding.Error("unknown-key", key.Mark, key.Value, Nearest.To(key.Value, form.Keys.Select(k => k.Name)), what));
            }
        }
        // A key that is only misspelt is not missing too.
        foreach (var missing in form.Keys.Where(k => k.Required && node[k.Name] is null && !strangers.Any(s => Nearest.IsNear(s, k.Name))))
            findings.Add(Finding.Error("missing-key", node.Mark, what, missing.Name));
    }
}
