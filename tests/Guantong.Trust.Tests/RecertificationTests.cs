using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Roles are confirmed anew (定期复核); what nobody confirms in time stops counting and is not lost.</summary>
public sealed class RecertificationTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    private static async Task<TrustHost> StartAsync(string store)
    {
        var host = await TrustHost.StartAsync(store);
        await host.AddAsync("duty-1", "operator");
        await host.AddAsync("guard", "security");
        foreach (var (login, unit, roles) in ((string, string, string[])[])[("head", "zj-ecology", ["leader"]), ("heron", "zj-ecology", ["case-worker"]), ("ibis", "zj-data", ["case-worker"])])
            await host.Get<Accounts>().AddAsync(Policy.Operator, new Person(login, "测试·" + login, "Test", "official", unit, "330000", roles), TrustHost.Password);
        return host;
    }

    private static async Task<string> ListAsync(HttpClient http, string query = "") => string.Join(' ', (await http.GetFromJsonAsync<JsonElement>("/api/v1/recertification" + query)).EnumerateArray()
        .Select(c => $"{c.GetProperty("login").GetString()}:{c.GetProperty("state").GetString()}").Order());

    private static async Task<string> SayAsync(HttpClient http, string login, string what, string? post = null)
    {
        var answer = await http.PostAsJsonAsync($"/api/v1/recertification/{login}/{what}", new { post, note = "仍在岗" });
        return answer.IsSuccessStatusCode ? "ok" : await TrustHost.CodeOf(answer);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_not_confirmed_in_time_stops_counting_until_it_is(string store)
    {
        await using var host = await StartAsync(store);
        host.Clock.Now = Begin.AddDays(149);
        using (var head = await host.SignInAsync("head"))
            Assert.Equal("", await ListAsync(head));
        host.Clock.Now = Begin.AddDays(150);
        using (var head = await host.SignInAsync("head"))
        {
            // A leader sees their own unit's, and not their own.
            Assert.Equal("heron:soon", await ListAsync(head));
            Assert.Equal("recertify-who", await SayAsync(head, "ibis", "confirm"));
            Assert.Equal("recertify-self", await SayAsync(head, "head", "confirm"));
            Assert.Equal("not-found", await SayAsync(head, "nobody", "confirm"));
        }
        host.Clock.Now = Begin.AddDays(180);
        using (var head = await host.SignInAsync("head"))
            Assert.Equal("heron:due", await ListAsync(head));
        host.Clock.Now = Begin.AddDays(194).AddSeconds(-1);
        using (var heron = await host.SignInAsync("heron"))
        {
            Assert.Equal(HttpStatusCode.OK, (await heron.GetAsync("/api/v1/four-eyes")).StatusCode);
            host.Clock.Now = Begin.AddDays(194).AddSeconds(10);
            Assert.Equal(HttpStatusCode.Forbidden, (await heron.GetAsync("/api/v1/four-eyes")).StatusCode);
            var why = await heron.GetFromJsonAsync<JsonElement>("/api/v1/why?act=four-eyes.take-part&lang=en");
            Assert.Contains("do not count until they are: case worker", why.GetProperty("why")[1].GetString(), StringComparison.Ordinal);
            // The head's own are suspended too by now: the machine's operator confirms.
            await host.Get<Recertification>().ConfirmAsync(Policy.Operator, "head", null, "本机复核");
            using var head = await host.SignInAsync("head");
            Assert.Equal("heron:suspended", await ListAsync(head));
            Assert.Equal("ok", await SayAsync(head, "heron", "confirm"));
            Assert.Equal(HttpStatusCode.OK, (await heron.GetAsync("/api/v1/four-eyes")).StatusCode);
            Assert.Equal("", await ListAsync(head));
        }
        Assert.Equal(["operator role.confirmed person:head", "head role.confirmed person:heron"], await host.Get<Store>().ReadAsync(c => c.QueryAsync<string>(
            "SELECT actor || ' ' || action || ' ' || about FROM ledger WHERE action LIKE 'role.%' ORDER BY seq")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_last_operator_is_not_locked_out_for_good(string store)
    {
        await using var host = await StartAsync(store);
        host.Clock.Now = Begin.AddDays(105);
        using var duty = await host.SignInAsync("duty-1");
        using var guard = await host.SignInAsync("guard");
        Assert.Equal(HttpStatusCode.Forbidden, (await duty.GetAsync("/api/v1/people")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await guard.GetAsync("/api/v1/recertification")).StatusCode);
        // The command line of the machine, as it calls.
        var here = host.Get<Recertification>();
        Assert.Contains(await here.ForAsync(Policy.Operator), c => c is { Login: "duty-1", State: "suspended", IsMine: true });
        await here.ConfirmAsync(Policy.Operator, "duty-1", null, "仍在岗");
        Assert.Equal(HttpStatusCode.OK, (await duty.GetAsync("/api/v1/people")).StatusCode);
        // And they confirm the security officer, whom nobody else could.
        Assert.Equal("ok", await SayAsync(duty, "guard", "confirm"));
        Assert.Equal(HttpStatusCode.OK, (await guard.GetAsync("/api/v1/recertification")).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Posts_are_confirmed_one_by_one_and_what_is_withdrawn_is_over(string store)
    {
        await using var host = await StartAsync(store);
        await host.Get<UserCentre>().GiveAsync(Policy.Operator, new Post("", "heron", "zj-ecology", "", ["steward"], "main", "2026-03-01", null, null));
        host.Clock.Now = Begin.AddDays(60);
        await host.Get<UserCentre>().GiveAsync(Policy.Operator, new Post("", "heron", "zj-data", "", ["designer"], "concurrent", "2026-03-01", null, null));
        var posts = await host.Get<Accounts>().PostsAsync("heron");
        host.Clock.Now = Begin.AddDays(181);
        await host.Get<Recertification>().ConfirmAsync(Policy.Operator, "guard", null, "仍在岗");
        using var guard = await host.SignInAsync("guard");
        Assert.Equal("head:due heron:due heron:due ibis:due", (await ListAsync(guard)).Replace("duty-1:suspended ", "", StringComparison.Ordinal));
        Assert.Equal("heron:due heron:due heron:good", await ListAsync(guard, "?all=true&login=heron"));
        Assert.Equal("ok", await SayAsync(guard, "heron", "confirm", posts[0].Id));
        Assert.Equal("ok", await SayAsync(guard, "heron", "withdraw"));
        Assert.Equal("heron:good heron:good", await ListAsync(guard, "?all=true&login=heron"));
        Assert.Equal("ok", await SayAsync(guard, "heron", "withdraw", posts[1].Id));
        Assert.Equal("heron:good", await ListAsync(guard, "?all=true&login=heron"));
        Assert.Equal(["steward"], (await host.Get<Accounts>().ActingAsync("heron", null))!.Roles);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await guard.PostAsJsonAsync("/api/v1/recertification/ibis/confirm", new { note = "" })).StatusCode);
    }
}
