namespace Guantong.Packs.Reading;

/// <summary>Finds the word that a writer most likely meant.</summary>
public static class Nearest
{
    /// <summary>The known word with the smallest edit distance, or, when none is close, all known words.</summary>
    public static string To(string word, IEnumerable<string> known)
    {
        var all = known.ToList();
        var best = all.Select(k => (Word: k, Distance: Distance(word, k))).OrderBy(p => p.Distance).FirstOrDefault();
        if (best.Word is not null && best.Distance <= Reach(word))
            return best.Word;
        return all.Count == 0 ? "–" : string.Join(" | ", all.Order(StringComparer.Ordinal).Take(12)) + (all.Count > 12 ? " …" : "");
    }

    /// <summary>Whether a word may be a misspelling of a known one.</summary>
    public static bool IsNear(string word, string known) => Distance(word, known) <= Reach(word);

    private static int Reach(string word) => Math.Max(2, word.Length / 3);

    /// <summary>How many letters have to be changed, added or left out to make one word the other (Levenshtein).</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var swap = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
                corner = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, swap);
            }
        }
        return row[b.Length];
    }
}
