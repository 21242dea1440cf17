using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>Names: a reference that leads nowhere, or two things that bear one name.</summary>
internal static class NamesProof
{
    public static IEnumerable<Finding> Of(Pack pack, Surroundings around) =>
    [
        .. Twice("goal", pack.Goals.Select(g => (g.Id, g.Mark))),
        .. Twice("dataset", pack.Datasets.Select(d => (d.Id, d.Mark))),
        .. Twice("codes", pack.CodeLists.Select(c => (c.Id, c.Mark))),
        .. Twice("element", pack.Elements.Select(e => (e.Id, e.Mark))),
        .. pack.Elements.SelectMany(e => Known("codes", e.Codes, pack.CodeLists.Select(c => c.Id))),
        .. Twice("matter", pack.Matters.Select(m => (m.Id, m.Mark))),
        .. Twice("notice", pack.Notices.Select(n => (n.Id, n.Mark))),
        .. pack.Notices.SelectMany(n => n.Matters).SelectMany(m => Known("matter", m, pack.Matters.Select(x => x.Id))),
        .. Twice("indicator", pack.Indicators.Select(i => (i.Id, i.Mark))),
        .. pack.CodeLists.SelectMany(c => Wider(pack, c)),
        .. Branches(pack),
        .. Close(pack, around), .. Units(pack, around), .. Systems(pack, around), .. Uses(pack, around),
        .. pack.Datasets.SelectMany(d => OfDataset(pack, d)),
        .. pack.Matters.SelectMany(m => OfMatter(pack, m, around)),
        .. pack.Indicators.SelectMany(i => OfIndicator(pack, i)),
        .. Written(pack).SelectMany(p => p.All.SelectMany(d => ProcessNames.Of(pack, p, d))),
        .. pack.Goals.SelectMany(g => Known("indicator", g.Indicator, pack.Indicators.Select(i => i.Id))),
        .. pack.Screen is { } screen ? ScreenProof.Names(pack, screen) : [],
        .. pack.Business.SelectMany(c => c.Modules).SelectMany(m => m.Units).SelectMany(u => u.Matters)
            .SelectMany(m => Known("matter", m, pack.Matters.Select(x => x.Id))),
    ];

    // What joints are handled by is made from what they say, and judged there.
    private static IEnumerable<ProcessFile> Written(Pack pack) => pack.Processes.Values.Where(p => !p.Path.StartsWith(Joint.Folder, StringComparison.Ordinal));

    private static IEnumerable<Finding> Branches(Pack pack) =>
    [
        .. Twice("core", pack.Business.Select(c => (c.Name, c.Mark))),
        .. pack.Business.SelectMany(c => Twice("module", c.Modules.Select(m => (m.Name, m.Mark)))),
        .. pack.Business.SelectMany(c => c.Modules).SelectMany(m => Twice("unit", m.Units.Select(u => (u.Name, u.Mark)))),
    ];

    private static IEnumerable<Finding> Units(Pack pack, Surroundings around) =>
        around.Units is not { } units ? [] :
        pack.With.Append(pack.Lead).Concat(pack.Datasets.SelectMany(d => (Ref?[])[d.Source, d.Listing.Custodian]).OfType<Ref>()).Concat(pack.Matters.SelectMany(m => m.With)).Concat(pack.Policies.Select(p => p.Unit))
            .Concat(Written(pack).SelectMany(p => p.All.SelectMany(d => d.Lanes).Select(l => new Ref(l.Name, pack.MarkOf(p, l)))))
            .SelectMany(u => Known("unit", u, units));

    private static IEnumerable<Finding> Systems(Pack pack, Surroundings around) =>
        around.Systems is not { } systems ? [] :
        pack.Implements.Concat(pack.Goals.Select(g => g.System).OfType<Ref>()).SelectMany(s => Known("system", s, systems));

    // The warehouse keeps a pack's tables under its id without dots and hyphens.
    private static IEnumerable<Finding> Close(Pack pack, Surroundings around) =>
        from other in around.Packs?.Keys ?? []
        where other != pack.Id && other.Replace('-', '.') == pack.Id.Replace('-', '.')
        select Finding.Error("pack-id-close", pack.Mark, pack.Id, other);

    // "base.regions ^1": any version 1 will do.
    private static IEnumerable<Finding> Uses(Pack pack, Surroundings around)
    {
        foreach (var use in around.Packs is null ? [] : pack.Uses)
        {
            var (id, major) = (use.Name[..use.Name.IndexOf(' ', StringComparison.Ordinal)], use.Name[(use.Name.IndexOf('^', StringComparison.Ordinal) + 1)..]);
            if (!around.Packs!.TryGetValue(id, out var version))
                yield return Unknown("pack", use.Mark, id, around.Packs.Keys);
            else if (version.Split('.')[0] != major)
                yield return Finding.Error("pack-of-other-version", use.Mark, id, version, major);
        }
    }

    private static IEnumerable<Finding> OfDataset(Pack pack, Dataset dataset)
    {
        var fields = dataset.Fields.Select(f => f.Id).ToList();
        return
        [
            .. dataset.Key.SelectMany(k => Known("field", k, fields)),
            .. dataset.Opening is { } opening ? OfOpening(opening, fields) : [],
            .. (dataset.Organisation?.All ?? []).SelectMany(f => Known("field", f, fields)),
            .. (dataset.Record?.All ?? []).SelectMany(f => Known("field", f, fields)),
            .. dataset.Fields.SelectMany(f => Refers(pack, f)),
            .. dataset.Fields.SelectMany(f => Known("element", f.Element, pack.Elements.Select(e => e.Id))),
            // What an element names stands with the element, and is told there.
            .. dataset.Fields.Where(f => pack.Elements.All(e => e.Codes != f.Codes)).SelectMany(f => Known("codes", f.Codes, pack.CodeLists.Select(c => c.Id))),
            .. dataset.Region is { } region ? OfPath(pack, dataset, region) : [],
            .. dataset.Feed is { } feed ? OfFeed(pack, feed, fields) : [],
        ];
    }

    private static IEnumerable<Finding> OfOpening(DeclaredOpening opening, IReadOnlyList<string> fields) =>
        opening.Fields.Select(f => f.Field).Concat([.. opening.Quasi, .. opening.Sensitive, .. opening.Counts?.By ?? [], .. opening.Counts?.Sums ?? []]).Append(opening.Person).SelectMany(f => Known("field", f, fields));

    private static IEnumerable<Finding> Wider(Pack pack, CodeList list)
    {
        if (list.Wider is not { } wider)
            return [];
        return pack.CodeLists.FirstOrDefault(c => c.Id == wider.List.Name) is not { } coarser
            ? [Unknown("codes", wider.List.Mark, wider.List.Name, pack.CodeLists.Select(c => c.Id))]
            : wider.Of.Values.SelectMany(c => Known("code", c, coarser.Values.Select(v => v.Code)));
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
        .. Known("file", feed.Path, pack.Files.Texts.Keys.Where(p => p.EndsWith(".csv", StringComparison.Ordinal))),
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
        else
        {
            foreach (var input in decide.Inputs.SelectMany(i => Known("input", i.Input, file.Model.Decisions.First(d => d.Id == decide.Id).Inputs)))
                yield return input;
        }
    }

    private static IEnumerable<Finding> OfNeed(Pack pack, DataNeed need, Surroundings around)
    {
        var far = FarField.Of(need.Data);
        if (QualityProof.Home(pack, far, around, out var fault) is not { } home)
            return fault is null ? [] : [fault];
        return home.Dataset(far.Dataset) is { } data ? need.Fields.SelectMany(f => Known("field", f, data.Fields.Select(x => x.Id)))
            : [Unknown("dataset", need.Data.Mark, far.Dataset, home.Datasets.Select(d => d.Id))];
    }

    private static IEnumerable<Finding> OfMatter(Pack pack, Matter matter, Surroundings around) =>
    [
        .. matter.Needs.SelectMany(n => OfNeed(pack, n, around)),
        .. Known("indicator", matter.StartOf, pack.Indicators.Select(i => i.Id)),
        .. matter.Merges.SelectMany(m => Known("matter", m, pack.Matters.Where(x => x != matter).Select(x => x.Id))),
        .. Known("file", matter.Form, pack.Forms.Keys),
        .. Known("file", matter.Process, pack.Processes.Keys),
    ];

    private static IEnumerable<Finding> OfIndicator(Pack pack, Indicator indicator)
    {
        foreach (var need in indicator.Needs.SelectMany(n => Known("dataset", n, pack.Datasets.Select(d => d.Id))))
            yield return need;
        foreach (var then in Known("matter", indicator.Then, pack.Matters.Select(m => m.Id)))
            yield return then;
        foreach (var part in (indicator.Composite?.Of ?? []).SelectMany(p => Known("indicator", p.Indicator, pack.Indicators.Select(i => i.Id))))
            yield return part;
        if (indicator.Needs is not [var first, ..] || pack.Dataset(first.Name) is not { } data)
            yield break;
        // What is not there at all is told by its own proof.
        foreach (var at in indicator.At.Name.Length == 0 ? [] : Known("field", indicator.At, data.Fields.Select(f => f.Id)))
            yield return at;
        foreach (var path in indicator.Dimensions.Prepend(indicator.Region).Where(p => p.Name.Length > 0).SelectMany(p => OfPath(pack, data, p)))
            yield return path;
    }

    private static IEnumerable<Finding> OfPath(Pack pack, Dataset data, Ref to)
    {
        var path = to.Name.Split('.');
        if (data.Field(path[0]) is not { } field)
            yield return Unknown("field", to.Mark, path[0], data.Fields.Select(f => f.Id));
        // A reference that leads nowhere is told where it stands.
        else if (path.Length == 2 && !Refers(pack, field).Any() && (field.Refers is not { } refers || pack.Dataset(refers.Name.Split('.')[0])?.Field(path[1]) is null))
            yield return Finding.Error("path-leads-nowhere", to.Mark, to.Name, path[0]);
    }

    internal static IEnumerable<Finding> Known(string kind, Ref? reference, IEnumerable<string> known)
    {
        if (reference is null)
            return [];
        return known.Contains(reference.Name) ? [] : [Unknown(kind, reference.Mark, reference.Name, known.Distinct())];
    }

    internal static Finding Unknown(string kind, Mark mark, string name, IEnumerable<string> known) =>
        Finding.Error("unknown-" + kind, mark, name, Nearest.To(name, known));

    internal static IEnumerable<Finding> Twice(string kind, IEnumerable<(string Id, Mark Mark)> things) =>
        things.GroupBy(t => t.Id).SelectMany(g => g.Skip(1).Select(t => Finding.Error("duplicate-name", t.Mark, "@kind." + kind, t.Id, g.First().Mark.ToString())));
}
