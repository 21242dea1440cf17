using Guantong.Processes;

namespace Guantong.Packs.Checking;

/// <summary>Rights (rights.md 1, 5, 7, 8): personal data graded, for a purpose, for a time; refusals made by people; nobody scored.</summary>
internal static class RightsProof
{
    public static IEnumerable<Finding> Of(Pack pack) =>
    [
        .. pack.Datasets.SelectMany(OfPersonalData),
        .. pack.Datasets.SelectMany(d => Scores(pack, d)),
        .. pack.Processes.Values.SelectMany(p => Refusals(pack, p)),
    ];

    private static IEnumerable<Finding> OfPersonalData(Dataset dataset)
    {
        if (dataset.Fields.FirstOrDefault(f => f.Personal is not null) is not { } personal)
            yield break;
        if (dataset.Grade is null or 1)
            yield return Finding.Error("personal-without-grade", personal.Mark, dataset.Id, personal.Id);
        if (dataset.Purpose is null)
            yield return Finding.Error("personal-without-purpose", personal.Mark, dataset.Id, personal.Id);
        if (dataset.Retention is null)
            yield return Finding.Error("personal-without-retention", personal.Mark, dataset.Id, personal.Id);
        if (dataset.Open == "unconditional")
            yield return Finding.Error("personal-opened", personal.Mark, dataset.Id, personal.Id);
    }

    // A derived dataset with one row for a person and a figure computed for them is a score, whatever it is called.
    private static IEnumerable<Finding> Scores(Pack pack, Dataset dataset) =>
        dataset.Feed?.From != "query" ? [] :
        from field in dataset.Fields
        where dataset.Key.Any(k => IsPerson(pack, dataset.Field(k.Name)))
           && field.Type is ("number" or "integer") && dataset.Key.All(k => k.Name != field.Id)
        select Finding.Error("scores-persons", field.Mark, dataset.Id, field.Id);

    private static bool IsPerson(Pack pack, Field? field) =>
        field is not null && (field.Personal == "identity" || (field.Refers?.Name.Split('.') is [var d, var f] && pack.Dataset(d)?.Field(f)?.Personal == "identity"));

    private static IEnumerable<Finding> Refusals(Pack pack, ProcessFile process)
    {
        var definition = process.Definition;
        foreach (var end in definition.Nodes.Where(n => n.Attributes.GetValueOrDefault("outcome") == "refused"))
        {
            if (ReachesStartUntouched(definition, end.Id, []))
                yield return Finding.Error("refusal-by-machine", new Mark(pack.Files.Name(process.Path), end.Line, end.Column), end.Name.Length > 0 ? end.Name : end.Id);
        }
    }

    private static bool ReachesStartUntouched(ProcessDefinition definition, string node, HashSet<string> seen)
    {
        if (!seen.Add(node))
            return false;
        return definition.Nodes.First(n => n.Id == node).Kind switch
        {
            NodeKind.UserTask => false,
            NodeKind.StartEvent => true,
            _ => definition.Flows.Where(f => f.Target == node).Any(f => ReachesStartUntouched(definition, f.Source, seen)),
        };
    }
}
