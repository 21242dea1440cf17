using System.Collections.Frozen;

namespace Guantong.Insight;

/// <summary>What people say for what matters are called, for all matters: the platform's list (<c>words.txt</c>). Words of one matter stand with it in its pack, as <c>also</c>.</summary>
internal static class EverydayWords
{
    private static readonly Lazy<Lists> Read = new(ReadLists);

    private sealed record Lists(FrozenSet<string> Stop, FrozenSet<string> Weak, FrozenDictionary<string, IReadOnlyList<string>> Means, FrozenSet<string> Meant, IReadOnlyList<(string Field, IReadOnlyList<string> Said)> Asks);

    /// <summary>Whether a word says nothing about what is looked for.</summary>
    public static bool IsStop(string word) => Read.Value.Stop.Contains(word);

    /// <summary>Whether it says little.</summary>
    public static bool IsWeak(string word) => Read.Value.Weak.Contains(word);

    /// <summary>What it means in the words of matters; nothing for a word that stands for itself.</summary>
    public static IReadOnlyList<string> Means(string word) => Read.Value.Means.GetValueOrDefault(word, []);

    /// <summary>Whether it is one that others mean.</summary>
    public static bool IsMeant(string word) => Read.Value.Meant.Contains(word);

    /// <summary>All words that it knows.</summary>
    public static IEnumerable<string> All => Read.Value.Stop.Concat(Read.Value.Weak).Concat(Read.Value.Means.Keys).Concat(Read.Value.Meant);

    /// <summary>Which field of a matter a question asks for (materials, time, fee, where, who, result, appeal, basis, how), by the longest words that fit; null where it asks for none.</summary>
    public static (string Field, string Said)? Asked(string question)
    {
        var found = (from ask in Read.Value.Asks
                     from said in ask.Said
                     where question.Contains(said, StringComparison.Ordinal)
                     orderby said.Length descending
                     select (ask.Field, said)).FirstOrDefault();
        return found.Field is null ? null : found;
    }

    internal static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(typeof(EverydayWords).Assembly.GetManifestResourceStream(file)!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                yield return line;
        }
    }

    private static Lists ReadLists()
    {
        var (stop, weak, means, asks) = (new HashSet<string>(), new HashSet<string>(), new Dictionary<string, List<string>>(), new List<(string, IReadOnlyList<string>)>());
        foreach (var line in Lines("words.txt"))
        {
            var (head, tail) = (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim().ToLowerInvariant());
            if (head[0] == '?')
            {
                asks.Add((head[1..], tail.Split('|')));
                continue;
            }
            var words = tail.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (head is "stop" or "weak")
            {
                (head == "stop" ? stop : weak).UnionWith(words);
                continue;
            }
            foreach (var word in words)
                (means.TryGetValue(word, out var all) ? all : means[word] = []).AddRange(head.ToLowerInvariant().Split('|'));
        }
        return new Lists(stop.ToFrozenSet(), weak.ToFrozenSet(), means.ToFrozenDictionary(m => m.Key, m => (IReadOnlyList<string>)[.. m.Value.Distinct().Where(w => w != m.Key)]), means.Values.SelectMany(m => m).ToFrozenSet(), asks);
    }
}
