using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>What cannot be mended wants a second person (双人复核): asked, agreed to or declined, carried out once and as it was asked.</summary>
public sealed class FourEyesTests
{
    private static async Task<TrustHost> StartAsync(string store, params string[] keys)
    {
        var host = await TrustHost.StartAsync(store);
        await host.AddAsync("duty-1", "operator");
        await host.AddAsync("guard", "security");
        await host.AddAsync("auditor", "auditor");
        foreach (var key in keys)
            await host.Get<Store>().ChangeAsync(host.Clock.GetUtcNow(), async change => await host.Get<DataKeys>().RingAsync(change, key));
        return host;
    }

    private static Task<HttpResponseMessage> DestroyAsync(HttpClient http, string key = "case.a", string reason = "保存期满") => http.PostAsJsonAsync($"/api/v1/data-keys/{key}/destroy", new { reason });

    private static async Task<string> AskedAsync(Task<HttpResponseMessage> call)
    {
        var answer = await call;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<string> AnswerAsync(Task<HttpResponseMessage> call)
    {
        var answer = await call;
        return answer.IsSuccessStatusCode ? "ok" : await TrustHost.CodeOf(answer);
    }

    private static Task<string> AgreeAsync(HttpClient http, string id) => AnswerAsync(http.PostAsJsonAsync($"/api/v1/four-eyes/{id}/agree", new { note = "核对过" }));

    private static async Task<string> StateOf(TrustHost host, string key) => (await host.Get<DataKeys>().ListAsync()).Single(k => k.Name == key).State;

    private static async Task<IReadOnlyList<string>> LedgerAsync(TrustHost host, string like) =>
        await host.Get<Store>().ReadAsync(async c => (await c.QueryAsync<string>("SELECT actor || ' ' || action FROM ledger WHERE action LIKE @like OR action = 'data-key.destroyed' ORDER BY seq", new { like })).AsList());

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_key_is_destroyed_once_another_person_has_agreed(string store)
    {
        await using var host = await StartAsync(store, "case.a");
        using var duty = await host.SignInAsync("duty-1");
        using var guard = await host.SignInAsync("guard");
        using var auditor = await host.SignInAsync("auditor");
        var id = await AskedAsync(DestroyAsync(duty));
        Assert.Equal("current", await StateOf(host, "case.a"));

        // Whoever asked sees it and cannot agree; who may not agree cannot either, though an auditor sees it.
        Assert.Equal("four-eyes-self", await AgreeAsync(duty, id));
        Assert.Equal("four-eyes-role", await AgreeAsync(auditor, id));
        var seen = (await guard.GetFromJsonAsync<JsonElement>("/api/v1/four-eyes"))[0];
        Assert.Equal(("data-key.destroy", "duty-1", "保存期满", "case.a", "asked"), (seen.GetProperty("act").GetString(), seen.GetProperty("asker").GetString(), seen.GetProperty("reason").GetString(),
            seen.GetProperty("shown").GetProperty("name").GetString(), seen.GetProperty("state").GetString()));
        Assert.Equal("ok", await AgreeAsync(guard, id));
        Assert.Equal("destroyed", await StateOf(host, "case.a"));
        Assert.Equal("four-eyes-decided", await AgreeAsync(guard, id));
        Assert.Equal(["duty-1 four-eyes.asked", "guard four-eyes.agreed", "duty-1 data-key.destroyed", "duty-1 four-eyes.done"], await LedgerAsync(host, "four-eyes.%"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_who_agree_at_once_one_does(string store)
    {
        await using var host = await StartAsync(store, "case.a");
        await host.AddAsync("guard-2", "security");
        using var duty = await host.SignInAsync("duty-1");
        using var one = await host.SignInAsync("guard");
        using var other = await host.SignInAsync("guard-2");
        var id = await AskedAsync(DestroyAsync(duty));
        var answers = await Task.WhenAll(AgreeAsync(one, id), AgreeAsync(other, id));
        Assert.Equal(["four-eyes-decided", "ok"], answers.Order());
        Assert.Single((await LedgerAsync(host, "four-eyes.agreed")).Where(l => l.EndsWith("data-key.destroyed", StringComparison.Ordinal)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_declined_withdrawn_over_or_asked_under_other_rules_is_not_carried_out(string store)
    {
        await using var host = await StartAsync(store, "case.a");
        using var duty = await host.SignInAsync("duty-1");
        using var guard = await host.SignInAsync("guard");
        Assert.Equal("four-eyes-reason", await AnswerAsync(DestroyAsync(duty, reason: "ok")));
        Assert.Equal("no-such-key", await AnswerAsync(DestroyAsync(duty, "case.none")));

        var declined = await AskedAsync(DestroyAsync(duty));
        Assert.Equal("four-eyes-reason", await AnswerAsync(guard.PostAsJsonAsync($"/api/v1/four-eyes/{declined}/decline", new { note = "" })));
        Assert.Equal("ok", await AnswerAsync(guard.PostAsJsonAsync($"/api/v1/four-eyes/{declined}/decline", new { note = "还在保存期内" })));
        Assert.Equal("four-eyes-decided", await AgreeAsync(guard, declined));

        var withdrawn = await AskedAsync(DestroyAsync(duty));
        Assert.Equal(HttpStatusCode.NotFound, (await guard.DeleteAsync($"/api/v1/four-eyes/{withdrawn}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await duty.DeleteAsync($"/api/v1/four-eyes/{withdrawn}")).StatusCode);
        Assert.Equal("four-eyes-decided", await AgreeAsync(guard, withdrawn));

        var former = await AskedAsync(DestroyAsync(duty));
        await host.Get<Store>().ReadAsync(c => c.ExecuteAsync("UPDATE four_eyes SET policy = 'former' WHERE id = @former", new { former }));
        Assert.Equal("four-eyes-policy", await AgreeAsync(guard, former));

        var late = await AskedAsync(DestroyAsync(duty));
        host.Clock.Now += FourEyes.Longest;
        using var again = await host.SignInAsync("guard");
        Assert.Equal("four-eyes-over", await AgreeAsync(again, late));
        Assert.Equal("current", await StateOf(host, "case.a"));
        Assert.Equal(0, (await again.GetFromJsonAsync<JsonElement>("/api/v1/four-eyes")).GetArrayLength());
        Assert.Equal(["declined", "over", "over", "withdrawn"], (await again.GetFromJsonAsync<JsonElement>("/api/v1/four-eyes?all=true")).EnumerateArray().Select(r => r.GetProperty("state").GetString()!).Order());
    }
}
