using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Functions;

/// <summary>Regular expressions of XQuery and XPath (DMN 1.5 §10.3.4.3), put into .NET's and run in linear time.</summary>
/// <remarks>
/// Only a pattern with back references needs the engine that may try again and again; it gets a tenth of a second, and few of them a turn.
/// What patterns take is paid in steps: by the length of input and pattern, and for making one ready.
/// </remarks>
internal static class Patterns
{
    private const int LongestPattern = 2000;
    private const int MostKept = 1000;
    private const int StepsToMake = 5_000;
    private const int StepsToRetry = 100_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly ConcurrentDictionary<(string Pattern, string Flags), Regex?> Known = new();

    public static FeelValue Matches(string input, string pattern, string? flags, FeelSession session) =>
        Run(pattern, flags, input.Length, session, regex => regex.IsMatch(input));

    public static FeelValue Replace(string input, string pattern, string replacement, string? flags, FeelSession session)
    {
        var literal = flags?.Contains('q', StringComparison.Ordinal) == true;
        return Run(pattern, flags, input.Length, session, regex =>
        {
            // XPath refuses a pattern that matches nothing at all (FORX0003), and a replacement with a stray $ or \ (FORX0004).
            var with = literal ? replacement.Replace("$", "$$", StringComparison.Ordinal) : Replacement(replacement, regex.GetGroupNumbers().Length - 1);
            if (with is null || regex.IsMatch(""))
                return session.Null(NullReason.BadPattern, with is null ? replacement : pattern);
            // What comes out is at most the input once for each group in the replacement, and the rest of it once for each match.
            session.Keep(2L * input.Length * (1 + with.AsSpan().Count('$')) + 2L * regex.Count(input) * with.Length);
            return regex.Replace(input, with);
        });
    }

    public static FeelValue Split(string input, string pattern, FeelSession session) => Run(pattern, null, input.Length, session, regex =>
    {
        if (regex.IsMatch(""))
            return session.Null(NullReason.BadPattern, pattern);
        var parts = new ListBuilder();
        var from = 0;
        foreach (var match in regex.EnumerateMatches(input))
        {
            session.Keep(24 + 2L * (match.Index - from));
            parts.Add(input[from..match.Index]);
            from = match.Index + match.Length;
        }
        parts.Add(session.Keep(input[from..]));
        return parts.ToList();
    });

    private static FeelValue Run(string pattern, string? flags, int length, FeelSession session, Func<Regex, FeelValue> use)
    {
        session.Step(1 + (long)length * (pattern.Length + 8) / 128);
        try
        {
            if (Find(pattern, flags ?? "", session) is not { } regex)
                return session.Null(NullReason.BadPattern, pattern);
            if (!regex.Options.HasFlag(RegexOptions.NonBacktracking))
                session.Step(StepsToRetry);
            return use(regex);
        }
        catch (RegexMatchTimeoutException)
        {
            return session.Null(NullReason.BadPattern, pattern);
        }
    }

    private static Regex? Find(string pattern, string flags, FeelSession session)
    {
        if (pattern.Length > LongestPattern || flags.Any(f => !"smixq".Contains(f, StringComparison.Ordinal)) || flags.Length > 10)
            return null;
        if (Known.TryGetValue((pattern, flags), out var known))
            return known;
        session.Step(StepsToMake);
        if (Known.Count >= MostKept)
            Known.Clear();
        return Known[(pattern, flags)] = Make(pattern, flags);
    }

    private static Regex? Make(string pattern, string flags)
    {
        var options = RegexOptions.CultureInvariant;
        if (flags.Contains('i', StringComparison.Ordinal))
            options |= RegexOptions.IgnoreCase;
        if (flags.Contains('m', StringComparison.Ordinal))
            options |= RegexOptions.Multiline;
        if (flags.Contains('s', StringComparison.Ordinal))
            options |= RegexOptions.Singleline;
        try
        {
            if (flags.Contains('q', StringComparison.Ordinal))
                return new Regex(Regex.Escape(pattern), options | RegexOptions.NonBacktracking);
            return new PatternText(flags.Contains('x', StringComparison.Ordinal) ? PatternText.WithoutSpace(pattern) : pattern, flags).Translate() is not var (text, refersBack) ? null
                : refersBack ? new Regex(text, options, Patience) : new Regex(text, options | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // $3 is a group, \$ and \\ stand for themselves; a group that is not there gives nothing.
    private static string? Replacement(string replacement, int groups)
    {
        var text = new StringBuilder();
        for (var i = 0; i < replacement.Length; i++)
        {
            var c = replacement[i];
            if (c is not ('$' or '\\'))
            {
                text.Append(c);
                continue;
            }
            if (++i == replacement.Length || (c == '\\' ? replacement[i] is not ('$' or '\\') : !char.IsAsciiDigit(replacement[i])))
                return null;
            if (c == '\\')
            {
                text.Append(replacement[i] == '$' ? "$$" : "\\");
                continue;
            }
            var number = replacement[i] - '0';
            while (i + 1 < replacement.Length && char.IsAsciiDigit(replacement[i + 1]) && number * 10 + replacement[i + 1] - '0' <= groups)
                number = number * 10 + replacement[++i] - '0';
            if (number <= groups)
                text.Append("${").Append(number).Append('}');
        }
        return text.ToString();
    }
}
