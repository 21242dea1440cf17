using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>Names: a reference that leads nowhere, or two things that bear one name.</summary>
internal static class NamesProof
{
    public static IEnumerable<Finding> Of(Pack pack, Surroundings around) =>
    [
        .. Twice("goal", pack.Goals.Select(g => (g.Id, g.Mark))),
        .. Twice("dataset", pack.Datasets.Select(d => (d.Id, d.Mark))),
        .. Twice("matter", pack.Matters.Select(m => (m.Id, m.Mark))),
        .. Twice("indicator", pack.Indicators.Select(i => (i.Id, i.Mark))),
        .. Units(pack, around), .. Systems(pack, around),
        .. pack.Datasets.SelectMany(d => OfDataset(pack, d)),
        .. pack.Matters.SelectMany(m => OfMatter(pack, m)),
        .. pack.Indicators.SelectMany(i => OfIndicator(pack, i)),
        .. pack.Processes.Values.SelectMany(p => OfProcess(pack, p)),
        .. pack.Goals.SelectMany(g => Known("indicator", g.Indicator, pack.Indicators.Select(i => i.Id))),
        .. (pack.Screen?.Cards ?? []).SelectMany(c => Known("indicator", c.Indicator, pack.Indicators.Select(i => i.Id))),
        .. pack.Business.SelectMany(c => c.Modules).SelectMany(m => m.Units).SelectMany(u => u.Matters)
            .SelectMany(m => Known("matter", m, pack.Matters.Select(x => x.Id))),
    ];

    private static IEnumerable<Finding> Units(Pack pack, Surroundings around) =>
        around.Units is not { } units ? [] :
        pack.With.Append(pack.Lead).Concat(pack.Datasets.Select(d => d.Source)).Concat(pack.Matters.SelectMany(m => m.With))
            .SelectMany(u => Known("unit", u, units));

    private static IEnumerable<Finding> Systems(Pack pack, Surroundings around) =>
        around.Systems is not { } systems ? [] :
        pack.Implements.Concat(pack.Goals.Select(g => g.System).OfType<Ref>()).SelectMany(s => Known("system", s, systems));

    private static IEnumerable<Finding> OfDataset(Pack pack, Dataset dataset)
    {
        var fields = dataset.Fields.Select(f => f.Id).ToList();
        return
        [
            .. dataset.Key.SelectMany(k => Known("field", k, fields)),
            .. dataset.Fields.SelectMany(f => Refers(pack, f)),
            .. dataset.Feed is { } feed ? OfFeed(pack, feed, fields) : [],
        ];
    }

    private static IEnumerable<Finding> Refers(Pack pack, Field field)
    {
        if (field.Refers is not { } refers)
            return [];
        var parts = refers.Name.Split('.');
        return pack.Dataset(parts[0]) is not { } other
            ? [Unknown("dataset", refers.Mark, parts[0], pack.Datasets.Select(d => d.Id))]
            : other.Field(parts[1]) is null ? [Unknown("field", refers.Mark, parts[1], other.Fields.Select(f => f.Id))] : [];
    }

    private static IEnumerable<Finding> OfFeed(Pack pack, Feed feed, IReadOnlyList<string> fields) =>
    [
        .. feed.Columns.SelectMany(c => Known("field", c.Field, fields)),
        .. feed.Needs.SelectMany(n => Known("dataset", n, pack.Datasets.Select(d => d.Id))),
        .. File(pack, feed.Path),
        .. feed.Decide is { } decide ? OfDecide(pack, decide, fields) : [],
    ];

    private static IEnumerable<Finding> OfDecide(Pack pack, Decide decide, IReadOnlyList<string> fields)
    {
        foreach (var finding in decide.Inputs.Select(i => i.Field).Concat(decide.Outputs.Select(o => o.Field)).SelectMany(f => Known("field", f, fields)))
            yield return finding;
        if (!pack.Decisions.TryGetValue(decide.File, out var file))
            yield return Unknown("file", decide.Decision.Mark, decide.File, pack.Decisions.Keys);
        else if (file.Model.Decisions.All(d => d.Id != decide.Id))
            yield return Unknown("decision", decide.Decision.Mark, decide.Id, file.Model.Decisions.Select(d => d.Id));
    }

    private static IEnumerable<Finding> OfMatter(Pack pack, Matter matter) =>
    [
        .. matter.Needs.SelectMany(n => pack.Dataset(n.Data.Name) is { } data
            ? n.Fields.SelectMany(f => Known("field", f, data.Fields.Select(x => x.Id)))
            : [Unknown("dataset", n.Data.Mark, n.Data.Name, pack.Datasets.Select(d => d.Id))]),
        .. Known("indicator", matter.StartOf, pack.Indicators.Select(i => i.Id)),
        .. File(pack, matter.Form),
        .. File(pack, matter.Process),
    ];

    private static IEnumerable<Finding> OfIndicator(Pack pack, Indicator indicator)
    {
        foreach (var need in indicator.Needs.SelectMany(n => Known("dataset", n, pack.Datasets.Select(d => d.Id))))
            yield return need;
        foreach (var then in Known("matter", indicator.Then, pack.Matters.Select(m => m.Id)))
            yield return then;
        if (indicator.Needs is not [var first, ..] || pack.Dataset(first.Name) is not { } data)
            yield break;
        foreach (var at in Known("field", indicator.At, data.Fields.Select(f => f.Id)))
            yield return at;
        var path = indicator.Region.Name.Split('.');
        if (data.Field(path[0]) is not { } field)
            yield return Unknown("field", indicator.Region.Mark, path[0], data.Fields.Select(f => f.Id));
        else if (path.Length == 2 && (field.Refers is not { } refers || pack.Dataset(refers.Name.Split('.')[0])?.Field(path[1]) is null))
            yield return Finding.Error("path-leads-nowhere", indicator.Region.Mark, indicator.Region.Name, path[0]);
    }

    /// <summary>The services that a process may call by name.</summary>
    public static readonly IReadOnlySet<string> Services = new HashSet<string> { "compose-document", "record-row" };

    private static IEnumerable<Finding> OfProcess(Pack pack, ProcessFile process)
    {
        foreach (var node in process.Definition.Nodes)
        {
            var mark = new Mark(pack.Files.Name(process.Path), node.Line, node.Column);
            if (node.Attributes.TryGetValue("form", out var form) && !pack.Forms.ContainsKey(form))
                yield return Unknown("file", mark, form, pack.Forms.Keys);
            if (node.Attributes.TryGetValue("document", out var document) && !pack.Documents.ContainsKey(document))
                yield return Unknown("file", mark, document, pack.Documents.Keys);
            if (node.Attributes.TryGetValue("service", out var service) && !Services.Contains(service))
                yield return Unknown("service", mark, service, Services);
            if (node.Attributes.TryGetValue("dataset", out var dataset) && pack.Dataset(dataset) is null)
                yield return Unknown("dataset", mark, dataset, pack.Datasets.Select(d => d.Id));
        }
    }

    private static IEnumerable<Finding> File(Pack pack, Ref? path) =>
        path is null || pack.Files.Texts.ContainsKey(path.Name) ? [] : [Unknown("file", path.Mark, path.Name, pack.Files.Texts.Keys)];

    private static IEnumerable<Finding> Known(string kind, Ref? reference, IEnumerable<string> known)
    {
        if (reference is null)
            return [];
        return known.Contains(reference.Name) ? [] : [Unknown(kind, reference.Mark, reference.Name, known.Distinct())];
    }

    internal static Finding Unknown(string kind, Mark mark, string name, IEnumerable<string> known) =>
        Finding.Error("unknown-" + kind, mark, name, Nearest.To(name, known));

    private static IEnumerable<Finding> Twice(string kind, IEnumerable<(string Id, Mark Mark)> things) =>
        things.GroupBy(t => t.Id).SelectMany(g => g.Skip(1).Select(t => Finding.Error("duplicate-name", t.Mark, kind, t.Id, g.First().Mark.ToString())));
}
