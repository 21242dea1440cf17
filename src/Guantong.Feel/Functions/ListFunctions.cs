using Guantong.Feel.Evaluation;
using static Guantong.Feel.Functions.BuiltIns;

namespace Guantong.Feel.Functions;

/// <summary>Lists and contexts (DMN 1.5, 10.3.4.4, 10.3.4.7).</summary>
internal static class ListFunctions
{
    public static readonly (string Name, FeelFunction Function)[] All =
    [
        Make("count", "list", 1, a => AsList(a[0]) is { } l ? (decimal)l.Count : null),
        Make("min", "list...", 1, a => Extreme(a.Spread(), -1)),
        Make("max", "list...", 1, a => Extreme(a.Spread(), 1)),
        Make("sum", "list...", 1, a => a.Spread() is var l && l.Count > 0 && l.All(i => i is decimal) ? l.Aggregate((x, y) => Arithmetic.Apply("+", x, y)) : null),
        Make("mean", "list...", 1, a => a.Spread() is var l && l.Count > 0 && l.All(i => i is decimal) ? Arithmetic.Apply("/", l.Aggregate((x, y) => Arithmetic.Apply("+", x, y)), (decimal)l.Count) : null),
        Make("median", "list...", 1, a => Median(a.Spread())),
        Make("product", "list...", 1, a => a.Spread() is var l && l.Count > 0 && l.All(i => i is decimal) ? l.Aggregate((x, y) => Arithmetic.Apply("*", x, y)) : null),
        Make("all", "list...", 1, a => a.Spread() is var l && l.Contains(false) ? false : l.All(i => i is true) ? true : null),
        Make("any", "list...", 1, a => a.Spread() is var l && l.Contains(true) ? true : l.All(i => i is false) ? false : null),
        Make("list contains", "list, element", 2, a => AsList(a[0])?.Any(i => Comparing.AreEqual(i, a[1]) is true)),
        Make("append", "list, item...", 1, a => AsList(a[0]) is { } l ? (List<object?>)[.. l, .. a.Skip(1)] : null),
        Make("concatenate", "list...", 1, a => a.All(i => i is not null) ? a.SelectMany(i => AsList(i)!).ToList() : null),
        Make("insert before", "list, position, newItem", 3, Insert),
        Make("remove", "list, position", 2, Remove),
        Make("reverse", "list", 1, a => AsList(a[0])?.Reverse().ToList()),
        Make("index of", "list, match", 2, a => AsList(a[0])?.Select((v, i) => (v, i)).Where(p => Comparing.AreEqual(p.v, a[1]) is true).Select(p => (object?)(decimal)(p.i + 1)).ToList()),
        Make("union", "list...", 1, a => a.All(i => i is not null) ? Distinct(a.SelectMany(i => AsList(i)!)) : null),
        Make("distinct values", "list", 1, a => AsList(a[0]) is { } l ? Distinct(l) : null),
        Make("flatten", "list", 1, a => AsList(a[0]) is { } l ? Flatten(l).ToList() : null),
        Make("sublist", "list, start position, length", 2, Sublist),
        Make("sort", "list, precedes", 1, Sort),
        Make("get value", "m, key", 2, a => a[0] is IReadOnlyDictionary<string, object?> c && a[1] is string k ? c.GetValueOrDefault(k) : null),
        Make("get entries", "m", 1, a => a[0] is IReadOnlyDictionary<string, object?> c
            ? c.Select(p => (object?)new Dictionary<string, object?> { ["key"] = p.Key, ["value"] = p.Value }).ToList() : null),
        Make("context put", "context, key, value", 3, a => a[0] is IReadOnlyDictionary<string, object?> c && a[1] is string k ? new Dictionary<string, object?>(c) { [k] = a[2] } : null),
    ];

    private static object? Extreme(IReadOnlyList<object?> list, int sign)
    {
        object? best = null;
        foreach (var item in list)
        {
            if (item is null)
                return null;
            if (best is null)
                best = item;
            else if (Comparing.Order(item, best) is not { } order)
                return null;
            else if (order * sign > 0)
                best = item;
        }
        return best;
    }

    private static object? Median(IReadOnlyList<object?> list)
    {
        if (list.Count == 0 || !list.All(i => i is decimal))
            return null;
        var sorted = list.Cast<decimal>().Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static List<object?> Distinct(IEnumerable<object?> items)
    {
        var kept = new List<object?>();
        foreach (var item in items)
        {
            if (!kept.Any(k => Comparing.AreEqual(k, item) is true))
                kept.Add(item);
        }
        return kept;
    }

    private static IEnumerable<object?> Flatten(IReadOnlyList<object?> list) =>
        list.SelectMany(i => i is IReadOnlyList<object?> inner ? Flatten(inner) : [i]);

    private static int? Place(IReadOnlyList<object?> list, object? position) =>
        position is decimal p && p != 0 && p == decimal.Truncate(p) && (p > 0 ? p - 1 : list.Count + p) is var at and >= 0 && at < list.Count ? (int)at : null;

    private static List<object?>? Insert(IReadOnlyList<object?> a)
    {
        if (AsList(a[0]) is not { } list || Place(list, a[1]) is not { } at)
            return null;
        var copy = list.ToList();
        copy.Insert(at, a[2]);
        return copy;
    }

    private static List<object?>? Remove(IReadOnlyList<object?> a) =>
        AsList(a[0]) is { } list && Place(list, a[1]) is { } at ? [.. list.Take(at), .. list.Skip(at + 1)] : null;

    private static List<object?>? Sublist(IReadOnlyList<object?> a) =>
        AsList(a[0]) is { } list && Place(list, a[1]) is { } at && (a.Count < 3 || a[2] is decimal)
            ? [.. list.Skip(at).Take(a.At(2) is decimal n ? (int)Math.Clamp(n, 0, list.Count) : list.Count)] : null;

    private static List<object?>? Sort(IReadOnlyList<object?> a)
    {
        if (AsList(a[0]) is not { } list)
            return null;
        // Insertion keeps equal items in order and asks the precedes function in a way that cannot loop.
        var sorted = new List<object?>();
        foreach (var item in list)
        {
            var at = sorted.Count;
            while (at > 0 && Precedes(a.At(1), item, sorted[at - 1]))
                at--;
            sorted.Insert(at, item);
        }
        return sorted;
    }

    private static bool Precedes(object? function, object? x, object? y) =>
        function is FeelFunction f ? f.Call([x, y]) is true : Comparing.Order(x, y) < 0;
}
