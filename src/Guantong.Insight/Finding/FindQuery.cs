namespace Guantong.Insight;

/// <summary>A part of a query.</summary>
/// <param name="Text">As it was typed.</param>
/// <param name="Words">What it is held against, each with how surely it is meant (1: as typed). None for what nobody knows: that is looked for by its pairs of characters.</param>
/// <param name="Meant">The word that was taken for a misspelt one, or for letters; null where it is as typed.</param>
/// <param name="IsWeak">Whether it says little.</param>
internal sealed record FindTerm(string Text, IReadOnlyList<(string Word, double Sureness)> Words, string? Meant = null, bool IsWeak = false);

/// <summary>A query as it was understood.</summary>
/// <param name="Plain">As it was typed, made alike.</param>
/// <param name="Terms">Its parts that say something.</param>
/// <param name="Asked">The field of a matter that a question asks for; null where none.</param>
/// <param name="IsQuestion">Whether something is asked.</param>
internal sealed record FindQuery(string Plain, IReadOnlyList<FindTerm> Terms, string? Asked, bool IsQuestion)
{
    // A homophone and a slip of one character are held for a word less gladly than the word itself, and less than the parts that are known.
    private const double AsWritten = 1, AsStop = 0.9, AsHeard = 0.75, AsSlip = 0.6;

    /// <summary>The query with what was meant in place of what was typed; null where all of it is as typed.</summary>
    public string? Understood => Terms.Any(t => t.Meant is not null) ? string.Join(Terms.All(t => FindText.IsHan((t.Meant ?? t.Text)[0])) ? "" : " ", Terms.Select(t => t.Meant ?? t.Text)) : null;

    /// <summary>What is left of it without the words that say nothing.</summary>
    public string Core => string.Concat(Terms.Select(t => t.Meant ?? t.Text));

    /// <summary>Reads a query by the words that there are.</summary>
    public static FindQuery Read(string query, FindVocabulary words)
    {
        var plain = FindText.Plain(FindText.Cut(query));
        var asked = EverydayWords.Asked(plain);
        var isQuestion = asked is not null || query.Any(c => c is '?' or '？') || plain.EndsWith('吗') || plain.Contains("怎么", StringComparison.Ordinal) || plain.Contains("什么", StringComparison.Ordinal);
        // What is asked is taken out where it stands; where nothing else stands, it is what is looked for.
        var rest = asked is { } a && plain.Replace(a.Said, " ", StringComparison.Ordinal).Trim() is { Length: > 0 } without ? without : plain;
        return new FindQuery(plain, [.. Parts(rest, words)], asked?.Field, isQuestion);
    }

    private sealed record Edge(int From, int To, double Score, string? Word, bool IsStop);

    // The best way to read the text as words: longer ones weigh more, what nobody knows weighs nothing (Viterbi).
    private static IEnumerable<FindTerm> Parts(string text, FindVocabulary words)
    {
        var best = new (double Score, Edge? Edge)[text.Length + 1];
        Array.Fill(best, (double.NegativeInfinity, null), 1, text.Length);
        for (var from = 0; from < text.Length; from++)
        {
            if (double.IsNegativeInfinity(best[from].Score))
                continue;
            foreach (var edge in Edges(text, from, words))
            {
                if (best[from].Score + edge.Score > best[edge.To].Score)
                    best[edge.To] = (best[from].Score + edge.Score, edge);
            }
        }
        var way = new List<Edge>();
        for (var at = text.Length; at > 0; at = way[^1].From)
            way.Add(best[at].Edge!);
        way.Reverse();
        return Along(text, way, words);
    }

    private static IEnumerable<Edge> Edges(string text, int from, FindVocabulary words)
    {
        if (!FindText.IsHan(text[from]))
        {
            var end = from + 1;
            while (text[from] != ' ' && end < text.Length && text[end] != ' ' && !FindText.IsHan(text[end]))
                end++;
            yield return new Edge(from, end, 0, null, text[from] == ' ' || EverydayWords.IsStop(text[from..end]));
            // 80岁, D类: a word of letters or digits and characters.
            for (var to = end + 1; to <= Math.Min(text.Length, end + 6); to++)
            {
                if (words.Has(text[from..to]))
                    yield return new Edge(from, to, Square(to - from) * AsWritten, text[from..to], false);
            }
            yield break;
        }
        yield return new Edge(from, from + 1, 0, null, EverydayWords.IsStop(text[from..(from + 1)]));
        var run = from;
        while (run < text.Length && FindText.IsHan(text[run]))
            run++;
        for (var to = from + 1; to <= Math.Min(run, from + FindVocabulary.LongestWord); to++)
        {
            var piece = text[from..to];
            if (words.Has(piece))
                yield return new Edge(from, to, Square(to - from) * (EverydayWords.IsStop(piece) ? AsStop : AsWritten), piece, EverydayWords.IsStop(piece));
            else if (Heard(piece, words) is { } heard)
                yield return new Edge(from, to, Square(to - from) * AsHeard, heard, false);
        }
        foreach (var word in words.Long)
        {
            for (var length = word.Length - 1; length <= word.Length + 1 && from + length <= run; length++)
            {
                if (IsSlip(text.AsSpan(from, length), word))
                    yield return new Edge(from, from + length, Square(word.Length) * AsSlip, word, false);
            }
        }
    }

    private static double Square(int length) => (double)length * length;

    // Another word of the same sound; of two characters alone, neither may be one of those that say nothing.
    private static string? Heard(string piece, FindVocabulary words)
    {
        if (piece.Length < 2 || (piece.Length == 2 && piece.Any(c => EverydayWords.IsStop(c.ToString()))))
            return null;
        return Pinyin.Of(piece).SelectMany(s => words.SpeltAs(string.Concat(s))).FirstOrDefault(w => w.Length == piece.Length && (words.IsName(w) || EverydayWords.IsMeant(w)) && w.Zip(piece).All(p => Pinyin.SoundAlike(p.First, p.Second)));
    }

    // One character of another near sound, one too many or too few, or two that changed places.
    private static bool IsSlip(ReadOnlySpan<char> piece, string word)
    {
        var same = piece.CommonPrefixLength(word);
        if (piece.Length == word.Length)
        {
            if (same == word.Length)
                return false;
            if (piece[(same + 1)..].SequenceEqual(word.AsSpan(same + 1)))
                return Pinyin.SoundNear(piece[same], word[same]);
            return same + 1 < word.Length && piece[same] == word[same + 1] && piece[same + 1] == word[same] && piece[(same + 2)..].SequenceEqual(word.AsSpan(same + 2));
        }
        return piece.Length < word.Length ? same > 0 && piece[same..].SequenceEqual(word.AsSpan(same + 1)) : same > 0 && same < word.Length && piece[(same + 1)..].SequenceEqual(word.AsSpan(same));
    }

    private static IEnumerable<FindTerm> Along(string text, List<Edge> way, FindVocabulary words)
    {
        for (var i = 0; i < way.Count; i++)
        {
            var edge = way[i];
            var typed = text[edge.From..edge.To];
            if (edge.Word is { } word)
            {
                if (!edge.IsStop)
                    yield return Known(typed, [word], word == typed ? null : word);
                continue;
            }
            // Of letters all are kept so far: what is a small word of English may be a syllable.
            if (edge.IsStop && (typed == " " || FindText.IsHan(typed[0])))
                continue;
            var last = i;
            if (FindText.IsHan(typed[0]))
            {
                while (last + 1 < way.Count && way[last + 1] is { Word: null, IsStop: false } next && FindText.IsHan(text[next.From]))
                    last++;
                yield return new FindTerm(text[edge.From..way[last].To], []);
            }
            else
            {
                // Letters with blanks between may be one word in pinyin.
                while (last + 1 < way.Count && way[last + 1].Word is null && !FindText.IsHan(text[way[last + 1].From]))
                    last++;
                foreach (var term in Latin(text[edge.From..way[last].To].Split(' ', StringSplitOptions.RemoveEmptyEntries), words))
                    yield return term;
            }
            i = last;
        }
    }

    private static FindTerm Known(string typed, IReadOnlyList<string> meant, string? said, double sureness = 1) =>
        new(typed, [.. meant.Select(w => (w, sureness)).Concat(meant.SelectMany(EverydayWords.Means).Select(w => (w, sureness * 0.9))).DistinctBy(w => w.Item1)], said, meant.All(EverydayWords.IsWeak));

    private static IEnumerable<FindTerm> Latin(string[] tokens, FindVocabulary words)
    {
        var said = tokens.Where(t => !EverydayWords.IsStop(t)).ToList();
        if (said.Count == 0)
            yield break;
        var isEnglish = said.Count(words.HasEnglish) * 2 >= said.Count;
        var letters = string.Concat(tokens);
        if (!isEnglish && letters.All(char.IsAsciiLetter) && AsPinyin(letters, words) is { } terms)
        {
            foreach (var term in terms)
                yield return term;
            yield break;
        }
        foreach (var token in said)
        {
            var near = words.HasEnglish(token) || token.Any(char.IsAsciiDigit) ? null : words.EnglishNear(token);
            yield return token.Length == 1 || (near is null && !words.HasEnglish(token) && !token.Any(char.IsAsciiDigit)) ? new FindTerm(token, []) : Known(token, [near ?? token], near, near is null ? 1 : 0.9);
        }
    }

    private static IReadOnlyList<FindTerm>? AsPinyin(string letters, FindVocabulary words)
    {
        var best = new (double Score, int From, IReadOnlyList<string>? Words)[letters.Length + 1];
        Array.Fill(best, (double.NegativeInfinity, 0, null), 1, letters.Length);
        for (var from = 0; from < letters.Length; from++)
        {
            for (var to = from + 1; to <= letters.Length && !double.IsNegativeInfinity(best[from].Score); to++)
            {
                var piece = letters[from..to];
                var spelt = words.SpeltAs(piece);
                // What nobody knows costs, so that few words are found in what is none.
                var score = spelt.Count > 0 ? Square(spelt.Max(w => w.Length)) : piece.Length <= 6 && words.IsSyllable(piece) ? -1 : double.NegativeInfinity;
                if (best[from].Score + score > best[to].Score)
                    best[to] = (best[from].Score + score, from, spelt.Count > 0 ? spelt : null);
            }
        }
        if (best[^1].Score > 0)
        {
            var terms = new List<FindTerm>();
            for (var at = letters.Length; at > 0; at = best[at].From)
            {
                var typed = letters[best[at].From..at];
                var meant = best[at].Words?.Where(w => !EverydayWords.IsStop(w)).OrderByDescending(words.IsName).ToList();
                if (meant is null)
                    terms.Add(new FindTerm(typed, []));
                else if (meant.Count > 0)
                    terms.Add(Known(typed, meant, meant[0], 0.95));
            }
            terms.Reverse();
            if (terms.Any(t => t.Words.Count > 0))
                return terms;
        }
        foreach (var (found, sureness) in new[] { (words.InitialsOf(letters), 0.9), (words.SpeltNearly(letters), 0.85) })
        {
            if (found.Count > 0)
                return [Known(letters, [.. found.OrderByDescending(words.IsName)], found[0], sureness)];
        }
        return null;
    }
}
