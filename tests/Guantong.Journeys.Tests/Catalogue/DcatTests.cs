using System.Net;
using System.Net.Http.Json;

namespace Guantong.Tests;

/// <summary>The catalogue as DCAT-AP 3: valid by the published shapes, and the same in its three forms, by validators and parsers of others (npm), see rdf/check.mjs.</summary>
public sealed class DcatTests
{
    private static readonly Lazy<Task<string?>> Script = new(() => NodeScript.InstallAsync(Path.Combine(Repository.Root, "tests", "Guantong.Journeys.Tests", "Catalogue", "rdf")));

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_export_validates_with_no_violation_and_says_the_same_in_three_forms(string store)
    {
        var material = Repository.NeedMaterial("dcat-ap");
        var script = await Script.Value;
        Assert.SkipWhen(script is null, "npm or its registry is not to be reached: the export was NOT validated.");
        await using var platform = await RunningPlatform.StartAsync(store);
        await platform.ApplyAsync("reform.map");
        await platform.ApplyAsync("society.assistance");
        using var bureau = await platform.SignInAsync("data-bureau");
        // Whatever a text or an address may hold has to pass through three syntaxes.
        var added = await bureau.PostAsJsonAsync("/api/v1/catalogue", new
        {
            name = "引号\" 反斜杠\\ <标签> & ]]> 😀", nameEn = "Quotes \"and\" 'such'", about = "两行\n和制表\t符", provider = "外省某单位", providerCode = "别处/1 2", share = "none", basis = "某法第一条", open = "conditional", openCondition = "申请", grade = 3,
            category = "health", cycle = "quarterly", keywords = (string[])["a\"b", "c;d"], formats = (string[])["xlsx", "古格式"], licence = "https://example.org/licence?a=1&b=2", page = "https://example.org/查看?q=水 位", downloads = (string[])["https://example.org/f.xlsx", "https://example.org/a b\"c"],
            items = (object[])[new { id = "f 1/#", name = "字段", nameEn = "", type = "string", isPersonal = true }],
        });
        Assert.True(added.StatusCode == HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
        using var anyone = await platform.SignInAsync(null);
        foreach (var (who, datasets) in ((HttpClient, int)[])[(bureau, 10), (anyone, 6)])
        {
            var files = new List<string>();
            foreach (var form in (string[])["ttl", "jsonld", "rdf"])
            {
                files.Add(Path.Combine(platform.Folder, "catalogue." + form));
                await File.WriteAllTextAsync(files[^1], await who.GetStringAsync("/api/v1/catalogue." + form));
            }
            Assert.Equal(datasets, (await File.ReadAllTextAsync(files[0])).Split("dcat:dataset").Length - 1);
            string[] shapes = [.. Directory.GetFiles(Path.Combine(material, "releases/3.0.0/html/shacl"), "*.ttl").Where(f => !f.EndsWith("imports.ttl", StringComparison.Ordinal)).Order(StringComparer.Ordinal), Path.Combine(material, "releases/3.0.0/shacl/dcat-ap-SHACL.ttl")];
            var (code, said) = await NodeScript.RunAsync("node", script!, ["check.mjs", .. files, .. shapes]);
            Assert.True(code == 0, said);
            TestContext.Current.TestOutputHelper?.WriteLine(said);
            var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith(' ')).ToList();
            Assert.Equal(2, lines.Count(l => l.StartsWith("same ", StringComparison.Ordinal)));
            Assert.Equal(shapes.Length, lines.Count(l => l.Contains(" violations=0 ", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task An_entry_alone_is_exported_to_whoever_may_see_it()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync("society.assistance");
        using var anyone = await platform.SignInAsync(null);
        var text = await anyone.GetStringAsync("/api/v1/catalogue/environment.air-quality:air-hourly.ttl");
        Assert.Contains("dct:title \"空气质量小时值\"@zh", text, StringComparison.Ordinal);
        Assert.Contains("/api/v1/datasets/environment.air-quality/air-hourly/rows.csv", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/api/v1/catalogue/society.assistance:handled.jsonld")).StatusCode);
        using var official = await platform.SignInAsync("worker-huzhou");
        Assert.Equal("application/ld+json", (await official.GetAsync("/api/v1/catalogue/society.assistance:handled.jsonld")).Content.Headers.ContentType!.MediaType);
    }
}
