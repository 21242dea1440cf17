namespace Guantong.Packs.Checking;

/// <summary>The V closed downwards: each goal has its indicator, each indicator and matter its data, each matter its process, each leaf its matter.</summary>
/// <remarks>Plan, main text 1(3)1–2: from core business down to indicators and data needs.</remarks>
internal static class ClosedVProof
{
    public static IEnumerable<Finding> Of(Pack pack, IReadOnlySet<Mark> dangling) =>
    [
        .. pack.Goals.Where(g => g.Indicator is null).Select(g => Finding.Error("goal-without-indicator", g.Mark, g.Id)),
        .. pack.Indicators.Where(i => i is { Needs.Count: 0, Composite: null }).Select(i => Finding.Error("indicator-without-data", i.Mark, i.Id)),
        .. pack.Matters.Where(m => m is { Needs.Count: 0, Joint: null }).Select(m => Finding.Error("matter-without-data", m.Mark, m.Id)),
        .. pack.Matters.Where(m => m is { Process: null, Joint: null }).Select(m => Finding.Error("matter-without-process", m.Mark, m.Id)),
        .. Leaves(pack),
        .. Unplaced(pack, dangling),
        .. Starts(pack, dangling),
    ];

    private static IEnumerable<Finding> Leaves(Pack pack) =>
        from core in pack.Business
        from leaf in core.Modules.Count == 0 ? [(core.Name, core.Mark)] : core.Modules.SelectMany(BareBranches)
        select Finding.Error("leaf-without-matter", leaf.Mark, leaf.Name);

    private static IEnumerable<(string Name, Mark Mark)> BareBranches(BusinessModule module) =>
        module.Units.Count == 0
            ? [(module.Name, module.Mark)]
            : module.Units.Where(u => u.Matters.Count == 0).Select(u => (u.Name, u.Mark));

    // Where a leaf is bare or its name leads nowhere, there the matter was to stand: that is told already.
    private static IEnumerable<Finding> Unplaced(Pack pack, IReadOnlySet<Mark> dangling)
    {
        var placed = pack.Business.SelectMany(c => c.Modules).SelectMany(m => m.Units).SelectMany(u => u.Matters).ToList();
        return placed.Any(m => dangling.Contains(m.Mark)) || Leaves(pack).Any() ? []
            : pack.Matters.Where(m => placed.All(p => p.Name != m.Id)).Select(m => Finding.Error("matter-unplaced", m.Mark, m.Id));
    }

    // A matter that a warning opens must be the one that the indicator names, or the warning opens nothing.
    private static IEnumerable<Finding> Starts(Pack pack, IReadOnlySet<Mark> dangling) =>
    [
        .. from m in pack.Matters
           where m.StartBy == "warning" && m.StartOf is null
           select Finding.Error("warning-start-without-indicator", m.Mark, m.Id),
        .. from m in pack.Matters
           where m.StartBy == "warning" && m.StartOf is { } of && pack.Indicator(of.Name) is { } indicator
              && (indicator.Warn is null || (indicator.Then?.Name != m.Id && (indicator.Then is null || !dangling.Contains(indicator.Then.Mark))))
           select Finding.Error("warning-leads-elsewhere", m.StartOf!.Mark, m.Id, m.StartOf.Name),
        .. from i in pack.Indicators
           where i.Then is { } then && pack.Matter(then.Name) is { StartBy: not "warning" }
           select Finding.Error("then-awaits-no-warning", i.Then!.Mark, i.Id, i.Then.Name),
    ];
}
