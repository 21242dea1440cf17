using System.Globalization;
using Guantong.Feel.Functions;

namespace Guantong.Fuzz;

/// <summary>Writes random FEEL that parses, of every kind of expression that the grammar has (DMN 1.5 §10.3.1.2).</summary>
internal sealed class FeelWriter(Random random)
{
    /// <summary>What the texts may read, names with spaces, symbols and keywords included.</summary>
    public static readonly Dictionary<string, object?> Scope = new()
    {
        ["a"] = 3m, ["b"] = -2.5m, ["s"] = "text", ["xs"] = new List<object?> { 1m, 2m, 3m }, ["c"] = new Dictionary<string, object?> { ["k"] = 1m, ["v"] = "w" }, ["t"] = true, ["n"] = null,
        ["rows"] = new List<object?> { new Dictionary<string, object?> { ["k"] = 1m, ["v"] = "w" }, new Dictionary<string, object?> { ["k"] = 2m, ["v"] = null } },
        ["d"] = new DateOnly(2024, 2, 29), ["a-b"] = 5m, ["total cost"] = 12m, ["for sale"] = true, ["Applicant's age"] = 42m, ["pre/post"] = "p", ["总额"] = 100m,
    };

    public static readonly string[] Names = [.. Scope.Keys];

    private static readonly string[] Functions = [.. BuiltIns.Names.Order(StringComparer.Ordinal)];

    private static readonly string[] Words = ["1", "0", "2.50", ".5", "1e3", "1E-3", "12345678901234567890123456789012345678", "1e6144", "true", "false", "null", "\"x\"", "\"\"", "[]", "{}", "item", "partial", "missing"];

    private static readonly string[] Strings = ["\"a\\\"b\"", "\"\\n\\t\\r\\\\\"", "\"\\u4E2D\"", "\"\\U01F40E\"", "\"\\q\"", "\"// no comment\"", "\"甲乙😀\"", "\"2024-02-29\"", "\"P1D\"", "\"[1..3]\"", "\"^(a|b)+$\"", "\"1,000.5\""];

    private static readonly string[] Times =
        ["2020-02-29", "-0044-03-15", "999999999-12-31", "P1D", "-P1DT2H3M4.5S", "PT0S", "P1Y2M", "-P13M", "10:00:00", "23:59:59.999999999", "10:00:00Z", "10:00:00+08:00", "10:00:00@Asia/Shanghai",
            "2020-01-01T00:00:00Z", "2020-01-01T24:00:00", "2020-01-01T00:00:00.123-05:30", "2024-03-31T02:30:00@Europe/Paris"];

    private static readonly string[] Types =
        ["number", "string", "boolean", "date", "time", "date and time", "days and time duration", "years and months duration", "Any", "Null", "list", "context", "list<number>", "list<list<Any>>", "range<number>",
            "context<k: number, v w: string>", "function<number, string> -> boolean", "function<> -> Any", "tPerson"];

    private static readonly string[] Members = ["k", "v", "v w", "a-b", "year", "weekday", "start included", "time offset", "days", "months", "if"];

    private static readonly string[] Comparisons = ["=", "!=", "<", "<=", ">", ">="];

    public FeelWriter(int seed) : this(new Random(seed))
    {
    }

    /// <summary>An expression.</summary>
    public string Write() => Expression(random.Next(1, 5));

    /// <summary>A cell of a decision table.</summary>
    public string WriteTests() => random.Next(8) switch
    {
        0 => "-",
        1 => $"not({Join(Tests(2))})",
        _ => Join(Tests(3)),
    };

    private string Pick(params ReadOnlySpan<string> of) => of[random.Next(of.Length)];

    private bool Maybe(int of = 2) => random.Next(of) == 0;

    private string[] Many(int least, int most, Func<string> make) => [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => make())];

    private static string Join(IEnumerable<string> all) => string.Join(", ", all);

    private string Leaf() => random.Next(8) switch
    {
        0 or 1 => Pick(Words),
        2 => Pick(Strings),
        3 => $"@\"{Pick(Times)}\"",
        4 => random.Next(1000).ToString(CultureInfo.InvariantCulture),
        5 => Pick("?", "item", "i", "j"),
        _ => Pick(Names),
    };

    private string Expression(int depth)
    {
        if (depth <= 0)
            return Leaf();
        string E() => Expression(random.Next(depth));
        return random.Next(24) switch
        {
            0 or 1 or 2 => $"{Operand(depth)} {Pick("+", "-", "*", "/", "**")} {Operand(depth)}",
            3 or 4 => $"{Operand(depth)} {Pick(Comparisons)} {Operand(depth)}",
            5 or 6 => $"{Operand(depth)} {Pick("and", "or")} {Operand(depth)}",
            7 => $"if {E()} then {E()} else {E()}",
            8 => $"for {Over(depth)} return {E()}",
            9 => $"{Pick("some", "every")} {Over(depth)} satisfies {E()}",
            10 or 11 => $"({E()})[{(Maybe(4) ? $"{Pick(Comparisons)} {Bound(depth)}" : E())}]",
            12 => $"({E()}).{Pick(Members)}",
            13 or 14 or 15 => Call(depth),
            16 => $"[{Join(Many(0, 3, E))}]",
            17 => "{" + Join(new[] { "k", "\"v w\"", "x y", "a-b", "\"1st\"", "\"\"", "f" }.Where(_ => Maybe(3)).Select(k => $"{k}: {E()}")) + "}",
            18 => $"(({E()}) in {(Maybe() ? $"({Join(Tests(depth))})" : Maybe() ? Range(depth) : $"{Pick(Comparisons)} {Bound(depth)}")})",
            19 => Lambda(depth, E),
            20 => $"({E()}) between {Bound(depth)} and {Bound(depth)}",
            21 => $"(({E()}) instance of {Pick(Types)})",
            22 => Maybe() ? Range(depth) : $"({Pick(Comparisons)} {Bound(depth)})",
            _ => $"-{Operand(depth)}",
        };
    }

    private string Operand(int depth) => random.Next(4) switch
    {
        0 => Leaf(),
        1 => "-" + Pick("1", "a", "b", "total cost"),
        2 when Maybe() => Expression(depth - 1),
        _ => $"({Expression(random.Next(depth))})",
    };

    // What a test compares with binds tighter than a comparison (rule 7).
    private string Bound(int depth) => Maybe(3) ? Leaf() : $"({Expression(random.Next(depth))})";

    private string Over(int depth) => Join(Many(1, 2, () => $"{Pick("i", "j", "x y")} in {Expression(random.Next(depth))}{(Maybe(3) ? $"..({Expression(0)})" : "")}"));

    // The older brackets of open ends, "]a..b[", can be misread next to others.
    private string Range(int depth)
    {
        var ends = $"{Bound(depth)}..{Bound(depth)}";
        return Maybe(3) ? $"({Pick("[", "(", "]")}{ends}{Pick("]", ")", "[")})" : $"{Pick("[", "(")}{ends}{Pick("]", ")")}";
    }

    private string[] Tests(int depth) => Many(1, 3, () => Maybe() ? $"{Pick(Comparisons)} {Bound(depth)}" : Maybe() ? Range(depth) : Expression(random.Next(depth)));

    private string Lambda(int depth, Func<string> body) => random.Next(4) switch
    {
        0 => $"function(p: {Pick(Types.AsSpan(0, Types.Length - 1))}, q) {body()}",
        1 => $"{{f: function(m) if m <= 0 then {body()} else f(m - 1), r: f({random.Next(6)})}}.r",
        2 => "(function(p) external {java: {class: \"java.lang.Math\", method signature: \"cos(double)\"}})",
        _ => $"(function(p: {Pick(Types.AsSpan(0, Types.Length - 1))}, q) {body()})({Expression(depth - 1)}, {body()})",
    };

    private string Call(int depth)
    {
        var name = Pick(Functions);
        var signatures = BuiltIns.Find(name)!.Signatures;
        var parameters = signatures[random.Next(signatures.Count)].Parameters;
        var count = Maybe(5) ? random.Next(4) : Maybe(4) ? parameters.Count(p => !p.IsOptional) : parameters.Count;
        if (Maybe(3) && count == parameters.Count)
            return $"{name}({Join(parameters.Select(p => $"{p.Name}: {Argument(p, depth)}"))})";
        return $"{name}({Join(Enumerable.Range(0, count).Select(i => i < parameters.Count ? Argument(parameters[i], depth) : Expression(0)))})";
    }

    // Mostly of the kind that is wanted, so that more than refusals is seen.
    private string Argument(Parameter parameter, int depth) => Maybe(3) ? Expression(depth - 1) : parameter.Type.ToString() switch
    {
        "number" => random.Next(-4, 40).ToString(CultureInfo.InvariantCulture) + (Maybe(4) ? ".25" : Maybe(9) ? "e3000" : ""),
        "string" => Pick(Strings),
        "boolean" => Pick("true", "false"),
        "list<Any>" => Maybe() ? "xs" : $"[{Join(Many(0, 4, () => Expression(0)))}]",
        "context<>" => Pick("c", "{}", "{k: 1}"),
        "range<Any>" => Range(1),
        "time" => Pick("@\"10:00:00\"", "@\"10:00:00+08:00\""),
        "days and time duration" => "@\"PT5H\"",
        _ => parameter.Kind is Feel.FeelKind.Function ? $"function(p, q) {Expression(1)}" : Leaf(),
    };
}
