using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>The words by which questions are understood, from the packs in force and the jurisdiction's regions; made anew when a pack changes.</summary>
public sealed class LexiconBook(PackRegistry packs, Jurisdiction land)
{
    private (string Of, Lexicon Lexicon)? _made;

    /// <summary>Those of now.</summary>
    public Lexicon Now
    {
        get
        {
            var of = string.Join('\n', packs.Applied.Values.Select(a => a.Revision));
            if (_made is { } made && made.Of == of)
                return made.Lexicon;
            var lexicon = Of(packs.Applied.Values.Select(a => a.Pack), land);
            _made = (of, lexicon);
            return lexicon;
        }
    }

    /// <summary>Those of some packs in a jurisdiction.</summary>
    public static Lexicon Of(IEnumerable<Pack> packs, Jurisdiction land) => new([.. packs.SelectMany(p => p.Indicators.Select(i => Known(p, i)))], [.. Regions(land)], land.Root);

    private static KnownIndicator Known(Pack pack, Indicator indicator) => new($"{pack.Id}/{indicator.Id}", indicator.Name,
        [.. indicator.Also.Concat(indicator.Also.Prepend(indicator.Name).Select(w => pack.Say(Lang.En, w))).Where(w => w != indicator.Name).Distinct()], indicator.Periods, indicator.HigherIsBetter)
    {
        Dimensions = [.. indicator.Dimensions.Select(d => (d.Name, DimensionWords.NameOf(pack, indicator, d.Name, Lang.Zh)))],
    };

    /// <summary>What rows somebody may ask for: of each dataset what its key names, or its rows by the dataset's own name.</summary>
    public static IReadOnlyList<KnownRows> RowsOf(IEnumerable<AskableDataset> askable) =>
    [
        .. from data in askable
           let numbers = data.Fields.Where(f => f.Type is "integer" or "number" && f.Refers is null && data.Dataset.Key.All(k => k.Name != f.Id)).SelectMany(f => Names(data.Pack, f.Name, f.Id).Select(n => (f.Id, n))).ToList()
           where numbers.Count > 0
           from thing in data.Dataset.Key.Select(k => data.Field(k.Name)).Where(f => f is { Type: "string" } && f.Id != data.Regions && f.Name.Length > 0).Prepend(null)
           select thing is null ? new KnownRows(data.Key, Names(data.Pack, data.Dataset.Name, data.Dataset.Id), numbers) : new KnownRows($"{data.Key}.{thing.Id}", Names(data.Pack, thing.Name, thing.Id), numbers),
    ];

    private static IReadOnlyList<string> Names(Pack pack, string name, string id) => name.Length == 0 ? [id] : [.. new[] { name, pack.Say(Lang.En, name) }.Distinct()];

    // Streets have no figures; what no longer stands is not asked for.
    private static IEnumerable<KnownRegion> Regions(Jurisdiction land) => land.Regions.All
        .Where(r => r is { To: null, Level: "province" or "city" or "county" } && land.Regions.Within(r.Code, land.Root))
        .OrderBy(r => r.Code, StringComparer.Ordinal).Select(r => new KnownRegion(r.Code, r.Code == land.Root ? null : r.Parent, r.Name, r.NameEn, r.Level));

    /// <summary>An indicator by its key, with its pack; null where none of that key is in force.</summary>
    public (Pack Pack, Indicator Indicator)? Find(string key)
    {
        var at = key.IndexOf('/', StringComparison.Ordinal);
        return at > 0 && packs.Find(key[..at]) is { } pack && pack.Indicator(key[(at + 1)..]) is { } indicator ? (pack, indicator) : null;
    }

    /// <summary>Questions that can be answered, from the indicators that have figures.</summary>
    public IReadOnlyList<string> Examples(Func<Pack, Indicator, bool> hasFigures, string lang, int most = 6)
    {
        var known = packs.Applied.Values.SelectMany(a => a.Pack.Indicators.Select(i => (a.Pack, Indicator: i))).Where(i => hasFigures(i.Pack, i.Indicator)).Take(most).ToList();
        var place = land.Regions.Parts(land.Root).FirstOrDefault() ?? land.Regions.Find(land.Root)!;
        return [.. known.Select((i, n) => AskingTexts.Say(lang, $"ask.example.{n % 4}", i.Pack.Say(lang, i.Indicator.Name), place.Say(lang)))];
    }
}
