using Guantong.Data;
using Guantong.Packs.Checking;
using Guantong.Trust;

namespace Guantong.Hosting;

/// <summary>What packs are checked against here: the jurisdiction's units, the plan's systems, the portable SQL.</summary>
public static class Around
{
    /// <summary>Gathers it. The systems are the rows of the pack that lists them.</summary>
    public static Surroundings Of(Jurisdiction land, string packs)
    {
        var units = land.Units.All.Where(u => u.Region == land.Root).SelectMany(u => u.Also.Prepend(u.Name)).ToHashSet();
        var list = Path.Combine(packs, "reform", "map", "samples", "system.csv");
        var systems = File.Exists(list) ? File.ReadLines(list).Skip(1).Select(l => l.Split(',')[0].Trim('"')).ToHashSet() : null;
        return new Surroundings(units, systems, new PortableSql().Bind);
    }
}
