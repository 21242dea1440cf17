using System.Net;
using System.Net.Http.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Refused acts and wrong passwords stand in the ledger, and nobody floods it with them.</summary>
public sealed class RefusalTests
{
    private static async Task<IReadOnlyList<string>> LedgerAsync(TrustHost host)
    {
        await host.Get<Refusals>().SettledAsync();
        return await host.Get<Store>().ReadAsync(async c => (await c.QueryAsync<string>(
            "SELECT actor || ' ' || action || ' ' || about || ' ' || detail FROM ledger WHERE action = 'act.refused' OR action LIKE 'sign-in.%' ORDER BY seq")).AsList());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_refused_act_is_told_once_a_minute_with_how_often(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        await host.AddAsync("heron", "case-worker");
        using var heron = await host.SignInAsync("heron");
        for (var i = 0; i < 4; i++)
            Assert.Equal(HttpStatusCode.Forbidden, (await heron.GetAsync("/api/v1/people")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await heron.GetAsync("/api/v1/ledger")).StatusCode);
        host.Clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(HttpStatusCode.Forbidden, (await heron.GetAsync("/api/v1/people")).StatusCode);
        using var nobody = host.Browser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/api/v1/people")).StatusCode);
        Assert.Equal(["heron act.refused act:people.manage {\"times\":1}", "heron act.refused act:ledger.read {\"times\":1}", "heron act.refused act:people.manage {\"times\":4}"], await LedgerAsync(host));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_wrong_password_is_told_by_login_without_an_address_and_what_is_no_login_is_not(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        await host.AddAsync("heron", "case-worker");
        using var http = host.Browser();
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await TrustHost.TryAsync(http, "heron", "wrong password " + i)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TrustHost.TryAsync(http, "my secret typed here", "x")).StatusCode);
        host.Clock.Now += TimeSpan.FromMinutes(2);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TrustHost.TryAsync(http, "heron", "wrong again")).StatusCode);
        Assert.Equal(["sign-in sign-in.wrong-password person:heron {\"times\":1}", "sign-in sign-in.wrong-password person:heron {\"times\":3}"], await LedgerAsync(host));
    }

    [Fact]
    public async Task Sixty_in_a_minute_are_the_most_and_the_next_tells_of_the_rest()
    {
        await using var host = await TrustHost.StartAsync("sqlite");
        var refusals = host.Get<Refusals>();
        for (var i = 0; i < 100; i++)
            await refusals.RefusedAsync("p" + i, "people.manage");
        Assert.Equal(60, (await LedgerAsync(host)).Count);
        host.Clock.Now += TimeSpan.FromMinutes(1);
        await refusals.RefusedAsync("p0", "people.manage");
        Assert.Equal("p0 act.refused act:people.manage {\"times\":1,\"untoldOfOthers\":40}", (await LedgerAsync(host))[^1]);
    }
}
