using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>Warnings by nothing, signals without what their method needs, signals over persons.</summary>
internal static class Warns
{
    private const string Levels = "    levels: {blue: \"> 75\", yellow: \"> 115\", orange: \"> 150\", red: \"> 250\"}\n";

    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        // nothing that warns
        Air("indicators.yaml", Levels, "", "warn-nothing", 19, 5),
        Air("indicators.yaml", Levels, Levels + "    keep: 0\n", "warn-out-of-range", 22, 11),

        // signals
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: unusual, by: forecast, season: 1, levels: {blue: \"> 2\"}}\n", "warn-out-of-range", 23, 41),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: unusual, by: forecast, season: 7, smoothing: [0.5, 2, 0.1], levels: {blue: \"> 2\"}}\n", "warn-out-of-range", 23, 52),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: drift, by: cusum, h: 0, level: blue}\n", "warn-out-of-range", 23, 36),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: drift, by: cusum, k: -1, level: blue}\n", "warn-out-of-range", 23, 36),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: cluster, by: ears, least: -1, levels: {blue: \"> 3\"}}\n", "warn-out-of-range", 23, 37),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: shift, by: control, base: [2026-03-01, 2026-01-01], level: blue}\n", "warn-out-of-range", 23, 38),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: shift, by: control, base: [2026-02-30, 2026-03-01], level: blue}\n", "warn-out-of-range", 23, 38),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: jump, by: change, season: 7, levels: {blue: \"> 50\"}}\n", "signal-key-idle", 23, 36),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: shift, by: control, levels: {blue: \"> 50\"}}\n", "signal-key-idle", 23, 38),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: drift, by: cusum, nelson: [1], level: blue}\n", "signal-key-idle", 23, 36),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: jump, by: change}\n", "signal-lacks", 23, 9),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: shift, by: control}\n", "signal-lacks", 23, 9),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: unusual, by: forecast, levels: {blue: \"> 2\"}}\n", "signal-lacks", 23, 9),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: shift, by: control, chart: p, level: blue}\n", "signal-chart-unit", 23, 38),
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: jump, by: change, levels: {blue: \"> 50\"}}\n      - {signal: jump, by: change, to: last-year, levels: {blue: \"> 50\"}}\n", "duplicate-name", 24, 9),

        // several at once
        Air("indicators.yaml", Levels, Levels + "    signals:\n      - {signal: jump, by: change, levels: {blue: \"> 50\"}}\n    together:\n      - {trigger: several, of: [jump, leap], least: 2, within: P3D, area: city, level: red}\n", "unknown-signal", 25, 39),
        Air("indicators.yaml", Levels, Levels + "    together:\n      - {trigger: several, of: [levels], least: 0, within: P3D, area: city, level: red}\n", "warn-out-of-range", 23, 9),

        // whom it calls
        Air("indicators.yaml", Levels, Levels + "    call: {units: [省生态环境听]}\n", "unknown-unit", 22, 20),

        // rows that are persons
        Permit("indicators.yaml", "  better: higher\n", "  better: higher\n- indicator: applicants\n  name: 申请人数\n  unit: 个\n  by: {region: stall, period: [month], at: last}\n  needs: [applicant-last]\n  value: \"count(*)\"\n  better: lower\n  warn:\n    period: month\n    regions: [city]\n    signals:\n      - {signal: jump, by: change, levels: {blue: \"> 50\"}}\n", "signals-on-persons", 20, 9),
    ];
}
