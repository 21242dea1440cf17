using System.Text;

namespace Guantong.Tests;

/// <summary>Writes random FEEL of every kind of expression.</summary>
internal sealed class FeelWriter(int seed)
{
    public static readonly Dictionary<string, object?> Scope = new()
    {
        ["a"] = 3m, ["b"] = -2.5m, ["s"] = "text", ["xs"] = new List<object?> { 1m, 2m, 3m }, ["c"] = new Dictionary<string, object?> { ["k"] = 1m, ["v"] = "w" }, ["t"] = true, ["n"] = null,
    };

    private static readonly string[] Leaves =
        ["1", "0", "2.50", "1e3", "\"x\"", "\"a\\\"b\"", "true", "false", "null", "a", "b", "s", "xs", "c", "t", "n", "@\"2020-02-29\"", "@\"P1D\"", "@\"P1Y2M\"", "@\"10:00:00\"", "@\"2020-01-01T00:00:00Z\"", "item", "[]", "{}"];

    private static readonly string[] Calls = ["count", "sum", "string", "not", "min", "max", "abs", "floor", "string length", "upper case", "reverse", "flatten", "date", "number", "get entries", "sort"];

    private readonly Random _random = new(seed);

    public string Write() => Expression(4);

    private string Pick(params string[] of) => of[_random.Next(of.Length)];

    private string Expression(int depth)
    {
        if (depth == 0)
            return Pick(Leaves);
        string E() => Expression(_random.Next(depth));
        return _random.Next(16) switch
        {
            0 or 1 => $"({E()}) {Pick("+", "-", "*", "/", "**")} {Operand(depth)}",
            2 or 3 => $"({E()}) {Pick("=", "!=", "<", "<=", ">", ">=")} {Operand(depth)}",
            4 => $"{Operand(depth)} {Pick("and", "or")} {Operand(depth)}",
            5 => $"if {E()} then {E()} else {E()}",
            6 => $"for i in {E()} return ({E()})",
            7 => $"{Pick("some", "every")} i in {E()} satisfies {E()}",
            8 => $"({E()})[{E()}]",
            9 => $"({E()}).{Pick("k", "v", "year", "start included", "days")}",
            10 => $"{Pick(Calls)}({E()})",
            11 => $"[{E()}, {E()}]",
            12 => $"{{k: {E()}, \"v w\": {E()}}}",
            13 => $"({E()}) in ({Pick("<", ">=")} {Operand(depth)}, {E()}, {Pick("[", "(")}{Operand(depth)}..{Operand(depth)}{Pick("]", ")")})",
            14 => $"(function(p: number, q) {E()})({E()}, {E()})",
            _ => $"({E()}) {Pick("between 1 and 5", "instance of number", "instance of list<Any>")}",
        };
    }

    private string Operand(int depth) => _random.Next(3) == 0 ? "-" + Pick("1", "a", "b") : $"({Expression(_random.Next(depth))})";

    /// <summary>A text with a few characters taken out, put in or swapped.</summary>
    public string Mutated()
    {
        var text = new StringBuilder(Write());
        for (var i = _random.Next(1, 4); i > 0 && text.Length > 0; i--)
        {
            var at = _random.Next(text.Length);
            switch (_random.Next(3))
            {
                case 0: text.Remove(at, 1); break;
                case 1: text.Insert(at, Pick("(", ")", "[", "]", "{", "..", ".", "\"", "@", ":", ",", "-", "é", "😀", "\0", " and ", " in ", "?", "/*", "1e9999", "function")); break;
                default: text[at] = (char)_random.Next(32, 127); break;
            }
        }
        return text.ToString();
    }
}
