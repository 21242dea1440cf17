using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Guantong.Insight;

/// <summary>A question's text, and which of its characters have been understood.</summary>
/// <remarks>Width and case make no difference; each character stays at its place, so that what was understood can be shown in the asker's own words.</remarks>
internal sealed class QuestionText
{
    private readonly string _original;
    private readonly bool[] _taken;
    // The text without blanks and marks, and where each character stands.
    private readonly string _squeezed;
    private readonly int[] _places;

    public QuestionText(string original)
    {
        _original = original;
        Text = string.Concat(original.Select(Plain));
        _taken = new bool[Text.Length];
        _places = [.. Enumerable.Range(0, Text.Length).Where(i => !IsMark(Text[i]))];
        _squeezed = string.Concat(_places.Select(i => Text[i]));
    }

    /// <summary>The text in lower case and half width.</summary>
    public string Text { get; }

    /// <summary>A word as it is looked for: without blanks and marks.</summary>
    public static string Squeeze(string word) => string.Concat(word.Select(Plain).Where(c => !IsMark(c)));

    // FormKC of one character may be several (㎡); then it stays as it is. Half of a surrogate pair cannot be normalised.
    private static char Plain(char c)
    {
        if (char.IsSurrogate(c))
            return c;
        var plain = c < 128 ? c.ToString() : c.ToString().Normalize(NormalizationForm.FormKC);
        return char.ToLowerInvariant(plain.Length == 1 ? plain[0] : c);
    }

    public static bool IsMark(char c) => char.IsWhiteSpace(c) || char.IsControl(c) || c is '-' or '_' || (c is not ('.' or '%') && CharUnicodeInfo.GetUnicodeCategory(c) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation);

    public bool IsFree(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (_taken[i])
                return false;
        }
        return to > from;
    }

    /// <summary>Marks characters as understood; gives the asker's words.</summary>
    public string Take(int from, int to)
    {
        Array.Fill(_taken, true, from, to - from);
        return _original[from..to].Trim();
    }

    /// <summary>The first match on characters that are not understood yet.</summary>
    public Match? Find(Regex what)
    {
        for (var m = what.Match(Text); m.Success; m = m.NextMatch())
        {
            if (m.Length > 0 && IsFree(m.Index, m.Index + m.Length))
                return m;
        }
        return null;
    }

    /// <summary>Understands the first match; gives it and the asker's words.</summary>
    public (Match Match, string Words)? Take(Regex what) => Find(what) is { } m ? (m, Take(m.Index, m.Index + m.Length)) : null;

    /// <summary>Where a squeezed word stands, as places of the text: on free characters, and not within a longer word of Latin letters.</summary>
    public (int From, int To)? Find(string squeezed)
    {
        for (var i = squeezed.Length == 0 ? -1 : _squeezed.IndexOf(squeezed, StringComparison.Ordinal); i >= 0; i = _squeezed.IndexOf(squeezed, i + 1, StringComparison.Ordinal))
        {
            var (from, to) = (_places[i], _places[i + squeezed.Length - 1] + 1);
            if (Enumerable.Range(i, squeezed.Length).All(p => !_taken[_places[p]])
                && !(IsLatin(Text[from]) && from > 0 && IsLatin(Text[from - 1])) && !(IsLatin(Text[to - 1]) && to < Text.Length && IsLatin(Text[to])))
                return (from, to);
        }
        return null;
    }

    public static bool IsLatin(char c) => char.IsAsciiLetterOrDigit(c);

    /// <summary>The stretches that are not understood, as places; a mark ends one, and a blank where told.</summary>
    public IEnumerable<(int From, int To)> Left(bool blanksEnd)
    {
        for (var i = 0; i < Text.Length; i++)
        {
            if (_taken[i] || IsMark(Text[i]))
                continue;
            var (from, to) = (i, i);
            for (; i < Text.Length && !_taken[i] && (!IsMark(Text[i]) || (!blanksEnd && Text[i] is ' ' or '-')); i++)
                to = IsMark(Text[i]) ? to : i + 1;
            yield return (from, to);
        }
    }

    /// <summary>The asker's words at a place.</summary>
    public string Words(int from, int to) => _original[from..to].Trim();
}
