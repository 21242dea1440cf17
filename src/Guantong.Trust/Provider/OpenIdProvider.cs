using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Validation;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace Guantong.Trust.Provider;

/// <summary>The OpenID Connect provider: clients send people here to sign in, and act for them or for themselves within scopes. Start reading here.</summary>
/// <remarks>
/// OpenID Connect Core and Discovery 1.0; OAuth 2.0 (RFC 6749, RFC 9700) with PKCE (RFC 7636), device flow (RFC 8628), private_key_jwt (RFC 7523), mTLS (RFC 8705),
/// token exchange (RFC 8693), revocation (RFC 7009), introspection (RFC 7662), pushed requests (RFC 9126). The protocol's engine is OpenIddict.
/// </remarks>
public static class OpenIdProvider
{
    private const string Authorize = "/connect/authorize", Token = "/connect/token", Device = "/connect/device", Verify = "/connect/verify",
        Push = "/connect/par", Info = "/connect/userinfo", Discovery = "/.well-known/openid-configuration", Introspect = "/connect/introspect", Revoke = "/connect/revoke", End = "/connect/end-session";

    /// <summary>Registers the provider and what takes its tokens.</summary>
    public static IServiceCollection AddProvider(this IServiceCollection services, ProviderSettings settings)
    {
        services.AddSingleton(settings).AddSingleton<SigningKeys>().AddHostedService<Housekeeping>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(p => p.GetRequiredService<SigningKeys>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(p => p.GetRequiredService<SigningKeys>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictValidationOptions>>(p => p.GetRequiredService<SigningKeys>());
        services.AddScoped<ClientKeeper>().AddScoped(p => new Clients(p.GetRequiredService<IOpenIddictApplicationManager>(), p.GetRequiredService<ClientKeeper>()));
        services.AddScoped<IOpenIddictApplicationStore<KeptClient>, ClientStore>().AddScoped<IOpenIddictAuthorizationStore<KeptConsent>, ConsentStore>().AddScoped<IOpenIddictTokenStore<KeptToken>, TokenStore>();
        services.AddAntiforgery();
        services.AddOpenIddict()
            .AddCore(core => core.SetDefaultApplicationEntity<KeptClient>().SetDefaultAuthorizationEntity<KeptConsent>().SetDefaultTokenEntity<KeptToken>().ReplaceApplicationManager<KeptClient, ClientManager>().DisableEntityCaching())
            .AddServer(server => Serve(server, settings))
            .AddValidation(validation =>
            {
                validation.UseLocalServer();
                validation.AddAudiences(Scopes.Audience);
                validation.UseAspNetCore().DisableAccessTokenExtractionFromBodyForm().DisableAccessTokenExtractionFromQueryString();
                // A token that was taken back ends at once, not when it would have run out.
                validation.EnableTokenEntryValidation().EnableAuthorizationEntryValidation();
            });
        return services;
    }

    private static void Serve(OpenIddictServerBuilder server, ProviderSettings settings)
    {
        server.SetAuthorizationEndpointUris(Authorize).SetTokenEndpointUris(Token).SetDeviceAuthorizationEndpointUris(Device).SetEndUserVerificationEndpointUris(Verify)
            .SetPushedAuthorizationEndpointUris(Push).SetUserInfoEndpointUris(Info).SetIntrospectionEndpointUris(Introspect).SetRevocationEndpointUris(Revoke).SetEndSessionEndpointUris(End);
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().AllowDeviceAuthorizationFlow().AllowClientCredentialsFlow().AllowTokenExchangeFlow().AllowRefreshTokenFlow();
        // Which scopes there are is decided where a client is added: it may ask for those alone.
        server.RegisterScopes(Scopes.All).DisableScopeValidation();
        server.RegisterClaims("sub", "name", "name_en", "preferred_username", "unit", "region", "kind", "roles");
        server.SetAccessTokenLifetime(TokenEndpoint.AccessTerm).SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(1)).SetRefreshTokenLifetime(TimeSpan.FromDays(14))
            .SetDeviceCodeLifetime(TimeSpan.FromMinutes(10)).SetUserCodeLifetime(TimeSpan.FromMinutes(10));
        // RFC 9700 §4.14.2: a refresh token that comes twice was stolen once; everything given with it ends.
        server.SetRefreshTokenReuseLeeway(TimeSpan.Zero);
        // A chain of refresh tokens ends when the first would have: the person consents and proves who they are again.
        server.DisableSlidingRefreshTokenExpiration();
        server.DisableAccessTokenEncryption();
        // RFC 9700 §2.1.1: the plain challenge shows the verifier to whoever sees the request.
        server.Configure(options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain));
        server.AddEventHandler<ValidateTokenContext>(h => h.UseInlineHandler(ClientProof.TakeUntyped).SetOrder(Protection.ResolveTokenValidationParameters.Descriptor.Order + 1));
        server.AddEventHandler<ValidateTokenRequestContext>(h => h.UseInlineHandler(TokenEndpoint.TakeCalled).SetOrder(Exchange.ValidateAuthorizedParty.Descriptor.Order - 1));
        server.AddEventHandler<ProcessAuthenticationContext>(h => h.AddFilter<OpenIddictServerHandlerFilters.RequireClientAssertionPrincipal>().UseScopedHandler<ClientProof>()
            .SetOrder(ValidateClientAssertionIssuer.Descriptor.Order + 1));
        // OpenIddict's default policy forbids what the platform's own proxy may do: end TLS in front of it.
        server.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough()
            .EnableEndUserVerificationEndpointPassthrough().EnableUserInfoEndpointPassthrough().EnableEndSessionEndpointPassthrough();
        if (settings.Issuer is { } issuer)
            server.SetIssuer(issuer);
        if (settings.Mtls is not { } door)
            return;
        server.EnableSelfSignedTlsClientAuthentication(policy => policy.RevocationMode = X509RevocationMode.NoCheck);
        server.UseClientCertificateBoundAccessTokens();
        server.SetMtlsTokenEndpointAliasUri(new Uri(door.Url, Token)).SetMtlsRevocationEndpointAliasUri(new Uri(door.Url, Revoke)).SetMtlsIntrospectionEndpointAliasUri(new Uri(door.Url, Introspect));
    }

    /// <summary>Maps the provider's own pages and endpoints.</summary>
    public static void MapProvider(this IEndpointRouteBuilder routes)
    {
        string[] both = ["GET", "POST"];
        var style = Page.Style();
        var protocol = routes.MapGroup("").Needs("provider.use").ExcludeFromDescription();
        // The engine answers these before any route is asked; they stand here so that the policy's matrix tells of them.
        foreach (var path in (string[])[Discovery, Discovery.Replace("openid-configuration", "oauth-authorization-server", StringComparison.Ordinal), "/.well-known/jwks"])
            protocol.MapGet(path, () => Results.NotFound());
        foreach (var path in (string[])[Device, Push, Introspect, Revoke])
            protocol.MapPost(path, () => Results.NotFound());
        protocol.MapGet(Page.StylePath, () => Results.Text(style, "text/css; charset=utf-8"));
        protocol.MapMethods(Authorize, both, Authorizing.AnswerAsync);
        protocol.MapPost(Token, TokenEndpoint.AnswerAsync);
        routes.MapMethods(Verify, both, DevicePage.AnswerAsync).Needs("self.manage").ExcludeFromDescription();
        routes.MapGet(Verify + "/done", DevicePage.Done).Needs("self.manage").ExcludeFromDescription();
        protocol.MapMethods(Info, both, UserInfo.AnswerAsync);
        protocol.MapMethods(End, both, UserInfo.EndAsync);
        protocol.MapGet(End + "/done", UserInfo.Ended);
    }
}
