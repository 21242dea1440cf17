using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Guantong.Trust.Provider;

/// <summary>Keeps for OpenIddict what people allowed clients.</summary>
internal sealed class ConsentStore(Store store, TimeProvider clock) : IOpenIddictAuthorizationStore<KeptConsent>
{
    private const string Select = "SELECT id AS Id, client AS Client, subject AS Subject, type AS Type, status AS Status, scopes AS Scopes, created AS Created, properties AS Properties, version AS Version FROM client_consent";
    private const string Fits = " WHERE (@subject IS NULL OR subject = @subject) AND (@client IS NULL OR client = @client) AND (@status IS NULL OR status = @status) AND (@type IS NULL OR type = @type)";

    public async ValueTask CreateAsync(KeptConsent consent, CancellationToken cancel) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        consent.Id = Kept.NewId();
        await change.ExecuteAsync("""
            INSERT INTO client_consent (id, client, subject, type, status, scopes, created, properties, version)
            VALUES (@Id, @Client, @Subject, @Type, @Status, @Scopes, @Created, @Properties, 0)
            """, consent);
        await change.RecordOwnAsync(consent.Subject, "consent.given", JsonSerializer.Serialize(new { consent.Id, consent.Type, Scopes = JsonSerializer.Deserialize<string[]>(consent.Scopes) }), $"client:{consent.Client}");
    }, cancel);

    public async ValueTask UpdateAsync(KeptConsent consent, CancellationToken cancel) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        Kept.MustTouch(await change.ExecuteAsync("""
            UPDATE client_consent SET client = @Client, subject = @Subject, type = @Type, status = @Status, scopes = @Scopes, created = @Created, properties = @Properties, version = version + 1
            WHERE id = @Id AND version = @Version
            """, consent));
        consent.Version++;
        await change.RecordOwnAsync(consent.Subject, $"consent.{consent.Status}", JsonSerializer.Serialize(new { consent.Id }), $"client:{consent.Client}");
    }, cancel);

    public async ValueTask DeleteAsync(KeptConsent consent, CancellationToken cancel) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        await change.ExecuteAsync("DELETE FROM client_token WHERE consent = @Id", new { consent.Id });
        Kept.MustTouch(await change.ExecuteAsync("DELETE FROM client_consent WHERE id = @Id AND version = @Version", new { consent.Id, consent.Version }));
        change.Record("provider", "consent.removed", $"client:{consent.Client}", JsonSerializer.Serialize(new { consent.Id }), subject: await change.SubjectOfAsync(consent.Subject));
    }, cancel);

    public ValueTask<long> CountAsync(CancellationToken cancel) => Kept.RowAsync<long>(store, "SELECT count(*) FROM client_consent", null, cancel);

    public ValueTask<KeptConsent?> FindByIdAsync(string identifier, CancellationToken cancel) => Kept.RowAsync<KeptConsent>(store, $"{Select} WHERE id = @identifier", new { identifier }, cancel);

    public IAsyncEnumerable<KeptConsent> FindByApplicationIdAsync(string identifier, CancellationToken cancel) => Kept.RowsAsync<KeptConsent>(store, $"{Select} WHERE client = @identifier", new { identifier }, cancel);

    public IAsyncEnumerable<KeptConsent> FindBySubjectAsync(string subject, CancellationToken cancel) => Kept.RowsAsync<KeptConsent>(store, $"{Select} WHERE subject = @subject", new { subject }, cancel);

    public async IAsyncEnumerable<KeptConsent> FindAsync(string? subject, string? client, string? status, string? type, ImmutableArray<string>? scopes,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var consent in Kept.RowsAsync<KeptConsent>(store, Select + Fits, Filter(subject, client, status, type), cancel))
            if (scopes is not { IsDefaultOrEmpty: false } wanted || wanted.All(JsonSerializer.Deserialize<string[]>(consent.Scopes)!.Contains))
                yield return consent;
    }

    public IAsyncEnumerable<KeptConsent> ListAsync(int? count, int? offset, CancellationToken cancel) => Kept.RowsAsync<KeptConsent>(store, Select + Kept.Page(count, offset), null, cancel);

    /// <summary>Removes what no longer holds, and what held once and has no token left.</summary>
    public async ValueTask<long> PruneAsync(DateTimeOffset threshold, CancellationToken cancel)
    {
        const string old = "created < @at AND (status <> 'valid' OR (type = 'ad-hoc' AND NOT EXISTS (SELECT 1 FROM client_token t WHERE t.consent = client_consent.id)))";
        var at = Kept.Time(threshold);
        if (await Kept.RowAsync<long>(store, $"SELECT count(*) FROM client_consent WHERE {old}", new { at }, cancel) == 0)
            return 0;
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync($"DELETE FROM client_token WHERE consent IN (SELECT id FROM client_consent WHERE {old})", new { at });
            var gone = await change.ExecuteAsync($"DELETE FROM client_consent WHERE {old}", new { at });
            change.Record("provider", "consent.pruned", "provider:consents", JsonSerializer.Serialize(new { gone }));
            return (long)gone;
        }, cancel);
    }

    public ValueTask<long> RevokeAsync(string? subject, string? client, string? status, string? type, CancellationToken cancel) => RevokeWhereAsync(Filter(subject, client, status, type), cancel);

    public ValueTask<long> RevokeByApplicationIdAsync(string identifier, CancellationToken cancel) => RevokeWhereAsync(Filter(null, identifier, null, null), cancel);

    public ValueTask<long> RevokeBySubjectAsync(string subject, CancellationToken cancel) => RevokeWhereAsync(Filter(subject, null, null, null), cancel);

    private async ValueTask<long> RevokeWhereAsync(DynamicParameters filter, CancellationToken cancel) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = await change.ExecuteAsync($"UPDATE client_consent SET status = 'revoked', version = version + 1{Fits}", filter);
        change.Record("provider", "consent.revoked", $"client:{filter.Get<string?>("client") ?? "*"}", JsonSerializer.Serialize(new { subject = filter.Get<string?>("subject"), touched }), subject: filter.Get<string?>("subject") is { } login ? await change.SubjectOfAsync(login) : null);
        return (long)touched;
    }, cancel);

    // Typed, since PostgreSQL asks what a null is.
    private static DynamicParameters Filter(string? subject, string? client, string? status, string? type)
    {
        var filter = new DynamicParameters();
        foreach (var (name, value) in new[] { ("subject", subject), ("client", client), ("status", status), ("type", type) })
            filter.Add(name, value, System.Data.DbType.String);
        return filter;
    }

    public ValueTask<KeptConsent> InstantiateAsync(CancellationToken cancel) => new(new KeptConsent());
    public ValueTask<string?> GetIdAsync(KeptConsent consent, CancellationToken cancel) => new(consent.Id);
    public ValueTask<string?> GetApplicationIdAsync(KeptConsent consent, CancellationToken cancel) => new(consent.Client);
    public ValueTask<string?> GetSubjectAsync(KeptConsent consent, CancellationToken cancel) => new(consent.Subject);
    public ValueTask<string?> GetStatusAsync(KeptConsent consent, CancellationToken cancel) => new(consent.Status);
    public ValueTask<string?> GetTypeAsync(KeptConsent consent, CancellationToken cancel) => new(consent.Type);
    public ValueTask<ImmutableArray<string>> GetScopesAsync(KeptConsent consent, CancellationToken cancel) => new(JsonSerializer.Deserialize<ImmutableArray<string>>(consent.Scopes));
    public ValueTask<DateTimeOffset?> GetCreationDateAsync(KeptConsent consent, CancellationToken cancel) => new(Kept.Time(consent.Created));
    public ValueTask<ImmutableDictionary<string, JsonElement>> GetPropertiesAsync(KeptConsent consent, CancellationToken cancel) => new(Kept.Properties(consent.Properties));

    public ValueTask SetApplicationIdAsync(KeptConsent consent, string? identifier, CancellationToken cancel) => Done(consent.Client = identifier ?? "");
    public ValueTask SetSubjectAsync(KeptConsent consent, string? subject, CancellationToken cancel) => Done(consent.Subject = subject ?? "");
    public ValueTask SetStatusAsync(KeptConsent consent, string? status, CancellationToken cancel) => Done(consent.Status = status);
    public ValueTask SetTypeAsync(KeptConsent consent, string? type, CancellationToken cancel) => Done(consent.Type = type);
    public ValueTask SetScopesAsync(KeptConsent consent, ImmutableArray<string> scopes, CancellationToken cancel) => Done(consent.Scopes = JsonSerializer.Serialize(scopes.IsDefault ? [] : scopes));
    public ValueTask SetCreationDateAsync(KeptConsent consent, DateTimeOffset? date, CancellationToken cancel) => Done(consent.Created = Kept.Time(date));
    public ValueTask SetPropertiesAsync(KeptConsent consent, ImmutableDictionary<string, JsonElement> properties, CancellationToken cancel) => Done(consent.Properties = Kept.Properties(properties));

    public ValueTask<long> CountAsync<TResult>(Func<IQueryable<KeptConsent>, IQueryable<TResult>> query, CancellationToken cancel) => throw Kept.NoLinq();
    public ValueTask<TResult?> GetAsync<TState, TResult>(Func<IQueryable<KeptConsent>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancel) => throw Kept.NoLinq();
    public IAsyncEnumerable<TResult> ListAsync<TState, TResult>(Func<IQueryable<KeptConsent>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancel) => throw Kept.NoLinq();

    private static ValueTask Done(object? _) => default;
}
