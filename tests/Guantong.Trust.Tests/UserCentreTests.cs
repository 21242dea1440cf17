using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Organisations, posts and authority to act for another.</summary>
public sealed class UserCentreTests
{
    // Computed by the formula of GB 32100-2015 annex A; the first is the standard's own kind of example, a company of a made-up registry.
    private static string Code(string first) => first + CreditCode.Check(first);

    // Codes that their holders publish: the State Grid Corporation, Tencent and Alibaba (China).
    [Theory, InlineData("9111000071093123XX"), InlineData("9144030071526726XG"), InlineData("91330100799655058B")]
    public void A_published_code_is_right_and_wrong_once_any_character_changes(string code)
    {
        Assert.True(CreditCode.IsValid(code));
        for (var i = 0; i < code.Length; i++)
        {
            var other = code[i] == '7' ? '8' : '7';
            Assert.False(CreditCode.IsValid(code[..i] + other + code[(i + 1)..]), $"character {i}");
        }
        Assert.False(CreditCode.IsValid(code[..17]));
        Assert.False(CreditCode.IsValid(code.ToLowerInvariant()));
    }

    private static async Task<(HttpStatusCode Status, string? Code)> AnswerAsync(Task<HttpResponseMessage> call)
    {
        var answer = await call;
        return (answer.StatusCode, answer.IsSuccessStatusCode ? null : await TrustHost.CodeOf(answer));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Authority_counts_once_accepted_for_its_matters_in_its_term_until_either_side_ends_it(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        var (owner, agent) = (await host.AddAsync("owner", "citizen"), await host.AddAsync("agent", "citizen"));
        await host.AddAsync("duty-1", "operator");
        var centre = host.Get<UserCentre>();
        using var http = await host.SignInAsync("owner");
        using var other = await host.SignInAsync("agent");
        using var duty = await host.SignInAsync("duty-1");
        var company = Code("91330100MA2ABCDE0");
        object Organisation(string code) => new { code, name = "测试公司", kind = "enterprise", region = "330100", representative = "owner" };
        Assert.Equal((HttpStatusCode.Forbidden, "not-allowed"), await AnswerAsync(http.PostAsJsonAsync("/api/v1/organisations", Organisation(company))));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "credit-code"), await AnswerAsync(duty.PostAsJsonAsync("/api/v1/organisations", Organisation("91330100MA2ABCDE00"[..17] + "1"))));
        Assert.Equal((HttpStatusCode.Created, null), await AnswerAsync(duty.PostAsJsonAsync("/api/v1/organisations", Organisation(company))));
        Assert.Equal((HttpStatusCode.Conflict, "organisation-taken"), await AnswerAsync(duty.PostAsJsonAsync("/api/v1/organisations", Organisation(company))));
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/v1/organisations/{company}")).StatusCode);

        var principal = "organisation:" + company;
        object Offer(string from, string to, string holder = "agent") => new { principal, agent = holder, matters = new[] { "society.assistance/temporary-assistance" }, from, to };
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "authority-principal"), await AnswerAsync(other.PostAsJsonAsync("/api/v1/authorities", Offer("2026-03-02", "2026-03-31", "owner"))));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "authority-term"), await AnswerAsync(http.PostAsJsonAsync("/api/v1/authorities", Offer("2026-03-02", "2027-12-31"))));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "authority-agent"), await AnswerAsync(http.PostAsJsonAsync("/api/v1/authorities", Offer("2026-03-02", "2026-03-31", "nobody"))));
        Assert.Equal((HttpStatusCode.Created, null), await AnswerAsync(http.PostAsJsonAsync("/api/v1/authorities", Offer("2026-03-02", "2026-03-03"))));

        const string matter = "society.assistance/temporary-assistance";
        Assert.True(await centre.MayActAsync(owner, principal, matter));
        Assert.False(await centre.MayActAsync(agent, principal, matter));
        var id = (await other.GetFromJsonAsync<JsonElement>("/api/v1/authorities")).GetProperty("held")[0].GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync($"/api/v1/authorities/{id}/accept", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await other.PostAsync($"/api/v1/authorities/{id}/accept", null)).StatusCode);
        Assert.True(await centre.MayActAsync(agent, principal, matter));
        Assert.False(await centre.MayActAsync(agent, principal, "environment.air-quality/air-report"));
        Assert.False(await centre.MayActAsync(agent, "person:owner", matter));
        // Its last day is the jurisdiction's, eight hours ahead of the clock.
        host.Clock.Now = new DateTimeOffset(2026, 3, 3, 15, 59, 59, TimeSpan.Zero);
        Assert.True(await centre.MayActAsync(agent, principal, matter));
        host.Clock.Now = new DateTimeOffset(2026, 3, 3, 16, 0, 0, TimeSpan.Zero);
        Assert.False(await centre.MayActAsync(agent, principal, matter));
        host.Clock.Now = new DateTimeOffset(2026, 3, 2, 2, 0, 0, TimeSpan.Zero);
        Assert.False(await centre.EndAuthorityAsync(await host.AddAsync("third", "citizen"), id!));
        Assert.True(await centre.EndAuthorityAsync(owner, id!));
        Assert.False(await centre.MayActAsync(agent, principal, matter));
        Assert.False(await centre.EndAuthorityAsync(owner, id!));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_official_acts_in_the_post_chosen_and_in_the_main_one_else(string store)
    {
        await using var host = await TrustHost.StartAsync(store);
        await host.AddAsync("duty-1", "operator");
        await host.AddAsync("heron", "case-worker");
        using var duty = await host.SignInAsync("duty-1");
        using var heron = await host.SignInAsync("heron");
        async Task<(string? Unit, string Region, string Roles)> WhoAsync()
        {
            var me = await heron.GetFromJsonAsync<JsonElement>("/api/v1/session");
            return (me.GetProperty("unit").GetString(), me.GetProperty("region").GetString()!, string.Join(",", me.GetProperty("roles").EnumerateArray().Select(r => r.GetString())));
        }
        Task<(HttpStatusCode, string?)> GiveAsync(string unit, string kind, string role, string? to) =>
            AnswerAsync(duty.PostAsJsonAsync("/api/v1/people/heron/posts", new { unit, kind, roles = new[] { role }, from = "2026-03-01", to }));
        Assert.Equal((null, "330000", "case-worker"), await WhoAsync());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "unit-form"), await GiveAsync("zj-nowhere", "main", "steward", null));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "post-term"), await GiveAsync("zj-data", "seconded", "steward", null));
        Assert.Equal((HttpStatusCode.Created, null), await GiveAsync("zj-data", "main", "steward", null));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "post-main"), await GiveAsync("zj-reform", "main", "steward", null));
        Assert.Equal((HttpStatusCode.Created, null), await GiveAsync("zj-ecology-330500", "seconded", "case-worker", "2026-03-02"));
        Assert.Equal(HttpStatusCode.Forbidden, (await heron.PostAsJsonAsync("/api/v1/people/heron/posts", new { unit = "zj-data", kind = "acting", roles = new[] { "auditor" }, from = "2026-03-01", to = "2026-03-31" })).StatusCode);

        Assert.Equal(("zj-data", "330000", "steward"), await WhoAsync());
        var posts = await heron.GetFromJsonAsync<JsonElement>("/api/v1/session/posts");
        var seconded = posts.EnumerateArray().Single(p => p.GetProperty("kind").GetString() == "seconded").GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await heron.PutAsJsonAsync("/api/v1/session/post", new { post = seconded })).StatusCode);
        Assert.Equal(("zj-ecology-330500", "330500", "case-worker"), await WhoAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await duty.PutAsJsonAsync("/api/v1/session/post", new { post = seconded })).StatusCode);
        // The day after its last, the main post counts again.
        host.Clock.Now = new DateTimeOffset(2026, 3, 2, 16, 0, 0, TimeSpan.Zero);
        using var again = await host.SignInAsync("heron");
        Assert.Equal(HttpStatusCode.NotFound, (await again.PutAsJsonAsync("/api/v1/session/post", new { post = seconded })).StatusCode);
        Assert.Equal("zj-data", (await again.GetFromJsonAsync<JsonElement>("/api/v1/session")).GetProperty("unit").GetString());
        using var keeper = await host.SignInAsync("duty-1");
        foreach (var post in (await keeper.GetFromJsonAsync<JsonElement>("/api/v1/people/heron/posts")).EnumerateArray())
            Assert.Equal(HttpStatusCode.NoContent, (await keeper.DeleteAsync($"/api/v1/people/heron/posts/{post.GetProperty("id").GetString()}")).StatusCode);
        Assert.Equal(JsonValueKind.Null, (await again.GetFromJsonAsync<JsonElement>("/api/v1/session")).GetProperty("unit").ValueKind);
    }
}
