using Guantong.Feel.Functions;
using Guantong.Feel.Parsing;

namespace Guantong.Feel.Evaluation;

/// <summary>Turns the tree into delegates once, so that evaluating walks no tree.</summary>
internal static class Compiler
{
    /// <summary>The name under which the value under test stands.</summary>
    public const string Tested = "?";

    public static Evaluator Compile(Expr e) => e switch
    {
        Expr.Literal l => _ => l.Value,
        Expr.Name n => Name(n.Id),
        Expr.Unary u => Compile(u.Of) is var of ? s => Arithmetic.Negate(of(s)) : null!,
        Expr.Binary b => Binary(b.Operator, Compile(b.Left), Compile(b.Right)),
        Expr.Logic l => l.And ? And(Compile(l.Left), Compile(l.Right)) : Or(Compile(l.Left), Compile(l.Right)),
        Expr.If i => If(Compile(i.Condition), Compile(i.Then), Compile(i.Else)),
        Expr.Between b => Between(Compile(b.Value), Compile(b.Low), Compile(b.High)),
        Expr.In i => In(Compile(i.Value), [.. i.Tests.Select(Test)]),
        Expr.Test t => Test(t),
        Expr.Range r => Range(r),
        Expr.ListOf l => ListOf([.. l.Items.Select(Compile)]),
        Expr.Context c => Context([.. c.Entries.Select(x => (x.Key, Compile(x.Value)))]),
        Expr.Path p => Compile(p.Of) is var of ? s => Access.Member(of(s), p.Key) : null!,
        Expr.Filter f => Filter(Compile(f.Of), Compile(f.By), f.By),
        Expr.Call c => Call(c),
        Expr.Lambda f => Function(f),
        Expr.For f => For(f),
        Expr.Quantified q => Quantified(q),
        Expr.InstanceOf i => Compile(i.Value) is var value ? s => Access.IsInstance(value(s), i.Type) : null!,
        _ => throw new InvalidOperationException(e.GetType().Name),
    };

    private static Evaluator Name(string id)
    {
        var builtIn = BuiltIns.Find(id);
        return s => s.TryFind(id, out var value) ? value : builtIn;
    }

    private static Evaluator Binary(string op, Evaluator left, Evaluator right) => op switch
    {
        "=" => s => Comparing.AreEqual(left(s), right(s)),
        "!=" => s => Comparing.AreEqual(left(s), right(s)) is bool same ? !same : null,
        "<" => s => Comparing.Order(left(s), right(s)) is int o ? o < 0 : null,
        "<=" => s => Comparing.Order(left(s), right(s)) is int o ? o <= 0 : null,
        ">" => s => Comparing.Order(left(s), right(s)) is int o ? o > 0 : null,
        ">=" => s => Comparing.Order(left(s), right(s)) is int o ? o >= 0 : null,
        _ => s => Arithmetic.Apply(op, left(s), right(s)),
    };

    // Three-valued logic (DMN 1.5, table 50): what is no boolean counts as null.
    private static Evaluator And(Evaluator left, Evaluator right) => s =>
        left(s) is var a && a is false ? false : right(s) is var b && b is false ? false : a is true && b is true ? true : null;

    private static Evaluator Or(Evaluator left, Evaluator right) => s =>
        left(s) is var a && a is true ? true : right(s) is var b && b is true ? true : a is false && b is false ? false : null;

    private static Evaluator If(Evaluator condition, Evaluator then, Evaluator otherwise) => s => condition(s) is true ? then(s) : otherwise(s);

    private static Evaluator Between(Evaluator value, Evaluator low, Evaluator high) => s =>
        value(s) is var v && Comparing.Order(v, low(s)) is int a && Comparing.Order(v, high(s)) is int b ? a >= 0 && b <= 0 : null;

    private static Evaluator In(Evaluator value, Evaluator[] tests) => s =>
    {
        var inner = new Scope(new Dictionary<string, object?> { [Tested] = value(s) }, s);
        return tests.Any(t => t(inner) is true);
    };

    /// <summary>A test of the value under "?": a comparison, a range, a list, an equal value, or an expression that says true.</summary>
    public static Evaluator Test(Expr e)
    {
        if (e is Expr.Test test)
            return Binary(test.Operator, Name(Tested), Compile(test.Bound));
        var run = Compile(e);
        var asks = Names.Free(e).Contains(Tested);
        return s =>
        {
            s.TryFind(Tested, out var value);
            return run(s) switch
            {
                bool said when asks => said,
                FeelRange range => Comparing.Contains(range, value),
                IReadOnlyList<object?> list => Comparing.AreEqual(list, value) is true || list.Any(i => i is FeelRange r ? Comparing.Contains(r, value) is true : Comparing.AreEqual(i, value) is true),
                var other => Comparing.AreEqual(value, other),
            };
        };
    }

    private static Evaluator Range(Expr.Range r)
    {
        var start = r.Start is null ? null : Compile(r.Start);
        var end = r.End is null ? null : Compile(r.End);
        return s => new FeelRange(start?.Invoke(s), r.StartIncluded, end?.Invoke(s), r.EndIncluded);
    }

    private static Evaluator ListOf(Evaluator[] items) => s => items.Select(i => i(s)).ToList();

    private static Evaluator Context((string Key, Evaluator Value)[] entries) => s =>
    {
        var context = new Dictionary<string, object?>();
        var inner = new Scope(context, s);
        foreach (var (key, value) in entries)
            context[key] = value(inner);
        return context;
    };

    private static Evaluator Filter(Evaluator of, Evaluator by, Expr tree) => s =>
    {
        var source = of(s);
        var list = source as IReadOnlyList<object?> ?? (source is null ? [] : [source]);
        if (tree is Expr.Literal or Expr.Unary && by(s) is decimal literal)
            return Access.At(list, literal);
        var kept = new List<object?>();
        foreach (var item in list)
        {
            s.Step();
            var names = item as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>();
            switch (by(new Scope(names, new Scope(new Dictionary<string, object?> { ["item"] = item }, s))))
            {
                case true: kept.Add(item); break;
                case decimal index: return Access.At(list, index);
            }
        }
        return kept;
    };

    private static Evaluator Call(Expr.Call c)
    {
        var function = Compile(c.Target);
        var arguments = c.Arguments.Select(Compile).ToArray();
        var names = c.Names;
        return s =>
        {
            s.Step();
            if (function(s) is not FeelFunction f)
                return null;
            var values = arguments.Select(a => a(s)).ToList();
            if (names is not null)
            {
                if (names.Any(n => !f.Parameters.Contains(n)))
                    return null;
                values = [.. f.Parameters.Take(f.Parameters.ToList().FindLastIndex(names.Contains) + 1).Select(p => names.ToList().IndexOf(p) is var i and >= 0 ? values[i] : null)];
            }
            return s.Nested(() => f.Call(values));
        };
    }

    private static Evaluator Function(Expr.Lambda f)
    {
        var body = Compile(f.Body);
        return s => new FeelFunction(f.Parameters, arguments =>
        {
            if (arguments.Count != f.Parameters.Count)
                return null;
            var names = new Dictionary<string, object?>();
            for (var i = 0; i < arguments.Count; i++)
                names[f.Parameters[i]] = arguments[i];
            return body(new Scope(names, s));
        });
    }

    private static Evaluator For(Expr.For f)
    {
        var over = f.Over.Select(o => (o.Name, Compile(o.In))).ToArray();
        var give = Compile(f.Return);
        return s =>
        {
            var results = new List<object?>();
            return Each(over, 0, s, results, inner =>
            {
                results.Add(give(inner));
                return true;
            }) ? results : null;
        };
    }

    private static Evaluator Quantified(Expr.Quantified q)
    {
        var over = q.Over.Select(o => (o.Name, Compile(o.In))).ToArray();
        var satisfies = Compile(q.Satisfies);
        return s =>
        {
            object? verdict = q.Every;
            Each(over, 0, s, null, inner =>
            {
                var said = satisfies(inner);
                if (said is bool b && b != q.Every)
                    verdict = b;
                else if (said is not bool && verdict is bool v && v == q.Every)
                    verdict = null;
                return verdict is not bool decided || decided == q.Every;
            });
            return verdict;
        };
    }

    // False when a source is no list; the walk itself stops when visit says so.
    private static bool Each((string Name, Evaluator In)[] over, int at, Scope scope, List<object?>? partial, Func<Scope, bool> visit)
    {
        var source = over[at].In(scope);
        if (source is null)
            return false;
        foreach (var item in Access.Iterate(source))
        {
            scope.Step();
            var names = new Dictionary<string, object?> { [over[at].Name] = item };
            if (partial is not null)
                names["partial"] = partial;
            var inner = new Scope(names, scope);
            if (at + 1 < over.Length)
                Each(over, at + 1, inner, partial, visit);
            else if (!visit(inner))
                break;
        }
        return true;
    }
}
