using System.Globalization;
using System.Text;

namespace Guantong.Data;

/// <summary>A statement that was read; a thing without an address bears a name that begins with <c>_:</c>.</summary>
internal readonly record struct RdfStatement(string Subject, string Predicate, RdfTerm Object);

/// <summary>A text that does not read as RDF.</summary>
internal sealed class RdfException(long line, string what) : Exception($"line {line}: {what}")
{
    /// <summary>The line, from 1; 0 where it is not known.</summary>
    public long Line { get; } = line;
}

/// <summary>Reads RDF 1.1 Turtle.</summary>
internal sealed class TurtleReader
{
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", Xsd = "http://www.w3.org/2001/XMLSchema#";
    // Deeper than this nobody writes by hand or machine.
    private const int Deepest = 64;

    private readonly string _text;
    private readonly Dictionary<string, string> _prefixes = new(StringComparer.Ordinal);
    private readonly List<RdfStatement> _statements = [];
    private Uri _base;
    private int _at, _blank, _depth;

    private TurtleReader(string text, Uri at) => (_text, _base) = (text, at);

    /// <summary>Its statements.</summary>
    /// <param name="at">Against which its addresses are read.</param>
    /// <exception cref="RdfException">It is no Turtle.</exception>
    public static IReadOnlyList<RdfStatement> Read(string text, Uri at)
    {
        var reader = new TurtleReader(text, at);
        for (reader.Skip(); reader._at < text.Length; reader.Skip())
            reader.Statement();
        return reader._statements;
    }

    private void Statement()
    {
        if (Word("@prefix") || Keyword("PREFIX") is true)
        {
            var dotted = _text[_at - 1] == 'x';
            Skip();
            var colon = _text.IndexOf(':', _at);
            var prefix = colon < 0 ? throw Fault("a prefix") : _text[_at..colon].Trim();
            _at = colon + 1;
            Skip();
            _prefixes[prefix] = Iri();
            End(dotted);
        }
        else if (Word("@base") || Keyword("BASE"))
        {
            var dotted = _text[_at - 1] == 'e';
            Skip();
            _base = new Uri(Iri());
            End(dotted);
        }
        else
        {
            var isBlank = Peek() == '[';
            var subject = Subject();
            Skip();
            if (!(isBlank && Peek() == '.'))
                Predicates(subject);
            Expect('.');
        }
    }

    private void End(bool dotted)
    {
        Skip();
        if (dotted)
            Expect('.');
    }

    private void Predicates(string subject)
    {
        while (true)
        {
            Skip();
            var predicate = Peek() == 'a' && _at + 1 < _text.Length && (char.IsWhiteSpace(_text[_at + 1]) || _text[_at + 1] is '<' or '[') ? Taken(1, Rdf + "type") : Name();
            do
            {
                Skip();
                _statements.Add(new RdfStatement(subject, predicate, Object()));
                Skip();
            }
            while (Take(','));
            var more = false;
            while (Take(';'))
            {
                more = true;
                Skip();
            }
            if (!more || Peek() is '.' or ']')
                return;
        }
    }

    private string Subject() => Peek() switch
    {
        '[' => Nested(),
        '(' => List(),
        '_' => Blank(),
        _ => Name(),
    };

    private RdfTerm Object()
    {
        switch (Peek())
        {
            case '[':
                return new RdfTerm.Iri(Nested());
            case '(':
                return new RdfTerm.Iri(List());
            case '_':
                return new RdfTerm.Iri(Blank());
            case '"' or '\'':
                return Literal();
            case '+' or '-' or '.' or (>= '0' and <= '9'):
                var number = While(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E');
                // The point behind a whole number ends the statement.
                if (number.EndsWith('.'))
                    (number, _at) = (number[..^1], _at - 1);
                if (!number.Any(char.IsAsciiDigit))
                    throw Fault("a value");
                return new RdfTerm.Literal(number, null, Xsd + (number.Contains('e', StringComparison.OrdinalIgnoreCase) ? "double" : number.Contains('.', StringComparison.Ordinal) ? "decimal" : "integer"));
            default:
                foreach (var truth in (string[])["true", "false"])
                {
                    if (Word(truth))
                        return new RdfTerm.Literal(truth, null, Xsd + "boolean");
                }
                return new RdfTerm.Iri(Name());
        }
    }

    private string Nested()
    {
        Deeper();
        Expect('[');
        var blank = Fresh();
        Skip();
        if (Peek() != ']')
            Predicates(blank);
        Expect(']');
        _depth--;
        return blank;
    }

    private string List()
    {
        Deeper();
        Expect('(');
        var (first, last) = (Rdf + "nil", "");
        for (Skip(); Peek() != ')'; Skip())
        {
            var node = Fresh();
            if (last.Length == 0)
                first = node;
            else
                _statements.Add(new RdfStatement(last, Rdf + "rest", new RdfTerm.Iri(node)));
            _statements.Add(new RdfStatement(node, Rdf + "first", Object()));
            last = node;
        }
        Expect(')');
        if (last.Length > 0)
            _statements.Add(new RdfStatement(last, Rdf + "rest", new RdfTerm.Iri(Rdf + "nil")));
        _depth--;
        return first;
    }

    private RdfTerm.Literal Literal()
    {
        var quote = _text[_at];
        var fence = string.Concat(quote, quote, quote);
        var isLong = string.CompareOrdinal(_text, _at, fence, 0, 3) == 0;
        _at += isLong ? 3 : 1;
        var text = new StringBuilder();
        while (true)
        {
            if (_at >= _text.Length)
                throw Fault("the end of a text");
            if (isLong ? string.CompareOrdinal(_text, _at, fence, 0, 3) == 0 && !(_at + 3 < _text.Length && _text[_at + 3] == quote) : _text[_at] == quote)
                break;
            if (!isLong && _text[_at] is '\n' or '\r' && !isLong)
                throw Fault("the end of a text");
            if (_text[_at] == '\\')
                Escaped(text);
            else
                text.Append(_text[_at++]);
        }
        _at += isLong ? 3 : 1;
        if (Take('@'))
            return new RdfTerm.Literal(text.ToString(), While(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
        if (string.CompareOrdinal(_text, _at, "^^", 0, 2) != 0)
            return new RdfTerm.Literal(text.ToString());
        _at += 2;
        return new RdfTerm.Literal(text.ToString(), null, Name());
    }

    private void Escaped(StringBuilder into)
    {
        if (_at + 1 >= _text.Length)
            throw Fault("what is escaped");
        var what = _text[_at + 1];
        _at += 2;
        if (what is 'u' or 'U')
        {
            var length = what == 'u' ? 4 : 8;
            if (_at + length > _text.Length || !int.TryParse(_text.AsSpan(_at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code is > 0x10ffff or (>= 0xd800 and <= 0xdfff))
                throw Fault("a character's number");
            into.Append(char.ConvertFromUtf32(code));
            _at += length;
            return;
        }
        into.Append(what switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'b' => '\b', 'f' => '\f', '"' or '\'' or '\\' => what, _ => throw Fault("what is escaped") });
    }

    private string Name()
    {
        if (Peek() == '<')
            return Iri();
        var name = new StringBuilder();
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-' or ':' or '.' or '%' or '\\' or '\u00b7' || char.IsSurrogate(_text[_at])))
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
                _at++;
            name.Append(_text[_at++]);
        }
        // A point at its end is the statement's.
        while (name.Length > 0 && name[^1] == '.')
        {
            name.Length--;
            _at--;
        }
        var text = name.ToString();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && _prefixes.TryGetValue(text[..colon], out var address) ? address + text[(colon + 1)..] : throw Fault("a name with a prefix that was declared");
    }

    private string Iri()
    {
        Expect('<');
        var text = new StringBuilder();
        while (_at < _text.Length && _text[_at] != '>')
        {
            if (_text[_at] is ' ' or '\n' or '"' or '{' or '}' or '|' or '^' or '`')
                throw Fault("the end of an address");
            if (_text[_at] == '\\')
                Escaped(text);
            else
                text.Append(_text[_at++]);
        }
        Expect('>');
        return Uri.TryCreate(_base, text.ToString(), out var whole) ? text.ToString().Contains("://", StringComparison.Ordinal) ? text.ToString() : whole.AbsoluteUri : throw Fault("an address");
    }

    private string Blank()
    {
        if (!Word("_:"))
            throw Fault("a name");
        var name = While(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.');
        if (name.EndsWith('.'))
            (name, _at) = (name[..^1], _at - 1);
        return "_:n" + name;
    }

    private string Fresh() => $"_:b{_blank++}";

    private void Deeper()
    {
        if (++_depth > Deepest)
            throw Fault("less depth");
    }

    private void Skip()
    {
        while (_at < _text.Length && (char.IsWhiteSpace(_text[_at]) || _text[_at] == '#'))
        {
            if (_text[_at] == '#')
                _at = _text.IndexOf('\n', _at) is >= 0 and var end ? end : _text.Length;
            else
                _at++;
        }
    }

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool Take(char c)
    {
        if (Peek() != c)
            return false;
        _at++;
        return true;
    }

    private void Expect(char c)
    {
        Skip();
        if (!Take(c))
            throw Fault($"“{c}”");
    }

    private bool Word(string word)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
            return false;
        _at += word.Length;
        return true;
    }

    // SPARQL's form: in capitals or not, and without a point at its end.
    private bool Keyword(string word)
    {
        if (_at + word.Length >= _text.Length || !_text.AsSpan(_at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase) || !char.IsWhiteSpace(_text[_at + word.Length]))
            return false;
        _at += word.Length + 1;
        return true;
    }

    private string While(Func<char, bool> fits)
    {
        var from = _at;
        while (_at < _text.Length && fits(_text[_at]))
            _at++;
        return _text[from.._at];
    }

    private string Taken(int length, string value)
    {
        _at += length;
        return value;
    }

    private RdfException Fault(string wanted) => new(_text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n') + 1, wanted);
}
