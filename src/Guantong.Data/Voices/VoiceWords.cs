using System.Text.RegularExpressions;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A page of what people said.</summary>
public sealed record VoicePage<T>(IReadOnlyList<T> Items, long Total, int Skip, int Take);

/// <summary>What anybody may write where everybody reads it.</summary>
public static partial class VoiceWords
{
    /// <summary>The longest text, in characters.</summary>
    public const int Longest = 1000;

    /// <summary>The longest title, in characters.</summary>
    public const int LongestTitle = 100;

    /// <summary>What somebody of the public wrote, without blanks around it.</summary>
    /// <exception cref="RefusedException">It is missing, too long, or has a number in it that names a person.</exception>
    public static string OfPublic(string? words, int longest = Longest)
    {
        var text = OfOffice(words, longest);
        return Personal().IsMatch(text) ? throw new RefusedException(422, "voice-personal") : text;
    }

    /// <summary>What a unit answers; its own telephone may stand in it.</summary>
    /// <exception cref="RefusedException">It is missing or too long.</exception>
    internal static string OfOffice(string? words, int longest = Longest)
    {
        var text = words?.ReplaceLineEndings("\n").Trim() ?? "";
        return text.Length is 0 || text.Length > longest || Unwritable().IsMatch(text) ? throw new RefusedException(422, "voice-words", longest) : text;
    }

    /// <summary>A person, not a program: a key neither rates nor asks.</summary>
    internal static Person OfPerson(Person who) => who.Has("machine", "consumer", "provisioner") ? throw new RefusedException(403, "voice-person") : who;

    // GB 11643 numbers and mobile numbers, as they are commonly written.
    [GeneratedRegex(@"(?<![0-9])(?:[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]|(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9])")]
    private static partial Regex Personal();

    [GeneratedRegex(@"[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")]
    private static partial Regex Unwritable();
}
