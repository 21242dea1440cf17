using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>CKAN's action API over HTTP, field by field as CKAN's guide and its own tests have it.</summary>
public sealed class CkanApiTests
{
    private const string Hourly = "environment_air-quality__air-hourly", Station = "environment_air-quality__station", Daily = "environment_air-quality__air-daily";

    private static readonly string[] PackageFields =
    [
        "author", "author_email", "creator_user_id", "id", "isopen", "license_id", "license_title", "license_url", "maintainer", "maintainer_email", "metadata_created", "metadata_modified", "name", "notes", "num_resources", "num_tags", "organization", "owner_org",
        "private", "state", "title", "type", "url", "version", "extras", "groups", "resources", "tags", "relationships_as_subject", "relationships_as_object",
    ];

    private static readonly string[] ResourceFields =
    [
        "cache_last_updated", "cache_url", "created", "datastore_active", "description", "format", "hash", "id", "last_modified", "metadata_modified", "mimetype", "mimetype_inner", "name", "package_id", "position", "resource_type", "size", "state", "url", "url_type",
    ];

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Packages_are_listed_and_shown_with_every_field_of_ckan_s(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        await platform.ApplyAsync("society.assistance");
        using var ckan = new CkanClient(platform.Anonymous());
        Assert.Equal([Daily, Hourly, Station], Words(await ckan.GetAsync("package_list")));
        Assert.Equal([Hourly], Words(await ckan.GetAsync("package_list", "limit=1&offset=1")));
        var package = await ckan.GetAsync("package_show", "id=" + Hourly);
        Assert.Equal(PackageFields.Order(), package.EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal((Hourly, "空气质量小时值", "dataset", "active", "CC-BY-4.0", true, 2, 7), (package.Text("name"), package.Text("title"), package.Text("type"), package.Text("state"), package.Text("license_id"), package.GetProperty("isopen").GetBoolean(), package.GetProperty("num_resources").GetInt32(), package.GetProperty("num_tags").GetInt32()));
        Assert.Equal(package.GetProperty("organization").Text("id"), package.Text("owner_org"));
        Assert.Equal(("省生态环境厅", "organization", true), (package.GetProperty("organization").Text("title"), package.GetProperty("organization").Text("type"), package.GetProperty("organization").GetProperty("is_organization").GetBoolean()));
        Assert.Equal("environment", package.GetProperty("groups")[0].Text("name"));
        Assert.Contains("PM2.5", Names(package.GetProperty("tags")));
        Assert.Equal(("department", "unconditional", "1", "hourly"), (Extra(package, "class"), Extra(package, "share"), Extra(package, "grade"), Extra(package, "frequency")));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$", package.Text("metadata_modified"));
        var resources = package.GetProperty("resources");
        Assert.All(resources.EnumerateArray(), r => Assert.Equal(ResourceFields.Order(), r.EnumerateObject().Select(p => p.Name).Order()));
        Assert.Equal([("CSV", true, "text/csv"), ("JSON", false, "application/json")], resources.EnumerateArray().Select(r => (r.Text("format"), r.GetProperty("datastore_active").GetBoolean(), r.Text("mimetype"))));
        // By its id it is the same; ids are UUIDs, and its files are had where it says.
        Assert.Equal(package.GetRawText(), (await ckan.PostAsync("package_show", new { id = package.Text("id") })).GetRawText());
        Assert.All(resources.EnumerateArray(), r => Assert.Equal('5', Guid.Parse(r.Text("id")!).ToString()[14]));
        Assert.StartsWith("station,hour,pm25", await platform.Anonymous().GetStringAsync(resources[0].Text("url")), StringComparison.Ordinal);
        Assert.Equal(resources[1].GetRawText(), (await ckan.GetAsync("resource_show", "id=" + resources[1].Text("id"))).GetRawText());
        Assert.NotEqual("空气质量小时值", (await ckan.GetAsync("package_show", $"id={Hourly}&lang=en")).Text("title"));
        // What is not open is not there, also for an official.
        using var official = new CkanClient(await platform.SignInAsync("worker-huzhou"));
        Assert.Equal([Daily, Hourly, Station], Words(await official.GetAsync("package_list")));
        foreach (var who in (CkanClient[])[ckan, official])
        {
            var (status, error) = await who.RefusedAsync("package_show", new { id = "society_assistance__handled" });
            Assert.Equal((HttpStatusCode.NotFound, "Not Found Error", "Not found"), (status, error.Text("__type"), error.Text("message")));
        }
        Assert.Equal(3, (await ckan.GetAsync("current_package_list_with_resources")).GetArrayLength());
        Assert.Equal(2, (await ckan.GetAsync("current_package_list_with_resources", "limit=2")).GetArrayLength());
        // Two platforms give one dataset one id.
        await using var other = await RunningPlatform.StartAsync("sqlite");
        using var there = new CkanClient(other.Anonymous());
        Assert.Equal(package.Text("id"), (await there.GetAsync("package_show", "id=" + Hourly)).Text("id"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Package_search_reads_solr_s_conditions_and_counts_facets(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var steward = await platform.SignInAsync("steward-ecology");
        var added = await steward.PostAsJsonAsync("/api/v1/catalogue", new { name = "排污口台账", nameEn = "Outlets", about = "一行是一个排污口。", provider = "省生态环境厅", share = "unconditional", open = "unconditional", grade = 1, keywords = (string[])["水", "two words"], formats = (string[])["xlsx"], downloads = (string[])["https://example.org/outlets.xlsx"], licence = "CC0-1.0", category = "construction" });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        using var ckan = new CkanClient(platform.Anonymous());
        var all = await ckan.GetAsync("package_search");
        Assert.Equal(["count", "facets", "results", "sort", "search_facets"], all.EnumerateObject().Select(p => p.Name));
        Assert.Equal((4, "score desc, metadata_modified desc"), (all.GetProperty("count").GetInt32(), all.Text("sort")));
        foreach (var (query, count) in ((string, int)[])
        [
            ("q=*:*", 4), ("q=", 4), ("q=空气质量", 3), ("q=空气质量 小时", 2), ("q=\"空气质量小时\"", 1), ("q=nothing-of-the-kind", 0), ("q=title:空气质量", 3), ("q=title:站点 OR title:台账", 2), ("q=OUTLETS", 1), ("q=name:outl*", 0), ("q=name:environment_*", 3),
            ("fq=tags:水", 1), ("fq=tags:\"two words\"", 1), ("fq=tags:(水 OR AQI)", 2), ("fq=%2Btags:空气质量 %2Btitle:站点", 1), ("fq=-tags:水", 3), ("fq=NOT tags:水", 3), ("fq=license_id:CC0-1.0", 1), ("fq=license_id:\"CC-BY-4.0\"", 3), ("fq=res_format:CSV", 3), ("fq=res_format:XLSX AND groups:construction", 1),
            ("fq=groups:environment&fq=tags:AQI", 1), ("fq=(groups:environment AND tags:AQI) OR (groups:construction)", 2), ("fq=metadata_modified:[2020-01-01T00:00:00Z TO *]", 4), ("fq=metadata_modified:[* TO 2020-01-01T00:00:00Z]", 0), ("fq=state:active", 4), ("fq=%2Bdataset_type:dataset %2Bcapacity:public", 4), ("fq=extras_class:department", 4), ("fq=class:department", 4), ("fq=no_such_field:x", 0),
            ("q=空气&fq=tags:AQI", 1), ("fq=organization:*", 4), ("fq_list=[\"tags:AQI\"]", 1), ("q=污染物\\:", 0), ("fq=-(tags:水 OR tags:AQI)", 2),
        ])
            Assert.True((await ckan.GetAsync("package_search", query)).GetProperty("count").GetInt32() == count, query);
        Assert.Equal((4, 2), ((await ckan.GetAsync("package_search", "rows=2")).GetProperty("count").GetInt32(), (await ckan.GetAsync("package_search", "rows=2")).GetProperty("results").GetArrayLength()));
        Assert.Equal([Station], Names((await ckan.GetAsync("package_search", "rows=2&start=2&sort=name asc&fq=groups:environment")).GetProperty("results")));
        Assert.Equal([Station, Hourly, Daily], Names((await ckan.GetAsync("package_search", "sort=name desc&fq=groups:environment")).GetProperty("results")));
        Assert.Equal([$"{Daily}"], Names((await ckan.PostAsync("package_search", new { q = "tags:AQI", fl = (string[])["name", "title"] })).GetProperty("results")));
        var faceted = await ckan.PostAsync("package_search", new Dictionary<string, object> { ["facet.field"] = (string[])["organization", "tags", "license_id", "groups"], ["facet.limit"] = 2, ["facet.mincount"] = 1, ["rows"] = 0 });
        Assert.Equal("""{"CC-BY-4.0":3,"CC0-1.0":1}""", faceted.GetProperty("facets").GetProperty("license_id").GetRawText());
        Assert.Equal(2, faceted.GetProperty("search_facets").GetProperty("tags").GetProperty("items").GetArrayLength());
        var unit = faceted.GetProperty("search_facets").GetProperty("organization");
        Assert.Equal(("organization", "省生态环境厅", 4), (unit.Text("title"), unit.GetProperty("items")[0].Text("display_name"), unit.GetProperty("items")[0].GetProperty("count").GetInt32()));
        Assert.Equal(2, faceted.GetProperty("search_facets").GetProperty("groups").GetProperty("items").GetArrayLength());
        Assert.Equal(unit.GetRawText(), (await ckan.GetAsync("package_search", "facet.field=[\"organization\"]&rows=0")).GetProperty("search_facets").GetProperty("organization").GetRawText());
        Assert.Empty((await ckan.GetAsync("package_search", "facet.field=[\"organization\"]&facet=false")).GetProperty("facets").EnumerateObject());
        foreach (var (given, status, kind) in ((object, int, string)[])
        [
            (new { q = "tags:(a OR" }, 400, "Search Query Error"), (new { q = "\"open" }, 400, "Search Query Error"), (new { fq = "a:[1" }, 400, "Search Query Error"), (new { q = "tags:" }, 400, "Search Query Error"), (new { sort = "colour desc" }, 400, "Search Query Error"), (new { sort = "name up" }, 400, "Search Query Error"),
            (new { colour = "red" }, 400, "Search Query Error"), (new { rows = -1 }, 409, "Validation Error"), (new { start = "x" }, 409, "Validation Error"), (new Dictionary<string, object> { ["facet.field"] = "notjson" }, 409, "Validation Error"), (new { q = new string('(', 5000) }, 400, "Search Query Error"), (new { q = string.Concat(Enumerable.Repeat("NOT ", 5000)) + "a" }, 400, "Search Query Error"),
        ])
        {
            var (answered, error) = await ckan.RefusedAsync("package_search", given);
            Assert.Equal((status, kind), ((int)answered, error.Text("__type")));
        }
        Assert.Equal("Invalid integer", (await ckan.RefusedAsync("package_search", new { start = "x" })).Error.GetProperty("start")[0].GetString());
        var complete = await ckan.GetAsync("package_autocomplete", "q=小时");
        Assert.Equal(("title", $"空气质量小时值 ({Hourly})"), (complete[0].Text("match_field"), complete[0].Text("match_displayed")));
        Assert.Equal("name", (await ckan.GetAsync("package_autocomplete", "q=hourly"))[0].Text("match_field"));
        Assert.Equal(3, (await ckan.GetAsync("resource_search", "query=format:csv")).GetProperty("count").GetInt32());
        Assert.Equal(1, (await ckan.PostAsync("resource_search", new { query = (string[])["format:csv", "name:站点"], limit = 5 })).GetProperty("results").GetArrayLength());
        Assert.Equal("Must be <field>:<value> pair(s)", (await ckan.RefusedAsync("resource_search", new { query = "format" })).Error.GetProperty("query")[0].GetString());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Organisations_groups_tags_licences_and_the_site_are_told(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var ckan = new CkanClient(platform.Anonymous());
        var names = Words(await ckan.GetAsync("organization_list"));
        Assert.Single(names);
        var organization = await ckan.GetAsync("organization_show", $"id={names[0]}&include_datasets=true");
        Assert.Equal(("省生态环境厅", "省生态环境厅", 3, 3, "approved"), (organization.Text("title"), organization.Text("display_name"), organization.GetProperty("package_count").GetInt32(), organization.GetProperty("packages").GetArrayLength(), organization.Text("approval_status")));
        Assert.Equal(organization.Text("id"), (await ckan.GetAsync("organization_show", "id=" + organization.Text("id"))).Text("id"));
        Assert.False((await ckan.GetAsync("organization_show", "id=" + names[0])).TryGetProperty("packages", out _));
        var whole = await ckan.PostAsync("organization_list", new { all_fields = true, sort = "package_count desc", limit = 5, offset = 0 });
        Assert.Equal((names[0], 3), (whole[0].Text("name"), whole[0].GetProperty("package_count").GetInt32()));
        Assert.Equal(0, (await ckan.GetAsync("organization_list", "offset=1")).GetArrayLength());
        Assert.Equal(HttpStatusCode.Conflict, (await ckan.RefusedAsync("organization_list", new { sort = "colour" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ckan.RefusedAsync("organization_show", new { id = "none" })).Status);
        Assert.Equal("Missing value", (await ckan.RefusedAsync("organization_show", new { })).Error.GetProperty("id")[0].GetString());
        Assert.Equal(["environment"], Words(await ckan.GetAsync("group_list")));
        Assert.Equal(("生态环境", "environment"), ((await ckan.GetAsync("group_show", "id=environment")).Text("title"), (await ckan.GetAsync("group_show", "id=environment&lang=en")).Text("title")));
        Assert.Equal(["PM10", "PM2.5"], Words(await ckan.GetAsync("tag_list", "query=pm")));
        var tag = await ckan.GetAsync("tag_show", "id=AQI&include_datasets=true");
        Assert.Equal(("AQI", "AQI", Daily), (tag.Text("name"), tag.Text("display_name"), tag.GetProperty("packages")[0].Text("name")));
        Assert.Equal(JsonValueKind.Null, tag.GetProperty("vocabulary_id").ValueKind);
        Assert.Equal(["display_name", "id", "name", "vocabulary_id"], (await ckan.GetAsync("tag_list", "all_fields=true"))[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(HttpStatusCode.NotFound, (await ckan.RefusedAsync("tag_show", new { id = "none" })).Status);
        Assert.Contains((await ckan.GetAsync("license_list")).EnumerateArray(), l => l.Text("id") == "CC-BY-4.0" && l.Text("od_conformance") == "approved");
        var status = await ckan.GetAsync("status_show");
        Assert.Equal(["site_title", "site_description", "site_url", "error_emails_to", "locale_default", "extensions", "ckan_version"], status.EnumerateObject().Select(p => p.Name));
        Assert.Equal((platform.Address, "datastore"), (status.Text("site_url"), status.GetProperty("extensions")[0].GetString()));
        Assert.True((await ckan.GetAsync("site_read")).GetBoolean());
        Assert.Contains("resource_id", (await ckan.GetAsync("help_show", "name=datastore_search&lang=en")).GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ckan.RefusedAsync("help_show", new { name = "no_such" })).Status);
        Assert.Equal(3, (await ckan.Http.GetFromJsonAsync<JsonElement>("/api/3")).GetProperty("version").GetInt32());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Get_json_and_form_are_one_and_what_cannot_be_done_is_said_as_ckan_says_it(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var ckan = new CkanClient(platform.Anonymous());
        var http = ckan.Http;
        var shown = (await ckan.GetAsync("package_show", "id=" + Hourly)).GetRawText();
        async Task<string> SendAsync(HttpContent content, string below = "/api/3/action/") => (await (await http.PostAsync(below + "package_show", content)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("result").GetRawText();
        Assert.Equal(shown, await SendAsync(new FormUrlEncodedContent([KeyValuePair.Create("id", Hourly)])));
        Assert.Equal(shown, await SendAsync(new MultipartFormDataContent { { new StringContent(Hourly), "id" } }));
        // As ckanapi and the oldest clients send it.
        Assert.Equal(shown, await SendAsync(new StringContent($$"""{"id": "{{Hourly}}"}""", System.Text.Encoding.UTF8, "application/json")));
        Assert.Equal(shown, await SendAsync(new FormUrlEncodedContent([KeyValuePair.Create($$"""{"id": "{{Hourly}}"}""", "1")])));
        Assert.Equal(shown, await SendAsync(new StringContent($$"""{"id": "{{Hourly}}"}"""), "/api/action/"));
        Assert.Equal(shown, (await http.GetFromJsonAsync<JsonElement>("/api/action/package_show?id=" + Hourly)).GetProperty("result").GetRawText());
        foreach (var (method, path, body, status, said) in ((string, string, string?, int, string)[])
        [
            ("GET", "/api/3/action/no_such", null, 400, "Bad request - Action name not known: no_such"), ("POST", "/api/3/action/package_show", "{", 400, "Bad request - JSON Error"), ("POST", "/api/3/action/package_show", "[1]", 400, "Bad request - JSON Error"), ("POST", "/api/3/action/package_show", "{\"id\": 1, \"id\": 2}", 400, "Bad request - JSON Error"),
        ])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
            var answer = await http.SendAsync(request);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.StartsWith(said, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetString(), StringComparison.Ordinal);
        }
        foreach (var action in (string[])["package_create", "package_update", "resource_delete", "datastore_create", "datastore_upsert", "organization_patch", "datastore_delete", "user_create"])
        {
            var (status, error) = await ckan.RefusedAsync(action, new { name = "x" });
            Assert.Equal((HttpStatusCode.Forbidden, "Authorization Error"), (status, error.Text("__type")));
            Assert.StartsWith("Access denied: ", error.Text("message"), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await ckan.RefusedAsync("resource_show", new { id = Guid.NewGuid() })).Status);
        // Any site's page may read what is open.
        using var cross = new HttpRequestMessage(HttpMethod.Get, "/api/3/action/package_list");
        cross.Headers.Add("Origin", "https://example.org");
        cross.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal("*", Assert.Single((await http.SendAsync(cross)).Headers.GetValues("Access-Control-Allow-Origin")));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/3/action/package_list");
        var allowed = await http.SendAsync(preflight);
        Assert.Equal((HttpStatusCode.NoContent, "GET, OPTIONS"), (allowed.StatusCode, allowed.Headers.GetValues("Access-Control-Allow-Methods").Single()));
    }

    private static string[] Words(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetString()!)];

    private static string[] Names(JsonElement list) => [.. list.EnumerateArray().Select(e => e.Text("name")!)];

    private static string? Extra(JsonElement package, string key) => package.GetProperty("extras").EnumerateArray().FirstOrDefault(e => e.Text("key") == key) is { ValueKind: JsonValueKind.Object } extra ? extra.Text("value") : null;
}
