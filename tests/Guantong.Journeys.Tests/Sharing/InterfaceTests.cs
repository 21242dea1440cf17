using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Gateway;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guantong.Tests;

/// <summary>The gateway stands in front of a unit's own interface: it passes on what a grant opens, keeps answers where it may, and leaves alone what keeps failing.</summary>
public sealed class InterfaceTests
{
    /// <summary>A unit's own server of the test's making.</summary>
    private sealed class Provider : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Provider(WebApplication app) => _app = app;

        public string Address => _app.Urls.First();

        public int Calls { get; private set; }

        public int Tokens { get; private set; }

        public bool Fails { get; set; }

        public string? Authorization { get; private set; }

        public string? Key { get; private set; }

        public static async Task<Provider> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
            var app = builder.Build();
            var provider = new Provider(app);
            app.Run(provider.AnswerAsync);
            await app.StartAsync();
            return provider;
        }

        private async Task AnswerAsync(HttpContext http)
        {
            if (http.Request.Path == "/token")
            {
                var form = await http.Request.ReadFormAsync();
                if (form["grant_type"] == "client_credentials" && http.Request.Headers.Authorization == "Basic Z2F0ZXdheTpjb25maWRlbnRpYWw=")
                    await http.Response.WriteAsJsonAsync(new { access_token = $"token-{++Tokens}", token_type = "Bearer", expires_in = 300 });
                else
                    http.Response.StatusCode = 401;
                return;
            }
            Calls++;
            (Authorization, Key) = (http.Request.Headers.Authorization, http.Request.Headers["X-API-Key"]);
            if (Fails)
            {
                http.Response.StatusCode = 500;
                await http.Response.WriteAsync("   at Secret.Stack.Trace()");
            }
            else if (http.Request.Path == "/base/one")
                await http.Response.WriteAsJsonAsync(new { id = "330106199001011230", name = "欧阳示例", secret = "x", asked = http.Request.Query["q"].ToString() });
            else if (http.Request.Path == "/base/list")
                await http.Response.WriteAsJsonAsync(new { data = new[] { new { id = "330106199001011230", secret = "x" } }, total = 1, note = "secret" });
            else if (http.Request.Path == "/base/text")
                await http.Response.WriteAsync("id secret");
            else if (http.Request.Path == "/base/echo")
                await http.Response.WriteAsJsonAsync(new { name = await new StreamReader(http.Request.Body).ReadToEndAsync() });
            else
                http.Response.StatusCode = 404;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }

    private static async Task<JsonElement> OkAsync(HttpResponseMessage answer)
    {
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {said}");
        return said.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(said);
    }

    private static async Task<string> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;

    // Registered by ecology, asked for by transport, agreed to by ecology; gives the grant and a program of transport's.
    private static async Task<(string Grant, HttpClient Program)> GrantedAsync(RunningPlatform platform, Provider provider, string[] fields, int cache = 0, string state = "live", string? sunset = null, string[]? clear = null)
    {
        await platform.Services.GetRequiredService<Connections>().PutAsync(new Connection("permit-office", "http", provider.Address + "/base", Auth: "bearer"), "upstream-token", Policy.Operator);
        using var ecology = await platform.SignInAsync("steward-ecology");
        await OkAsync(await ecology.PutAsJsonAsync("/api/v1/sharing/interfaces/permits", new
        {
            id = "permits", name = "许可查询", about = "", unit = "zj-ecology", version = "1.2.0", connection = "permit-office", share = "conditional", grade = 2,
            fields = (object[])[new { id = "id", name = "证件号", personal = "identity" }, new { id = "name", name = "姓名", personal = "name" }, new { id = "secret", name = "内部意见" }, new { id = "asked", name = "条件" }],
            mock = """{"id": "示例"}""", state, sunset, successor = (string?)null,
        }));
        using var transport = await platform.SignInAsync("worker-transport");
        var terms = new { purpose = "handling", @for = "核对示例许可", fields, matter = "environment.air-quality/air-report", forms = (string[])["service"], perMinute = 6000, cacheSeconds = cache, clear = clear ?? [] };
        var asked = await OkAsync(await transport.PostAsJsonAsync("/api/v1/sharing/requests", new { about = "interface:permits", terms }));
        var id = asked.GetProperty("request").GetProperty("id").GetString();
        using var leader = await platform.SignInAsync("leader-ecology");
        var file = await OkAsync(await leader.PostAsJsonAsync($"/api/v1/sharing/requests/{id}/decide", new { agree = true }));
        if (file.GetProperty("request").GetProperty("state").GetString() == "open")
        {
            using var bureau = await platform.SignInAsync("data-bureau");
            file = await OkAsync(await bureau.PostAsJsonAsync($"/api/v1/sharing/requests/{id}/decide", new { agree = true }));
        }
        var program = platform.Anonymous();
        program.DefaultRequestHeaders.Add("X-API-Key", (await OkAsync(await transport.PostAsJsonAsync("/api/v1/sharing/keys", new { name = "示例" }))).GetProperty("key").GetString());
        program.DefaultRequestHeaders.Add(GatewayCall.PurposeHeader, "handling");
        program.DefaultRequestHeaders.Add(GatewayCall.MatterHeader, "environment.air-quality/air-report");
        return (file.GetProperty("grant").GetProperty("id").GetString()!, program);
    }

    [Fact]
    public async Task A_changed_connection_is_used_soon_and_one_token_serves_its_calls_until_it_ends()
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync("sqlite", clock: clock);
        await using var provider = await Provider.StartAsync();
        var (grant, program) = await GrantedAsync(platform, provider, ["id", "asked"]);
        using var _ = program;
        await OkAsync(await program.GetAsync($"/gateway/{grant}/service/one"));
        Assert.Equal("Bearer upstream-token", provider.Authorization);
        var connections = platform.Services.GetRequiredService<Connections>();
        var changed = new Connection("permit-office", "http", provider.Address + "/base", Login: "gateway", Auth: "oauth2", TokenAddress: provider.Address + "/token");
        await connections.PutAsync(changed, "confidential", Policy.Operator);
        clock.Now += TimeSpan.FromSeconds(11);
        for (var i = 0; i < 3; i++)
            await OkAsync(await program.GetAsync($"/gateway/{grant}/service/one"));
        Assert.Equal(("Bearer token-1", 1), (provider.Authorization, provider.Tokens));
        clock.Now += TimeSpan.FromSeconds(280);
        await OkAsync(await program.GetAsync($"/gateway/{grant}/service/one"));
        Assert.Equal(("Bearer token-2", 2), (provider.Authorization, provider.Tokens));
        // Where no token is had, nothing is asked.
        await connections.PutAsync(changed, "wrong", Policy.Operator);
        clock.Now += TimeSpan.FromSeconds(11);
        var before = provider.Calls;
        using var refused = await program.GetAsync($"/gateway/{grant}/service/one");
        Assert.Equal((HttpStatusCode.BadGateway, "interface-unreachable", before), (refused.StatusCode, await CodeAsync(refused), provider.Calls));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_call_reaches_the_interface_and_brings_back_the_granted_fields_alone(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await using var provider = await Provider.StartAsync();
        var (grant, program) = await GrantedAsync(platform, provider, ["id", "name", "asked"], clear: ["name"]);
        using var _ = program;
        using var answer = await program.GetAsync($"/gateway/{grant}/service/one?q=1");
        Assert.Equal("""{"id":"3301**************","name":"欧阳示例","asked":"1"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("1.2.0", answer.Headers.GetValues("Guantong-Version").Single());
        // What proves the caller stays here; what proves the gateway goes there.
        Assert.Equal(("Bearer upstream-token", ""), (provider.Authorization, provider.Key ?? ""));
        Assert.Equal("""{"data":[{"id":"3301**************"}],"total":1}""", await program.GetStringAsync($"/gateway/{grant}/service/list"));
        using (var text = await program.GetAsync($"/gateway/{grant}/service/text"))
            Assert.Equal((HttpStatusCode.BadGateway, "interface-form"), (text.StatusCode, await CodeAsync(text)));
        using (var echo = await program.PostAsync($"/gateway/{grant}/service/echo", new StringContent("甲")))
            Assert.Equal("""{"name":"甲"}""", await echo.Content.ReadAsStringAsync());
        using (var gone = await program.GetAsync($"/gateway/{grant}/service/nothing"))
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        var before = provider.Calls;
        foreach (var path in (string[])["%2e%2e/admin", "a%2f..%2fadmin", "a//b", "a;b=c", "..%5cadmin", "%252e%252e/x"])
        {
            using var refused = await program.GetAsync($"/gateway/{grant}/service/{path}");
            Assert.True((int)refused.StatusCode is 400 or 404, $"{path}: {refused.StatusCode}");
        }
        Assert.Equal(before, provider.Calls);
        await platform.Services.GetRequiredService<CallJournal>().CatchUpAsync();
        Assert.Contains(await platform.Services.GetRequiredService<Ledger>().AboutAsync($"grant:{grant}"), e => e.Action == "gateway.service" && e.Unit == "zj-transport");
    }

    [Fact]
    public async Task Answers_are_kept_where_the_grant_allows_and_an_interface_that_keeps_failing_is_left_alone()
    {
        var clock = new StandingClock();
        await using var platform = await RunningPlatform.StartAsync("sqlite", clock: clock);
        await using var provider = await Provider.StartAsync();
        var (grant, program) = await GrantedAsync(platform, provider, ["id", "name"], cache: 60, state: "deprecated", sunset: "2027-03-31");
        using var _ = program;
        for (var i = 0; i < 3; i++)
        {
            using var answer = await program.GetAsync($"/gateway/{grant}/service/one?q=1");
            Assert.Equal("Wed, 31 Mar 2027 00:00:00 GMT", answer.Headers.GetValues("Sunset").Single());
            Assert.Contains("欧**", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(1, provider.Calls);
        provider.Fails = true;
        var codes = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            using var answer = await program.GetAsync($"/gateway/{grant}/service/one?q=f{i}");
            var said = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain("Stack", said, StringComparison.Ordinal);
            codes.Add(JsonSerializer.Deserialize<JsonElement>(said).GetProperty("code").GetString()!);
        }
        Assert.Equal("interface-failed", codes[0]);
        Assert.Equal("interface-resting", codes[^1]);
        Assert.True(provider.Calls < 30, $"{provider.Calls} calls");
        await platform.Services.GetRequiredService<ServiceCounts>().KeepAsync();
        using var bureau = await platform.SignInAsync("data-bureau");
        var level = (await bureau.GetFromJsonAsync<JsonElement>("/api/v1/sharing/service"))[0];
        Assert.Equal(("interface:permits", 43, 40, 2), (level.GetProperty("about").GetString(), level.GetProperty("calls").GetInt32(), level.GetProperty("failed").GetInt32(), level.GetProperty("cached").GetInt32()));
        Assert.True(level.GetProperty("p99").GetDouble() > 0);
        // It is tried again after its rest.
        provider.Fails = false;
        clock.Now += TimeSpan.FromSeconds(6);
        using var again = await program.GetAsync($"/gateway/{grant}/service/one?q=again");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task An_interface_is_registered_by_its_own_unit_over_a_connection_that_stands()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", clock: new StandingClock());
        using var ecology = await platform.SignInAsync("steward-ecology");
        object Given(string unit, string connection, string version = "1.0.0") => new { id = "x", name = "示例", about = "", unit, version, connection, share = "conditional", grade = 2, fields = (object[])[new { id = "a", name = "甲" }], mock = "{", state = "deprecated", sunset = (string?)null, successor = "nothing" };
        var problem = await (await ecology.PutAsJsonAsync("/api/v1/sharing/interfaces/Bad_Id", Given("zj-ecology", "nowhere", "1"))).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["connection", "id", "mock", "successor", "sunset", "version"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order());
        await platform.Services.GetRequiredService<Connections>().PutAsync(new Connection("somewhere", "http", "http://127.0.0.1:9"), null, Policy.Operator);
        var other = new { id = "x", name = "示例", about = "", unit = "zj-transport", version = "1.0.0", connection = "somewhere", share = "conditional", grade = 2, fields = (object[])[new { id = "a", name = "甲" }], mock = (string?)null, state = "live", sunset = (string?)null, successor = (string?)null };
        Assert.Equal(HttpStatusCode.Forbidden, (await ecology.PutAsJsonAsync("/api/v1/sharing/interfaces/x", other)).StatusCode);
    }
}
