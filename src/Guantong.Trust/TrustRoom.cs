using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust;

/// <summary>Identity, land, store and ledger: what this room offers and needs. Start reading here.</summary>
public static class TrustRoom
{
    /// <summary>This room's tables.</summary>
    public static readonly Migrations Migrations = new("trust", typeof(TrustRoom).Assembly);

    /// <summary>The most items of one page.</summary>
    public const int LargestPage = 500;

    /// <summary>Registers the room's services; the store and the jurisdiction come from the composition.</summary>
    public static IServiceCollection AddTrust(this IServiceCollection services)
    {
        services.AddSingleton<Accounts>().AddSingleton<Ledger>().AddSingleton<LocalToken>();
        services.AddAuthentication(Callers.Scheme).AddCookie(Callers.Scheme, o =>
        {
            o.Cookie.Name = "guantong";
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.Cookie.HttpOnly = true;
            o.ExpireTimeSpan = TimeSpan.FromHours(12);
            o.LoginPath = "/desk/sign-in";
            o.Events.OnRedirectToLogin = context => Refuse(context.HttpContext, context.RedirectUri, 401, "not-signed-in");
            o.Events.OnRedirectToAccessDenied = context => Refuse(context.HttpContext, "/desk/sign-in?denied=1", 403, "not-allowed", "–");
        });
        services.AddAuthorization();
        return services;
    }

    // The API answers with a problem where a page sends the reader to the sign-in.
    private static Task Refuse(HttpContext http, string redirect, int status, string code, params object?[] args)
    {
        if (http.Request.Path.StartsWithSegments("/api"))
            return http.Problem(status, code, args).ExecuteAsync(http);
        http.Response.Redirect(redirect);
        return Task.CompletedTask;
    }

    /// <summary>What a sign-in asks for.</summary>
    public sealed record SignIn(string Login, string Password);

    /// <summary>What making a key asks for.</summary>
    public sealed record NewKey(string Name, string[] Roles);

    /// <summary>Maps the room's part of the API, below /api/v1.</summary>
    public static void MapTrust(this IEndpointRouteBuilder api)
    {
        api.MapDataKeys();
        api.MapPost("/session", async (SignIn given, Accounts accounts, HttpContext http) =>
        {
            var (found, isShut) = await accounts.SignInAsync(given.Login, given.Password, http.RequestAborted);
            if (found is not { } person)
                return isShut ? http.Problem(429, "sign-in-shut") : http.Problem(401, "wrong-password");
            await http.SignInAsync(person);
            return Results.Ok(person);
        }).AllowAnonymous().WithTags("Session").WithSummary("Sign in; the cookie then stands for you").Produces<Person>();

        api.MapGet("/session", (HttpContext http) => http.Caller()).WithTags("Session").WithSummary("Who I am");

        api.MapDelete("/session", async (HttpContext http) =>
        {
            await Microsoft.AspNetCore.Authentication.AuthenticationHttpContextExtensions.SignOutAsync(http, Callers.Scheme);
            return Results.NoContent();
        }).WithTags("Session").WithSummary("Sign out");

        api.MapGet("/regions", (Jurisdiction land, string? parent) => land.Regions.Children(parent ?? land.Root).ToList())
            .AllowAnonymous().WithTags("Land").WithSummary("Regions directly below one (the jurisdiction's own top when none is named)");
        api.MapGet("/regions/{code}", (Jurisdiction land, string code, HttpContext http) => land.Regions.Find(code) is { } region
                ? Results.Ok(new { Region = region, Above = land.Regions.Upwards(code).Skip(1), Changes = land.Regions.Changes.Where(c => c.Code == code || c.Successor == code) })
                : http.Problem(404, "not-found", code))
            .AllowAnonymous().WithTags("Land").WithSummary("A region, those above it, and what became of its code");
        api.MapGet("/units", (Jurisdiction land, string? region, string? line, int skip = 0, int take = 100) =>
        {
            var found = land.Units.All.Where(u => (region is null || u.Region == region) && (line is null || u.Line == line)).ToList();
            return new { Items = found.Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 1, LargestPage)), Total = found.Count };
        }).AllowAnonymous().WithTags("Land").WithSummary("Government units by region and line of business");

        api.MapGet("/ledger", async (Ledger ledger, HttpContext http, int skip = 0, int take = 50) =>
        {
            if (!http.Caller().Has(Policy.Audit))
                return http.Problem(403, "not-allowed", string.Join(", ", Policy.Audit));
            if (skip < 0 || take is < 1 or > LargestPage)
                return http.Problem(400, "bad-page", LargestPage);
            var (entries, total) = await ledger.PageAsync(skip, take, http.RequestAborted);
            return Results.Ok(new { Items = entries, Total = total });
        }).WithTags("Ledger").WithSummary("The ledger, newest first").Produces<LedgerEntry[]>();
        api.MapGet("/ledger/verdict", async (Ledger ledger, HttpContext http) => http.Caller().Has(Policy.Audit)
                ? Results.Ok(await ledger.VerifyAsync(http.RequestAborted))
                : http.Problem(403, "not-allowed", string.Join(", ", Policy.Audit)))
            .WithTags("Ledger").WithSummary("Recompute the chain and name the first bad entry").Produces<LedgerVerdict>();

        api.MapPost("/keys", async (NewKey given, Accounts accounts, HttpContext http) =>
        {
            if (!http.Caller().Has(Policy.Load))
                return http.Problem(403, "not-allowed", string.Join(", ", Policy.Load));
            // A key can do no more than the one who issues it.
            if (given.Roles.FirstOrDefault(r => !http.Caller().Has(r)) is { } beyond)
                return http.Problem(403, "not-allowed", beyond);
            var (id, key) = await accounts.IssueKeyAsync(http.Caller(), given.Name, given.Roles, http.RequestAborted);
            return Results.Ok(new { id, key });
        }).WithTags("Session").WithSummary("Issue a key for a machine; it is shown once");
        api.MapGet("/keys", async (Accounts accounts, HttpContext http) => http.Caller().Has(Policy.Load)
                ? Results.Ok(await accounts.KeysAsync(http.RequestAborted)) : http.Problem(403, "not-allowed", string.Join(", ", Policy.Load)))
            .WithTags("Session").WithSummary("Machines' keys, without the keys themselves").Produces<MachineKey[]>();
        api.MapDelete("/keys/{id}", async (string id, Accounts accounts, HttpContext http) =>
            !http.Caller().Has(Policy.Load) ? http.Problem(403, "not-allowed", string.Join(", ", Policy.Load))
            : await accounts.RevokeKeyAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id))
            .WithTags("Session").WithSummary("End a machine's key");
    }
}
