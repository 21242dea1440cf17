using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>Cards of a cockpit that lack what they need, say what they have no use for, or show what there is not.</summary>
internal static class Screens
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Air("screen.yaml", "indicator: pm25-mean, as: map", "as: map", "card-incomplete", 4, 5),
        Air("screen.yaml", "as: map, period: day}", "as: map, period: day}\n  - {as: text}", "card-incomplete", 5, 5),
        Air("screen.yaml", "as: map, period: day}", "as: map, period: day}\n  - {as: list}", "card-incomplete", 5, 5),
        Air("screen.yaml", "as: map, period: day}", "as: map, period: day}\n  - {as: process}", "card-incomplete", 5, 5),
        Air("screen.yaml", "as: map, period: day", "as: map, period: day, of: cases", "card-odd", 4, 50),
        Air("screen.yaml", "as: map, period: day", "as: map, period: day, compare: last-year", "card-odd", 4, 50),
        Air("screen.yaml", "as: map, period: day}", "as: map, period: day}\n  - {as: v, text: 说明}", "card-odd", 5, 13),
        Air("screen.yaml", "as: map, period: day}", "as: map, period: day}\n  - {as: list, of: dreams}", "not-one-of", 5, 20),
        Air("screen.yaml", "as: map, period: day", "as: map, period: day, span: 30", "card-size", 4, 50),
        Air("screen.yaml", "as: map, period: day", "as: map, period: day, span: 2", "card-size", 4, 50),
        Air("screen.yaml", "as: map, period: day", "as: map, period: day, rows: 0", "card-size", 4, 50),
        Air("screen.yaml", "as: map, period: day", "as: map, period: day, rows: many", "wrong-type", 4, 56),
        Air("screen.yaml", "as: light, period: month", "as: light, period: day", "card-period", 7, 40),
        Air("screen.yaml", "period: year", "basis: ytd", "card-period", 6, 43),
        Air("screen.yaml", "{indicator: pm25-mean, as: trend", "{card: map-pm25-mean, indicator: pm25-mean, as: trend", "duplicate-name", 5, 5),
        Air("screen.yaml", "as: map, period: day}", "as: map, period: day}\n  - {as: process, process: processes/episod.bpmn}", "unknown-file", 5, 28),
        Air("screen.yaml", "{indicator: pm25-mean, as: trend", "{indicators: [pm25-mean, good-days], as: trend", "unknown-indicator", 5, 30),
        Air("screen.yaml", "as: map, period: day", "as: map, period: day, by: station", "card-odd", 4, 50),
        Air("screen.yaml", "as: trend, period: day}", "as: trend, period: day, by: weather}", "card-dimension", 5, 56),
    ];
}
