namespace Guantong.Trust;

/// <summary>A node of the division tree, keyed by its code: six digits down to the county (GB/T 2260), nine below it (GB/T 10114).</summary>
/// <param name="Level">province, city, county or street; a street is whatever lies right below a county (乡级).</param>
/// <param name="From">First day it bears this code, when known.</param>
/// <param name="To">First day it no longer does; null while it does.</param>
public sealed record Region(string Code, string? Parent, string Name, string NameEn, string Level, DateOnly? From, DateOnly? To)
{
    /// <summary>Its name in a reader's language.</summary>
    public string Say(string lang) => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) && NameEn.Length > 0 ? NameEn : Name;

    /// <summary>Its level, and of what lies below a county what sort it is of: street (街道), town (镇、乡) or zone (政企合一单位: farms, development zones).</summary>
    /// <remarks>GB/T 10114-2003 §4: the seventh digit is 0 for streets, 1 for towns, 2 and 3 for townships, 4 and 5 for bodies that are government and enterprise in one.</remarks>
    public string Kind => Level != "street" ? Level : Code[6] switch { '0' => "street", '1' or '2' or '3' => "town", _ => "zone" };

    /// <summary>Whether the code is in use on a day.</summary>
    public bool StandsOn(DateOnly day) => (From is null || From <= day) && (To is null || day < To);
}

/// <summary>A code that passed its area on: merged, split, renamed or carved out.</summary>
public sealed record RegionChange(string Code, string Successor, DateOnly Date, string Kind, string NoteZh, string NoteEn);

/// <summary>The division tree with its history.</summary>
public sealed class RegionTree
{
    private readonly Dictionary<string, Region> _byCode;
    private readonly ILookup<string, Region> _children;

    /// <summary>Builds the tree; a parent that is not among the regions is an error of the configuration.</summary>
    public RegionTree(IEnumerable<Region> regions, IReadOnlyList<RegionChange> changes)
    {
        _byCode = regions.ToDictionary(r => r.Code);
        _children = _byCode.Values.Where(r => r.Parent is not null).OrderBy(r => r.Code, StringComparer.Ordinal).ToLookup(r => r.Parent!);
        Changes = changes;
        if (_byCode.Values.FirstOrDefault(r => r.Parent is { } p && !_byCode.ContainsKey(p)) is { } orphan)
            throw new ConfigurationException($"regions: {orphan.Code} {orphan.Name} names the parent {orphan.Parent}, which is not in the file; add it or mend the code");
    }

    /// <summary>All regions, retired ones too.</summary>
    public IReadOnlyCollection<Region> All => _byCode.Values;

    /// <summary>What became of which code.</summary>
    public IReadOnlyList<RegionChange> Changes { get; }

    /// <summary>A region by code, or null.</summary>
    public Region? Find(string? code) => code is null ? null : _byCode.GetValueOrDefault(code);

    /// <summary>A region's name as it is told apart in a list: of a town or street with its county's, as their names recur. Null where there is no such region.</summary>
    public string? Say(string? code, string lang) => Find(code) switch
    {
        null => null,
        { Level: "street" } street when Find(street.Parent) is { } county => !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? $"{county.Say(lang)} {street.Say(lang)}" : county.Name + street.Name,
        var region => region.Say(lang),
    };

    /// <summary>The regions directly below one.</summary>
    public IEnumerable<Region> Children(string code) => _children[code];

    /// <summary>Those directly below one that figures are counted for and screens and maps break it down by: today's, and none below a county.</summary>
    public IEnumerable<Region> Parts(string code) => _children[code].Where(r => r.To is null && r.Level != "street");

    /// <summary>A region and those above it, itself first.</summary>
    public IEnumerable<Region> Upwards(string code)
    {
        for (var region = Find(code); region is not null; region = Find(region.Parent))
            yield return region;
    }

    /// <summary>Whether a region lies within another, or is it.</summary>
    public bool Within(string code, string outer)
    {
        // Every decision about a place asks this: no iterator.
        for (var region = Find(code); region is not null; region = Find(region.Parent))
        {
            if (region.Code == outer)
                return true;
        }
        return false;
    }
}

/// <summary>A jurisdiction's configuration cannot be used as it is; the message names the file and the mend.</summary>
public sealed class ConfigurationException(string message) : Exception(message);
