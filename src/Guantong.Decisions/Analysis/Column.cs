using Guantong.Decisions.Tables;
using Guantong.Feel;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Analysis;

/// <summary>A part of what a column takes, within which no cell changes its mind.</summary>
/// <param name="Value">The value that stands for it; null where any does.</param>
/// <param name="IsExpected">Whether a table has to have a rule for it. A missing value, where no cell of the column asks for
/// one, and a value of another kind in a column without a type need none; but a rule that takes them is not needless.</param>
internal sealed record Piece(FeelValue? Value, bool IsExpected);

/// <summary>An input column cut into pieces.</summary>
internal sealed class Column
{
    private Column(string text, IReadOnlyList<Piece> pieces, IReadOnlyList<bool[]?> cells) => (Text, Pieces, Cells) = (text, pieces, cells);

    public string Text { get; }

    public IReadOnlyList<Piece> Pieces { get; }

    /// <summary>For each rule, which pieces its cell lets pass; null when the cell holds more than literals.</summary>
    public IReadOnlyList<bool[]?> Cells { get; }

    public static Column Of(DecisionTable table, int at, FeelType type)
    {
        var input = table.Inputs[at];
        var cells = table.Rules.Select(r => r.Tests[at]).ToList();
        var limits = Constraints(type).Append(input.Allowed).OfType<CellTests>().Where(Clear.Is).ToList();
        var literals = cells.Where(Clear.Is).Concat(limits).SelectMany(c => c.Tests ?? []).SelectMany(Clear.Literals).ToList();
        var pieces = Values(literals, Kind(type)).Where(v => limits.TrueForAll(l => v is null || Passes(l, [v.Value])[0])).Select(v => new Piece(v, true)).ToList();
        if (pieces.Count == 0 && limits.Count == 0)
            pieces.Add(new Piece(literals.Count == 0 ? default(FeelValue?) : Steps.Sample(Kind(type)), true));
        // §8.3.2 holds values against the allowed ones, but not null.
        pieces.Add(new Piece(FeelValue.Null, literals.Exists(v => v.IsNull)));
        if (Kind(type) is null && limits.Count == 0)
            pieces.Add(new Piece(FeelContext.Empty, false));
        var tried = pieces.Select(p => p.Value ?? FeelContext.Empty).ToList();
        return new Column(input.Text, pieces, [.. cells.Select(c => Clear.Is(c) ? Passes(c, tried) : null)]);
    }

    private static IEnumerable<CellTests?> Constraints(FeelType type)
    {
        for (; type is NamedType named; type = named.Base)
            yield return named.Constraint;
    }

    private static FeelKind? Kind(FeelType type)
    {
        while (type is NamedType named)
            type = named.Base;
        return (type as KindType)?.Kind;
    }

    private static bool[] Passes(CellTests cell, IReadOnlyList<FeelValue> pieces)
    {
        var layout = new Layout(null);
        var scope = new Scope(layout);
        var slot = scope.Declare(Compiler.Tested);
        var run = cell.Compile(scope);
        var frame = new Frame(layout.Count, new FeelSession(new FeelLimits(long.MaxValue)));
        return [.. pieces.Select(piece =>
        {
            frame.Slots[slot] = piece;
            return run(frame) is true;
        })];
    }

    // A column without a type may hold several kinds; each is cut for itself, times with and without a zone too, as they do not compare.
    private static IEnumerable<FeelValue?> Values(List<FeelValue> literals, FeelKind? only)
    {
        if (only is FeelKind.Boolean)
            return [FeelValue.True, FeelValue.False];
        return literals.Where(v => !v.IsNull && (only is null || v.Kind == only))
            .GroupBy(v => (v.Kind, (v.Time?.Zone ?? v.DateTime?.Zone) is null))
            .SelectMany(g => g.Key.Kind switch
            {
                FeelKind.Boolean => [FeelValue.True, FeelValue.False],
                FeelKind.String => [.. g.Select(p => p.String!).Distinct().Select(s => (FeelValue)s), Other([.. g])],
                _ => Ordered([.. g]),
            }).Select(v => (FeelValue?)v);
    }

    // A string that none of the cells names.
    private static FeelValue Other(List<FeelValue> points)
    {
        var other = "…";
        while (points.Exists(p => p.String == other))
            other += "…";
        return other;
    }

    private static List<FeelValue> Ordered(List<FeelValue> points)
    {
        var session = new FeelSession();
        points.Sort((a, b) => Comparing.Order(a, b, session) ?? 0);
        var pieces = new List<FeelValue>();
        Add(pieces, Steps.Below(points[0]));
        for (var i = 0; i < points.Count; i++)
        {
            if (i > 0 && Comparing.Order(points[i - 1], points[i], session) == 0)
                continue;
            if (i > 0)
                Add(pieces, Steps.Between(points[i - 1], points[i]));
            pieces.Add(points[i]);
        }
        Add(pieces, Steps.Above(points[^1]));
        return pieces;
    }

    private static void Add(List<FeelValue> pieces, FeelValue value)
    {
        if (!value.IsNull)
            pieces.Add(value);
    }
}

/// <summary>Cells that hold nothing but literals, so that they can be judged without running the table.</summary>
internal static class Clear
{
    private static readonly HashSet<FeelKind> Simple =
        [FeelKind.Null, FeelKind.Boolean, FeelKind.Number, FeelKind.String, FeelKind.Date, FeelKind.Time, FeelKind.DateTime, FeelKind.DaysTime, FeelKind.YearsMonths];

    public static bool Is(CellTests cell) => cell.Tests is null || cell.Tests.All(Is);

    // Strings are taken as names without order: between two of them lie more than one piece could stand for.
    private static bool Is(Expr test) => test switch
    {
        Expr.Test t => IsLiteral(t.Bound, t.Operator is "=" or "!="),
        Expr.OpenRange r => IsLiteral(r.Bound, r.Operator is "=" or "!="),
        Expr.Range r => IsLiteral(r.From, false) && IsLiteral(r.To, false),
        Expr.ListOf l => l.Items.All(i => IsLiteral(i, true)),
        _ => IsLiteral(test, true),
    };

    private static bool IsLiteral(Expr e, bool alsoString) => e is Expr.Literal { Value.Kind: var kind } && Simple.Contains(kind) && (alsoString || kind != FeelKind.String);

    public static IEnumerable<FeelValue> Literals(Expr e) => e is Expr.Literal l ? [l.Value] : e.Parts.SelectMany(Literals);
}
