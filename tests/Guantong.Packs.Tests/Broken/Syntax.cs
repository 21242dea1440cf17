using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>What is no YAML, or none of the YAML that packs are written in.</summary>
internal static class Syntax
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Air("pack.yaml", "    name: 空气质量优良", "\tname: 空气质量优良", "yaml-tab", 11, 1),
        Air("matters/pollution-episode.yaml", "needs:\n  - {data: air-daily", "needs:\n\t- {data: air-daily", "yaml-tab", 7, 1),
        Air("pack.yaml", "name: 大气环境监测", """name: "大气环境监测""", "yaml-broken", 3, 7),
        Air("indicators.yaml", "value: \"avg(pm25)\"", """value: "avg(pm25)""", "yaml-broken", 16, 10),
        Air("pack.yaml", "lead: 省生态", " lead: 省生态", "yaml-broken", 7, 2),
        Air("datasets/air-hourly.yaml", "  station: {type", " station: {type", "yaml-broken", 13, 3),
        Air("pack.yaml", "version: 1.0.0", "version 1.0.0", "yaml-broken", 2, 1),
        Air("pack.yaml", "name: 大气环境监测", "name: @大气环境监测", "yaml-broken", 3, 7),
        Air("pack.yaml", "implements: [gov-ecology]", "implements: [gov-ecology", "yaml-open", 6, 13),
        Air("datasets/air-hourly.yaml", "unit: µg/m³, range: [0, 1500]}", "unit: µg/m³, range: [0, 1500]", "yaml-open", 19, 12),
        Air("screen.yaml", "", " \n", "yaml-empty", 1, 1),
        Air("business.yaml", "", "# 待写\n", "yaml-empty", 1, 1),
        Air("pack.yaml", "goals:", "---\ngoals:", "yaml-several-documents", 9, 1),
        Air("pack.yaml", "name: 大气", "name: &a 大气", "yaml-alias", 3, 7),
        Air("pack.yaml", "lead: 省生态环境厅", "lead: *a", "yaml-alias", 7, 7),
        Air("pack.yaml", "name: 大气", "name: !x 大气", "yaml-tag", 3, 7),
        Air("datasets/air-hourly.yaml", "key: [station, hour]", "key: !!set [station, hour]", "yaml-tag", 10, 6),
        Air("pack.yaml", "version: 1.0.0", "version: 1.0.0\n[a, b]: c", "yaml-key", 3, 1),
        Air("pack.yaml", "version: 1.0.0", "version: 1.0.0\nversion: 1.0.0", "duplicate-key", 3, 1),
        Air("datasets/air-hourly.yaml", "  no2:     {", "  so2:     {", "duplicate-key", 17, 3),
        Air("pack.yaml", "lead: 省生态环境厅", "lead: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "yaml-too-deep", 7, 47),

        // files that are not there, or should not be
        Air("notes.yaml", "", "a: 1\n", "unknown-file-kind", 1, 1),
        Air("dataset/air.yaml", "", "dataset: air\n", "unknown-file-kind", 1, 1),
        Air("pack.yaml", "", null, "no-pack-file", 1, 1),
    ];
}
