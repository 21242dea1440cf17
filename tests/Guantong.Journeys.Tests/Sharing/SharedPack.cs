using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A small pack of data to be shared: gauges for everybody, permits under conditions, holders who are (made-up) persons, and what is not shared at all.</summary>
internal static class SharedPack
{
    public const string Id = "environment.shared";
    public const string One = "330106199001011230", Other = "330502198505055670";

    public static async Task ApplyAsync(RunningPlatform platform, string updated = "P1D")
    {
        await platform.ApplyAsync(new PackFiles("shared", Files(updated)));
        await LoadAsync(platform, "gauge", "id,region,level,day", "A,330102,1,2026-03-01", "B,330106,2,2026-03-01", "C,330502,3,2026-03-01");
        await LoadAsync(platform, "holder", "id,name,phone,region,permits", $"{One},欧阳示例,13800000001,330106,2", $"{Other},李示例,13800000002,330502,1");
    }

    public static Task LoadAsync(RunningPlatform platform, string dataset, params string[] lines) => platform.LoadLinesAsync(Id, dataset, lines);

    private static Dictionary<string, string> Files(string updated) => new()
    {
        ["pack.yaml"] = $$"""
            pack: {{Id}}
            version: 1.0.0
            name: 共享示例
            application: digital-government
            lead: 省生态环境厅
            goals:
              - {goal: low-water, name: 平均水位, indicator: mean-level}
            """,
        ["datasets/gauge.yaml"] = $$"""
            dataset: gauge
            name: 测站
            about: 一行是一个测站。
            source: 省生态环境厅
            share: unconditional
            open: none
            grade: 2
            region: region
            retention: P10Y
            updated: {{updated}}
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
        ["datasets/holder.yaml"] = """
            dataset: holder
            name: 许可持有人
            about: 一行是一位持有人（虚构）。
            source: 省生态环境厅
            share: conditional
            condition: 办理事项或监管需要
            open: none
            grade: 3
            purpose: 许可办理
            region: region
            retention: P10Y
            key: [id]
            fields:
              id:      {type: string, name: 证件号, personal: identity}
              name:    {type: string, name: 姓名, personal: name}
              phone:   {type: string, name: 电话, personal: contact}
              region:  {type: string, name: 行政区划, required: true}
              permits: {type: number, name: 许可数}
            feed:
              from: csv
              columns: {id: id, name: name, phone: phone, region: region, permits: permits}
            """,
        ["datasets/secret.yaml"] = """
            dataset: secret
            name: 举报线索
            about: 一行是一条线索。
            source: 省生态环境厅
            share: none
            basis: 示例条例第一条
            open: none
            grade: 4
            retention: P10Y
            key: [id]
            fields:
              id: {type: string, name: 编号}
            feed: {from: manual}
            """,
        ["indicators.yaml"] = """
            - indicator: mean-level
              name: 平均水位
              about: 各测站水位的平均。
              unit: m
              by: {region: region, period: [day], at: day}
              needs: [gauge]
              value: "avg(level)"
              better: lower
            """,
    };
}
