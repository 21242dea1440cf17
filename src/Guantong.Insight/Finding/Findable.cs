namespace Guantong.Insight;

/// <summary>Something that can be found: a service, guided questions, a public screen, an open dataset, a region's channel or a zone of it.</summary>
/// <param name="Kind">service, guide, screen, dataset or channel.</param>
/// <param name="Pack">Of a channel: its region.</param>
/// <param name="Id">Of its pack; of a zone: its own; of a channel: <see cref="ItsChannel"/>.</param>
/// <param name="NameEn">Its name in English; the Chinese one where it has none.</param>
/// <param name="Fields">Texts that it is found by, in Chinese, each with what a hit there is worth (1 is a name).</param>
/// <param name="English">The same in English.</param>
internal sealed record Findable(string Kind, string Pack, string Id, string Name, string NameEn, string About, string AboutEn,
    IReadOnlyList<(string Text, double Worth)> Fields, IReadOnlyList<(string Text, double Worth)> English)
{
    /// <summary>What it is about, of the pack language's categories; null where nothing says.</summary>
    public string? Subject { get; init; }

    /// <summary>The id of the unit that leads it, as the directory names it.</summary>
    public string? Unit { get; init; }

    /// <summary>person, business.</summary>
    public IReadOnlyList<string> Audience { get; init; } = Packs.Matter.Everyone;

    /// <summary>Events of a life or of a business at which it is looked for.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Whether it is several matters as one (一件事): it comes before its parts.</summary>
    public bool IsJoint { get; init; }

    /// <summary>kind:pack/id, by which opening it is counted.</summary>
    public string Key => $"{Kind}:{Pack}/{Id}";

    /// <summary>Where it stands on the Portal.</summary>
    public string Address => Kind switch
    {
        "service" => $"/services/{Pack}/{Id}",
        "guide" => $"/guides/{Pack}/{Id}",
        "screen" => $"/screens/{Pack}",
        "channel" => Id == ItsChannel ? $"/channels/{Pack}" : $"/channels/{Pack}/zones/{Id}",
        _ => $"/data/{Pack}/{Id}",
    };

    /// <summary>The kinds, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["service", "guide", "screen", "dataset", "channel"];

    /// <summary>What stands for the id of a channel itself; no zone has it, for it is no address's ending.</summary>
    public const string ItsChannel = ".";

    /// <summary>Its name for a reader.</summary>
    public string Say(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? NameEn : Name;

    /// <summary>What it says of itself, for a reader.</summary>
    public string SayAbout(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? AboutEn : About;

    // Texts as they are held against words: made alike once.
    private readonly Lazy<IReadOnlyList<(string Text, double Worth)>> _plain = new(() => [.. Fields.Select(f => (FindText.Plain(f.Text), f.Worth))]);
    private readonly Lazy<Dictionary<string, double>> _stems = new(() => English.SelectMany(f => FindText.Stems(FindText.Plain(f.Text)).Select(s => (s, f.Worth))).GroupBy(s => s.s).ToDictionary(g => g.Key, g => g.Max(s => s.Worth)));

    /// <summary>What a word is worth here: what the best field that holds it is.</summary>
    public double Worth(string word)
    {
        if (!FindText.IsHan(word[0]) && _stems.Value.TryGetValue(FindText.Stem(word), out var stem))
            return stem;
        var best = 0.0;
        foreach (var (text, worth) in _plain.Value)
        {
            if (worth > best && Holds(text, word))
                best = worth;
        }
        return best;
    }

    /// <summary>What words that nobody knows are worth here: the share of their pairs of characters that one field holds.</summary>
    public double WorthOfPairs(string run)
    {
        var best = 0.0;
        foreach (var (text, worth) in FindText.IsHan(run[0]) ? _plain.Value : [])
        {
            var (held, of) = (0, Math.Max(1, run.Length - 1));
            for (var i = 0; i < of; i++)
                held += text.Contains(run[i..Math.Min(i + 2, run.Length)], StringComparison.Ordinal) ? 1 : 0;
            best = Math.Max(best, worth * held / of);
        }
        return best;
    }

    // Latin words are whole ones, or begin so: "pm" is no hit in "rpm".
    private static bool Holds(string text, string word)
    {
        if (FindText.IsHan(word[0]))
            return text.Contains(word, StringComparison.Ordinal);
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]))
                return true;
        }
        return false;
    }
}
