using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Trust.Provider;

/// <summary>What a person lets a program do, in all that they allowed it.</summary>
/// <param name="Client">The program's id.</param>
/// <param name="Name">Its name in the reader's language.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Given">When it was first allowed.</param>
/// <param name="LastUsed">When it last got a token, as far as tokens are still kept; null where none is.</param>
public sealed record GivenConsent(string Client, string Name, IReadOnlyList<string> Scopes, string? Given, string? LastUsed)
{
    /// <summary>What it may do, in words.</summary>
    public IReadOnlyList<string> Say(string lang) => [.. Scopes.Select(s => Provider.Scopes.Say(lang, s))];
}

/// <summary>A person's own consents: to see, and to take back.</summary>
/// <remarks>rights.md 6. 个人信息保护法 §15: consent is withdrawn as easily as it was given.</remarks>
public sealed class Consents(Store store, TimeProvider clock)
{
    private sealed class Row
    {
        public string Client { get; set; } = "";

        public string Scopes { get; set; } = "[]";

        public string? Created { get; set; }

        public string? Used { get; set; }

        public string? Body { get; set; }
    }

    /// <summary>What a person allows programs now, by program, the last allowed first.</summary>
    public async Task<IReadOnlyList<GivenConsent>> OfAsync(string login, string lang, CancellationToken cancel = default)
    {
        var rows = await store.ReadAsync(c => c.QueryAsync<Row>("""
            SELECT k.client AS Client, k.scopes AS Scopes, k.created AS Created, c.body AS Body,
                   (SELECT max(t.created) FROM client_token t WHERE t.consent = k.id AND t.type IN ('access_token', 'urn:ietf:params:oauth:token-type:access_token')) AS Used
            FROM client_consent k LEFT JOIN client c ON c.id = k.client
            WHERE k.subject = @login AND k.status = 'valid' ORDER BY k.created DESC, k.id DESC
            """, new { login }), cancel);
        return [.. rows.GroupBy(r => r.Client).Select(g => new GivenConsent(g.Key, Name(g.First().Body, g.Key, lang),
            [.. g.SelectMany(r => JsonSerializer.Deserialize<string[]>(r.Scopes)!).Distinct()], g.Min(r => r.Created), g.Max(r => r.Used)))];
    }

    /// <summary>Takes back all that a person allowed a program; its tokens end at once. False where they allowed it nothing.</summary>
    public Task<bool> WithdrawAsync(Person by, string client, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var who = new { by.Login, client };
        var consents = await change.ExecuteAsync("UPDATE client_consent SET status = 'revoked', version = version + 1 WHERE subject = @Login AND client = @client AND status = 'valid'", who);
        // Programs that were called with its token were given theirs under the same consent.
        var tokens = await change.ExecuteAsync("""
            UPDATE client_token SET status = 'revoked', version = version + 1
            WHERE status <> 'revoked' AND ((subject = @Login AND client = @client) OR consent IN (SELECT id FROM client_consent WHERE subject = @Login AND client = @client))
            """, who);
        change.Record(by, consents > 0 ? "consent.withdrawn" : "consent.withdraw-missed", $"client:{client}", JsonSerializer.Serialize(new { consents, tokens }), await change.SubjectOfAsync(by.Login));
        return consents > 0;
    }, cancel);

    private static string Name(string? body, string client, string lang)
    {
        var kept = body is null ? null : JsonSerializer.Deserialize<KeptClient>(body);
        return lang == Lang.En && kept?.Names.TryGetValue(Lang.En, out var english) == true ? english : kept?.Name ?? client;
    }

    internal static void Map(IEndpointRouteBuilder api)
    {
        var mine = api.MapGroup("/me/consents").WithTags("Me").Needs("self.see").OnlyForPeople();
        mine.MapGet("", async (Consents consents, HttpContext http) => (await consents.OfAsync(http.Caller().Login, Lang.Of(http), http.RequestAborted))
            .Select(c => new { c.Client, c.Name, c.Scopes, Words = c.Say(Lang.Of(http)), c.Given, c.LastUsed })).WithSummary("What I let programs do");
        mine.MapDelete("/{client}", async (string client, Consents consents, HttpContext http) =>
                await consents.WithdrawAsync(http.Caller(), client, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", client))
            .WithSummary("Take back what I let a program do; its tokens end at once");
    }
}
