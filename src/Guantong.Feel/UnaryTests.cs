using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Feel;

/// <summary>Unary tests, as they stand in a decision table's input cell (DMN 1.5, 10.3.1.2, rules 7–18).</summary>
public sealed class UnaryTests
{
    private readonly Evaluator[]? _tests;
    private readonly Func<object?, bool?>? _plain;
    private readonly bool _negated;

    private UnaryTests(IReadOnlyList<Expr>? tests, bool negated)
    {
        (_tests, _negated) = (tests?.Select(Compiler.Test).ToArray(), negated);
        // Most cells are one literal, comparison or range of literals: those need no scope.
        _plain = tests is [var only] ? Plain(only) : null;
    }

    /// <summary>Parses a cell; an empty one or "-" lets anything pass.</summary>
    public static (UnaryTests? Tests, FeelFault? Fault) Parse(string text, IReadOnlyCollection<string>? knownNames = null)
    {
        if (string.IsNullOrWhiteSpace(text))
            return (new UnaryTests(null, false), null);
        try
        {
            var (tests, negated) = new Parser(text, knownNames ?? []).ReadUnaryTests();
            return (new UnaryTests(tests, negated), null);
        }
        catch (ParseException e)
        {
            return (null, e.Fault);
        }
    }

    /// <summary>Whether a value passes; null when that cannot be told.</summary>
    public bool? Matches(object? input, IReadOnlyDictionary<string, object?> scope)
    {
        if (_tests is null)
            return true;
        if (_plain is not null)
            return _plain(input) is bool passes ? passes != _negated : null;
        var inner = new Scope(new Dictionary<string, object?> { [Compiler.Tested] = input }, new Scope(scope));
        bool? verdict = false;
        foreach (var test in _tests)
        {
            var said = test(inner);
            if (said is true)
                return !_negated;
            if (said is null)
                verdict = null;
        }
        return _negated ? !verdict : verdict;
    }

    private static Func<object?, bool?>? Plain(Expr test) => test switch
    {
        Expr.Literal { Value: decimal or string or bool or DateOnly } l => v => Comparing.AreEqual(v, l.Value) as bool?,
        Expr.Test { Bound: Expr.Literal { Value: decimal } l, Operator: not ("=" or "!=") } t => v => Comparing.Order(v, l.Value) is not { } o ? null : t.Operator switch
        {
            "<" => o < 0, "<=" => o <= 0, ">" => o > 0, _ => o >= 0,
        },
        Expr.Range { Start: null or Expr.Literal, End: null or Expr.Literal } r =>
            Range(new FeelRange((r.Start as Expr.Literal)?.Value, r.StartIncluded, (r.End as Expr.Literal)?.Value, r.EndIncluded)),
        _ => null,
    };

    private static Func<object?, bool?> Range(FeelRange range) => v => Comparing.Contains(range, v) as bool?;
}
