using System.Text.RegularExpressions;

namespace Guantong.Packs;

/// <summary>A template of a document (<c>documents/*.md</c>): Markdown with <c>{{places}}</c>, and before it, between two lines of <c>---</c>, how its documents are numbered.</summary>
/// <param name="Series">The number of a document (发文字号, GB/T 9704-2012 §7.2.5) with <c>{number}</c>, and <c>{year}</c> and <c>{region}</c> where wanted: 环答〔{year}〕{number}号. Null where they bear none.</param>
/// <param name="Body">The Markdown.</param>
public sealed partial record DocumentTemplate(string? Series, string Body)
{
    /// <summary>The longest series, in characters.</summary>
    public const int LongestSeries = 60;

    private const string Fence = "---";

    /// <summary>What its documents are called: its first heading; null where it has none, or one that is filled in.</summary>
    public string? Title => Heading().Match(Body) is { Success: true } heading && !heading.Value.Contains("{{", StringComparison.Ordinal) ? heading.Groups[1].Value : null;

    /// <summary>Reads a template.</summary>
    /// <returns>It; where its head is not as it should be, the line of the fault, and the body as far as it is known.</returns>
    public static (DocumentTemplate Template, int? Fault) Read(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        if (lines[0].TrimEnd() != Fence)
            return (new(null, text), null);
        var end = Array.FindIndex(lines, 1, l => l.TrimEnd() == Fence);
        if (end < 0)
            return (new(null, text), 1);
        var body = string.Join('\n', lines[(end + 1)..]).TrimStart('\n');
        string? series = null;
        for (var i = 1; i < end; i++)
        {
            if (lines[i].Trim().Length == 0)
                continue;
            if (series is not null || SeriesLine().Match(lines[i]) is not { Success: true } line || !IsSeries(line.Groups[1].Value))
                return (new(null, body), i + 1);
            series = line.Groups[1].Value;
        }
        return (new(series, body), null);
    }

    private static bool IsSeries(string series) =>
        series.Length <= LongestSeries && Places().Matches(series) is var places && places.Count(p => p.Value == "{number}") == 1 && places.All(p => p.Value is "{number}" or "{year}" or "{region}") && !Places().Replace(series, "").AsSpan().ContainsAny('{', '}');

    [GeneratedRegex(@"^series:\s*(\S(?:.*\S)?)\s*$")]
    private static partial Regex SeriesLine();

    [GeneratedRegex(@"^#\s+(\S(?:.*\S)?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\{[a-z]*\}")]
    private static partial Regex Places();
}
