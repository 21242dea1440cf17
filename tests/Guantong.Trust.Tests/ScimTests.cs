using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Trust;
using Guantong.Trust.Provider;
using Guantong.Trust.Scim;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Filters and patches as RFC 7644 shows them, and accounts that another system brings in, changes and ends.</summary>
public sealed class ScimTests
{
    private static readonly JsonObject Barbara = JsonNode.Parse("""
        {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"], "id": "2819c223-7f76-453a-919d-413861904646", "userName": "bjensen@example.com",
         "name": {"familyName": "Jensen", "givenName": "Barbara"}, "title": "Tour Guide", "userType": "Employee", "active": true,
         "emails": [{"value": "bjensen@example.com", "type": "work", "primary": true}, {"value": "babs@jensen.org", "type": "home"}],
         "addresses": [{"type": "work", "streetAddress": "100 Universal City Plaza", "postalCode": "91608"}, {"type": "home", "streetAddress": "456 Hollywood Blvd"}],
         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "701984", "department": "Tour Operations"},
         "meta": {"lastModified": "2011-05-13T04:42:34Z"}}
        """)!.AsObject();

    // RFC 7644 §3.4.2.2, figure 2 and its like.
    [Theory]
    [InlineData("userName Eq \"BJensen@example.com\"", true), InlineData("Username eq \"john\"", false)]
    [InlineData("name.familyName co \"ENS\"", true), InlineData("name.familyName co \"O'Malley\"", false)]
    [InlineData("userName sw \"B\"", true), InlineData("urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"J\"", false)]
    [InlineData("title pr", true), InlineData("nickName pr", false)]
    [InlineData("meta.lastModified gt \"2011-05-13T04:42:34Z\"", false), InlineData("meta.lastModified ge \"2011-05-13T04:42:34Z\"", true)]
    [InlineData("title pr and userType eq \"Employee\"", true), InlineData("nickName pr or userType eq \"Intern\"", false)]
    [InlineData("schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"", true)]
    [InlineData("userType eq \"Employee\" and (emails co \"example.com\" or emails.value co \"example.org\")", true)]
    [InlineData("userType ne \"Employee\" and not (emails co \"example.com\" or emails.value co \"example.org\")", false)]
    [InlineData("userType eq \"Employee\" and emails[type eq \"work\" and value co \"@example.com\"]", true)]
    [InlineData("emails[type eq \"home\" and value co \"@example.com\"] or ims[type eq \"xmpp\" and value co \"@foo.com\"]", false)]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"tour operations\"", true), InlineData("active eq true", true), InlineData("active eq false", false)]
    [InlineData("nickName eq null", true), InlineData("title eq \"a \\\" b\"", false), InlineData("title eq \"(\" or title pr", true)]
    public void A_filter_of_the_standard_means_what_the_standard_says(string filter, bool fits) => Assert.Equal(fits, ScimFilter.Parse(filter).Fits(Barbara));

    [Theory]
    [InlineData(""), InlineData("userName"), InlineData("userName eq"), InlineData("userName xx \"a\""), InlineData("(title pr"), InlineData("title pr)"), InlineData("title pr title pr"), InlineData("emails[type eq \"work\""),
     InlineData("userName eq \"a"), InlineData("userName eq {}"), InlineData("a.b.c pr"), InlineData("not title pr")]
    public void A_filter_that_is_none_is_refused(string filter) => Assert.Equal(400, Assert.Throws<ScimError>(() => ScimFilter.Parse(filter)).Status);

    [Fact]
    public void A_filter_nested_beyond_measure_is_refused() =>
        Assert.Throws<ScimError>(() => ScimFilter.Parse(new string('(', 5000) + "title pr" + new string(')', 5000)));

    // RFC 7644 §3.5.2.1–§3.5.2.3
    [Theory]
    [InlineData("""{"op": "add", "value": {"emails": [{"value": "babs@jensen.example", "type": "other"}], "nickname": "Babs"}}""", "$.emails[2].value", "babs@jensen.example")]
    [InlineData("""{"op": "add", "path": "emails", "value": [{"value": "babs@jensen.org", "type": "home"}]}""", "$.emails.length", "2")]
    [InlineData("""{"op": "remove", "path": "emails[type eq \"work\" and value ew \"example.com\"]"}""", "$.emails.length", "1")]
    [InlineData("""{"op": "remove", "path": "emails"}""", "$.emails", "")]
    [InlineData("""{"op": "replace", "path": "addresses[type eq \"work\"]", "value": {"type": "work", "streetAddress": "911 Universal City Plaza", "postalCode": "91608"}}""", "$.addresses[0].streetAddress", "911 Universal City Plaza")]
    [InlineData("""{"op": "replace", "path": "addresses[type eq \"work\"].streetAddress", "value": "1010 Broadway Ave"}""", "$.addresses[0].streetAddress", "1010 Broadway Ave")]
    [InlineData("""{"op": "Replace", "path": "name.familyName", "value": "Johnson"}""", "$.name.familyName", "Johnson")]
    [InlineData("""{"op": "replace", "value": {"name.familyName": "Johnson"}}""", "$.name.familyName", "Johnson")]
    [InlineData("""{"op": "replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "Office"}""", "$.urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.department", "Office")]
    [InlineData("""{"op": "replace", "value": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Office"}}}""", "$.urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.department", "Office")]
    [InlineData("""{"op": "remove", "path": "emails", "value": [{"value": "babs@jensen.org"}]}""", "$.emails.length", "1")]
    public void A_patch_of_the_standard_does_what_the_standard_says(string operation, string where, string expected)
    {
        var changed = ScimPatch.Apply(Barbara, Patch(operation));
        Assert.Equal(expected, Find(changed, where));
        // The one given stays as it was.
        Assert.Equal(("Jensen", "Tour Guide", 2), (Barbara["name"]!["familyName"]!.ToString(), Barbara["title"]!.ToString(), Barbara["emails"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("""{"op": "remove"}""", "noTarget"), InlineData("""{"op": "replace", "path": "addresses[type eq \"x\"].streetAddress", "value": "a"}""", "noTarget"), InlineData("""{"op": "replace", "path": "id", "value": "a"}""", "mutability"),
     InlineData("""{"op": "move", "path": "title"}""", "invalidSyntax"), InlineData("""{"op": "add", "path": "a b", "value": 1}""", "invalidPath")]
    public void A_patch_that_cannot_be_done_says_why(string operation, string type) =>
        Assert.Equal(type, Assert.Throws<ScimError>(() => ScimPatch.Apply(Barbara, Patch(operation))).Body()["scimType"]!.ToString());

    private static JsonObject Patch(params string[] operations) =>
        JsonNode.Parse($$"""{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{{string.Join(',', operations)}}]}""")!.AsObject();

    private static string Find(JsonObject resource, string where)
    {
        JsonNode? at = resource;
        // Schemas' names have dots of their own.
        foreach (var step in where.Replace("2.0", "2§0", StringComparison.Ordinal)["$.".Length..].Split('.').Select(s => s.Replace('§', '.')))
            at = step == "length" ? ((JsonArray)at!).Count : step.IndexOf('[', StringComparison.Ordinal) is var open and > 0 ? ((JsonArray)((JsonObject)at!)[step[..open]]!)[int.Parse(step[(open + 1)..^1], null)] : ((JsonObject)at!)[step];
        return at?.ToString() ?? "";
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Another_system_brings_accounts_in_changes_and_ends_them(string kind)
    {
        await using var host = await ProviderHost.StartAsync(kind);
        using var scim = await ClientAsync(host, "scim");
        var made = await SendAsync(scim, HttpMethod.Post, "Users", """{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "li.na", "externalId": "hr-17", "displayName": "演示·李娜", "password": "ignored", "emails": [{"value": "x@example.com"}], "roles": [{"value": "case-worker"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "zj-ecology"}}""", 201);
        Assert.Equal(("li.na", "330000", "official"), (made["id"]!.ToString(), made[ScimSchemas.Own]!["region"]!.ToString(), made["userType"]!.ToString()));
        Assert.Null(made["emails"]);
        await SendAsync(scim, HttpMethod.Post, "Users", """{"userName": "LI.NA"}""", 409);
        foreach (var bad in (string[])["""{"displayName": "x"}""", """{"userName": "key:1"}""", """{"userName": "a", "roles": [{"value": "emperor"}]}""", """{"userName": "a", "userType": "robot"}""", """{"userName": "a", "active": "maybe"}""", "[]", "{"])
            await SendAsync(scim, HttpMethod.Post, "Users", bad, 400);

        // Found by filter, page and choice of attributes.
        Assert.Equal(1, (int)(await SendAsync(scim, HttpMethod.Get, "Users?filter=" + Uri.EscapeDataString("userName eq \"li.na\""))) ["totalResults"]!);
        var found = await SendAsync(scim, HttpMethod.Get, "Users?attributes=displayName&filter=" + Uri.EscapeDataString("externalId eq \"hr-17\" and active eq true and roles.value eq \"case-worker\""));
        Assert.Equal(["schemas", "id", "displayName"], found["Resources"]![0]!.AsObject().Select(p => p.Key));
        var all = (int)(await SendAsync(scim, HttpMethod.Get, "Users?count=0"))["totalResults"]!;
        var names = new List<string>();
        for (var from = 1; from <= all; from += 5)
            names.AddRange((await SendAsync(scim, HttpMethod.Get, $"Users?startIndex={from}&count=5"))["Resources"]!.AsArray().Select(r => r!["id"]!.ToString()));
        Assert.Equal((all, all), (names.Count, names.Distinct().Count()));
        await SendAsync(scim, HttpMethod.Get, "Users?filter=" + Uri.EscapeDataString("userName zz 1"), null, 400);

        // Changed at the version that was read, and at no other.
        var tag = made["meta"]!["version"]!.ToString();
        var changed = await SendAsync(scim, HttpMethod.Patch, "Users/li.na", Patch("""{"op": "replace", "path": "displayName", "value": "演示·李"}""", """{"op": "add", "path": "roles", "value": [{"value": "leader"}]}""").ToJsonString(), 200, tag);
        Assert.Equal(("演示·李", 2), (changed["displayName"]!.ToString(), changed["roles"]!.AsArray().Count));
        await SendAsync(scim, HttpMethod.Patch, "Users/li.na", Patch("""{"op": "replace", "path": "displayName", "value": "x"}""").ToJsonString(), 412, tag);
        await SendAsync(scim, HttpMethod.Put, "Users/li.na", """{"userName": "li.na", "displayName": "演示·李娜", "roles": [{"value": "steward"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "zj-data"}}""");

        // Groups are roles and units.
        var group = await SendAsync(scim, HttpMethod.Get, "Groups/role:steward");
        Assert.Contains(group["members"]!.AsArray(), m => m!["value"]!.ToString() == "li.na");
        group = await SendAsync(scim, HttpMethod.Patch, "Groups/role:editor", Patch("""{"op": "add", "path": "members", "value": [{"value": "li.na"}]}""").ToJsonString());
        Assert.Contains(group["members"]!.AsArray(), m => m!["value"]!.ToString() == "li.na");
        group = await SendAsync(scim, HttpMethod.Patch, "Groups/role:editor", Patch("""{"op": "remove", "path": "members[value eq \"li.na\"]"}""").ToJsonString());
        Assert.DoesNotContain(group["members"]!.AsArray(), m => m!["value"]!.ToString() == "li.na");
        // What two people give, a program does not.
        await SendAsync(scim, HttpMethod.Patch, "Groups/role:auditor", Patch("""{"op": "add", "path": "members", "value": [{"value": "li.na"}]}""").ToJsonString(), 403);
        await SendAsync(scim, HttpMethod.Post, "Users", """{"userName": "wang.wu", "roles": [{"value": "operator"}]}""", 403);
        await SendAsync(scim, HttpMethod.Get, "Users/wang.wu", null, 404);
        await SendAsync(scim, HttpMethod.Delete, "Users/security", null, 403);
        await SendAsync(scim, HttpMethod.Patch, "Groups/unit:zj-ecology", Patch("""{"op": "add", "path": "members", "value": [{"value": "li.na"}]}""").ToJsonString());
        Assert.Equal("zj-ecology", (await host.App.Services.GetRequiredService<Accounts>().FindAsync("li.na"))!.Unit);
        await SendAsync(scim, HttpMethod.Patch, "Groups/role:auditor", Patch("""{"op": "add", "path": "members", "value": [{"value": "nobody"}]}""").ToJsonString(), 400);
        await SendAsync(scim, HttpMethod.Post, "Groups", """{"displayName": "x"}""", 403);
        Assert.Equal(1, (int)(await SendAsync(scim, HttpMethod.Get, "Groups?excludedAttributes=members&filter=" + Uri.EscapeDataString("displayName eq \"auditor\"")))["totalResults"]!);

        foreach (var told in (string[])["ServiceProviderConfig", "ResourceTypes", "ResourceTypes/User", "Schemas", "Schemas/" + ScimSchemas.User])
            await SendAsync(scim, HttpMethod.Get, told);
        await SendAsync(scim, HttpMethod.Post, "Bulk", "{}", 501);

        // Deleted, not found, and brought back as the same person.
        await SendAsync(scim, HttpMethod.Delete, "Users/li.na", null, 204);
        await SendAsync(scim, HttpMethod.Get, "Users/li.na", null, 404);
        var back = await SendAsync(scim, HttpMethod.Post, "Users", """{"userName": "li.na", "displayName": "演示·李娜"}""", 201);
        Assert.Empty(back["roles"]!.AsArray());
        Assert.Equal(["person.added", "person.changed", "person.removed", "person.added-again"],
            (await host.App.Services.GetRequiredService<Ledger>().AboutAsync("person:li.na")).Select(e => e.Action).Where(a => a.StartsWith("person.", StringComparison.Ordinal)).Distinct());
        Assert.Null((await host.App.Services.GetRequiredService<Ledger>().VerifyAsync()).FirstBad);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_account_that_ends_takes_its_session_and_its_keys_along(string kind)
    {
        await using var host = await ProviderHost.StartAsync(kind);
        using var scim = await ClientAsync(host, "scim");
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(host.Url) };
        (await browser.PostAsJsonAsync("/api/v1/session", new { login = "steward", password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        var issued = await (await browser.PostAsJsonAsync("/api/v1/keys", new { name = "k", roles = (string[])["steward"] })).Content.ReadFromJsonAsync<JsonElement>();
        using var machine = new HttpClient { BaseAddress = new Uri(host.Url), DefaultRequestHeaders = { { "X-API-Key", issued.GetProperty("key").GetString() } } };
        (await machine.GetAsync("/api/v1/session")).EnsureSuccessStatusCode();
        await SendAsync(scim, HttpMethod.Patch, "Users/steward", Patch("""{"op": "replace", "path": "active", "value": "False"}""").ToJsonString());
        foreach (var former in (HttpClient[])[browser, machine])
            Assert.Equal(HttpStatusCode.Unauthorized, (await former.GetAsync("/api/v1/session")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsJsonAsync("/api/v1/session", new { login = "steward", password = Accounts.DemoPassword })).StatusCode);
        // Taken up again, they sign in anew; the keys stay ended.
        await SendAsync(scim, HttpMethod.Patch, "Users/steward", Patch("""{"op": "replace", "value": {"active": true}}""").ToJsonString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/session")).StatusCode);
        (await browser.PostAsJsonAsync("/api/v1/session", new { login = "steward", password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Unauthorized, (await machine.GetAsync("/api/v1/session")).StatusCode);
    }

    [Fact]
    public async Task Nobody_provisions_without_the_scope()
    {
        await using var host = await ProviderHost.StartAsync("sqlite");
        using var plain = await ClientAsync(host, "role:steward");
        await SendAsync(plain, HttpMethod.Get, "Users", null, 403);
        using var nobody = new HttpClient { BaseAddress = new Uri(host.Url + "/scim/v2/") };
        await SendAsync(nobody, HttpMethod.Get, "Users", null, 401);
        using var steward = new HttpClient(new HttpClientHandler()) { BaseAddress = new Uri(host.Url + "/scim/v2/") };
        (await steward.PostAsJsonAsync("/api/v1/session", new { login = "steward", password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        await SendAsync(steward, HttpMethod.Get, "Users", null, 403);
        // An operator does not end accounts alone by this way.
        using var duty = new HttpClient(new HttpClientHandler()) { BaseAddress = new Uri(host.Url + "/scim/v2/") };
        (await duty.PostAsJsonAsync("/api/v1/session", new { login = "duty", password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        await SendAsync(duty, HttpMethod.Delete, "Users/steward", null, 403);
        using var keeper = host.Operator();
        keeper.BaseAddress = new Uri(host.Url + "/scim/v2/");
        await SendAsync(keeper, HttpMethod.Get, "Users?count=1");
        // Nobody holds two of the roles that are kept apart, nor those of programs.
        await SendAsync(keeper, HttpMethod.Patch, "Users/duty", Patch("""{"op": "add", "path": "roles", "value": [{"value": "auditor"}]}""").ToJsonString(), 400);
        await SendAsync(keeper, HttpMethod.Patch, "Groups/role:auditor", Patch("""{"op": "add", "path": "members", "value": [{"value": "duty"}]}""").ToJsonString(), 400);
        await SendAsync(keeper, HttpMethod.Patch, "Users/steward", Patch("""{"op": "add", "path": "roles", "value": [{"value": "provisioner"}]}""").ToJsonString(), 400);
    }

    // A machine that proved itself and was given the scope.
    private static async Task<HttpClient> ClientAsync(ProviderHost host, string scope)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        using var http = host.Operator();
        (await http.PostAsJsonAsync("/api/v1/clients", new { id = "hr", name = "人事", grants = (string[])["client-credentials"], scopes = (string[])[scope], keys = new { keys = new[] { new { kty = "EC", crv = "P-256", x = B64(point.X!), y = B64(point.Y!) } } } })).EnsureSuccessStatusCode();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var unsigned = $"{B64(JsonSerializer.SerializeToUtf8Bytes(new { alg = "ES256" }))}.{B64(JsonSerializer.SerializeToUtf8Bytes(new { iss = "hr", sub = "hr", aud = host.Url + "/", jti = Guid.NewGuid().ToString(), exp = now + 60 }))}";
        var assertion = $"{unsigned}.{B64(key.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256))}";
        var answer = await http.PostAsync("/connect/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["scope"] = scope, ["client_id"] = "hr", ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", ["client_assertion"] = assertion,
        }));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        return new HttpClient { BaseAddress = new Uri(host.Url + "/scim/v2/"), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("access_token").GetString()) } };
    }

    private static string B64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static async Task<JsonObject> SendAsync(HttpClient http, HttpMethod method, string path, string? body = null, int expected = 200, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/scim+json");
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == (int)answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        if (expected >= 400)
            Assert.Contains("urn:ietf:params:scim:api:messages:2.0:Error", text, StringComparison.Ordinal);
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }
}
