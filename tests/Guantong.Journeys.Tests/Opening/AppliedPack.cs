using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A small pack of data that is open on condition: allowances, whose rows are made anonymous and may be asked in the sandbox, and sites, which give their own rows.</summary>
internal static class AppliedPack
{
    public const string Id = "environment.applied";
    public const string Allowance = $"{Id}/allowance", Site = $"{Id}/site";

    /// <summary>A platform that has it and its rows; nothing runs in the background.</summary>
    public static async Task<RunningPlatform> StartAsync(string store, StandingClock? clock = null)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock ?? new StandingClock());
        await ApplyAsync(platform);
        await FillAsync(platform);
        return platform;
    }

    public static Task ApplyAsync(RunningPlatform platform, string grade = "3", string allowance = "open: conditional") => platform.ApplyAsync(new PackFiles("applied", Files(grade, allowance)));

    /// <summary>Loads made-up rows; publishes what is published of them.</summary>
    public static async Task FillAsync(RunningPlatform platform)
    {
        await LoadAsync(platform, "site", "id,region,level,day", "A,330102,1,2026-03-01", "B,330106,2,2026-03-01", "C,330502,3,2026-03-01");
        await LoadAsync(platform, "allowance", ["id,region,aid,amount,day", .. Enumerable.Range(0, 60).Select(i => $"SYN-{i:0000},{(i % 3 == 0 ? "330106" : "330502")},{(i % 2 == 0 ? "低保" : "医疗")},{(i % 7) * 100},2026-03-01")]);
        var (pack, dataset) = platform.Services.GetRequiredService<Openings>().Find(Id, "allowance")!.Value;
        Assert.Equal("published", (await platform.Services.GetRequiredService<Openings>().PublishAsync(Policy.Operator, pack, dataset)).Result);
    }

    private static async Task LoadAsync(RunningPlatform platform, string dataset, params string[] lines) => Assert.Equal(0, (await platform.LoadLinesAsync(Id, dataset, lines)).RowsRejected);

    private static Dictionary<string, string> Files(string grade, string allowance) => new()
    {
        ["pack.yaml"] = $$"""
            pack: {{Id}}
            version: 1.0.0
            name: 受限开放示例
            application: digital-government
            lead: 省生态环境厅
            goals:
              - {goal: low-water, name: 平均水位, indicator: mean-level}
            """,
        ["datasets/site.yaml"] = """
            dataset: site
            name: 监测点位
            about: 一行是一个点位。
            source: 省生态环境厅
            share: unconditional
            open: conditional
            open-condition: 说明用途，经省生态环境厅审核后开放
            grade: 2
            region: region
            retention: P10Y
            updated: P1D
            key: [id]
            fields:
              id:     {type: string, name: 编号}
              region: {type: string, name: 行政区划, required: true}
              level:  {type: number, name: 水位}
              day:    {type: date, name: 日期}
            feed:
              from: csv
              columns: {id: id, region: region, level: level, day: day}
            """,
        ["datasets/allowance.yaml"] = $$"""
            dataset: allowance
            name: 生态补助发放
            about: 一行是一位（虚构的）受助人。
            source: 省生态环境厅
            share: none
            basis: 个人信息保护法第六条
            {{allowance}}
            open-condition: 用于公共政策研究，不识别个人
            grade: {{grade}}
            purpose: 生态补助发放
            retention: P10Y
            key: [id]
            fields:
              id:     {type: string, name: 证件号, personal: identity}
              region: {type: string, name: 行政区划}
              aid:    {type: string, name: 补助类别, one-of: [低保, 医疗]}
              amount: {type: number, name: 金额, unit: 元}
              day:    {type: date, name: 发放日期}
            opening:
              fields:
                region: {region: [county, city]}
                aid:    keep
              quasi: [region]
              sensitive: [aid]
              k: 5
              term: P6M
              sandbox: true
            feed:
              from: csv
              columns: {id: id, region: region, aid: aid, amount: amount, day: day}
            """,
        ["indicators.yaml"] = """
            - indicator: mean-level
              name: 平均水位
              about: 各点位水位的平均。
              unit: m
              by: {region: region, period: [day], at: day}
              needs: [site]
              value: "avg(level)"
              better: lower
            """,
    };
}
