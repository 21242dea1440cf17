namespace Guantong.Packs;

/// <summary>What is published of a dataset instead of its rows: rows made anonymous by declared steps, or counts with noise.</summary>
/// <param name="Fields">The fields that are published, each with its step; a field that is not named is not published.</param>
/// <param name="Quasi">Fields that together could point to somebody who is known from elsewhere.</param>
/// <param name="Sensitive">Fields whose value nobody shall learn of somebody.</param>
/// <param name="K">So many persons at least share each combination of the quasi-identifiers (k-anonymity).</param>
/// <param name="L">So diverse is each sensitive field among them (l-diversity), by <paramref name="Diversity"/>.</param>
/// <param name="Diversity">distinct, entropy or frequent.</param>
/// <param name="T">So far at most is its distribution among them from that of all rows (t-closeness, variational distance).</param>
/// <param name="Suppress">The greatest share of rows, in percent, that may be left out.</param>
/// <param name="Person">The field that tells persons apart, where one has several rows; null where a row is a person.</param>
/// <param name="Every">How often it is computed anew (ISO 8601 duration).</param>
/// <remarks>GB/T 37964-2019 names the steps; Sweeney 2002, Machanavajjhala et al. 2007, Li et al. 2007 and Dwork et al. 2006 the measures.</remarks>
public sealed record DeclaredOpening(IReadOnlyList<OpenedField> Fields, IReadOnlyList<Ref> Quasi, IReadOnlyList<Ref> Sensitive, int? K, int? L, string Diversity, decimal? T,
    decimal Suppress, Ref? Person, OpenedCounts? Counts, string? Every, Mark Mark)
{
    /// <summary>For how long at most it is given to one applicant (ISO 8601 duration), where it is open on condition; null for a year.</summary>
    public string? Term { get; init; }

    /// <summary>Whether approved applicants may ask the raw rows by SQL whose results are looked at before they leave.</summary>
    public bool HasSandbox { get; init; }

    /// <summary>The step of a field, or null where it is not published.</summary>
    public OpeningStep? StepOf(string field) => Fields.FirstOrDefault(f => f.Field.Name == field)?.Step is { Kind: not "drop" } step ? step : null;
}

/// <summary>A field that is published, and how.</summary>
public sealed record OpenedField(Ref Field, OpeningStep Step);

/// <summary>What becomes of a field's values.</summary>
/// <param name="Kind">keep, drop, hash, mask, round, bin, bands, date, region or category.</param>
/// <param name="Levels">mask: how; round, bin: widths; bands: lower bounds, one level; date, region, category: what it is told by; from fine to coarse.</param>
/// <param name="OrAny">Whether the search may go on to tell nothing of it.</param>
/// <param name="Bottom">What lies below counts as it.</param>
/// <param name="Top">What lies above counts as it.</param>
/// <param name="Values">The only values there are, where nothing else says so.</param>
public sealed record OpeningStep(string Kind, IReadOnlyList<Ref> Levels, bool OrAny, decimal? Bottom, decimal? Top, IReadOnlyList<string> Values, Mark Mark)
{
    /// <summary>How many levels the search may choose from.</summary>
    public int Heights => (Kind is "date" or "region" or "category" or "bin" ? Levels.Count : 1) + (OrAny ? 1 : 0);
}

/// <summary>Counts and sums by some fields, with noise.</summary>
/// <param name="By">The fields that a cell is made of.</param>
/// <param name="Sums">The fields that are summed up.</param>
/// <param name="Epsilon">How much of the budget one publication spends (differential privacy).</param>
/// <param name="Budget">How much all publications of the dataset may spend together.</param>
/// <param name="Small">A cell with less than so many, noise included, is not told.</param>
/// <param name="Rows">How many rows of one person count.</param>
public sealed record OpenedCounts(IReadOnlyList<Ref> By, IReadOnlyList<Ref> Sums, decimal Epsilon, decimal Budget, int Small, int Rows, Mark Mark);

/// <summary>The code list that the codes of another belong to, coarser.</summary>
/// <param name="List">The coarser list.</param>
/// <param name="Of">code → the coarser code.</param>
public sealed record WiderCodes(Ref List, IReadOnlyDictionary<string, Ref> Of);

/// <summary>What an opening rests on elsewhere in its pack.</summary>
public static class OpeningMeans
{
    /// <summary>A code list and those that it leads to by <c>wider</c>, fine to coarse.</summary>
    public static IReadOnlyList<CodeList> WayUp(this Pack pack, string list)
    {
        var way = new List<CodeList>();
        for (var next = pack.CodeLists.FirstOrDefault(c => c.Id == list); next is not null && !way.Contains(next); next = pack.CodeLists.FirstOrDefault(c => c.Id == next.Wider?.List.Name))
            way.Add(next);
        return way;
    }

    /// <summary>Between what a field that is summed up counts: its step's bottom and top, else its range; null where nothing says so.</summary>
    public static (decimal Least, decimal Most)? BoundsOf(this Dataset dataset, DeclaredOpening opening, string field) =>
        dataset.Field(field) is { Type: "integer" or "number" } f && opening.StepOf(field) is { } step && (step.Bottom ?? f.Least) is { } least && (step.Top ?? f.Most) is { } most && least < most ? (least, most) : null;
}
