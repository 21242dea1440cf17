using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>Units without a lane, and lanes without their unit.</summary>
internal static class Collaboration
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Air("matters/pollution-episode.yaml", ", 省交通运输厅]", "]", "lane-without-unit", 21, 8, "processes/episode.bpmn"),
        Air("matters/pollution-episode.yaml", ", 省交通运输厅]", ", 省交通运输厅, 省水利厅]", "unit-without-lane", 10, 30),
        Air("matters/pollution-episode.yaml", "省气象局, ", "省气像局, ", "unknown-unit", 10, 16),
        Air("processes/episode.bpmn", "name=\"省气象局\"", "name=\"省水利厅\"", "lane-without-unit", 18, 8),
        Permit("processes/permit.bpmn", "    </bpmn:laneSet>", """    <bpmn:lane id="lane_extra" name="省生态环境厅"/></bpmn:laneSet>""", "lane-without-unit", 11, 6),
        Air("pack.yaml", "with: [省气象局", "with: [省水利厅, 省气象局", "unit-takes-no-part", 8, 8),
    ];
}
