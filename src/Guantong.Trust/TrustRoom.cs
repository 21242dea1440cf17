using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        services.AddSingleton<Accounts>().AddSingleton<Ledger>().AddSingleton<Looks>().AddSingleton<Provider.Consents>().AddSingleton<LocalToken>().AddSingleton<Limits>();
        services.AddSingleton(new LedgerKey(Setting("LEDGER_KEY") ?? Path.Combine(data, "keys", "ledger.pem")))
            .AddSingleton(new TimeStamps(Setting("TSA") is { } address ? new Uri(address) : null))
            .AddSingleton<Checkpoints>()
            .AddSingleton(p => new LedgerArchives(p.GetRequiredService<Store>(), p.GetRequiredService<Ledger>(), p.GetRequiredService<TimeProvider>(), Path.Combine(data, "archive")));
        if (workers)
            services.AddHostedService<CheckpointService>();
        services.AddSingleton<WhyDenied>().AddSingleton<FourEyes>().AddSingleton<Elevations>().AddSingleton<Recertification>().AddSingleton<Refusals>();
        foreach (var deed in (Deed[])[DataKeysApi.Deed, LedgerApi.Deed, PeopleApi.Empowering, PeopleApi.Removing, Provider.ClientsApi.Empowering, Elevations.Deed])
            services.AddSingleton(deed);
        services.AddSigningIn();
        services.TryAddSingleton(new Demonstration(false));
        services.AddAuthorization().AddSingleton<IAuthorizationPolicyProvider, Gate>().AddSingleton<IAuthorizationHandler, GateKeeper>();
        return services;
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable("GUANTONG_" + name) is { Length: > 0 } value ? value : null;

    /// <summary>What making a key asks for.</summary>
    public sealed record NewKey(string Name, string[] Roles);

    /// <summary>Maps the room's part of the API, below /api/v1.</summary>
    public static void MapTrust(this IEndpointRouteBuilder api)
    {
        api.MapSigningIn();
        api.MapPeople();
        api.MapDataKeys();
        api.MapFourEyes();

        api.MapGet("/regions", (Jurisdiction land, string? parent) => land.Regions.Children(parent ?? land.Root).ToList())
            .Needs("public.read").WithTags("Land").WithSummary("Regions directly below one (the jurisdiction's own top when none is named)");
        api.MapGet("/regions/{code}", (Jurisdiction land, string code, HttpContext http) => land.Regions.Find(code) is { } region
                ? Results.Ok(new { Region = region, Above = land.Regions.Upwards(code).Skip(1), Changes = land.Regions.Changes.Where(c => c.Code == code || c.Successor == code) })
                : http.Problem(404, "not-found", code))
            .Needs("public.read").WithTags("Land").WithSummary("A region, those above it, and what became of its code");
        api.MapGet("/units", (Jurisdiction land, string? region, string? line, int skip = 0, int take = 100) =>
        {
            var found = land.Units.All.Where(u => (region is null || u.Region == region) && (line is null || u.Line == line)).ToList();
            return Results.Ok(new { Items = found.Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 1, LargestPage)), Total = found.Count });
        }).Needs("public.read").WithTags("Land").WithSummary("Government units by region and line of business");

        api.MapLedger();

        api.MapPost("/keys", async (NewKey given, Accounts accounts, HttpContext http) =>
        {
            if (http.NeedsStepUp() is { } first)
                return first;
            // A key can do no more than the one who issues it.
            if (given.Roles.FirstOrDefault(r => !http.Caller().Lasting().Contains(r)) is { } beyond)
                return http.Problem(403, "key-beyond", beyond);
            var (id, key) = await accounts.IssueKeyAsync(http.Caller(), given.Name, given.Roles, http.RequestAborted);
            return Results.Ok(new { id, key });
        }).Needs("key.issue").WithTags("Session").WithSummary("Issue a key for a machine; it is shown once");
        api.MapGet("/keys", (Accounts accounts, HttpContext http) => accounts.KeysAsync(http.RequestAborted))
            .Needs("key.read").WithTags("Session").WithSummary("Machines' keys, without the keys themselves").Produces<MachineKey[]>();
        api.MapDelete("/keys/{id}", async (string id, Accounts accounts, HttpContext http) =>
            await accounts.RevokeKeyAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id))
            .Needs("key.revoke").WithTags("Session").WithSummary("End a machine's key");
        WhyDenied.Map(api);
        api.MapGet("/policy/matrix", (EndpointDataSource endpoints) => PolicyMatrix.Of(endpoints.Endpoints))
            .Needs("policy.read").WithTags("Policy").WithSummary("Endpoints and pages × roles, from the running application").Produces<MatrixLine[]>();
    }
}
