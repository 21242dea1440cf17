using System.Net.Http.Json;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A small pack of water levels: gauges stand in regions, an indicator is their mean by day.</summary>
internal static class GaugePack
{
    private const string Shared = "share: unconditional\nopen: unconditional\ngrade: 1";

    public const string Id = "environment.water-level";

    /// <summary>Brings it into force with a feed of the test's own.</summary>
    public static async Task<(Pack Pack, Dataset Levels)> ApplyAsync(RunningPlatform platform, string feed, string quality = "- {rule: complete, of: [level], at-least: 90%}", string shared = Shared)
    {
        await platform.ApplyAsync(new PackFiles("water-level", Files(feed, quality, shared)));
        var pack = platform.Services.GetRequiredService<PackRegistry>().Find(Id)!;
        return (pack, pack.Dataset("level")!);
    }

    /// <summary>The same over the API.</summary>
    public static async Task ApplyAsync(HttpClient http, string feed)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/packs/apply", new { root = "water-level", texts = Files(feed, "- {rule: complete, of: [level], at-least: 90%}", Shared), confirm = true });
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True(said.Contains("\"applied\"", StringComparison.Ordinal), said);
    }

    /// <summary>Its files.</summary>
    public static Dictionary<string, string> Files(string feed, string quality = "- {rule: complete, of: [level], at-least: 90%}", string shared = Shared) => new()
    {
        ["pack.yaml"] = $$"""
            pack: {{Id}}
            version: 1.0.0
            name: 水位监测
            application: digital-government
            lead: 省水利厅
            goals:
              - {goal: low-water, name: 平均水位, indicator: mean-level}
            """,
        ["datasets/level.yaml"] = $$"""
            dataset: level
            name: 水位
            about: 一行是一个测站一个时刻的水位。
            source: 省水利厅
            {{shared}}
            retention: P10Y
            key: [gauge, at]
            fields:
              gauge:  {type: string, name: 测站}
              at:     {type: timestamp, name: 时间}
              region: {type: string, name: 行政区划, required: true}
              level:  {type: number, name: 水位, unit: m, range: [-10, 100]}
              note:   {type: string, name: 备注}
            quality:
            {{Indented(quality)}}
            feed:
            {{Indented(feed)}}
            """,
        ["indicators.yaml"] = """
            - indicator: mean-level
              name: 平均水位
              about: 各测站水位的平均。
              unit: m
              by: {region: region, period: [day], at: at}
              needs: [level]
              value: "avg(level)"
              better: lower
            """,
    };

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(l => "  " + l.TrimEnd('\r')));
}
