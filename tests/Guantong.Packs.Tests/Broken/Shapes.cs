using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>YAML that is not of the shape that the grammar asks for.</summary>
internal static class Shapes
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        // heads of document templates
        Air("documents/no-response.md", "# 不启动应急响应的说明", "---\nseries: 环答〔{year}〕号\n---\n# 不启动应急响应的说明", "document-head", 2, 1),
        Air("documents/no-response.md", "# 不启动应急响应的说明", "---\nseries: 环答{number}号\nseal: 有\n---\n# 不启动应急响应的说明", "document-head", 3, 1),
        Air("documents/no-response.md", "# 不启动应急响应的说明", "---\nseries: 环答{number}号\n# 不启动应急响应的说明", "document-head", 1, 1),
        // notices
        Air("notices/a.yaml", "", "notice: a\non: finished\nto: [applicant]\nby: [inbox]\nsubject: 一\ntext: 二\n", "not-one-of", 2, 5),
        Air("notices/a.yaml", "", "notice: a\non: decided\nto: [everybody]\nby: [inbox]\nsubject: 一\ntext: 二\n", "not-one-of", 3, 6),
        Air("notices/a.yaml", "", "notice: a\non: decided\nto: [applicant]\nby: [pigeon]\nsubject: 一\ntext: 二\n", "not-one-of", 4, 6),
        Air("notices/a.yaml", "", "notice: a\non: decided\nto: [applicant]\nby: [inbox]\nsubject: 一\ntext: \"{{case.number}} {{applicant.phone}}\"\n", "notice-place", 6, 7),
        Air("notices/a.yaml", "", "notice: a\non: decided\nto: [applicant]\nby: [sms]\nsubject: 一\ntext: 二\nshort: \"{{case.title}}\"\n", "notice-place", 7, 8),
        Air("notices/a.yaml", "", "notice: a\non: decided\nto: [applicant]\nby: [sms]\nsubject: 一\ntext: 二\nen: {subject: one, text: \"{{ who }}\"}\n", "notice-place", 7, 26),
        Air("notices/z.yaml", "", "notice: z\non: red\nto: [assignee, unit]\nby: [inbox]\nsubject: 一\ntext: 二\n", "notice-twice", 1, 1),
        Air("notices/z.yaml", "", "notice: late\non: stopped\nto: [applicant]\nby: [inbox]\nsubject: 一\ntext: 二\n", "duplicate-name", 1, 1),
        Air("notices/a.yaml", "", "notice: a\non: decided\nmatters: [air]\nto: [applicant]\nby: [sms]\nsubject: 一\ntext: 二\n", "unknown-matter", 3, 11),
        Air("notices/a.yaml", "", "notice: a\non: decided\nto: [applicant]\nby: [sms]\nsubject: 一\n", "missing-key", 1, 1),
        Air("matters/pollution-episode.yaml", "limit: P3D", "limit: P3D\narchive: {retention: P5Y}", "not-one-of", 12, 22),
        Air("matters/pollution-episode.yaml", "limit: P3D", "limit: P3D\nappeal: {review: 60}", "bad-format", 12, 18),
        // the wrong kind of value
        Air("pack.yaml", "name: 大气环境监测预报预警", "name: [大气环境监测预报预警]", "wrong-type", 3, 7),
        Air("pack.yaml", "with: [省气象局, 省交通运输厅]", "with: 省气象局", "wrong-type", 8, 7),
        Air("pack.yaml", """target: {2021: ">= 93", 2022: ">= 93.5", 2025: ">= 95"}""", "target: \">= 93\"", "wrong-type", 13, 13),
        Air("datasets/air-hourly.yaml", "range: [0, 2000]", "range: [0, many]", "wrong-type", 14, 69),
        Air("matters/pollution-episode.yaml", "start: {by: warning, of: pm25-mean, level: red}", "start: warning", "wrong-type", 5, 8),
        Air("matters/pollution-episode.yaml", "credential: false", "credential: maybe", "wrong-type", 12, 38),
        Air("business.yaml", "matters: [pollution-episode]", "matters: {pollution-episode: 1}", "wrong-type", 7, 22),
        Air("datasets/air-hourly.yaml", "name: 空气质量小时值", "name:", "empty-value", 2, 6),

        // written otherwise than asked
        Air("pack.yaml", "version: 1.0.0", "version: one", "bad-format", 2, 10),
        Air("pack.yaml", "version: 1.0.0", "version: １.0.0", "bad-format", 2, 10),
        Air("pack.yaml", "pack: environment.air-quality", "pack: air quality", "bad-format", 1, 7),
        Air("pack.yaml", "goal: clean-air", "goal: Clean Air", "bad-format", 10, 11),
        Air("pack.yaml", "2021: \">= 93\"", "2021: \"about 93\"", "bad-format", 13, 20),
        Air("pack.yaml", "{2021: \">= 93\"", "{1921: \">= 93\"", "bad-format", 13, 14),
        Air("datasets/air-hourly.yaml", "retention: P10Y", "retention: ten years", "bad-format", 8, 12),
        Air("datasets/air-hourly.yaml", "updated: PT1H", "updated: PT", "bad-format", 9, 10),
        Air("datasets/air-hourly.yaml", "at-least: 95%", "at-least: 95", "bad-format", 21, 68),
        Air("datasets/air-hourly.yaml", "at-least: 95%", "at-least: 950%", "bad-format", 21, 68),
        Air("datasets/air-hourly.yaml", "refers: station.code", "refers: station", "bad-format", 12, 45),
        Air("datasets/air-hourly.yaml", "  pm25:    {", "  PM25:    {", "bad-format", 14, 3),
        Air("datasets/air-hourly.yaml", "path: samples/air-hourly.csv", "path: ../air-hourly.csv", "bad-format", 27, 9),
        Air("datasets/air-daily.yaml", "decisions/aqi.dmn#aqi", "decisions/aqi.dmn", "bad-format", 55, 15),
        Air("indicators.yaml", "region: station.region, period: [day, month, year], at: day}\n  needs: [air-daily]\n  value: \"100", "region: station.refers.region, period: [day, month, year], at: day}\n  needs: [air-daily]\n  value: \"100", "bad-format", 5, 16),
        Air("matters/pollution-episode.yaml", "limit: P3D", "limit: 3 days", "bad-format", 11, 8),
        Air("matters/pollution-episode.yaml", "limit: P3D", "limit: P3D workdays", "bad-format", 11, 8),
        Air("matters/pollution-episode.yaml", "limit: P3D", "limit: P1M working", "bad-format", 11, 8),
        Air("matters/pollution-episode.yaml", "limit: P3D", "limit: P0D", "bad-format", 11, 8),
        Permit("pack.yaml", "base.regions ^1", "base.regions 1", "bad-format", 13, 16),

        // none of the words to choose from
        Air("pack.yaml", "application: digital-government", "application: digital", "not-one-of", 5, 14),
        Air("screen.yaml", "as: map", "as: globe", "not-one-of", 4, 32),
        Air("datasets/air-hourly.yaml", "{type: timestamp", "{type: time", "not-one-of", 13, 19),
        Air("datasets/air-hourly.yaml", "share: unconditional", "share: all", "not-one-of", 5, 8),
        Air("datasets/air-hourly.yaml", "grade: 1\n", "grade: 5\n", "not-one-of", 7, 8),
        Air("datasets/air-hourly.yaml", "rule: fresh", "rule: new", "not-one-of", 22, 12),
        Air("datasets/air-hourly.yaml", "from: csv", "from: ftp", "not-one-of", 26, 9),
        Air("matters/pollution-episode.yaml", "face: governance", "face: inward", "not-one-of", 4, 7),
        Air("matters/pollution-episode.yaml", "by: warning", "by: chance", "not-one-of", 5, 13),
        Air("indicators.yaml", "better: higher", "better: more", "not-one-of", 8, 11),
        Air("indicators.yaml", "period: [day, month, year]", "period: [day, hour, year]", "not-one-of", 5, 46),
        Air("indicators.yaml", "{blue: \"> 75\"", "{pink: \"> 75\"", "not-one-of", 21, 14),

        // too few, too many, twice
        Air("datasets/air-hourly.yaml", "range: [0, 2000]", "range: [0]", "wrong-count", 14, 65),
        Air("datasets/air-hourly.yaml", "key: [station, hour]", "key: []", "wrong-count", 10, 6),
        Air("datasets/air-hourly.yaml", "hour: {timestamp: [year, month, day, hour]}", "hour: {timestamp: [date]}", "wrong-count", 32, 23),
        Air("datasets/air-daily.yaml", "outputs: {aqi: aqi, main_pollutant: primary, level: grade, level_name: gradeName}", "outputs: {}", "wrong-count", 57, 14),
        Air("datasets/air-hourly.yaml", "key: [station, hour]", "key: [station, hour, station]", "listed-twice", 10, 22),
        Air("pack.yaml", "with: [省气象局, ", "with: [省气象局, 省气象局, ", "listed-twice", 8, 14),
        Air("matters/pollution-episode.yaml", "with: [省生态环境厅, ", "with: [省生态环境厅, 省气象局, ", "listed-twice", 10, 22),

        // keys that are not known, or not there
        Air("pack.yaml", "version:", "verison:", "unknown-key", 2, 1),
        Air("datasets/air-hourly.yaml", "retention:", "retension:", "unknown-key", 8, 1),
        Air("datasets/air-hourly.yaml", "unit: µg/m³, range: [0, 1500]", "units: µg/m³, range: [0, 1500]", "unknown-key", 19, 37),
        Air("matters/pollution-episode.yaml", "needs:", "colour: red\nneeds:", "unknown-key", 6, 1),
        Air("pack.yaml", "lead: 省生态环境厅\n", "", "missing-key", 1, 1),
        Air("datasets/air-hourly.yaml", "source: 省生态环境厅\n", "", "missing-key", 1, 1),
        Air("datasets/air-daily.yaml", "{type: date, name: 日期}", "{name: 日期}", "missing-key", 13, 12),
        Air("matters/pollution-episode.yaml", ", for: 研判污染过程", "", "missing-key", 8, 5),
        Air("indicators.yaml", "  unit: µg/m³\n", "", "missing-key", 10, 3),
        Air("screen.yaml", "as: map, ", "", "missing-key", 4, 5),
    ];
}
