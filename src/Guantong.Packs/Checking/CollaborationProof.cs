namespace Guantong.Packs.Checking;

/// <summary>Collaboration: each unit that a matter names has a lane, and each lane its unit.</summary>
internal static class CollaborationProof
{
    public static IEnumerable<Finding> Of(Pack pack) =>
        from matter in pack.Matters
        where matter.Process is not null && pack.Processes.ContainsKey(matter.Process.Name)
        let process = pack.Processes[matter.Process!.Name]
        from finding in Compare(pack, matter, process)
        select finding;

    private static IEnumerable<Finding> Compare(Pack pack, Matter matter, ProcessFile process)
    {
        var lanes = process.Definition.Lanes;
        foreach (var unit in matter.With.Where(u => lanes.All(l => l.Name != u.Name)))
            yield return Finding.Error("unit-without-lane", unit.Mark, unit.Name, process.Path);
        foreach (var lane in lanes.Where(l => matter.With.All(u => u.Name != l.Name)))
            yield return Finding.Error("lane-without-unit", new Mark(pack.Files.Name(process.Path), lane.Line, lane.Column), lane.Name, matter.Id);
    }
}
