namespace Guantong.Feel.Parsing;

/// <summary>The parsed tree.</summary>
internal abstract record Expr
{
    public sealed record Literal(object? Value) : Expr;

    public sealed record Name(string Id) : Expr;

    public sealed record Unary(Expr Of) : Expr;

    public sealed record Binary(string Operator, Expr Left, Expr Right) : Expr;

    public sealed record Logic(bool And, Expr Left, Expr Right) : Expr;

    public sealed record If(Expr Condition, Expr Then, Expr Else) : Expr;

    public sealed record Between(Expr Value, Expr Low, Expr High) : Expr;

    public sealed record In(Expr Value, IReadOnlyList<Expr> Tests) : Expr;

    /// <summary>A comparison with the value under test, as in unary tests and after <c>in</c>.</summary>
    public sealed record Test(string Operator, Expr Bound) : Expr;

    public sealed record Range(Expr? Start, bool StartIncluded, Expr? End, bool EndIncluded) : Expr;

    public sealed record ListOf(IReadOnlyList<Expr> Items) : Expr;

    public sealed record Context(IReadOnlyList<(string Key, Expr Value)> Entries) : Expr;

    public sealed record Path(Expr Of, string Key) : Expr;

    public sealed record Filter(Expr Of, Expr By) : Expr;

    public sealed record Call(Expr Target, IReadOnlyList<Expr> Arguments, IReadOnlyList<string>? Names) : Expr;

    public sealed record Lambda(IReadOnlyList<string> Parameters, Expr Body) : Expr;

    public sealed record For(IReadOnlyList<(string Name, Expr In)> Over, Expr Return) : Expr;

    public sealed record Quantified(bool Every, IReadOnlyList<(string Name, Expr In)> Over, Expr Satisfies) : Expr;

    public sealed record InstanceOf(Expr Value, string Type) : Expr;
}

/// <summary>Which names a tree reads from outside.</summary>
internal static class Names
{
    public static HashSet<string> Free(Expr tree)
    {
        var free = new HashSet<string>();
        Gather(tree, [], free);
        return free;
    }

    private static void Gather(Expr? e, HashSet<string> bound, HashSet<string> free)
    {
        switch (e)
        {
            case null or Expr.Literal: return;
            case Expr.Name n: if (!bound.Contains(n.Id)) free.Add(n.Id); return;
            case Expr.Unary u: Gather(u.Of, bound, free); return;
            case Expr.Binary b: Gather(b.Left, bound, free); Gather(b.Right, bound, free); return;
            case Expr.Logic l: Gather(l.Left, bound, free); Gather(l.Right, bound, free); return;
            case Expr.If i: Gather(i.Condition, bound, free); Gather(i.Then, bound, free); Gather(i.Else, bound, free); return;
            case Expr.Between b: Gather(b.Value, bound, free); Gather(b.Low, bound, free); Gather(b.High, bound, free); return;
            case Expr.In i: Gather(i.Value, bound, free); All(i.Tests, bound, free); return;
            case Expr.Test t: Gather(t.Bound, bound, free); return;
            case Expr.Range r: Gather(r.Start, bound, free); Gather(r.End, bound, free); return;
            case Expr.ListOf l: All(l.Items, bound, free); return;
            case Expr.Context c:
                var keys = new HashSet<string>(bound);
                foreach (var (key, value) in c.Entries)
                {
                    Gather(value, keys, free);
                    keys.Add(key);
                }
                return;
            case Expr.Path p: Gather(p.Of, bound, free); return;
            case Expr.Filter f: Gather(f.Of, bound, free); Gather(f.By, [.. bound, "item"], free); return;
            case Expr.Call c: Gather(c.Target, bound, free); All(c.Arguments, bound, free); return;
            case Expr.Lambda f: Gather(f.Body, [.. bound, .. f.Parameters], free); return;
            case Expr.For f: Gather(f.Return, Over(f.Over, bound, free), free); return;
            case Expr.Quantified q: Gather(q.Satisfies, Over(q.Over, bound, free), free); return;
            case Expr.InstanceOf i: Gather(i.Value, bound, free); return;
        }
    }

    private static void All(IEnumerable<Expr> all, HashSet<string> bound, HashSet<string> free)
    {
        foreach (var e in all)
            Gather(e, bound, free);
    }

    private static HashSet<string> Over(IReadOnlyList<(string Name, Expr In)> over, HashSet<string> bound, HashSet<string> free)
    {
        var inner = new HashSet<string>(bound);
        foreach (var (name, source) in over)
        {
            Gather(source, inner, free);
            inner.Add(name);
        }
        return inner;
    }
}
