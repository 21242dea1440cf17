using System.Net;
using System.Text.Json;
using System.Net.Http.Json;

namespace Guantong.Tests;

/// <summary>Of a dataset that is not open, officials see the rows of their own region, and of what is not shared those of their own line alone.</summary>
public sealed class RegionRowTests
{
    private const string Pack = "environment.air-quality";

    private static string Outlets(string share) => $$"""
        dataset: outlet
        name: 排放口
        source: 省生态环境厅
        share: {{share}}
        basis: 演示依据
        open: none
        grade: 2
        region: region
        key: [code]
        fields:
          code:   {type: string, name: 编号}
          region: {type: string, name: 区划}
          load:   {type: number, name: 排放量, unit: t, range: [0, 100]}
        feed:
          from: csv
          columns: {code: code, region: region, load: load}
        """;

    private const string Samples = """
        dataset: outlet-sample
        name: 排放口采样
        source: 省生态环境厅
        share: conditional
        open: none
        grade: 2
        region: outlet.region
        key: [number]
        fields:
          number: {type: string, name: 编号}
          outlet: {type: string, name: 排放口, refers: outlet.code}
        feed:
          from: csv
          columns: {number: number, outlet: outlet}
        """;

    private static async Task<PlayedProcess> PlayAsync(string store, string share)
    {
        var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"/><userTask id="inspect" name="核查"/><endEvent id="end" name="已答复"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="end"/>
            """, "", "", ("datasets/outlet.yaml", Outlets(share)), ("datasets/outlet-sample.yaml", Samples));
        await LoadAsync(played, "outlet", "code,region,load\nh1,330106,1\nh2,330100,2\nz1,330502,3\np1,330000,4\nn1,,5\nbad,330502,900\n");
        await LoadAsync(played, "outlet-sample", "number,outlet\n1,h1\n2,z1\n3,z1\n4,unknown\n");
        return played;
    }

    private static async Task LoadAsync(PlayedProcess played, string dataset, string rows)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-rows-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, dataset + ".csv"), rows);
        await played.Platform.LoadAsync(dataset, Path.Combine(folder, dataset + ".csv"));
        Directory.Delete(folder, true);
    }

    [Theory]
    [InlineData("sqlite", "conditional")]
    [InlineData("postgres", "none")]
    public async Task What_is_not_shared_is_for_its_own_line_in_its_own_region(string store, string share)
    {
        await using var played = await PlayAsync(store, share);
        foreach (var (login, outlets, samples) in ((string, string, string)[])
        [
            ("worker-hangzhou", "h1 h2", "1"), ("worker-huzhou", "z1", "2 3"), ("worker-ecology", "h1 h2 n1 p1 z1", "1 2 3 4"),
            ("worker-huzhou-traffic", "", ""), ("leader", "", ""), ("auditor", "", ""), ("steward", "h1 h2 n1 p1 z1", "1 2 3 4"),
        ])
        {
            using var official = await played.Platform.SignInAsync(login);
            Assert.Equal((login, outlets, samples), (login, await SeenAsync(official, "outlet"), await SeenAsync(official, "outlet-sample")));
        }
    }

    [Fact]
    public async Task What_is_shared_is_for_every_line_in_its_own_region_in_every_form()
    {
        await using var played = await PlayAsync("sqlite", "unconditional");
        using var official = await played.Platform.SignInAsync("worker-huzhou-traffic");
        Assert.Equal("z1", await SeenAsync(official, "outlet"));
        foreach (var path in (string[])[$"/api/v1/datasets/{Pack}/outlet/rows.csv", $"/api/v1/datasets/{Pack}/outlet/rows.json", $"/desk/data/{Pack}/outlet", $"/data/{Pack}/outlet"])
        {
            var text = await official.GetStringAsync(path);
            Assert.Contains("z1", text, StringComparison.Ordinal);
            foreach (var other in (string[])["h1", "330106", "n1"])
                Assert.DoesNotContain($">{other}<", text.Replace(",", "><", StringComparison.Ordinal).Replace("\"", "><", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        // Nothing that is asked for reaches past it, and nothing that was rejected tells of it.
        foreach (var asked in (string[])["region=330106", "code=h1", "sort=region&descending=true&skip=1", "code=h1%27%20OR%201=1%20--"])
            Assert.Equal(0, (await official.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/outlet/rows?{asked}")).GetProperty("rows").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await official.GetAsync($"/api/v1/datasets/{Pack}/outlet/rejects")).StatusCode);
        using var steward = await played.Platform.SignInAsync("steward");
        Assert.Equal(1, (await steward.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/outlet/rejects")).GetProperty("total").GetInt32());

        // A town's official sees the town's own rows, a county's all of its towns'.
        await LoadAsync(played, "outlet", "code,region,load\nt1,331102100,1\nt2,331102001,2\nt3,331102,3\n");
        foreach (var (login, outlets) in ((string, string)[])[("worker-bihu", "t1"), ("worker-liandu", "t1 t2 t3"), ("worker-beishan", ""), ("worker-huzhou-traffic", "z1")])
        {
            using var one = await played.Platform.SignInAsync(login);
            Assert.Equal((login, outlets), (login, await SeenAsync(one, "outlet")));
        }
        // What a region may take back is cut by the region asked for, a town's too.
        var changes = await steward.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/outlet/changes?for=331102100");
        Assert.Equal("t1", Assert.Single(changes.GetProperty("rows").EnumerateArray()).GetProperty("code").GetString());
    }

    private static async Task<string> SeenAsync(HttpClient reader, string dataset)
    {
        var page = await reader.GetFromJsonAsync<JsonElement>($"/api/v1/datasets/{Pack}/{dataset}/rows");
        var rows = page.GetProperty("rows").EnumerateArray().Select(r => r[0].GetString()!).ToList();
        Assert.Equal(rows.Count, page.GetProperty("total").GetInt32());
        return string.Join(' ', rows.Order(StringComparer.Ordinal));
    }
}
