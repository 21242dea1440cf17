using System.Runtime.CompilerServices;

namespace Guantong.Feel.Evaluation;

/// <summary>Equality and order (DMN 1.5 §10.3.2.13); null where two values do not compare.</summary>
internal static class Comparing
{
    public static bool? Equal(in FeelValue a, in FeelValue b, FeelSession session)
    {
        if (a.IsNumber && b.IsNumber)
            return a.Number.CompareTo(b.Number) == 0;
        if (a.String is { } x && b.String is { } y)
            return x == y;
        if (a.IsBoolean && b.IsBoolean)
            return a.IsTrue == b.IsTrue;
        if (a.IsNull || b.IsNull)
            return a.IsNull && b.IsNull;
        return EqualOfKind(a, b, session);
    }

    private static bool? EqualOfKind(FeelValue a, FeelValue b, FeelSession session)
    {
        if (a.Kind != b.Kind)
        {
            session.Null(NullReason.NotComparable, Values.Print.Kind(a), Values.Print.Kind(b));
            return null;
        }
        return a.Kind switch
        {
            FeelKind.List => EqualLists(a.List!, b.List!, session),
            FeelKind.Context => EqualContexts(a.Context!, b.Context!, session),
            FeelKind.Range => EqualRanges(a.Range!, b.Range!, session),
            FeelKind.Function => ReferenceEquals(a.Function, b.Function),
            _ => Order(a, b, session) is { } order ? order == 0 : null,
        };
    }

    private static bool EqualLists(FeelList a, FeelList b, FeelSession session) =>
        a.Count == b.Count && All(a.Count, i => Equal(a.Items[i], b.Items[i], session) is true, session);

    private static bool EqualContexts(FeelContext a, FeelContext b, FeelSession session) =>
        a.Count == b.Count && All(a.Count, i => b.TryGet(a.Keys[i], out var other) && Equal(a.Values[i], other, session) is true, session);

    private static bool All(int count, Func<int, bool> equal, FeelSession session)
    {
        session.Enter();
        var all = true;
        for (var i = 0; all && i < count; i++)
        {
            session.Step();
            all = equal(i);
        }
        session.Leave();
        return all;
    }

    private static bool EqualRanges(FeelRange a, FeelRange b, FeelSession session) =>
        a.Operator == b.Operator && a.StartIncluded == b.StartIncluded && a.EndIncluded == b.EndIncluded
        && Equal(a.Start, b.Start, session) is true && Equal(a.End, b.End, session) is true;

    /// <summary>Below zero, zero or above; null, with the reason noted, when the two do not compare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int? Order(in FeelValue a, in FeelValue b, FeelSession session) =>
        a.IsNumber && b.IsNumber ? a.Number.CompareTo(b.Number) : OrderSlowly(a, b, session);

    private static int? OrderSlowly(FeelValue a, FeelValue b, FeelSession session)
    {
        var order = a.Kind != b.Kind ? null : a.Kind switch
        {
            // By code point: surrogates would sort below U+E000 by unit.
            FeelKind.String => Text.Compare(a.String!, b.String!),
            FeelKind.Date => a.Date.CompareTo(b.Date),
            FeelKind.Time when a.Time!.Zone is null == b.Time!.Zone is null => a.Time.Seconds.CompareTo(b.Time.Seconds),
            FeelKind.DateTime when a.DateTime!.Zone is null == b.DateTime!.Zone is null => a.DateTime.Seconds.CompareTo(b.DateTime.Seconds),
            FeelKind.DaysTime => a.DaysTime.Nanoseconds.CompareTo(b.DaysTime.Nanoseconds),
            FeelKind.YearsMonths => a.YearsMonths.Months.CompareTo(b.YearsMonths.Months),
            _ => (int?)null,
        };
        if (order is null)
            session.Null(NullReason.NotComparable, Values.Print.Kind(a), Values.Print.Kind(b));
        return order;
    }

    /// <summary>Whether a value lies in a range: above its start and below its end, by three-valued logic (§10.3.2.13, table 54).</summary>
    public static bool? Within(FeelRange range, in FeelValue value, FeelSession session)
    {
        if (range.Operator is { } op)
            return WithinOpen(range, op, value, session);
        return (Order(value, range.Start, session) is { } low ? range.StartIncluded ? low >= 0 : low > 0 : null)
            & (Order(value, range.End, session) is { } high ? range.EndIncluded ? high <= 0 : high < 0 : default(bool?));
    }

    private static bool? WithinOpen(FeelRange range, string op, in FeelValue value, FeelSession session)
    {
        if (op == "=")
            return Equal(value, range.Start, session);
        if (op == "!=")
            return !Equal(value, range.Start, session);
        var bound = op[0] == '<' ? range.End : range.Start;
        return Order(value, bound, session) is not { } order ? null
            : op switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }
}

/// <summary>Strings by code point.</summary>
internal static class Text
{
    public static int Compare(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] == b[i])
                continue;
            var (x, y) = (char.IsSurrogate(a[i]), char.IsSurrogate(b[i]));
            return x == y ? a[i].CompareTo(b[i]) : x ? 1 : -1;
        }
        return a.Length.CompareTo(b.Length);
    }
}
