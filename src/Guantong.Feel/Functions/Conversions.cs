using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Feel.Functions;

/// <summary>Conversions, and what is left of the boolean functions (DMN 1.5 §10.3.4.1, §10.3.4.2).</summary>
internal static class Conversions
{
    public static void Add(BuiltIns.Register r)
    {
        r.Add("not", FeelType.Boolean, "negand: any?", (a, _) => a[0].IsBoolean ? !a[0].IsTrue : default(FeelValue));
        r.Add("string", FeelType.String, "from: any?", (a, s) => a[0].IsNull ? default : s.Keep(Values.Print.Of(a[0], s)));
        r.Add("number", FeelType.Number, "from: string", (a, s) => ToNumber(a[0], default, default, s));
        r.Add("number", FeelType.Number, "from: string, grouping separator: any?, [decimal separator: any?]", (a, s) => ToNumber(a[0], a[1], a[2], s));
        r.Add("is", FeelType.Boolean, "[value1: any?], [value2: any?]", (a, s) => Is(a[0], a[1], s));
        r.Add("range", FeelType.AnyRange, "from: string", (a, s) => ToRange(a[0].String!, s));
    }

    private static FeelValue ToNumber(FeelValue from, FeelValue grouping, FeelValue point, FeelSession session)
    {
        if (from.String is not { } text)
            return session.Null(NullReason.BadText, "number", Values.Print.Short(from));
        var marks = (grouping.String, point.String);
        if ((!grouping.IsNull && marks.Item1 is not (" " or "," or ".")) || (!point.IsNull && marks.Item2 is not ("," or ".")) || (marks.Item1 is not null && marks.Item1 == (marks.Item2 ?? ".")))
            return session.Null(NullReason.WrongArguments, "number", $"{Values.Print.Short(grouping)}, {Values.Print.Short(point)}");
        if (marks.Item1 is { } group)
            text = text.Replace(group, "", StringComparison.Ordinal);
        if (marks.Item2 == ",")
            text = text.Contains('.', StringComparison.Ordinal) ? "" : text.Replace(',', '.');
        return FeelNumber.TryParse(text, out var number) ? number : session.Null(NullReason.BadText, "number", from.String!);
    }

    // The same in the semantic domain (§10.3.4.9): of one kind and alike to the zone.
    private static FeelValue Is(FeelValue a, FeelValue b, FeelSession session)
    {
        if (a.Kind != b.Kind)
            return false;
        return a.Kind switch
        {
            FeelKind.Time => a.Time == b.Time,
            FeelKind.DateTime => a.DateTime == b.DateTime,
            _ => Comparing.Equal(a, b, session) is true,
        };
    }

    // Only literals may be its ends: numbers, strings, at-literals and calls of the four temporal functions on strings (§10.3.4.10).
    private static FeelValue ToRange(string text, FeelSession session)
    {
        try
        {
            var tree = new Parser(text, Vocabulary.Empty).ReadExpression();
            if (tree is Expr.Range range && IsLiteral(range.From) && IsLiteral(range.To))
            {
                var value = Compiler.Compile(tree, new Scope(new Layout(null)))(new Frame(0, session));
                if (value.Range is { } made && !made.Start.IsNull && !made.End.IsNull && Comparing.Order(made.Start, made.End, session) is <= 0)
                    return value;
            }
        }
        catch (ParseException)
        {
            // told below
        }
        return session.Null(NullReason.BadText, "range", text);
    }

    private static bool IsLiteral(Expr e) => e is Expr.Literal
        || e is Expr.Call { Target: Expr.Name { Id: "date" or "time" or "date and time" or "duration" }, Arguments: [Expr.Literal { Value.Kind: FeelKind.String }] };
}
