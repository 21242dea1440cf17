using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Something that a channel may feature.</summary>
/// <param name="Key"><c>service:</c>, <c>guide:</c> or <c>dataset:</c> and <c>PACK/ID</c>.</param>
public sealed record ChannelThing(string Key, Pack Pack, string Name, string About)
{
    /// <summary>service, guide or dataset.</summary>
    public string Kind => Key[..Key.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>Where it stands on the Portal.</summary>
    public string Address => $"/{Kind switch { "service" => "services", "guide" => "guides", _ => "data" }}/{Key[(Key.IndexOf(':', StringComparison.Ordinal) + 1)..]}";
}

/// <summary>What channels may feature: of the packs in force, the matters that a unit of the region or below answers for, guided questions, and what is open of data.</summary>
public sealed class ChannelThings(PackRegistry packs, Applications applications, CatalogueBook catalogue, Jurisdiction land)
{
    /// <summary>Of a region, by key; matters first.</summary>
    public async Task<IReadOnlyDictionary<string, ChannelThing>> OfAsync(string region, CancellationToken cancel = default)
    {
        var open = await catalogue.PublicAsync(cancel);
        var all = packs.Applied.Values.Select(a => a.Pack).ToList();
        var things = applications.Services().Where(s => applications.Regions(s.Matter).Any(r => land.Regions.Within(r.Code, region))).Select(s => new ChannelThing($"service:{s.Applied.Pack.Id}/{s.Matter.Id}", s.Applied.Pack, s.Matter.Name, s.Matter.About))
            .Concat(all.SelectMany(p => p.Guides.Select(g => new ChannelThing($"guide:{p.Id}/{g.Id}", p, g.Name, g.About))))
            .Concat(all.SelectMany(p => p.Datasets.Where(d => DataRoom.IsPublic(d) || open.Contains($"{p.Id}:{d.Id}")).Select(d => new ChannelThing($"dataset:{p.Id}/{d.Id}", p, d.Name, d.About))));
        return things.DistinctBy(t => t.Key).ToDictionary(t => t.Key);
    }
}
