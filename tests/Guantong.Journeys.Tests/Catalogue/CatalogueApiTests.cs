using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>The catalogue over HTTP: it follows the packs in force, officials see all of it and everybody the open part, and what is made by hand is its unit's to change.</summary>
public sealed class CatalogueApiTests
{
    private const string Hourly = "/api/v1/catalogue/environment.air-quality:air-hourly";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_pack_in_force_is_in_the_catalogue_and_a_new_version_of_it_makes_a_new_version_there(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var official = await platform.SignInAsync("worker-huzhou");
        var first = await official.GetFromJsonAsync<JsonElement>(Hourly);
        Assert.Equal(("空气质量小时值", "省生态环境厅", "hourly", "environment", 1), (Entry(first).Text("name"), Entry(first).Text("provider"), Entry(first).Text("cycle"), Entry(first).Text("category"), first.GetProperty("version").GetInt32()));
        Assert.Equal("污染物质量浓度（GB 3095-2012）", Entry(first).GetProperty("items")[2].Text("element"));
        await ChangeAsync(platform, texts =>
        {
            texts["pack.yaml"] = texts["pack.yaml"].Replace("version: 1.0.0", "version: 1.1.0", StringComparison.Ordinal);
            texts["datasets/air-hourly.yaml"] = texts["datasets/air-hourly.yaml"].Replace("share: unconditional", "share: conditional\ncondition: 经审核", StringComparison.Ordinal).Replace("name: 时间", "name: 监测时间", StringComparison.Ordinal);
        });
        var second = await official.GetFromJsonAsync<JsonElement>(Hourly);
        Assert.Equal((2, Entry(first).Text("code")), (second.GetProperty("version").GetInt32(), Entry(second).Text("code")));
        var versions = await official.GetFromJsonAsync<JsonElement>(Hourly + "/versions");
        Assert.Equal(["items.hour.name: 时间 → 监测时间", "items.hour.nameEn: Hour → ", "share: unconditional → conditional", "shareCondition:  → 经审核"],
            versions[0].GetProperty("changes").EnumerateArray().Select(c => $"{c.Text("path")}: {c.Text("was")} → {c.Text("becomes")}").Order(StringComparer.Ordinal));
        Assert.Equal(4, (await official.GetFromJsonAsync<JsonElement>(Hourly + "/changes?from=1&to=2")).GetArrayLength());
        // Nothing else of the pack changed, and nothing else has a new version.
        Assert.Equal(1, (await official.GetFromJsonAsync<JsonElement>("/api/v1/catalogue/environment.air-quality:station")).GetProperty("version").GetInt32());
        Assert.Equal(1, (await FindAsync(official, "q=监测时间")).GetProperty("total").GetInt32());
        // A dataset that goes is withdrawn: its history stays.
        await ChangeAsync(platform, texts =>
        {
            texts["pack.yaml"] = texts["pack.yaml"].Replace("version: 1.1.0", "version: 1.2.0", StringComparison.Ordinal);
            texts["datasets/more.yaml"] = "dataset: more\nname: 另一份\nsource: 省生态环境厅\nshare: unconditional\nopen: none\nkey: [id]\nfields: {id: {type: string, name: 编号}}\nfeed: {from: manual}\n";
        });
        Assert.Equal(1, (await FindAsync(official, "q=另一份")).GetProperty("total").GetInt32());
        await ChangeAsync(platform, texts => texts["pack.yaml"] = texts["pack.yaml"].Replace("version: 1.2.0", "version: 1.3.0", StringComparison.Ordinal), "datasets/more.yaml");
        Assert.Equal(0, (await FindAsync(official, "q=另一份")).GetProperty("total").GetInt32());
        Assert.Equal("withdrawn", (await official.GetFromJsonAsync<JsonElement>("/api/v1/catalogue/environment.air-quality:more")).Text("state"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Officials_see_every_entry_and_everybody_else_those_that_are_open(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        await platform.ApplyAsync("society.assistance");
        using var anyone = await platform.SignInAsync(null);
        using var citizen = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-huzhou");
        Assert.Equal((3, 3, 5), ((await FindAsync(anyone, "")).GetProperty("total").GetInt32(), (await FindAsync(citizen, "")).GetProperty("total").GetInt32(), (await FindAsync(official, "")).GetProperty("total").GetInt32()));
        foreach (var path in (string[])["", "/versions", ".ttl", "/changes?from=1&to=1"])
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), ((await citizen.GetAsync("/api/v1/catalogue/society.assistance:handled" + path)).StatusCode, (await official.GetAsync("/api/v1/catalogue/society.assistance:handled" + path)).StatusCode));
        Assert.Equal(0, (await FindAsync(anyone, "q=补助")).GetProperty("total").GetInt32());
        // Which official changed it is the office's affair.
        Assert.Equal("", (await anyone.GetFromJsonAsync<JsonElement>(Hourly + "/versions"))[0].Text("by"));
        Assert.Equal("operator", (await official.GetFromJsonAsync<JsonElement>(Hourly + "/versions"))[0].Text("by"));
        var found = await FindAsync(official, "q=补助&category=livelihood");
        Assert.Equal(["补助", "办理登记"], found.GetProperty("items")[0].GetProperty("name").EnumerateArray().Select(p => p.Text("text")!));
        foreach (var (query, code) in ((string, string)[])[("take=1000", "bad-page"), ("skip=-1", "bad-page"), ("skip=9990&take=20", "deep"), ("sort=luck", "sort"), ("colour=red", "facet")])
        {
            var wrong = await anyone.GetAsync("/api/v1/catalogue?" + query);
            Assert.Equal((HttpStatusCode.BadRequest, code), (wrong.StatusCode, (await wrong.Content.ReadFromJsonAsync<JsonElement>()).Text("code")));
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_steward_lists_their_own_unit_s_and_is_told_every_fault_by_field(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var steward = await platform.SignInAsync("steward-ecology");
        using var bureau = await platform.SignInAsync("data-bureau");
        using var worker = await platform.SignInAsync("worker-huzhou");
        var entry = new { name = "排污口台账", about = "一行是一个排污口。", provider = "省生态环境厅", share = "none", basis = "", open = "none", grade = 2 };
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PostAsJsonAsync("/api/v1/catalogue", entry)).StatusCode);
        var faulty = await steward.PostAsJsonAsync("/api/v1/catalogue", entry);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, faulty.StatusCode);
        Assert.Equal("basis", Assert.Single((await faulty.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject()).Name);
        var added = await (await steward.PostAsJsonAsync("/api/v1/catalogue", entry with { basis = "水污染防治法第二十三条" })).Content.ReadFromJsonAsync<JsonElement>();
        var (id, kept) = (Entry(added).Text("id"), Entry(added));
        Assert.Equal(HttpStatusCode.Forbidden, (await steward.PostAsJsonAsync("/api/v1/catalogue", entry with { provider = "省气象局", basis = "x" })).StatusCode);
        var changed = await bureau.PutAsJsonAsync($"/api/v1/catalogue/{id}", new { entry = entry with { name = "入河排污口台账", basis = "水法" }, version = 1 });
        Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Conflict, (await steward.PutAsJsonAsync($"/api/v1/catalogue/{id}", new { entry = entry with { basis = "水法" }, version = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await bureau.PutAsJsonAsync(Hourly, new { entry = entry with { basis = "水法" }, version = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await bureau.PutAsJsonAsync("/api/v1/catalogue/none", new { entry = entry with { basis = "水法" }, version = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await steward.DeleteAsync($"/api/v1/catalogue/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await steward.DeleteAsync($"/api/v1/catalogue/{id}")).StatusCode);
        Assert.Equal(["withdrawn", "current", "current"], (await steward.GetFromJsonAsync<JsonElement>($"/api/v1/catalogue/{id}/versions")).EnumerateArray().Select(v => v.Text("state")!));
        Assert.Equal("入河排污口台账", (await steward.GetFromJsonAsync<JsonElement>($"/api/v1/catalogue/{id}")).GetProperty("entry").Text("name"));
        Assert.Null((await platform.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
        Assert.Equal("2", kept.GetProperty("grade").ToString());
    }

    private static JsonElement Entry(JsonElement kept) => kept.GetProperty("entry");

    private static Task<JsonElement> FindAsync(HttpClient http, string query) => http.GetFromJsonAsync<JsonElement>("/api/v1/catalogue?" + query);

    private static async Task ChangeAsync(RunningPlatform platform, Action<Dictionary<string, string>> change, string? gone = null)
    {
        var files = platform.Services.GetRequiredService<PackRegistry>().Find("environment.air-quality")!.Files;
        var texts = files.Texts.Where(t => t.Key != gone).ToDictionary();
        change(texts);
        await platform.ApplyAsync(files with { Texts = texts });
    }
}
