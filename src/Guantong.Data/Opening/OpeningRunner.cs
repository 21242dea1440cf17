using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Data;

/// <summary>Publishes anew what is due, every ten minutes. Nothing is kept in memory: whoever starts next goes on from the store.</summary>
internal sealed partial class OpeningRunner(Openings openings, TimeProvider clock, ILogger<OpeningRunner> log) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Often, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await openings.FollowAsync(stoppingToken);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
            {
                Failed(log, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Publications could not be followed up; ten minutes later tries again")]
    private static partial void Failed(ILogger log, Exception e);
}
