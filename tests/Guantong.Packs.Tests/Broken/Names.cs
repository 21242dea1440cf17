using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>References that lead nowhere, and two things of one name.</summary>
internal static class Names
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        // from pack, screen and business tree
        Air("pack.yaml", "indicator: good-day-rate", "indicator: good-days-rate", "unknown-indicator", 12, 16),
        Air("pack.yaml", "[gov-ecology]", "[gov-ecologie]", "unknown-system", 6, 14),
        Permit("pack.yaml", "system: plat-sharing", "system: plat-sharring", "unknown-system", 10, 13),
        Air("pack.yaml", "pack: environment.air-quality", "pack: environment-air.quality", "pack-id-close", 1, 1),
        Air("pack.yaml", "lead: 省生态环境厅", "lead: 省生态厅", "unknown-unit", 7, 7),
        Air("pack.yaml", "with: [省气象局", "with: [省气像局", "unknown-unit", 8, 8),
        Permit("pack.yaml", "base.regions ^1", "base.region ^1", "unknown-pack", 13, 16),
        Permit("pack.yaml", "base.regions ^1", "base.regions ^2", "pack-of-other-version", 13, 16),
        Air("screen.yaml", "indicator: pm25-mean", "indicator: pm25", "unknown-indicator", 4, 17),
        Air("business.yaml", "[pollution-episode]", "[polution-episode]", "unknown-matter", 7, 23),

        // from datasets
        Air("datasets/air-hourly.yaml", "source: 省生态环境厅", "source: 省生态环境局", "unknown-unit", 4, 9),
        Air("datasets/air-hourly.yaml", "key: [station, hour]", "key: [station, hours]", "unknown-field", 10, 16),
        Air("datasets/air-hourly.yaml", "refers: station.code", "refers: stations.code", "unknown-dataset", 12, 45),
        Air("datasets/air-hourly.yaml", "refers: station.code", "refers: station.id", "unknown-field", 12, 45),
        Air("datasets/air-daily.yaml", "refers: station.code", "refers: stations.code", "unknown-dataset", 12, 45),
        Air("datasets/air-hourly.yaml", "    o3: O3", "    o33: O3", "unknown-field", 38, 5),
        Air("datasets/air-hourly.yaml", "path: samples/air-hourly.csv", "path: samples/air.csv", "unknown-file", 27, 9),
        Air("samples/station.csv", "", null, "unknown-file", 18, 9, "datasets/station.yaml"),
        Air("datasets/air-daily.yaml", "needs: [air-hourly]", "needs: [air-hour]", "unknown-dataset", 31, 11),
        Air("datasets/air-daily.yaml", "decisions/aqi.dmn#aqi", "decisions/aq.dmn#aqi", "unknown-file", 55, 15),
        Air("datasets/air-daily.yaml", "decisions/aqi.dmn#aqi", "decisions/aqi.dmn#index", "unknown-decision", 55, 15),
        Air("datasets/air-daily.yaml", "inputs: {so2: so2", "inputs: {so3: so2", "unknown-input", 56, 14),
        Air("datasets/air-daily.yaml", "inputs: {so2: so2", "inputs: {so2: s02", "unknown-field", 56, 19),
        Air("datasets/air-daily.yaml", "outputs: {aqi: aqi", "outputs: {aqis: aqi", "unknown-field", 57, 15),

        // from matters and forms to another pack's datasets
        Permit("matters/stall-permit.yaml", "data: stall,", "data: base.region/stall,", "unknown-pack", 6, 12),
        Permit("matters/stall-permit.yaml", "data: stall,", "data: environment.air-quality/stall,", "pack-not-used", 6, 12),
        Permit("matters/stall-permit.yaml", "data: stall, fields: [code, region, area]", "data: base.regions/stations, fields: [code]", "unknown-dataset", 6, 12),
        Permit("matters/stall-permit.yaml", "data: stall, fields: [code, region, area]", "data: base.regions/station, fields: [codes]", "unknown-field", 6, 43),
        .. new (string Dataset, string Of, string By, string Code, int Column)[]
        {
            ("base.region/station", "name", "code", "unknown-pack", 55), ("environment.air-quality/station", "name", "code", "pack-not-used", 55), ("base.regions/stations", "name", "code", "unknown-dataset", 55),
            ("base.regions/station", "names", "code", "unknown-field", 88), ("base.regions/station", "name", "codes", "unknown-field", 103), ("base.regions/station", "name", "code", "form-from-need", 55),
        }.Select(c => Permit("forms/apply.json", "\"stall\": {\"type\": \"string\", \"title\": \"摊位\"}", $$$"""
            "stall": {"type": "string", "x-from": {"dataset": "{{{c.Dataset}}}", "field": "{{{c.Of}}}", "by": {"{{{c.By}}}": "applicant.id"}}, "title": "摊位"}
            """, c.Code, 7, c.Column)),

        // from matters and indicators
        Air("matters/pollution-episode.yaml", "data: air-hourly", "data: air-hours", "unknown-dataset", 8, 12),
        Air("matters/pollution-episode.yaml", "fields: [station, hour, pm25]", "fields: [station, hour, pm2]", "unknown-field", 8, 48),
        Air("matters/pollution-episode.yaml", "of: pm25-mean", "of: pm2-mean", "unknown-indicator", 5, 26),
        Air("matters/pollution-episode.yaml", "processes/episode.bpmn", "processes/episod.bpmn", "unknown-file", 9, 10),
        Air("matters/pollution-episode.yaml", "processes/episode.bpmn", "decisions/aqi.dmn", "unknown-file", 9, 10),
        Permit("matters/stall-permit.yaml", "forms/apply.json", "forms/aply.json", "unknown-file", 8, 7),
        Permit("matters/stall-permit.yaml", "forms/apply.json", "documents/permit.md", "unknown-file", 8, 7),
        Air("indicators.yaml", "needs: [air-daily]", "needs: [air-dayly]", "unknown-dataset", 6, 11),
        Air("indicators.yaml", "at: day}", "at: date}", "unknown-field", 5, 64),
        Air("indicators.yaml", "region: station.region", "region: stations.region", "unknown-field", 5, 16),
        Air("indicators.yaml", "region: station.region", "region: station.area", "path-leads-nowhere", 5, 16),
        Permit("datasets/stall-day.yaml", "摊位, refers: stall.code}", "摊位}", "path-leads-nowhere", 4, 16, "indicators.yaml"),
        Air("indicators.yaml", "then: pollution-episode", "then: pollution", "unknown-matter", 22, 9),

        // from processes
        Air("processes/episode.bpmn", "forms/verify.json", "forms/verifi.json", "unknown-file", 26, 6),
        Air("forms/traffic.json", "", null, "unknown-file", 32, 6, "processes/episode.bpmn"),
        Air("processes/episode.bpmn", "documents/report.md", "documents/rapport.md", "unknown-file", 35, 6),
        Air("documents/no-response.md", "", null, "unknown-file", 28, 6, "processes/episode.bpmn"),
        Air("processes/episode.bpmn", "guantong:service=\"compose-document\"", "guantong:service=\"compose\"", "unknown-service", 28, 6),
        Air("processes/episode.bpmn", "guantong:due=\"P2D\"", "guantong:due=\"P2D\" guantong:separate-from=\"verify diffuse\"", "unknown-task", 34, 6),
        Air("processes/episode.bpmn", " guantong:document=\"documents/report.md\"", "", "service-incomplete", 35, 6),
        Permit("processes/permit.bpmn", " guantong:dataset=\"application\"", "", "service-incomplete", 19, 6),
        Permit("processes/permit.bpmn", "guantong:dataset=\"application\"", "guantong:dataset=\"applications\"", "unknown-dataset", 19, 6),
        Permit("processes/permit.bpmn", "guantong:outcome=\"granted\"", "guantong:outcome=\"given\"", "not-one-of", 20, 6),
        Air("processes/episode.bpmn", "name=\"省气象局\"", "name=\"省气像局\"", "unknown-unit", 18, 8),

        // one name for two things
        Air("pack.yaml", "goals:\n", "goals:\n  - {goal: clean-air, name: 清洁空气, indicator: good-day-rate}\n", "duplicate-name", 11, 5),
        Air("datasets/more.yaml", "", "dataset: air-daily\nname: 又一份\nsource: 省生态环境厅\nshare: conditional\nopen: none\nkey: [id]\nfields:\n  id: {type: string}\n", "duplicate-name", 1, 1),
        Permit("matters/zz.yaml", "", "matter: stall-permit\nname: 临时摊位许可\nface: service\nstart: {by: application}\nneeds:\n  - {data: stall, fields: [code, region, area], for: 核对摊位}\n  - {data: applicant, fields: [id, phone], for: 核对申请人}\nform: forms/apply.json\nprocess: processes/permit.bpmn\nwith: [省市场监管局, 省建设厅]\nlimit: P5D\nresult: {document: 摊位许可, credential: true}\n", "duplicate-name", 1, 1),
        Permit("indicators.yaml", "", "- {indicator: stalls-permitted, name: 许可摊位数, unit: 个, by: {region: stall.region, period: [month], at: day}, needs: [stall-day], value: count(*), better: higher}\n- {indicator: stalls-permitted, name: 摊位数, unit: 个, by: {region: stall.region, period: [month], at: day}, needs: [stall-day], value: count(*), better: higher}\n", "duplicate-name", 2, 3),
        Air("business.yaml", "business:\n", "business:\n  - {core: 大气污染防治, modules: [{module: 一, units: [{unit: 一, matters: [pollution-episode]}]}]}\n", "duplicate-name", 3, 5),
        Air("business.yaml", "    modules:\n", "    modules:\n      - {module: 监测预报预警, units: [{unit: 一, matters: [pollution-episode]}]}\n", "duplicate-name", 5, 9),
        Air("business.yaml", "        units:\n", "        units:\n          - {unit: 重污染天气预警响应, matters: [pollution-episode]}\n", "duplicate-name", 7, 13),
        Permit("processes/permit.bpmn", "    </bpmn:laneSet>", """    <bpmn:lane id="lane_two" name="省建设厅"/></bpmn:laneSet>""", "duplicate-name", 11, 6),
    ];
}
