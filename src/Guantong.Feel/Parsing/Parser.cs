using System.Text;

namespace Guantong.Feel.Parsing;

/// <summary>Recursive descent over the grammar of DMN 1.5 §10.3.1.2. This part: tokens, names, tests.</summary>
internal sealed partial class Parser
{
    // Deep enough for people, and flat enough for the stack of any thread.
    private const int Deepest = 150;
    private const int LongestChain = 300;
    private const int Highest = 500;
    private const int LongestText = 1 << 20;

    private readonly string _text;
    private readonly Lexer _lexer;
    private Vocabulary _names;
    private Token _now;
    private int _depth;
    private long _work;
    private int _last;
    private NameIndex? _keys;
    private bool _inFilter;

    public Parser(string text, Vocabulary names, bool inFilter = false)
    {
        (_text, _lexer, _names, _inFilter) = (text, new Lexer(text), names, inFilter);
        if (text.Length > LongestText)
            throw Fault("feel-long", 0);
        // Re-reading is rare and short; a text made to be read again and again ends here.
        _work = 4000 + 100L * text.Length;
        Go(0);
    }

    /// <summary>Reads the whole text.</summary>
    /// <param name="iterated">Whether "1..4" may stand there too, as after <c>for i in</c>.</param>
    public Expr ReadExpression(bool iterated = false)
    {
        var e = Expression();
        if (iterated && Take(".."))
            e = new Expr.Range(e, true, Expression(), true) { Start = e.Start, End = _last };
        return _now.Kind == TokenKind.End ? Checked(e) : throw Unexpected("end");
    }

    // Brackets that hold chains of brackets add up.
    private Expr Checked(Expr e) => e.IsDeeperThan(Highest) ? throw Fault("feel-deep", e.Start) : e;

    /// <summary>Unary tests (rule 15): "-", "not(…)", or tests with commas; null means that anything passes.</summary>
    public (IReadOnlyList<Expr>? Tests, bool Negated) ReadUnaryTests()
    {
        if (_now.Is("-") && _lexer.Next(_now.End).Kind == TokenKind.End)
            return (null, false);
        if (_now.IsWord("not") && _lexer.Next(_now.End).Is("("))
        {
            var start = _now.Start;
            Go(_lexer.Next(_now.End).End);
            var negated = Tests();
            if (Take(")") && _now.Kind == TokenKind.End)
                return (negated, true);
            Go(start);
        }
        var tests = Tests();
        return _now.Kind == TokenKind.End ? (tests, false) : throw Unexpected("end");
    }

    private List<Expr> Tests()
    {
        var tests = new List<Expr> { Checked(Test()) };
        while (Take(","))
            tests.Add(Checked(Test()));
        return tests;
    }

    private Expr Test()
    {
        if (!IsComparison(_now))
            return Expression();
        var (start, op) = (_now.Start, _now.Text);
        // A bound may hold tests in brackets again: (< (< (< 1))).
        Deeper();
        Go(_now.End);
        var bound = Additive();
        _depth--;
        return new Expr.Test(op, bound) { Start = start, End = _last };
    }

    private static bool IsComparison(Token token) => token.Kind == TokenKind.Symbol && token.Text is "=" or "!=" or "<" or "<=" or ">" or ">=";

    /// <summary>A name where one is used: the longest known one, else all the words that stand together.</summary>
    private string UsedName()
    {
        var (known, end) = Known();
        if (known is not null)
        {
            Go(end);
            return known;
        }
        return Words();
    }

    private (string? Name, int End) Known()
    {
        var looked = 0;
        var best = _names.Longest(_text, _now.Start, _inFilter, ref looked);
        Work(looked);
        return best;
    }

    private string Member()
    {
        if (_now.Kind != TokenKind.Word)
            throw Unexpected("name");
        var looked = 0;
        var best = _names.LongestMember(_text, _now.Start, ref looked);
        var (known, end) = _keys?.Longest(_text, _now.Start, best, ref looked) ?? best;
        Work(looked);
        if (known is not null)
        {
            Go(end);
            return known;
        }
        if (_now.IsKeyword)
        {
            var word = _now.Text;
            Go(_now.End);
            return word;
        }
        return Words();
    }

    // Two words side by side are never two expressions, so together they are one name.
    private string Words()
    {
        var start = _now.Start;
        do
            Go(_now.End);
        while ((_now.Kind == TokenKind.Word && !_now.IsKeyword) || (_now.Kind == TokenKind.Number && char.IsAsciiDigit(_now.Text[0]) && char.IsWhiteSpace(_text[_now.Start - 1])));
        return Spelled(start, _last);
    }

    // Comments between the words of a name are no part of it.
    private string Spelled(int start, int end)
    {
        if (_text.IndexOf('/', start, end - start) < 0)
            return NameText.Normal(_text.AsSpan(start, end - start));
        var name = new StringBuilder();
        var last = start;
        for (var token = _lexer.Next(start); token.Start < end; token = _lexer.Next(last))
        {
            name.Append(token.Start > last && name.Length > 0 ? " " : "").Append(token.Text);
            last = token.End;
        }
        return name.ToString();
    }

    /// <summary>A name where one is declared: everything up to what may follow it.</summary>
    private string DeclaredName(Func<Token, bool> ends)
    {
        var start = _now.Start;
        if (_now.Kind != TokenKind.Word && !_now.Is("?"))
            throw Unexpected("name");
        do
            Go(_now.End);
        while (!ends(_now) && (_now.Kind is TokenKind.Word or TokenKind.Number || (_now.Kind == TokenKind.Symbol && NameText.IsSymbol(_now.Text))));
        return ends(_now) ? Spelled(start, _last) : throw Unexpected("name");
    }

    /// <summary>Where a name with a colon after it ends, or null when none stands here.</summary>
    private int? NameBeforeColon()
    {
        var token = _now;
        if (token.Kind != TokenKind.Word)
            return null;
        while (token.Kind is TokenKind.Word or TokenKind.Number || (token.Kind == TokenKind.Symbol && NameText.IsSymbol(token.Text)))
        {
            var end = token.End;
            token = _lexer.Next(end);
            Work();
            if (token.Is(":"))
                return end;
        }
        return null;
    }

    private void Go(int position)
    {
        Work();
        _last = position;
        _now = _lexer.Next(position);
    }

    private void Work(int much = 1)
    {
        if ((_work -= much) < 0)
            throw Fault("feel-long", _now.Start);
    }

    private bool Take(string symbol)
    {
        if (!_now.Is(symbol))
            return false;
        Go(_now.End);
        return true;
    }

    private bool TakeWord(string word)
    {
        if (!_now.IsWord(word))
            return false;
        Go(_now.End);
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
            throw Unexpected($"“{symbol}”");
    }

    private void ExpectWord(string word)
    {
        if (!TakeWord(word))
            throw Unexpected($"“{word}”");
    }

    private ParseException Unexpected(string wanted) =>
        _now.Kind == TokenKind.End ? Fault("feel-end", _now.Start, wanted) : Fault("feel-unexpected", _now.Start, _now.Text, wanted);

    private ParseException Fault(string code, int position, params string[] args) => _lexer.Fault(code, position, args);
}
