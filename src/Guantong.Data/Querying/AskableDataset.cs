using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A dataset that somebody may query, and what of it: fields that are personal or sealed are not there, and rows are those that they may see.</summary>
/// <param name="IsOfPersons">Whether a row may be of a natural person: then single rows are not shown, and groups below <see cref="LeastGroup"/> are left out (rights.md 3).</param>
/// <param name="Regions">The way to a row's region: a field, or field.field through a reference; null where it has none.</param>
public sealed record AskableDataset(Pack Pack, Dataset Dataset, IReadOnlyList<Field> Fields, bool IsOfPersons, string? Regions, RowsSeen Rows)
{
    /// <summary>The smallest group of rows about persons that is shown.</summary>
    public const int LeastGroup = 5;

    /// <summary>PACK/DATASET.</summary>
    public string Key => $"{Pack.Id}/{Dataset.Id}";

    /// <summary>A field that may be asked for, or null.</summary>
    public Field? Field(string id) => Fields.FirstOrDefault(f => f.Id == id);

    /// <summary>What a person may query of a dataset; null where they may not see that it is there, or nothing is left of it.</summary>
    public static AskableDataset? Of(Person who, Pack pack, Dataset dataset, Jurisdiction land)
    {
        if (!DataRoom.IsPublic(dataset) && !who.May("dataset.read-closed"))
            return null;
        var homes = pack.Homes(dataset);
        var fields = dataset.Fields.Where(f => f.Personal is null && !homes.ContainsKey(f.Id)).ToList();
        return fields.Count == 0 ? null : new AskableDataset(pack, dataset, fields, fields.Count < dataset.Fields.Count, RegionsOf(pack, dataset, fields), RowsSeen.Of(who, pack, dataset, land));
    }

    /// <summary>Everything that a person may query, in the order of packs and datasets.</summary>
    public static IReadOnlyList<AskableDataset> All(Person who, PackRegistry packs, Jurisdiction land) =>
        [.. packs.Applied.Values.SelectMany(a => a.Pack.Datasets.Select(d => Of(who, a.Pack, d, land))).OfType<AskableDataset>()];

    // The dataset's own way, else that of an indicator counted over it.
    private static string? RegionsOf(Pack pack, Dataset dataset, List<Field> fields) =>
        (dataset.Region ?? pack.Indicators.FirstOrDefault(i => i.Composite is null && i.Needs is [var first, ..] && first.Name == dataset.Id)?.Region)?.Name is { } path && fields.Any(f => f.Id == path.Split('.')[0]) ? path : null;

    /// <summary>As a statement may read it.</summary>
    internal ConfinedTable Table => new(Pack, Dataset, [.. Fields.Select(f => f.Id)]) { Rows = Rows };
}
