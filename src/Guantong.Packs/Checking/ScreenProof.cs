using System.Globalization;

namespace Guantong.Packs.Checking;

/// <summary>Screens: cards that say what they need to, and nothing that they have no use for; figures that are there to be shown.</summary>
internal static class ScreenProof
{
    private static readonly string[] Always = ["card", "as", "title", "span", "rows"];

    /// <summary>Names that lead nowhere, and two cards of one name.</summary>
    public static IEnumerable<Finding> Names(Pack pack, Screen screen) =>
    [
        .. NamesProof.Twice("card", screen.Cards.Select(c => (c.Id, c.Mark))),
        .. screen.Cards.SelectMany(c => c.Indicators).SelectMany(i => NamesProof.Known("indicator", i, pack.Indicators.Select(x => x.Id))),
        .. screen.Cards.SelectMany(c => NamesProof.Known("file", c.Process, pack.Processes.Keys)),
    ];

    public static IEnumerable<Finding> Of(Pack pack, Screen screen) => screen.Cards.SelectMany(c => OfCard(pack, c));

    private static IEnumerable<Finding> OfCard(Pack pack, Card card)
    {
        if (Lacks(card) is { } lacking)
            yield return Finding.Error("card-incomplete", card.Mark, card.As, lacking);
        foreach (var odd in card.Written.Where(k => !Always.Contains(k.Name) && !Uses(card).Contains(k.Name)))
            yield return Finding.Error("card-odd", odd.Mark, card.As, odd.Name);
        foreach (var (key, value, least, most) in ((string, int?, int, int)[])[("span", card.Span, Card.LeastSpan, Card.Columns), ("rows", card.Rows, 1, Card.MostRows)])
        {
            if (value is { } told && (told < least || told > most))
                yield return Finding.Error("card-size", At(card, key), key, told.ToString(CultureInfo.InvariantCulture), least.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture));
        }
        // A line for each value of several indicators, or of two years, is more than anybody tells apart.
        foreach (var odd in card.By is not null && card.As == "trend" ? card.Written.Where(k => k.Name == "compare" || (k.Name == "indicators" && card.Indicators.Count > 1)) : [])
            yield return Finding.Error("card-odd", odd.Mark, "trend, by", odd.Name);
        foreach (var name in card.Indicators)
        {
            if (card.By is { } by && Card.Breaking.Contains(card.As) && pack.Indicator(name.Name) is { } indicator && indicator.Dimensions.All(d => d.Name != by.Name))
                yield return Finding.Error("card-dimension", by.Mark, indicator.Id, by.Name, indicator.Dimensions.Count == 0 ? "–" : string.Join(", ", indicator.Dimensions.Select(d => d.Name)));
        }
        foreach (var name in card.Indicators)
        {
            if (pack.Indicator(name.Name) is { } indicator && !indicator.Periods.Contains(card.PeriodOf(indicator)))
                yield return Finding.Error("card-period", card.IsYearToDate ? At(card, "basis") : card.Period is null ? name.Mark : At(card, "period"), indicator.Id, card.PeriodOf(indicator));
        }
    }

    private static string? Lacks(Card card) => card.As switch
    {
        "list" => card.Of is null ? "of" : null,
        "text" => card.Text is null ? "text" : null,
        "process" => card.Process is null ? "process" : null,
        "v" => null,
        _ => card.Indicators.Count == 0 ? "indicator" : null,
    };

    private static IEnumerable<string> Uses(Card card) => card.As switch
    {
        "list" => ["of"],
        "text" => ["text"],
        "process" => ["process"],
        "v" => [],
        "heat" when card.By is null => ["indicator", "by"],
        _ => ["indicator", "period", "basis", .. Card.Many.Contains(card.As) ? ["indicators"] : Array.Empty<string>(), .. Card.Comparing.Contains(card.As) ? ["compare"] : Array.Empty<string>(), .. Card.Breaking.Contains(card.As) ? ["by"] : Array.Empty<string>()],
    };

    private static Mark At(Card card, string key) => card.Written.FirstOrDefault(k => k.Name == key)?.Mark ?? card.Mark;
}
