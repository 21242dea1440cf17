namespace Guantong.Feel.Parsing;

/// <summary>Which names a tree reads from outside.</summary>
internal static class FreeNames
{
    public static HashSet<string> Of(Expr tree)
    {
        var free = new HashSet<string>();
        Gather(tree, [], free);
        return free;
    }

    private static void Gather(Expr? e, HashSet<string> bound, HashSet<string> free)
    {
        switch (e)
        {
            case Expr.Name n:
                if (!bound.Contains(n.Id))
                    free.Add(n.Id);
                return;
            case Expr.In i:
                Gather(i.Value, bound, free);
                All(i.Tests, [.. bound, "?"], free);
                return;
            case Expr.Context c: Entries(c.Entries, null, bound, free); return;
            case Expr.Boxed b: Entries(b.Entries, b.Result, bound, free); return;
            case Expr.Filter f:
                Gather(f.Of, bound, free);
                Gather(f.By, [.. bound, "item"], free);
                return;
            case Expr.Lambda f: Gather(f.Body, [.. bound, .. f.Parameters.Select(p => p.Name)], free); return;
            case Expr.For f: Gather(f.Return, [.. Over(f.Over, bound, free), "partial"], free); return;
            case Expr.Quantified q: Gather(q.Satisfies, Over(q.Over, bound, free), free); return;
            case null: return;
            default: All(e.Parts, bound, free); return;
        }
    }

    private static void All(IEnumerable<Expr> all, HashSet<string> bound, HashSet<string> free)
    {
        foreach (var e in all)
            Gather(e, bound, free);
    }

    private static void Entries(IReadOnlyList<(string Key, Expr Value)> entries, Expr? result, HashSet<string> bound, HashSet<string> free)
    {
        var inner = new HashSet<string>(bound);
        foreach (var (key, value) in entries)
        {
            Gather(value, inner, free);
            inner.Add(key);
        }
        Gather(result, inner, free);
    }

    private static HashSet<string> Over(IReadOnlyList<Iteration> over, HashSet<string> bound, HashSet<string> free)
    {
        var inner = new HashSet<string>(bound);
        foreach (var (name, source, to) in over)
        {
            Gather(source, inner, free);
            Gather(to, inner, free);
            inner.Add(name);
        }
        return inner;
    }
}
