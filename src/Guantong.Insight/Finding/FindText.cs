using System.Text;

namespace Guantong.Insight;

/// <summary>Texts made alike before they are held against each other.</summary>
internal static class FindText
{
    /// <summary>Whether a character is a Chinese one.</summary>
    public static bool IsHan(char c) => c is >= '\u3400' and <= '\u9fff';

    /// <summary>Full width and half width, upper and lower case made one; what is no letter and no digit becomes a blank.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        // What is no text (half of a surrogate pair) cannot be normalised.
        foreach (var rune in text.EnumerateRunes())
            plain.Append(rune);
        var normal = plain.ToString().Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        plain.Clear();
        for (var i = 0; i < normal.Length; i++)
        {
            var isPoint = normal[i] == '.' && i > 0 && i + 1 < normal.Length && char.IsAsciiDigit(normal[i - 1]) && char.IsAsciiDigit(normal[i + 1]);
            plain.Append(char.IsLetterOrDigit(normal[i]) || isPoint ? normal[i] : ' ');
        }
        return string.Join(' ', plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A word of Latin letters without what grammar hangs on it.</summary>
    /// <remarks>Only endings that are no part of short words: enough to hold a question against a name, no stemmer of its own.</remarks>
    public static string Stem(string word) => word switch
    {
        [.., 'i', 'e', 's'] when word.Length > 4 => word[..^3] + "y",
        [.., 's', 's'] or [.., 'u', 's'] => word,
        [.., 's'] when word.Length > 3 => word[..^1],
        [.., 'i', 'n', 'g'] when word.Length > 5 => word[..^3],
        [.., 'e', 'd'] when word.Length > 4 => word[..^2],
        _ => word,
    };

    /// <summary>The stems of a text's Latin words and numbers.</summary>
    public static IEnumerable<string> Stems(string plain) => plain.Split(' ').Where(w => w.Length > 0 && !w.Any(IsHan)).Select(Stem);

    /// <summary>The sentences of a text.</summary>
    public static IEnumerable<string> Sentences(string text)
    {
        var from = 0;
        for (var i = 0; i < text.Length; i++)
        {
            // "Art. 7" is one sentence.
            var ends = text[i] is '。' or '；' or '！' or '？' or '\n' || (text[i] is '.' or ';' && i + 1 < text.Length && text[i + 1] == ' ' && !(i + 2 < text.Length && char.IsAsciiDigit(text[i + 2])));
            if (!ends && i + 1 < text.Length)
                continue;
            if (text[from..(i + 1)].Trim() is { Length: > 1 } sentence)
                yield return sentence;
            from = i + 1;
        }
    }

    /// <summary>How long a query may be, in characters.</summary>
    public const int Longest = 80;

    /// <summary>A query as it is taken: no longer than may be, counted in whole characters.</summary>
    public static string Cut(string query)
    {
        var text = query.Trim();
        return text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];
    }
}
