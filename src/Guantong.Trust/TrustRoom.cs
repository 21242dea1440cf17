using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
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

    /// <summary>The largest body of a request in bytes, where nothing else is said.</summary>
    public const long LargestBody = 1 << 20;

    /// <summary>The largest body in bytes of what takes whole packs or models.</summary>
    public const long LargestUpload = 64 << 20;

    /// <summary>Registers the room's services; the store and the jurisdiction come from the composition.</summary>
    /// <param name="data">The folder where keys and archives stand.</param>
    /// <param name="workers">Whether this node makes checkpoints by itself.</param>
    public static IServiceCollection AddTrust(this IServiceCollection services, string data, bool workers = false)
    {
        services.AddSingleton<Accounts>().AddSingleton<Ledger>().AddSingleton<LocalToken>();
        services.AddSingleton(new LedgerKey(Setting("LEDGER_KEY") ?? Path.Combine(data, "keys", "ledger.pem")))
            .AddSingleton(new TimeStamps(Setting("TSA") is { } address ? new Uri(address) : null))
            .AddSingleton<Checkpoints>()
            .AddSingleton(p => new LedgerArchives(p.GetRequiredService<Store>(), p.GetRequiredService<Ledger>(), p.GetRequiredService<TimeProvider>(), Path.Combine(data, "archive")));
        if (workers)
            services.AddHostedService<CheckpointService>();
        services.AddAuthentication(Callers.Scheme).AddCookie(Callers.Scheme, o =>
        {
            o.Cookie.Name = "guantong";
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.Cookie.HttpOnly = true;
            o.ExpireTimeSpan = TimeSpan.FromHours(12);
            o.LoginPath = "/desk/sign-in";
            o.Events.OnRedirectToLogin = context => Refuse(context.HttpContext, context.RedirectUri, 401, "not-signed-in");
            o.Events.OnRedirectToAccessDenied = context => Refuse(context.HttpContext, "/desk/sign-in?denied=1", 403, "not-allowed", Why(context.HttpContext));
        });
        services.AddAuthorization().AddSingleton<IAuthorizationPolicyProvider, Gate>().AddSingleton<IAuthorizationHandler, GateKeeper>();
        return services;
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable("GUANTONG_" + name) is { Length: > 0 } value ? value : null;

    // The API answers with a problem where a page sends the reader to the sign-in.
    private static Task Refuse(HttpContext http, string redirect, int status, string code, params object?[] args)
    {
        if (http.Request.Path.StartsWithSegments("/api"))
            return http.Problem(status, code, args).ExecuteAsync(http);
        http.Response.Redirect(redirect);
        return Task.CompletedTask;
    }

    // The first act of the endpoint that the caller may not do, in words.
    private static string Why(HttpContext http)
    {
        var asking = new Asking(Callers.Of(http.User), "", At: http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        var land = http.RequestServices.GetRequiredService<Jurisdiction>();
        var refusal = (http.GetEndpoint()?.Acts() ?? []).Select(act => Policy.Decide(asking with { Act = act }, land)).FirstOrDefault(d => !d.IsAllowed);
        return string.Join("\n", Policy.Explain(refusal, Lang.Of(http)));
    }

    /// <summary>What a sign-in asks for.</summary>
    public sealed record SignIn(string Login, string Password);

    /// <summary>What making a key asks for.</summary>
    public sealed record NewKey(string Name, string[] Roles);

    /// <summary>Maps the room's part of the API, below /api/v1.</summary>
    public static void MapTrust(this IEndpointRouteBuilder api)
    {
        api.MapPost("/session", async (SignIn given, Accounts accounts, HttpContext http) =>
        {
            var (found, isShut) = await accounts.SignInAsync(given.Login, given.Password, http.RequestAborted);
            if (found is not { } person)
                return isShut ? http.Problem(429, "sign-in-shut") : http.Problem(401, "wrong-password");
            await http.SignInAsync(person);
            return Results.Ok(person);
        }).Needs("session.begin").WithTags("Session").WithSummary("Sign in; the cookie then stands for you").Produces<Person>();

        api.MapGet("/session", (HttpContext http) => http.Caller()).Needs("session.read").WithTags("Session").WithSummary("Who I am");

        api.MapDelete("/session", async (HttpContext http) =>
        {
            await Microsoft.AspNetCore.Authentication.AuthenticationHttpContextExtensions.SignOutAsync(http, Callers.Scheme);
            return Results.NoContent();
        }).Needs("session.end").WithTags("Session").WithSummary("Sign out");

        api.MapGet("/regions", (Jurisdiction land, string? parent) => land.Regions.Children(parent ?? land.Root).ToList())
            .Needs("public.read").WithTags("Land").WithSummary("Regions directly below one (the jurisdiction's own top when none is named)");
        api.MapGet("/regions/{code}", (Jurisdiction land, string code, HttpContext http) => land.Regions.Find(code) is { } region
                ? Results.Ok(new { Region = region, Above = land.Regions.Upwards(code).Skip(1), Changes = land.Regions.Changes.Where(c => c.Code == code || c.Successor == code) })
                : http.Problem(404, "not-found", code))
            .Needs("public.read").WithTags("Land").WithSummary("A region, those above it, and what became of its code");
        api.MapGet("/units", (Jurisdiction land, string? region, string? line, int skip = 0, int take = 100) =>
        {
            var found = land.Units.All.Where(u => (region is null || u.Region == region) && (line is null || u.Line == line)).ToList();
            return new { Items = found.Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 1, LargestPage)), Total = found.Count };
        }).Needs("public.read").WithTags("Land").WithSummary("Government units by region and line of business");

        api.MapLedger();

        api.MapPost("/keys", async (NewKey given, Accounts accounts, HttpContext http) =>
        {
            // A key can do no more than the one who issues it.
            if (given.Roles.FirstOrDefault(r => !http.Caller().Has(r)) is { } beyond)
                return http.Problem(403, "key-beyond", beyond);
            var (id, key) = await accounts.IssueKeyAsync(http.Caller(), given.Name, given.Roles, http.RequestAborted);
            return Results.Ok(new { id, key });
        }).Needs("key.issue").WithTags("Session").WithSummary("Issue a key for a machine; it is shown once");
        api.MapGet("/keys", (Accounts accounts, HttpContext http) => accounts.KeysAsync(http.RequestAborted))
            .Needs("key.read").WithTags("Session").WithSummary("Machines' keys, without the keys themselves").Produces<MachineKey[]>();
        api.MapDelete("/keys/{id}", async (string id, Accounts accounts, HttpContext http) =>
            await accounts.RevokeKeyAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id))
            .Needs("key.revoke").WithTags("Session").WithSummary("End a machine's key");
        api.MapGet("/policy/matrix", (EndpointDataSource endpoints) => PolicyMatrix.Of(endpoints.Endpoints))
            .Needs("policy.read").WithTags("Policy").WithSummary("Endpoints and pages × roles, from the running application").Produces<MatrixLine[]>();
    }
}
