using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;

namespace Guantong.Trust.Provider;

/// <summary>Every hour: the next signing key in its time, and tokens and consents that no longer hold are erased (rights.md 8).</summary>
internal sealed partial class Housekeeping(SigningKeys keys, IServiceScopeFactory scopes, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    /// <summary>How long what has run out is kept, for one who asks what became of it.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await RunAsync(stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The next hour tries again.
                Failed(e);
            }
        }
    }

    internal async Task RunAsync(CancellationToken cancel)
    {
        keys.TurnOver();
        await using var scope = scopes.CreateAsyncScope();
        var until = clock.GetUtcNow() - Kept;
        await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(until, cancel);
        await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(until, cancel);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The provider's hourly work failed")]
    private partial void Failed(Exception e);
}
