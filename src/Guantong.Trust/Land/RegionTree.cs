namespace Guantong.Trust;

/// <summary>A node of the division tree, keyed by its GB/T 2260 code (6 digits; streets 9).</summary>
/// <param name="From">First day it bears this code, when known.</param>
/// <param name="To">First day it no longer does; null while it does.</param>
public sealed record Region(string Code, string? Parent, string Name, string NameEn, string Level, DateOnly? From, DateOnly? To)
{
    /// <summary>Its name in a reader's language.</summary>
    public string Say(string lang) => lang.StartsWith("en", StringComparison.OrdinalIgnoreCase) && NameEn.Length > 0 ? NameEn : Name;

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

    /// <summary>The regions directly below one.</summary>
    public IEnumerable<Region> Children(string code) => _children[code];

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
