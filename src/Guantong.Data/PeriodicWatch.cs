using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Data;

/// <summary>Looks again and again at what time alone brings, at once when the platform starts. Nothing is kept in memory: whoever starts next goes on from the store.</summary>
public abstract partial class PeriodicWatch(TimeSpan often, TimeProvider clock, ILogger log) : BackgroundService
{
    /// <summary>Looks once.</summary>
    protected abstract Task LookAsync(bool isFirst, CancellationToken cancel);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(often, clock);
        try
        {
            for (var isFirst = true; isFirst || await timer.WaitForNextTickAsync(stoppingToken); isFirst = false)
            {
                try
                {
                    await LookAsync(isFirst, stoppingToken);
                }
                catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
                {
                    Failed(log, e, often);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What was due could not be done; it is tried again in {Often}")]
    private static partial void Failed(ILogger log, Exception e, TimeSpan often);
}
