using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Guantong.Trust.Scim;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Separated duties hold for a natural person over account, posts and what they hold for a time, wherever a role is given.</summary>
public sealed class DutiesTests
{
    private static Post Of(string login, string role, string kind = "acting") => new("", login, "zj-data", "", [role], kind, "2026-03-01", "2026-03-31", null);

    private static async Task<string> SaidAsync(Task work) => (await Assert.ThrowsAsync<RefusedException>(() => work)).Say("en");

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task They_hold_over_account_and_all_posts_and_name_the_two(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        var centre = host.Get<UserCentre>();
        await host.AddAsync("heron", "case-worker");
        await host.AddAsync("duty-1", "operator");
        Assert.Contains("“operator” and “auditor”", await SaidAsync(centre.GiveAsync(Policy.Operator, Of("duty-1", "auditor"))), StringComparison.Ordinal);
        Assert.Null(await centre.GiveAsync(Policy.Operator, Of("heron", "security") with { From = "2026-04-01", To = "2026-04-30" }));
        // A post that is yet to come counts: nobody is asked again when it does.
        Assert.Contains("“security officer” and “auditor”", await SaidAsync(centre.GiveAsync(Policy.Operator, Of("heron", "auditor"))), StringComparison.Ordinal);
        Assert.Equal("role-unknown", await centre.GiveAsync(Policy.Operator, Of("heron", "emperor")));
        Assert.Equal("role-unknown", await centre.GiveAsync(Policy.Operator, Of("heron", "machine")));
        Assert.Contains("“operator” and “security officer”", await SaidAsync(host.Get<Accounts>().AddAsync(Policy.Operator, new Person("ibis", "x", "x", "official", "zj-data", "330000", ["security", "operator"]), TrustHost.Password)), StringComparison.Ordinal);
        // Once it is over it counts no more.
        host.Clock.Now = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Null(await centre.GiveAsync(Policy.Operator, Of("heron", "auditor") with { From = "2026-05-01", To = "2026-05-31" }));
        using var duty = await host.SignInAsync("duty-1");
        duty.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var errors = (await (await duty.PostAsJsonAsync("/api/v1/people", new { login = "ibis", name = "x", kind = "official", unit = "zj-data", roles = (string[])["auditor", "operator"], password = TrustHost.Password })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Contains("“operator” and “auditor”", errors.GetProperty("roles")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_given_at_once_one_is(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        await host.AddAsync("heron", "case-worker");
        var centre = host.Get<UserCentre>();
        async Task<string> GiveAsync(string role)
        {
            try
            {
                return await centre.GiveAsync(Policy.Operator, Of("heron", role)) ?? "given";
            }
            catch (RefusedException refusal)
            {
                return refusal.Code;
            }
        }
        Assert.Equal(["given", "role-separated"], (await Task.WhenAll(GiveAsync("operator"), GiveAsync("auditor"))).Order());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task They_hold_over_what_is_held_for_a_time(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        await host.AddAsync("heron", "steward");
        await host.AddAsync("guard", "security");
        using var heron = await host.SignInAsync("heron");
        using var guard = await host.SignInAsync("guard");
        var asked = await (await heron.PostAsJsonAsync("/api/v1/elevations", new { role = "operator", until = host.Clock.Now.AddHours(2), reason = "升级值守" })).Content.ReadFromJsonAsync<JsonElement>();
        var agree = $"/api/v1/four-eyes/{asked.GetProperty("id").GetString()}/agree";
        // Given meanwhile, the other role stands in its way, and then the other way about.
        Assert.Null(await host.Get<UserCentre>().GiveAsync(Policy.Operator, Of("heron", "auditor")));
        var refused = await guard.PostAsJsonAsync(agree, new { });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "role-separated"), (refused.StatusCode, await TrustHost.CodeOf(refused)));
        await host.Get<UserCentre>().EndPostAsync(Policy.Operator, "heron", (await host.Get<Accounts>().PostsAsync("heron"))[0].Id);
        Assert.Equal(HttpStatusCode.OK, (await guard.PostAsJsonAsync(agree, new { })).StatusCode);
        Assert.Contains("“operator” and “auditor”", await SaidAsync(host.Get<UserCentre>().GiveAsync(Policy.Operator, Of("heron", "auditor"))), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task They_hold_where_another_system_gives_roles(string store)
    {
        await using var host = await ProviderHost.StartAsync(store);
        var centre = host.App.Services.GetRequiredService<UserCentre>();
        // By the platform's own rules no program gives one of the three; what it keeps is held against the posts too.
        await centre.GiveAsync(Policy.Operator, new Post("", "leader-ecology", "zj-data", "", ["auditor"], "acting", "2020-01-01", "2099-12-31", null));
        await host.Store.ReadAsync(c => c.ExecuteAsync("UPDATE person SET roles = '[\"leader\",\"operator\"]' WHERE login = 'leader-ecology'"));
        var users = host.App.Services.GetRequiredService<ScimUsers>();
        var user = await users.FindAsync("leader-ecology", default);
        var refused = await Assert.ThrowsAsync<ScimError>(() => users.ChangeAsync(Policy.Operator, user! with { Person = user.Person with { Name = "演示" } }, default));
        Assert.Equal(400, refused.Status);
        Assert.Contains("“operator” and “auditor”", refused.Body()["detail"]!.ToString(), StringComparison.Ordinal);
    }
}
