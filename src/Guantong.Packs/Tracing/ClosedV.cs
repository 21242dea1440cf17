namespace Guantong.Packs.Tracing;

/// <summary>One thing that a pack declares at a level of the V.</summary>
/// <param name="Links">Names of what it is linked to on the next level down; none when it hangs in the air.</param>
public sealed record VItem(string Id, string Name, Mark Mark, IReadOnlyList<string> Links);

/// <summary>A level of the V: what the way down takes apart here, the way up puts together again.</summary>
/// <param name="Level">goal, core, module, unit, matter, process, collaboration, indicator, need or dataset.</param>
public sealed record VLevel(string Level, IReadOnlyList<VItem> Items);

/// <summary>The V of one pack, from the goal down to the datasets (plan, annex 1: the V-model).</summary>
public static class ClosedV
{
    /// <summary>Its ten levels, the goal first.</summary>
    public static IReadOnlyList<VLevel> Of(Pack pack) =>
    [
        new("goal", [.. pack.Goals.Select(g => new VItem(g.Id, g.Name, g.Mark, Found(pack.Indicator(g.Indicator?.Name ?? "")?.Name)))]),
        new("core", [.. pack.Business.Select(c => new VItem(c.Name, c.Name, c.Mark, [.. c.Modules.Select(m => m.Name)]))]),
        new("module", [.. pack.Business.SelectMany(c => c.Modules).Select(m => new VItem(m.Name, m.Name, m.Mark, [.. m.Units.Select(u => u.Name)]))]),
        new("unit", [.. pack.Business.SelectMany(c => c.Modules).SelectMany(m => m.Units).Select(u => new VItem(u.Name, u.Name, u.Mark, [.. u.Matters.Select(m => pack.Matter(m.Name)?.Name).OfType<string>()]))]),
        new("matter", [.. pack.Matters.Select(m => new VItem(m.Id, m.Name, m.Mark, Found(ProcessOf(pack, m)?.Definition.Name)))]),
        new("process", [.. pack.Matters.Where(m => ProcessOf(pack, m) is not null).Select(m => new VItem(m.Id, ProcessOf(pack, m)!.Definition.Name, m.Process!.Mark, [.. ProcessOf(pack, m)!.Definition.Nodes.Where(n => n.Attributes.ContainsKey("form")).Select(n => n.Name)]))]),
        new("collaboration", [.. pack.Matters.SelectMany(m => m.With.Select(w => (Matter: m, With: w))).DistinctBy(p => p.With.Name).Select(p => new VItem(p.With.Name, p.With.Name, p.With.Mark, TasksOf(pack, p.With.Name)))]),
        new("indicator", [.. pack.Indicators.Select(i => new VItem(i.Id, i.Name, i.Mark, [.. i.Needs.Select(n => pack.Dataset(n.Name)?.Name).OfType<string>()]))]),
        new("need", [.. Needs(pack)]),
        new("dataset", [.. pack.Datasets.Select(d => new VItem(d.Id, d.Name, d.Mark, d.Feed is null ? [] : [d.Source.Name]))]),
    ];

    // A data need is what a matter or an indicator must read; several who need the same dataset make one need.
    private static IEnumerable<VItem> Needs(Pack pack) =>
        pack.Matters.SelectMany(m => m.Needs.Select(n => (n.Data, For: m.Name)))
            .Concat(pack.Indicators.SelectMany(i => i.Needs.Select(n => (Data: n, For: i.Name))))
            .GroupBy(n => n.Data.Name)
            .Select(g => new VItem(g.Key, pack.Dataset(g.Key)?.Name ?? g.Key, g.First().Data.Mark, Found(pack.Dataset(g.Key)?.Name)));

    private static ProcessFile? ProcessOf(Pack pack, Matter matter) =>
        matter.Process is { } path ? pack.Processes.GetValueOrDefault(path.Name) : null;

    private static List<string> TasksOf(Pack pack, string unit) =>
        [.. pack.Matters.SelectMany(m => pack.PartsOf(m))
            .SelectMany(p => p.Definition.Lanes.Where(l => l.Name == unit).SelectMany(l => p.Definition.Nodes.Where(n => n.Attributes.ContainsKey("form") && l.NodeIds.Contains(n.Id))))
            .Select(n => n.Name)];

    private static string[] Found(string? name) => name is null ? [] : [name];
}
