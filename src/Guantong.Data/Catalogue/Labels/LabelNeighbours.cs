namespace Guantong.Data;

/// <summary>A label that entries like one have, and how surely, from 0 to 1.</summary>
/// <param name="Like">The nearest of those entries: why it is suggested.</param>
public sealed record LikelyLabel(string Label, double Score, string Like);

/// <summary>Learns labels from entries that have them: an entry is likely to bear those of its nearest by their words.</summary>
/// <remarks>Cosine of tf·idf over the index's own tokens (pairs of Chinese characters, English stems). Plain enough to say why: by which entry.</remarks>
public sealed class LabelNeighbours
{
    private const int Nearest = 5;

    private static readonly CatalogueAnalyzer Analyzer = new(unigrams: false);

    private readonly List<(CatalogueEntry Entry, Dictionary<string, double> Vector)> _known;
    private readonly Dictionary<string, double> _rarity;

    /// <summary>Learns from entries with labels.</summary>
    public LabelNeighbours(IReadOnlyList<CatalogueEntry> labelled)
    {
        var words = labelled.Select(e => (Entry: e, Counts: Counts(e))).ToList();
        _rarity = words.SelectMany(w => w.Counts.Keys).GroupBy(t => t).ToDictionary(g => g.Key, g => Math.Log(1 + (double)labelled.Count / g.Count()));
        _known = [.. words.Select(w => (w.Entry, Vector(w.Counts)))];
    }

    /// <summary>The labels that an entry is likely to bear, the surest first; those that it has are left out.</summary>
    public IReadOnlyList<LikelyLabel> Of(CatalogueEntry entry)
    {
        var vector = Vector(Counts(entry));
        var near = _known.Where(k => k.Entry.Id != entry.Id).Select(k => (k.Entry, Like: Cosine(vector, k.Vector))).Where(k => k.Like > 0.05).OrderByDescending(k => k.Like).Take(Nearest).ToList();
        var all = near.Sum(n => n.Like);
        return [.. near.SelectMany(n => n.Entry.Labels.Select(l => (Label: l, n.Like, n.Entry))).GroupBy(l => l.Label).Where(g => !entry.Labels.Contains(g.Key))
            .Select(g => new LikelyLabel(g.Key, g.Sum(l => l.Like) / all, g.MaxBy(l => l.Like).Entry.Name)).OrderByDescending(l => l.Score).ThenBy(l => l.Label, StringComparer.Ordinal)];
    }

    // A name says more than an abstract.
    private static Dictionary<string, double> Counts(CatalogueEntry entry)
    {
        var counts = new Dictionary<string, double>();
        foreach (var (text, weight) in ((string, double)[])[(entry.Name, 3), (string.Join('\n', entry.Keywords), 2), (entry.About, 1), (string.Join('\n', entry.Items.Select(i => i.Name)), 1), (entry.Provider, 1)])
        {
            foreach (var (term, _, _) in Analyzer.Tokens(text))
                counts[term] = counts.GetValueOrDefault(term) + weight;
        }
        return counts;
    }

    private Dictionary<string, double> Vector(Dictionary<string, double> counts)
    {
        var vector = counts.Where(c => _rarity.ContainsKey(c.Key)).ToDictionary(c => c.Key, c => (1 + Math.Log(c.Value)) * _rarity[c.Key]);
        var length = Math.Sqrt(vector.Values.Sum(v => v * v));
        return length == 0 ? vector : vector.ToDictionary(v => v.Key, v => v.Value / length);
    }

    private static double Cosine(Dictionary<string, double> a, Dictionary<string, double> b) => a.Sum(x => b.TryGetValue(x.Key, out var y) ? x.Value * y : 0);
}
