using System.Text;

namespace Guantong.Feel.Functions;

/// <summary>Writes a pattern of XPath (F&amp;O §5.6, XML Schema appendix F) as one of .NET.</summary>
internal sealed class PatternText(string pattern, string flags)
{
    private const string Escapable = "nrt\\|.?*+(){}-[]^$sSdDwWiIcCpP";
    private const string NameStart = @"\p{L}_:";
    private const string NameRest = @"\p{L}\p{Nd}\p{M}._:\-\u00B7";
    private readonly StringBuilder _text = new();
    private bool _refersBack;
    private int _groups;

    /// <summary>The pattern and whether it refers back; null when it is none.</summary>
    public (string Text, bool RefersBack)? Translate()
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    if (!Escape(ref i, false))
                        return null;
                    break;
                case '[':
                    if (!Class(ref i))
                        return null;
                    break;
                case '.': _text.Append(flags.Contains('s', StringComparison.Ordinal) ? @"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|.)" : @"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\n\r])"); break;
                case '$': _text.Append(flags.Contains('m', StringComparison.Ordinal) ? "$" : @"\z"); break;
                case '(':
                    // XPath knows groups and groups that do not count, nothing else after "(?".
                    if (i + 1 < pattern.Length && pattern[i + 1] == '?' && (i + 2 >= pattern.Length || pattern[i + 2] != ':'))
                        return null;
                    if (i + 1 >= pattern.Length || pattern[i + 1] != '?')
                        _groups++;
                    _text.Append('(');
                    break;
                case var c when char.IsHighSurrogate(c) && i + 1 < pattern.Length:
                    _text.Append("(?:").Append(c).Append(pattern[++i]).Append(')');
                    break;
                case var c: _text.Append(c); break;
            }
        }
        return (_text.ToString(), _refersBack);
    }

    /// <summary>Flag x: white space outside of classes goes, before anything else is read (F&amp;O §5.6.2).</summary>
    public static string WithoutSpace(string pattern)
    {
        var kept = new StringBuilder(pattern.Length);
        var depth = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            var escaped = i > 0 && pattern[i - 1] == '\\' && (i < 2 || pattern[i - 2] != '\\');
            if (!escaped && pattern[i] is '[' or ']')
                depth += pattern[i] == '[' ? 1 : -1;
            if (depth > 0 || !char.IsWhiteSpace(pattern[i]))
                kept.Append(pattern[i]);
        }
        return kept.ToString();
    }

    private bool Escape(ref int i, bool inClass)
    {
        if (++i >= pattern.Length)
            return false;
        var c = pattern[i];
        if (char.IsAsciiDigit(c) && c != '0' && !inClass)
        {
            var number = c - '0';
            _refersBack = true;
            _text.Append("(?:\\").Append(c).Append(')');
            return number <= _groups;
        }
        if (!Escapable.Contains(c, StringComparison.Ordinal))
            return false;
        switch (c)
        {
            case 'i' or 'c':
                _text.Append(inClass ? "" : "[").Append(c == 'i' ? NameStart : NameRest).Append(inClass ? "" : "]");
                return true;
            case 'I' or 'C':
                _text.Append("[^").Append(c == 'I' ? NameStart : NameRest).Append(']');
                return !inClass;
            case 'p' or 'P':
                var end = pattern.IndexOf('}', i);
                if (i + 1 >= pattern.Length || pattern[i + 1] != '{' || end < 0)
                    return false;
                _text.Append('\\').Append(pattern, i, end - i + 1);
                i = end;
                return true;
            default:
                _text.Append('\\').Append(c);
                return true;
        }
    }

    // [a-z-[aeiou]] is the same there; pairs of surrogates become an alternative beside the class.
    private bool Class(ref int i)
    {
        var (start, pairs, negated) = (_text.Length, new List<string>(), i + 1 < pattern.Length && pattern[i + 1] == '^');
        _text.Append('[');
        var depth = 1;
        for (i++; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\')
            {
                if (!Escape(ref i, true))
                    return false;
            }
            else if (c == '[')
            {
                if (pattern[i - 1] != '-')
                    return false;
                depth++;
                _text.Append(c);
            }
            else if (c == ']')
            {
                _text.Append(c);
                if (--depth == 0)
                    break;
            }
            else if (char.IsHighSurrogate(c) && i + 1 < pattern.Length && !negated)
                pairs.Add(pattern.Substring(i++, 2));
            else
                _text.Append(c);
        }
        if (depth != 0)
            return false;
        if (pairs.Count > 0)
        {
            var plain = _text.ToString(start, _text.Length - start);
            _text.Length = start;
            _text.Append("(?:").AppendJoin('|', pairs).Append(plain is "[]" ? "" : "|" + plain).Append(')');
        }
        return true;
    }
}
