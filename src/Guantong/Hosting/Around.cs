using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Hosting;

/// <summary>What packs are checked against here: the jurisdiction's units, the plan's systems, the packs at hand, the portable SQL.</summary>
public static class Around
{
    /// <summary>Gathers it. The systems are the rows of the pack that lists them.</summary>
    public static Surroundings Of(Jurisdiction land, string packs, Func<Pack, IReadOnlyList<SqlQuestion>, SqlFault?> bind)
    {
        var units = land.Units.All.Where(u => u.Region == land.Root).SelectMany(u => u.Also.Prepend(u.Name).Concat(u.Below is { } below ? [below] : [])).ToHashSet();
        var list = Path.Combine(packs, "reform", "map", "samples", "system.csv");
        var systems = File.Exists(list) ? File.ReadLines(list).Skip(1).Select(l => l.Split(',')[0].Trim('"')).ToHashSet() : null;
        var known = PackFolder.Below(packs).Select(f => (Folder: f, Id: PackFolder.IdOf(f), Version: PackFolder.VersionOf(f))).Where(p => p.Id is not null)
            .DistinctBy(p => p.Id).ToDictionary(p => p.Id!, p => (Version: p.Version ?? "", p.Folder));
        return new Surroundings(units, systems, known.ToDictionary(p => p.Key, p => p.Value.Version), bind)
        {
            // Few packs look into another, so each is read when one does.
            Other = id => known.TryGetValue(id, out var found) ? PackReader.Read(PackFolder.Read(found.Folder, found.Folder)).Pack : null,
        };
    }
}
