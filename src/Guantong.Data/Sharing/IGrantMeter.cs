namespace Guantong.Data;

/// <summary>Counts what rooms of the platform read under a grant as the gateway counts calls of programs: against the same rate and the same quota, on every node.</summary>
/// <remarks>The counters are the gateway's, which stands above the rooms that read.</remarks>
public interface IGrantMeter
{
    /// <summary>Reads, where the grant has room for one more read.</summary>
    /// <returns>What was read; else <see cref="ShareObstacle.Rate"/>, <see cref="ShareObstacle.Quota"/> or <see cref="ShareObstacle.NoGrant"/>, and nothing was read.</returns>
    Task<(ShareObstacle Why, T? Read)> ReadAsync<T>(ShareGrant grant, Func<Task<T>> read, CancellationToken cancel = default) where T : class;
}
