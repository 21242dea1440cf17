using Guantong.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Insight;

/// <summary>Follows up the rows that cases record and streams bring, so that indicators see them at once.</summary>
internal sealed partial class FollowUp(Warehouse warehouse, ClosedLoop loop, TimeProvider clock, ILogger<FollowUp> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var longest = TimeSpan.FromSeconds(5);
        await foreach (var _ in warehouse.Recorded.ReadAllAsync(stoppingToken))
        {
            for (var isFollowed = false; !isFollowed;)
            {
                var begun = clock.GetTimestamp();
                try
                {
                    await loop.CatchUpAsync(stoppingToken);
                    isFollowed = true;
                }
                catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
                {
                    // No row more may come for a long time: it is tried again by itself.
                    Failed(log, e, longest);
                    await Task.Delay(longest, clock, stoppingToken);
                }
                // Where rows come all the time, following them takes half of the time at most.
                var took = clock.GetElapsedTime(begun);
                await Task.Delay(took < longest ? took : longest, clock, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Recorded rows could not be followed up; it is tried again in {Wait}")]
    private static partial void Failed(ILogger log, Exception e, TimeSpan wait);
}
