namespace Guantong.Trust;

/// <summary>A government body: it belongs to a region and to a line of business.</summary>
/// <param name="Also">Names under which packs written elsewhere know it, e.g. a province's for the body of the same line.</param>
public sealed record Unit(string Id, string Name, string NameEn, string Line, string Kind, string Region, IReadOnlyList<string> Also)
{
    /// <summary>What packs call those who do its line's work in towns and streets, e.g. 乡镇(街道); null where there are none.</summary>
    public string? Below { get; init; }

    /// <summary>Its name in a reader's language.</summary>
    public string Say(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) && NameEn.Length > 0 ? NameEn : Name;
}

/// <summary>The units of a jurisdiction: those of its top region, the same lines in cities and counties, and of each town and street the one body that does for all lines.</summary>
public sealed class UnitDirectory
{
    private readonly Dictionary<string, Unit> _byId;
    private readonly ILookup<string, Unit> _byName;
    private readonly Dictionary<(string Line, string Region), Unit> _byLine = [];
    private readonly Dictionary<string, Unit> _ofStreet = [];
    private readonly Dictionary<string, Unit> _byBelow = [];
    private readonly RegionTree _regions;

    /// <summary>Takes the units as configured or generated.</summary>
    public UnitDirectory(IReadOnlyList<Unit> units, RegionTree regions)
    {
        All = units;
        _regions = regions;
        _byId = units.ToDictionary(u => u.Id);
        _byName = units.SelectMany(u => u.Also.Prepend(u.Name), (u, name) => (Name: name, Unit: u)).ToLookup(n => n.Name, n => n.Unit);
        foreach (var unit in units)
        {
            _byLine.TryAdd((unit.Line, unit.Region), unit);
            if (regions.Find(unit.Region)?.Level == "street")
                _ofStreet.TryAdd(unit.Region, unit);
            if (unit.Below is { } below)
                _byBelow.TryAdd(below, unit);
        }
    }

    /// <summary>All units.</summary>
    public IReadOnlyList<Unit> All { get; }

    /// <summary>A unit by id, or null.</summary>
    public Unit? Find(string? id) => id is null ? null : _byId.GetValueOrDefault(id);

    /// <summary>A unit by its name, or by one that packs written elsewhere give it; or null.</summary>
    public Unit? Named(string name) => _byName[name].FirstOrDefault();

    /// <summary>The unit of a region that a unit of another hands down to or reports up to: that of its line; of a town or street its people's government or office, which has every line.</summary>
    /// <returns>Null where the region has none.</returns>
    public Unit? Beside(Unit unit, string region) => _byLine.GetValueOrDefault((unit.Line, region)) ?? _ofStreet.GetValueOrDefault(region);

    /// <summary>The unit that does for a region what the named unit does for its own: same line, at the region or the nearest above it.</summary>
    /// <param name="name">A unit's name, or what packs call the bodies of its line below the counties: of a region that lies higher, that is the unit of the line there.</param>
    /// <returns>The named unit itself when the region lies outside the jurisdiction or the line has no body there; null when no unit bears the name.</returns>
    public Unit? ForRegion(string name, string region) =>
        (Named(name) ?? _byBelow.GetValueOrDefault(name)) is not { } named ? null
        : _regions.Upwards(region).Select(r => _byLine.GetValueOrDefault((named.Line, r.Code))).FirstOrDefault(u => u is not null) ?? named;
}
