namespace Guantong.Feel.Parsing;

/// <summary>Recursive descent over the grammar of DMN 1.5, 10.3.1.2.</summary>
internal sealed class Parser
{
    private const int Deepest = 120;
    private readonly string _text;
    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    public Parser(string text, IReadOnlyCollection<string> knownNames)
    {
        _text = text;
        _tokens = new Lexer(text, [.. knownNames.Concat(Functions.BuiltIns.SpacedNames).Where(n => n.Length > 0 && !n.All(Lexer.IsNamePart)).OrderByDescending(n => n.Length)]).ReadAll();
    }

    private Token Now => _tokens[_at];

    public Expr ReadExpression()
    {
        var e = Expression();
        Expect(TokenKind.End, "end");
        return e;
    }

    /// <summary>Unary tests (grammar rule 15): "-", "not(…)", or tests with commas; null means that anything passes.</summary>
    public (IReadOnlyList<Expr>? Tests, bool Negated) ReadUnaryTests()
    {
        if (Now.Is("-") && _tokens[_at + 1].Kind == TokenKind.End)
            return (null, false);
        var negated = Now.Is("not") && _tokens[_at + 1].Is("(");
        if (negated)
            _at += 2;
        var tests = Tests();
        if (negated)
            Expect(")");
        Expect(TokenKind.End, "end");
        return (tests, negated);
    }

    private List<Expr> Tests()
    {
        var tests = new List<Expr> { PositiveTest() };
        while (Take(","))
            tests.Add(PositiveTest());
        return tests;
    }

    private Expr PositiveTest()
    {
        foreach (var op in (string[])["<=", ">=", "<", ">", "!=", "="])
        {
            if (Take(op))
                return new Expr.Test(op, Additive());
        }
        return Expression();
    }

    private Expr Expression()
    {
        if (++_depth > Deepest)
            throw Fault("feel-deep", Now.Position);
        try
        {
            return Now switch
            {
                { Kind: TokenKind.Keyword, Text: "if" } => If(),
                { Kind: TokenKind.Keyword, Text: "for" } => For(),
                { Kind: TokenKind.Keyword, Text: "some" or "every" } => Quantified(),
                { Kind: TokenKind.Keyword, Text: "function" } => Function(),
                _ => Or(),
            };
        }
        finally
        {
            _depth--;
        }
    }

    private Expr.If If()
    {
        Expect("if");
        var condition = Expression();
        Expect("then");
        var then = Expression();
        Expect("else");
        return new Expr.If(condition, then, Expression());
    }

    private Expr.For For()
    {
        Expect("for");
        var over = Iterations();
        Expect("return");
        return new Expr.For(over, Expression());
    }

    private Expr.Quantified Quantified()
    {
        var every = Now.Text == "every";
        _at++;
        var over = Iterations();
        Expect("satisfies");
        return new Expr.Quantified(every, over, Expression());
    }

    private List<(string, Expr)> Iterations()
    {
        var over = new List<(string, Expr)>();
        do
        {
            var name = Word();
            Expect("in");
            var source = Expression();
            over.Add((name, Take("..") ? new Expr.Range(source, true, Expression(), true) : source));
        }
        while (Take(","));
        return over;
    }

    private Expr.Lambda Function()
    {
        Expect("function");
        Expect("(");
        var parameters = new List<string>();
        while (!Now.Is(")"))
        {
            parameters.Add(Word());
            if (Take(":"))
                Type();
            if (!Take(","))
                break;
        }
        Expect(")");
        return new Expr.Lambda(parameters, Expression());
    }

    private Expr Or()
    {
        var left = And();
        while (Take("or"))
            left = new Expr.Logic(false, left, And());
        return left;
    }

    private Expr And()
    {
        var left = Comparison();
        while (Take("and"))
            left = new Expr.Logic(true, left, Comparison());
        return left;
    }

    private Expr Comparison()
    {
        var left = Additive();
        while (true)
        {
            if (Now.Kind == TokenKind.Symbol && Now.Text is "=" or "!=" or "<" or "<=" or ">" or ">=")
            {
                var op = _tokens[_at++].Text;
                left = new Expr.Binary(op, left, Additive());
            }
            else if (Take("between"))
            {
                var low = Additive();
                Expect("and");
                left = new Expr.Between(left, low, Additive());
            }
            else if (Take("in"))
                left = In(left);
            else if (Take("instance"))
            {
                Expect("of");
                left = new Expr.InstanceOf(left, Type());
            }
            else
                return left;
        }
    }

    // "in (a, b)" is a list of tests; "in (1..5)" an open range, which Primary reads.
    private Expr.In In(Expr value)
    {
        if (Now.Is("(") && !IsOpenRange())
        {
            _at++;
            var tests = Tests();
            Expect(")");
            return new Expr.In(value, tests);
        }
        return new Expr.In(value, [PositiveTestNarrow()]);
    }

    private Expr PositiveTestNarrow() => Now.Text is "<=" or ">=" or "<" or ">" && Now.Kind == TokenKind.Symbol ? PositiveTest() : Additive();

    private bool IsOpenRange()
    {
        var depth = 0;
        for (var i = _at + 1; i < _tokens.Count && _tokens[i].Kind != TokenKind.End; i++)
        {
            if (_tokens[i].Kind != TokenKind.Symbol)
                continue;
            if (depth == 0 && _tokens[i].Text == "..")
                return true;
            depth += _tokens[i].Text switch { "(" or "[" or "{" => 1, ")" or "]" or "}" => -1, _ => 0 };
            if (depth < 0 || (depth == 0 && _tokens[i].Text == ","))
                return false;
        }
        return false;
    }

    private Expr Additive()
    {
        var left = Multiplicative();
        while (Now.Is("+") || Now.Is("-"))
        {
            var op = _tokens[_at++].Text;
            left = new Expr.Binary(op, left, Multiplicative());
        }
        return left;
    }

    private Expr Multiplicative()
    {
        var left = Power();
        while (Now.Is("*") || Now.Is("/"))
        {
            var op = _tokens[_at++].Text;
            left = new Expr.Binary(op, left, Power());
        }
        return left;
    }

    private Expr Power()
    {
        var left = Sign();
        while (Take("**"))
            left = new Expr.Binary("**", left, Sign());
        return left;
    }

    private Expr Sign()
    {
        if (!Take("-"))
            return Postfix();
        if (++_depth > Deepest)
            throw Fault("feel-deep", Now.Position);
        var of = Sign();
        _depth--;
        return new Expr.Unary(of);
    }

    private Expr Postfix()
    {
        var e = Primary();
        while (true)
        {
            if (Take("."))
                e = new Expr.Path(e, Word());
            else if (Now.Is("[") )
            {
                _at++;
                var by = Expression();
                Expect("]");
                e = new Expr.Filter(e, by);
            }
            else if (Now.Is("("))
                e = Call(e);
            else
                return e;
        }
    }

    private Expr.Call Call(Expr function)
    {
        Expect("(");
        var arguments = new List<Expr>();
        List<string>? names = null;
        while (!Now.Is(")"))
        {
            if (Now.Kind is TokenKind.Name && _tokens[_at + 1].Is(":") && (arguments.Count == 0 || names is not null))
            {
                (names ??= []).Add(Word());
                Expect(":");
            }
            arguments.Add(Expression());
            if (!Take(","))
                break;
        }
        Expect(")");
        return new Expr.Call(function, arguments, names);
    }

    private Expr Primary()
    {
        var token = Now;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Text or TokenKind.Temporal:
                _at++;
                return new Expr.Literal(token.Value);
            case TokenKind.Name:
                _at++;
                return new Expr.Name(token.Text);
            case TokenKind.Keyword when token.Text is "true" or "false" or "null":
                _at++;
                return new Expr.Literal(token.Text == "null" ? null : token.Text == "true");
            case TokenKind.Keyword when token.Text == "not":
                _at++;
                return new Expr.Name("not");
            case TokenKind.Symbol when token.Text is "(" or "[" or "]":
                return Bracketed();
            case TokenKind.Symbol when token.Text == "{":
                return Context();
            case TokenKind.Symbol when token.Text == "?":
                _at++;
                return new Expr.Name("?");
            case TokenKind.Keyword when token.Text is "if" or "for" or "some" or "every" or "function":
                return Expression();
            default:
                throw Unexpected("a value");
        }
    }

    private Expr Bracketed()
    {
        if (IsOpenRange())
            return Range();
        if (Take("["))
        {
            var items = new List<Expr>();
            while (!Now.Is("]"))
            {
                items.Add(Expression());
                if (!Take(","))
                    break;
            }
            Expect("]");
            return new Expr.ListOf(items);
        }
        Expect("(");
        // "(< 5)" is a unary comparison as a value (grammar rule 7).
        var inner = PositiveTest();
        Expect(")");
        return inner;
    }

    private Expr.Range Range()
    {
        var startIncluded = Now.Text == "[";
        _at++;
        var start = Additive();
        Expect("..");
        var end = Additive();
        var close = Now;
        if (!(close.Is("]") || close.Is(")") || close.Is("[")))
            throw Unexpected("]");
        _at++;
        return new Expr.Range(Bound(start), startIncluded, Bound(end), close.Text == "]");
    }

    private static Expr? Bound(Expr e) => e is Expr.Literal { Value: null } ? null : e;

    private Expr.Context Context()
    {
        Expect("{");
        var entries = new List<(string, Expr)>();
        while (!Now.Is("}"))
        {
            var key = Now.Kind == TokenKind.Text ? (string)_tokens[_at++].Value! : Word();
            Expect(":");
            entries.Add((key, Expression()));
            if (!Take(","))
                break;
        }
        Expect("}");
        return new Expr.Context(entries);
    }

    // Types are read over, and named by their text: list<number> as "list".
    private string Type()
    {
        var name = Now.Is("function") ? _tokens[_at++].Text : Word();
        while (Now.Is("and") || Now.Kind == TokenKind.Name)
            name += " " + _tokens[_at++].Text;
        if (Take("<"))
        {
            for (var depth = 1; depth > 0 && Now.Kind != TokenKind.End; _at++)
                depth += Now.Is("<") ? 1 : Now.Is(">") ? -1 : 0;
        }
        return name;
    }

    private string Word()
    {
        if (Now.Kind is TokenKind.Name or TokenKind.Keyword)
            return _tokens[_at++].Text;
        throw Unexpected("a name");
    }

    private bool Take(string what)
    {
        if (!Now.Is(what))
            return false;
        _at++;
        return true;
    }

    private void Expect(string what)
    {
        if (!Take(what))
            throw Unexpected($"“{what}”");
    }

    private void Expect(TokenKind kind, string what)
    {
        if (Now.Kind != kind)
            throw Unexpected(what);
    }

    private ParseException Unexpected(string wanted) =>
        Now.Kind == TokenKind.End ? Fault("feel-end", Now.Position, wanted) : Fault("feel-unexpected", Now.Position, Now.Text, wanted);

    private ParseException Fault(string code, int position, params string[] args) => new(Lexer.Place(_text, code, position, args));
}
