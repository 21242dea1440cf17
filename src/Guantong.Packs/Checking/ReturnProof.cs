namespace Guantong.Packs.Checking;

/// <summary>Manual returns: the fields that a sheet fills in by itself are there, and of the key.</summary>
internal static class ReturnProof
{
    public static IEnumerable<Finding> Of(Pack pack, Surroundings around) => pack.Datasets.SelectMany(d => d.Returns is { } rule ? Of(d, rule, around) : []);

    private static IEnumerable<Finding> Of(Dataset dataset, ReturnRule rule, Surroundings around)
    {
        if (dataset.Feed is not { From: "form" })
            yield return Finding.Error("returns-without-form", rule.Region.Mark, dataset.Id);
        foreach (var field in (Ref[])[rule.Region, rule.At])
        {
            if (dataset.Field(field.Name) is null)
                yield return NamesProof.Unknown("field", field.Mark, field.Name, dataset.Fields.Select(f => f.Id));
            else if (dataset.Key.All(k => k.Name != field.Name))
                yield return Finding.Error("returns-not-of-key", field.Mark, field.Name);
        }
        if (dataset.Field(rule.At.Name) is { Type: not "date" })
            yield return Finding.Error("at-is-no-time", rule.At.Mark, rule.At.Name);
        if (rule.Review is { } review && around.Units is { } units && !units.Contains(review.Name))
            yield return NamesProof.Unknown("unit", review.Mark, review.Name, units);
    }
}
