using System.Text;
using System.Text.RegularExpressions;

namespace Guantong.Data;

/// <summary>A condition in the part of Solr's language that CKAN's clients use: words, "phrases", field:value, field:(a OR b), field:[from TO to], * and ?, AND, OR, NOT, + and -, brackets. Words beside one another must all be there.</summary>
/// <remarks>Solr Reference Guide, standard query parser; CKAN sets q.op to AND.</remarks>
internal sealed class SolrQuery
{
    // As deep as brackets may lie in one another.
    private const int Deepest = 50;

    private readonly List<Token> _tokens;
    private int _at, _depth;

    private SolrQuery(List<Token> tokens) => _tokens = tokens;

    private enum Sign
    {
        Word, Phrase, Range, Colon, Open, Close, And, Or, Not, Plus, Minus,
    }

    private readonly record struct Token(Sign Sign, string Text);

    /// <summary>How well something fits, 0 where it does not.</summary>
    /// <param name="fields">Gives the values of a field, or for null all the words of the thing.</param>
    public delegate double Fit(Func<string?, IReadOnlyList<string>> fields);

    /// <summary>Reads a condition; everything fits an empty one.</summary>
    /// <returns>How well a thing fits, 0 where it does not.</returns>
    /// <exception cref="CkanException">It cannot be read.</exception>
    public static Fit Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Trim() == "*:*")
            return _ => 1;
        var query = new SolrQuery(Tokens(text));
        var fit = query.Alternatives(null);
        return query._at == query._tokens.Count ? fit : throw CkanException.BadSearch($"Cannot parse '{text}'");
    }

    private static List<Token> Tokens(string text)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (char.IsWhiteSpace(c))
                i++;
            else if (c == '"')
                tokens.Add(new(Sign.Phrase, Until(text, ref i, '"')));
            else if (c is '[' or '{')
                tokens.Add(new(Sign.Range, Range(text, ref i)));
            else if (c is '(' or ')' or ':' or '+' or '!' || (c == '-' && (i + 1 < text.Length && !char.IsWhiteSpace(text[i + 1]))))
            {
                tokens.Add(new(c switch { '(' => Sign.Open, ')' => Sign.Close, ':' => Sign.Colon, '+' => Sign.Plus, '!' => Sign.Not, _ => Sign.Minus }, ""));
                i++;
            }
            else
                tokens.Add(Word(text, ref i));
        }
        return tokens;
    }

    private static string Until(string text, ref int i, char end)
    {
        var said = new StringBuilder();
        for (i++; i < text.Length && text[i] != end; i++)
            said.Append(text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i]);
        if (i++ >= text.Length)
            throw CkanException.BadSearch($"Cannot parse '{text}': a quote is not closed");
        return said.ToString();
    }

    private static string Range(string text, ref int i)
    {
        var from = i;
        while (i < text.Length && text[i] is not (']' or '}'))
            i++;
        return i++ < text.Length ? text[from..i] : throw CkanException.BadSearch($"Cannot parse '{text}': a range is not closed");
    }

    private static Token Word(string text, ref int i)
    {
        var said = new StringBuilder();
        for (; i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('(' or ')' or ':' or '"' or '[' or '{'); i++)
            said.Append(text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i]);
        return said.ToString() switch { "AND" or "&&" => new(Sign.And, ""), "OR" or "||" => new(Sign.Or, ""), "NOT" => new(Sign.Not, ""), var word => new(Sign.Word, word) };
    }

    private Sign? Next => _at < _tokens.Count ? _tokens[_at].Sign : null;

    private static CkanException Unreadable(string why) => CkanException.BadSearch($"Cannot parse the query: {why}");

    private Fit Alternatives(string? field)
    {
        if (++_depth > Deepest)
            throw Unreadable("too many brackets");
        var any = new List<Fit> { Together(field) };
        while (Next == Sign.Or)
        {
            _at++;
            any.Add(Together(field));
        }
        _depth--;
        return any is [var only] ? only : fields => any.Max(f => f(fields));
    }

    private Fit Together(string? field)
    {
        var all = new List<Fit>();
        while (Next is not (null or Sign.Or or Sign.Close))
        {
            if (Next == Sign.And)
                _at++;
            all.Add(One(field));
        }
        return all.Count == 0 ? throw Unreadable("something is missing") : all is [var only] ? only : fields => all.Aggregate(0.0, (sum, f) => sum < 0 ? sum : f(fields) is > 0 and var fit ? sum + fit : -1) is > 0 and var fits ? fits : 0;
    }

    private Fit One(string? field)
    {
        switch (Next)
        {
            case Sign.Plus:
                _at++;
                return One(field);
            case Sign.Minus or Sign.Not:
                _at++;
                if (++_depth > Deepest)
                    throw Unreadable("too many signs");
                var never = One(field);
                _depth--;
                return fields => never(fields) > 0 ? 0 : 1;
            case Sign.Open:
                _at++;
                var within = Alternatives(field);
                if (Next != Sign.Close)
                    throw Unreadable("a bracket is not closed");
                _at++;
                return within;
            case Sign.Word when field is null && _at + 1 < _tokens.Count && _tokens[_at + 1].Sign == Sign.Colon:
                var name = _tokens[_at].Text;
                _at += 2;
                return Of(name);
            case Sign.Word or Sign.Phrase or Sign.Range:
                var token = _tokens[_at++];
                return Like(field, token);
            default:
                throw Unreadable("something is missing");
        }
    }

    private Fit Of(string name)
    {
        if (name == "*" && Next == Sign.Word && _tokens[_at].Text == "*")
        {
            _at++;
            return _ => 1;
        }
        return Next is Sign.Word or Sign.Phrase or Sign.Range or Sign.Open ? One(name) : throw Unreadable($"{name} has no value");
    }

    private static Fit Like(string? field, Token token)
    {
        if (token.Sign == Sign.Range)
            return Between(field, token.Text);
        var text = token.Text;
        if (text.Length == 0)
            return fields => fields(field).Any(v => v.Length == 0) ? 1 : 0;
        if (token.Sign == Sign.Word && text.AsSpan().IndexOfAny('*', '?') >= 0)
        {
            var pattern = new Regex("^" + Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
            return fields => fields(field).Any(v => IsWords(field) ? Pieces(v).Any(pattern.IsMatch) : pattern.IsMatch(v)) ? 1 : 0;
        }
        // Words of any length are looked for within texts; what is named exactly has to be that.
        return IsWords(field) ? fields => fields(field).Sum(v => Count(v, text)) : fields => fields(field).Any(v => v.Equals(text, StringComparison.OrdinalIgnoreCase)) ? 1 : 0;
    }

    private static bool IsWords(string? field) => field is null or "text" or "title" or "notes" or "title_ngram" or "name_ngram";

    private static IEnumerable<string> Pieces(string text) => text.Split([' ', '\n', '\t', ',', '.', '，', '。', '；', ';'], StringSplitOptions.RemoveEmptyEntries).Append(text);

    private static double Count(string text, string word)
    {
        var count = 0;
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0 && count < 10; at = text.IndexOf(word, at + word.Length, StringComparison.OrdinalIgnoreCase))
            count++;
        return count;
    }

    private static Fit Between(string? field, string range)
    {
        var ends = range[1..^1].Split(" TO ", StringSplitOptions.TrimEntries);
        if (ends.Length != 2 || field is null)
            throw Unreadable($"{range} is no range");
        var (from, to) = (ends[0].Trim('"').TrimEnd('Z'), ends[1].Trim('"').TrimEnd('Z'));
        if (from.StartsWith("NOW", StringComparison.Ordinal) || to.StartsWith("NOW", StringComparison.Ordinal) && to != "NOW")
            throw Unreadable($"{range}: write the date out");
        bool IsIn(string value) => (from == "*" || string.CompareOrdinal(value, from) is var low && (range[0] == '[' ? low >= 0 : low > 0))
            && (to is "*" or "NOW" || string.CompareOrdinal(value.Length > to.Length ? value[..to.Length] : value, to) is var high && (range[^1] == ']' ? high <= 0 : high < 0));
        return fields => fields(field).Any(IsIn) ? 1 : 0;
    }
}
