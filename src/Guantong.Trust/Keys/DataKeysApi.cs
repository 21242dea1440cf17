using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust;

/// <summary>What a room above does once a key was rotated.</summary>
public delegate Task KeyFollower(string key, CancellationToken cancel);

/// <summary>The data keys over HTTP, below /api/v1/data-keys. No key is ever given out.</summary>
public static class DataKeysApi
{
    /// <summary>Why a key is destroyed, and which version; null for all.</summary>
    public sealed record Destruction(string? Reason, long? Version);

    /// <summary>Registers the keys.</summary>
    /// <param name="suite">What fresh keys seal with.</param>
    /// <param name="roots">The root keys' setting; an outside service knows the platform by the secret in GUANTONG_ROOT_TOKEN.</param>
    public static IServiceCollection AddDataKeys(this IServiceCollection services, Suite suite, string roots) => services.AddSingleton(p => new DataKeys(
        p.GetRequiredService<Store>(), suite, isFresh => RootKeys.Open(roots, Environment.GetEnvironmentVariable("GUANTONG_ROOT_TOKEN"), suite, isFresh), p.GetRequiredService<TimeProvider>()));

    internal static void MapDataKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/data-keys").WithTags("Data keys");
        keys.MapGet("", (DataKeys keys, HttpContext http) => keys.ListAsync(http.RequestAborted))
            .Needs("data-key.read").WithSummary("The versions of the keys that seal at rest, without the keys").Produces<DataKey[]>();
        keys.MapPost("/{name}/rotate", (string name, DataKeys keys, IEnumerable<KeyFollower> followers, HttpContext http) => ActAsync(http, name, async () =>
            {
                var version = await keys.RotateAsync(name, http.Caller(), http.RequestAborted);
                // The key is rotated: what follows does not depend on whether anybody still listens.
                foreach (var follower in followers)
                    await follower(name, CancellationToken.None);
                return Results.Ok(new { Name = name, Version = version });
            }))
            .Needs("data-key.manage").WithSummary("A new version seals from now on; the ones before still open");
        keys.MapPost("/rewrap", (DataKeys keys, HttpContext http) => ActAsync(http, "", async () =>
            {
                var (rewrapped, root) = await keys.RewrapAsync(http.Caller(), http.RequestAborted);
                return Results.Ok(new { rewrapped, root });
            }))
            .Needs("data-key.manage").WithSummary("Wrap all keys with the root key that is named first");
        keys.MapPost("/{name}/destroy", (string name, Destruction given, DataKeys keys, HttpContext http) => ActAsync(http, name, async () =>
                string.IsNullOrWhiteSpace(given.Reason) ? http.Problem(422, "key-reason")
                : Results.Ok(new { Name = name, Destroyed = await keys.DestroyAsync(name, given.Version, given.Reason.Trim(), http.Caller(), http.RequestAborted) })))
            .Needs("data-key.manage").WithSummary("Destroy a key: what it sealed can never be read again");
    }

    private static async Task<IResult> ActAsync(HttpContext http, string name, Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (DataKeyException e)
        {
            return http.Problem(e.Code == "no-such-key" ? 404 : 409, e.Code, name);
        }
    }
}
