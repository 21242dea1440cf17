using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Work;

/// <summary>The wallet over the API, and the keys by which anybody verifies what was shown.</summary>
public static class WalletApi
{
    /// <summary>Where the keys stand (SD-JWT VC, JWT VC Issuer Metadata).</summary>
    public const string Keys = "/.well-known/jwt-vc-issuer";

    /// <summary>Who reads a presentation, as they say themselves.</summary>
    public sealed record NewRead(string? Reader);

    /// <summary>Why a credential is revoked.</summary>
    public sealed record Revocation(string? Reason);

    internal static void MapWallet(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me/wallet").WithTags("Me").Needs("self.see").OnlyForPeople();
        me.MapGet("", async (Wallets wallets, HttpContext http) => Results.Ok((await wallets.MineAsync(http.Caller(), http.RequestAborted)).Select(c => Listed(c, wallets.Today))))
            .WithSummary("Certificates that I, or an organisation that I represent, was granted");
        me.MapGet("/{id}", async (string id, Wallets wallets, HttpContext http) => await wallets.FindAsync(http.Caller(), id, http.RequestAborted) is var (credential, fields)
            ? Results.Ok(new { Credential = Listed(credential, wallets.Today), Fields = fields, Presentations = (await wallets.PresentationsAsync(http.Caller(), id, http.RequestAborted)).Select(p => new { p.Id, p.Fields, p.Purpose, p.Once, p.Made, p.Expires, p.State, Readers = p.Readers.Select(r => new { r.At, r.Reader }) }) }) : http.Problem(404, "not-found", id))
            .WithSummary("One of them with its fields, and to whom it was shown");
        me.MapPost("/{id}/presentations", (string id, NewPresentation given, Wallets wallets, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var (made, token) = await wallets.PresentAsync(http.Caller(), id, given, http.RequestAborted);
            return Results.Created($"/api/v1/me/wallet/{id}", new { Id = made, Token = token, Address = $"{IssuerOf(http)}/show/{token}" });
        })).WithSummary("Show some fields of it for a purpose, for a few minutes; the answer holds the token, this once");
        me.MapPost("/presentations/{id}/end", (string id, Wallets wallets, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            await wallets.EndAsync(http.Caller(), id, http.RequestAborted);
            return Results.NoContent();
        })).WithSummary("End a presentation before its time");
        api.MapPost("/presentations/{token}/read", (string token, NewRead given, Wallets wallets, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var shown = await wallets.ReadAsync(token, given.Reader, IssuerOf(http), http.RequestAborted);
            return Results.Ok(new { shown.Name, shown.Unit, shown.Issued, shown.ValidUntil, shown.State, shown.Purpose, shown.Read, shown.Expires, shown.Fields, SdJwt = shown.Signed });
        })).Needs("credential.show").Limited(ApplicationsApi.Limit).WithTags("Services").WithSummary("Read what somebody shows of a certificate; the holder sees who did");
        api.MapPost("/credentials/{id}/revoke", (string id, Revocation given, Wallets wallets, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            await wallets.RevokeAsync(id, given.Reason, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        })).Needs("credential.revoke").WithTags("Work").WithSummary("Revoke a certificate that one's unit granted, with a reason that its holder is told");
    }

    /// <summary>Maps the address of the keys, which stands at the site's root.</summary>
    public static void MapCredentialKeys(this IEndpointRouteBuilder routes) => routes.MapGet(Keys, async (CredentialKeys keys, HttpContext http) =>
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Ok(new { issuer = IssuerOf(http), jwks = new { keys = await keys.PublishedAsync(http.RequestAborted) } });
    }).Needs("credential.show").ExcludeFromDescription();

    /// <summary>The address of this platform: the one that is set, else the one that was asked.</summary>
    public static string IssuerOf(HttpContext http) => http.RequestServices.GetRequiredService<NoticeSettings>().Site is { Length: > 0 } site ? site : $"{http.Request.Scheme}://{http.Request.Host}";

    private static object Listed(Credential c, string today) => new { c.Id, c.Name, c.Number, c.Unit, c.Issued, c.ValidUntil, State = c.StateOn(today), c.Revoked, c.Reason, Case = c.ToldNumber };
}
