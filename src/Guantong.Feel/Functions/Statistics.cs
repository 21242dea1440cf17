using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Functions;

/// <summary>Functions that make one value of a list; f([1, 2]) and f(1, 2) are the same (DMN 1.5 §10.3.4.4).</summary>
internal static class Statistics
{
    private delegate FeelValue OverNumbers(ReadOnlySpan<FeelValue> numbers, FeelSession session);

    public static void Add(BuiltIns.Register r)
    {
        Both(r, "min", FeelType.Any, (l, s) => Extreme(l, -1, s));
        Both(r, "max", FeelType.Any, (l, s) => Extreme(l, 1, s));
        Both(r, "sum", FeelType.Number, (l, s) => Numeric(l, s, Sum));
        Both(r, "mean", FeelType.Number, (l, s) => Numeric(l, s, Mean));
        Both(r, "median", FeelType.Number, (l, s) => Numeric(l, s, Median));
        Both(r, "product", FeelType.Number, (l, s) => Numeric(l, s, Product));
        Both(r, "stddev", FeelType.Number, (l, s) => Numeric(l, s, Deviation));
        Both(r, "mode", new ListType(FeelType.Number), (l, s) => l.Count == 0 ? FeelList.Empty : Numeric(l, s, Mode));
        Both(r, "all", FeelType.Boolean, (l, s) => Truth(l, false, s));
        Both(r, "any", FeelType.Boolean, (l, s) => Truth(l, true, s));
    }

    private static void Both(BuiltIns.Register r, string name, FeelType result, Func<FeelList, FeelSession, FeelValue> body)
    {
        r.Add(name, result, "list: list", (a, s) => Counted(a[0].List!, s, body));
        r.Add(name, result, "list...: any?", (a, s) => Counted(a[0].List!, s, body));
    }

    private static FeelValue Counted(FeelList list, FeelSession session, Func<FeelList, FeelSession, FeelValue> body)
    {
        session.Step(list.Count);
        return body(list, session);
    }

    private static FeelValue Extreme(FeelList list, int sign, FeelSession session)
    {
        FeelValue best = default;
        foreach (var item in list.Items)
        {
            if (best.IsNull && !item.IsNull)
                best = item;
            if (Comparing.Order(item, best, session) is not { } order)
                return default;
            if (order * sign > 0)
                best = item;
        }
        return best;
    }

    private static FeelValue Numeric(FeelList list, FeelSession session, OverNumbers over)
    {
        foreach (var item in list.Items)
        {
            if (!item.IsNumber)
                return session.Null(NullReason.WrongType, Values.Print.Kind(item), "number");
        }
        return list.Count == 0 ? default : over(list.Items, session);
    }

    private static FeelValue Sum(ReadOnlySpan<FeelValue> numbers, FeelSession session)
    {
        var sum = numbers[0];
        foreach (var number in numbers[1..])
            sum = Arithmetic.Add(sum, number, session);
        return sum;
    }

    private static FeelValue Product(ReadOnlySpan<FeelValue> numbers, FeelSession session)
    {
        var product = numbers[0];
        foreach (var number in numbers[1..])
            product = Arithmetic.Multiply(product, number, session);
        return product;
    }

    private static FeelValue Mean(ReadOnlySpan<FeelValue> numbers, FeelSession session) => Arithmetic.Divide(Sum(numbers, session), numbers.Length, session);

    private static FeelValue Median(ReadOnlySpan<FeelValue> numbers, FeelSession session)
    {
        var sorted = Sorted(numbers);
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : Arithmetic.Divide(Arithmetic.Add(sorted[middle - 1], sorted[middle], session), 2, session);
    }

    private static FeelNumber[] Sorted(ReadOnlySpan<FeelValue> numbers)
    {
        var sorted = new FeelNumber[numbers.Length];
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = numbers[i].Number;
        Array.Sort(sorted);
        return sorted;
    }

    // Of a sample: the squares are divided by one less than there are.
    private static FeelValue Deviation(ReadOnlySpan<FeelValue> numbers, FeelSession session)
    {
        if (numbers.Length < 2)
            return session.Null(NullReason.WrongArguments, "stddev", "1");
        var mean = Mean(numbers, session);
        FeelValue squares = 0;
        foreach (var number in numbers)
        {
            var apart = Arithmetic.Subtract(number, mean, session);
            squares = Arithmetic.Add(squares, Arithmetic.Multiply(apart, apart, session), session);
        }
        var variance = Arithmetic.Divide(squares, numbers.Length - 1, session);
        return variance.IsNumber ? Elementary.SquareRoot(variance.Number) : default(FeelValue);
    }

    private static FeelValue Mode(ReadOnlySpan<FeelValue> numbers, FeelSession session)
    {
        var sorted = Sorted(numbers);
        var groups = sorted.CountBy(n => n).ToList();
        var most = groups.Max(g => g.Value);
        return session.Keep(new FeelList([.. groups.Where(g => g.Value == most).Select(g => (FeelValue)g.Key)]));
    }

    // Three-valued: one that decides, decides; else one that is no boolean leaves it open (§10.3.4.4).
    private static FeelValue Truth(FeelList list, bool decisive, FeelSession session)
    {
        FeelValue verdict = !decisive;
        foreach (var item in list.Items)
        {
            if (item.IsBoolean && item.IsTrue == decisive)
                return decisive;
            if (!item.IsBoolean)
                verdict = default;
        }
        return verdict.IsNull ? session.Null(NullReason.WrongType, "list", "list<boolean>") : verdict;
    }
}
