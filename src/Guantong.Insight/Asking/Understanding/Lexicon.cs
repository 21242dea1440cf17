namespace Guantong.Insight;

/// <summary>What a question can be understood by: the indicators in force and the regions of the jurisdiction.</summary>
/// <param name="Root">Code of the jurisdiction's own region.</param>
public sealed record Lexicon(IReadOnlyList<KnownIndicator> Indicators, IReadOnlyList<KnownRegion> Regions, string Root)
{
    private readonly Dictionary<string, KnownRegion> _byCode = Regions.ToDictionary(r => r.Code);

    /// <summary>What rows of datasets are of, as far as the asker may query these; none where only figures are asked for.</summary>
    public IReadOnlyList<KnownRows> Rows { get; init; } = [];

    /// <summary>A region by code, or null.</summary>
    public KnownRegion? Region(string? code) => code is null ? null : _byCode.GetValueOrDefault(code);

    /// <summary>An indicator by its key, or null.</summary>
    public KnownIndicator? Indicator(string key) => Indicators.FirstOrDefault(i => i.Key == key);

    /// <summary>Whether a region lies within another, or is it.</summary>
    public bool Within(string code, string outer)
    {
        for (var region = Region(code); region is not null; region = Region(region.Parent))
        {
            if (region.Code == outer)
                return true;
        }
        return false;
    }
}

/// <summary>An indicator as questions name it.</summary>
/// <param name="Key">PACK/INDICATOR.</param>
/// <param name="Also">What else people call it, in any language.</param>
/// <param name="Periods">day, week, month, quarter, year: those with figures.</param>
public sealed record KnownIndicator(string Key, string Name, IReadOnlyList<string> Also, IReadOnlyList<string> Periods, bool HigherIsBetter)
{
    /// <summary>What it is broken down by.</summary>
    public IReadOnlyList<(string Id, string Name)> Dimensions { get; init; } = [];

    /// <summary>All that it is called.</summary>
    public IEnumerable<string> Words => Also.Prepend(Name);
}

/// <summary>What the rows of a dataset are of, as questions name it: 企业 of an evaluation that has a row for each enterprise and year.</summary>
/// <param name="Key">PACK/DATASET.FIELD; PACK/DATASET where a row itself is meant.</param>
/// <param name="Words">All that it is called, in any language.</param>
/// <param name="Numbers">The fields that a condition can be on, each with what it is called.</param>
public sealed record KnownRows(string Key, IReadOnlyList<string> Words, IReadOnlyList<(string Field, string Name)> Numbers);

/// <summary>A region as questions name it.</summary>
/// <param name="Level">province, city or county.</param>
public sealed record KnownRegion(string Code, string? Parent, string Name, string NameEn, string Level);
