using Guantong.Packs.Reading;
using Guantong.Processes;

namespace Guantong.Packs.Checking;

/// <summary>The names that a process uses: forms, documents, services, datasets, outcomes; and that no two lanes bear one name.</summary>
public static class ProcessNames
{
    /// <summary>The services that a process may call, each with the attribute that says what it works on.</summary>
    public static readonly IReadOnlyDictionary<string, string> Services = new Dictionary<string, string> { ["compose-document"] = "document", ["record-row"] = "dataset", ["read-row"] = "dataset", ["decide"] = "decision", [ChargeProof.Service] = "charge" };

    /// <summary>What an end may say of its case.</summary>
    public static readonly IReadOnlyList<string> Outcomes = ["granted", "refused"];

    internal static IEnumerable<Finding> Of(Pack pack, ProcessFile process, ProcessDefinition definition) =>
    [
        .. NamesProof.Twice("lane", definition.Lanes.Select(l => (l.Name, pack.MarkOf(process, l)))),
        .. definition.Nodes.SelectMany(n => OfNode(pack, n, pack.MarkOf(process, n))),
        .. definition.Nodes.SelectMany(n => OfSeparation(pack, definition, n, pack.MarkOf(process, n))),
        .. definition.Nodes.Where(n => n.Attributes.GetValueOrDefault("service") == "read-row").SelectMany(n => OfReading(pack, definition, n, pack.MarkOf(process, n))),
        .. definition.Nodes.Where(n => n.Kind == NodeKind.BusinessRuleTask || n.Attributes.GetValueOrDefault("service") == "decide").SelectMany(n => OfDecision(pack, definition, n, pack.MarkOf(process, n))),
    ];

    private static IEnumerable<Finding> OfNode(Pack pack, ProcessNode node, Mark mark)
    {
        if (node.Attributes.TryGetValue("form", out var form) && !pack.Forms.ContainsKey(form))
            yield return NamesProof.Unknown("file", mark, form, pack.Forms.Keys);
        if (node.Attributes.TryGetValue("document", out var document) && !pack.Documents.ContainsKey(document))
            yield return NamesProof.Unknown("file", mark, document, pack.Documents.Keys);
        if (node.Attributes.TryGetValue("dataset", out var dataset) && pack.Dataset(dataset) is null)
            yield return NamesProof.Unknown("dataset", mark, dataset, pack.Datasets.Select(d => d.Id));
        // A misspelt refusal would pass for none, and escape the proof that an official makes it.
        if (node.Attributes.TryGetValue("outcome", out var outcome) && !Outcomes.Contains(outcome))
            yield return Finding.Error("not-one-of", mark, "outcome", outcome, string.Join(" | ", Outcomes));
        if (!node.Attributes.TryGetValue("service", out var service))
            yield break;
        if (!Services.TryGetValue(service, out var needed))
            yield return NamesProof.Unknown("service", mark, service, Services.Keys);
        else if (!node.Attributes.ContainsKey(needed))
            yield return Finding.Error("service-incomplete", mark, service, needed);
    }

    // A process reads a row that its matter needs, by a key that is known, of no person, and of no unit that would have to grant it first.
    private static IEnumerable<Finding> OfReading(Pack pack, ProcessDefinition definition, ProcessNode node, Mark mark)
    {
        if (!node.Attributes.TryGetValue("dataset", out var named) || pack.Dataset(named) is not { } data)
            yield break;
        var matters = pack.Matters.Where(m => pack.PartsOf(m).Any(p => p.Definition == definition)).ToList();
        var asked = Asked(pack, definition).Concat(["number", "region", "day"]).ToHashSet();
        if (matters.FirstOrDefault(m => m.Needs.All(n => n.Data.Name != data.Id)) is { } lacking)
            yield return Finding.Error("read-row-need", mark, data.Id, lacking.Id);
        else if (data.Fields.Any(f => f.Personal is not null || RightsProof.IsPerson(pack, f)) || (data.Share != "unconditional" && matters.Any(m => m.With is not [var lead, ..] || lead.Name != data.Source.Name)))
            yield return Finding.Error("read-row-closed", mark, data.Id, data.Source.Name);
        else if (data.Key.FirstOrDefault(k => !asked.Contains(k.Name)) is { } unknown)
            yield return Finding.Error("read-row-key", mark, data.Id, unknown.Name);
    }

    // What reading a row gives: what its matters need, less the key by which it was found.
    private static IEnumerable<string> Given(Pack pack, ProcessNode node) =>
        from need in pack.Matters.SelectMany(m => m.Needs)
        where need.Data.Name == node.Attributes.GetValueOrDefault("dataset")
        from field in need.Fields
        where pack.Dataset(need.Data.Name) is not { } data || data.Key.All(k => k.Name != field.Name)
        select field.Name;

    // Who did one of the tasks it names does not do this one; a misspelt name would let them.
    private static IEnumerable<Finding> OfSeparation(Pack pack, ProcessDefinition definition, ProcessNode node, Mark mark)
    {
        var tasks = definition.Nodes.Where(n => n.Kind == NodeKind.UserTask && n != node).Select(n => n.Id).ToList();
        return node.Attributes.TryGetValue("separate-from", out var others)
            ? others.Split(' ').Where(o => !tasks.Contains(o)).Select(o => NamesProof.Unknown("task", mark, o, tasks)) : [];
    }

    // A decision in a process reads what forms asked for, and what decisions and rows before it gave.
    private static IEnumerable<Finding> OfDecision(Pack pack, ProcessDefinition definition, ProcessNode node, Mark mark)
    {
        if (!node.Attributes.TryGetValue("decision", out var said))
            yield break;
        var (file, id) = said.Split('#') is [var f, var d] ? (f, d) : (said, "");
        if (!pack.Decisions.TryGetValue(file, out var found))
            yield return NamesProof.Unknown("file", mark, file, pack.Decisions.Keys);
        else if (found.Model.Decisions.FirstOrDefault(x => x.Id == id) is not { } decision)
            yield return NamesProof.Unknown("decision", mark, id, found.Model.Decisions.Select(x => x.Id));
        else
        {
            var asked = Asked(pack, definition).ToHashSet();
            foreach (var input in decision.Inputs.Where(i => !asked.Contains(i)))
                yield return Finding.Error("decision-input-unasked", mark, decision.Label, input, string.Join(", ", asked));
        }
    }

    // What goes to a called process, and what it gives back, its caller and it know alike.
    private static IEnumerable<string> Asked(Pack pack, ProcessDefinition definition)
    {
        var kin = pack.Processes.Values.SelectMany(f => f.All.Select(d => pack.Reached(f, d, _ => true)))
            .Where(r => r.Any(p => p.Definition == definition)).SelectMany(r => r).Distinct().ToList();
        var nodes = kin.SelectMany(p => p.Definition.Nodes).ToList();
        return pack.Matters.Where(m => kin.Any(p => m.Process?.Name == p.File.Path)).Select(m => m.Form?.Name)
            .Concat(nodes.Select(n => n.Attributes.GetValueOrDefault("form")))
            .OfType<string>().SelectMany(form => pack.Forms.TryGetValue(form, out var schema) ? FormReader.Fields(schema) : [])
            .Concat(nodes.Select(n => n.Attributes.GetValueOrDefault("decision")?.Split('#')[^1]).OfType<string>())
            .Concat(nodes.Where(n => n.Attributes.GetValueOrDefault("service") == "read-row").SelectMany(n => Given(pack, n)))
            .Concat(nodes.Where(n => n.Kind == NodeKind.CallActivity).SelectMany(n => n.Inputs.Concat(n.Outputs).Select(m => m.Target)));
    }
}
