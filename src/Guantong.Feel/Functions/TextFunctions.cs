using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Guantong.Feel.Evaluation;
using static Guantong.Feel.Functions.BuiltIns;

namespace Guantong.Feel.Functions;

/// <summary>Strings, counted by code point (DMN 1.5, 10.3.4.3). Regular expressions run on the engine without backtracking.</summary>
internal static class TextFunctions
{
    public static readonly (string Name, FeelFunction Function)[] All =
    [
        Make("string", "from", 1, a => Text(a[0])),
        Make("string length", "string", 1, a => a[0] is string s ? (decimal)s.EnumerateRunes().Count() : null),
        Make("substring", "string, start position, length", 2, Substring),
        Make("upper case", "string", 1, a => (a[0] as string)?.ToUpperInvariant()),
        Make("lower case", "string", 1, a => (a[0] as string)?.ToLowerInvariant()),
        Make("substring before", "string, match", 2, a => a[0] is string s && a[1] is string m ? s.IndexOf(m, StringComparison.Ordinal) is var i and >= 0 ? s[..i] : "" : null),
        Make("substring after", "string, match", 2, a => a[0] is string s && a[1] is string m ? s.IndexOf(m, StringComparison.Ordinal) is var i and >= 0 ? s[(i + m.Length)..] : "" : null),
        Make("contains", "string, match", 2, a => a[0] is string s && a[1] is string m ? s.Contains(m, StringComparison.Ordinal) : null),
        Make("starts with", "string, match", 2, a => a[0] is string s && a[1] is string m ? s.StartsWith(m, StringComparison.Ordinal) : null),
        Make("ends with", "string, match", 2, a => a[0] is string s && a[1] is string m ? s.EndsWith(m, StringComparison.Ordinal) : null),
        Make("matches", "input, pattern, flags", 2, a => a[0] is string s && Pattern(a[1], a.At(2)) is { } p ? p.IsMatch(s) : null),
        Make("replace", "input, pattern, replacement, flags", 3, a => a[0] is string s && a[2] is string r && Pattern(a[1], a.At(3)) is { } p ? p.Replace(s, r) : null),
        Make("split", "string, delimiter", 2, a => a[0] is string s && Pattern(a[1], null) is { } p ? p.Split(s).Cast<object?>().ToList() : null),
        Make("string join", "list, delimiter", 1, a => AsList(a[0]) is { } list && list.All(i => i is string or null)
            ? string.Join(a.At(1) as string ?? "", list.Where(i => i is not null)) : null),
    ];

    private static string? Substring(IReadOnlyList<object?> a)
    {
        if (a[0] is not string text || a[1] is not decimal start || start == 0 || (a.Count > 2 && a[2] is not decimal))
            return null;
        var runes = text.EnumerateRunes().ToList();
        var from = start > 0 ? start - 1 : runes.Count + start;
        if (from < 0 || from >= runes.Count)
            return "";
        var length = a.At(2) is decimal l ? (int)Math.Min(l, runes.Count) : runes.Count;
        return string.Concat(runes.Skip((int)from).Take(length));
    }

    private static Regex? Pattern(object? pattern, object? flags)
    {
        if (pattern is not string text)
            return null;
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        foreach (var flag in flags as string ?? "")
        {
            options |= flag switch { 'i' => RegexOptions.IgnoreCase, 's' => RegexOptions.Singleline, 'm' => RegexOptions.Multiline, 'x' => RegexOptions.IgnorePatternWhitespace, _ => RegexOptions.None };
        }
        try
        {
            return new Regex(text, options);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>A value as FEEL writes it (10.3.4.1, string()).</summary>
    public static string? Text(object? value, bool inside = false) => value switch
    {
        null => inside ? "null" : null,
        string s => inside ? $"\"{s}\"" : s,
        bool b => b ? "true" : "false",
        decimal d => d.ToString("0.############################", CultureInfo.InvariantCulture),
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly t => t.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset t => t.ToString(t.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        TimeSpan t => System.Xml.XmlConvert.ToString(t),
        YearsMonths m => Months(m.Months),
        IReadOnlyList<object?> l => "[" + string.Join(", ", l.Select(i => Text(i, true))) + "]",
        IReadOnlyDictionary<string, object?> c => "{" + string.Join(", ", c.Select(p => $"{p.Key}: {Text(p.Value, true)}")) + "}",
        FeelRange r => $"{(r.StartIncluded ? '[' : '(')}{Text(r.Start, true)}..{Text(r.End, true)}{(r.EndIncluded ? ']' : ')')}",
        _ => "function",
    };

    private static string Months(int months)
    {
        var text = new StringBuilder(months < 0 ? "-P" : "P");
        var (years, rest) = (Math.Abs(months) / 12, Math.Abs(months) % 12);
        if (years > 0)
            text.Append(years).Append('Y');
        if (rest > 0 || years == 0)
            text.Append(rest).Append('M');
        return text.ToString();
    }
}
