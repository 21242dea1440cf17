using Guantong.Decisions.Tables;
using Guantong.Feel;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Analysis;

/// <summary>An input column cut into pieces within which no cell changes its mind; one value stands for each piece.</summary>
internal sealed class Column
{
    private Column(string text, IReadOnlyList<FeelValue> pieces, IReadOnlyList<bool[]?> cells) => (Text, Pieces, Cells) = (text, pieces, cells);

    public string Text { get; }

    /// <summary>Whether its pieces lie side by side in an order.</summary>
    public bool IsOrdered => Pieces[0].Kind is not (FeelKind.String or FeelKind.Boolean);

    /// <summary>The values that stand for the pieces.</summary>
    public IReadOnlyList<FeelValue> Pieces { get; }

    /// <summary>For each rule, which pieces its cell lets pass; null when the cell holds more than literals.</summary>
    public IReadOnlyList<bool[]?> Cells { get; }

    public static Column Of(DecisionTable table, int at)
    {
        var input = table.Inputs[at];
        var cells = table.Rules.Select(r => r.Tests[at]).ToList();
        var clear = cells.Where(IsClear).ToList();
        var bounds = clear.Append(input.Allowed).SelectMany(c => c?.Tests ?? []).SelectMany(Literals).Where(v => !v.IsNull).ToList();
        var pieces = Pieced(bounds, input.Type);
        if (input.Allowed is { } allowed && IsClear(allowed))
            pieces = [.. pieces.Zip(Passes(allowed, pieces)).Where(p => p.Second).Select(p => p.First).DefaultIfEmpty()];
        return new Column(input.Text, pieces, [.. cells.Select(c => IsClear(c) ? Passes(c, pieces) : null)]);
    }

    private static bool IsClear(CellTests cell) => cell.Tests is null || cell.Tests.All(t => t switch
    {
        Expr.Test test => test.Bound is Expr.Literal,
        Expr.OpenRange range => range.Bound is Expr.Literal,
        Expr.Range range => range is { From: Expr.Literal, To: Expr.Literal },
        Expr.ListOf list => list.Items.All(i => i is Expr.Literal),
        _ => t is Expr.Literal,
    });

    private static IEnumerable<FeelValue> Literals(Expr e) => e is Expr.Literal l ? [l.Value] : e.Parts.SelectMany(Literals);

    private static bool[] Passes(CellTests cell, List<FeelValue> pieces)
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

    private static List<FeelValue> Pieced(List<FeelValue> bounds, FeelType type)
    {
        var kind = bounds.Count > 0 ? bounds[0].Kind : (type as KindType)?.Kind ?? FeelKind.Null;
        if (kind == FeelKind.Boolean)
            return [true, false];
        var points = bounds.Where(b => b.Kind == kind).ToList();
        if (points.Count == 0)
            return [FeelValue.Null];
        if (kind == FeelKind.String)
            return [.. points.Select(p => p.String!).Distinct().Select(s => (FeelValue)s), Other(points)];
        return Ordered(points);
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

/// <summary>A simple value next to another, or between two; null when there is none.</summary>
internal static class Steps
{
    public static FeelValue Below(FeelValue value) => Moved(value, -1);

    public static FeelValue Above(FeelValue value) => Moved(value, 1);

    private static FeelValue Moved(FeelValue value, int by) => value.Kind switch
    {
        FeelKind.Number => FeelNumber.Add(value.Number, by),
        FeelKind.Date => value.Date.AddDays(by),
        FeelKind.DateTime => value.DateTime!.Add(DaysTime.OfDays(by)),
        FeelKind.Time => value.Time!.Nanosecond + by * FeelTime.PerSecond is var moved && moved is >= 0 and < FeelTime.PerDay ? value.Time with { Nanosecond = moved } : default(FeelValue),
        FeelKind.DaysTime => new DaysTime(value.DaysTime.Nanoseconds + by * (Int128)FeelTime.PerDay),
        FeelKind.YearsMonths => new YearsMonths(value.YearsMonths.Months + by),
        _ => default(FeelValue),
    };

    public static FeelValue Between(FeelValue low, FeelValue high)
    {
        if (low.IsNumber)
            return Simplest(low.Number, high.Number);
        var next = Above(low);
        if (!next.IsNull && Comparing.Order(next, high, new FeelSession()) is < 0)
            return next;
        return low.Kind switch
        {
            FeelKind.DateTime => Middle(low.DateTime!, high.DateTime!),
            FeelKind.DaysTime when high.DaysTime.Nanoseconds - low.DaysTime.Nanoseconds > 1 => new DaysTime((low.DaysTime.Nanoseconds + high.DaysTime.Nanoseconds) / 2),
            _ => default(FeelValue),
        };
    }

    // Times compare by whole seconds, so that nothing lies between two that follow each other.
    private static FeelValue Middle(FeelDateTime low, FeelDateTime high)
    {
        var seconds = (high.Nanoseconds - low.Nanoseconds) / FeelTime.PerSecond / 2;
        return seconds < 1 ? default(FeelValue) : low.Add(new DaysTime(seconds * FeelTime.PerSecond));
    }

    // The number with the fewest digits between the two.
    private static FeelValue Simplest(FeelNumber low, FeelNumber high)
    {
        for (var scale = 0; scale <= 40; scale++)
        {
            var unit = FeelNumber.Divide(1, Power(scale))!.Value;
            if (FeelNumber.Add(low.Round(scale, Rounding.Floor), unit) is { } next && next < high)
                return next == low ? default : next;
        }
        return default;
    }

    private static FeelNumber Power(int scale) => Elementary.Power(10, scale)!.Value;
}
