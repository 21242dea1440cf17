using Guantong.Feel.Parsing;

namespace Guantong.Feel.Evaluation;

/// <summary>for, some, every and filters (§10.3.2.5, §10.3.2.14).</summary>
internal static partial class Compiler
{
    private readonly record struct Loop(int Slot, Evaluator In, Evaluator? To, FeelType Type);

    private static Loop[] Loops(IReadOnlyList<Iteration> over, Scope scope) => [.. over.Select(o =>
    {
        var source = Compile(o.In, scope);
        var to = o.To is null ? null : Compile(o.To, scope);
        return new Loop(scope.Declare(o.Name), source, to, o.Type);
    })];

    private static Evaluator For(Expr.For e, Scope scope)
    {
        var inner = scope.Inner();
        var loops = Loops(e.Over, inner);
        int? partial = FreeNames.Of(e.Return).Contains("partial") ? inner.Declare("partial") : null;
        var give = Compile(e.Return, inner);
        return f =>
        {
            var results = new ListBuilder();
            var done = Each(loops, 0, f, () =>
            {
                f.Session.Keep(24);
                if (partial is { } slot)
                    f.Slots[slot] = results.ToList();
                results.Add(give(f));
                return true;
            });
            return done is null ? default : results.ToList();
        };
    }

    private static Evaluator Quantified(Expr.Quantified e, Scope scope)
    {
        var inner = scope.Inner();
        var loops = Loops(e.Over, inner);
        var satisfies = Compile(e.Satisfies, inner);
        // "some" is true by one true, "every" false by one false; null among the others leaves it open.
        return f =>
        {
            FeelValue verdict = e.Every;
            var done = Each(loops, 0, f, () =>
            {
                var said = satisfies(f);
                if (said.IsBoolean && said.IsTrue != e.Every)
                {
                    verdict = said;
                    return false;
                }
                if (said.IsBoolean)
                    return true;
                verdict = default;
                return said.IsNull;
            });
            return done is null ? default : verdict;
        };
    }

    // Null when something cannot be iterated; false when the visitor has seen enough.
    private static bool? Each(Loop[] loops, int at, Frame f, Func<bool> visit)
    {
        var loop = loops[at];
        var source = loop.In(f);
        if (loop.To is not null)
            source = Ranges.Between(source, loop.To(f), f.Session);
        if (Iterating.Over(source, f.Session) is not { } items)
            return null;
        while (items.Next(out var item))
        {
            f.Session.Step();
            f.Slots[loop.Slot] = ReferenceEquals(loop.Type, FeelType.Any) ? item : Types.Coercion.To(loop.Type, item, f.Session);
            var more = at + 1 == loops.Length ? visit() : Each(loops, at + 1, f, visit);
            if (more is not true)
                return more;
        }
        return true;
    }

    private static Evaluator Filter(Expr.Filter e, Scope scope)
    {
        var of = Compile(e.Of, scope);
        var slot = scope.Layout.NewSlot();
        // An entry of the item that is called "item" goes before the item itself.
        var named = scope.Inner();
        named.Alias("item", slot);
        var inner = named.OfItem(slot);
        if (e.By is Expr.Literal { Value.IsNumber: true } index)
            return f => Access.At(of(f), index.Value.Number, f.Session);
        if (e.By is Expr.Test)
            inner.Alias(Tested, slot);
        var by = e.By is Expr.Test test ? Test(test, inner) : Compile(e.By, inner);
        return f => Kept(of(f), by, slot, f);
    }

    // Without an item only an index can be told; why the rest has no value is of no interest.
    private static bool AsksForItem(Evaluator by, Frame f)
    {
        var told = f.Session.Reasons.Count;
        var asks = by(f).IsNumber;
        f.Session.Forget(told);
        return asks;
    }

    private static FeelValue Kept(FeelValue source, Evaluator by, int slot, Frame f)
    {
        if (source.IsNull)
            return default;
        var list = source.List ?? new FeelList(source);
        var kept = new ListBuilder(0);
        f.Slots[slot] = default;
        if (list.Count == 0)
            return AsksForItem(by, f) ? f.Session.Null(NullReason.NoItem, "1") : list;
        for (var i = 0; i < list.Count; i++)
        {
            f.Session.Step();
            f.Slots[slot] = list[i];
            var said = by(f);
            if (said.IsNumber)
                return Access.At(list, said.Number, f.Session);
            if (said.IsTrue)
                kept.Add(list[i]);
            else if (!said.IsBoolean && !said.IsNull)
                return f.Session.Null(NullReason.NotACondition, Values.Print.Kind(said));
        }
        return f.Session.Keep(kept.ToList());
    }
}
