using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Functions;

/// <summary>How points and ranges lie to each other (DMN 1.5 §10.3.4.9, table 78, after HL7 CQL and Allen's algebra).</summary>
internal static class RangeRelations
{
    public static void Add(BuiltIns.Register r)
    {
        Pairs(r, "before", Before);
        Pairs(r, "after", (a, b, o) => Before(b, a, o));
        Ranges(r, "meets", (a, b, o) => a.EndIncluded && b.StartIncluded && o(a.End, b.Start) == 0);
        Ranges(r, "met by", (a, b, o) => a.StartIncluded && b.EndIncluded && o(a.Start, b.End) == 0);
        Ranges(r, "overlaps", (a, b, o) => !Before(a, b, o) && !Before(b, a, o));
        Ranges(r, "overlaps before", OverlapsBefore);
        Ranges(r, "overlaps after", (a, b, o) => OverlapsBefore(b, a, o));
        PointOrRange(r, "finishes", Finishes);
        RangeOrPoint(r, "finished by", Finishes);
        PointOrRange(r, "during", During);
        RangeOrPoint(r, "includes", During);
        PointOrRange(r, "starts", Starts);
        RangeOrPoint(r, "started by", Starts);
        r.Add("coincides", FeelType.Boolean, "range1: range, range2: range", (a, s) => Compare(a[0], a[1], Same, s));
        r.Add("coincides", FeelType.Boolean, "point1: any, point2: any", (a, s) => Comparing.Equal(a[0], a[1], s));
    }

    private delegate bool Relation(FeelRange a, FeelRange b, Func<FeelValue, FeelValue, int> order);

    private static FeelRange AsRange(FeelValue value) => value.Range ?? new FeelRange(value, true, value, true);

    private static void Ranges(BuiltIns.Register r, string name, Relation relation) =>
        r.Add(name, FeelType.Boolean, "range1: range, range2: range", (a, s) => Compare(a[0], a[1], relation, s));

    private static void Pairs(BuiltIns.Register r, string name, Relation relation)
    {
        Ranges(r, name, relation);
        Body body = (a, s) => Compare(a[0], a[1], relation, s);
        r.Add(name, FeelType.Boolean, "point: any, range: range", body);
        r.Add(name, FeelType.Boolean, "range: range, point: any", body);
        r.Add(name, FeelType.Boolean, "point1: any, point2: any", body);
    }

    private static void PointOrRange(BuiltIns.Register r, string name, Relation relation)
    {
        Ranges(r, name, relation);
        r.Add(name, FeelType.Boolean, "point: any, range: range", (a, s) => Compare(a[0], a[1], relation, s));
    }

    private static void RangeOrPoint(BuiltIns.Register r, string name, Relation relation)
    {
        r.Add(name, FeelType.Boolean, "range1: range, range2: range", (a, s) => Compare(a[1], a[0], relation, s));
        r.Add(name, FeelType.Boolean, "range: range, point: any", (a, s) => Compare(a[1], a[0], relation, s));
    }

    private static bool Before(FeelRange a, FeelRange b, Func<FeelValue, FeelValue, int> order) =>
        order(a.End, b.Start) is var gap && (gap < 0 || (gap == 0 && !(a.EndIncluded && b.StartIncluded)));

    private static bool OverlapsBefore(FeelRange a, FeelRange b, Func<FeelValue, FeelValue, int> order)
    {
        var starts = order(a.Start, b.Start);
        var ends = order(a.End, b.End);
        return (starts < 0 || (starts == 0 && a.StartIncluded && !b.StartIncluded)) && !Before(a, b, order)
            && (ends < 0 || (ends == 0 && (!a.EndIncluded || b.EndIncluded)));
    }

    private static bool Finishes(FeelRange a, FeelRange b, Func<FeelValue, FeelValue, int> order) =>
        a.EndIncluded == b.EndIncluded && order(a.End, b.End) == 0 && StartsWithin(a, b, order);

    private static bool Starts(FeelRange a, FeelRange b, Func<FeelValue, FeelValue, int> order) =>
        a.StartIncluded == b.StartIncluded && order(a.Start, b.Start) == 0 && EndsWithin(a, b, order);

    private static bool During(FeelRange a, FeelRange b, Func<FeelValue, FeelValue, int> order) => StartsWithin(a, b, order) && EndsWithin(a, b, order);

    private static bool StartsWithin(FeelRange a, FeelRange b, Func<FeelValue, FeelValue, int> order) =>
        order(a.Start, b.Start) is var side && (side > 0 || (side == 0 && (b.StartIncluded || !a.StartIncluded)));

    private static bool EndsWithin(FeelRange a, FeelRange b, Func<FeelValue, FeelValue, int> order) =>
        order(a.End, b.End) is var side && (side < 0 || (side == 0 && (b.EndIncluded || !a.EndIncluded)));

    private static bool Same(FeelRange a, FeelRange b, Func<FeelValue, FeelValue, int> order) =>
        a.StartIncluded == b.StartIncluded && a.EndIncluded == b.EndIncluded && order(a.Start, b.Start) == 0 && order(a.End, b.End) == 0;

    private static FeelValue Compare(FeelValue a, FeelValue b, Relation relation, FeelSession session)
    {
        var comparable = true;
        int Order(FeelValue x, FeelValue y)
        {
            if (Comparing.Order(x, y, session) is { } order)
                return order;
            comparable = false;
            return 0;
        }
        var holds = relation(AsRange(a), AsRange(b), Order);
        return comparable ? holds : default(FeelValue);
    }
}
