using Guantong.Data;

namespace Guantong.Insight;

/// <summary>Something that was found, and how well it fits.</summary>
/// <param name="Covered">How much of what the query says is found here, 0 to 1.</param>
/// <param name="Score">By which it is ranked.</param>
internal sealed record FoundThing(Findable Thing, double Covered, double Score);

/// <summary>Finds things by a query. Pure: the same things and the same query give the same answer.</summary>
/// <remarks>
/// Each part of a query has a weight, by how few things hold it (as in BM25); what nobody knows weighs most. A thing fits by the share of that weight that it holds, each part by the best field in which it stands.
/// So "apply for a passport" does not find every application: what it is about is not there. There are hundreds of matters, not millions, and each is read in full for each query; an index
/// of Lucene's, as the catalogue of data has, would cost its start and say less about why something was found.
/// </remarks>
internal sealed class FindIndex
{
    /// <summary>What a hit in a name is worth.</summary>
    public const double NameWorth = 1;

    // Below which share nothing fits; with much of it found, a smaller share of a long sentence will do. The judged queries of the tests decide.
    private const double Least = 0.5, LeastOfMuch = 0.34, Much = 1.3;
    private const double WeakWeight = 0.25, LetterWeight = 0.35, LeastWeight = 0.4;

    public FindIndex(IReadOnlyList<Findable> things, IEnumerable<string> more) : this(things, new FindVocabulary(things, more))
    {
    }

    /// <summary>Over other things, by words that are known.</summary>
    public FindIndex(IReadOnlyList<Findable> things, FindVocabulary words) => (Things, Words) = (things, words);

    /// <summary>What there is to find.</summary>
    public IReadOnlyList<Findable> Things { get; }

    /// <summary>The words by which it is found.</summary>
    public FindVocabulary Words { get; }

    /// <summary>Reads a query.</summary>
    public FindQuery Read(string query) => FindQuery.Read(query, Words);

    /// <summary>What a query finds, the best first.</summary>
    /// <param name="learned">Thing → what people who asked so opened says of it, 0 to 1; null for nothing.</param>
    public IReadOnlyList<FoundThing> Find(FindQuery query, Func<Findable, double>? learned = null)
    {
        if (query.Terms.Count == 0)
            return [];
        var hits = query.Terms.Select(t => Things.Select(thing => Hit(t, thing)).ToArray()).ToArray();
        var weights = query.Terms.Select((t, i) => Weight(t, hits[i])).ToArray();
        var all = weights.Sum();
        var core = query.Core;
        var found = new List<FoundThing>();
        for (var d = 0; d < Things.Count; d++)
        {
            var got = 0.0;
            for (var i = 0; i < weights.Length; i++)
                got += weights[i] * hits[i][d];
            var covered = got / all;
            if (covered < Least && !(got >= Much && covered >= LeastOfMuch))
                continue;
            var thing = Things[d];
            found.Add(new FoundThing(thing, covered, covered + Called(thing, query.Plain, core) + (thing.IsJoint ? 0.02 : 0) + (learned is null ? 0 : MostLearned * learned(thing))));
        }
        // Of each kind what fits far less than the best is left out.
        return [.. found.GroupBy(f => f.Thing.Kind).SelectMany(g => g.Where(f => f.Covered >= 0.6 * g.Max(x => x.Covered)))
            .OrderByDescending(f => f.Score).ThenBy(f => Findable.Kinds.ToList().IndexOf(f.Thing.Kind)).ThenBy(f => f.Thing.Name.Length).ThenBy(f => f.Thing.Key, StringComparer.Ordinal)];
    }

    /// <summary>By how much what people opened can move a result at most: less than one part of a query does, so that nobody clicks something up that does not fit.</summary>
    public const double MostLearned = 0.1;

    private static double Hit(FindTerm term, Findable thing) =>
        term.Words.Count == 0 ? thing.WorthOfPairs(term.Text) : term.Words.Max(w => thing.Worth(w.Word) * w.Sureness);

    private double Weight(FindTerm term, double[] hits)
    {
        if (term.IsWeak)
            return WeakWeight;
        if (term.Words.Count == 0 && term.Text.Length == 1)
            return LetterWeight;
        var holding = hits.Count(h => h >= 0.5);
        return holding == 0 ? 1 : Math.Clamp(Math.Log(1 + (double)Things.Count / holding) / Math.Log(1 + Things.Count), LeastWeight, 1);
    }

    // Whole names come first, then what stands in them as it was typed.
    private static double Called(Findable thing, string plain, string core)
    {
        var typed = plain.Replace(" ", "", StringComparison.Ordinal);
        var best = 0.0;
        foreach (var name in thing.Fields.Concat(thing.English).Where(f => f.Worth >= NameWorth).SelectMany(f => f.Text.Split('\n')).Select(n => FindText.Plain(n).Replace(" ", "", StringComparison.Ordinal)).Where(n => n.Length > 1))
            best = Math.Max(best, name == typed || name == core ? 0.5 : core.Length > 1 && (name.StartsWith(core, StringComparison.Ordinal) || (core.Length > 2 && core.StartsWith(name, StringComparison.Ordinal))) ? 0.25 : core.Length > 1 && name.Contains(core, StringComparison.Ordinal) ? 0.15 : 0);
        return best;
    }

    /// <summary>A text with what was looked for marked.</summary>
    public static IReadOnlyList<MarkedText> Mark(string text, FindQuery query)
    {
        var hit = new bool[text.Length];
        foreach (var term in query.Terms)
        {
            foreach (var word in term.Words.Count > 0 ? term.Words.Select(w => w.Word) : Enumerable.Range(0, Math.Max(0, term.Text.Length - 1)).Select(i => term.Text[i..(i + 2)]))
            {
                for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
                {
                    if (FindText.IsHan(word[0]) || at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]))
                        Array.Fill(hit, true, at, word.Length);
                }
            }
        }
        var parts = new List<MarkedText>();
        for (int from = 0, to; from < text.Length; from = to)
        {
            for (to = from + 1; to < text.Length && hit[to] == hit[from]; to++)
            {
            }
            parts.Add(new MarkedText(text[from..to], hit[from]));
        }
        return parts;
    }
}
