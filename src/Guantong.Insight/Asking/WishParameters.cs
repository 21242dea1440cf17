using System.Globalization;

namespace Guantong.Insight;

/// <summary>The pieces of a question as parameters of an address: those that are given take the place of what was understood.</summary>
public static class WishParameters
{
    /// <summary>Their names.</summary>
    public static readonly IReadOnlyList<string> Names = ["indicators", "regions", "by", "time", "period", "compare", "basis", "when", "order", "limit", "rows", "of"];

    /// <summary>A wish with other pieces.</summary>
    /// <param name="given">Name → text; what is not among <see cref="Names"/> is left alone.</param>
    /// <returns>The wish, and the pieces whose texts mean nothing: these stand as they stood.</returns>
    public static (Wish Wish, IReadOnlyList<(string Name, string Text)> Faults) Change(Wish wish, IReadOnlyDictionary<string, string> given, Lexicon lexicon, DateOnly today)
    {
        var faults = new List<(string, string)>();
        foreach (var name in Names)
        {
            if (!given.TryGetValue(name, out var text))
                continue;
            if (text.Length <= Longest && Change(wish, name, text.Trim(), lexicon, today) is { } changed)
                wish = changed;
            else
                faults.Add((name, text.Length > 40 ? text[..40] : text));
        }
        return (wish, faults);
    }

    private const int Longest = 400;

    private static Wish? Change(Wish wish, string name, string text, Lexicon lexicon, DateOnly today)
    {
        List<string> several = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        switch (name)
        {
            case "indicators":
                return several.Count <= Wish.MostIndicators && several.All(k => lexicon.Indicator(k) is not null) ? wish with { Indicators = several } : null;
            case "regions":
                return several.Count <= Wish.MostRegions && several.All(c => lexicon.Region(c) is not null) ? wish with { Regions = several } : null;
            case "by":
                return Wish.Splits.Contains(text) || text.StartsWith(Wish.DimensionPrefix, StringComparison.Ordinal) ? wish with { By = text } : null;
            case "time":
                return text is "" or "latest" ? wish with { Time = null } : TimeReader.Whole(text, today) is { } time ? wish with { Time = time } : null;
            case "period":
                return text is "" or "day" or "week" or "month" or "quarter" or "year" ? wish with { Period = text.Length == 0 ? null : text } : null;
            case "compare":
                return Wish.Comparisons.Contains(text) ? wish with { Compare = text } : TimeReader.Whole(text, today) is { } against ? wish with { Compare = against.ToString() } : null;
            case "basis":
                return text is "period" or "ytd" ? wish with { Basis = text } : null;
            case "when":
                var bounds = several.Take(3).Select(AskedBound.Parse).ToList();
                return bounds.Count <= 2 && bounds.All(b => b is not null) ? wish with { When = [.. bounds.OfType<AskedBound>()] } : null;
            case "order":
                return Wish.Orders.Contains(text) ? wish with { Order = text } : null;
            case "rows":
                return text.Length == 0 ? wish with { Rows = null, Of = "" } : lexicon.Rows.Any(r => r.Key == text) ? wish with { Rows = text, Of = wish.Rows == text ? wish.Of : "", Indicators = [] } : null;
            case "of":
                return text.Length == 0 ? wish with { Of = "" } : lexicon.Rows.FirstOrDefault(r => r.Key == wish.Rows)?.Numbers.Any(n => n.Field == text) == true ? wish with { Of = text } : null;
            default:
                return text.Length == 0 ? wish with { Limit = null } : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Wish.MostLines ? wish with { Limit = limit } : null;
        }
    }

    /// <summary>All pieces of a wish, from which an empty one becomes the same.</summary>
    public static IReadOnlyDictionary<string, string> Write(Wish wish) => Names.ToDictionary(n => n, n => Write(wish, n));

    /// <summary>A piece of it.</summary>
    public static string Write(Wish wish, string name) => name switch
    {
        "indicators" => string.Join(',', wish.Indicators),
        "regions" => string.Join(',', wish.Regions),
        "by" => wish.By,
        "time" => wish.Time?.ToString() ?? "latest",
        "period" => wish.Period ?? "",
        "compare" => wish.Compare,
        "basis" => wish.Basis,
        "when" => string.Join(',', wish.When),
        "order" => wish.Order,
        "rows" => wish.Rows ?? "",
        "of" => wish.Of,
        _ => wish.Limit?.ToString(CultureInfo.InvariantCulture) ?? "",
    };
}
