using Guantong.Data;
using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>A system that the plan names, with its lead unit and its state.</summary>
/// <param name="Application">The comprehensive application it belongs to, or platform, method, institution.</param>
/// <param name="LeadUnit">As the plan writes it; null where it names none.</param>
/// <param name="At">Where the plan names it.</param>
/// <param name="State">planned, building, running or retired.</param>
/// <param name="Packs">Ids of the packs in force that implement it.</param>
public sealed record PlanSystem(string Id, string Name, string NameEn, string Application, string? LeadUnit, string? WithUnits, string At, string State, IReadOnlyList<string> Packs);

/// <summary>The reform's own map (作战图): the systems of the plan, as the pack <c>reform.map</c> lists them, and how they stand.</summary>
/// <remarks>A system that a pack in force implements is building, and running once every dataset of that pack has rows and one of its indicators a figure; any other is as the list says.</remarks>
public sealed class PlanSystems(PackRegistry packs, Warehouse warehouse)
{
    /// <summary>The pack and dataset that list them.</summary>
    public const string Pack = "reform.map", Dataset = "system";

    /// <summary>The systems in the list's order of application and id; none where the list is not in force.</summary>
    public IReadOnlyList<PlanSystem> All()
    {
        if (packs.Find(Pack) is not { } pack || pack.Dataset(Dataset) is not { } dataset)
            return [];
        var behind = packs.Applied.Values.SelectMany(a => a.Pack.Implements.Select(i => (System: i.Name, a.Pack))).ToLookup(p => p.System, p => p.Pack);
        var runs = packs.Applied.Values.ToDictionary(a => a.Pack.Id, a => Runs(a.Pack));
        var page = DatasetRows.Page(warehouse, pack, dataset, new RowQuery(Take: 10_000), RowsSeen.All);
        var at = page.Columns.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i);
        string? Cell(IReadOnlyList<object?> row, string column) => row[at[column]] as string;
        return [.. page.Rows.Select(r => new PlanSystem(Cell(r, "id")!, Cell(r, "name_zh")!, Cell(r, "name_en")!, Cell(r, "application")!, Cell(r, "lead_unit"), Cell(r, "with_units"), Cell(r, "at")!,
            State(Cell(r, "state")!, [.. behind[Cell(r, "id")!].Select(p => runs[p.Id])]), [.. behind[Cell(r, "id")!].Select(p => p.Id)]))];
    }

    private static string State(string listed, IReadOnlyList<bool> running) => running.Count == 0 ? listed : running.Contains(true) ? "running" : "building";

    private bool Runs(Pack pack) =>
        pack.Datasets.All(d => warehouse.RowCount(pack.Id, d.Id) > 0) && pack.Indicators.Any(i => FigureBook.Count(warehouse, pack, i) > 0);
}
