using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Cjk;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Analysis.En;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Util;

namespace Guantong.Data;

/// <summary>Takes texts apart for searching: Chinese into pairs of characters that overlap, English into stems; full width and half width are one.</summary>
/// <param name="unigrams">Whether single characters stand beside the pairs: so an index is written, and so it is asked where a word is misspelt.</param>
/// <param name="stems">Whether English is taken to its stems; a misspelt word has none. The field <see cref="Whole"/> never is.</param>
internal sealed class CatalogueAnalyzer(bool unigrams, bool stems = true) : Analyzer(PER_FIELD_REUSE_STRATEGY)
{
    public const LuceneVersion Version = LuceneVersion.LUCENE_48;

    /// <summary>The field that holds words as they are written.</summary>
    public const string Whole = "words";

    protected override TokenStreamComponents CreateComponents(string fieldName, TextReader reader)
    {
        var source = new StandardTokenizer(Version, reader);
        TokenStream stream = new LowerCaseFilter(Version, new CJKWidthFilter(source));
        stream = new CJKBigramFilter(stream, CJKScript.HAN | CJKScript.HIRAGANA | CJKScript.KATAKANA | CJKScript.HANGUL, unigrams);
        stream = new StopFilter(Version, new EnglishPossessiveFilter(Version, stream), StopAnalyzer.ENGLISH_STOP_WORDS_SET);
        if (stems && fieldName != Whole)
            stream = new PorterStemFilter(stream);
        return new TokenStreamComponents(source, stream);
    }

    /// <summary>A text's tokens with where they stand in it.</summary>
    public IReadOnlyList<(string Term, int From, int To)> Tokens(string text)
    {
        var tokens = new List<(string, int, int)>();
        using var stream = GetTokenStream("", text);
        var (term, offset) = (stream.GetAttribute<ICharTermAttribute>(), stream.GetAttribute<IOffsetAttribute>());
        stream.Reset();
        while (stream.IncrementToken())
            tokens.Add((term.ToString()!, offset.StartOffset, offset.EndOffset));
        stream.End();
        return tokens;
    }

    /// <summary>Whether a token is written in Chinese characters.</summary>
    public static bool IsHan(string term) => term[0] >= 0x2e80;
}
