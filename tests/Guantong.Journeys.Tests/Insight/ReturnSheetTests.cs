using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Insight;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What no system holds is filled in by units of regions, reviewed by another, and counts.</summary>
public sealed class ReturnSheetTests
{
    private static readonly DateTimeOffset March = new(2026, 3, 2, 4, 0, 0, TimeSpan.Zero);

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_sheet_is_filled_in_sent_back_mended_accepted_and_its_figure_follows(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock { Now = March });
        await WorksPack.ApplyAsync(platform);
        await WorksPack.ReportAsync(platform, "a,330106,2026-02-03,coal,10,true");
        var returns = platform.Services.GetRequiredService<Returns>();
        Assert.Equal(11, await returns.OpenDueAsync());
        Assert.Equal(0, await returns.OpenDueAsync());

        using var city = await platform.SignInAsync("worker-hangzhou");
        using var other = await platform.SignInAsync("worker-huzhou");
        using var reviewer = await platform.SignInAsync("leader-ecology");
        var sheet = Assert.Single((await city.GetFromJsonAsync<JsonElement>("/api/v1/returns")).GetProperty("items").EnumerateArray());
        var id = sheet.GetProperty("id").GetString();
        Assert.Equal(("2026-02-01", "330100", "open"), (sheet.GetProperty("starts").GetString(), sheet.GetProperty("region").GetString(), sheet.GetProperty("state").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/v1/returns/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PutAsJsonAsync($"/api/v1/returns/{id}", new { rows = Row("1"), version = 1 })).StatusCode);

        Assert.Equal(2, (await SaidAsync(city.PutAsJsonAsync($"/api/v1/returns/{id}", new { rows = Row("1"), version = 1 }))).GetProperty("version").GetInt64());
        Assert.Equal("return-changed", await CodeAsync(city.PutAsJsonAsync($"/api/v1/returns/{id}", new { rows = Row("2"), version = 1 })));
        Assert.Equal("return-empty", await CodeAsync(city.PostAsJsonAsync($"/api/v1/returns/{id}/send", new { rows = Array.Empty<object>(), version = 2 })));
        using (var faulty = await city.PostAsJsonAsync($"/api/v1/returns/{id}/send", new { rows = new[] { new { spent = "much", works = "1.5", extra = "x" } }, version = 2 }))
            Assert.Equal(["rows[1].extra", "rows[1].spent", "rows[1].works"], (await faulty.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.Equal("return-rows", await CodeAsync(city.PostAsJsonAsync($"/api/v1/returns/{id}/send", new { rows = Row("1").Concat(Row("2")), version = 2 })));
        Assert.Equal("sent", (await SaidAsync(city.PostAsJsonAsync($"/api/v1/returns/{id}/send", new { rows = Row("1000"), version = 2 }))).GetProperty("state").GetString());
        Assert.Equal("return-state", await CodeAsync(city.PutAsJsonAsync($"/api/v1/returns/{id}", new { rows = Row("1"), version = 3 })));
        Assert.Equal("return-not-yours", await CodeAsync(reviewer.PostAsJsonAsync($"/api/v1/returns/{id}/take-back", new { version = 3 })));

        Assert.Single((await reviewer.GetFromJsonAsync<JsonElement>("/api/v1/returns?side=review")).GetProperty("items").EnumerateArray());
        Assert.Equal("return-note", await CodeAsync(reviewer.PostAsJsonAsync($"/api/v1/returns/{id}/send-back", new { version = 3, note = " " })));
        await SaidAsync(reviewer.PostAsJsonAsync($"/api/v1/returns/{id}/send-back", new { version = 3, note = "单位应为万元" }));
        Assert.Equal("单位应为万元", (await city.GetFromJsonAsync<JsonElement>($"/api/v1/returns/{id}")).GetProperty("sheet").GetProperty("note").GetString());
        await SaidAsync(city.PostAsJsonAsync($"/api/v1/returns/{id}/send", new { rows = Row("100"), version = 4 }));
        await SaidAsync(city.PostAsJsonAsync($"/api/v1/returns/{id}/take-back", new { version = 5 }));
        await SaidAsync(city.PostAsJsonAsync($"/api/v1/returns/{id}/send", new { rows = Row("120"), version = 6 }));
        Assert.Equal("accepted", (await SaidAsync(reviewer.PostAsJsonAsync($"/api/v1/returns/{id}/accept", new { version = 7 }))).GetProperty("state").GetString());
        Assert.Equal("return-state", await CodeAsync(reviewer.PostAsJsonAsync($"/api/v1/returns/{id}/accept", new { version = 7 })));
        Assert.Equal(["opened", "saved", "sent", "sent-back", "sent", "taken-back", "sent", "accepted"], (await city.GetFromJsonAsync<JsonElement>($"/api/v1/returns/{id}")).GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("what").GetString()));

        await platform.Services.GetRequiredService<ClosedLoop>().CatchUpAsync();
        Assert.Equal(120.0, (await city.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{WorksPack.Id}/outlay/values?period=month&region=330100"))[0].GetProperty("value").GetDouble());
        // All clean makes 100 points of 60 %, 120 of 200 make 60 points of 40 %.
        Assert.Equal(84.0, (await city.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{WorksPack.Id}/index/values?period=month&region=330100"))[0].GetProperty("value").GetDouble());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_who_decide_at_once_one_does(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock { Now = March });
        await WorksPack.ApplyAsync(platform);
        await platform.Services.GetRequiredService<Returns>().OpenDueAsync();
        using var city = await platform.SignInAsync("worker-hangzhou");
        using var leader = await platform.SignInAsync("leader-ecology");
        using var steward = await platform.SignInAsync("steward-ecology");
        var id = (await city.GetFromJsonAsync<JsonElement>("/api/v1/returns")).GetProperty("items")[0].GetProperty("id").GetString();
        await SaidAsync(city.PostAsJsonAsync($"/api/v1/returns/{id}/send", new { rows = Row("5"), version = 1 }));
        var both = await Task.WhenAll(leader.PostAsJsonAsync($"/api/v1/returns/{id}/accept", new { version = 2 }), steward.PostAsJsonAsync($"/api/v1/returns/{id}/send-back", new { version = 2, note = "请核对" }));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], both.Select(b => b.StatusCode).Order());
        foreach (var answer in both)
            answer.Dispose();
    }

    private static Dictionary<string, string>[] Row(string spent) => [new() { ["spent"] = spent, ["works"] = "2" }];

    private static async Task<JsonElement> SaidAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<string?> CodeAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
    }
}
