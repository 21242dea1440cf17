using Guantong.Packs;
using Guantong.Packs.Planning;
using Guantong.Packs.Reading;
using Guantong.Packs.Tracing;
using Guantong.Tests.Broken;

namespace Guantong.Tests;

/// <summary>What a sound pack reads as: how it changes, and how its V is traced.</summary>
public sealed class PackReadingTests
{
    [Fact]
    public void A_removed_field_is_told_as_a_loss()
    {
        var without = BrokenPack.Air("datasets/air-hourly.yaml", "  o3:      {type: number, name: 臭氧, unit: µg/m³, range: [0, 1500]}\n", "", "", 0, 0);
        var before = PackReader.Read(SoundPack.Files(SoundPack.Air)).Pack!;
        var after = PackReader.Read(without.Files()).Pack! with { Version = "1.1.0" };
        Assert.Contains(PackDiff.Between(before, after), c => c is { What: "dataset", Id: "air-hourly", Loses: true });
        Assert.Empty(PackDiff.Between(before, before));
    }

    [Fact]
    public void The_trace_leads_from_the_goal_to_a_column_of_the_file()
    {
        var steps = new Queue<TraceStep>([Trace.Of(PackReader.Read(SoundPack.Files(SoundPack.Air)).Pack!, "clean-air")!]);
        var kinds = new HashSet<string>();
        while (steps.TryDequeue(out var step))
        {
            kinds.Add($"{step.Kind}:{step.Id}");
            foreach (var below in step.Below)
                steps.Enqueue(below);
        }
        Assert.Superset(new HashSet<string> { "goal:clean-air", "indicator:good-day-rate", "dataset:air-daily", "field:aqi", "dataset:air-hourly", "column:PM2.5" }, kinds);
    }
}
