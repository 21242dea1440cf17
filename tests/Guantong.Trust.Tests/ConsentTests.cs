using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;

namespace Guantong.Tests;

/// <summary>What a person lets programs do: seen by them alone, and over at once when they take it back.</summary>
public sealed class ConsentTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_consent_is_listed_and_taken_back_and_its_tokens_end_at_once(string kind)
    {
        await using var host = await ProviderHost.StartAsync(kind);
        using (var duty = host.Operator())
            await AllowedProgram.AddAsync(duty);
        using var mine = await AllowedProgram.SignInAsync(host.Url, "citizen-a");
        using var other = await AllowedProgram.SignInAsync(host.Url, "citizen-b");
        Assert.Empty((await mine.GetFromJsonAsync<JsonElement>("/api/v1/consents")).EnumerateArray());
        var given = await AllowedProgram.AllowAsync(mine);
        await AllowedProgram.AllowAsync(other);

        var consent = Assert.Single((await mine.GetFromJsonAsync<JsonElement>("/api/v1/consents")).EnumerateArray());
        Assert.Equal(("app", "出行助手"), (consent.GetProperty("client").GetString(), consent.GetProperty("clientName").GetString()));
        Assert.Equal(["openid", "profile", "offline_access"], consent.GetProperty("scopes").EnumerateArray().Select(w => w.GetString()));
        var id = consent.GetProperty("id").GetString();
        Assert.NotNull(consent.GetProperty("given").GetString());
        Assert.NotNull(consent.GetProperty("lastUsed").GetString());
        using var program = new HttpClient { BaseAddress = new Uri(host.Url), DefaultRequestHeaders = { { "Authorization", "Bearer " + given.GetProperty("access_token").GetString() } } };
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/session")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync($"/api/v1/consents/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/session")).StatusCode);
        // Two at once: one of them takes it back.
        var both = await Task.WhenAll(mine.DeleteAsync($"/api/v1/consents/{id}"), mine.DeleteAsync($"/api/v1/consents/{id}"));
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NotFound], both.Select(r => r.StatusCode).Order());
        Assert.Empty((await mine.GetFromJsonAsync<JsonElement>("/api/v1/consents")).EnumerateArray());
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/v1/session")).StatusCode);
        var renewed = await mine.PostAsync("/connect/token", new FormUrlEncodedContent(new Dictionary<string, string> { ["client_id"] = "app", ["grant_type"] = "refresh_token", ["refresh_token"] = given.GetProperty("refresh_token").GetString()! }));
        Assert.Equal("invalid_grant", (await renewed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
        // Another's stands, and the program has to ask again.
        Assert.Single((await other.GetFromJsonAsync<JsonElement>("/api/v1/consents")).EnumerateArray());
        Assert.Contains("name=\"decision\"", await (await mine.GetAsync(AllowedProgram.Ask)).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var (key, entries) = await host.Store.ReadAsync(async c => (await c.QueryFirstAsync<string>("SELECT key FROM person WHERE login = 'citizen-a'"),
            (await c.QueryAsync<(string Action, string? Subject)>("SELECT action, subject FROM ledger WHERE about = 'client:app' AND actor = 'citizen-a'")).ToList()));
        Assert.Contains("consent.withdrawn", entries.Select(e => e.Action));
        Assert.All(entries, e => Assert.Equal("person:" + key, e.Subject));
    }
}
