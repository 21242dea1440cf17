using System.Runtime.CompilerServices;
using Guantong.Feel.Functions;
using Guantong.Feel.Parsing;

namespace Guantong.Feel.Evaluation;

/// <summary>Calls, functions and contexts (§10.3.2.6, §10.3.2.13).</summary>
internal static partial class Compiler
{
    [InlineArray(4)]
    private struct Four
    {
        private FeelValue _first;
    }

    private static Code Call(Expr.Call c, Scope scope)
    {
        var arguments = c.Arguments.Select(a => Code(a, scope)).ToArray();
        var runs = arguments.Select(a => a.Run).ToArray();
        if (c.Target is Expr.Name { Id: var id } && !scope.Knows(id) && BuiltIns.Find(id) is { } known)
        {
            var direct = Direct(_ => known, runs, c.Names);
            return Folded(direct, known.IsPure && Array.TrueForAll(arguments, a => a.IsConstant));
        }
        var target = Compile(c.Target, scope);
        return new Code(Direct(target, runs, c.Names));
    }

    // Up to four arguments stand on the stack.
    private static Evaluator Direct(Evaluator target, Evaluator[] arguments, IReadOnlyList<string>? names)
    {
        if (arguments.Length > 4)
            return f => Invoke(target(f), [.. arguments.Select(a => a(f))], names, f.Session);
        return f =>
        {
            var function = target(f);
            Four values = default;
            for (var i = 0; i < arguments.Length; i++)
                values[i] = arguments[i](f);
            return Invoke(function, values[..arguments.Length], names, f.Session);
        };
    }

    private static FeelValue Invoke(in FeelValue target, ReadOnlySpan<FeelValue> arguments, IReadOnlyList<string>? names, FeelSession session)
    {
        if (target.Function is not { } function)
            return session.Null(NullReason.NotAFunction, Values.Print.Kind(target));
        session.Enter();
        var result = names is null ? function.Call(arguments, session) : function.Call(arguments, names, session);
        session.Leave();
        return result;
    }

    private static Evaluator Function(Expr.Lambda l, Scope scope)
    {
        var layout = new Layout(scope);
        var body = new Scope(layout);
        foreach (var (name, _) in l.Parameters)
            body.Declare(name);
        var run = Compile(l.Body, body);
        var type = new FunctionType([.. l.Parameters.Select(p => p.Type)], [.. l.Parameters.Select(p => p.Name)], l.Result);
        return f => new Closure(l.Called, type, layout, run, f);
    }

    private static Evaluator Context(IReadOnlyList<(string Key, Expr Value)> entries, Expr? result, Scope scope)
    {
        var inner = scope.Inner();
        var keys = entries.Select(e => e.Key).ToArray();
        var parts = entries.Select(e => Entry(e.Key, e.Value, inner)).ToArray();
        var give = result is null ? null : Compile(result, inner);
        return f =>
        {
            foreach (var (slot, value) in parts)
                f.Slots[slot] = value(f);
            if (give is not null)
                return give(f);
            var values = new FeelValue[parts.Length];
            for (var i = 0; i < parts.Length; i++)
                values[i] = f.Slots[parts[i].Slot];
            f.Session.Keep(48 + 24L * values.Length);
            return new FeelContext(keys, values);
        };
    }

    private static Evaluator Row(Expr.Row row, Scope scope)
    {
        var keys = row.Entries.Select(e => e.Key).ToArray();
        var cells = row.Entries.Select(e => Compile(e.Value, scope)).ToArray();
        return f => new FeelContext(keys, [.. cells.Select(c => c(f))]);
    }

    // A function may call itself by its key; any other value does not know its own name.
    private static (int Slot, Evaluator Value) Entry(string key, Expr value, Scope scope)
    {
        if ((value is Expr.Coerce c ? c.Of : value) is not Expr.Lambda)
        {
            var run = Compile(value, scope);
            return (scope.Declare(key), run);
        }
        var slot = scope.Declare(key);
        var make = Compile(value, scope);
        return (slot, f =>
        {
            var made = make(f);
            (made.Function as Closure)?.KnowItself(key);
            return made;
        });
    }
}
