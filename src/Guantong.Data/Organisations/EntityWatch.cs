using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Data;

/// <summary>Looks each minute whether datasets of organisations were loaded since the last run.</summary>
internal sealed partial class EntityWatch(Entities entities, TimeProvider clock, ILogger<EntityWatch> log) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Often, clock);
        for (var isFirst = true; isFirst || await timer.WaitForNextTickAsync(stoppingToken); isFirst = false)
        {
            try
            {
                if (isFirst)
                    await entities.RegroupAsync(stoppingToken);
                await entities.RunAsync(null, stoppingToken);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
            {
                Failed(log, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Organisations could not be compared; the next minute tries again")]
    private static partial void Failed(ILogger log, Exception e);
}
