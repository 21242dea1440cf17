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
                foreach (var id in await harvester.DueAsync(stoppingToken))
                    await harvester.RunAsync(id, stoppingToken);
                await Task.Delay(Tick, clock, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
            {
                Failed(log, e);
                await Task.Delay(Tick, clock, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sources that are due could not be harvested; they are tried again when they are next due")]
    private static partial void Failed(ILogger log, Exception e);
}
