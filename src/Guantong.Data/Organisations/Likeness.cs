using System.Text.RegularExpressions;

namespace Guantong.Data;

/// <summary>One part of a score.</summary>
/// <param name="Of">code, name, address or phone.</param>
/// <param name="Found">same, alike, place (the names are alike and their places are not), differ, or missing on one side at least.</param>
/// <param name="Alike">How alike, in percent.</param>
/// <param name="Points">What it adds.</param>
/// <param name="Most">What it can add at most.</param>
public sealed record LikenessPart(string Of, string Found, int Alike, int Points, int Most)
{
    /// <summary>The part in words.</summary>
    public string Say(string lang) => DataTexts.Sentences.Say(lang, $"organisation.{Of}.{Found}", Alike);
}

/// <summary>How likely two rows are one organisation: 0 to 100 points, which are the sum of the parts.</summary>
/// <remarks>
/// The code adds up to 40, the name 30, address and telephone 15 each; what is missing adds nothing. Valid codes that differ are two organisations by law (GB 32100-2015 §4: one subject, one code for life):
/// their part takes back what the others add. Only a code makes it certain: everything else goes to a person from <see cref="LookFrom"/> points on.
/// </remarks>
public sealed partial record Likeness(int Score, IReadOnlyList<LikenessPart> Parts)
{
    /// <summary>From so many points on a person looks: names that are nearly the same, or less of a name with an address or a telephone.</summary>
    public const int LookFrom = 27;

    /// <summary>Compares two rows. It is the same both ways.</summary>
    public static Likeness Of(KnownOrganisation one, KnownOrganisation other)
    {
        LikenessPart[] rest = [Name(one.Name, other.Name), Address(one.Address, other.Address), Phone(one.Phone, other.Phone)];
        var code = one.Code is null || other.Code is null ? new LikenessPart("code", "missing", 0, 0, 40)
            : one.Code == other.Code ? new LikenessPart("code", "same", 100, 40, 40)
            : new LikenessPart("code", "differ", 0, -rest.Sum(p => p.Points), 40);
        return new Likeness(code.Points + rest.Sum(p => p.Points), [code, .. rest]);
    }

    private static LikenessPart Name(OrganisationName one, OrganisationName other)
    {
        if (one.Core.Length == 0 || other.Core.Length == 0)
            return new LikenessPart("name", "missing", 0, 0, 30);
        var core = Shared(one.Core, other.Core);
        var isElsewhere = one.Places.Length > 0 && other.Places.Length > 0 && !one.Places.Intersect(other.Places).Any();
        // 杭州云达 and 宁波云达 are two; 云达 may be either.
        var alike = core * (isElsewhere ? 0.6 : one.Places.Length > 0 == other.Places.Length > 0 ? 1 : 0.95);
        return Part("name", alike, 30, core >= 0.5 && isElsewhere ? "place" : null);
    }

    private static LikenessPart Address(string one, string other)
    {
        if (one.Length == 0 || other.Length == 0)
            return new LikenessPart("address", "missing", 0, 0, 15);
        // 文三路12号 is not 文三路128号, much as they look alike.
        var alike = Shared(one, other);
        return Part("address", Numbers().Matches(one).Select(m => m.Value).SequenceEqual(Numbers().Matches(other).Select(m => m.Value)) ? alike : Math.Min(alike, 0.5), 15);
    }

    private static LikenessPart Phone(string one, string other) =>
        one.Length == 0 || other.Length == 0 ? new LikenessPart("phone", "missing", 0, 0, 15) : Part("phone", one == other ? 1 : 0, 15);

    private static LikenessPart Part(string of, double alike, int most, string? found = null) =>
        new(of, found ?? (alike >= 1 ? "same" : alike >= 0.5 ? "alike" : "differ"), (int)Math.Round(100 * alike), (int)Math.Round(most * alike), most);

    /// <summary>How alike two texts are, 0 to 1: twice the pairs of neighbouring characters that both have, over all of theirs (Dice 1945).</summary>
    public static double Shared(string one, string other)
    {
        if (one == other)
            return 1;
        if (one.Length < 2 || other.Length < 2)
            return 0;
        // Names are short: marking what was met is dearer to set up than to look again.
        Span<bool> taken = other.Length <= 256 ? stackalloc bool[other.Length] : new bool[other.Length];
        var shared = 0;
        for (var i = 0; i + 1 < one.Length; i++)
        {
            for (var j = 0; j + 1 < other.Length; j++)
            {
                if (taken[j] || one[i] != other[j] || one[i + 1] != other[j + 1])
                    continue;
                taken[j] = true;
                shared++;
                break;
            }
        }
        return 2.0 * shared / (one.Length + other.Length - 2);
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
