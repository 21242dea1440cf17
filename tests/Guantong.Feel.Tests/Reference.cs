using System.Globalization;

namespace Guantong.Tests;

/// <summary>A second, naive reading of the standard (DMN 1.5 §10.3.2): random expressions, each written together with what it means.</summary>
/// <remarks>It shares no code with the engine. Values are null, bool, decimal, string, lists, and contexts as lists of entries in order.</remarks>
internal sealed class Reference(int seed)
{
    // As in rule 2 of the grammar, from the loosest to the tightest.
    private const int Loosest = 0;
    private const int Or = 1;
    private const int And = 2;
    private const int Comparison = 3;
    private const int Additive = 4;
    private const int Multiplicative = 5;
    private const int Power = 6;
    private const int Tightest = 8;

    private readonly Random _random = new(seed);

    /// <summary>A context: keys with values, in order.</summary>
    public sealed record Entries(IReadOnlyList<(string Key, object? Value)> All)
    {
        public bool Has(string key) => All.Any(e => e.Key == key);

        public object? Get(string key) => All.FirstOrDefault(e => e.Key == key).Value;
    }

    /// <summary>Names in reach, the innermost first.</summary>
    internal sealed record Names(string Name, object? Value, Names? Outer)
    {
        public object? Get(string name) => name == Name ? Value : Outer?.Get(name);
    }

    /// <summary>A text, how loosely it binds, and its meaning.</summary>
    internal sealed record Expression(string Text, int Level, Func<Names?, object?> Value);

    public static Names Inputs(object? a, object? b, object? s, object? xs, object? rows) =>
        new("a", a, new("b", b, new("s", s, new("xs", xs, new("rows", rows, null)))));

    public Expression Write() => Any(4);

    private static string At(Expression e, int level) => e.Level < level ? $"({e.Text})" : e.Text;

    private T Pick<T>(params ReadOnlySpan<T> of) => of[_random.Next(of.Length)];

    private Expression Any(int depth) => depth <= 0 ? Leaf() : _random.Next(17) switch
    {
        0 or 1 => Arithmetic(depth),
        2 or 3 => Compared(depth),
        4 or 5 => Logic(depth),
        6 => If(depth),
        7 => Between(depth),
        8 => In(depth),
        9 => ListOf(depth),
        10 => Filter(depth),
        11 => Path(depth),
        12 => For(depth),
        13 => Quantified(depth),
        14 => Context(depth),
        15 => Called(depth),
        _ => Leaf(),
    };

    private Expression Some(int depth) => Any(_random.Next(depth));

    private Expression Leaf()
    {
        if (_random.Next(2) == 0)
            return Named(Pick("a", "b", "s", "xs", "rows", "i", "k", "unknown"));
        return Constant(Pick<object?>(null, true, false, 0m, 1m, 2m, 3m, 2.5m, "x", "text", "中"));
    }

    private static Expression Constant(object? value) => new(Written(value), value is < 0m ? Power : Tightest, _ => value);

    private static Expression Named(string name) => new(name, Tightest, names => names?.Get(name));

    private static string Written(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        decimal n => n.ToString(CultureInfo.InvariantCulture),
        _ => $"\"{value}\"",
    };

    // Table 55; what is not defined is null.
    private Expression Arithmetic(int depth)
    {
        var (op, x, y) = (Pick("+", "-", "*", "/", "**"), Some(depth), Some(depth));
        // Powers and quotients of few digits, so that decimals tell them exactly.
        if (op is "/" or "**")
            y = Constant(Pick(0m, 1m, 2m));
        var level = op is "+" or "-" ? Additive : op is "*" or "/" ? Multiplicative : Power;
        return new Expression($"{At(x, level)} {op} {At(y, level + 1)}", level, names => Result(op, x.Value(names), y.Value(names)));
    }

    private static object? Result(string op, object? x, object? y) => (op, x, y) switch
    {
        ("+", decimal a, decimal b) => a + b,
        ("+", string a, string b) => a + b,
        ("-", decimal a, decimal b) => a - b,
        ("*", decimal a, decimal b) => a * b,
        ("/", decimal a, decimal b) => b == 0 ? null : a / b,
        ("**", decimal a, decimal b) => b == 0 ? 1m : b == 1 ? a : a * a,
        _ => null,
    };

    private Expression Compared(int depth)
    {
        var (op, x, y) = (Pick("=", "!=", "<", "<=", ">", ">="), Some(depth), Some(depth));
        return new Expression($"{At(x, Comparison)} {op} {At(y, Additive)}", Comparison, names => Holds(op, x.Value(names), y.Value(names)));
    }

    private static bool? Holds(string op, object? x, object? y) => op switch
    {
        "=" => Same(x, y),
        "!=" => !Same(x, y),
        "<" => Order(x, y) < 0,
        "<=" => Order(x, y) <= 0,
        ">" => Order(x, y) > 0,
        _ => Order(x, y) >= 0,
    } is var said && (op is "=" or "!=" || Order(x, y) is not null) ? said : null;

    // Tables 53 and 54: null is equal to null alone; values of two kinds do not compare.
    private static bool? Same(object? x, object? y) => (x, y) switch
    {
        (null, _) or (_, null) => x is null && y is null,
        (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(p => Same(p.First, p.Second) is true),
        (Entries a, Entries b) => a.All.Count == b.All.Count && a.All.All(e => b.Has(e.Key) && Same(e.Value, b.Get(e.Key)) is true),
        _ => x.GetType() == y.GetType() ? x.Equals(y) : null,
    };

    private static int? Order(object? x, object? y) => (x, y) switch
    {
        (decimal a, decimal b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        _ => null,
    };

    // Table 50: what is no boolean counts as null.
    private Expression Logic(int depth)
    {
        var (isAnd, x, y) = (_random.Next(2) == 0, Some(depth), Some(depth));
        var level = isAnd ? And : Or;
        return new Expression($"{At(x, level)} {(isAnd ? "and" : "or")} {At(y, level + 1)}", level,
            names =>
        {
            var (p, q) = (x.Value(names) as bool?, y.Value(names) as bool?);
            return isAnd ? p & q : p | q;
        });
    }

    private Expression If(int depth)
    {
        var (condition, then, otherwise) = (Some(depth), Some(depth), Some(depth));
        return new Expression($"if {condition.Text} then {then.Text} else {otherwise.Text}", Loosest, names => condition.Value(names) switch
        {
            true => then.Value(names),
            false or null => otherwise.Value(names),
            _ => null,
        });
    }

    private Expression Between(int depth)
    {
        var (x, low, high) = (Some(depth), Some(depth), Some(depth));
        return new Expression($"{At(x, Comparison)} between {At(low, Additive)} and {At(high, Additive)}", Comparison,
            names => Holds(">=", x.Value(names), low.Value(names)) & Holds("<=", x.Value(names), high.Value(names)));
    }

    // Tests are tried in turn: one that holds is enough, one that cannot be told leaves it open.
    private Expression In(int depth)
    {
        var x = Some(depth);
        var tests = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Test(depth)).ToList();
        return new Expression($"{At(x, Comparison)} in ({string.Join(", ", tests.Select(t => t.Text))})", Comparison,
            names => tests.Select(t => t.Holds(x.Value(names), names)).Aggregate((bool?)false, (a, b) => a | b));
    }

    private (string Text, Func<object?, Names?, bool?> Holds) Test(int depth)
    {
        var (low, high, op, openLow, openHigh) = (Number(), Number(), Pick("<", "<=", ">", ">=", "=", "!="), _random.Next(2) == 0, _random.Next(2) == 0);
        switch (_random.Next(3))
        {
            case 0:
                return ($"{(openLow ? "(" : "[")}{low.Text}..{high.Text}{(openHigh ? ")" : "]")}",
                    (x, names) => Holds(openLow ? ">" : ">=", x, low.Value(names)) & Holds(openHigh ? "<" : "<=", x, high.Value(names)));
            case 1:
                return ($"{op} {low.Text}", (x, names) => Holds(op, x, low.Value(names)));
            default:
                var value = Leaf();
                // A name may stand for a list, which is met by each of its items; here only simple values are asked for.
                value = value.Text is "a" or "s" || value.Value(null) is not null ? value : low;
                return (value.Text, (x, names) => value.Value(names) is bool b && x is not bool and not null && value.Text.Length == 1 ? b : Same(x, value.Value(names)));
        }
    }

    private Expression Number() => _random.Next(4) == 0 ? Named("a") : Constant(Pick(0m, 1m, 2m, 3m, 5m));

    private Expression ListOf(int depth)
    {
        var items = Enumerable.Range(0, _random.Next(0, 4)).Select(_ => Some(depth)).ToList();
        return new Expression($"[{string.Join(", ", items.Select(i => i.Text))}]", Tightest, names => items.Select(i => i.Value(names)).ToList());
    }

    // §10.3.2.5: a number is a place, a condition keeps items; entries of an item that is a context are names.
    private Expression Filter(int depth)
    {
        var (of, by) = (Pick(Named("xs"), Named("rows"), Some(depth)), _random.Next(4) == 0 ? Constant(Pick(1m, 2m, -1m, -2m, 5m)) : Pick(Compared(depth), Any(depth - 1)));
        return new Expression($"{At(of, Tightest)}[{by.Text}]", Tightest, names => of.Value(names) switch
        {
            null => null,
            var source => Kept(source as List<object?> ?? [source], by, names),
        });
    }

    private static object? Kept(List<object?> list, Expression by, Names? names)
    {
        if (list.Count == 0)
            return by.Value(new Names("item", null, names)) is decimal ? null : list;
        var kept = new List<object?>();
        foreach (var item in list)
        {
            var inner = item is Entries entries ? entries.All.Reverse().Aggregate(new Names("item", item, names), (outer, e) => new Names(e.Key, e.Value, outer)) : new Names("item", item, names);
            switch (by.Value(inner))
            {
                case true: kept.Add(item); break;
                case false or null: break;
                case decimal place:
                    var at = place > 0 ? place - 1 : list.Count + place;
                    return place == decimal.Truncate(place) && place != 0 && at >= 0 && at < list.Count ? list[(int)at] : null;
                default: return null;
            }
        }
        return kept;
    }

    private Expression Path(int depth)
    {
        var (of, key) = (Pick(Named("rows"), Context(depth), Some(depth)), Pick("k", "v"));
        return new Expression($"{At(of, Tightest)}.{key}", Tightest, names => Member(of.Value(names), key));
    }

    private static object? Member(object? of, string key) => of switch
    {
        Entries entries => entries.Get(key),
        List<object?> list => list.Select(i => Member(i, key)).ToList(),
        _ => null,
    };

    private Expression For(int depth)
    {
        var (over, ranged, give) = (Source(depth), _random.Next(3) == 0, Some(depth));
        var (low, high) = (_random.Next(-2, 4), _random.Next(-2, 4));
        return new Expression($"for i in {(ranged ? $"{low}..{high}" : over.Text)} return {give.Text}", Loosest, names =>
        {
            var items = ranged ? Enumerable.Range(0, Math.Abs(high - low) + 1).Select(n => (object?)(decimal)(low + n * Math.Sign(high - low))).ToList() : Items(over.Value(names));
            var partial = new List<object?>();
            foreach (var item in items ?? [])
                partial.Add(give.Value(new Names("i", item, names)));
            return items is null ? null : partial;
        });
    }

    private Expression Source(int depth) => Pick(Named("xs"), Named("rows"), Some(depth));

    private static List<object?>? Items(object? source) => source is null ? null : source as List<object?> ?? [source];

    private Expression Quantified(int depth)
    {
        var (every, over, says) = (_random.Next(2) == 0, Source(depth), Pick(Compared(depth), Some(depth)));
        return new Expression($"{(every ? "every" : "some")} i in {over.Text} satisfies {says.Text}", Loosest, names =>
        {
            if (Items(over.Value(names)) is not { } items)
                return null;
            // As a chain of "and" or "or" would say; what is neither true, false nor null has no place in one.
            bool? verdict = every;
            foreach (var item in items)
            {
                var said = says.Value(new Names("i", item, names));
                if (said is bool known && known != every)
                    return known;
                if (said is not bool and not null)
                    return null;
                verdict = every ? verdict & said as bool? : verdict | said as bool?;
            }
            return verdict;
        });
    }

    // Each entry sees those before it.
    private Expression Context(int depth)
    {
        var entries = new[] { "k", "v", "i" }.Where(_ => _random.Next(2) == 0).Select(key => (Key: key, Of: Some(depth))).ToList();
        return new Expression("{" + string.Join(", ", entries.Select(e => $"{e.Key}: {e.Of.Text}")) + "}", Tightest, names =>
        {
            var values = new List<(string, object?)>();
            foreach (var (key, of) in entries)
            {
                var value = of.Value(names);
                values.Add((key, value));
                names = new Names(key, value, names);
            }
            return new Entries(values);
        });
    }

    private Expression Called(int depth)
    {
        var x = Some(depth);
        var (name, run) = Pick<(string Name, Func<object?, object?> Run)>(
            ("not", v => !(v as bool?)),
            ("count", v => v is null ? null : (decimal)Items(v)!.Count),
            ("string length", v => Single<string>(v) is { } text ? (decimal)text.Length : null),
            ("sum", v => v is not null && Items(v) is { Count: > 0 } list && list.TrueForAll(i => i is decimal) ? list.Sum(i => (decimal)i!) : null),
            ("reverse", v => v is null ? null : Items(v)!.AsEnumerable().Reverse().ToList()));
        return new Expression($"{name}({x.Text})", Tightest, names => run(x.Value(names)));
    }

    // A list of one item stands for it where an item is wanted (§10.3.2.9.4).
    private static T? Single<T>(object? value) where T : class => value as T ?? (value is List<object?> { Count: 1 } list ? list[0] as T : null);
}
