using Guantong.Feel.Parsing;

namespace Guantong.Feel.Evaluation;

/// <summary>Tests of a value: after <c>in</c>, and in the cells of decision tables (rules 7 to 15).</summary>
internal static partial class Compiler
{
    private static Evaluator In(Expr.In i, Scope scope)
    {
        var inner = scope.Inner();
        var slot = inner.Declare(Tested);
        var value = Compile(i.Value, scope);
        var tests = i.Tests.Select(t => Test(t, inner)).ToArray();
        return f =>
        {
            f.Slots[slot] = value(f);
            return AnyHolds(tests, f);
        };
    }

    /// <summary>True when a test holds; null when none does and one cannot tell.</summary>
    internal static FeelValue AnyHolds(Evaluator[] tests, Frame f)
    {
        var verdict = FeelValue.False;
        foreach (var test in tests)
        {
            var said = test(f);
            if (said.IsTrue)
                return said;
            if (!said.IsFalse)
                verdict = default;
        }
        return verdict;
    }

    /// <summary>A test of the value under "?": a comparison, a range, a list, an equal value, or an expression that says so.</summary>
    public static Evaluator Test(Expr e, Scope scope)
    {
        var tested = scope.Find(Tested) ?? throw new InvalidOperationException("There is no value under test.");
        if (e is Expr.Test { Operator: "=" or "!=" } equal)
            return Operation(equal.Operator, tested, Compile(equal.Bound, scope));
        if (e is Expr.Test test)
            return Operation(test.Operator, tested, Compile(test.Bound, scope));
        var code = Code(e, scope);
        var run = code.Run;
        if (FreeNames.Of(e).Contains(Tested))
            return f => run(f) is var said && said.IsBoolean ? said : Meets(tested(f), said, f.Session);
        if (code.IsConstant && code.Value is var constant && constant.Kind is FeelKind.Number or FeelKind.String or FeelKind.Boolean)
            return f => Comparing.Equal(tested(f), constant, f.Session);
        if (code.IsConstant && code.Value.Range is { } range)
            return f => Comparing.Within(range, tested(f), f.Session);
        // An expression that says true or false of something else is the test itself (§8.3.3), but for a boolean under test.
        return f => run(f) is var said && said.IsBoolean && tested(f) is var value && !value.IsBoolean && !value.IsNull && e is not Expr.Literal ? said : Meets(tested(f), said, f.Session);
    }

    private static FeelValue Meets(in FeelValue value, in FeelValue wanted, FeelSession session)
    {
        if (wanted.Range is { } range && value.Kind != FeelKind.Range)
            return Comparing.Within(range, value, session);
        if (wanted.List is not { } list)
            return Comparing.Equal(value, wanted, session);
        if (value.List is not null && Comparing.Equal(value, wanted, session) is true)
            return true;
        session.Enter();
        var found = Holds(list, value, session);
        session.Leave();
        return found;
    }

    private static bool Holds(FeelList list, in FeelValue value, FeelSession session)
    {
        foreach (var item in list.Items)
        {
            session.Step();
            if (item.Range is { } range && value.Kind != FeelKind.Range ? Comparing.Within(range, value, session) is true : SameKind(item, value) && Comparing.Equal(item, value, session) is true)
                return true;
        }
        return false;
    }

    private static bool SameKind(in FeelValue a, in FeelValue b) => a.IsNull || b.IsNull || a.Kind == b.Kind;
}
