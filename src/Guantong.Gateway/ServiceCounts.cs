using System.Collections.Concurrent;
using Guantong.Data;
using Guantong.Trust;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Guantong.Gateway;

/// <summary>Counts how calls were served, minute by minute and grant by grant: what the figures of stability and service are computed from.</summary>
/// <remarks>They are measurements, not acts: nothing of them stands in the ledger, where each call does.</remarks>
public sealed class ServiceCounts(Store store, TimeProvider clock, ILogger<ServiceCounts> log) : PeriodicWatch(KeepEvery, clock, log)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>How often nodes keep what they counted, and see what others did.</summary>
    public static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(10);

    /// <summary>This node of this run.</summary>
    public string Node { get; } = Guid.CreateVersion7().ToString("n");

    private readonly ConcurrentDictionary<(string Minute, string Grant, string About), Count> _counts = new();

    private sealed class Count
    {
        public long Calls, Failed, Refused, Cached;
        public readonly ServiceTimes Times = new();
    }

    /// <summary>Counts a call.</summary>
    /// <param name="elapsed">How long until its answer was ready; of refusals it is not counted.</param>
    public void Add(ShareGrant grant, bool isRefused, bool isFailed, bool isCached, TimeSpan elapsed)
    {
        var now = _clock.GetUtcNow();
        var count = _counts.GetOrAdd((Time.Write(now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute))), grant.Id, grant.About), _ => new Count());
        Interlocked.Increment(ref count.Calls);
        if (isRefused)
            Interlocked.Increment(ref count.Refused);
        else
            count.Times.Add(elapsed.TotalMilliseconds);
        if (isFailed)
            Interlocked.Increment(ref count.Failed);
        if (isCached)
            Interlocked.Increment(ref count.Cached);
    }

    /// <summary>Keeps what was counted.</summary>
    public async Task KeepAsync(CancellationToken cancel = default)
    {
        var minute = Time.Write(_clock.GetUtcNow())[..16];
        foreach (var (key, count) in _counts)
        {
            await store.ReadAsync(c => c.ExecuteAsync("""
                INSERT INTO share_minute (at, node, grant_id, about, calls, failed, refused, cached, times) VALUES (@Minute, @Node, @Grant, @About, @Calls, @Failed, @Refused, @Cached, @times)
                ON CONFLICT (at, node, grant_id) DO UPDATE SET calls = excluded.calls, failed = excluded.failed, refused = excluded.refused, cached = excluded.cached, times = excluded.times
                """, new { key.Minute, Node, key.Grant, key.About, count.Calls, count.Failed, count.Refused, count.Cached, times = count.Times.Write() }), cancel);
            // A minute that is over for a while is counted no more.
            if (string.CompareOrdinal(key.Minute[..16], minute) < 0)
                _counts.TryRemove(key, out _);
        }
    }

    /// <inheritdoc/>
    protected override Task LookAsync(bool isFirst, CancellationToken cancel) => KeepAsync(cancel);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await KeepAsync(cancellationToken);
    }
}
