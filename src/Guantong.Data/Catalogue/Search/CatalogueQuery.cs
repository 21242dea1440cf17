namespace Guantong.Data;

/// <summary>A wish about the catalogue.</summary>
/// <param name="Words">What is looked for; empty for everything.</param>
/// <param name="Chosen">Facet (<see cref="Facets"/>) → the values wanted; one of them is enough.</param>
/// <param name="Sort">relevance, name or changed; by default relevance where there are words, else the latest change first.</param>
/// <param name="PublicAlone">Whether what is not open is left out.</param>
public sealed record CatalogueQuery(string Words = "", IReadOnlyDictionary<string, IReadOnlyList<string>>? Chosen = null, string? Sort = null, int Skip = 0, int Take = 20, bool PublicAlone = false)
{
    /// <summary>The longest words, in characters.</summary>
    public const int Longest = 200;

    /// <summary>As deep as a search may be paged into.</summary>
    public const int Deepest = 10_000;

    /// <summary>What the catalogue can be narrowed by.</summary>
    public static readonly IReadOnlyList<string> Facets = ["category", "provider", "level", "grade", "share", "open", "format", "label", "origin", "state"];

    /// <summary>How a search can be sorted.</summary>
    public static readonly IReadOnlyList<string> Sorts = ["relevance", "name", "changed"];
}

/// <summary>A part of a text; a hit where it is what was looked for.</summary>
public sealed record MarkedText(string Text, bool Hit);

/// <summary>An entry that was found, with its name and a passage of its abstract, marked.</summary>
public sealed record CatalogueHit(KeptEntry Kept, IReadOnlyList<MarkedText> Name, IReadOnlyList<MarkedText> Passage);

/// <summary>A value of a facet, and how many entries have it among those that the rest of the query leaves.</summary>
public sealed record FacetCount(string Value, int Count);

/// <summary>A page of what was found.</summary>
/// <param name="Near">Whether nothing fitted the words as they stand, and these come near.</param>
public sealed record FoundEntries(IReadOnlyList<CatalogueHit> Items, int Total, int Skip, int Take, IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Facets, bool Near);
