using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust;

/// <summary>How often one address may do what an account need not be known for.</summary>
/// <param name="Name">What is counted together.</param>
/// <param name="Most">How many times in ten minutes, counted by this process.</param>
public sealed record Limit(string Name, int Most);

/// <summary>Refuses with 429 what comes too often from an address, and says when it may come again.</summary>
/// <remarks>The framework's own middleware begins a timer that nothing ends, and with it keeps all of an application that ended; a process that starts many, as tests do, would keep them all.</remarks>
public sealed class Limits : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly PartitionedRateLimiter<(Limit Limit, string From)> _limiter = PartitionedRateLimiter.Create<(Limit Limit, string From), (string, string)>(call =>
        RateLimitPartition.GetFixedWindowLimiter((call.Limit.Name, call.From), _ => new FixedWindowRateLimiterOptions { PermitLimit = call.Limit.Most, Window = Window }));

    /// <summary>Lets a call through, or refuses it; after routing.</summary>
    public static Task TakeAsync(HttpContext http, RequestDelegate next) =>
        http.GetEndpoint()?.Metadata.GetMetadata<Limit>() is { } limit ? http.RequestServices.GetRequiredService<Limits>().TakeAsync(http, limit, next) : next(http);

    private async Task TakeAsync(HttpContext http, Limit limit, RequestDelegate next)
    {
        using var lease = _limiter.AttemptAcquire((limit, http.Connection.RemoteIpAddress?.ToString() ?? ""));
        if (lease.IsAcquired)
        {
            await next(http);
            return;
        }
        if (lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await http.Problem(429, "too-many").ExecuteAsync(http);
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}

/// <summary>How an endpoint says its limit.</summary>
public static class LimitedEndpoints
{
    /// <summary>Limits how often an address may call these endpoints.</summary>
    public static T Limited<T>(this T endpoints, Limit limit) where T : IEndpointConventionBuilder => endpoints.WithMetadata(limit);
}
