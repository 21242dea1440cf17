using System.Text.Encodings.Web;
using System.Text.Json;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Something that rests on a dataset.</summary>
/// <param name="Kind">dataset, indicator, goal, screen, matter or pack.</param>
/// <param name="Name">In Chinese, as its pack says it.</param>
/// <param name="Units">Ids of the units that answer for it.</param>
public sealed record Touched(string Kind, string Pack, string Id, string Name, IReadOnlyList<string> Units)
{
    internal static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>Everything downstream of a dataset in the packs in force: which figures and services a fault in it touches.</summary>
public static class Downstream
{
    /// <summary>Derived datasets, indicators, goals, screens and matters of its own pack, then the packs that look into it or build on its pack.</summary>
    public static IReadOnlyList<Touched> Of(IEnumerable<Pack> packs, Pack pack, Dataset dataset, Jurisdiction land)
    {
        string[] Units(params IEnumerable<string> names) => [.. names.Select(land.Units.Named).OfType<Unit>().Select(u => u.Id).Distinct()];
        var derived = DerivedDataset.RestingOn(pack, dataset.Id);
        var stale = derived.Select(d => d.Id).Append(dataset.Id).ToHashSet();
        var indicators = pack.Indicators.Where(i => i.Needs.Any(n => stale.Contains(n.Name))).ToList();
        var named = indicators.Select(i => i.Id).ToHashSet();
        return
        [
            .. derived.Select(d => new Touched("dataset", pack.Id, d.Id, d.Name, Units(d.Source.Name))),
            .. indicators.Select(i => new Touched("indicator", pack.Id, i.Id, i.Name, Units(pack.Lead.Name))),
            .. pack.Goals.Where(g => g.Indicator is { } i && named.Contains(i.Name)).Select(g => new Touched("goal", pack.Id, g.Id, g.Name, Units(pack.Lead.Name))),
            .. pack.Screen is { } screen && named.Any(i => screen.Shows(pack, i)) ? [new Touched("screen", pack.Id, screen.Id, screen.Name, Units(pack.Lead.Name))] : Array.Empty<Touched>(),
            .. pack.Matters.Where(m => m.Needs.Any(n => stale.Contains(n.Data.Name)) || (m.StartOf is { } of && named.Contains(of.Name))).Select(m => new Touched("matter", pack.Id, m.Id, m.Name, Units(m.With.Select(w => w.Name).Prepend(pack.Lead.Name)))),
            .. packs.Where(p => p.Id != pack.Id && BuildsOn(p, pack, stale)).Select(p => new Touched("pack", p.Id, p.Id, p.Name, Units(p.Lead.Name))),
        ];
    }

    private static bool BuildsOn(Pack other, Pack pack, HashSet<string> stale) =>
        other.Uses.Any(u => u.Name.StartsWith(pack.Id + " ", StringComparison.Ordinal))
        || other.Datasets.SelectMany(d => d.Quality).SelectMany(q => (FarField?[])[q.To, q.With]).Any(f => f?.Pack == pack.Id && stale.Contains(f.Dataset));
}
