namespace Guantong.Feel.Parsing;

/// <summary>Values, calls, ranges, lists, contexts and types.</summary>
internal sealed partial class Parser
{
    // While the end of a range is read, "[" after it may close the range: [1..5[.
    private bool _rangeEnd;

    private bool IsRangeEnd(Expr e) => _rangeEnd && !StartsExpression(_lexer.Next(_now.End)) && e is not null;

    private static bool StartsExpression(Token token) =>
        token.Kind is TokenKind.Number or TokenKind.Text or TokenKind.At || (token.Kind == TokenKind.Word && token.Text is not ("and" or "or" or "then" or "else" or "return" or "satisfies" or "in" or "between" or "instance"))
        || (token.Kind == TokenKind.Symbol && token.Text is "(" or "[" or "{" or "?" or "-");

    private Expr Filter(Expr of)
    {
        var (outer, rangeEnd, inFilter) = (_names, _rangeEnd, _inFilter);
        (_names, _rangeEnd, _inFilter) = (_names.With("item"), false, true);
        Go(_now.End);
        var by = IsComparison(_now) ? Test() : Expression();
        Expect("]");
        (_names, _rangeEnd, _inFilter) = (outer, rangeEnd, inFilter);
        return new Expr.Filter(of, by) { Start = of.Start, End = _last };
    }

    private Expr.InstanceOf InstanceOf(Expr value)
    {
        Go(_lexer.Next(_now.End).End);
        var start = _now.Start;
        var type = Type();
        return new Expr.InstanceOf(value, type, Spelled(start, _last)) { Start = value.Start, End = _last };
    }

    private Expr.Call Call(Expr function)
    {
        var rangeEnd = _rangeEnd;
        _rangeEnd = false;
        Expect("(");
        var arguments = new List<Expr>();
        List<string>? names = null;
        while (!_now.Is(")"))
        {
            if (arguments.Count == 0 || names is not null)
                ReadArgumentName(ref names);
            if (names is not null && names.Count == arguments.Count)
                throw Unexpected("name");
            arguments.Add(Expression());
            if (!Take(","))
                break;
        }
        Expect(")");
        _rangeEnd = rangeEnd;
        return new Expr.Call(function, arguments, names) { Start = function.Start, End = _last };
    }

    private void ReadArgumentName(ref List<string>? names)
    {
        if (NameBeforeColon() is not { } end)
            return;
        var name = Spelled(_now.Start, end);
        if (names?.Contains(name) == true)
            throw Fault("feel-twice", _now.Start, name);
        (names ??= []).Add(name);
        Go(end);
        Expect(":");
    }

    private Expr Primary()
    {
        var token = _now;
        switch (token.Kind)
        {
            case TokenKind.Number:
                Go(token.End);
                return new Expr.Literal(token.Number) { Start = token.Start, End = _last };
            case TokenKind.Text:
                Go(token.End);
                return new Expr.Literal(token.Text) { Start = token.Start, End = _last };
            case TokenKind.At:
                var value = TemporalText.Any(token.Text);
                if (value.IsNull)
                    throw Fault("feel-temporal", token.Start, token.Text);
                Go(token.End);
                return new Expr.Literal(value) { Start = token.Start, End = _last };
            case TokenKind.Word:
                return WordPrimary(token);
            case TokenKind.Symbol when token.Text == "(":
                return Parenthesis();
            case TokenKind.Symbol when token.Text is "[" or "]":
                return Bracket();
            case TokenKind.Symbol when token.Text == "{":
                return Context();
            case TokenKind.Symbol when token.Text == "?":
                Go(token.End);
                return new Expr.Name("?") { Start = token.Start, End = _last };
            default:
                throw Unexpected("value");
        }
    }

    private Expr WordPrimary(Token token)
    {
        if (!token.IsKeyword || Known().End > token.End)
            return new Expr.Name(UsedName()) { Start = token.Start, End = _last };
        switch (token.Text)
        {
            case "true" or "false" or "null":
                Go(token.End);
                return new Expr.Literal(token.Text == "null" ? FeelValue.Null : token.Text == "true") { Start = token.Start, End = _last };
            case "if" or "for" or "some" or "every" or "function":
                return Expression();
            default:
                throw Unexpected("value");
        }
    }

    // "(…)" is an expression in brackets, "(a..b)" a range, "(< a)" a range too (rule 7).
    private Expr Parenthesis()
    {
        var (start, rangeEnd) = (_now.Start, _rangeEnd);
        _rangeEnd = false;
        Go(_now.End);
        Expr e;
        if (IsComparison(_now))
        {
            var test = (Expr.Test)Test();
            e = new Expr.OpenRange(test.Operator, test.Bound) { Start = start };
        }
        else
            e = Expression();
        if (_now.Is(".."))
        {
            _rangeEnd = rangeEnd;
            return RangeFrom(start, e, false);
        }
        Expect(")");
        _rangeEnd = rangeEnd;
        return e is Expr.OpenRange ? e with { End = _last } : e;
    }

    private Expr Bracket()
    {
        var (start, open, rangeEnd) = (_now.Start, _now.Text == "[", _rangeEnd);
        _rangeEnd = false;
        Go(_now.End);
        var items = new List<Expr>();
        while (!open || !_now.Is("]"))
        {
            items.Add(IsComparison(_now) && open ? ItemTest() : Expression());
            if (items.Count == 1 && (_now.Is("..") || !open))
            {
                _rangeEnd = rangeEnd;
                return RangeFrom(start, items[0], open);
            }
            if (!Take(","))
                break;
        }
        Expect("]");
        _rangeEnd = rangeEnd;
        return new Expr.ListOf(items) { Start = start, End = _last };
    }

    // A test as an item of a list is a range value.
    private Expr ItemTest()
    {
        var test = (Expr.Test)Test();
        return new Expr.OpenRange(test.Operator, test.Bound) { Start = test.Start, End = test.End };
    }

    private Expr.Range RangeFrom(int start, Expr from, bool startIncluded)
    {
        Expect("..");
        var rangeEnd = _rangeEnd;
        _rangeEnd = true;
        var to = Expression();
        _rangeEnd = rangeEnd;
        if (!(_now.Is("]") || _now.Is(")") || _now.Is("[")))
            throw Unexpected("“]”");
        var endIncluded = _now.Is("]");
        Go(_now.End);
        return new Expr.Range(from, startIncluded, to, endIncluded) { Start = start, End = _last };
    }

    private Expr.Context Context()
    {
        var (start, outer, rangeEnd) = (_now.Start, _names, _rangeEnd);
        _rangeEnd = false;
        Expect("{");
        _names = _names.With();
        var entries = new List<(string Key, Expr Value)>();
        var keys = new HashSet<string>();
        while (!_now.Is("}"))
        {
            var at = _now.Start;
            var key = Key();
            if (!keys.Add(key))
                throw Fault("feel-twice", at, key);
            Expect(":");
            entries.Add((key, Expression()));
            _names.Add(key);
            // A key with symbols may be asked for by a path later in the text.
            if (NameText.HasToBeKnown(key))
                (_keys ??= new NameIndex()).Add(key);
            if (!Take(","))
                break;
        }
        Expect("}");
        (_names, _rangeEnd) = (outer, rangeEnd);
        return new Expr.Context(entries) { Start = start, End = _last };
    }

    private string Key()
    {
        if (_now.Kind != TokenKind.Text)
            return DeclaredName(t => t.Is(":"));
        var key = _now.Text;
        Go(_now.End);
        return key;
    }

    private FeelType KnownType()
    {
        var start = _now.Start;
        return Type() ?? throw Fault("feel-unknown-type", start, Spelled(start, _last));
    }

    /// <summary>A type (rules 52 to 57); null when a name in it is not known.</summary>
    private FeelType? Type()
    {
        Deeper();
        var type = _now.Kind != TokenKind.Word ? throw Unexpected("type") : _now.Text is "list" or "range" or "context" or "function" && _lexer.Next(_now.End).Is("<") ? Parameterised() : Plain();
        _depth--;
        return type;
    }

    private FeelType? Plain()
    {
        var looked = 0;
        var (known, end) = _names.LongestType(_text, _now.Start, ref looked);
        Work(looked);
        if (known is null)
        {
            Words();
            while (Take("."))
            {
                if (_now.Kind != TokenKind.Word)
                    throw Unexpected("name");
                Words();
            }
            return null;
        }
        Go(end);
        return _names.Type(known);
    }

    private FeelType? Parameterised()
    {
        var kind = _now.Text;
        Go(_lexer.Next(_now.End).End);
        switch (kind)
        {
            case "list" or "range":
                var of = Type();
                Expect(">");
                return of is null ? null : kind == "list" ? new ListType(of) : new RangeType(of);
            case "context":
                return ContextOf();
            default:
                return FunctionOf();
        }
    }

    private ContextType? ContextOf()
    {
        var entries = new List<(string, FeelType?)>();
        while (!_now.Is(">"))
        {
            var name = Key();
            Expect(":");
            entries.Add((name, Type()));
            if (!Take(","))
                break;
        }
        Expect(">");
        return entries.Exists(e => e.Item2 is null) ? null : new ContextType([.. entries.Select(e => (e.Item1, e.Item2!))]);
    }

    private FunctionType? FunctionOf()
    {
        var parameters = new List<FeelType?>();
        while (!_now.Is(">"))
        {
            parameters.Add(Type());
            if (!Take(","))
                break;
        }
        Expect(">");
        var result = Take("->") ? Type() : FeelType.Any;
        return result is null || parameters.Contains(null) ? null : new FunctionType([.. parameters!], [.. parameters.Select(_ => "")], result);
    }
}
