using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

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
        Assert.Single(await LedgerAsync(host, "four-eyes.agreed"), l => l.EndsWith("data-key.destroyed", StringComparison.Ordinal));
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

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whoever_asked_must_still_hold_the_act_when_it_is_carried_out(string store)
    {
        await using var host = await StartAsync(store, "case.a");
        await host.AddAsync("heron");
        var centre = host.Get<UserCentre>();
        var post = new Post("", "heron", "zj-data", "", ["operator"], "acting", "2026-03-01", "2026-03-31", null);
        Assert.Null(await centre.GiveAsync(Policy.Operator, post));
        Assert.Null(await centre.GiveAsync(Policy.Operator, post with { Unit = "zj-reform", Roles = ["case-worker"], Kind = "main", To = null }));
        using var heron = await host.SignInAsync("heron");
        using var guard = await host.SignInAsync("guard");
        var posts = await host.Get<Accounts>().PostsAsync("heron");
        var acting = posts.Single(p => p.Kind == "acting").Id;
        Assert.Equal(HttpStatusCode.NoContent, (await heron.PutAsJsonAsync("/api/v1/session/post", new { post = acting })).StatusCode);
        var id = await AskedAsync(DestroyAsync(heron));
        // In another post of theirs they are no other person.
        Assert.Equal(HttpStatusCode.NoContent, (await heron.PutAsJsonAsync("/api/v1/session/post", new { post = posts.Single(p => p.Kind == "main").Id })).StatusCode);
        Assert.Equal("four-eyes-self", await AgreeAsync(heron, id));
        Assert.True(await centre.EndPostAsync(Policy.Operator, "heron", acting));
        Assert.Equal("four-eyes-lapsed", await AgreeAsync(guard, id));
        Assert.Equal("current", await StateOf(host, "case.a"));
        Assert.Equal("asked", (await guard.GetFromJsonAsync<JsonElement>($"/api/v1/four-eyes/{id}")).GetProperty("state").GetString());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Neither_a_key_nor_whoever_is_alone_gets_past_it_and_the_machines_own_operator_is_told_of(string store)
    {
        await using var host = await ProviderHost.StartAsync(store);
        var accounts = host.App.Services.GetRequiredService<Accounts>();
        await host.Store.ChangeAsync(DateTimeOffset.UtcNow, async change => await host.App.Services.GetRequiredService<DataKeys>().RingAsync(change, "case.a"));
        HttpClient New(string? key = null) => new(new HttpClientHandler()) { BaseAddress = new Uri(host.Url), DefaultRequestHeaders = { { "X-API-Key", key ?? "" } } };
        using var duty = new HttpClient(new HttpClientHandler()) { BaseAddress = new Uri(host.Url) };
        (await duty.PostAsJsonAsync("/api/v1/session", new { login = "duty", password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        var id = await AskedAsync(DestroyAsync(duty));
        // A key with all the roles, issued by another, is nobody.
        using var key = New((await accounts.IssueKeyAsync(Policy.Operator, "k", ["operator", "security"])).Key);
        Assert.Equal("no-session", await AgreeAsync(key, id));
        Assert.Equal("no-session", await AnswerAsync(DestroyAsync(key)));
        using var here = host.Operator();
        Assert.Equal("no-session", await AgreeAsync(here, id));
        // Where nobody else may agree, nothing is asked for; the command line of the machine still does it.
        await host.Store.ReadAsync(c => c.ExecuteAsync("UPDATE person SET roles = '[]' WHERE login = 'security'"));
        Assert.Equal("four-eyes-nobody", await AnswerAsync(DestroyAsync(duty)));
        Assert.Equal("ok", await AnswerAsync(DestroyAsync(here)));
        Assert.Equal(["operator four-eyes.alone", "operator data-key.destroyed"], (await host.Store.ReadAsync(c => c.QueryAsync<string>(
            "SELECT actor || ' ' || action FROM ledger WHERE action IN ('four-eyes.alone', 'data-key.destroyed') ORDER BY seq"))));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Guarded_roles_are_given_and_accounts_ended_by_two(string store)
    {
        await using var host = await StartAsync(store);
        using var duty = await host.SignInAsync("duty-1");
        using var guard = await host.SignInAsync("guard");
        object Person(string login, string role, string? reason) => new { login, name = "测试", kind = "official", unit = "zj-data", roles = new[] { role }, password = TrustHost.Password, reason };
        Assert.Equal(HttpStatusCode.Created, (await duty.PostAsJsonAsync("/api/v1/people", Person("heron", "case-worker", null))).StatusCode);
        Assert.Equal("four-eyes-reason", await AnswerAsync(duty.PostAsJsonAsync("/api/v1/people", Person("crane", "operator", null))));
        var id = await AskedAsync(duty.PostAsJsonAsync("/api/v1/people", Person("crane", "operator", "值班轮换")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await TrustHost.TryAsync(host.Browser(), "crane", TrustHost.Password)).StatusCode);
        var shown = await guard.GetStringAsync($"/api/v1/four-eyes/{id}");
        Assert.DoesNotContain(TrustHost.Password, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", shown, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("ok", await AgreeAsync(guard, id));
        using var crane = await host.SignInAsync("crane");
        Assert.Equal(HttpStatusCode.OK, (await crane.GetAsync("/api/v1/people")).StatusCode);
        // The password stands nowhere in the ledger, nor what is kept of it.
        Assert.Equal(0, await host.Get<Store>().ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM ledger WHERE detail LIKE '%hash\":%'")));

        object Post(string role) => new { unit = "zj-data", kind = "acting", roles = new[] { role }, from = "2026-03-01", to = "2026-03-31", reason = "代理一个月" };
        Assert.Equal(HttpStatusCode.Created, (await duty.PostAsJsonAsync("/api/v1/people/heron/posts", Post("steward"))).StatusCode);
        var given = await AskedAsync(duty.PostAsJsonAsync("/api/v1/people/heron/posts", Post("operator")));
        Assert.Equal("ok", await AgreeAsync(guard, given));
        Assert.Equal(2, (await host.Get<Accounts>().PostsAsync("heron")).Count);

        var gone = await AskedAsync(duty.PostAsJsonAsync("/api/v1/people/crane/remove", new { reason = "离职交接完毕" }));
        Assert.Equal(HttpStatusCode.OK, (await crane.GetAsync("/api/v1/session")).StatusCode);
        Assert.Equal("ok", await AgreeAsync(guard, gone));
        Assert.Equal(HttpStatusCode.Unauthorized, (await crane.GetAsync("/api/v1/session")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TrustHost.TryAsync(host.Browser(), "crane", TrustHost.Password)).StatusCode);
        Assert.Equal("not-found", await AnswerAsync(duty.PostAsJsonAsync("/api/v1/people/crane/remove", new { reason = "再来一次" })));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Nobody_hides_what_matters_among_what_they_ask_for(string store)
    {
        await using var host = await StartAsync(store, "case.a");
        using var duty = await host.SignInAsync("duty-1");
        for (var i = 0; i < 20; i++)
            await AskedAsync(DestroyAsync(duty));
        Assert.Equal("four-eyes-many", await AnswerAsync(DestroyAsync(duty)));
        host.Clock.Now += FourEyes.Longest;
        using var again = await host.SignInAsync("duty-1");
        await AskedAsync(DestroyAsync(again));
    }

    // On PostgreSQL whole partitions are archived, which no test fills.
    [Fact]
    public async Task The_ledger_is_archived_once_an_auditor_has_agreed_and_holds_after_it()
    {
        await using var host = await StartAsync("sqlite");
        using var duty = await host.SignInAsync("duty-1");
        using var auditor = await host.SignInAsync("auditor");
        var upTo = (await host.Get<Checkpoints>().MakeAsync("test"))!.Size;
        Assert.Equal("nothing-to-archive", await AnswerAsync(duty.PostAsJsonAsync("/api/v1/ledger/archives", new { upTo = 0, reason = "腾出空间" })));
        var id = await AskedAsync(duty.PostAsJsonAsync("/api/v1/ledger/archives", new { upTo, reason = "腾出空间" }));
        Assert.Equal(0, (await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger/archives")).GetArrayLength());
        Assert.Equal("ok", await AgreeAsync(auditor, id));
        Assert.Equal(upTo, Assert.Single((await auditor.GetFromJsonAsync<JsonElement>("/api/v1/ledger/archives")).EnumerateArray()).GetProperty("last").GetInt64());
        Assert.Null((await host.Get<Ledger>().VerifyAsync()).FirstBad);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_program_that_could_act_in_a_guarded_role_is_let_in_by_two(string store)
    {
        await using var host = await ProviderHost.StartAsync(store);
        async Task<HttpClient> SignInAsync(string login)
        {
            var http = new HttpClient(new HttpClientHandler()) { BaseAddress = new Uri(host.Url) };
            (await http.PostAsJsonAsync("/api/v1/session", new { login, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
            return http;
        }
        using var duty = await SignInAsync("duty");
        using var security = await SignInAsync("security");
        var keys = new { keys = new[] { new { kty = "EC", crv = "P-256", x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" } } };
        object Client(bool secret) => new { id = "hr", name = "人事", grants = (string[])["client-credentials"], scopes = (string[])["scim"], keys, secret, reason = "人事系统同步账号" };
        var refused = await duty.PostAsJsonAsync("/api/v1/clients", Client(secret: true));
        Assert.True((await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("secret", out _));
        var id = await AskedAsync(duty.PostAsJsonAsync("/api/v1/clients", Client(secret: false)));
        Assert.DoesNotContain("\"hr\"", await duty.GetStringAsync("/api/v1/clients"), StringComparison.Ordinal);
        Assert.Equal("ok", await AgreeAsync(security, id));
        Assert.Contains("\"hr\"", await duty.GetStringAsync("/api/v1/clients"), StringComparison.Ordinal);
        Assert.Equal("client.taken", await AnswerAsync(duty.PostAsJsonAsync("/api/v1/clients", Client(secret: false))));
    }
}
