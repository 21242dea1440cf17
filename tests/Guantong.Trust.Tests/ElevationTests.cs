using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Roles for a time (临时提权): asked for with reason and end, agreed to by another, over by themselves on every node.</summary>
public sealed class ElevationTests
{
    private static async Task<TrustHost> StartAsync(string store)
    {
        var host = await TrustHost.StartAsync(store);
        await host.AddAsync("heron", "steward");
        await host.AddAsync("guard", "security");
        await host.AddAsync("duty-1", "operator");
        return host;
    }

    private static async Task<string> AnswerAsync(Task<HttpResponseMessage> call)
    {
        var answer = await call;
        return answer.IsSuccessStatusCode ? "ok" : await TrustHost.CodeOf(answer);
    }

    private static Task<HttpResponseMessage> AskAsync(TrustHost host, HttpClient http, string role, double hours, string reason = "数据库升级值守") =>
        http.PostAsJsonAsync("/api/v1/elevations", new { role, until = host.Clock.Now + TimeSpan.FromHours(hours), reason });

    private static async Task BeginAsync(TrustHost host, HttpClient http, HttpClient second, string role, double hours)
    {
        var answer = await AskAsync(host, http, role, hours);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        Assert.Equal("ok", await AnswerAsync(second.PostAsJsonAsync($"/api/v1/four-eyes/{id}/agree", new { })));
    }

    private static async Task<HttpStatusCode> PeopleAsync(HttpClient http) => (await http.GetAsync("/api/v1/people")).StatusCode;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_role_is_held_until_its_end_and_no_longer_on_any_node(string store)
    {
        await using var host = await StartAsync(store);
        await using var beside = await TrustHost.StartAsync(store, host);
        using var heron = await host.SignInAsync("heron");
        using var there = await beside.SignInAsync("heron");
        using var guard = await host.SignInAsync("guard");
        Assert.Equal(["data-bureau", "designer", "editor", "operator"], (await heron.GetFromJsonAsync<JsonElement>("/api/v1/elevations/mine")).GetProperty("open").EnumerateArray().Select(o => o.GetProperty("role").GetString()!).Order());
        Assert.Equal("elevation-until", await AnswerAsync(AskAsync(host, heron, "operator", 9)));
        Assert.Equal("elevation-until", await AnswerAsync(AskAsync(host, heron, "operator", -1)));
        Assert.Equal("four-eyes-reason", await AnswerAsync(AskAsync(host, heron, "operator", 2, "x")));
        Assert.Equal("elevation-who", await AnswerAsync(AskAsync(host, heron, "security", 2)));
        Assert.Equal("elevation-role", await AnswerAsync(AskAsync(host, heron, "case-worker", 2)));
        Assert.Equal(HttpStatusCode.Forbidden, await PeopleAsync(heron));
        await BeginAsync(host, heron, guard, "operator", 2);
        Assert.Equal(HttpStatusCode.OK, await PeopleAsync(heron));
        host.Clock.Now += TimeSpan.FromSeconds(11);
        Assert.Equal(HttpStatusCode.OK, await PeopleAsync(there));

        var me = await heron.GetFromJsonAsync<JsonElement>("/api/v1/session");
        Assert.Equal("operator", me.GetProperty("elevated")[0].GetProperty("role").GetString());
        var why = await heron.GetFromJsonAsync<JsonElement>("/api/v1/why?act=people.manage&lang=en");
        Assert.Contains("held for a time until 2026-03-02 11:00", why.GetProperty("why")[1].GetString(), StringComparison.Ordinal);
        Assert.Single((await guard.GetFromJsonAsync<JsonElement>("/api/v1/elevations")).EnumerateArray());
        // What is held for a time is passed on to no key and to no program that acts for the person.
        Assert.Equal("key-beyond", await AnswerAsync(heron.PostAsJsonAsync("/api/v1/keys", new { name = "k", roles = new[] { "operator" } })));
        Assert.Equal(["steward"], (await host.Get<Accounts>().ActingAsync("heron", null))!.Roles);

        // Both nodes have just looked; at the end it is over all the same.
        host.Clock.Now = new DateTimeOffset(2026, 3, 2, 2, 59, 59, TimeSpan.Zero);
        using var again = await host.SignInAsync("heron");
        using var againThere = await beside.SignInAsync("heron");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await PeopleAsync(again), await PeopleAsync(againThere)));
        host.Clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (await PeopleAsync(again), await PeopleAsync(againThere)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task It_is_given_back_or_ended_before_its_time_and_the_ledger_says_all_of_it(string store)
    {
        await using var host = await StartAsync(store);
        await host.AddAsync("ibis", "steward");
        using var heron = await host.SignInAsync("heron");
        using var ibis = await host.SignInAsync("ibis");
        using var guard = await host.SignInAsync("guard");
        async Task<string> IdAsync(HttpClient http) => (await http.GetFromJsonAsync<JsonElement>("/api/v1/session")).GetProperty("elevated")[0].GetProperty("id").GetString()!;
        await BeginAsync(host, heron, guard, "operator", 2);
        Assert.Equal("elevation-held", await AnswerAsync(AskAsync(host, heron, "operator", 2)));
        Assert.Equal(HttpStatusCode.NotFound, (await ibis.DeleteAsync($"/api/v1/elevations/{await IdAsync(heron)}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await heron.DeleteAsync($"/api/v1/elevations/{await IdAsync(heron)}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await PeopleAsync(heron));
        await BeginAsync(host, ibis, guard, "operator", 2);
        Assert.Equal(HttpStatusCode.NoContent, (await guard.DeleteAsync($"/api/v1/elevations/{await IdAsync(ibis)}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await PeopleAsync(ibis));
        Assert.Equal(["heron four-eyes.asked", "guard four-eyes.agreed", "heron elevation.begun", "heron four-eyes.done", "heron elevation.given-back",
            "ibis four-eyes.asked", "guard four-eyes.agreed", "ibis elevation.begun", "ibis four-eyes.done", "guard elevation.ended"],
            await host.Get<Store>().ReadAsync(c => c.QueryAsync<string>("SELECT actor || ' ' || action FROM ledger WHERE action LIKE 'four-eyes.%' OR action LIKE 'elevation.%' ORDER BY seq")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whoever_holds_a_role_for_a_time_agrees_to_nothing_by_it_and_asks_for_no_other_by_it(string store)
    {
        await using var host = await StartAsync(store);
        await host.AddAsync("ibis", "steward");
        using var heron = await host.SignInAsync("heron");
        using var ibis = await host.SignInAsync("ibis");
        using var guard = await host.SignInAsync("guard");
        await BeginAsync(host, heron, guard, "operator", 2);
        var asked = await (await AskAsync(host, ibis, "operator", 2)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("four-eyes-role", await AnswerAsync(heron.PostAsJsonAsync($"/api/v1/four-eyes/{asked.GetProperty("id").GetString()}/agree", new { })));
        // A stale sign-in begins nothing.
        host.Clock.Now += TimeSpan.FromMinutes(11);
        Assert.Equal("step-up-needed", await AnswerAsync(AskAsync(host, ibis, "designer", 2)));
        Assert.Equal("step-up-needed", await AnswerAsync(guard.PostAsJsonAsync($"/api/v1/four-eyes/{asked.GetProperty("id").GetString()}/agree", new { })));
    }
}
