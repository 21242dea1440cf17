using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Guantong.Trust.Provider;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>The provider's keys: kept for one user's eyes, turned over in time, replaced after a theft; and its settings.</summary>
public sealed class SigningKeyTests
{
    private sealed class Hand(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;
        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    public void A_key_is_published_before_it_signs_and_kept_until_nothing_needs_it()
    {
        var data = Directory.CreateTempSubdirectory("guantong-keys-").FullName;
        var clock = new Hand(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        using var keys = new SigningKeys(new ProviderSettings(data), clock);
        var first = Assert.Single(keys.TurnOver());
        Assert.Equal(first, keys.Current);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, "openid", first + ".pem")));
        Assert.Empty(keys.TurnOver());
        clock.Now += SigningKeys.Term - SigningKeys.Notice;
        var second = Assert.Single(keys.TurnOver());
        Assert.Equal((first, 2), (keys.Current, Directory.GetFiles(Path.Combine(data, "openid")).Length));
        clock.Now += SigningKeys.Notice;
        Assert.Equal(second, keys.Current);
        clock.Now += SigningKeys.Keep;
        keys.TurnOver();
        Assert.Equal(second + ".pem", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(data, "openid")))));
        Directory.Delete(data, true);
    }

    [Fact]
    public async Task After_a_theft_the_former_key_s_tokens_end_and_the_new_one_is_published()
    {
        await using var host = await ProviderHost.StartAsync("sqlite");
        using var http = host.Operator();
        async Task<string[]> KidsAsync() =>
            [.. (await http.GetFromJsonAsync<JsonElement>("/.well-known/jwks")).GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString()!)];
        var before = Assert.Single(await KidsAsync());
        var answer = await http.PostAsJsonAsync("/api/v1/signing-keys", new { dropFormer = true });
        var made = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString();
        Assert.Equal([made], await KidsAsync());
        Assert.NotEqual(before, made);
        Assert.Contains(await host.App.Services.GetRequiredService<Ledger>().AboutAsync($"signing-key:{made}"), e => e.Action == "signing-key.replaced-and-dropped");
    }

    [Fact]
    public void A_door_for_certificates_without_an_issuer_is_refused_with_the_mend()
    {
        string? Only(string name) => name == "GUANTONG_MTLS" ? "https://id.example.gov.cn:8443" : null;
        Assert.Contains("set GUANTONG_ISSUER", Assert.Throws<ConfigurationException>(() => ProviderSettings.Read("data", Only)).Message, StringComparison.Ordinal);
        string? Both(string name) => name == "GUANTONG_ISSUER" ? "https://id.example.gov.cn" : Only(name);
        Assert.Contains("GUANTONG_MTLS_CERTIFICATE", Assert.Throws<ConfigurationException>(() => ProviderSettings.Read("data", Both)).Message, StringComparison.Ordinal);
        Assert.Contains("GUANTONG_ISSUER", Assert.Throws<ConfigurationException>(() => ProviderSettings.Read("data", _ => "id.example")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_cannot_be_kept_safe_is_refused_at_the_field()
    {
        await using var host = await ProviderHost.StartAsync("sqlite");
        using var http = host.Operator();
        async Task<JsonElement> FaultsAsync(object client)
        {
            var answer = await http.PostAsJsonAsync("/api/v1/clients", client);
            Assert.Equal(422, (int)answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        }
        Assert.True((await FaultsAsync(new { name = "x", grants = (string[])["password"] })).TryGetProperty("grants", out _));
        Assert.True((await FaultsAsync(new { name = "x", grants = (string[])["code"], redirects = (string[])["http://app.example/back"] })).TryGetProperty("redirects", out _));
        Assert.True((await FaultsAsync(new { name = "x", grants = (string[])["client-credentials"], secret = true })).TryGetProperty("keys", out _));
        Assert.True((await FaultsAsync(new { name = "x", grants = (string[])["device"], scopes = (string[])["role:emperor"] })).TryGetProperty("scopes", out _));
        // No more than one's own roles.
        var jwk = new { keys = new[] { new { kty = "EC", crv = "P-256", x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" } } };
        using var duty = await SignInAsync(host, "duty");
        foreach (var (scope, expected) in ((string, int)[])[("role:designer", 422), ("openid", 200), ("role:operator", 202), ("scim", 202)])
            Assert.Equal(expected, (int)(await duty.PostAsJsonAsync("/api/v1/clients", new { name = "x", reason = "夜间对账", grants = (string[])["client-credentials"], scopes = (string[])[scope], keys = jwk })).StatusCode);
        using var steward = await SignInAsync(host, "steward");
        Assert.Equal(403, (int)(await steward.PostAsJsonAsync("/api/v1/clients", new { name = "x" })).StatusCode);
        Assert.Equal(403, (int)(await steward.PostAsJsonAsync("/api/v1/signing-keys", new { dropFormer = false })).StatusCode);
    }

    [Fact]
    public async Task What_wants_fresh_proof_is_done_by_a_person_who_just_gave_it_and_by_nothing_that_stands_for_one()
    {
        var clock = new Hand(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await ProviderHost.StartAsync("sqlite", clock: clock);
        using var duty = await SignInAsync(host, "duty");
        Assert.Equal(200, (int)(await duty.PostAsJsonAsync("/api/v1/signing-keys", new { dropFormer = false })).StatusCode);
        clock.Now += TimeSpan.FromMinutes(11);
        Assert.Equal(401, (int)(await duty.PostAsJsonAsync("/api/v1/signing-keys", new { dropFormer = false })).StatusCode);
        using var machine = new HttpClient { BaseAddress = new Uri(host.Url), DefaultRequestHeaders = { { "X-API-Key", (await host.App.Services.GetRequiredService<Accounts>().IssueKeyAsync(Policy.Operator, "k", ["operator", "steward"])).Key } } };
        foreach (var (path, body) in ((string, object)[])[("signing-keys", new { dropFormer = false }), ("keys", new { name = "more", roles = Array.Empty<string>() })])
        {
            var answer = await machine.PostAsJsonAsync("/api/v1/" + path, body);
            Assert.Equal((403, "no-session"), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
        }
    }

    private static async Task<HttpClient> SignInAsync(ProviderHost host, string login)
    {
        var http = new HttpClient(new HttpClientHandler()) { BaseAddress = new Uri(host.Url) };
        (await http.PostAsJsonAsync("/api/v1/session", new { login, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        return http;
    }
}
