using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The packs that the broken ones are made from, and what they are checked against.</summary>
internal static class SoundPack
{
    /// <summary>Air quality, as the first pack that shipped: warnings, derived data and a decision.</summary>
    public const string Air = "tests/material/air-quality";

    /// <summary>A service that people apply for: personal data, a decision that rests on another, an official's refusal.</summary>
    public const string Permit = "tests/material/stall-permit";

    /// <summary>The units of Zhejiang, the plan's systems, three packs, and the engine that binds SQL.</summary>
    public static Surroundings Around { get; } = Gather();

    /// <summary>The same for packs that ship, which build on one another. Which units there are is the jurisdiction's matter, not the pack's.</summary>
    public static Surroundings Shipping { get; } = Around with { Units = null, Packs = Shipped.ToDictionary(f => PackFolder.IdOf(f)!, f => PackFolder.VersionOf(f)!), Other = Pack };

    /// <summary>The folders of the packs that ship.</summary>
    public static IReadOnlyList<string> Shipped => [.. PackFolder.Below(Path.Combine(Repository.Root, "packs"))];

    private static readonly Lazy<Pack?> Regions = new(() => PackReader.Read(Files(Air)).Pack);

    private static Pack? Pack(string id) => Shipped.FirstOrDefault(f => PackFolder.IdOf(f) == id) is { } folder ? PackReader.Read(PackFolder.Read(folder, folder)).Pack : null;

    /// <summary>A sound pack's files.</summary>
    public static PackFiles Files(string folder) => PackFolder.Read(Path.Combine(Repository.Root, folder), "");

    private static Surroundings Gather()
    {
        var land = Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions/zhejiang/jurisdiction.yaml"));
        return new Surroundings(
            land.Units.All.Where(u => u.Region == land.Root).Select(u => u.Name).ToHashSet(),
            File.ReadLines(Path.Combine(Repository.Root, "packs/reform/map/samples/system.csv")).Skip(1).Select(l => l.Split(',')[0].Trim('"')).ToHashSet(),
            new Dictionary<string, string> { ["base.regions"] = "1.4.0", ["environment.air-quality"] = "1.0.0", ["market.stall-permit"] = "2.1.0" },
            new PortableSql().Bind)
        {
            // What the pack of regions declares is played by that of the air: whoever uses the one names the data of the other.
            Other = id => id == "base.regions" ? Regions.Value : null,
        };
    }
}
