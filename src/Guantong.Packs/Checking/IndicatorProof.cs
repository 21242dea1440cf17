using System.Globalization;

namespace Guantong.Packs.Checking;

/// <summary>Indicators: what each is computed from, what a composite index is made of, and whether the targets of regions make the whole.</summary>
internal static class IndicatorProof
{
    public static IEnumerable<Finding> Of(Pack pack) =>
    [
        .. pack.Indicators.SelectMany(i => i.Composite is { } index ? OfComposite(pack, i, index) : Lacking(i)),
        .. pack.Indicators.SelectMany(i => i.Dimensions.Where(d => IsPersonal(pack, i, d)).Select(d => Finding.Error("dimension-personal", d.Mark, i.Id, d.Name))),
        .. pack.Goals.SelectMany(OfParts),
    ];

    // What is computed from nothing is told by the V.
    private static IEnumerable<Finding> Lacking(Indicator indicator) => indicator.Needs.Count == 0 ? [] :
        from part in ((string Key, Ref Given)[])[("by.region", indicator.Region), ("by.at", indicator.At), ("value", indicator.Value)]
        where part.Given.Name.Length == 0
        select Finding.Error("indicator-incomplete", indicator.Mark, indicator.Id, part.Key);

    private static IEnumerable<Finding> OfComposite(Pack pack, Indicator indicator, Composite index)
    {
        var others = new (string Key, Ref? Given)[] { ("needs", indicator.Needs is [var need, ..] ? need : null), ("by.region", indicator.Region), ("by.at", indicator.At), ("by.dimensions", indicator.Dimensions is [var dimension, ..] ? dimension : null), ("value", indicator.Value), ("where", indicator.Where) };
        foreach (var (key, given) in others.Where(o => o.Given is { Name.Length: > 0 }))
            yield return Finding.Error("composite-reads-rows", given!.Mark, indicator.Id, key);
        if (index.Of.Sum(p => p.Weight) is var sum && sum != 100)
            yield return Finding.Error("weights-not-whole", indicator.Mark, indicator.Id, sum.ToString(CultureInfo.InvariantCulture));
        foreach (var part in index.Of)
        {
            if (index.Normalise == "bounds" && (part.Floor is null || part.Ceiling is null))
                yield return Finding.Error("bounds-missing", part.Mark, part.Indicator.Name);
            if (part.Floor >= part.Ceiling)
                yield return Finding.Error("bounds-upside-down", part.Mark, part.Indicator.Name, $"{part.Floor}", $"{part.Ceiling}");
            foreach (var period in pack.Indicator(part.Indicator.Name) is { } of ? indicator.Periods.Except(of.Periods) : [])
                yield return Finding.Error("part-without-period", part.Mark, indicator.Id, part.Indicator.Name, period);
        }
        if (Reaches(pack, indicator, indicator.Id, []))
            yield return Finding.Error("composite-circular", indicator.Mark, indicator.Id);
    }

    private static bool Reaches(Pack pack, Indicator from, string id, HashSet<string> seen) =>
        from.Composite is { } index && index.Of.Any(p => p.Indicator.Name == id || (seen.Add(p.Indicator.Name) && pack.Indicator(p.Indicator.Name) is { } next && Reaches(pack, next, id, seen)));

    // A figure for each value of a field that tells who somebody is would be a figure of that person (rights.md 1).
    private static bool IsPersonal(Pack pack, Indicator indicator, Ref dimension)
    {
        if (indicator.Needs is not [var need, ..] || pack.Dataset(need.Name) is not { } data)
            return false;
        var path = dimension.Name.Split('.');
        var own = data.Field(path[0]);
        return path.Length == 1 ? own?.Personal is not null || RightsProof.IsPerson(pack, own)
            : own?.Refers?.Name.Split('.') is [var other, _] && pack.Dataset(other)?.Field(path[1]) is { } field && (field.Personal is not null || RightsProof.IsPerson(pack, field));
    }

    // Parts are held against the whole in years for which both have a target.
    private static IEnumerable<Finding> OfParts(Goal goal)
    {
        foreach (var (year, whole) in goal.Targets)
        {
            var parts = goal.Regions.Where(r => r.Targets.ContainsKey(year)).Select(r => (r.Region, Target: r.Targets[year])).ToList();
            if (parts.Count == 0)
                continue;
            if (parts.FirstOrDefault(p => p.Target.Operator[0] != whole.Operator[0]) is { Region: not null } other)
            {
                yield return Finding.Error("part-other-way", other.Region.Mark, goal.Id, other.Region.Name, $"{other.Target}", $"{whole}", $"{year}");
                continue;
            }
            if (goal.Parts == "each")
            {
                foreach (var (region, target) in parts.Where(p => !Reaches(p.Target.Bound, whole)))
                    yield return Finding.Error("parts-miss-whole", region.Mark, goal.Id, $"{year}", $"{region.Name} {target}", $"{whole}");
                continue;
            }
            var together = goal.Parts == "sum" ? parts.Sum(p => p.Target.Bound) : parts.Average(p => p.Target.Bound);
            if (!Reaches(together, whole))
                yield return Finding.Error("parts-miss-whole", parts[0].Region.Mark, goal.Id, $"{year}", $"{goal.Parts} {together.ToString("0.####", CultureInfo.InvariantCulture)}", $"{whole}");
        }
    }

    private static bool Reaches(decimal bound, Comparison whole) => whole.Operator[0] switch
    {
        '>' => bound >= whole.Bound,
        '<' => bound <= whole.Bound,
        _ => bound == whole.Bound,
    };
}
