using System.Text.RegularExpressions;
using Guantong.Processes;

namespace Guantong.Packs.Checking;

/// <summary>Rights (rights.md 1, 5, 7, 8): personal data graded, for a purpose, for a time; refusals made by people; nobody scored.</summary>
internal static partial class RightsProof
{
    public static IEnumerable<Finding> Of(Pack pack) =>
    [
        .. pack.Datasets.SelectMany(d => OfPersonalData(pack, d)),
        .. pack.Datasets.SelectMany(d => d.Fields.Where(f => f.Type != "string" && IsSealable(pack, d, f)).Select(f => Finding.Error("personal-not-text", f.Mark, f.Id, f.Type))),
        .. pack.Datasets.SelectMany(d => Scores(pack, d)),
        .. pack.Processes.Values.SelectMany(p => p.All.SelectMany(d => Refusals(pack, p, d))),
    ];

    // Sealed values are texts.
    private static bool IsSealable(Pack pack, Dataset dataset, Field field) =>
        Sealing.IsGraded(dataset, field) || (Sealing.Referred(pack, field) is var (other, target) && pack.HomeOf(other, target) is not null);

    // A row that points to a person is about them, even where no field says so.
    private static IEnumerable<Finding> OfPersonalData(Pack pack, Dataset dataset)
    {
        if (dataset.Fields.FirstOrDefault(f => f.Personal is not null || IsPerson(pack, f)) is not { } personal)
            yield break;
        if (dataset.Grade is null or 1)
            yield return Finding.Error("personal-without-grade", personal.Mark, dataset.Id, personal.Id);
        if (dataset.Purpose is null)
            yield return Finding.Error("personal-without-purpose", personal.Mark, dataset.Id, personal.Id);
        if (dataset.Retention is null)
            yield return Finding.Error("personal-without-retention", personal.Mark, dataset.Id, personal.Id);
        if (dataset is { Open: "unconditional", Opening: null })
            yield return Finding.Error("personal-opened", personal.Mark, dataset.Id, personal.Id);
    }

    // A derived dataset with one row for a person and a figure computed for them is a score, whatever it is called;
    // so is a class that a decision puts them in, and a place in a ranking.
    private static IEnumerable<Finding> Scores(Pack pack, Dataset dataset)
    {
        if (dataset.Feed is not { From: "query" } feed || !dataset.Fields.Any(f => IsPerson(pack, f)))
            return [];
        if (feed.Sql is { } sql && Ranking().IsMatch(sql.Name))
            return [Finding.Error("ranks-persons", sql.Mark, dataset.Id)];
        return
            from field in dataset.Fields
            where dataset.Key.Any(k => IsPerson(pack, dataset.Field(k.Name))) && dataset.Key.All(k => k.Name != field.Id)
               && (field.Type is "number" or "integer" || (field.Type == "string" && IsDecided(feed, field)))
            select Finding.Error("scores-persons", field.Mark, dataset.Id, field.Id);
    }

    [GeneratedRegex(@"\b(dense_rank|percent_rank|rank|cume_dist|ntile)\s*\(", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ranking();

    private static bool IsDecided(Feed feed, Field field) => feed.Decide?.Outputs.Any(o => o.Field.Name == field.Id) == true;

    internal static bool IsPerson(Pack pack, Field? field) =>
        field is not null && (field.Personal == "identity" || (field.Refers?.Name.Split('.') is [var d, var f] && pack.Dataset(d)?.Field(f)?.Personal == "identity"));

    private static IEnumerable<Finding> Refusals(Pack pack, ProcessFile process, ProcessDefinition definition)
    {
        foreach (var end in definition.Nodes.Where(n => n.Attributes.GetValueOrDefault("outcome") == "refused"))
        {
            if (ReachesStartUntouched(definition, end, []))
                yield return Finding.Error("refusal-by-machine", pack.MarkOf(process, end), end.Name.Length > 0 ? end.Name : end.Id);
        }
    }

    // The start of a sub-process is not yet the beginning, but that of one that an event begins is.
    private static bool ReachesStartUntouched(ProcessDefinition definition, ProcessNode node, HashSet<ProcessNode> seen)
    {
        if (!seen.Add(node))
            return false;
        return node.Kind switch
        {
            NodeKind.UserTask => false,
            NodeKind.StartEvent when node.Parent is null or { IsEventSub: true } => true,
            _ => definition.Before(node).Any(before => ReachesStartUntouched(definition, before, seen)),
        };
    }
}
