using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What a program is given by a code, over time and by post, and where its pages let a browser go on to.</summary>
public sealed class CodeFlowTests
{
    private const string Back = "https://app.example.gov.cn/back", Verifier = "a-verifier-of-more-than-forty-three-characters-long";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Refresh_tokens_do_not_outlive_the_first(string kind)
    {
        var clock = new HandClock();
        await using var host = await ProviderHost.StartAsync(kind, clock: clock);
        using var http = await SignedInAsync(host, "leader", own: true);
        var given = await TokenAsync(http, new() { ["grant_type"] = "authorization_code", ["code"] = await CodeAsync(http), ["redirect_uri"] = Back, ["code_verifier"] = Verifier });
        for (var day = 0; day < 13; day += 6)
        {
            given = await TokenAsync(http, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = given.GetProperty("refresh_token").GetString()! });
            clock.Now += TimeSpan.FromDays(6);
        }
        var late = await http.PostAsync("/connect/token", new FormUrlEncodedContent(new Dictionary<string, string> { ["client_id"] = "app", ["grant_type"] = "refresh_token", ["refresh_token"] = given.GetProperty("refresh_token").GetString()! }));
        Assert.Equal("invalid_grant", (await late.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_program_acts_in_the_main_post_and_says_when_its_person_proved_who_they_are()
    {
        var clock = new HandClock();
        await using var host = await ProviderHost.StartAsync("sqlite", clock: clock);
        Assert.Null(await host.App.Services.GetRequiredService<UserCentre>().GiveAsync(Policy.Operator, new Post("", "leader", "zj-data", "", ["steward"], "main", "2026-01-01", null, null)));
        using var http = await SignedInAsync(host, "leader", own: true);
        clock.Now += TimeSpan.FromMinutes(3);
        var given = await TokenAsync(http, new() { ["grant_type"] = "authorization_code", ["code"] = await CodeAsync(http), ["redirect_uri"] = Back, ["code_verifier"] = Verifier });
        var claims = JsonDocument.Parse(Convert.FromBase64String(given.GetProperty("id_token").GetString()!.Split('.')[1].Replace('-', '+').Replace('_', '/') is var text ? text.PadRight((text.Length + 3) / 4 * 4, '=') : "")).RootElement;
        Assert.Equal((clock.Now - TimeSpan.FromMinutes(3)).ToUnixTimeSeconds(), claims.GetProperty("auth_time").GetInt64());
        using var program = new HttpClient { BaseAddress = new Uri(host.Url), DefaultRequestHeaders = { { "Authorization", "Bearer " + given.GetProperty("access_token").GetString() } } };
        var who = (await program.GetFromJsonAsync<Person>("/api/v1/session"))!;
        Assert.Equal(("zj-data", "steward"), (who.Unit, string.Join(' ', who.Roles)));
    }

    [Fact]
    public async Task The_consent_page_lets_its_form_go_on_to_the_program_alone()
    {
        await using var host = await ProviderHost.StartAsync("sqlite");
        using var http = await SignedInAsync(host, "leader", own: false);
        var answer = await http.GetAsync(Ask());
        Assert.Contains("form-action 'self' https://app.example.gov.cn;", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private static string Ask() =>
        $"/connect/authorize?client_id=app&response_type=code&scope={Uri.EscapeDataString("openid offline_access role:leader role:steward")}&redirect_uri={Uri.EscapeDataString(Back)}&code_challenge_method=S256&code_challenge={Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";

    private static async Task<string> CodeAsync(HttpClient http)
    {
        var answer = await http.GetAsync(Ask());
        Assert.Equal(302, (int)answer.StatusCode);
        return HttpUtility.ParseQueryString(answer.Headers.Location!.Query)["code"]!;
    }

    private static async Task<JsonElement> TokenAsync(HttpClient http, Dictionary<string, string> form)
    {
        form["client_id"] = "app";
        var answer = await http.PostAsync("/connect/token", new FormUrlEncodedContent(form));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        return body;
    }

    // A browser that follows nothing, with a program beside it.
    private static async Task<HttpClient> SignedInAsync(ProviderHost host, string login, bool own)
    {
        using var keeper = host.Operator();
        (await keeper.PostAsJsonAsync("/api/v1/clients", new { id = "app", name = "演示应用", grants = (string[])["code"], scopes = (string[])["openid", "offline_access", "role:leader", "role:steward"], redirects = (string[])[Back], own })).EnsureSuccessStatusCode();
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(host.Url) };
        (await http.PostAsJsonAsync("/api/v1/session", new { login, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        return http;
    }
}
