using System.Diagnostics;
using Guantong.Data;

namespace Guantong.Gateway;

/// <summary>Lets rooms of the platform read under a grant with the limits, and in the figures, of its calls.</summary>
public sealed class GrantMeter(GrantsInForce grants, ServiceCounts counts) : IGrantMeter
{
    /// <inheritdoc/>
    public async Task<(ShareObstacle Why, T? Read)> ReadAsync<T>(ShareGrant grant, Func<Task<T>> read, CancellationToken cancel = default) where T : class
    {
        var began = Stopwatch.GetTimestamp();
        if (await grants.FindAsync(grant.Id, cancel) is not { } standing)
            return (ShareObstacle.NoGrant, null);
        var why = !standing.Limits.TakeOfMinute(out _) ? ShareObstacle.Rate : !standing.Limits.TakeOfDay(out _) ? ShareObstacle.Quota : ShareObstacle.None;
        if (why != ShareObstacle.None)
        {
            counts.Add(standing.Grant, isRefused: true, isFailed: false, isCached: false, default);
            return (why, null);
        }
        var isRead = false;
        try
        {
            var found = await read();
            isRead = true;
            return (ShareObstacle.None, found);
        }
        finally
        {
            counts.Add(standing.Grant, isRefused: false, isFailed: !isRead, isCached: false, Stopwatch.GetElapsedTime(began));
        }
    }
}
