using System.Text.RegularExpressions;

namespace Guantong.Insight;

/// <summary>Finds the regions that a question names: by whole name, by name without 省, 市, 区 or 县, in English, or by code.</summary>
internal static partial class RegionMatch
{
    private sealed record Name(string Word, KnownRegion Region);

    private sealed record Named(KnownRegion Region, int From, int To);

    /// <summary>What was found, in the order of the question; a region before one of its own parts is where that lies, and no region by itself.</summary>
    /// <param name="home">Where the asker is: of two that bear one name, the nearer is meant.</param>
    public static (IReadOnlyList<string> Codes, IReadOnlyList<Offer> Offers, IReadOnlyList<Said> Said) Find(QuestionText text, Lexicon lexicon, string home)
    {
        var (found, offers) = (new List<Named>(), new List<Offer>());
        foreach (var name in Names(lexicon).GroupBy(n => n.Word).OrderByDescending(g => g.Key.Length).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            while (text.Find(name.Key) is var (from, to))
            {
                text.Take(from, to);
                var meant = Meant([.. name.Select(n => n.Region).Distinct()], lexicon, home, found);
                if (meant.Count == 1)
                    found.Add(new(meant[0], from, to));
                else
                    offers.AddRange(meant.Select(r => new Offer("regions", r.Code, r.Name, 1)));
            }
        }
        foreach (var (pattern, level) in ((Regex, string)[])[(OwnProvince(), "province"), (OwnCity(), "city"), (OwnCounty(), "county")])
        {
            if (text.Take(pattern) is not var (match, _))
                continue;
            // Where a region was named, 全市 is all of that.
            if (found.Count == 0)
                found.Add(new(Above(lexicon, home, level), match.Index, match.Index + match.Length));
        }
        found.Sort((a, b) => a.From.CompareTo(b.From));
        var kept = found.Where((n, i) => i + 1 >= found.Count || found[i + 1] is var next && !(next.From - n.To <= 1 && next.Region.Code != n.Region.Code && lexicon.Within(next.Region.Code, n.Region.Code))).ToList();
        return ([.. kept.Select(n => n.Region.Code).Distinct().Take(Wish.MostRegions)], offers, [.. found.Select(n => new Said("regions", text.Words(n.From, n.To)))]);
    }

    private static List<KnownRegion> Meant(List<KnownRegion> bearers, Lexicon lexicon, string home, List<Named> named)
    {
        if (bearers.Count == 1)
            return bearers;
        foreach (var outer in named.Select(n => n.Region.Code).Append(home))
        {
            if (bearers.Where(b => lexicon.Within(b.Code, outer)).ToList() is { Count: 1 } within)
                return within;
        }
        return bearers;
    }

    // The asker's own province, city or county; where there is none of that level, the jurisdiction.
    private static KnownRegion Above(Lexicon lexicon, string home, string level)
    {
        for (var region = lexicon.Region(home); region is not null; region = lexicon.Region(region.Parent))
        {
            if (region.Level == level)
                return region;
        }
        return lexicon.Region(lexicon.Root)!;
    }

    private static IEnumerable<Name> Names(Lexicon lexicon) => lexicon.Regions.SelectMany(r => Words(r).Where(w => w.Length >= 2).Distinct().Select(w => new Name(QuestionText.Squeeze(w), r)));

    private static IEnumerable<string> Words(KnownRegion region)
    {
        yield return region.Code;
        yield return region.Name;
        if (region.NameEn.Length > 0)
            yield return region.NameEn;
        if (Own().Match(region.Name) is { Success: true } own)
            yield return own.Groups["short"].Value;
        if (region.Name.Length > 2 && region.Name[^1] is '省' or '市' or '区' or '县')
            yield return region.Name[..^1];
    }

    [GeneratedRegex("^(?<short>..)(?:.{1,5}族)+自治[区州县]$")]
    private static partial Regex Own();

    [GeneratedRegex("全省|本省|我省|省里|(?:the )?whole province|province-wide")]
    private static partial Regex OwnProvince();

    [GeneratedRegex("全市|本市|我市|市里|(?:the )?whole city|city-wide")]
    private static partial Regex OwnCity();

    [GeneratedRegex("全县|全区|本县|本区|我县|我区")]
    private static partial Regex OwnCounty();
}
