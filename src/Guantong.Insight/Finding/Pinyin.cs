using System.Collections.Frozen;

namespace Guantong.Insight;

/// <summary>How Chinese characters are spelt in Latin letters (汉语拼音), without tones; ü is v.</summary>
/// <remarks>The 6,763 characters of GB 2312, with their other readings: <c>pinyin.txt</c>, made from pinyin-pro (MIT). No package of the .NET registry that is kept up had them.</remarks>
internal static class Pinyin
{
    // A word of several characters with several readings each is spelt in so many ways at most.
    private const int MostSpellings = 8;

    private static readonly string[] None = [];
    private static readonly Lazy<FrozenDictionary<char, string[]>> Readings = new(Read);

    /// <summary>The readings of a character, the usual one first; none where it is no Chinese one.</summary>
    public static IReadOnlyList<string> Of(char c) => Readings.Value.GetValueOrDefault(c, None);

    /// <summary>The ways in which a word is spelt, each as its syllables; none where a character has no reading.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(string word)
    {
        List<IReadOnlyList<string>> all = [[]];
        foreach (var c in word)
        {
            var readings = Of(c);
            if (readings.Count == 0)
                return [];
            all = [.. readings.SelectMany(r => all.Select(a => (IReadOnlyList<string>)[.. a, r])).Take(MostSpellings)];
        }
        return all;
    }

    /// <summary>What is left of letters where those that many do not tell apart are one: zh and z, ch and c, sh and s, -ng and -n.</summary>
    public static string Loose(string letters) =>
        letters.Replace("zh", "z", StringComparison.Ordinal).Replace("ch", "c", StringComparison.Ordinal).Replace("sh", "s", StringComparison.Ordinal).Replace("ng", "n", StringComparison.Ordinal).Replace("ü", "v", StringComparison.Ordinal);

    /// <summary>Whether two characters may be taken for each other by their sound.</summary>
    public static bool SoundAlike(char a, char b) => a == b || Of(a).Any(x => Of(b).Any(y => Loose(x) == Loose(y)));

    /// <summary>Whether they are near in sound: one consonant or one vowel in common.</summary>
    public static bool SoundNear(char a, char b) => a == b || Of(a).Any(x => Of(b).Any(y => x[0] == y[0] || Vowels(x) == Vowels(y)));

    private static readonly System.Buffers.SearchValues<char> VowelSigns = System.Buffers.SearchValues.Create("aeiouv");

    private static string Vowels(string syllable)
    {
        var at = syllable.AsSpan().IndexOfAny(VowelSigns);
        return at < 0 ? syllable : Loose(syllable[at..]);
    }

    private static FrozenDictionary<char, string[]> Read()
    {
        var readings = new Dictionary<char, List<string>>();
        // A line: the syllable, the characters that are read so, and those that may be.
        foreach (var parts in EverydayWords.Lines("pinyin.txt").Select(l => l.Split(' ')))
        {
            foreach (var c in parts[1])
                (readings.TryGetValue(c, out var all) ? all : readings[c] = []).Insert(0, parts[0]);
            foreach (var c in parts.ElementAtOrDefault(2) ?? "")
                (readings.TryGetValue(c, out var all) ? all : readings[c] = []).Add(parts[0]);
        }
        return readings.ToFrozenDictionary(r => r.Key, r => r.Value.ToArray());
    }
}
