using System.Globalization;
using System.Text;

namespace Guantong.Feel.Parsing;

/// <summary>Names and their letters (DMN 1.5 §10.3.1.2, rules 27 to 30): they may hold spaces and some symbols.</summary>
internal static class NameText
{
    private const string Symbols = "./-'’+*";

    // Code points beyond the BMP come as surrogate pairs; both halves count as letters.
    public static bool IsStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c > 127 && (char.IsLetter(c) || char.IsSurrogate(c) || IsSign(c)));

    public static bool IsPart(char c) => IsStart(c) || char.IsAsciiDigit(c) || (c > 127 && (char.IsDigit(c)
        || c is '\u00B7' or '\u203F' or '\u2040' || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark));

    // Rule 28 counts whole blocks as letters: 2070–218F, 2C00–2FEF, F900–FDCF, FDF0–FFFD and others; FEFF, which rule 61 counts as space too, is space.
    private static bool IsSign(char c) => c != '\uFEFF' && c is >= '\u2070' and <= '\u218F' or >= '\u2C00' and <= '\u2FEF' or >= '\uF900' and <= '\uFDCF' or >= '\uFDF0' and <= '\uFFFD' or >= '\u3001' and <= '\uD7FF' or '\u200C' or '\u200D';

    public static bool IsSymbol(string symbol) => symbol == "**" || (symbol.Length == 1 && Symbols.Contains(symbol[0], StringComparison.Ordinal));

    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is '\uFEFF' or '\u180E' or '\u200B';

    /// <summary>Whether a key needs no quotes: words with single spaces between them.</summary>
    public static bool IsPlain(string key)
    {
        if (key.Length == 0 || !IsStart(key[0]))
            return false;
        for (var i = 1; i < key.Length; i++)
        {
            if (!IsPart(key[i]) && (key[i] != ' ' || i + 1 == key.Length || !IsPart(key[i + 1])))
                return false;
        }
        return true;
    }

    /// <summary>Whether a name can be read only by one who knows it: it holds symbols or a keyword.</summary>
    public static bool HasToBeKnown(string name) => !IsPlain(name) || (name.Contains(' ', StringComparison.Ordinal) && Array.Exists(name.Split(' '), Lexer.Keywords.Contains));

    /// <summary>The name with runs of white space made one space.</summary>
    public static string Normal(ReadOnlySpan<char> text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var c in text.Trim())
        {
            if (!IsSpace(c))
                name.Append(c);
            else if (name.Length > 0 && name[^1] != ' ')
                name.Append(' ');
        }
        return name.ToString();
    }

    /// <summary>Where a known name that stands at a place ends, or -1. White space is free around symbols.</summary>
    public static int Match(string name, string text, int at)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (IsSpace(name[i]))
            {
                var loose = i + 1 < name.Length && (!IsPart(name[i + 1]) || !IsPart(name[i - 1]));
                if (at >= text.Length || (!IsSpace(text[at]) && !loose))
                    return -1;
                at = Skip(text, at);
                continue;
            }
            if (i > 0 && (!IsPart(name[i]) || !IsPart(name[i - 1])))
                at = Skip(text, at);
            if (at >= text.Length || text[at] != name[i])
                return -1;
            at++;
        }
        return at < text.Length && IsPart(text[at]) && IsPart(name[^1]) ? -1 : at;
    }

    private static int Skip(string text, int at)
    {
        while (at < text.Length && IsSpace(text[at]))
            at++;
        return at;
    }
}
