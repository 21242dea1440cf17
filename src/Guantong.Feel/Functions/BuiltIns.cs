using System.Collections.Frozen;

namespace Guantong.Feel.Functions;

/// <summary>The built-in functions (DMN 1.5, 10.3.4): by name, with the names of their parameters.</summary>
internal static class BuiltIns
{
    private static readonly FrozenDictionary<string, FeelFunction> All =
        NumberFunctions.All.Concat(TextFunctions.All).Concat(ListFunctions.All).Concat(TimeFunctions.All)
            .ToFrozenDictionary(f => f.Name, f => f.Function);

    /// <summary>Names of functions and of their parameters that the lexer has to take whole.</summary>
    public static IEnumerable<string> SpacedNames => All.Keys.Concat(All.Values.SelectMany(f => f.Parameters)).Distinct().Where(n => n.Contains(' ', StringComparison.Ordinal));

    public static FeelFunction? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>A function; a call with too few or too many arguments is null, as is any that its body does not define.</summary>
    internal static (string Name, FeelFunction Function) Make(string name, string parameters, int least, Func<IReadOnlyList<object?>, object?> body)
    {
        var names = parameters.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var open = parameters.EndsWith("...", StringComparison.Ordinal);
        if (open)
            names[^1] = names[^1][..^3];
        return (name, new FeelFunction(names, a => a.Count < least || (!open && a.Count > names.Length) ? null : body(a)));
    }

    internal static object? At(this IReadOnlyList<object?> arguments, int i) => i < arguments.Count ? arguments[i] : null;

    /// <summary>Arguments as one list: f([1, 2]) and f(1, 2) are the same.</summary>
    internal static IReadOnlyList<object?> Spread(this IReadOnlyList<object?> arguments) =>
        arguments is [IReadOnlyList<object?> list] ? list : arguments;

    internal static IReadOnlyList<object?>? AsList(object? value) => value switch
    {
        null => null,
        IReadOnlyList<object?> list => list,
        _ => [value],
    };
}
