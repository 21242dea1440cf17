using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;

namespace Guantong.Trust.Provider;

/// <summary>Who adds, changes or removes clients within this request.</summary>
internal sealed class ClientKeeper
{
    public Person? By { get; set; }

    public string Login => By?.Login ?? "provider";

    /// <summary>The change that what is done stands or falls with; null for one of its own.</summary>
    public Change? Within { get; set; }
}

/// <summary>Keeps clients for OpenIddict. A client's own id is its key.</summary>
internal sealed class ClientStore(Store store, TimeProvider clock, ClientKeeper keeper) : IOpenIddictApplicationStore<KeptClient>
{
    private sealed class Row
    {
        public string Body { get; set; } = "";
        public string Created { get; set; } = "";
        public long Version { get; set; }

        public KeptClient Client()
        {
            var client = JsonSerializer.Deserialize<KeptClient>(Body)!;
            (client.Version, client.Created) = (Version, Created);
            return client;
        }
    }

    private const string Select = "SELECT body AS Body, created AS Created, version AS Version FROM client";

    public async ValueTask CreateAsync(KeptClient client, CancellationToken cancel) => await (keeper.Within is { } within ? CreateAsync(within, client) : store.ChangeAsync(clock.GetUtcNow(), change => CreateAsync(change, client), cancel));

    private async Task CreateAsync(Change change, KeptClient client)
    {
        await change.ExecuteAsync("INSERT INTO client (id, body, created, version) VALUES (@Id, @body, @Stamp, 0)", new { client.Id, body = JsonSerializer.Serialize(client), change.Stamp });
        change.Record(keeper.Login, "client.added", $"client:{client.Id}", JsonSerializer.Serialize(new { client.Name, client.Permissions, client.Redirects }), keeper.By?.Unit);
    }

    public async ValueTask UpdateAsync(KeptClient client, CancellationToken cancel) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        Kept.MustTouch(await change.ExecuteAsync("UPDATE client SET body = @body, version = version + 1 WHERE id = @Id AND version = @Version",
            new { client.Id, client.Version, body = JsonSerializer.Serialize(client) }));
        change.Record(keeper.Login, "client.changed", $"client:{client.Id}", JsonSerializer.Serialize(new { client.Name, client.Permissions, client.Redirects }), keeper.By?.Unit);
    }, cancel);

    public async ValueTask DeleteAsync(KeptClient client, CancellationToken cancel) => await store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        Kept.MustTouch(await change.ExecuteAsync("DELETE FROM client WHERE id = @Id AND version = @Version", new { client.Id, client.Version }));
        await change.ExecuteAsync("DELETE FROM client_token WHERE client = @Id", new { client.Id });
        await change.ExecuteAsync("DELETE FROM client_consent WHERE client = @Id", new { client.Id });
        change.Record(keeper.Login, "client.removed", $"client:{client.Id}", unit: keeper.By?.Unit);
    }, cancel);

    public ValueTask<long> CountAsync(CancellationToken cancel) => Kept.RowAsync<long>(store, "SELECT count(*) FROM client", null, cancel);

    public async ValueTask<KeptClient?> FindByIdAsync(string identifier, CancellationToken cancel) =>
        (await Kept.RowAsync<Row>(store, $"{Select} WHERE id = @identifier", new { identifier }, cancel))?.Client();

    public ValueTask<KeptClient?> FindByClientIdAsync(string identifier, CancellationToken cancel) => FindByIdAsync(identifier, cancel);

    public IAsyncEnumerable<KeptClient> FindByRedirectUriAsync(string uri, CancellationToken cancel) => WhereAsync(c => c.Redirects.Contains(uri), cancel);

    public IAsyncEnumerable<KeptClient> FindByPostLogoutRedirectUriAsync(string uri, CancellationToken cancel) => WhereAsync(c => c.AfterSignOut.Contains(uri), cancel);

    public async IAsyncEnumerable<KeptClient> ListAsync(int? count, int? offset, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var row in Kept.RowsAsync<Row>(store, Select + Kept.Page(count, offset), null, cancel))
            yield return row.Client();
    }

    private async IAsyncEnumerable<KeptClient> WhereAsync(Func<KeptClient, bool> fits, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var client in ListAsync(null, null, cancel))
            if (fits(client))
                yield return client;
    }

    public ValueTask<KeptClient> InstantiateAsync(CancellationToken cancel) => new(new KeptClient());
    public ValueTask<string?> GetIdAsync(KeptClient client, CancellationToken cancel) => new(client.Id);
    public ValueTask<string?> GetClientIdAsync(KeptClient client, CancellationToken cancel) => new(client.Id);
    public ValueTask<string?> GetClientSecretAsync(KeptClient client, CancellationToken cancel) => new(client.Secret);
    public ValueTask<string?> GetClientTypeAsync(KeptClient client, CancellationToken cancel) => new(client.Type);
    public ValueTask<string?> GetApplicationTypeAsync(KeptClient client, CancellationToken cancel) => new(client.ApplicationType);
    public ValueTask<string?> GetConsentTypeAsync(KeptClient client, CancellationToken cancel) => new(client.Consent);
    public ValueTask<string?> GetDisplayNameAsync(KeptClient client, CancellationToken cancel) => new(client.Name);
    public ValueTask<ImmutableDictionary<CultureInfo, string>> GetDisplayNamesAsync(KeptClient client, CancellationToken cancel) =>
        new(client.Names.ToImmutableDictionary(n => CultureInfo.GetCultureInfo(n.Key), n => n.Value));
    public ValueTask<JsonWebKeySet?> GetJsonWebKeySetAsync(KeptClient client, CancellationToken cancel) => new(client.Keys is null ? null : JsonWebKeySet.Create(client.Keys));
    public ValueTask<ImmutableArray<string>> GetPermissionsAsync(KeptClient client, CancellationToken cancel) => new([.. client.Permissions]);
    public ValueTask<ImmutableArray<string>> GetRequirementsAsync(KeptClient client, CancellationToken cancel) => new([.. client.Requirements]);
    public ValueTask<ImmutableArray<string>> GetRedirectUrisAsync(KeptClient client, CancellationToken cancel) => new([.. client.Redirects]);
    public ValueTask<ImmutableArray<string>> GetPostLogoutRedirectUrisAsync(KeptClient client, CancellationToken cancel) => new([.. client.AfterSignOut]);
    public ValueTask<ImmutableDictionary<string, string>> GetSettingsAsync(KeptClient client, CancellationToken cancel) => new(client.Settings.ToImmutableDictionary());
    public ValueTask<ImmutableDictionary<string, JsonElement>> GetPropertiesAsync(KeptClient client, CancellationToken cancel) => new(ImmutableDictionary<string, JsonElement>.Empty);

    public ValueTask SetClientIdAsync(KeptClient client, string? identifier, CancellationToken cancel) => Done(client.Id = identifier ?? "");
    public ValueTask SetClientSecretAsync(KeptClient client, string? secret, CancellationToken cancel) => Done(client.Secret = secret);
    public ValueTask SetClientTypeAsync(KeptClient client, string? type, CancellationToken cancel) => Done(client.Type = type);
    public ValueTask SetApplicationTypeAsync(KeptClient client, string? type, CancellationToken cancel) => Done(client.ApplicationType = type);
    public ValueTask SetConsentTypeAsync(KeptClient client, string? type, CancellationToken cancel) => Done(client.Consent = type);
    public ValueTask SetDisplayNameAsync(KeptClient client, string? name, CancellationToken cancel) => Done(client.Name = name);
    public ValueTask SetDisplayNamesAsync(KeptClient client, ImmutableDictionary<CultureInfo, string> names, CancellationToken cancel) => Done(client.Names = names.ToDictionary(n => n.Key.Name, n => n.Value));
    public ValueTask SetJsonWebKeySetAsync(KeptClient client, JsonWebKeySet? set, CancellationToken cancel) => Done(client.Keys = set is null ? null : JsonSerializer.Serialize(set));
    public ValueTask SetPermissionsAsync(KeptClient client, ImmutableArray<string> permissions, CancellationToken cancel) => Done(client.Permissions = Given(permissions));
    public ValueTask SetRequirementsAsync(KeptClient client, ImmutableArray<string> requirements, CancellationToken cancel) => Done(client.Requirements = Given(requirements));
    public ValueTask SetRedirectUrisAsync(KeptClient client, ImmutableArray<string> uris, CancellationToken cancel) => Done(client.Redirects = Given(uris));
    public ValueTask SetPostLogoutRedirectUrisAsync(KeptClient client, ImmutableArray<string> uris, CancellationToken cancel) => Done(client.AfterSignOut = Given(uris));
    public ValueTask SetSettingsAsync(KeptClient client, ImmutableDictionary<string, string> settings, CancellationToken cancel) => Done(client.Settings = settings.ToDictionary());
    public ValueTask SetPropertiesAsync(KeptClient client, ImmutableDictionary<string, JsonElement> properties, CancellationToken cancel) => default;

    public ValueTask<long> CountAsync<TResult>(Func<IQueryable<KeptClient>, IQueryable<TResult>> query, CancellationToken cancel) => throw Kept.NoLinq();
    public ValueTask<TResult?> GetAsync<TState, TResult>(Func<IQueryable<KeptClient>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancel) => throw Kept.NoLinq();
    public IAsyncEnumerable<TResult> ListAsync<TState, TResult>(Func<IQueryable<KeptClient>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancel) => throw Kept.NoLinq();

    private static string[] Given(ImmutableArray<string> words) => words.IsDefault ? [] : [.. words];

    private static ValueTask Done(object? _) => default;
}
