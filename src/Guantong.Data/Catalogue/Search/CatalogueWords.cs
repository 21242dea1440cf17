using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Guantong.Data;

/// <summary>Words that are looked for, as a query of the index, and as marks in a text that was found.</summary>
internal sealed class CatalogueWords
{
    private static readonly CatalogueAnalyzer Pairs = new(unigrams: false), Characters = new(unigrams: true, stems: false);

    private readonly IReadOnlyList<string> _terms;
    private readonly bool _near;

    private CatalogueWords(string words, IReadOnlyList<string> terms, bool near, Query query) => (Words, _terms, _near, Query) = (words, terms, near, query);

    private string Words { get; }

    public Query Query { get; }

    /// <summary>The words as they stand: all of up to three of their tokens, three of four of more.</summary>
    public static CatalogueWords As(string words)
    {
        var terms = Terms(Pairs, words);
        var all = new BooleanQuery { MinimumNumberShouldMatch = terms.Count <= 3 ? terms.Count : (int)Math.Ceiling(terms.Count * 0.75) };
        foreach (var term in terms)
            all.Add(Anywhere(term, (field, weight) => CatalogueAnalyzer.IsHan(term) || term.Length < 3 ? [Term(field, term, weight)] : [Term(field, term, weight), Begun(field, term, weight * 0.4f)]), Occur.SHOULD);
        return new(words, terms, false, Outer(words, terms, all));
    }

    /// <summary>What comes near the words: a letter or two off in English, a character in three or four off in Chinese.</summary>
    public static CatalogueWords Near(string words)
    {
        var terms = Terms(Characters, words);
        var all = new BooleanQuery();
        var latin = terms.Where(t => !CatalogueAnalyzer.IsHan(t)).ToList();
        var han = terms.Where(t => CatalogueAnalyzer.IsHan(t) && t.Length == 1).ToList();
        foreach (var term in latin)
        {
            var like = new DisjunctionMaxQuery(0.15f) { Like(CatalogueAnalyzer.Whole, term, 1) };
            // A plural that is misspelt is near its stem.
            foreach (var stem in Terms(Pairs, term))
            {
                like.Add(Like("name", stem, 1));
                like.Add(Like("keywords", stem, 0.8f));
            }
            all.Add(like, Occur.MUST);
        }
        if (han.Count > 0)
        {
            var most = new BooleanQuery { MinimumNumberShouldMatch = han.Count <= 2 ? han.Count : han.Count - Math.Max(1, (int)(han.Count * 0.3)) };
            foreach (var term in han)
                most.Add(Anywhere(term, (field, weight) => field is "name" or "keywords" ? [Term(field, term, weight)] : []), Occur.SHOULD);
            all.Add(most, Occur.MUST);
        }
        foreach (var term in terms.Where(t => CatalogueAnalyzer.IsHan(t) && t.Length > 1))
            all.Add(Anywhere(term, (field, weight) => [Term(field, term, weight)]), Occur.SHOULD);
        return new(words, [.. terms, .. latin.SelectMany(t => Terms(Pairs, t))], true, all);
    }

    /// <summary>A text with what was looked for marked.</summary>
    public IReadOnlyList<MarkedText> Mark(string text)
    {
        var hits = new bool[text.Length];
        foreach (var (term, from, to) in Pairs.Tokens(text).Concat(_near || Words.Length == 1 ? Characters.Tokens(text) : []))
        {
            if (_terms.Any(t => Fits(t, term)))
                hits.AsSpan(from, to - from).Fill(true);
        }
        var parts = new List<MarkedText>();
        for (var at = 0; at < text.Length;)
        {
            var until = Array.FindIndex(hits, at, h => h != hits[at]);
            until = until < 0 ? text.Length : until;
            parts.Add(new MarkedText(text[at..until], hits[at]));
            at = until;
        }
        return parts;
    }

    private bool Fits(string wanted, string term) => wanted == term
        || (!CatalogueAnalyzer.IsHan(wanted) && wanted.Length >= 3 && (_near ? Math.Abs(wanted.Length - term.Length) <= Edits(wanted) && Packs.Reading.Nearest.Distance(wanted, term) <= Edits(wanted) : term.StartsWith(wanted, StringComparison.Ordinal)));

    private static IReadOnlyList<string> Terms(CatalogueAnalyzer analyzer, string words) => [.. analyzer.Tokens(words).Select(t => t.Term).Distinct().Take(40)];

    // A whole name or code comes first, then the words side by side in a name.
    private static BooleanQuery Outer(string words, IReadOnlyList<string> terms, BooleanQuery all)
    {
        var phrase = new PhraseQuery { Slop = 1, Boost = 8 };
        foreach (var term in terms)
            phrase.Add(new Term("name", term));
        var outer = new BooleanQuery();
        var any = new BooleanQuery { { new TermQuery(new Term("exact", words.ToLowerInvariant())) { Boost = 20 }, Occur.SHOULD }, { new TermQuery(new Term("code", words)) { Boost = 40 }, Occur.SHOULD }, { new TermQuery(new Term("id", words)) { Boost = 40 }, Occur.SHOULD } };
        if (terms.Count > 0)
            any.Add(all, Occur.SHOULD);
        outer.Add(any, Occur.MUST);
        if (terms.Count > 1)
            outer.Add(phrase, Occur.SHOULD);
        return outer;
    }

    private static DisjunctionMaxQuery Anywhere(string term, Func<string, float, Query[]> of)
    {
        var any = new DisjunctionMaxQuery(0.15f);
        foreach (var (field, weight) in CatalogueDocument.Searched)
        {
            foreach (var query in of(field, weight))
                any.Add(query);
        }
        return any;
    }

    private static TermQuery Term(string field, string term, float weight) => new(new Term(field, term)) { Boost = weight };

    private static PrefixQuery Begun(string field, string term, float weight) => new(new Term(field, term)) { Boost = weight };

    private static Query Like(string field, string term, float weight) => term.Length < 4 ? Term(field, term, weight) : new FuzzyQuery(new Term(field, term), Edits(term), 1) { Boost = weight };

    private static int Edits(string term) => term.Length < 8 ? 1 : 2;
}
