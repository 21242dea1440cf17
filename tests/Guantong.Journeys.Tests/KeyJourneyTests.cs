using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Keys of machines: issued by a steward, good for what they were issued for, ended at once.</summary>
public sealed class KeyJourneyTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_key_stands_for_its_machine_until_it_is_revoked_and_the_ledger_never_holds_it(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var steward = await platform.SignInAsync("steward");
        var issued = await (await steward.PostAsJsonAsync("/api/v1/keys", new { name = "gauge", roles = new[] { "steward" } })).Content.ReadFromJsonAsync<JsonElement>();
        var (id, key) = (issued.GetProperty("id").GetString()!, issued.GetProperty("key").GetString()!);
        using var machine = await MachineAsync(platform, key);
        var who = await machine.GetFromJsonAsync<JsonElement>("/api/v1/session");
        Assert.Equal(($"key:{id}", "gauge", "machine"), (who.GetProperty("login").GetString(), who.GetProperty("name").GetString(), who.GetProperty("kind").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await machine.GetAsync("/api/v1/status")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await machine.GetAsync("/api/v1/ledger")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await machine.PostAsJsonAsync("/api/v1/loads", new { pack = "environment.air-quality", folder = "/" })).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await steward.DeleteAsync($"/api/v1/keys/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await machine.GetAsync("/api/v1/status")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await steward.DeleteAsync($"/api/v1/keys/{id}")).StatusCode);

        using var auditor = await platform.SignInAsync("auditor");
        var ledger = await auditor.GetStringAsync("/api/v1/ledger?take=500");
        Assert.Contains("key.issued", ledger, StringComparison.Ordinal);
        Assert.Contains("key.revoked", ledger, StringComparison.Ordinal);
        Assert.DoesNotContain(key, ledger, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_can_do_no_more_than_the_one_who_issues_it_and_an_unknown_key_nothing()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var steward = await platform.SignInAsync("steward");
        Assert.Equal(HttpStatusCode.Forbidden, (await steward.PostAsJsonAsync("/api/v1/keys", new { name = "gauge", roles = new[] { "steward", "auditor" } })).StatusCode);
        using var worker = await platform.SignInAsync("worker-ecology");
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PostAsJsonAsync("/api/v1/keys", new { name = "gauge", roles = Array.Empty<string>() })).StatusCode);
        using var machine = await MachineAsync(platform, "gt_000000000000_0");
        Assert.Equal(HttpStatusCode.Unauthorized, (await machine.GetAsync("/api/v1/status")).StatusCode);
    }

    private static async Task<HttpClient> MachineAsync(RunningPlatform platform, string key)
    {
        var http = await platform.SignInAsync(null);
        http.DefaultRequestHeaders.Add("X-API-Key", key);
        return http;
    }
}
