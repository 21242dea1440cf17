using Guantong.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Insight;

/// <summary>Follows up the rows that cases record, so that indicators see them at once.</summary>
internal sealed partial class FollowUp(Warehouse warehouse, ClosedLoop loop, ILogger<FollowUp> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in warehouse.Recorded.ReadAllAsync(stoppingToken))
        {
            try
            {
                await loop.CatchUpAsync(stoppingToken);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
            {
                // The load stays unseen: the next row, load or start follows it up.
                Failed(log, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Recorded rows could not be followed up; they wait for the next")]
    private static partial void Failed(ILogger log, Exception e);
}
