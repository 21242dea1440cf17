using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>The V that is not closed downwards.</summary>
internal static class ClosedV
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Air("pack.yaml", "    indicator: good-day-rate\n", "", "goal-without-indicator", 10, 5),
        Air("indicators.yaml", "needs: [air-daily]", "needs: []", "indicator-without-data", 1, 3),
        Air("indicators.yaml", "  needs: [air-daily]\n", "", "indicator-without-data", 1, 3),
        Air("matters/pollution-episode.yaml", "needs:\n  - {data: air-daily, fields: [station, day, pm25, aqi, main_pollutant], for: 核定污染等级}\n  - {data: air-hourly, fields: [station, hour, pm25], for: 研判污染过程}\n", "", "matter-without-data", 1, 1),
        Air("matters/pollution-episode.yaml", "process: processes/episode.bpmn\n", "", "matter-without-process", 1, 1),
        Air("business.yaml", "            matters: [pollution-episode]\n", "", "leaf-without-matter", 6, 13),
        Air("business.yaml", "matters: [pollution-episode]", "matters: []", "leaf-without-matter", 6, 13),
        Air("business.yaml", "        units:\n          - unit: 重污染天气预警响应\n            matters: [pollution-episode]\n", "", "leaf-without-matter", 4, 9),
        Air("business.yaml", "            matters: [pollution-episode]\n", "            matters: [pollution-episode]\n  - core: 水污染防治\n", "leaf-without-matter", 8, 5),
        Air("business.yaml", "", null, "matter-unplaced", 1, 1, "matters/pollution-episode.yaml"),
        Permit("matters/more.yaml", "", "matter: stall-renewal\nname: 临时摊位许可\nface: service\nstart: {by: application}\nneeds:\n  - {data: stall, fields: [code, region, area], for: 核对摊位}\n  - {data: applicant, fields: [id, phone], for: 核对申请人}\nform: forms/apply.json\nprocess: processes/permit.bpmn\nwith: [省市场监管局, 省建设厅]\nlimit: P5D\nresult: {document: 摊位许可, credential: true}\n", "matter-unplaced", 1, 1),

        // warnings that open nothing
        Air("matters/pollution-episode.yaml", ", of: pm25-mean", "", "warning-start-without-indicator", 1, 1),
        Air("matters/pollution-episode.yaml", "of: pm25-mean", "of: good-day-rate", "warning-leads-elsewhere", 5, 26),
        Air("indicators.yaml", "  then: pollution-episode\n", "", "warning-leads-elsewhere", 5, 26, "matters/pollution-episode.yaml"),
        Air("matters/pollution-episode.yaml", "start: {by: warning, of: pm25-mean, level: red}", "start: {by: application}", "then-awaits-no-warning", 22, 9, "indicators.yaml"),
    ];
}
