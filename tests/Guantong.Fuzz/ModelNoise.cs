using System.Security;
using System.Text.RegularExpressions;

namespace Guantong.Fuzz;

/// <summary>Damaged DMN files.</summary>
/// <param name="real">Real models.</param>
/// <param name="texts">What is put where expressions stand.</param>
internal sealed partial class ModelNoise(IReadOnlyList<string> real, TextNoise texts)
{
    [GeneratedRegex("<([a-zA-Z0-9]+:)?text>(.*?)</([a-zA-Z0-9]+:)?text>", RegexOptions.Singleline)]
    private static partial Regex Text { get; }

    [GeneratedRegex("<[a-zA-Z0-9:]+[^<>]*/?>")]
    private static partial Regex Tag { get; }

    [GeneratedRegex("\"[^\"<>]*\"")]
    private static partial Regex Attribute { get; }

    /// <summary>The next file.</summary>
    public string Next(Random random)
    {
        var text = real[random.Next(real.Count)];
        for (var i = random.Next(1, 5); i > 0 && text.Length > 0; i--)
        {
            text = random.Next(8) switch
            {
                0 => TextNoise.Damaged(text, random),
                1 or 2 => Replaced(Text, text, random, old => $"{old[..(old.IndexOf('>', StringComparison.Ordinal) + 1)]}{Escaped(texts.Next(random))}{old[old.LastIndexOf("</", StringComparison.Ordinal)..]}"),
                3 => Replaced(Tag, text, random, _ => Taken(Tag, text, random)),
                4 => Replaced(Tag, text, random, old => random.Next(2) == 0 ? "" : old + Taken(Tag, text, random)),
                5 => Replaced(Attribute, text, random, _ => Taken(Attribute, text, random)),
                6 => Replaced(Attribute, text, random, _ => $"\"{Escaped(texts.Next(random))}\""),
                _ => Moved(text, random),
            };
        }
        return text;
    }

    // XML has no control characters and no halves of surrogate pairs.
    private static string Escaped(string text) => SecurityElement.Escape(string.Concat(text.Select((c, i) => System.Xml.XmlConvert.IsXmlChar(c) ? c.ToString() : $"{i % 10}")));

    private static string Replaced(Regex what, string text, Random random, Func<string, string> with) =>
        what.Matches(text) is { Count: > 0 } found && found[random.Next(found.Count)] is var one ? text[..one.Index] + with(one.Value) + text[(one.Index + one.Length)..] : text;

    private static string Taken(Regex what, string text, Random random) => what.Matches(text) is { Count: > 0 } found ? found[random.Next(found.Count)].Value : "";

    private static string Moved(string text, Random random)
    {
        var (at, length) = (random.Next(text.Length), random.Next(1, 400));
        return text.Insert(random.Next(text.Length), text.Substring(at, Math.Min(length, text.Length - at)));
    }
}
