using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Data;

/// <summary>Looks each minute at what time alone brings. Nothing is kept in memory: whoever starts next goes on from the store.</summary>
internal sealed partial class TicketWatch(TicketFollowing following, TimeProvider clock, ILogger<TicketWatch> log) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Often, clock);
        do
        {
            try
            {
                await following.WatchAsync(stoppingToken);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
            {
                Failed(log, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Tickets could not be watched; the next minute tries again")]
    private static partial void Failed(ILogger log, Exception e);
}
