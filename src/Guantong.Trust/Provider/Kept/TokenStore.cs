using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using OpenIddict.Abstractions;

namespace Guantong.Trust.Provider;

/// <summary>Keeps for OpenIddict what tokens and codes were given out, so that each can be taken back and none be used twice.</summary>
internal sealed class TokenStore(Store store, TimeProvider clock) : IOpenIddictTokenStore<KeptToken>
{
    private const string Select = """
        SELECT id AS Id, client AS Client, consent AS Consent, subject AS Subject, type AS Type, status AS Status, reference AS Reference, payload AS Payload,
               created AS Created, expires AS Expires, redeemed AS Redeemed, properties AS Properties, version AS Version FROM client_token
        """;
    private const string Fits = " WHERE (@subject IS NULL OR subject = @subject) AND (@client IS NULL OR client = @client) AND (@status IS NULL OR status = @status) AND (@type IS NULL OR type = @type) AND (@consent IS NULL OR consent = @consent)";

    public async ValueTask CreateAsync(KeptToken token, CancellationToken cancel) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        token.Id = Kept.NewId();
        await change.ExecuteAsync("""
            INSERT INTO client_token (id, client, consent, subject, type, status, reference, payload, created, expires, redeemed, properties, version)
            VALUES (@Id, @Client, @Consent, @Subject, @Type, @Status, @Reference, @Payload, @Created, @Expires, @Redeemed, @Properties, 0)
            """, token);
        await RecordAsync(change, token, "token.issued");
    }, cancel);

    public async ValueTask UpdateAsync(KeptToken token, CancellationToken cancel) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        Kept.MustTouch(await change.ExecuteAsync("""
            UPDATE client_token SET client = @Client, consent = @Consent, subject = @Subject, type = @Type, status = @Status, reference = @Reference, payload = @Payload,
                   created = @Created, expires = @Expires, redeemed = @Redeemed, properties = @Properties, version = version + 1
            WHERE id = @Id AND version = @Version
            """, token));
        token.Version++;
        await RecordAsync(change, token, $"token.{token.Status}");
    }, cancel);

    public async ValueTask DeleteAsync(KeptToken token, CancellationToken cancel) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        Kept.MustTouch(await change.ExecuteAsync("DELETE FROM client_token WHERE id = @Id AND version = @Version", new { token.Id, token.Version }));
        await RecordAsync(change, token, "token.removed");
    }, cancel);

    private static Task RecordAsync(Change change, KeptToken token, string action) =>
        change.RecordOwnAsync(token.Subject ?? $"client:{token.Client}", action, JsonSerializer.Serialize(new { token.Id, token.Type }), $"client:{token.Client}");

    public ValueTask<long> CountAsync(CancellationToken cancel) => Kept.RowAsync<long>(store, "SELECT count(*) FROM client_token", null, cancel);

    public ValueTask<KeptToken?> FindByIdAsync(string identifier, CancellationToken cancel) => Kept.RowAsync<KeptToken>(store, $"{Select} WHERE id = @identifier", new { identifier }, cancel);

    public ValueTask<KeptToken?> FindByReferenceIdAsync(string identifier, CancellationToken cancel) => Kept.RowAsync<KeptToken>(store, $"{Select} WHERE reference = @identifier", new { identifier }, cancel);

    public IAsyncEnumerable<KeptToken> FindAsync(string? subject, string? client, string? status, string? type, CancellationToken cancel) =>
        Kept.RowsAsync<KeptToken>(store, Select + Fits, Filter(subject, client, status, type), cancel);

    public IAsyncEnumerable<KeptToken> FindByApplicationIdAsync(string identifier, CancellationToken cancel) => FindAsync(null, identifier, null, null, cancel);

    public IAsyncEnumerable<KeptToken> FindByAuthorizationIdAsync(string identifier, CancellationToken cancel) =>
        Kept.RowsAsync<KeptToken>(store, Select + Fits, Filter(consent: identifier), cancel);

    public IAsyncEnumerable<KeptToken> FindBySubjectAsync(string subject, CancellationToken cancel) => FindAsync(subject, null, null, null, cancel);

    public IAsyncEnumerable<KeptToken> ListAsync(int? count, int? offset, CancellationToken cancel) => Kept.RowsAsync<KeptToken>(store, Select + Kept.Page(count, offset), null, cancel);

    /// <summary>Removes what can no longer be used.</summary>
    public async ValueTask<long> PruneAsync(DateTimeOffset threshold, CancellationToken cancel)
    {
        const string old = """
            created < @at AND (status NOT IN ('inactive', 'valid') OR expires < @now
              OR consent IN (SELECT id FROM client_consent WHERE status <> 'valid'))
            """;
        var args = new { at = Kept.Time(threshold), now = Time.Write(clock.GetUtcNow()) };
        if (await Kept.RowAsync<long>(store, $"SELECT count(*) FROM client_token WHERE {old}", args, cancel) == 0)
            return 0;
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var gone = await change.ExecuteAsync($"DELETE FROM client_token WHERE {old}", args);
            change.Record("provider", "token.pruned", "provider:tokens", JsonSerializer.Serialize(new { gone }));
            return (long)gone;
        }, cancel);
    }

    public ValueTask<long> RevokeAsync(string? subject, string? client, string? status, string? type, CancellationToken cancel) => RevokeWhereAsync(Filter(subject, client, status, type), cancel);

    public ValueTask<long> RevokeByApplicationIdAsync(string identifier, CancellationToken cancel) => RevokeWhereAsync(Filter(client: identifier), cancel);

    public ValueTask<long> RevokeByAuthorizationIdAsync(string identifier, CancellationToken cancel) => RevokeWhereAsync(Filter(consent: identifier), cancel);

    public ValueTask<long> RevokeBySubjectAsync(string subject, CancellationToken cancel) => RevokeWhereAsync(Filter(subject), cancel);

    private async ValueTask<long> RevokeWhereAsync(DynamicParameters filter, CancellationToken cancel) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = await change.ExecuteAsync($"UPDATE client_token SET status = 'revoked', version = version + 1{Fits}", filter);
        change.Record("provider", "token.revoked", $"client:{filter.Get<string?>("client") ?? "*"}",
            JsonSerializer.Serialize(new { subject = filter.Get<string?>("subject"), consent = filter.Get<string?>("consent"), touched }), subject: filter.Get<string?>("subject") is { } login ? await change.SubjectOfAsync(login) : null);
        return (long)touched;
    }, cancel);

    // Typed, since PostgreSQL asks what a null is.
    private static DynamicParameters Filter(string? subject = null, string? client = null, string? status = null, string? type = null, string? consent = null)
    {
        var filter = new DynamicParameters();
        foreach (var (name, value) in new[] { ("subject", subject), ("client", client), ("status", status), ("type", type), ("consent", consent) })
            filter.Add(name, value, System.Data.DbType.String);
        return filter;
    }

    public ValueTask<KeptToken> InstantiateAsync(CancellationToken cancel) => new(new KeptToken());
    public ValueTask<string?> GetIdAsync(KeptToken token, CancellationToken cancel) => new(token.Id);
    public ValueTask<string?> GetApplicationIdAsync(KeptToken token, CancellationToken cancel) => new(token.Client);
    public ValueTask<string?> GetAuthorizationIdAsync(KeptToken token, CancellationToken cancel) => new(token.Consent);
    public ValueTask<string?> GetSubjectAsync(KeptToken token, CancellationToken cancel) => new(token.Subject);
    public ValueTask<string?> GetTypeAsync(KeptToken token, CancellationToken cancel) => new(token.Type);
    public ValueTask<string?> GetStatusAsync(KeptToken token, CancellationToken cancel) => new(token.Status);
    public ValueTask<string?> GetReferenceIdAsync(KeptToken token, CancellationToken cancel) => new(token.Reference);
    public ValueTask<string?> GetPayloadAsync(KeptToken token, CancellationToken cancel) => new(token.Payload);
    public ValueTask<DateTimeOffset?> GetCreationDateAsync(KeptToken token, CancellationToken cancel) => new(Kept.Time(token.Created));
    public ValueTask<DateTimeOffset?> GetExpirationDateAsync(KeptToken token, CancellationToken cancel) => new(Kept.Time(token.Expires));
    public ValueTask<DateTimeOffset?> GetRedemptionDateAsync(KeptToken token, CancellationToken cancel) => new(Kept.Time(token.Redeemed));
    public ValueTask<ImmutableDictionary<string, JsonElement>> GetPropertiesAsync(KeptToken token, CancellationToken cancel) => new(Kept.Properties(token.Properties));

    public ValueTask SetApplicationIdAsync(KeptToken token, string? identifier, CancellationToken cancel) => Done(token.Client = identifier);
    public ValueTask SetAuthorizationIdAsync(KeptToken token, string? identifier, CancellationToken cancel) => Done(token.Consent = identifier);
    public ValueTask SetSubjectAsync(KeptToken token, string? subject, CancellationToken cancel) => Done(token.Subject = subject);
    public ValueTask SetTypeAsync(KeptToken token, string? type, CancellationToken cancel) => Done(token.Type = type);
    public ValueTask SetStatusAsync(KeptToken token, string? status, CancellationToken cancel) => Done(token.Status = status);
    public ValueTask SetReferenceIdAsync(KeptToken token, string? identifier, CancellationToken cancel) => Done(token.Reference = identifier);
    public ValueTask SetPayloadAsync(KeptToken token, string? payload, CancellationToken cancel) => Done(token.Payload = payload);
    public ValueTask SetCreationDateAsync(KeptToken token, DateTimeOffset? date, CancellationToken cancel) => Done(token.Created = Kept.Time(date));
    public ValueTask SetExpirationDateAsync(KeptToken token, DateTimeOffset? date, CancellationToken cancel) => Done(token.Expires = Kept.Time(date));
    public ValueTask SetRedemptionDateAsync(KeptToken token, DateTimeOffset? date, CancellationToken cancel) => Done(token.Redeemed = Kept.Time(date));
    public ValueTask SetPropertiesAsync(KeptToken token, ImmutableDictionary<string, JsonElement> properties, CancellationToken cancel) => Done(token.Properties = Kept.Properties(properties));

    public ValueTask<long> CountAsync<TResult>(Func<IQueryable<KeptToken>, IQueryable<TResult>> query, CancellationToken cancel) => throw Kept.NoLinq();
    public ValueTask<TResult?> GetAsync<TState, TResult>(Func<IQueryable<KeptToken>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancel) => throw Kept.NoLinq();
    public IAsyncEnumerable<TResult> ListAsync<TState, TResult>(Func<IQueryable<KeptToken>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancel) => throw Kept.NoLinq();

    private static ValueTask Done(object? _) => default;
}
