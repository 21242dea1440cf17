namespace Guantong.Packs.Checking;

/// <summary>Records of organisations: told by texts, nothing about persons among them, and licences that end on a day; what renews them leads to one.</summary>
internal static class RecordProof
{
    public static IEnumerable<Finding> Of(Pack pack, Surroundings around) =>
        [.. pack.Datasets.Where(d => d.Record is not null).SelectMany(d => OfDataset(pack, d, d.Record!)), .. pack.Matters.SelectMany(m => m.Renews).SelectMany(r => OfRenewal(pack, r, around))];

    private static IEnumerable<Finding> OfDataset(Pack pack, Dataset dataset, OrganisationRecord record)
    {
        // rights.md 1: there is a record of organisations only.
        if (dataset.Fields.FirstOrDefault(f => f.Personal is not null || RightsProof.IsPerson(pack, f) || pack.HomeOf(dataset, f) is not null) is { } personal)
            yield return Finding.Error("record-of-persons", record.Mark, dataset.Id, personal.Id);
        if (dataset.Field(record.Of.Name) is { Type: not "string" } code)
            yield return Finding.Error("record-not-text", record.Of.Mark, code.Id, code.Type);
        if (record.Until is { } until ? dataset.Field(until.Name) is { Type: not "date" } : record.As == "licence")
            yield return Finding.Error("record-until", (record.Until ?? record.Of).Mark, dataset.Id);
    }

    private static IEnumerable<Finding> OfRenewal(Pack pack, Renewal renewal, Surroundings around)
    {
        var far = FarField.Of(renewal.Data);
        if (QualityProof.Home(pack, far, around, out var fault) is not { } home)
            return fault is null ? [] : [fault];
        return home.Dataset(far.Dataset) switch
        {
            null => [NamesProof.Unknown("dataset", renewal.Data.Mark, far.Dataset, home.Datasets.Select(d => d.Id))],
            { Record.As: "licence" } => [],
            _ => [Finding.Error("renews-no-licence", renewal.Data.Mark, renewal.Data.Name)],
        };
    }
}
