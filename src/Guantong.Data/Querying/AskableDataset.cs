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

    /// <summary>Fields of the datasets that its rows refer to, as far as the asker may query these.</summary>
    public IReadOnlyList<AskableWay> Towards { get; private init; } = [];

    /// <summary>The datasets whose rows refer to its own, each with the field that does.</summary>
    public IReadOnlyList<ReferringDataset> Referring { get; private init; } = [];

    /// <summary>A field of its own, one that a reference leads to, or what is reckoned over the rows that refer to each of its own, such as <c>output-year.enterprise:sum(revenue)</c>; null where there is none.</summary>
    public AskableWay? Way(string path) =>
        Field(path) is { } own ? new AskableWay(path, own) : Towards.FirstOrDefault(t => t.Path == path) ?? Referring.Select(r => r.Way(path)).FirstOrDefault(w => w is not null);

    /// <summary>What a person may query of a dataset; null where they may not see that it is there, or nothing is left of it.</summary>
    public static AskableDataset? Of(Person who, Pack pack, Dataset dataset, Jurisdiction land)
    {
        if (Alone(who, pack, dataset, land) is not { } data)
            return null;
        var towards = from field in data.Fields
                      where field.Refers is not null
                      let to = field.Refers!.Name.Split('.')
                      where to.Length == 2 && pack.Dataset(to[0]) is not null
                      let table = Alone(who, pack, pack.Dataset(to[0])!, land)
                      where table?.Field(to[1]) is not null
                      // One row, or none; and nothing about persons beside what is none. The way to a row's region is part of the dataset.
                      let isOne = table!.Dataset.Key is [var key] && key.Name == to[1] && !table.IsOfPersons
                      from other in table!.Fields
                      let path = $"{field.Id}.{other.Id}"
                      where path == data.Regions || (isOne && other.Id != to[1])
                      select new AskableWay(path, other) { Through = field, Table = table, Key = to[1] };
        var referring = from other in pack.Datasets
                        from field in other.Fields
                        where field.Refers?.Name.Split('.') is [var to, var key] && to == dataset.Id && data.Field(key) is not null
                        let table = Alone(who, pack, other, land)
                        where table?.Field(field.Id) is not null
                        select new ReferringDataset(table!, field, field.Refers!.Name.Split('.')[1]);
        return data with { Towards = [.. towards], Referring = [.. referring] };
    }

    private static AskableDataset? Alone(Person who, Pack pack, Dataset dataset, Jurisdiction land)
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
