using System.Text.RegularExpressions;

namespace Guantong.Insight;

/// <summary>Finds whether a question is about the rows of a dataset: it names what they are of and a field of theirs that is a number, with one bound or an order, and asks how many or which.</summary>
internal static partial class RowsMatch
{
    private sealed record Found(KnownRows Rows, (int From, int To) Thing, string Field, (int From, int To) Number, int Apart);

    /// <summary>The rows that are meant, with the field that the bound is on; where rows of several datasets are as likely, they are offered and none is taken.</summary>
    /// <param name="bounds">Where the question bounds something.</param>
    public static (string? Key, string Field, IReadOnlyList<Offer> Offers) Take(QuestionText text, Lexicon lexicon, IReadOnlyList<Match> bounds, List<Said> said)
    {
        // One condition; without one, the first few in an order.
        if (lexicon.Rows.Count == 0 || bounds.Count > 1 || (bounds.Count == 0 && !HasFirst(text)) || (bounds.Count == 1 && text.Find(Asks()) is null))
            return (null, "", []);
        var at = bounds.Count == 1 ? bounds[0].Index : text.Find(Ordered())!.Index;
        var found = lexicon.Rows.Select(r => Of(text, r, at)).OfType<Found>().OrderBy(f => f.Apart).ThenByDescending(f => f.Number.To - f.Number.From).ThenByDescending(f => f.Thing.To - f.Thing.From).ThenBy(f => f.Rows.Key, StringComparer.Ordinal).ToList();
        if (found is not [var best, ..])
            return (null, "", []);
        var alike = found.Where(f => (f.Apart, f.Number, f.Thing) == (best.Apart, best.Number, best.Thing)).ToList();
        said.Add(new("rows", text.Take(best.Thing.From, best.Thing.To)));
        said.Add(new("of", text.Take(best.Number.From, best.Number.To)));
        while (text.Take(Asks()) is not null)
        {
        }
        return alike.Count == 1 ? (best.Rows.Key, best.Field, []) : (null, "", [.. alike.Select(f => new Offer("rows", f.Rows.Key, f.Rows.Words[0], 1))]);
    }

    private static bool HasFirst(QuestionText text) => text.Find(Ordered()) is not null;

    // The number that stands next before the bound is the one that is bounded.
    private static Found? Of(QuestionText text, KnownRows rows, int at)
    {
        if (rows.Words.Select(QuestionText.Squeeze).Where(w => w.Length >= 2).OrderByDescending(w => w.Length).Select(w => text.Find(w)).FirstOrDefault(p => p is not null) is not { } thing)
            return null;
        return rows.Numbers.Select(n => (n.Field, At: text.Find(QuestionText.Squeeze(n.Name)))).Where(n => n.At is { } place && (place.To <= thing.From || place.From >= thing.To))
            .Select(n => new Found(rows, thing, n.Field, n.At!.Value, n.At.Value.To <= at ? at - n.At.Value.To : text.Text.Length + n.At.Value.From))
            .OrderBy(f => f.Apart).ThenByDescending(f => f.Number.To - f.Number.From).ThenBy(f => f.Field, StringComparer.Ordinal).FirstOrDefault();
    }

    [GeneratedRegex(@"(?:一共|总共|共)?有?(?:多少|几)(?:家|个|户|条|件|项|座|所|台|宗|起|名)?|有?哪些|有?哪几(?:家|个|户|座|所|项)|列出|名单|清单|\bhow many\b|\bwhich\b|\blist\b")]
    private static partial Regex Asks();

    // 最低的十家: which, and how many of them.
    [GeneratedRegex(@"最(?:高|大|多|低|小|少|好|差)(?:的)?(?:前)?" + Numerals.Pattern + @"\s*(?:家|个|户|名|座|所)|最(?:高|大|多|低|小|少|好|差)的")]
    private static partial Regex Ordered();
}
