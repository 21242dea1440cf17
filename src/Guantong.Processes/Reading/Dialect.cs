using System.Text.RegularExpressions;

namespace Guantong.Processes.Reading;

/// <summary>Ways in which common tools write expressions, where they certainly mean the same in FEEL.</summary>
internal static partial class Dialect
{
    /// <summary>True for <c>${…}</c> or <c>#{…}</c> around the whole.</summary>
    public static bool IsWrapped(string text) => Wrapped().IsMatch(text);

    /// <summary>The FEEL of a text: without a leading <c>=</c>, without <c>${…}</c>; inside the latter, operators of the Java expression language as FEEL has them.</summary>
    public static string Feel(string text)
    {
        text = text.Trim();
        if (Wrapped().Match(text) is { Success: true } wrapped)
            return Operators().Replace(wrapped.Groups[1].Value, Translate).Trim();
        return text is ['=', .. var rest] && !rest.StartsWith('=') ? rest.Trim() : text;
    }

    private static string Translate(Match part) => part.Value switch
    {
        "==" => "=",
        "!=" => "!=",
        "&&" => " and ",
        "||" => " or ",
        ['\'', .. var inside, '\''] => $"\"{inside.Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        ['!', .. var name] => $"not({name.Trim()})",
        var other => other,
    };

    [GeneratedRegex(@"^\s*[$#]\{([^{}]*)\}\s*$", RegexOptions.Singleline)]
    private static partial Regex Wrapped();

    // Texts in quotes first, so that nothing inside them is taken for an operator.
    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|'[^'\\]*'|==|!=|&&|\|\||!\s*[A-Za-z_][\w.]*(?![\w.(])
        """)]
    private static partial Regex Operators();
}
