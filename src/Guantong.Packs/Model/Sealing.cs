namespace Guantong.Packs;

/// <summary>Where the values of a sealed field are at home: fields of one home are sealed alike, so that rows join along references.</summary>
/// <param name="Dataset">Id of the dataset whose key seals them.</param>
/// <param name="Field">Id of its field.</param>
public sealed record SealHome(string Dataset, string Field);

/// <summary>Which fields of datasets are sealed at rest: personal ones of grade 3 and 4, and those that refer to such a field.</summary>
public static class Sealing
{
    /// <summary>The grade from which personal fields are sealed.</summary>
    public const int Grade = 3;

    /// <summary>The home of a field's values, or null where it is not sealed.</summary>
    public static SealHome? HomeOf(this Pack pack, Dataset dataset, Field field) => Home(pack, dataset, field, 0);

    /// <summary>A dataset's sealed fields with their homes.</summary>
    public static IReadOnlyDictionary<string, SealHome> Homes(this Pack pack, Dataset dataset) =>
        dataset.Fields.Select(f => (f.Id, Home: pack.HomeOf(dataset, f))).Where(f => f.Home is not null).DistinctBy(f => f.Id).ToDictionary(f => f.Id, f => f.Home!);

    /// <summary>All homes of a pack.</summary>
    public static IReadOnlyList<SealHome> Homes(this Pack pack) => [.. pack.Datasets.SelectMany(d => pack.Homes(d).Values).Distinct()];

    /// <summary>Whether a field of a dataset is about a person and graded so that it has to be sealed, whatever its type.</summary>
    internal static bool IsGraded(Dataset dataset, Field field) => field.Personal is not null && dataset.Grade >= Grade;

    // References may go round in a circle: then no field of it leads to another home.
    private static SealHome? Home(Pack pack, Dataset dataset, Field field, int depth)
    {
        if (field.Type != "string" || depth > pack.Datasets.Count)
            return null;
        if (Referred(pack, field) is var (other, target) && Home(pack, other, target, depth + 1) is { } home)
            return home;
        return IsGraded(dataset, field) ? new SealHome(dataset.Id, field.Id) : null;
    }

    internal static (Dataset Dataset, Field Field)? Referred(Pack pack, Field field) =>
        field.Refers?.Name.Split('.') is [var d, var f] && pack.Dataset(d) is { } other && other.Field(f) is { } target ? (other, target) : null;
}
