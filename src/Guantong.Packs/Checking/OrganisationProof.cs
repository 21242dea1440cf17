namespace Guantong.Packs.Checking;

/// <summary>Datasets whose organisations are known again in others: a row each, told by texts, and nothing about persons beside them.</summary>
internal static class OrganisationProof
{
    public static IEnumerable<Finding> Of(Pack pack) => pack.Datasets.Where(d => d.Organisation is not null).SelectMany(d => OfDataset(pack, d, d.Organisation!, d.Origin["organisation"]!.Mark));

    private static IEnumerable<Finding> OfDataset(Pack pack, Dataset dataset, OrganisationFields organisation, Mark mark)
    {
        // rights.md 1: nobody is recognised again across datasets, nor what lies beside them in a row.
        if (dataset.Fields.FirstOrDefault(f => f.Personal is not null || RightsProof.IsPerson(pack, f) || pack.HomeOf(dataset, f) is not null) is { } personal)
            yield return Finding.Error("organisation-of-persons", mark, dataset.Id, personal.Id);
        if (dataset.Key.Count != 1)
            yield return Finding.Error("organisation-key", mark, dataset.Id, string.Join(", ", dataset.Key.Select(k => k.Name)));
        foreach (var name in organisation.All.Where(f => dataset.Field(f.Name) is { Type: not "string" }))
            yield return Finding.Error("organisation-not-text", name.Mark, name.Name, dataset.Field(name.Name)!.Type);
    }
}
