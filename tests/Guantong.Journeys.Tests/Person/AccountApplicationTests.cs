using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Applying with an account: for oneself, for an organisation, for another by authority; and who sees it afterwards.</summary>
public sealed class AccountApplicationTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_applied_for_with_an_account_is_found_there_without_a_code_and_by_nobody_else(string store)
    {
        await using var platform = await Persons.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var other = await platform.SignInAsync("citizen-b");
        using var nobody = platform.Anonymous();
        var numbers = new List<string>();
        for (var i = 0; i < 3; i++)
            numbers.Add(await Persons.ApplyAsync(mine, i == 0 ? "self" : "person:citizen-a"));
        var first = await mine.GetFromJsonAsync<JsonElement>("/api/v1/me/applications?take=2");
        Assert.Equal((3, 2), (first.GetProperty("total").GetInt32(), first.GetProperty("items").GetArrayLength()));
        var all = first.GetProperty("items").EnumerateArray().Concat(await Persons.ItemsAsync(mine, "/api/v1/me/applications?skip=2&take=2")).ToList();
        Assert.Equal(numbers.AsEnumerable().Reverse(), all.Select(a => a.Text("number")!));
        Assert.All(all, a => Assert.Equal(("own", "open"), (a.Text("role"), a.Text("state"))));
        Assert.Equal(numbers[0], (await mine.GetFromJsonAsync<JsonElement>($"/api/v1/me/applications/{numbers[0]}")).GetProperty("application").Text("number"));
        Assert.Equal(HttpStatusCode.BadRequest, (await mine.GetAsync("/api/v1/me/applications?take=0")).StatusCode);

        Assert.Empty(await Persons.ItemsAsync(other, "/api/v1/me/applications"));
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/v1/me/applications/{numbers[0]}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/me/applications/{numbers[0]}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/api/v1/me/applications")).StatusCode);
        // There is no code, so that nothing looks it up by one.
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.GetAsync($"/api/v1/applications/{numbers[0]}?code=")).StatusCode);
        // Without saying for whom, all stays as it was: a number and a code, and no account.
        var receipt = await (await Persons.TryAsync(mine, null)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync($"/api/v1/applications/{receipt.Text("number")}?code={receipt.Text("code")}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await mine.GetAsync($"/api/v1/me/applications/{receipt.Text("number")}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Persons.TryAsync(nobody, "self")).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_agent_applies_in_what_the_authority_covers_and_sees_it_while_it_stands(string store)
    {
        await using var platform = await Persons.StartAsync(store);
        using var principal = await platform.SignInAsync("citizen-a");
        using var agent = await platform.SignInAsync("citizen-c");
        using var stranger = await platform.SignInAsync("citizen-b");
        Assert.Equal("not-theirs", await FaultAsync(agent));
        var authority = await Persons.AuthorizeAsync(principal, "person:citizen-a", agent, "citizen-c", Persons.Matter);
        var own = await Persons.ApplyAsync(principal, "self");
        var done = await Persons.ApplyAsync(agent, "person:citizen-a");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Persons.TryAsync(agent, "person:citizen-a", new { age = 81, resident = true, receiving = false }, "elder-allowance")).StatusCode);
        Assert.Equal("not-theirs", await FaultAsync(stranger));

        var held = Assert.Single(await Persons.ItemsAsync(agent, "/api/v1/me/applications"));
        Assert.Equal((done, "as-agent", "演示·居民甲"), (held.Text("number"), held.Text("role"), held.Text("other")));
        var given = await Persons.ItemsAsync(principal, "/api/v1/me/applications");
        Assert.Equal([(done, "by-agent"), (own, "own")], given.Select(g => (g.Text("number")!, g.Text("role")!)));
        Assert.Equal("演示·居民丙", given[0].Text("other"));
        Assert.Equal(HttpStatusCode.OK, (await agent.GetAsync($"/api/v1/me/applications/{done}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await agent.GetAsync($"/api/v1/me/applications/{own}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/v1/me/applications/{done}")).StatusCode);
        // Both what the agent did and that they looked is told to whose it is.
        var reads = await Persons.ItemsAsync(principal, "/api/v1/me/reads");
        Assert.Equal(["application.read", "case.opened"], reads.Where(r => r.Text("who") == "代办人 演示·居民丙").Select(r => r.Text("action")!));

        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        await Persons.TaskAsync(platform, official, done);
        var parties = (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{done}")).GetProperty("parties");
        Assert.Equal(("演示·居民甲", "演示·居民丙", authority), (parties.Text("applicant"), parties.Text("agent"), parties.Text("authority")));
        // Who does not work on it sees that there is an applicant, and not who.
        using var auditor = await platform.SignInAsync("auditor");
        parties = (await auditor.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{done}")).GetProperty("parties");
        Assert.Equal(("•••", "•••"), (parties.Text("applicant"), parties.Text("agent")));
        // Nor do lists, and what the ledger holds of a case, tell which other cases are theirs.
        foreach (var path in (string[])["/api/v1/cases", $"/api/v1/cases/{done}", $"/api/v1/cases/{done}/ledger"])
        {
            var text = await official.GetStringAsync(path);
            Assert.DoesNotMatch("person:[0-9a-f]", text);
            Assert.DoesNotContain("citizen-", text, StringComparison.Ordinal);
        }

        (await principal.DeleteAsync($"/api/v1/authorities/{authority}")).EnsureSuccessStatusCode();
        Assert.Equal("not-theirs", await FaultAsync(agent));
        Assert.Empty(await Persons.ItemsAsync(agent, "/api/v1/me/applications"));
        Assert.Equal(HttpStatusCode.NotFound, (await agent.GetAsync($"/api/v1/me/applications/{done}")).StatusCode);
        Assert.Equal(2, (await Persons.ItemsAsync(principal, "/api/v1/me/applications")).Count);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_representative_applies_for_the_organisation_and_its_agent_by_authority(string store)
    {
        await using var platform = await Persons.StartAsync(store);
        using var keeper = await platform.SignInAsync("duty");
        using var head = await platform.SignInAsync("enterprise-a");
        using var agent = await platform.SignInAsync("citizen-b");
        var code = await Persons.OrganisationAsync(keeper, "enterprise-a");
        var organisation = "organisation:" + code;
        var first = await Persons.ApplyAsync(head, organisation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Persons.TryAsync(agent, organisation)).StatusCode);
        await Persons.AuthorizeAsync(head, organisation, agent, "citizen-b", Persons.Matter);
        var second = await Persons.ApplyAsync(agent, organisation);
        var listed = await Persons.ItemsAsync(head, "/api/v1/me/applications");
        Assert.Equal([(second, "by-agent", "演示·居民乙"), (first, "organisation", "演示·合成企业")], listed.Select(l => (l.Text("number")!, l.Text("role")!, l.Text("other")!)));
        Assert.Equal("演示·合成企业", Assert.Single(await Persons.ItemsAsync(agent, "/api/v1/me/applications")).Text("other"));

        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        await Persons.TaskAsync(platform, official, second);
        var parties = (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{second}")).GetProperty("parties");
        Assert.Equal(("演示·合成企业", code, "演示·居民乙"), (parties.Text("applicant"), parties.Text("organisation"), parties.Text("agent")));
        Assert.NotEmpty(await Persons.ItemsAsync(head, $"/api/v1/me/reads?of={organisation}"));
        Assert.DoesNotContain(await Persons.ItemsAsync(head, "/api/v1/me/reads"), r => r.GetProperty("case").ValueKind != JsonValueKind.Null);
        Assert.Equal(HttpStatusCode.NotFound, (await agent.GetAsync($"/api/v1/me/reads?of={organisation}")).StatusCode);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_authority_that_ends_while_an_agent_applies_one_comes_first_and_the_other_knows(string store)
    {
        await using var platform = await Persons.StartAsync(store);
        using var principal = await platform.SignInAsync("citizen-a");
        using var agent = await platform.SignInAsync("citizen-c");
        for (var round = 0; round < 5; round++)
        {
            var authority = await Persons.AuthorizeAsync(principal, "person:citizen-a", agent, "citizen-c", Persons.Matter);
            var before = (await Persons.ItemsAsync(principal, "/api/v1/me/applications?take=500")).Count;
            var (applying, ending) = (Persons.TryAsync(agent, "person:citizen-a"), principal.DeleteAsync($"/api/v1/authorities/{authority}"));
            Assert.Equal(HttpStatusCode.NoContent, (await ending).StatusCode);
            var applied = (await applying).IsSuccessStatusCode;
            Assert.Equal(before + (applied ? 1 : 0), (await Persons.ItemsAsync(principal, "/api/v1/me/applications?take=500")).Count);
            Assert.Equal("not-theirs", await FaultAsync(agent));
        }
    }

    private static async Task<string?> FaultAsync(HttpClient http)
    {
        var answer = await Persons.TryAsync(http, "person:citizen-a");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var said = Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("for").EnumerateArray()).GetString()!;
        return said.Contains("授权没有接受、已到期、已结束", StringComparison.Ordinal) ? "not-theirs" : said;
    }
}
