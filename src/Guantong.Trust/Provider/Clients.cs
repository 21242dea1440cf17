using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Guantong.Trust.Provider;

/// <summary>A client as it is listed; what it proves itself with is not shown.</summary>
/// <param name="Proof">none, secret, keys.</param>
public sealed record Client(string Id, string Name, string NameEn, IReadOnlyList<string> Grants, IReadOnlyList<string> Scopes, IReadOnlyList<string> Redirects,
    IReadOnlyList<string> AfterSignOut, string Proof, bool Own, string Created);

/// <summary>What adding a client asks for.</summary>
/// <param name="Id">Its client_id; one is made up when it is left out.</param>
/// <param name="NameEn">Its name on the English consent page.</param>
/// <param name="Grants">code, device, client-credentials, token-exchange.</param>
/// <param name="Scopes">What it may ask for.</param>
/// <param name="Keys">Its public keys as a JWK set (RFC 7517), for private_key_jwt.</param>
/// <param name="Certificate">Its own self-signed certificate (PEM), for mTLS (RFC 8705 §2.2).</param>
/// <param name="Secret">Whether to make it a secret; not for machines that act in their own name.</param>
/// <param name="Own">Whether it belongs to the jurisdiction itself, so that people are not asked for their consent.</param>
/// <param name="Reason">Why, where another person has to agree.</param>
public sealed record NewClient(string? Id, string Name, string? NameEn = null, string[]? Grants = null, string[]? Scopes = null, string[]? Redirects = null, string[]? AfterSignOut = null,
    JsonElement? Keys = null, string? Certificate = null, bool Secret = false, bool Own = false, string? Reason = null);

/// <summary>The programs that may send people here to sign in, or act for them or for themselves.</summary>
public sealed class Clients
{
    private static readonly Dictionary<string, string[]> Granting = new()
    {
        ["code"] = [Permissions.Endpoints.Authorization, Permissions.Endpoints.PushedAuthorization, Permissions.Endpoints.EndSession, Permissions.GrantTypes.AuthorizationCode, Permissions.ResponseTypes.Code],
        ["device"] = [Permissions.Endpoints.DeviceAuthorization, Permissions.GrantTypes.DeviceCode],
        ["client-credentials"] = [Permissions.GrantTypes.ClientCredentials],
        ["token-exchange"] = [Permissions.GrantTypes.TokenExchange],
    };

    private readonly IOpenIddictApplicationManager _clients;
    private readonly ClientKeeper _keeper;

    internal Clients(IOpenIddictApplicationManager clients, ClientKeeper keeper) => (_clients, _keeper) = (clients, keeper);

    /// <summary>What is wrong with what was asked for, by field: each a code of texts.json with its argument. Empty when nothing is.</summary>
    public static IReadOnlyDictionary<string, (string Code, string Arg)> Faults(NewClient given, Person by)
    {
        var faults = new Dictionary<string, (string, string)>();
        var (grants, scopes) = (given.Grants ?? [], given.Scopes ?? []);
        bool Is(string grant) => grants.Contains(grant);
        if (given.Id is { } id && (id.Length is 0 or > 80 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')))
            faults["id"] = ("client.id", id);
        if (given.Name is not { Length: > 0 and <= 80 })
            faults["name"] = ("client.name", "");
        if (grants.Length == 0 || grants.FirstOrDefault(g => !Granting.ContainsKey(g)) is not null)
            faults["grants"] = ("client.grants", string.Join(", ", Granting.Keys));
        if (scopes.FirstOrDefault(s => !Provider.Scopes.All.Contains(s)) is { } unknown)
            faults["scopes"] = ("client.scope", unknown);
        // A machine can do no more than the one who lets it in.
        else if (Is("client-credentials") && scopes.FirstOrDefault(s => s.StartsWith(Provider.Scopes.RolePrefix, StringComparison.Ordinal) && !by.Lasting().Contains(s[Provider.Scopes.RolePrefix.Length..])) is { } beyond)
            faults["scopes"] = ("client.beyond", beyond);
        else if (scopes.Contains(Provider.Scopes.Scim) && !by.May("provision.accounts"))
            faults["scopes"] = ("client.scim", "");
        if (Is("code") && given.Redirects is not { Length: > 0 })
            faults["redirects"] = ("client.redirects", "");
        else if ((given.Redirects ?? []).Concat(given.AfterSignOut ?? []).FirstOrDefault(r => !IsReturn(r)) is { } bad)
            faults["redirects"] = ("client.redirect", bad);
        if ((Is("client-credentials") || Is("token-exchange")) && given.Keys is null && given.Certificate is null)
            faults["keys"] = ("client.proof", "");
        else if (given.Keys is { } keys && !AreKeys(keys))
            faults["keys"] = ("client.keys", "");
        if (given.Certificate is { } pem && Read(pem) is null)
            faults["certificate"] = ("client.certificate", "");
        return faults;
    }

    /// <summary>Whether a client could act in a guarded role, or provision accounts: nobody lets one in alone.</summary>
    public static bool Empowers(NewClient given) =>
        (given.Scopes ?? []).Any(s => s == Provider.Scopes.Scim || (s.StartsWith(Provider.Scopes.RolePrefix, StringComparison.Ordinal) && Policy.Book.Guarded.Contains(s[Provider.Scopes.RolePrefix.Length..])));

    /// <summary>Adds one in a change that is already open.</summary>
    internal Task<(string Id, string? Secret)?> AddAsync(Change change, NewClient given, Person by, CancellationToken cancel)
    {
        _keeper.Within = change;
        return AddAsync(given, by, cancel);
    }

    // RFC 9700 §2.1, RFC 8252 §7: https, or the client's own machine, or a scheme of its own; matched to the letter.
    private static bool IsReturn(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0
        && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback) || uri.Scheme.Contains('.', StringComparison.Ordinal));

    private static bool AreKeys(JsonElement keys)
    {
        try
        {
            return JsonWebKeySet.Create(keys.GetRawText()) is { Keys: { Count: > 0 } list } && list.All(k => !k.HasPrivateKey && k.Kty is "RSA" or "EC");
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            return false;
        }
    }

    private static X509Certificate2? Read(string pem)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? certificate : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Adds a client that <see cref="Faults"/> finds nothing wrong with.</summary>
    /// <returns>Its id, and its secret, shown this once; or null when the id is taken.</returns>
    public async Task<(string Id, string? Secret)?> AddAsync(NewClient given, Person by, CancellationToken cancel = default)
    {
        var id = given.Id ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        if (await _clients.FindByClientIdAsync(id, cancel) is not null)
            return null;
        var secret = given.Secret ? Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32)) : null;
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = id,
            ClientSecret = secret,
            ClientType = given.Secret || given.Keys is not null || given.Certificate is not null ? ClientTypes.Confidential : ClientTypes.Public,
            ConsentType = given.Own ? ConsentTypes.Implicit : ConsentTypes.Explicit,
            DisplayName = given.Name,
            JsonWebKeySet = KeySet(given),
        };
        if (given.NameEn is { Length: > 0 } english)
            descriptor.DisplayNames[System.Globalization.CultureInfo.GetCultureInfo(Lang.En)] = english;
        descriptor.Permissions.UnionWith((string[])[Permissions.Endpoints.Token, Permissions.Endpoints.Revocation]);
        if (descriptor.ClientType == ClientTypes.Confidential)
            descriptor.Permissions.Add(Permissions.Endpoints.Introspection);
        descriptor.Permissions.UnionWith((given.Grants ?? []).SelectMany(g => Granting[g]));
        descriptor.Permissions.UnionWith((given.Scopes ?? []).Select(s => Permissions.Prefixes.Scope + s));
        if (given.Scopes?.Contains(OpenIddictConstants.Scopes.OfflineAccess) == true)
            descriptor.Permissions.Add(Permissions.GrantTypes.RefreshToken);
        descriptor.RedirectUris.UnionWith((given.Redirects ?? []).Select(r => new Uri(r)));
        descriptor.PostLogoutRedirectUris.UnionWith((given.AfterSignOut ?? []).Select(r => new Uri(r)));
        _keeper.By = by;
        await _clients.CreateAsync(descriptor, cancel);
        return (id, secret);
    }

    private static JsonWebKeySet? KeySet(NewClient given)
    {
        var set = given.Keys is { } keys ? JsonWebKeySet.Create(keys.GetRawText()) : new JsonWebKeySet();
        if (given.Certificate is { } pem && Read(pem) is { } certificate)
        {
            set.Keys.Add(JsonWebKeyConverter.ConvertFromX509SecurityKey(new X509SecurityKey(certificate)));
        }
        return set.Keys.Count == 0 ? null : set;
    }

    /// <summary>All clients.</summary>
    public async Task<IReadOnlyList<Client>> AllAsync(CancellationToken cancel = default)
    {
        var all = new List<Client>();
        await foreach (var client in _clients.ListAsync(cancellationToken: cancel))
            all.Add(Show((KeptClient)client));
        return all;
    }

    private static Client Show(KeptClient kept) => new(kept.Id, kept.Name ?? "", kept.Names.GetValueOrDefault(Lang.En) ?? "",
        [.. Granting.Where(g => g.Value.All(kept.Permissions.Contains)).Select(g => g.Key)],
        [.. kept.Permissions.Where(p => p.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal)).Select(p => p[Permissions.Prefixes.Scope.Length..])],
        kept.Redirects, kept.AfterSignOut, kept.Secret is not null ? "secret" : kept.Keys is not null ? "keys" : "none", kept.Consent == ConsentTypes.Implicit, kept.Created);

    /// <summary>Removes a client; what it was given ends with it. False when there is none of that id.</summary>
    public async Task<bool> RemoveAsync(string id, Person by, CancellationToken cancel = default)
    {
        if (await _clients.FindByClientIdAsync(id, cancel) is not { } client)
            return false;
        _keeper.By = by;
        await _clients.DeleteAsync(client, cancel);
        return true;
    }
}
