using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Programs that were made for CKAN read the platform unchanged: two clients from npm (clients/calls.mjs), ckanapi where its source is among the material, and our own harvest of CKAN catalogues.</summary>
public sealed class CkanClientsTests
{
    private const string Hourly = "environment_air-quality__air-hourly", Station = "environment_air-quality__station", Daily = "environment_air-quality__air-daily";

    private static readonly Lazy<Task<string?>> Script = new(() => NodeScript.InstallAsync(Path.Combine(Repository.Root, "tests", "Guantong.Journeys.Tests", "Ckan", "clients")));

    // Inner addresses are fetched from only where the operator lists them.
    static CkanClientsTests() => Environment.SetEnvironmentVariable("GUANTONG_HARVEST_ALLOW", "127.0.0.1/32");

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Clients_from_npm_read_it_unchanged(string store)
    {
        var script = await Script.Value;
        Assert.SkipWhen(script is null, "npm or its registry is not to be reached: the clients were NOT tried.");
        await using var platform = await RunningPlatform.StartAsync(store, samples: true);
        var (code, said) = await NodeScript.RunAsync("node", script!, ["calls.mjs", platform.Address]);
        Assert.True(code == 0, said);
        Assert.Equal(
        [
            $"""ckan dataset_list	["{Daily}","{Hourly}","{Station}"]""", $"""ckan dataset_show	["{Daily}",2]""", """ckan datastoreQuery	[2,["integer","string","date"],true]""", """ckan datastoreSqlQuery	[true,"integer"]""", "ckan datastoreResources\ttrue", "ckan dataset_create\ttrue",
            $"""portal getDatasetsList	["{Daily}","{Hourly}","{Station}"]""", "portal getDatasetsListWithDetails\t2", $"""portal packageSearch	[1,"{Daily}"]""", $"""portal getDatasetDetails	["{Daily}","省生态环境厅",true]""", """portal getGroupList	["environment"]""", """portal getGroupsWithDetails	[["environment",3]]""", "portal getGroupDetails\t3",
            "portal getOrgsWithDetails\ttrue", "portal getOrgDetails\t3", "portal getAllTags\ttrue", "portal getResourcesWithAliasList\ttrue", $"portal datastoreSearch\t{Number(said, "portal datastoreSearch")}", "portal getResourceMetadata\t\"CSV\"", """portal getResourceInfo	["station","day"]""", """portal getFacetFields	["CSV","JSON"]""",
        ], said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.StartsWith("ckan ", StringComparison.Ordinal) || l.StartsWith("portal ", StringComparison.Ordinal)));
        Assert.InRange(Number(said, "portal datastoreSearch"), 100, 32000);
    }

    [Fact]
    public async Task Ckanapi_reads_it_unchanged()
    {
        var ckanapi = Repository.NeedMaterial("ckanapi");
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        var script = $$"""
            import ckanapi
            site = ckanapi.RemoteCKAN({{JsonSerializer.Serialize(platform.Address)}})
            names = site.action.package_list()
            shown = site.call_action('package_show', {'id': names[2]})
            rows = site.action.datastore_search(resource_id=shown['resources'][0]['id'], limit=2, filters={'_id': [1, 2]})
            print(names[2], shown['organization']['title'], len(rows['records']), site.action.package_search(q='title:站点', rows=1)['count'])
            for call, args, wanted in [('package_show', {'id': 'none'}, ckanapi.NotFound), ('package_create', {'name': 'x'}, ckanapi.NotAuthorized), ('datastore_search', {'resource_id': 'station', 'limit': 'x'}, ckanapi.ValidationError), ('package_search', {'q': 'a:('}, ckanapi.SearchQueryError)]:
                try:
                    site.call_action(call, args)
                    print('not refused', call)
                except wanted:
                    pass
            """;
        var file = Path.Combine(platform.Folder, "calls.py");
        await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
        var (code, said) = await NodeScript.RunAsync("env", platform.Folder, [$"PYTHONPATH={ckanapi}", "PYTHONIOENCODING=utf-8", "python3", file]);
        Assert.True(code == 0, said);
        Assert.Equal($"{Station} 省生态环境厅 2 1", said.Trim());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Another_Guantong_harvests_it_as_a_ckan(string store)
    {
        await using var province = await RunningPlatform.StartAsync(store);
        await using var city = await RunningPlatform.StartAsync(store, jurisdiction: "beijing");
        using var bureau = await city.SignInAsync("data-bureau");
        (await bureau.PutAsJsonAsync("/api/v1/catalogue-sources/province", new { name = "省目录", kind = "ckan", address = province.Address, schedule = "0 3 * * *" }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        foreach (var (added, same) in ((int, int)[])[(3, 0), (0, 3)])
        {
            var ran = await (await bureau.PostAsync("/api/v1/catalogue-sources/province/run", null, TestContext.Current.CancellationToken)).Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            Assert.True(ran.Text("outcome") == "ok", ran.ToString());
            var counts = JsonDocument.Parse(ran.Text("detail")!).RootElement;
            Assert.Equal((added, same, 0), (counts.GetProperty("added").GetInt32(), counts.GetProperty("same").GetInt32(), counts.GetProperty("rejected").GetInt32()));
        }
        var taken = (await bureau.GetFromJsonAsync<JsonElement>("/api/v1/catalogue?origin=harvest&q=空气质量小时值", TestContext.Current.CancellationToken)).GetProperty("items")[0].GetProperty("kept").GetProperty("entry");
        Assert.Equal(("空气质量小时值", "省生态环境厅", "hourly", $"{province.Address}/data/environment.air-quality/air-hourly"), (taken.Text("name"), taken.Text("provider"), taken.Text("cycle"), taken.Text("page")));
        Assert.Equal([$"{province.Address}/api/v1/datasets/environment.air-quality/air-hourly/rows.csv", $"{province.Address}/api/v1/datasets/environment.air-quality/air-hourly/rows.json"], taken.GetProperty("downloads").EnumerateArray().Select(d => d.GetString()!));
        // What the city has harvested it lists too, and whoever harvests the city takes it from its source.
        using var ckan = new CkanClient(city.Anonymous());
        Assert.Equal(6, (await ckan.GetAsync("package_list")).GetArrayLength());
        using var back = await province.SignInAsync("data-bureau");
        (await back.PutAsJsonAsync("/api/v1/catalogue-sources/city", new { name = "市目录", kind = "ckan", address = city.Address, schedule = "0 3 * * *" }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var other = await (await back.PostAsync("/api/v1/catalogue-sources/city/run", null, TestContext.Current.CancellationToken)).Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(3, JsonDocument.Parse(other.Text("detail")!).RootElement.GetProperty("added").GetInt32());
    }

    private static int Number(string said, string call) => said.Split('\n').FirstOrDefault(l => l.StartsWith(call + "\t", StringComparison.Ordinal)) is { } line ? int.Parse(line.Split('\t')[1], System.Globalization.CultureInfo.InvariantCulture) : -1;
}
