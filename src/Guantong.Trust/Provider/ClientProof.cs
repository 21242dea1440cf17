using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Guantong.Trust.Provider;

/// <summary>Takes a client's signed proof (RFC 7523) once, and only one that soon runs out.</summary>
internal sealed class ClientProof(Store store, TimeProvider clock) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    /// <summary>The longest that a proof may hold.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        var proof = context.ClientAssertionPrincipal!;
        var (now, expires) = (clock.GetUtcNow(), proof.GetExpirationDate());
        if (expires is not { } end || end > now + Longest || proof.GetClaim(Claims.JwtId) is not { Length: > 0 } jti)
        {
            context.Reject(Errors.InvalidClient, "The client assertion must have a jti and run out within ten minutes.");
            return;
        }
        var issuer = proof.GetClaim(Claims.Issuer)!;
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new[] { issuer, jti }))));
        var isNew = await store.ChangeAsync(now, async change =>
        {
            await change.ExecuteAsync("DELETE FROM client_proof WHERE expires < @Stamp", new { change.Stamp });
            var added = await change.ExecuteAsync("INSERT INTO client_proof (id, expires) VALUES (@id, @expires) ON CONFLICT (id) DO NOTHING", new { id, expires = Time.Write(end) });
            change.Record($"client:{issuer}", added == 1 ? "client.proved" : "client.proof-repeated", $"client:{issuer}");
            return added == 1;
        }, context.CancellationToken);
        if (!isNew)
            context.Reject(Errors.InvalidClient, "The client assertion was used before.");
    }

    /// <summary>Lets a proof bear no <c>typ</c>, or the plain one: RFC 7523 asks for none, and most libraries write none. That it is meant for this issuer is checked all the same.</summary>
    public static ValueTask TakeUntyped(ValidateTokenContext context)
    {
        if (context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.ClientAssertion) && context.TokenValidationParameters.TypeValidator is { } strict)
            context.TokenValidationParameters.TypeValidator = (type, token, parameters) =>
                strict(string.IsNullOrEmpty(type) || type.Equals("JWT", StringComparison.OrdinalIgnoreCase) ? JsonWebTokenTypes.ClientAuthentication : type, token, parameters);
        return default;
    }
}

/// <summary>Trusts the certificates of a client's own key set (RFC 8705 §2.2.2), those with keys on elliptic curves too, which the engine's own manager passes over.</summary>
internal sealed class ClientManager(IOpenIddictApplicationCache<KeptClient> cache, ILogger<OpenIddictApplicationManager<KeptClient>> logger, IOptionsMonitor<OpenIddictCoreOptions> options, IOpenIddictApplicationStore<KeptClient> store)
    : OpenIddictApplicationManager<KeptClient>(cache, logger, options, store)
{
    public override async ValueTask<X509ChainPolicy?> GetSelfSignedTlsClientAuthenticationPolicyAsync(KeptClient application, X509ChainPolicy policy, CancellationToken cancellationToken = default)
    {
        var own = policy.Clone();
        foreach (var key in (await GetJsonWebKeySetAsync(application, cancellationToken))?.Keys ?? [])
            if (key.X5c.Count > 0)
                own.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(key.X5c[0])));
        return own;
    }
}
