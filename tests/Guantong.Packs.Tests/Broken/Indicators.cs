using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>Indicators that lack something, composite indices that do not add up, and targets of regions that do not make the whole.</summary>
internal static class Indicators
{
    private const string Index = "- {indicator: air-index, name: 综合指数, unit: 分, by: {period: [year]}, better: higher, composite: {normalise: bounds, of: [{indicator: good-day-rate, weight: 60, floor: 0, ceiling: 100}, {indicator: pm25-mean, weight: 40, floor: 0, ceiling: 150}]}}\n\n- indicator: good-day-rate\n";

    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        Air("indicators.yaml", "  value: \"avg(pm25)\"\n", "", "indicator-incomplete", 10, 3),
        Air("indicators.yaml", "{region: station.region, period: [month, year], at: day}", "{period: [month, year], at: day}", "indicator-incomplete", 24, 3),
        Air("indicators.yaml", "{region: station.region, period: [month, year], at: day}", "{region: station.region, period: [month, year]}", "indicator-incomplete", 24, 3),
        Air("indicators.yaml", "{region: station.region, period: [month, year], at: day}", "{region: station.region, period: [month, year], at: day, dimensions: [stations]}", "unknown-field", 28, 77),
        Air("indicators.yaml", "{region: station.region, period: [month, year], at: day}", "{region: station.region, period: [month, year], at: day, dimensions: [station.town]}", "path-leads-nowhere", 28, 77),
        Permit("indicators.yaml", "- indicator: stalls-permitted\n", "- {indicator: asked, name: 申请数, unit: 件, by: {region: stall.region, period: [month], at: day, dimensions: [applicant]}, needs: [application], value: count(*), better: higher}\n- indicator: stalls-permitted\n", "dimension-personal", 1, 108),

        // composite indices
        Air("indicators.yaml", "- indicator: good-day-rate\n", Index.Replace("weight: 60", "weight: 50", StringComparison.Ordinal), "weights-not-whole", 1, 3),
        Air("indicators.yaml", "- indicator: good-day-rate\n", Index.Replace("{period: [year]}", "{region: station.region, period: [year]}", StringComparison.Ordinal), "composite-reads-rows", 1, 60),
        Air("indicators.yaml", "- indicator: good-day-rate\n", Index.Replace("weight: 40, floor: 0, ", "weight: 40, ", StringComparison.Ordinal), "bounds-missing", 1, 185),
        Air("indicators.yaml", "- indicator: good-day-rate\n", Index.Replace("floor: 0, ceiling: 150", "floor: 150, ceiling: 0", StringComparison.Ordinal), "bounds-upside-down", 1, 185),
        Air("indicators.yaml", "- indicator: good-day-rate\n", Index.Replace("period: [year]", "period: [day]", StringComparison.Ordinal).Replace("{indicator: pm25-mean", "{indicator: heavy-days", StringComparison.Ordinal), "part-without-period", 1, 184),
        Air("indicators.yaml", "- indicator: good-day-rate\n", Index.Replace("{indicator: pm25-mean", "{indicator: pm26-mean", StringComparison.Ordinal), "unknown-indicator", 1, 197),
        Air("indicators.yaml", "- indicator: good-day-rate\n", Index.Replace("{indicator: pm25-mean", "{indicator: air-index", StringComparison.Ordinal), "composite-circular", 1, 3),

        // manual returns
        Permit("datasets/stall-day.yaml", "key: [", "returns: {every: month, by: city, region: stall, at: day}\nkey: [", "returns-without-form", 8, 43),

        Permit("datasets/outlay.yaml", "", "dataset: outlay\nname: 投入\nsource: 省市场监管局\nshare: unconditional\nopen: unconditional\ngrade: 1\nkey: [region]\nfields: {region: {type: string}, month: {type: date}, spent: {type: number}}\nfeed: {from: form, columns: {region: region, month: month, spent: spent}}\nreturns: {every: month, by: city, region: region, at: month}\n", "returns-not-of-key", 10, 55),
        Permit("datasets/outlay.yaml", "", "dataset: outlay\nname: 投入\nsource: 省市场监管局\nshare: unconditional\nopen: unconditional\ngrade: 1\nkey: [region, month]\nfields: {region: {type: string}, month: {type: date}, spent: {type: number}}\nfeed: {from: form, columns: {region: region, month: month, spent: spent}}\nreturns: {every: month, by: city, region: region, at: month, review: 省市场监督局}\n", "unknown-unit", 10, 70),

        // targets of regions
        Air("pack.yaml", "2025: \">= 95\"}\n", "2025: \">= 95\"}\n    regions: {330100: {2025: \">= 94\"}, 330200: {2025: \">= 97\"}}\n", "parts-miss-whole", 14, 15),
        Air("pack.yaml", "2025: \">= 95\"}\n", "2025: \">= 95\"}\n    parts: mean\n    regions: {330100: {2025: \">= 94\"}, 330200: {2025: \">= 95\"}}\n", "parts-miss-whole", 15, 15),
        Air("pack.yaml", "2025: \">= 95\"}\n", "2025: \">= 95\"}\n    parts: sum\n    regions: {330100: {2025: \">= 40\"}, 330200: {2025: \">= 50\"}}\n", "parts-miss-whole", 15, 15),
        Air("pack.yaml", "2025: \">= 95\"}\n", "2025: \">= 95\"}\n    regions: {330100: {2025: \"<= 99\"}}\n", "part-other-way", 14, 15),
    ];
}
