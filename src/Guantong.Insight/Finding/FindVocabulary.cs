using System.Collections.Frozen;

namespace Guantong.Insight;

/// <summary>The words by which what there is can be found: names, what else things are called, events, and the platform's everyday words; with how they are spelt in Latin letters.</summary>
/// <remarks>Words are taken from what there is to find, not from a dictionary of the language: what is in none of them is looked for by its pairs of characters, and a word for which there is nothing counts against a hit. A general segmenter would know 护照, but not that nothing here is about it.</remarks>
internal sealed class FindVocabulary
{
    /// <summary>The longest word, in characters.</summary>
    public const int LongestWord = 14;

    private static readonly string[] Tails = ["申请", "办理", "登记", "查询", "签发", "建档", "反映", "举报", "申诉", "问题", "认定", "参保登记"];

    private readonly FrozenSet<string> _words;
    private readonly FrozenSet<string> _names;
    private readonly FrozenSet<string> _syllables;
    private readonly Dictionary<string, List<string>> _spelt = [];
    private readonly Dictionary<string, List<string>> _initials = [];
    private readonly IReadOnlyList<string> _long;
    private readonly FrozenSet<string> _stems;

    public FindVocabulary(IReadOnlyList<Findable> things, IEnumerable<string> more)
    {
        var names = things.SelectMany(t => t.Fields.Where(f => f.Worth >= FindIndex.NameWorth).SelectMany(f => f.Text.Split('\n'))).SelectMany(Pieces).Concat(more.Select(FindText.Plain)).Where(IsWord).ToFrozenSet();
        _names = names;
        _words = names.Concat(EverydayWords.All.Where(IsWord)).ToFrozenSet();
        foreach (var word in _words.Where(w => w.Length > 1 && w.All(FindText.IsHan)).Order(StringComparer.Ordinal))
        {
            foreach (var syllables in Pinyin.Of(word))
            {
                Add(_spelt, Pinyin.Loose(string.Concat(syllables)), word);
                if (names.Contains(word) && word.Length > 2)
                    Add(_initials, string.Concat(syllables.Select(s => s[0])), word);
            }
        }
        _long = [.. _words.Where(w => w.Length > 3 && w.All(FindText.IsHan) && !EverydayWords.IsStop(w) && !EverydayWords.IsWeak(w)).Order(StringComparer.Ordinal)];
        _syllables = Enumerable.Range(0x4e00, 0x5200).SelectMany(c => Pinyin.Of((char)c)).Select(Pinyin.Loose).ToFrozenSet();
        _stems = things.SelectMany(t => t.English).SelectMany(f => FindText.Stems(FindText.Plain(f.Text))).Concat(EverydayWords.All.Where(w => char.IsAsciiLetter(w[0]) && w.All(char.IsAsciiLetterOrDigit)).Select(FindText.Stem)).ToFrozenSet();
    }

    /// <summary>Whether it is a word.</summary>
    public bool Has(string word) => _words.Contains(word);

    /// <summary>Whether it is a name, or what something is also called.</summary>
    public bool IsName(string word) => _names.Contains(word);

    /// <summary>Names and what things are also called.</summary>
    public IReadOnlySet<string> Names => _names;

    /// <summary>Words of four characters and more, of which one may be wrong.</summary>
    public IReadOnlyList<string> Long => _long;

    /// <summary>Words that are spelt so.</summary>
    /// <param name="letters">As typed.</param>
    public IReadOnlyList<string> SpeltAs(string letters) => _spelt.GetValueOrDefault(Pinyin.Loose(letters)) ?? (IReadOnlyList<string>)[];

    /// <summary>Words whose characters begin with these letters; from three letters on, names that go on after them too.</summary>
    public IReadOnlyList<string> InitialsOf(string letters) => _initials.GetValueOrDefault(letters) ??
        (letters.Length < 3 ? [] : (IReadOnlyList<string>)[.. _initials.Where(i => i.Key.StartsWith(letters, StringComparison.Ordinal)).SelectMany(i => i.Value).Distinct().Take(6)]);

    /// <summary>Names whose spelling goes on after these letters, or differs from them by one.</summary>
    public IReadOnlyList<string> SpeltNearly(string letters)
    {
        var loose = Pinyin.Loose(letters);
        IReadOnlyList<string> begun = loose.Length < 4 ? [] : [.. _spelt.Where(s => s.Key.StartsWith(loose, StringComparison.Ordinal)).SelectMany(s => s.Value).Where(IsName).Distinct().Take(6)];
        return begun.Count > 0 || loose.Length < 7 ? begun
            : [.. _spelt.Where(s => Math.Abs(s.Key.Length - loose.Length) < 2 && s.Key[0] == loose[0] && Packs.Reading.Nearest.Distance(s.Key, loose) == 1).SelectMany(s => s.Value).Where(IsName).Distinct().Take(6)];
    }

    /// <summary>Whether letters are a syllable.</summary>
    public bool IsSyllable(string letters) => _syllables.Contains(Pinyin.Loose(letters));

    /// <summary>Whether a Latin word is one of the English texts.</summary>
    public bool HasEnglish(string word) => _stems.Contains(FindText.Stem(word));

    /// <summary>The Latin word that was meant, where one goes on after it or differs from it by a letter (two from nine letters on); null where none does.</summary>
    public string? EnglishNear(string word) => word.Length < 4 ? null
        : _stems.Where(s => s.StartsWith(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? (word.Length < 5 ? null : _stems.Where(s => s[0] == word[0] && Math.Abs(s.Length - word.Length) <= 2 && Packs.Reading.Nearest.Distance(s, FindText.Stem(word)) <= (word.Length < 9 ? 1 : 2)).Order(StringComparer.Ordinal).FirstOrDefault());

    private static bool IsWord(string word) => word.Length is > 0 and <= LongestWord && (word.Length > 1 || FindText.IsHan(word[0]));

    // A name, its parts between signs, and each without what says only that one applies for it.
    private static IEnumerable<string> Pieces(string name)
    {
        foreach (var piece in FindText.Plain(name).Split(' ').Append(FindText.Plain(name).Replace(" ", "", StringComparison.Ordinal)).Where(p => p.Length > 1))
        {
            yield return piece;
            if (Tails.Where(t => piece.EndsWith(t, StringComparison.Ordinal) && piece.Length - t.Length >= 2).MaxBy(t => t.Length) is { } tail)
                yield return piece[..^tail.Length];
        }
    }

    private static void Add(Dictionary<string, List<string>> to, string key, string word)
    {
        if (!to.TryGetValue(key, out var words))
            to[key] = words = [];
        if (!words.Contains(word))
            words.Add(word);
    }
}
