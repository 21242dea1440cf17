using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>One Guantong harvests the catalogue of another over HTTP, again and again: nothing is doubled, what changed is brought up to date, what was withdrawn is marked.</summary>
public sealed class HarvestAnotherTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    private static readonly object Outlets = new { name = "入河排污口台账", nameEn = "Outlets into rivers", about = "一行是一个排污口。", provider = "省生态环境厅", share = "conditional", shareCondition = "生态环境执法", open = "unconditional", grade = 1, category = "environment", cycle = "quarterly", keywords = new[] { "排污口", "水" }, formats = new[] { "csv" }, licence = "CC-BY-4.0", items = new[] { new { id = "code", name = "编码", nameEn = "Code", type = "string", unit = "", isKey = true }, new { id = "flow", name = "流量", nameEn = "Flow", type = "number", unit = "m³/h", isKey = false } } };

    // Inner addresses are fetched from only where the operator lists them; no other test of this program fetches from one.
    static HarvestAnotherTests() => Environment.SetEnvironmentVariable("GUANTONG_HARVEST_ALLOW", "127.0.0.1/32");

    [Theory, InlineData("sqlite", "ttl"), InlineData("postgres", "jsonld"), InlineData("sqlite", "rdf")]
    public async Task Another_s_catalogue_is_taken_over_whole_and_kept_up_with(string store, string form)
    {
        await using var province = await RunningPlatform.StartAsync(store);
        await using var city = await RunningPlatform.StartAsync(store, jurisdiction: "beijing");
        using var steward = await province.SignInAsync("steward-ecology");
        using var bureau = await city.SignInAsync("data-bureau");
        var outlets = await AddAsync(steward, Outlets);
        var rain = await AddAsync(steward, new { name = "雨量", about = "一行是一个雨量站一小时的雨量。", provider = "省生态环境厅", share = "unconditional", open = "unconditional", grade = 1 });
        await AddAsync(steward, new { name = "内部台账", about = "不开放。", provider = "省生态环境厅", share = "unconditional", open = "none", grade = 2 });

        Assert.Equal(HttpStatusCode.NoContent, (await bureau.PutAsJsonAsync("/api/v1/catalogue-sources/province", new { name = "省目录", kind = "dcat", address = $"{province.Address}/api/v1/catalogue.{form}", schedule = "0 3 * * *" }, Stop)).StatusCode);
        // The open ones: three of the pack, and two that were made by hand.
        Assert.Equal("5 0 0 0 0", await HarvestAsync(bureau));
        Assert.Equal("0 0 5 0 0", await HarvestAsync(bureau));
        var taken = await HarvestedAsync(bureau);
        Assert.Equal(5, taken.Count);
        Assert.All(taken.Values, k => Assert.Equal((1, "current"), (k.GetProperty("version").GetInt32(), k.Text("state"))));
        // It says what it says there; its id and code are of here, and where it is had is there.
        var there = (await steward.GetFromJsonAsync<JsonObject>($"/api/v1/catalogue/{outlets}", Stop))!["entry"]!.AsObject();
        var here = JsonNode.Parse(taken["入河排污口台账"].GetProperty("entry").GetRawText())!.AsObject();
        foreach (var own in (string[])["id", "code", "page", "downloads"])
            Assert.True(there.Remove(own) && here.Remove(own));
        Assert.Equal(there.ToJsonString(), here.ToJsonString());

        // There, one changes, one is withdrawn, and one is new.
        var changed = await steward.PutAsJsonAsync($"/api/v1/catalogue/{outlets}", new { entry = With(Outlets, "name", "入海入河排污口台账"), version = 1 }, Stop);
        Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.NoContent, (await steward.DeleteAsync($"/api/v1/catalogue/{rain}", Stop)).StatusCode);
        await AddAsync(steward, new { name = "水温", about = "一行是一个测站一天的水温。", provider = "省生态环境厅", share = "unconditional", open = "unconditional", grade = 1 });
        Assert.Equal("1 1 3 1 0", await HarvestAsync(bureau));
        Assert.Equal("0 0 5 0 0", await HarvestAsync(bureau));
        taken = await HarvestedAsync(bureau);
        Assert.Equal(("vanished", "current", "current"), (taken["雨量"].Text("state"), taken["入海入河排污口台账"].Text("state"), taken["水温"].Text("state")));
        var versions = await bureau.GetFromJsonAsync<JsonElement>($"/api/v1/catalogue/{taken["入海入河排污口台账"].GetProperty("entry").Text("id")}/versions", Stop);
        Assert.Equal(["name: 入河排污口台账 → 入海入河排污口台账"], versions[0].GetProperty("changes").EnumerateArray().Select(c => $"{c.Text("path")}: {c.Text("was")} → {c.Text("becomes")}"));
        // Whoever is no official finds what is open and there, and nothing that is gone.
        using var anyone = city.Anonymous();
        Assert.Equal(8, (await anyone.GetFromJsonAsync<JsonElement>("/api/v1/catalogue", Stop)).GetProperty("total").GetInt32());

        // What was withdrawn there comes back, and is the same entry here.
        (await steward.PutAsJsonAsync($"/api/v1/catalogue/{rain}", new { entry = new { name = "雨量", about = "一行是一个雨量站一小时的雨量。", provider = "省生态环境厅", share = "unconditional", open = "unconditional", grade = 1 }, version = 2 }, Stop)).EnsureSuccessStatusCode();
        Assert.Equal("0 1 5 0 0", await HarvestAsync(bureau));
        Assert.Equal(("current", 3), ((await HarvestedAsync(bureau))["雨量"].Text("state"), (await HarvestedAsync(bureau))["雨量"].GetProperty("version").GetInt32()));
        Assert.Null((await city.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
    }

    [Fact]
    public async Task Two_that_harvest_each_other_do_not_grow_without_end()
    {
        await using var province = await RunningPlatform.StartAsync("sqlite");
        await using var city = await RunningPlatform.StartAsync("sqlite", jurisdiction: "beijing");
        using var one = await province.SignInAsync("data-bureau");
        using var other = await city.SignInAsync("data-bureau");
        foreach (var (http, at) in ((HttpClient, string)[])[(one, city.Address), (other, province.Address)])
            (await http.PutAsJsonAsync("/api/v1/catalogue-sources/province", new { name = "邻居", kind = "dcat", address = $"{at}/api/v1/catalogue.ttl", schedule = "0 3 * * *" }, Stop)).EnsureSuccessStatusCode();
        foreach (var counts in (string[])["3 0 0 0 0", "0 0 3 0 0", "0 0 3 0 0"])
            Assert.Equal((counts, counts), (await HarvestAsync(one), await HarvestAsync(other)));
    }

    private static async Task<string> AddAsync(HttpClient http, object entry)
    {
        var added = await http.PostAsJsonAsync("/api/v1/catalogue", entry, Stop);
        var said = await added.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.True(added.StatusCode == HttpStatusCode.Created, said.ToString());
        return said.GetProperty("entry").Text("id")!;
    }

    private static JsonObject With(object entry, string field, string text)
    {
        var with = JsonSerializer.SerializeToNode(entry)!.AsObject();
        with[field] = text;
        return with;
    }

    // Added, changed, same, vanished, rejected.
    private static async Task<string> HarvestAsync(HttpClient http)
    {
        var ran = await (await http.PostAsync("/api/v1/catalogue-sources/province/run", null, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.True(ran.Text("outcome") == "ok", ran.ToString());
        var counts = JsonDocument.Parse(ran.Text("detail")!).RootElement;
        return string.Join(' ', ((string[])["added", "changed", "same", "vanished", "rejected"]).Select(c => counts.GetProperty(c).GetInt32()));
    }

    private static async Task<Dictionary<string, JsonElement>> HarvestedAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>("/api/v1/catalogue?origin=harvest&take=100", Stop)).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("kept")).ToDictionary(k => k.GetProperty("entry").Text("name")!, k => k.Clone());
}
