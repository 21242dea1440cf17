using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Tracing;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>An item of the V and how it stands: declared, linked, running.</summary>
/// <param name="Running">How many real things stand behind it: figures of a goal or indicator, cases, finished tasks, tasks that reached a unit, rows.</param>
public sealed record StandingItem(VItem Item, long Running);

/// <summary>A level of the V with its items.</summary>
public sealed record StandingLevel(string Level, IReadOnlyList<StandingItem> Items)
{
    /// <summary>How many items the pack declares here.</summary>
    public int Declared => Items.Count;

    /// <summary>How many of them are linked to the level below.</summary>
    public int Linked => Items.Count(i => i.Item.Links.Count > 0);

    /// <summary>How many of them something real stands behind.</summary>
    public int Running => Items.Count(i => i.Running > 0);
}

/// <summary>Holds a pack's declared V against what really runs.</summary>
public sealed class StandingV(Warehouse warehouse, Cases cases, Jurisdiction land)
{
    /// <summary>The ten levels, the goal first.</summary>
    public async Task<IReadOnlyList<StandingLevel>> OfAsync(Pack pack, CancellationToken cancel = default)
    {
        var counts = await cases.CountAsync(pack.Id, cancel);
        return [.. ClosedV.Of(pack).Select(level => new StandingLevel(level.Level, [.. level.Items.Select(i => new StandingItem(i, Running(pack, level.Level, i, counts)))]))];
    }

    private long Running(Pack pack, string level, VItem item, CaseCounts counts) => level switch
    {
        "goal" => pack.Indicator(pack.Goals.First(g => g.Id == item.Id).Indicator?.Name ?? "") is { } indicator ? FigureBook.Count(warehouse, pack, indicator) : 0,
        "indicator" => FigureBook.Count(warehouse, pack, pack.Indicator(item.Id)!),
        "core" => CasesOf(pack.Business.Where(c => c.Name == item.Id).SelectMany(c => c.Modules).SelectMany(m => m.Units), counts),
        "module" => CasesOf(pack.Business.SelectMany(c => c.Modules).Where(m => m.Name == item.Id).SelectMany(m => m.Units), counts),
        "unit" => CasesOf(pack.Business.SelectMany(c => c.Modules).SelectMany(m => m.Units).Where(u => u.Name == item.Id), counts),
        "matter" => counts.ByMatter.GetValueOrDefault(item.Id),
        "process" => counts.DoneByMatter.GetValueOrDefault(item.Id),
        // A city's body of the same line works for the line that the pack names.
        "collaboration" => counts.ByUnit.Where(u => land.Units.Find(u.Key)?.Line == land.Units.Named(item.Id)?.Line).Sum(u => u.Value),
        _ => warehouse.RowCount(pack.Id, item.Id),
    };

    private static long CasesOf(IEnumerable<BusinessUnit> units, CaseCounts counts) =>
        units.SelectMany(u => u.Matters).Sum(m => counts.ByMatter.GetValueOrDefault(m.Name));
}
