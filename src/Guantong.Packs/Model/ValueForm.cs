using System.Text.RegularExpressions;

namespace Guantong.Packs;

/// <summary>A form that texts may have: a pattern over the whole value and, where the standard has one, a check character.</summary>
/// <param name="Pattern">In the part of regular expressions that .NET, RE2 (DuckDB) and PostgreSQL read alike.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record ValueForm(string Id, string Pattern, CheckCharacter? Check, string Source)
{
    // A real day: 31 and 30 days, February with 28, and 29 in leap years (1900 is none, 2000 is one).
    private const string Day = "((18|19|20)[0-9]{2}((0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)|02(0[1-9]|1[0-9]|2[0-8]))|((18|19)(0[48]|[2468][048]|[13579][26])|20([02468][048]|[13579][26]))0229)";

    private const string Credit = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>Every form by its name in a pack.</summary>
    public static IReadOnlyList<ValueForm> All { get; } =
    [
        // GB 11643-1999 §4.2.2: weights 2^(17-i) mod 11; the remainder is 1 with the check character 0–9 X counted in.
        new("id-number", $"[1-9][0-9]{{5}}{Day}[0-9]{{3}}[0-9X]", new("0123456789X", [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], 11, 12), "GB 11643-1999 §4"),
        // GB 32100-2015 §5: weights 3^(i-1) mod 31, letters without I, O, S, V and Z; the check character makes up to a multiple of 31.
        new("credit-code", $"[1-9ANY][{Credit}][0-9]{{6}}[{Credit}]{{10}}", new(Credit, [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], 31, 31), "GB 32100-2015 §4–5"),
        new("phone", @"(\+?86-?)?(1[3-9][0-9]{9}|(0[0-9]{2,3}-?)[2-9][0-9]{6,7}(-[0-9]{1,6})?|400-?[0-9]{3}-?[0-9]{4})", null, "电信网编号计划（2017 年版）"),
        // A division, then a road, village or estate, then a number.
        new("address", "[^ ].*[省市区县旗镇乡].+(路|街|道|巷|弄|里|村|社区|胡同|园|广场|大厦|小区).*[0-9一二三四五六七八九十百]+(号|弄|幢|栋|座|单元|室|层|楼|组|队).*", null, "GB/T 23705-2009 §5"),
        new("email", @"[A-Za-z0-9._%+\-]+@([A-Za-z0-9]([A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}", null, "RFC 5321 §4.1.2"),
        new("region-code", "(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])[0-9]{4}([0-9]{3}|[0-9]{6})?", null, "GB/T 2260-2007 §4, GB/T 10114-2003"),
    ];

    private readonly Regex _whole = new($@"\A(?:{Pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>A form by name, or null.</summary>
    public static ValueForm? Find(string id) => All.FirstOrDefault(f => f.Id == id);

    /// <summary>Whether a text has the form.</summary>
    public bool Fits(string text) => _whole.IsMatch(text) && Check?.Holds(text) != false;

    /// <summary>Whether a pattern reads alike wherever it is used: no look-around, no reference back, no class or escape that the three do not share.</summary>
    public static bool IsPortable(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '(' && i + 1 < pattern.Length && pattern[i + 1] == '?' && !pattern.AsSpan(i).StartsWith("(?:"))
                return false;
            if (pattern[i] == '[' && i + 1 < pattern.Length && pattern[i + 1] is ':' or '[')
                return false;
            if (pattern[i] == '\\' && (++i == pattern.Length || !(pattern[i] is 'd' or 's' || !char.IsAsciiLetterOrDigit(pattern[i]))))
                return false;
        }
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking);
            return pattern.Length <= 500;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}

/// <summary>A check character after weighted ones: the sum of weight × place in the alphabet.</summary>
/// <param name="Alphabet">A character's value is its place.</param>
/// <param name="Weights">One for each character before the check character.</param>
/// <param name="Modulus">Of the sum.</param>
/// <param name="Made">The check character is (Made − sum mod Modulus) mod Modulus.</param>
public sealed record CheckCharacter(string Alphabet, IReadOnlyList<int> Weights, int Modulus, int Made)
{
    /// <summary>The check character of a text that lacks it.</summary>
    /// <exception cref="ArgumentException">A character is not of the alphabet, or there are more or fewer than weights.</exception>
    public char Of(ReadOnlySpan<char> body)
    {
        if (body.Length != Weights.Count)
            throw new ArgumentException($"{body.Length} characters instead of {Weights.Count}", nameof(body));
        var sum = 0;
        for (var i = 0; i < body.Length; i++)
        {
            var value = Alphabet.IndexOf(body[i], StringComparison.Ordinal);
            sum += value >= 0 ? value * Weights[i] : throw new ArgumentException($"{body[i]} is not of {Alphabet}", nameof(body));
        }
        return Alphabet[(Made - (sum % Modulus)) % Modulus];
    }

    /// <summary>Whether a text ends with its check character.</summary>
    public bool Holds(string text) => text.Length == Weights.Count + 1 && text.All(c => Alphabet.Contains(c, StringComparison.Ordinal)) && Of(text.AsSpan(0, Weights.Count)) == text[^1];
}
