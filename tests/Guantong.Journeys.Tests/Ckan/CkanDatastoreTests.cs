using System.Net;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>CKAN's datastore actions over the rows of open datasets, as its own tests of datastore_search ask them.</summary>
public sealed class CkanDatastoreTests
{
    private const string Station = "environment_air-quality__station", Hourly = "environment_air-quality__air-hourly";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_are_paged_filtered_sought_sorted_and_given_in_four_forms(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, samples: true);
        using var ckan = new CkanClient(platform.Anonymous());
        var id = await ckan.ResourceAsync(Station);
        var first = await ckan.GetAsync("datastore_search", $"resource_id={id}&limit=3");
        Assert.Equal(["include_total", "limit", "records_format", "resource_id", "total_estimation_threshold", "records", "fields", "_links", "total", "total_was_estimated"], first.EnumerateObject().Select(p => p.Name));
        Assert.Equal((true, 3, "objects", id, false), (first.GetProperty("include_total").GetBoolean(), first.GetProperty("limit").GetInt32(), first.Text("records_format"), first.Text("resource_id"), first.GetProperty("total_was_estimated").GetBoolean()));
        Assert.Equal("""[{"id":"_id","type":"int"},{"id":"code","type":"text","info":{"label":"站点编码","notes":"","type_override":""}},{"id":"name","type":"text","info":{"label":"站点名称","notes":"","type_override":""}},{"id":"region","type":"text","info":{"label":"行政区划代码","notes":"","type_override":""}}]""", first.GetProperty("fields").GetRawText());
        Assert.Equal(["_id", "code", "name", "region"], first.GetProperty("records")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal([1, 2, 3], Ids(first));
        Assert.Equal(($"/api/3/action/datastore_search?resource_id={id}&limit=3", $"/api/3/action/datastore_search?resource_id={id}&limit=3&offset=3"), (first.GetProperty("_links").Text("start"), first.GetProperty("_links").Text("next")));
        var total = first.GetProperty("total").GetInt32();
        var second = await ckan.GetAsync("datastore_search", $"resource_id={id}&limit=3&offset=3");
        Assert.Equal((4, 3), (Ids(second)[0], second.GetProperty("offset").GetInt32()));
        // Its next page is where its links lead.
        Assert.Equal(second.GetProperty("records").GetRawText(), (await ckan.Http.GetStringAsync(first.GetProperty("_links").Text("next"))) is var next ? JsonDocument.Parse(next).RootElement.GetProperty("result").GetProperty("records").GetRawText() : "");
        Assert.Equal(total, (await ckan.GetAsync("datastore_search", $"resource_id={id}&limit=32000")).GetProperty("records").GetArrayLength());
        Assert.Equal(32000, (await ckan.GetAsync("datastore_search", $"resource_id={id}&limit=99999")).GetProperty("limit").GetInt32());
        Assert.False((await ckan.GetAsync("datastore_search", $"resource_id={id}&include_total=false")).TryGetProperty("total", out _));
        Assert.Equal(0, (await ckan.GetAsync("datastore_search", $"resource_id={id}&limit=0")).GetProperty("records").GetArrayLength());
        // The table's own name is its alias, and id stands for resource_id.
        Assert.Equal(total, (await ckan.GetAsync("datastore_search", "resource_id=station&limit=1")).GetProperty("total").GetInt32());
        Assert.Equal(total, (await ckan.PostAsync("datastore_search", new { id, limit = 1 })).GetProperty("total").GetInt32());

        var (code, name) = (first.GetProperty("records")[1].Text("code")!, first.GetProperty("records")[1].Text("name")!);
        var one = await ckan.PostAsync("datastore_search", new { resource_id = id, filters = new { code } });
        Assert.Equal((1, name, 2), (one.GetProperty("total").GetInt32(), one.GetProperty("records")[0].Text("name"), Ids(one)[0]));
        Assert.Equal($$"""{"code":"{{code}}"}""", one.GetProperty("filters").GetRawText());
        Assert.Equal(one.GetProperty("records").GetRawText(), (await ckan.GetAsync("datastore_search", $"resource_id={id}&filters={{\"code\":\"{code}\"}}")).GetProperty("records").GetRawText());
        Assert.Equal((int[])[1, 3], Ids(await ckan.PostAsync("datastore_search", new { resource_id = id, filters = new { _id = (int[])[1, 3] } })));
        Assert.Equal(0, (await ckan.PostAsync("datastore_search", new { resource_id = id, filters = new { code = "' OR 1=1 --" } })).GetProperty("total").GetInt32());
        var sought = await ckan.PostAsync("datastore_search", new { resource_id = id, q = name });
        Assert.Contains(2, Ids(sought));
        Assert.Equal(("rank", "float"), (sought.GetProperty("fields").EnumerateArray().Last().Text("id"), sought.GetProperty("fields").EnumerateArray().Last().Text("type")));
        Assert.InRange(sought.GetProperty("records")[0].GetProperty("rank").GetDouble(), 0.01, 1);
        Assert.Equal((int[])[2], Ids(await ckan.PostAsync("datastore_search", new { resource_id = id, q = new { code = code.ToLowerInvariant() } })));
        Assert.Equal((int[])[1, 2], Ids(await ckan.PostAsync("datastore_search", new { resource_id = id, plain = false, q = $"{first.GetProperty("records")[0].Text("code")}:* | {code}", fields = "_id,code" })));
        Assert.Equal(0, (await ckan.PostAsync("datastore_search", new { resource_id = id, q = "no such word" })).GetProperty("total").GetInt32());
        var down = await ckan.GetAsync("datastore_search", $"resource_id={id}&sort=code desc&fields=code,name&limit=2");
        Assert.Equal(["code", "name"], down.GetProperty("records")[0].EnumerateObject().Select(p => p.Name));
        Assert.True(string.CompareOrdinal(down.GetProperty("records")[0].Text("code"), down.GetProperty("records")[1].Text("code")) > 0);
        Assert.Equal(2, (await ckan.PostAsync("datastore_search", new { resource_id = id, sort = (string[])["region desc nulls last", "code"], fields = (string[])["region", "code"], limit = 2 })).GetProperty("fields").GetArrayLength());
        var distinct = await ckan.PostAsync("datastore_search", new { resource_id = id, fields = "region", distinct = true, sort = "region" });
        Assert.Equal(distinct.GetProperty("total").GetInt32(), distinct.GetProperty("records").EnumerateArray().Select(r => r.Text("region")).Distinct().Count());

        var lists = await ckan.PostAsync("datastore_search", new { resource_id = id, records_format = "lists", limit = 1 });
        Assert.Equal([JsonValueKind.Number, JsonValueKind.String, JsonValueKind.String, JsonValueKind.String], lists.GetProperty("records")[0].EnumerateArray().Select(v => v.ValueKind));
        Assert.Equal($"2,{code},{name}\n", (await ckan.PostAsync("datastore_search", new { resource_id = id, records_format = "csv", fields = "_id,code,name", filters = new { code } })).Text("records"));
        Assert.Equal($"2\t{code}\t{name}\n", (await ckan.PostAsync("datastore_search", new { resource_id = id, records_format = "tsv", fields = "_id,code,name", filters = new { code } })).Text("records"));

        var hours = await ckan.PostAsync("datastore_search", new { resource_id = await ckan.ResourceAsync(Hourly), limit = 1 });
        Assert.Equal(["int", "text", "timestamp", "float8", "float8", "float8", "float8", "float8", "float8"], hours.GetProperty("fields").EnumerateArray().Select(f => f.Text("type")));
        var hour = hours.GetProperty("records")[0].Text("hour")!;
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:00:00$", hour);
        Assert.InRange((await ckan.PostAsync("datastore_search", new { resource_id = await ckan.ResourceAsync(Hourly), filters = new { hour }, limit = 1 })).GetProperty("total").GetInt32(), 1, 100);

        foreach (var (given, field, said) in ((object, string, string)[])
        [
            (new { resource_id = id, limit = "bad" }, "limit", "Invalid integer"), (new { resource_id = id, limit = -1 }, "limit", "Must be a natural number"), (new { limit = 1 }, "resource_id", "Missing value"), (new { resource_id = id, fields = "colour" }, "fields", "field \"colour\" not in table"),
            (new { resource_id = id, sort = "colour" }, "sort", "field \"colour\" not in table"), (new { resource_id = id, sort = "code; DROP TABLE x" }, "sort", "\"code; DROP TABLE x\": name [asc|desc] [nulls first|last]"), (new { resource_id = id, filters = new { _load = 1 } }, "filters", "field \"_load\" not in table"), (new { resource_id = id, q = new { rowid = "1" } }, "q", "field \"rowid\" not in table"),
            (new { resource_id = id, filters = "x" }, "filters", "Cannot parse JSON"), (new { resource_id = id, records_format = "xml" }, "records_format", "Value must be one of ['objects', 'lists', 'csv', 'tsv']"), (new { resource_id = id, filters = new { _id = "x" } }, "filters", "invalid input syntax for \"_id\": \"x\""), (new { resource_id = id, offset = "x" }, "offset", "Invalid integer"),
        ])
        {
            var (status, error) = await ckan.RefusedAsync("datastore_search", given);
            Assert.Equal((HttpStatusCode.Conflict, "Validation Error", said), (status, error.Text("__type"), error.GetProperty(field)[0].GetString()));
        }
        foreach (var none in (string[])[Guid.NewGuid().ToString(), "handled", "pg_class", "air-hourly"])
            Assert.Equal(HttpStatusCode.NotFound, (await ckan.RefusedAsync("datastore_search", new { resource_id = none })).Status);
        // Rows as JSON are a file, and not in the datastore twice.
        var json = (await ckan.GetAsync("package_show", "id=" + Station)).GetProperty("resources")[1].Text("id");
        Assert.Equal(HttpStatusCode.NotFound, (await ckan.RefusedAsync("datastore_search", new { resource_id = json })).Status);

        var info = await ckan.PostAsync("datastore_info", new { id });
        Assert.Equal((total, id, "station", "BASE TABLE"), (info.GetProperty("meta").GetProperty("count").GetInt32(), info.GetProperty("meta").Text("id"), info.GetProperty("meta").GetProperty("aliases")[0].GetString(), info.GetProperty("meta").Text("table_type")));
        Assert.Equal(("code", "text", "站点编码", true), (info.GetProperty("fields")[0].Text("id"), info.GetProperty("fields")[0].Text("type"), info.GetProperty("fields")[0].GetProperty("info").Text("label"), info.GetProperty("fields")[0].GetProperty("schema").GetProperty("notnull").GetBoolean()));
    }

    private static int[] Ids(JsonElement answer) => [.. answer.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("_id").GetInt32())];
}
