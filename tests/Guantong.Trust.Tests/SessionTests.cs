using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Sessions: kept as hashes, listed, ended at once, renewed so that nobody can plant one, over with time.</summary>
public sealed class SessionTests
{
    private static string? Cookie(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.FirstOrDefault(c => c.StartsWith("guantong=", StringComparison.Ordinal)) : null;

    private static async Task<HttpStatusCode> StandsAsync(HttpClient http) => (await http.GetAsync("/api/v1/session")).StatusCode;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_store_and_the_ledger_hold_no_token(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        await host.AddAsync("heron", "case-worker");
        using var http = host.Browser();
        var cookie = Cookie(await TrustHost.TryAsync(http, "heron", TrustHost.Password))!;
        var token = cookie[9..cookie.IndexOf(';')];
        Assert.Matches("^[0-9a-f]{64}$", token);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        var kept = await host.Get<Store>().ReadAsync(c => c.QueryAsync<string>("SELECT id || hash || device FROM session UNION ALL SELECT about || detail FROM ledger"));
        Assert.All(kept, row => Assert.DoesNotContain(token, row, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await StandsAsync(http));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_person_lists_their_sessions_and_ends_one_and_then_all_others_at_once(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        await host.AddAsync("heron", "case-worker");
        await host.AddAsync("egret", "case-worker");
        using var here = await host.SignInAsync("heron");
        using var there = await host.SignInAsync("heron");
        using var far = await host.SignInAsync("heron");
        using var other = await host.SignInAsync("egret");
        foreach (var http in (HttpClient[])[here, there, far, other])
            Assert.Equal(HttpStatusCode.OK, await StandsAsync(http));
        var list = await here.GetFromJsonAsync<JsonElement>("/api/v1/sessions");
        Assert.Equal(3, list.GetProperty("items").GetArrayLength());
        var theirs = (await there.GetFromJsonAsync<JsonElement>("/api/v1/sessions")).GetProperty("current").GetString();
        // Another's session is not there to be ended.
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync($"/api/v1/sessions/{theirs}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await here.DeleteAsync($"/api/v1/sessions/{theirs}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StandsAsync(there));
        Assert.Equal(HttpStatusCode.NoContent, (await here.DeleteAsync("/api/v1/sessions")).StatusCode);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StandsAsync(here), await StandsAsync(far), await StandsAsync(other)));
        Assert.Equal(HttpStatusCode.NoContent, (await here.DeleteAsync("/api/v1/session")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StandsAsync(here));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_session_ended_on_one_node_is_over_on_another_ten_seconds_later(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        await using var node = await TrustHost.StartAsync(store, host);
        await host.AddAsync("heron", "case-worker");
        using var http = host.Browser();
        var token = Cookie(await TrustHost.TryAsync(http, "heron", TrustHost.Password))!.Split(';')[0];
        using var elsewhere = node.Browser();
        elsewhere.DefaultRequestHeaders.Add("Cookie", token);
        Assert.Equal(HttpStatusCode.OK, await StandsAsync(elsewhere));
        await http.DeleteAsync("/api/v1/sessions?all=true");
        host.Clock.Now += TimeSpan.FromSeconds(10);
        Assert.Equal(HttpStatusCode.Unauthorized, await StandsAsync(elsewhere));
    }

    [Fact]
    public async Task Signing_in_and_proving_again_change_the_token_and_the_one_before_is_worth_nothing()
    {
        await using var host = await TrustHost.StartAsync("sqlite");
        await host.AddAsync("heron", "case-worker");
        using var planted = host.Browser();
        planted.DefaultRequestHeaders.Add("Cookie", "guantong=" + new string('a', 64));
        var first = Cookie(await TrustHost.TryAsync(planted, "heron", TrustHost.Password))!.Split(';')[0];
        Assert.DoesNotContain("aaaa", first, StringComparison.Ordinal);
        using var planter = host.Browser();
        planter.DefaultRequestHeaders.Add("Cookie", "guantong=" + new string('a', 64));
        Assert.Equal(HttpStatusCode.Unauthorized, await StandsAsync(planter));

        using var http = host.Browser();
        http.DefaultRequestHeaders.Add("Cookie", first);
        Assert.Equal(HttpStatusCode.OK, await StandsAsync(http));
        var proved = Cookie(await http.PutAsJsonAsync("/api/v1/session", new { password = TrustHost.Password }))!.Split(';')[0];
        Assert.NotEqual(first, proved);
        using var stale = host.Browser();
        stale.DefaultRequestHeaders.Add("Cookie", first);
        Assert.Equal(HttpStatusCode.Unauthorized, await StandsAsync(stale));
    }

    [Fact]
    public async Task A_session_left_alone_for_an_hour_is_over_and_so_is_one_of_twelve_hours_in_use()
    {
        await using var host = await TrustHost.StartAsync("sqlite");
        await host.AddAsync("heron", "case-worker");
        using var idle = await host.SignInAsync("heron");
        host.Clock.Now += TimeSpan.FromMinutes(61);
        Assert.Equal(HttpStatusCode.Unauthorized, await StandsAsync(idle));
        using var busy = await host.SignInAsync("heron");
        for (var hours = 0.0; hours < 11.5; hours += 0.5)
        {
            host.Clock.Now += TimeSpan.FromMinutes(30);
            Assert.Equal(HttpStatusCode.OK, await StandsAsync(busy));
        }
        host.Clock.Now += TimeSpan.FromMinutes(30);
        Assert.Equal(HttpStatusCode.Unauthorized, await StandsAsync(busy));
    }

    [Fact]
    public async Task A_graded_act_wants_proof_of_the_last_ten_minutes()
    {
        await using var host = await TrustHost.StartAsync("sqlite");
        await host.AddAsync("steward", "steward");
        using var http = await host.SignInAsync("steward");
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsJsonAsync("/api/v1/keys", new { name = "gauge", roles = new[] { "steward" } })).StatusCode);
        host.Clock.Now += TimeSpan.FromMinutes(11);
        var refused = await http.PostAsJsonAsync("/api/v1/keys", new { name = "gauge", roles = new[] { "steward" } });
        Assert.Equal((HttpStatusCode.Unauthorized, "step-up-needed"), (refused.StatusCode, await TrustHost.CodeOf(refused)));
        Assert.Equal("wrong-password", await TrustHost.CodeOf(await http.PutAsJsonAsync("/api/v1/session", new { password = "not this one" })));
        Assert.Equal(HttpStatusCode.NoContent, (await http.PutAsJsonAsync("/api/v1/session", new { password = TrustHost.Password })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsJsonAsync("/api/v1/keys", new { name = "gauge", roles = new[] { "steward" } })).StatusCode);
    }

    [Fact]
    public async Task The_demonstration_s_people_sign_in_only_where_the_demonstration_is_on()
    {
        await using var host = await TrustHost.StartAsync("sqlite");
        await host.Get<Accounts>().SeedAsync([new Person("worker", "演示·甲", "Demo", "official", null, "330000", ["case-worker"])]);
        Assert.True(await host.Get<Accounts>().HoldsDemoAsync());
        using var http = host.Browser();
        Assert.Equal("wrong-password", await TrustHost.CodeOf(await TrustHost.TryAsync(http, "worker", Accounts.DemoPassword)));
        var shown = new Accounts(host.Get<Store>(), host.Clock, new Demonstration(true), host.Get<Jurisdiction>());
        Assert.NotNull(await shown.CheckAsync("worker", Accounts.DemoPassword));
        Assert.Equal(1, await shown.RemoveDemoAsync(Policy.Operator));
        Assert.Null(await shown.CheckAsync("worker", Accounts.DemoPassword));
        Assert.False(await shown.HoldsDemoAsync());
    }
}
