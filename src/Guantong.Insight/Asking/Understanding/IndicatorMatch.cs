namespace Guantong.Insight;

/// <summary>Finds the indicators that a question names: by their own words, else by likeness.</summary>
/// <remarks>
/// Likeness is Dice's coefficient over bigrams of Chinese characters and whole words of Latin letters, which count twice, between a name and the stretch of the question that has the most of it.
/// From <see cref="Chosen"/> on an indicator is taken, unless another is within <see cref="Apart"/> of it: then neither is, and the asker chooses. From <see cref="Offered"/> on it is offered.
/// </remarks>
internal static class IndicatorMatch
{
    /// <summary>From what likeness an indicator is taken.</summary>
    public const double Chosen = 0.45;

    /// <summary>From what likeness an indicator is offered.</summary>
    public const double Offered = 0.25;

    /// <summary>How far the likest must be from the next.</summary>
    public const double Apart = 0.1;

    private const int MostOffers = 6;

    private sealed record Likeness(KnownIndicator Indicator, double Score, int From, int To);

    /// <summary>Those whose own words stand in the question, in its order; the longest words first, so that none is taken for a part of another.</summary>
    public static (IReadOnlyList<string> Keys, IReadOnlyList<Offer> Offers, IReadOnlyList<Said> Said) Named(QuestionText text, Lexicon lexicon)
    {
        var (found, offers) = (new List<(string Key, int From, int To)>(), new List<Offer>());
        var words = lexicon.Indicators.SelectMany(i => i.Words.Select(w => (Word: QuestionText.Squeeze(w), Indicator: i))).Where(w => w.Word.Length >= 2).Distinct();
        foreach (var word in words.GroupBy(w => w.Word).OrderByDescending(g => g.Key.Length).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            while (text.Find(word.Key) is var (from, to))
            {
                text.Take(from, to);
                // Two that bear the very same name: nobody but the asker knows.
                if (word.Count() > 1)
                    offers.AddRange(word.Select(w => new Offer("indicators", w.Indicator.Key, w.Indicator.Name, 1)));
                else
                    found.Add((word.First().Indicator.Key, from, to));
            }
        }
        found.Sort((a, b) => a.From.CompareTo(b.From));
        return ([.. found.Select(f => f.Key).Distinct().Take(Wish.MostIndicators)], [.. offers.DistinctBy(o => o.Value)], [.. found.Select(f => new Said("indicators", text.Words(f.From, f.To)))]);
    }

    /// <summary>The one that the words which are left are most like, if any is; and what else they are like.</summary>
    /// <param name="isMore">Whether others were named by their own words: then nothing is offered.</param>
    public static (string? Key, IReadOnlyList<Offer> Offers, Said? Said) Like(QuestionText text, Lexicon lexicon, bool isMore)
    {
        var stretches = text.Left(blanksEnd: false).ToList();
        var likely = lexicon.Indicators
            .Select(i => i.Words.SelectMany(w => stretches.Select(s => Of(text, s, Grams(new QuestionText(w).Text), i))).MaxBy(l => l.Score))
            .OfType<Likeness>().Where(l => l.Score >= Offered)
            .OrderByDescending(l => l.Score).ThenBy(l => l.Indicator.Key, StringComparer.Ordinal).Take(MostOffers).ToList();
        var offers = likely.ConvertAll(l => new Offer("indicators", l.Indicator.Key, l.Indicator.Name, Math.Round(l.Score, 2)));
        if (likely is not [var best, ..] || best.Score < Chosen || (likely.Count > 1 && best.Score - likely[1].Score < Apart))
        {
            // They are understood as far as something is offered for them.
            foreach (var near in isMore ? [] : likely.Where(l => text.IsFree(l.From, l.To)))
                text.Take(near.From, near.To);
            return (null, isMore ? [] : offers, null);
        }
        return (best.Indicator.Key, isMore ? [] : [.. offers.Skip(1)], new Said("indicators", text.Take(best.From, best.To)));
    }

    private static Likeness Of(QuestionText text, (int From, int To) stretch, IReadOnlyList<Gram> name, KnownIndicator indicator)
    {
        var own = name.Select(g => g.Text).ToHashSet();
        var grams = Grams(text.Text[stretch.From..stretch.To]);
        var hits = grams.Where(g => own.Contains(g.Text)).ToList();
        if (hits.Count == 0)
            return new(indicator, 0, stretch.From, stretch.From);
        var (from, to) = (hits[0].From, hits.Max(h => h.To));
        var within = grams.Where(g => g.From >= from && g.To <= to).ToList();
        var shared = hits.DistinctBy(h => h.Text).Sum(h => h.Weight);
        return new(indicator, 2.0 * shared / (name.DistinctBy(g => g.Text).Sum(g => g.Weight) + within.Sum(g => g.Weight)), stretch.From + from, stretch.From + to);
    }

    // Words of English that any name and any question may have.
    private static readonly HashSet<string> Empty =
    [
        "the", "a", "an", "of", "in", "on", "for", "at", "to", "from", "and", "or", "by", "with", "per", "is", "are", "was", "were", "what", "which", "how", "many", "much", "show", "list", "give", "me", "has", "have", "had", "did", "does", "do", "there", "than",
    ];

    private readonly record struct Gram(string Text, int From, int To, int Weight);

    // pm2.5平均浓度 → pm2.5, 平均, 均浓, 浓度. A character alone between two words is one by itself.
    private static List<Gram> Grams(string text)
    {
        var grams = new List<Gram>();
        for (var i = 0; i < text.Length;)
        {
            var from = i;
            if (QuestionText.IsMark(text[i]))
            {
                i++;
                continue;
            }
            if (IsWord(text, i))
            {
                while (i < text.Length && IsWord(text, i))
                    i++;
                if (!Empty.Contains(text[from..i]))
                    grams.Add(new(text[from..i], from, i, 2));
                continue;
            }
            while (i < text.Length && !IsWord(text, i) && !QuestionText.IsMark(text[i]))
                i++;
            if (i - from == 1)
                grams.Add(new(text[from..i], from, i, 1));
            for (var at = from; at + 1 < i; at++)
                grams.Add(new(text[at..(at + 2)], at, at + 2, 1));
        }
        return grams;
    }

    private static bool IsWord(string text, int i) => QuestionText.IsLatin(text[i]) || (text[i] == '.' && i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]));
}
