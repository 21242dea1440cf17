using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Data;

/// <summary>Harvests each source when it is due.</summary>
internal sealed partial class HarvestRunner(Harvester harvester, TimeProvider clock, ILogger<HarvestRunner> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Whatever runs for a moment only begins nothing.
                await Task.Delay(Tick, clock, stoppingToken);
                foreach (var id in await harvester.DueAsync(stoppingToken))
                    await harvester.RunAsync(id, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
            {
                Failed(log, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sources that are due could not be harvested; they are tried again when they are next due")]
    private static partial void Failed(ILogger log, Exception e);
}
