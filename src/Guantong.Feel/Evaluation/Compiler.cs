using Guantong.Feel.Functions;
using Guantong.Feel.Parsing;
using Guantong.Feel.Types;

namespace Guantong.Feel.Evaluation;

/// <summary>Turns the tree into delegates over slots once, so that evaluating walks no tree and looks up no name.</summary>
internal static partial class Compiler
{
    /// <summary>The name under which the value under test stands.</summary>
    public const string Tested = "?";

    public static Evaluator Compile(Expr e, Scope scope) => Code(e, scope).Run;

    private static Code Code(Expr e, Scope scope) => e switch
    {
        Expr.Literal l => Evaluation.Code.Constant(l.Value),
        Expr.Name n => Name(n.Id, scope),
        Expr.Negate n => Fold(Code(n.Of, scope), of => f => Arithmetic.Negate(of(f), f.Session)),
        Expr.Binary b => Binary(b, scope),
        Expr.If i => If(Code(i.Condition, scope), Compile(i.Then, scope), Compile(i.Else, scope)),
        Expr.Between b => Between(Code(b.Value, scope), Code(b.Low, scope), Code(b.High, scope)),
        Expr.In i => new Code(In(i, scope)),
        Expr.Test t => new Code(Test(t, scope)),
        Expr.Range r => Fold(Code(r.From, scope), Code(r.To, scope), (from, to) => Range(r, from, to)),
        Expr.OpenRange r => Fold(Code(r.Bound, scope), bound => f => Ranges.Open(r.Operator, bound(f))),
        Expr.ListOf l => ListOf([.. l.Items.Select(i => Code(i, scope))]),
        Expr.Context c => new Code(Context(c.Entries, null, scope)),
        Expr.Boxed b => new Code(Context(b.Entries, b.Result, scope)),
        Expr.Path p => Fold(Code(p.Of, scope), of => f => Access.Member(of(f), p.Key, f.Session)),
        Expr.Filter x => new Code(Filter(x, scope)),
        Expr.Call c => Call(c, scope),
        Expr.Lambda l => new Code(Function(l, scope)),
        Expr.External x => new Code(f => f.Session.Null(NullReason.Unsupported, x.What)),
        Expr.For x => new Code(For(x, scope)),
        Expr.Quantified q => new Code(Quantified(q, scope)),
        Expr.InstanceOf i => new Code(InstanceOf(Compile(i.Value, scope), i)),
        Expr.Coerce c => Compile(c.Of, scope) is var of && ReferenceEquals(c.Type, FeelType.Any) ? new Code(of) : new Code(f => Coercion.To(c.Type, of(f), f.Session)),
        Expr.Row r => new Code(Row(r, scope)),
        Expr.Broken b => new Code(f => f.Session.Null(NullReason.Broken, b.Fault.Message("en"))),
        Expr.Foreign x => new Code(x.Compile(scope)),
        _ => throw new InvalidOperationException(e.GetType().Name),
    };

    private static Code Name(string id, Scope scope)
    {
        if (scope.Find(id) is { } known)
            return new Code(known);
        return BuiltIns.Find(id) is { } function ? Evaluation.Code.Constant(function) : new Code(Scope.Missing(id));
    }

    private static Code Binary(Expr.Binary b, Scope scope)
    {
        // A chain leans to the left; it is taken apart without recursion.
        var links = new Stack<Expr.Binary>();
        Expr first = b;
        for (; first is Expr.Binary link; first = link.Left)
            links.Push(link);
        var code = Code(first, scope);
        foreach (var link in links)
            code = Link(link.Operator, code, Code(link.Right, scope));
        return code;
    }

    private static Code Link(string op, Code left, Code right) => op switch
    {
        "and" => new Code(And(left.Run, right.Run)),
        "or" => new Code(Or(left.Run, right.Run)),
        _ => Fold(left, right, (x, y) => Operation(op, x, y)),
    };

    private static Evaluator Operation(string op, Evaluator left, Evaluator right) => op switch
    {
        "+" => f => Arithmetic.Add(left(f), right(f), f.Session),
        "-" => f => Arithmetic.Subtract(left(f), right(f), f.Session),
        "*" => f => Arithmetic.Multiply(left(f), right(f), f.Session),
        "/" => f => Arithmetic.Divide(left(f), right(f), f.Session),
        "**" => f => Arithmetic.Power(left(f), right(f), f.Session),
        "=" => f => Comparing.Equal(left(f), right(f), f.Session),
        "!=" => f => !Comparing.Equal(left(f), right(f), f.Session),
        "<" => f => Comparing.Order(left(f), right(f), f.Session) is { } o ? o < 0 : default(FeelValue),
        "<=" => f => Comparing.Order(left(f), right(f), f.Session) is { } o ? o <= 0 : default(FeelValue),
        ">" => f => Comparing.Order(left(f), right(f), f.Session) is { } o ? o > 0 : default(FeelValue),
        ">=" => f => Comparing.Order(left(f), right(f), f.Session) is { } o ? o >= 0 : default(FeelValue),
        _ => throw new InvalidOperationException(op),
    };

    // Three-valued logic (table 50): what is no boolean counts as null.
    private static Evaluator And(Evaluator left, Evaluator right) => f =>
    {
        var a = left(f);
        if (a.IsFalse)
            return a;
        var b = right(f);
        return b.IsFalse || (a.IsTrue && b.IsTrue) ? b : default;
    };

    private static Evaluator Or(Evaluator left, Evaluator right) => f =>
    {
        var a = left(f);
        if (a.IsTrue)
            return a;
        var b = right(f);
        return b.IsTrue || (a.IsFalse && b.IsFalse) ? b : default;
    };

    private static Code If(Code condition, Evaluator then, Evaluator otherwise)
    {
        var when = condition.Run;
        return new Code(f =>
        {
            var said = when(f);
            if (said.IsTrue)
                return then(f);
            return said.IsBoolean || said.IsNull ? otherwise(f) : f.Session.Null(NullReason.NotACondition, Values.Print.Kind(said));
        });
    }

    // x >= low and x <= high, by three-valued logic (table 53).
    private static Code Between(Code value, Code low, Code high)
    {
        var (v, l, h) = (value.Run, low.Run, high.Run);
        return new Code(f =>
        {
            var x = v(f);
            return (Comparing.Order(x, l(f), f.Session) is { } low ? low >= 0 : null) & (Comparing.Order(x, h(f), f.Session) is { } high ? high <= 0 : default(bool?));
        });
    }

    private static Evaluator Range(Expr.Range r, Evaluator from, Evaluator to) => f => Ranges.Of(from(f), r.StartIncluded, to(f), r.EndIncluded, f.Session);

    private static Code ListOf(Code[] items)
    {
        if (Array.TrueForAll(items, i => i.IsConstant))
            return Evaluation.Code.Constant(new FeelList([.. items.Select(i => i.Value)]));
        var runs = items.Select(i => i.Run).ToArray();
        return new Code(f =>
        {
            var values = new FeelValue[runs.Length];
            for (var i = 0; i < runs.Length; i++)
                values[i] = runs[i](f);
            return f.Session.Keep(new FeelList(values));
        });
    }

    private static Evaluator InstanceOf(Evaluator value, Expr.InstanceOf i) => i.Type is not { } type
        ? f => f.Session.Null(NullReason.UnknownName, i.TypeName)
        : f => value(f) is var v && v.IsNull ? type == FeelType.Null : type.Holds(v, f.Session);

    private static Code Fold(Code of, Func<Evaluator, Evaluator> make) => Folded(make(of.Run), of.IsConstant);

    private static Code Fold(Code a, Code b, Func<Evaluator, Evaluator, Evaluator> make) => Folded(make(a.Run, b.Run), a.IsConstant && b.IsConstant);

    // Null stays unfolded, so that its reason is told at each evaluation; so does what takes more than a little.
    private static Code Folded(Evaluator run, bool constant)
    {
        if (!constant)
            return new Code(run);
        try
        {
            var value = run(new Frame(0, new FeelSession(new FeelLimits(10_000, 50, 100_000))));
            return value.IsNull ? new Code(run) : Evaluation.Code.Constant(value);
        }
        catch (FeelBudgetException)
        {
            return new Code(run);
        }
    }
}
