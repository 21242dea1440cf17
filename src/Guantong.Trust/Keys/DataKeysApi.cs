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
        keys.MapPost("/{name}/destroy", DestroyAsync).TellsRefusals().Needs("data-key.destroy").WithSummary("Destroy a key, once another person has agreed: what it sealed can never be read again").Produces<FourEyesRequest>(202);
    }

    internal sealed record Destroyed(string Name, long? Version, string Reason);

    /// <summary>Destroying a key, as another person agrees to it.</summary>
    internal static Deed Deed { get; } = Trust.Deed.Of<Destroyed>("data-key.destroy", (services, asked, carried, cancel) =>
    {
        var keys = services.GetRequiredService<DataKeys>();
        return Task.FromResult(new ReadyDeed(async change =>
        {
            try
            {
                return await keys.DestroyAsync(change, asked.Name, asked.Version, asked.Reason, carried.Asker);
            }
            catch (DataKeyException e)
            {
                throw new RefusedException(e.Code == "no-such-key" ? 404 : 409, e.Code, asked.Name);
            }
        }));
    });

    private static async Task<IResult> DestroyAsync(string name, Destruction given, DataKeys keys, FourEyes eyes, HttpContext http)
    {
        if (string.IsNullOrWhiteSpace(given.Reason))
            return http.Problem(422, "key-reason");
        var versions = (await keys.ListAsync(http.RequestAborted)).Where(k => k.Name == name && (given.Version ?? k.Version) == k.Version).ToList();
        if (versions.Count == 0 || versions.TrueForAll(v => v.State == "destroyed"))
            return http.Problem(versions.Count == 0 ? 404 : 409, versions.Count == 0 ? "no-such-key" : "key-is-destroyed", name);
        return await eyes.DoAsync(http, "data-key.destroy", $"data-key:{name}", new Destroyed(name, given.Version, given.Reason.Trim()), given.Reason, new { name, given.Version }, gone => Results.Ok(new { Name = name, Destroyed = gone }));
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
