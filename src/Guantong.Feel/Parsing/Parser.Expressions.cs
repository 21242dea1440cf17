namespace Guantong.Feel.Parsing;

/// <summary>Textual expressions (rules 2 to 6), from the loosest to the tightest.</summary>
internal sealed partial class Parser
{
    private Expr Expression()
    {
        Deeper();
        // A known name may begin with a keyword: "for sale".
        var e = !_now.IsKeyword || Known().End > _now.End ? Or() : _now.Text switch
        {
            "if" => If(),
            "for" => For(),
            "some" or "every" => Quantified(),
            "function" => Function(),
            _ => Or(),
        };
        _depth--;
        return e;
    }

    private void Deeper()
    {
        if (++_depth > Deepest)
            throw Fault("feel-deep", _now.Start);
    }

    private Expr.If If()
    {
        var start = _now.Start;
        ExpectWord("if");
        var condition = Expression();
        ExpectWord("then");
        var then = Expression();
        ExpectWord("else");
        var otherwise = Expression();
        return new Expr.If(condition, then, otherwise) { Start = start, End = _last };
    }

    private Expr.For For()
    {
        var (start, outer) = (_now.Start, _names);
        ExpectWord("for");
        var over = Iterations();
        ExpectWord("return");
        _names = _names.With("partial");
        var give = Expression();
        _names = outer;
        return new Expr.For(over, give) { Start = start, End = _last };
    }

    private Expr.Quantified Quantified()
    {
        var (start, outer, every) = (_now.Start, _names, _now.Text == "every");
        Go(_now.End);
        var over = Iterations();
        ExpectWord("satisfies");
        var satisfies = Expression();
        _names = outer;
        return new Expr.Quantified(every, over, satisfies) { Start = start, End = _last };
    }

    // Each variable is known to those after it.
    private List<Iteration> Iterations()
    {
        var over = new List<Iteration>();
        do
        {
            var name = DeclaredName(t => t.IsWord("in"));
            ExpectWord("in");
            var source = Expression();
            over.Add(new Iteration(name, source, Take("..") ? Expression() : null));
            _names = _names.With(name);
        }
        while (Take(","));
        return over;
    }

    private Expr.Lambda Function()
    {
        var (start, outer) = (_now.Start, _names);
        ExpectWord("function");
        Expect("(");
        var parameters = new List<(string, FeelType)>();
        while (!_now.Is(")"))
        {
            var name = DeclaredName(t => t.Is(":") || t.Is(",") || t.Is(")"));
            parameters.Add((name, Take(":") ? KnownType() : FeelType.Any));
            if (!Take(","))
                break;
        }
        Expect(")");
        _names = _names.With(parameters.Select(p => p.Item1));
        var body = _now.IsWord("external") && _lexer.Next(_now.End).Is("{") ? External() : Expression();
        _names = outer;
        return new Expr.Lambda(parameters, body) { Start = start, End = _last };
    }

    private Expr.External External()
    {
        var start = _now.Start;
        Go(_now.End);
        return new Expr.External(Printer.Print(Context())) { Start = start, End = _last };
    }

    private Expr Or() => Chain(And, t => t.IsWord("or"));

    private Expr And() => Chain(Comparison, t => t.IsWord("and"));

    private Expr Additive() => Chain(Multiplicative, t => t.Is("+") || t.Is("-"));

    private Expr Multiplicative() => Chain(Power, t => t.Is("*") || t.Is("/"));

    private Expr Power() => Chain(Sign, t => t.Is("**"));

    // All of them associate to the left; a chain is as deep as it is long.
    private Expr Chain(Func<Expr> operand, Func<Token, bool> isOperator)
    {
        var left = operand();
        for (var length = 0; isOperator(_now); length++)
        {
            if (length > LongestChain)
                throw Fault("feel-deep", _now.Start);
            var op = _now.Text;
            Go(_now.End);
            left = new Expr.Binary(op, left, operand()) { Start = left.Start, End = _last };
        }
        return left;
    }

    private Expr Comparison()
    {
        var left = Additive();
        for (var length = 0; ; length++)
        {
            if (length > LongestChain)
                throw Fault("feel-deep", _now.Start);
            if (IsComparison(_now))
            {
                var op = _now.Text;
                Go(_now.End);
                left = new Expr.Binary(op, left, Additive()) { Start = left.Start, End = _last };
            }
            else if (TakeWord("between"))
            {
                var low = Additive();
                ExpectWord("and");
                left = new Expr.Between(left, low, Additive()) { Start = left.Start, End = _last };
            }
            else if (TakeWord("in"))
                left = new Expr.In(left, InTests()) { Start = left.Start, End = _last };
            else
                return left;
        }
    }

    // "in (a, b)" holds tests; "in (1..5)" and "in (a).b" are values that begin with a bracket.
    private List<Expr> InTests()
    {
        var outer = _names;
        _names = _names.With("?");
        var tests = _now.Is("(") ? BracketedTests() : [IsComparison(_now) ? Test() : Additive()];
        _names = outer;
        return tests;
    }

    private List<Expr> BracketedTests()
    {
        var start = _now.Start;
        Go(_now.End);
        var tests = Tests();
        if (Take(")") && !(_now.Kind == TokenKind.Symbol && _now.Text is "." or "[" or "(" or "+" or "-" or "*" or "/" or "**"))
            return tests;
        Go(start);
        return [Additive()];
    }

    private Expr Sign()
    {
        if (!_now.Is("-"))
            return Postfix();
        var start = _now.Start;
        Deeper();
        Go(_now.End);
        var of = Sign();
        _depth--;
        return of is Expr.Literal { Value.IsNumber: true } number
            ? new Expr.Literal(-number.Value.Number) { Start = start, End = _last }
            : new Expr.Negate(of) { Start = start, End = _last };
    }

    private Expr Postfix()
    {
        var e = Primary();
        for (var length = 0; ; length++)
        {
            if (length > LongestChain)
                throw Fault("feel-deep", _now.Start);
            if (Take("."))
                e = new Expr.Path(e, Member()) { Start = e.Start, End = _last };
            else if (_now.Is("[") && !IsRangeEnd(e))
                e = Filter(e);
            else if (_now.Is("("))
                e = Call(e);
            else if (_now.IsWord("instance") && _lexer.Next(_now.End).IsWord("of"))
                e = InstanceOf(e);
            else
                return e;
        }
    }
}
