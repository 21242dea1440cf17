namespace Guantong.Feel.Checking;

/// <summary>The known name that an unknown one most likely means.</summary>
internal static class Suggestion
{
    private const int LongestName = 60;

    /// <summary>The nearest name within a third of its letters; null when none is near.</summary>
    public static string? For(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestName)
            return null;
        var nearest = known.Where(k => k.Length <= LongestName).Select(k => (Name: k, Apart: Apart(name, k))).OrderBy(k => k.Apart).ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault();
        return nearest.Name is not null && nearest.Apart <= Math.Max(1, name.Length / 3) ? nearest.Name : null;
    }

    // Levenshtein's distance; another case of a letter costs nothing but the first.
    private static int Apart(string a, string b)
    {
        if (string.Equals(a, b, StringComparison.OrdinalIgnoreCase))
            return 0;
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
