using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Fields that a person's own row fills in, read under the grant of the unit that handles the matter; objections; and what happens where there is no grant or no row.</summary>
public sealed class PrefillTests
{
    private const string Prefill = $"/api/v1/services/{Residents.Pack}/{Residents.Matter}/prefill";

    private static Task<HttpResponseMessage> TryAsync(HttpClient http, string? whom, object data, object? objections = null) =>
        http.PostAsJsonAsync($"/api/v1/services/{Residents.Pack}/{Residents.Matter}/applications", new { region = "330100", data, @for = whom, objections });

    private static async Task<string> ApplyAsync(HttpClient http, string? whom, object data, object? objections = null) => (await TryAsync(http, whom, data, objections).JsonAsync()).Text("number")!;

    private static async Task<List<(string Field, string? Value, string? Why)>> SaysAsync(HttpClient http) =>
        [.. (await http.GetFromJsonAsync<JsonElement>(Prefill)).EnumerateArray().Select(p => (p.Text("field")!, p.GetProperty("value").ValueKind == JsonValueKind.Null ? null : p.GetProperty("value").ToString(), p.Text("why")))];

    private static async Task<Dictionary<string, JsonElement>> KeptAsync(HttpClient official, string number) =>
        (await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/prefills")).EnumerateArray().ToDictionary(p => p.Text("field")!);

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Under_a_grant_ones_own_row_fills_in_the_form_and_stands_in_for_the_material(string store)
    {
        await using var platform = await Residents.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var other = await platform.SignInAsync("citizen-b");
        using var nobody = platform.Anonymous();
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        var grant = await Residents.GrantAsync(platform);
        Assert.Equal(HttpStatusCode.NoContent, (await Residents.ProveAsync(platform, "citizen-a", Residents.Elder)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Residents.ProveAsync(platform, "citizen-b", Residents.Other)).StatusCode);

        Assert.Equal([("age", "85", null), ("resident", "True", null), ("material:household-book", "True", null)], await SaysAsync(mine));
        // Each is told of their own row, and of nobody else's.
        Assert.Contains(("age", "82", null), await SaysAsync(other));
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(Prefill)).StatusCode);

        // What is sent under a field that is filled counts only with a word of why.
        var number = await ApplyAsync(mine, "self", new { age = 20, receiving = false });
        await platform.EndedAsync(official, number);
        var data = JsonDocument.Parse((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").Text("data")!).RootElement;
        Assert.Equal((85, true), (data.GetProperty("age").GetInt32(), data.GetProperty("resident").GetBoolean()));
        var kept = await KeptAsync(official, number);
        Assert.All(kept.Values, k => Assert.Equal(("used", grant), (k.Text("state"), k.Text("grantId"))));
        Assert.Equal("verified", Assert.Single((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}/materials")).EnumerateArray()).Text("state"));

        // The person sees who read it, for what, and which fields; the official of the matter did not look at anything else.
        var read = (await Persons.ItemsAsync(mine, "/api/v1/me/reads")).First(r => r.Text("action") == "prefill.read");
        Assert.Equal(("read", "省民政厅", "高龄津贴申请"), (read.Text("kind"), read.Text("who"), read.Text("matter")));
        Assert.Contains("户籍登记摘要", read.Text("purpose"), StringComparison.Ordinal);
        Assert.Contains("周岁年龄", read.GetProperty("fields").EnumerateArray().Select(f => f.GetString()));
        // The ledger has names, never a value.
        var ledger = await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryAsync<string>("SELECT detail FROM ledger WHERE action IN ('prefill.read', 'case.prefilled', 'identity.proved')"));
        Assert.DoesNotContain(ledger, d => d.Contains(Residents.Elder, StringComparison.Ordinal) || d.Contains("85", StringComparison.Ordinal));
        var sealedRow = await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.QueryFirstAsync<string>("SELECT number FROM work_identity WHERE login = 'citizen-a'"));
        Assert.DoesNotContain(Residents.Elder, sealedRow, StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Without_a_grant_in_force_or_a_row_everything_is_asked_for_and_the_official_is_told_why(string store)
    {
        await using var platform = await Residents.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var nobody = await platform.SignInAsync(null);
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        var given = new { age = 81, resident = true, receiving = false };
        async Task AskedAsync(string why, string? whom)
        {
            if (whom is not null)
                Assert.All(await SaysAsync(mine), s => Assert.Equal((null, why), (s.Value, s.Why)));
            var number = await ApplyAsync(whom is null ? nobody : mine, whom, given);
            await platform.EndedAsync(official, number);
            var kept = await KeptAsync(official, number);
            Assert.Equal(["age", "resident"], kept.Keys.Order());
            Assert.All(kept.Values, k => Assert.Equal(("asked", why), (k.Text("state"), k.Text("why"))));
        }

        await AskedAsync("not-self", null);
        await AskedAsync("no-identity", "self");
        await Residents.ProveAsync(platform, "citizen-a", Residents.Elder);
        await AskedAsync("no-grant", "self");
        // What the form requires is asked for, as ever.
        Assert.Equal("422 fields", await TryAsync(mine, "self", new { receiving = false }).ToldAsync());
        var grant = await Residents.GrantAsync(platform);
        Assert.All(await SaysAsync(mine), s => Assert.Null(s.Why));
        await Residents.SetAsync(platform, grant, "suspended");
        await AskedAsync("suspended", "self");
        await Residents.SetAsync(platform, grant, "ended");
        await AskedAsync("expired", "self");
        await Residents.GrantAsync(platform);
        await Residents.ProveAsync(platform, "citizen-a", Residents.Younger);
        await AskedAsync("no-row", "self");
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_grant_gives_the_fields_that_it_names_and_no_more(string store)
    {
        await using var platform = await Residents.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        await Residents.ProveAsync(platform, "citizen-a", Residents.Elder);
        await Residents.GrantAsync(platform, "id_number", "age");
        Assert.Equal([("age", "85", null), ("resident", null, "not-covered"), ("material:household-book", "True", null)], await SaysAsync(mine));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_objection_goes_along_to_the_official_and_as_a_ticket_to_the_unit_of_the_data(string store)
    {
        await using var platform = await Residents.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        using var police = await platform.SignInAsync("worker-hangzhou-police");
        await Residents.GrantAsync(platform);
        await Residents.ProveAsync(platform, "citizen-a", Residents.Elder);
        Assert.Equal("422 fields", await TryAsync(mine, "self", new { age = 79, receiving = false }, new { age = " " }).ToldAsync());

        var number = await ApplyAsync(mine, "self", new { age = 79, receiving = false }, new { age = "登记的出生年份写错了" });
        await Persons.TaskAsync(platform, official, number);
        var file = await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}");
        Assert.Equal(79, JsonDocument.Parse(file.GetProperty("case").Text("data")!).RootElement.GetProperty("age").GetInt32());
        var age = (await KeptAsync(official, number))["age"];
        Assert.Equal(("objected", "85", "登记的出生年份写错了"), (age.Text("state"), age.Text("was"), age.Text("words")));
        // Who does not work on the case sees that there is an objection, and not what it says.
        using var auditor = await platform.SignInAsync("auditor");
        Assert.Equal(("•••", "•••"), ((await KeptAsync(auditor, number))["age"].Text("was"), (await KeptAsync(auditor, number))["age"].Text("words")));

        using var steward = await platform.SignInAsync("steward");
        var ticket = (await steward.GetFromJsonAsync<JsonElement>($"/api/v1/quality/tickets/{age.Text("ticket")}")).GetProperty("ticket");
        Assert.Equal(("report", "resident", "age", "zj-police", "found"), (ticket.Text("kind"), ticket.Text("dataset"), ticket.Text("field"), ticket.Text("unit"), ticket.Text("state")));
        Assert.Contains("登记的出生年份写错了", ticket.Text("words"), StringComparison.Ordinal);
        Assert.DoesNotContain(Residents.Elder, ticket.ToString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_number_is_one_accounts_alone_and_gone_with_it(string store)
    {
        await using var platform = await Residents.StartAsync(store);
        using var keeper = await platform.SignInAsync("duty");
        using var citizen = await platform.SignInAsync("citizen-a");
        Assert.Equal("422 identity-number", await Residents.ProveAsync(platform, "citizen-a", "330106194103120003").ToldAsync());
        Assert.Equal("404 identity-account", await Residents.ProveAsync(platform, "worker-ecology", Residents.Elder).ToldAsync());
        Assert.Equal("204", await Residents.ProveAsync(platform, "citizen-a", Residents.Elder).ToldAsync());
        Assert.Equal("409 identity-taken", await Residents.ProveAsync(platform, "citizen-b", Residents.Elder).ToldAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await citizen.PutAsJsonAsync("/api/v1/people/citizen-a/identity", new { number = Residents.Other })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await keeper.DeleteAsync("/api/v1/people/citizen-a/identity")).StatusCode);
        Assert.Equal("204", await Residents.ProveAsync(platform, "citizen-b", Residents.Elder).ToldAsync());
        await platform.Services.GetRequiredService<Accounts>().RemoveDemoAsync(Policy.Operator);
        Assert.Equal(0, await platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_identity")));
    }
}
