using Guantong.Feel.Functions;
using Guantong.Feel.Parsing;

namespace Guantong.Feel.Checking;

/// <summary>Operators and calls.</summary>
internal sealed partial class Checker
{
    private FeelType Negate(Expr.Negate n, Names names)
    {
        var of = Types.Plain(Infer(n.Of, names));
        if (of is KindType kind && kind.Kind is not (FeelKind.Number or FeelKind.DaysTime or FeelKind.YearsMonths or FeelKind.Null))
            Tell("feel-type", n.Of, of.ToString(), "number");
        return of;
    }

    private FeelType Binary(Expr.Binary b, Names names)
    {
        var (left, right) = (Types.Plain(Infer(b.Left, names)), Types.Plain(Infer(b.Right, names)));
        switch (b.Operator)
        {
            case "and" or "or":
                return FeelType.Boolean;
            case "=" or "!=" or "<" or "<=" or ">" or ">=":
                Comparable(b.Operator, b, left, right);
                return FeelType.Boolean;
        }
        if (left is not KindType x || right is not KindType y || x == FeelType.Null || y == FeelType.Null)
            return FeelType.Any;
        if (Types.Arithmetic(b.Operator, x.Kind, y.Kind) is { } result)
            return result;
        Tell("feel-operands", b, b.Operator, left.ToString(), right.ToString());
        return FeelType.Any;
    }

    private FeelType Between(Expr.Between b, Names names)
    {
        var value = Infer(b.Value, names);
        Comparable("between", b.Low, value, Infer(b.Low, names));
        Comparable("between", b.High, value, Infer(b.High, names));
        return FeelType.Boolean;
    }

    // Two kinds that differ never compare; nothing is said of what is only partly known.
    private void Comparable(string op, Expr at, FeelType left, FeelType right)
    {
        if (Types.Plain(left) is KindType x && Types.Plain(right) is KindType y && x != y && x != FeelType.Null && y != FeelType.Null)
            Tell("feel-operands", at, op, x.ToString(), y.ToString());
    }

    private FeelType Call(Expr.Call c, Names names)
    {
        var arguments = c.Arguments.Select(a => Infer(a, names)).ToList();
        if (c.Target is Expr.Name { Id: var id } && names.Find(id) is null && BuiltIns.Find(id) is { } builtIn)
        {
            if (!builtIn.Signatures.Any(s => Takes(s, arguments, c.Names)))
                Tell("feel-arguments", c, id);
            return builtIn.Type.Result;
        }
        var target = Types.Plain(Infer(c.Target, names));
        if (target is KindType or ListType)
            Tell("feel-type", c.Target, target.ToString(), "function");
        if (target is not FunctionType { Parameters: { } parameters } function)
            return FeelType.Any;
        if (parameters.Count != arguments.Count || c.Names?.Any(n => !function.ParameterNames.Contains(n)) == true)
            Tell("feel-arguments", c, (c.Target as Expr.Name)?.Id ?? "function");
        return function.Result;
    }

    private static bool Takes(Signature signature, List<FeelType> arguments, IReadOnlyList<string>? names)
    {
        if (names is null ? !signature.Takes(arguments.Count) : names.Any(n => signature.Parameters.All(p => p.Name != n)))
            return false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var parameter = names is null ? signature.Parameters[Math.Min(i, signature.Parameters.Count - 1)] : signature.Parameters.First(p => p.Name == names[i]);
            if (!Fits(parameter, Types.Plain(arguments[i])))
                return false;
        }
        return true;
    }

    private static bool Fits(Parameter parameter, FeelType argument) => parameter.Kind is not { } kind || kind == FeelKind.List || argument switch
    {
        KindType given => given.Kind == kind || given.Kind == FeelKind.Null,
        RangeType => kind == FeelKind.Range,
        ContextType => kind == FeelKind.Context,
        FunctionType => kind == FeelKind.Function,
        _ => true,
    };
}
