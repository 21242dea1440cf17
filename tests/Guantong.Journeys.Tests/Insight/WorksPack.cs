using Guantong.Packs;

namespace Guantong.Tests;

/// <summary>A small pack of works that report what they make, and of outlays that cities fill in by hand; its indicators have dimensions, a composite index and targets of regions.</summary>
internal static class WorksPack
{
    public const string Id = "environment.works";

    /// <summary>Brings it into force.</summary>
    public static Task ApplyAsync(RunningPlatform platform, string final = "P30D") => platform.ApplyAsync(new PackFiles("works", Files(final)));

    /// <summary>Rows of what works made.</summary>
    public static Task ReportAsync(RunningPlatform platform, params IEnumerable<string> rows) => platform.LoadLinesAsync(Id, "report", rows.Prepend("work,region,day,kind,made,clean"));

    public static Dictionary<string, string> Files(string final = "P30D") => new()
    {
        ["pack.yaml"] = $$$"""
            pack: {{{Id}}}
            version: 1.0.0
            name: 企业减排
            about: 试验用的合成场景：工厂报产量，各市填报治理投入。
            application: digital-government
            lead: 省生态环境厅
            goals:
              - goal: output
                name: 清洁产量
                indicator: output
                target: {2025: ">= 30"}
                parts: sum
                regions: {330100: {2025: ">= 20"}, 330500: {2025: ">= 10"}}
            """,
        ["screen.yaml"] = """
            screen: works
            name: 企业减排
            cards:
              - {indicator: output, as: light, period: month}
              - {indicator: output, as: trend, period: month, by: kind}
              - {indicator: output, as: pie, period: year, by: kind}
              - {indicator: output, as: bar, period: year, by: kind, compare: last-year}
              - {indicator: output, as: rank, period: year, by: kind}
              - {indicator: output, as: table, period: year}
              - {indicator: output, as: heat, period: month, by: kind}
            """,
        ["texts/en.yaml"] = "清洁产量: Clean output\n产量: Output\n企业减排: Works\n吨: t\n种类: Kind\n",
        ["codes/kind.yaml"] = "codes: kind\nname: 燃料\nvalues: {coal: 煤, gas: 气, oil: 油, wood: 柴, peat: 泥炭, sun: 光, wind: 风, water: 水, tide: 潮汐}\n",
        ["datasets/report.yaml"] = """
            dataset: report
            name: 产量报告
            about: 一行是一家工厂一天一种燃料的产量。
            source: 省生态环境厅
            share: unconditional
            open: unconditional
            grade: 1
            key: [work, day, kind]
            fields:
              work: {type: string, name: 工厂}
              region: {type: string, name: 行政区划, required: true}
              day: {type: date, name: 日期}
              kind: {type: string, name: 种类, codes: kind}
              made: {type: number, name: 产量, unit: 吨}
              clean: {type: boolean, name: 清洁}
            quality:
              - {rule: complete, of: [made], at-least: 95%}
            feed: {from: csv, columns: {work: work, region: region, day: day, kind: kind, made: made, clean: clean}}
            """,
        ["datasets/outlay.yaml"] = """
            dataset: outlay
            name: 治理投入
            about: 各市每月的治理投入，没有系统可取，由各市填报。
            source: 省生态环境厅
            share: unconditional
            open: unconditional
            grade: 1
            key: [region, month]
            fields:
              region: {type: string, name: 行政区划}
              month: {type: date, name: 月份}
              spent: {type: number, name: 投入, unit: 万元, range: [0, 100000], required: true}
              works: {type: integer, name: 项目数}
            feed: {from: form, columns: {region: region, month: month, spent: spent, works: works}}
            returns: {every: month, by: city, region: region, at: month, due: P10D}
            """,
        ["indicators.yaml"] = $$"""
            - indicator: output
              name: 产量
              about: 所有工厂的产量之和。
              unit: 吨
              by: {region: region, period: [day, month, year-to-date, year], at: day, dimensions: [kind]}
              needs: [report]
              value: "sum(made)"
              better: higher
              final: {{final}}
            - indicator: clean-share
              name: 清洁占比
              about: 清洁产量占产量的百分比。
              unit: "%"
              by: {region: region, period: [month, year], at: day}
              needs: [report]
              value: "100.0 * sum(made) filter (where clean) / nullif(sum(made), 0)"
              better: higher
            - indicator: outlay
              name: 治理投入
              about: 各市填报的治理投入之和。
              unit: 万元
              by: {region: region, period: [month, year], at: month}
              needs: [outlay]
              value: "sum(spent)"
              better: higher
            - indicator: index
              name: 减排指数
              about: 清洁占比和治理投入合成的指数。
              unit: 分
              by: {period: [month]}
              better: higher
              composite:
                normalise: bounds
                of:
                  - {indicator: clean-share, weight: 60, floor: 0, ceiling: 100}
                  - {indicator: outlay, weight: 40, floor: 0, ceiling: 200}
            """,
    };
}
