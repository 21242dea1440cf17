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
           from finding in Compare(pack, matter, dangling)
           select finding,
        .. Idle(pack, dangling),
    ];

    // What a process calls as a part of its matter takes part in it too.
    private static IEnumerable<Finding> Compare(Pack pack, Matter matter, IReadOnlySet<Mark> dangling)
    {
        var parts = pack.PartsOf(matter).SelectMany(p => p.Definition.Lanes.Select(l => (p.File, Lane: l))).ToList();
        var units = matter.With.Where(u => parts.All(p => p.Lane.Name != u.Name)).ToList();
        foreach (var (file, lane) in parts.Where(p => matter.With.All(u => u.Name != p.Lane.Name)))
        {
            var mark = pack.MarkOf(file, lane);
            // A lane and a unit that miss each other are one wrong name, not two gaps.
            var meant = units.FirstOrDefault(u => Nearest.IsNear(lane.Name, u.Name)) ?? units.FirstOrDefault();
            if (meant is not null)
                units.Remove(meant);
            if (!dangling.Contains(mark) && (meant is null || !dangling.Contains(meant.Mark)))
                yield return Finding.Error("lane-without-unit", mark, lane.Name, matter.Id, meant?.Name ?? Nearest.To(lane.Name, matter.With.Select(u => u.Name)));
        }
        foreach (var unit in units.Where(u => !dangling.Contains(u.Mark)))
            yield return Finding.Error("unit-without-lane", unit.Mark, unit.Name, matter.Process!.Name);
    }

    // A unit that the pack says takes part, but that no matter and no lane knows.
    private static IEnumerable<Finding> Idle(Pack pack, IReadOnlySet<Mark> dangling) =>
        from unit in pack.With
        where !dangling.Contains(unit.Mark)
           && pack.Matters.All(m => m.With.All(u => u.Name != unit.Name))
           && pack.Processes.Values.SelectMany(p => p.All).All(d => d.Lanes.All(l => l.Name != unit.Name))
        select Finding.Error("unit-takes-no-part", unit.Mark, unit.Name);
}
