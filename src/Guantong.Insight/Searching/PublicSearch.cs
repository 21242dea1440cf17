using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>What anyone can find: services, packs with a public screen, open datasets.</summary>
public sealed record PublicThings(IReadOnlyList<(AppliedPack Applied, Matter Matter)> Services, IReadOnlyList<Pack> Screens, IReadOnlyList<(Pack Pack, Dataset Dataset)> Datasets)
{
    /// <summary>How many in all.</summary>
    public int Count => Services.Count + Screens.Count + Datasets.Count;
}

/// <summary>Looks through what is public, by words in Chinese or English.</summary>
public sealed class PublicSearch(PackRegistry packs, Applications applications, CatalogueBook book)
{
    /// <summary>What bears the words in its name or description, or all of it without words.</summary>
    public async Task<PublicThings> FindAsync(string? words, CancellationToken cancel = default)
    {
        var open = await book.PublicAsync(cancel);
        var sought = words?.Trim() ?? "";
        bool Fits(Pack pack, params IEnumerable<string> texts) => sought.Length == 0
            || texts.Any(t => t.Contains(sought, StringComparison.OrdinalIgnoreCase) || pack.Say(Lang.En, t).Contains(sought, StringComparison.OrdinalIgnoreCase));
        var all = packs.Applied.Values.Select(a => a.Pack).ToList();
        return new PublicThings(
            [.. applications.Services().Where(s => Fits(s.Applied.Pack, s.Matter.Name, s.Matter.About))],
            [.. all.Where(p => p.Screen is not null && Fits(p, [p.Name, p.Screen.Name, .. p.Indicators.Select(i => i.Name)]))],
            [.. all.SelectMany(p => p.Datasets.Where(d => DataRoom.IsPublic(d) || open.Contains($"{p.Id}:{d.Id}")).Select(d => (p, d))).Where(d => Fits(d.p, d.d.Name, d.d.About))]);
    }
}
