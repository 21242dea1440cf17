using System.Globalization;

namespace Guantong.Tests;

/// <summary>Made-up people who are given aid, and two datasets that are opened by steps: their rows made anonymous, and how many they are.</summary>
internal static class ResidentPack
{
    /// <summary>What both datasets have in common.</summary>
    public const string Fields = """
        share: none
        basis: 个人信息保护法第六条
        grade: 3
        purpose: 演示
        retention: P30Y
        key: [id]
        fields:
          id:     {type: string, name: 证件号, personal: identity}
          region: {type: string, name: 区划}
          birth:  {type: string, name: 出生日期, personal: other}
          aid:    {type: string, name: 补助, personal: health, one-of: [低保, 临时, 医疗]}
        feed:
          from: csv
          columns: {id: id, region: region, birth: birth, aid: aid}
        """;

    /// <summary>A platform whose air-quality pack has the two.</summary>
    public static Task<PlayedProcess> PlayAsync(string store, string rows, string counts) => PlayedProcess.StartAsync(store, """
        <startEvent id="start"/><userTask id="inspect" name="核查"/><endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="end"/>
        """, "", "", ("datasets/resident.yaml", rows), ("datasets/resident-cell.yaml", counts));

    /// <summary>Rows of people: numbers that nobody bears.</summary>
    public static string People(int from, int count, int year = 1960) => string.Concat(Enumerable.Range(from, count).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"SYN-{i:000000},{(i % 3 == 0 ? "330106" : "330502")},{year + (i % 40)}-05-{(i % 28) + 1:00},{(i % 5 < 2 ? "低保" : i % 5 < 4 ? "临时" : "医疗")}\n")));

    /// <summary>Loads rows of people.</summary>
    public static async Task LoadAsync(RunningPlatform platform, string dataset, string rows) => Assert.Equal(0, (await platform.LoadLinesAsync(PlayedProcess.Pack, dataset, "id,region,birth,aid", rows)).RowsRejected);
}
