using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Applying for a relative who gave authority for it: whose data fills in the form, who is told, and what the relative sees.</summary>
public sealed class FamilyTests
{
    private const string Matter = $"{Residents.Pack}/{Residents.Matter}", Mother = "person:citizen-a";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_child_applies_for_a_parent_with_the_parent_s_data_while_the_authority_stands(string store)
    {
        await using var platform = await Residents.StartAsync(store);
        using var mother = await platform.SignInAsync("citizen-a");
        using var child = await platform.SignInAsync("citizen-c");
        await Residents.GrantAsync(platform);
        (await Residents.ProveAsync(platform, "citizen-a", Residents.Elder)).EnsureSuccessStatusCode();
        async Task<string> SaysAsync(string whom) => string.Join(' ', (await child.GetFromJsonAsync<JsonElement>($"/api/v1/services/{Matter}/prefill?for={whom}")).EnumerateArray().Select(p => p.Text("why") ?? p.GetProperty("value").ToString()));
        async Task<List<string>> ToldAsync(HttpClient http) => [.. (await Persons.ItemsAsync(http, "/api/v1/me/notices")).Select(n => n.Text("on")!)];

        // Who is related to whom is nowhere looked up: nothing is read before the parent has said so, and the child has accepted.
        Assert.Equal("not-self not-self not-self", await SaysAsync(Mother));
        var authority = await Persons.AuthorizeAsync(mother, Mother, child, "citizen-c", Matter);
        Assert.Equal("85 True True", await SaysAsync(Mother));
        Assert.Equal("no-identity no-identity no-identity", await SaysAsync("self"));
        // It covers this matter, and is nobody else's.
        using var stranger = await platform.SignInAsync("citizen-b");
        Assert.Equal("not-self not-self not-self", string.Join(' ', (await stranger.GetFromJsonAsync<JsonElement>($"/api/v1/services/{Matter}/prefill?for={Mother}")).EnumerateArray().Select(p => p.Text("why"))));
        foreach (var side in (HttpClient[])[mother, child])
            Assert.Equal(["authority-accepted", "authority-offered"], (await ToldAsync(side)).Where(e => e.StartsWith("authority-", StringComparison.Ordinal)).Order());

        var page = System.Net.WebUtility.HtmlDecode(await child.GetStringAsync($"/services/{Matter}/apply"));
        Assert.Contains("授权代办", page, StringComparison.Ordinal);
        var number = await Persons.ApplyAsync(child, Mother, new { receiving = false }, Residents.Matter);
        var row = Assert.Single(await Persons.ItemsAsync(mother, "/api/v1/me/applications"));
        Assert.Equal((number, "by-agent", "演示·居民丙"), (row.Text("number"), row.Text("role"), row.Text("other")));
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        await platform.EndedAsync(official, number);
        var data = JsonDocument.Parse((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").Text("data")!).RootElement;
        Assert.Equal(85, data.GetProperty("age").GetInt32());

        // The parent sees that it was read and by whom; of the child's own record it is no part.
        var read = (await Persons.ItemsAsync(mother, "/api/v1/me/reads")).First(r => r.Text("action") == "prefill.read");
        Assert.Contains("演示·居民丙替您申请", read.Text("purpose"), StringComparison.Ordinal);
        Assert.DoesNotContain(await Persons.ItemsAsync(child, "/api/v1/me/reads"), r => r.Text("action") == "prefill.read");

        // Either side ends it at once, and both are told.
        (await mother.DeleteAsync($"/api/v1/authorities/{authority}")).EnsureSuccessStatusCode();
        Assert.Equal("not-self not-self not-self", await SaysAsync(Mother));
        Assert.Contains("authority-ended", await ToldAsync(child));
        Assert.Contains("authority-ended", await ToldAsync(mother));
    }
}
