using Guantong.Packs.Reading;
using Guantong.Processes;

namespace Guantong.Packs.Checking;

/// <summary>Collaboration: each unit that a matter names has a lane, and each lane its unit.</summary>
internal static class CollaborationProof
{
    public static IEnumerable<Finding> Of(Pack pack, IReadOnlySet<Mark> dangling) =>
    [
        .. from matter in pack.Matters
           where matter.Process is not null && pack.Processes.ContainsKey(matter.Process.Name)
           from finding in Compare(pack, matter, pack.Processes[matter.Process!.Name], dangling)
           select finding,
        .. Idle(pack, dangling),
    ];

    private static IEnumerable<Finding> Compare(Pack pack, Matter matter, ProcessFile process, IReadOnlySet<Mark> dangling)
    {
        var units = matter.With.Where(u => process.Definition.Lanes.All(l => l.Name != u.Name)).ToList();
        var lanes = process.Definition.Lanes.Where(l => matter.With.All(u => u.Name != l.Name)).ToList();
        foreach (var lane in lanes)
        {
            var mark = pack.MarkOf(process, lane);
            // A lane and a unit that miss each other are one wrong name, not two gaps.
            var meant = units.FirstOrDefault(u => Nearest.IsNear(lane.Name, u.Name)) ?? units.FirstOrDefault();
            if (meant is not null)
                units.Remove(meant);
            if (!dangling.Contains(mark) && (meant is null || !dangling.Contains(meant.Mark)))
                yield return Finding.Error("lane-without-unit", mark, lane.Name, matter.Id, meant?.Name ?? Nearest.To(lane.Name, matter.With.Select(u => u.Name)));
        }
        foreach (var unit in units.Where(u => !dangling.Contains(u.Mark)))
            yield return Finding.Error("unit-without-lane", unit.Mark, unit.Name, process.Path);
    }

    // A unit that the pack says takes part, but that no matter and no lane knows.
    private static IEnumerable<Finding> Idle(Pack pack, IReadOnlySet<Mark> dangling) =>
        from unit in pack.With
        where !dangling.Contains(unit.Mark)
           && pack.Matters.All(m => m.With.All(u => u.Name != unit.Name))
           && pack.Processes.Values.All(p => p.Definition.Lanes.All(l => l.Name != unit.Name))
        select Finding.Error("unit-takes-no-part", unit.Mark, unit.Name);
}
