using System.Text.Json;
using Dapper;

namespace Guantong.Trust.Provider;

/// <summary>A program that a person lets act for them.</summary>
/// <param name="Id">The consent's id.</param>
/// <param name="Client">The program's.</param>
/// <param name="ClientName">Its name in the reader's language.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="LastUsed">When it last got an access token, as far as its tokens are still kept; null where none is.</param>
public sealed record Consent(string Id, string Client, string ClientName, IReadOnlyList<string> Scopes, string Given, string? LastUsed)
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
        public string Id { get; set; } = "";

        public string Client { get; set; } = "";

        public string Scopes { get; set; } = "[]";

        public string? Created { get; set; }

        public string? Used { get; set; }

        public string? Body { get; set; }
    }

    /// <summary>What a person lets programs do now, the last allowed first.</summary>
    public async Task<IReadOnlyList<Consent>> OfAsync(string login, string lang, CancellationToken cancel = default)
    {
        var rows = await store.ReadAsync(c => c.QueryAsync<Row>("""
            SELECT k.id AS Id, k.client AS Client, k.scopes AS Scopes, k.created AS Created, c.body AS Body,
                   (SELECT max(t.created) FROM client_token t WHERE t.consent = k.id AND t.type IN ('access_token', 'urn:ietf:params:oauth:token-type:access_token')) AS Used
            FROM client_consent k LEFT JOIN client c ON c.id = k.client
            WHERE k.subject = @login AND k.status = 'valid' ORDER BY k.created DESC, k.id DESC
            """, new { login }), cancel);
        return [.. rows.Select(r => new Consent(r.Id, r.Client, Name(r.Body, r.Client, lang), JsonSerializer.Deserialize<string[]>(r.Scopes)!, r.Created ?? "", r.Used))];
    }

    /// <summary>Takes a consent back; what the program was given under it ends at once. False where it is none of the person's that stands.</summary>
    public Task<bool> WithdrawAsync(Person by, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var who = new { by.Login, id };
        var client = await change.FindAsync<string>("SELECT client FROM client_consent WHERE id = @id AND subject = @Login AND status = 'valid'" + change.ForUpdate, who);
        if (client is null)
        {
            change.Record(by, "consent.withdraw-missed", $"consent:{id}", subject: await change.SubjectOfAsync(by.Login));
            return false;
        }
        await change.ExecuteAsync("UPDATE client_consent SET status = 'revoked', version = version + 1 WHERE id = @id", who);
        // Programs that were called with its token were given theirs under the same consent.
        var tokens = await change.ExecuteAsync("UPDATE client_token SET status = 'revoked', version = version + 1 WHERE consent = @id AND status <> 'revoked'", who);
        change.Record(by, "consent.withdrawn", $"client:{client}", JsonSerializer.Serialize(new { Id = id, tokens }), await change.SubjectOfAsync(by.Login));
        return true;
    }, cancel);

    private static string Name(string? body, string client, string lang)
    {
        var kept = body is null ? null : JsonSerializer.Deserialize<KeptClient>(body);
        return lang != Lang.Zh && kept?.Names.TryGetValue(Lang.En, out var english) == true ? english : kept?.Name ?? client;
    }
}
