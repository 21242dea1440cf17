using Guantong.Packs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Data;

/// <summary>Begins each feed when it is due, and keeps change streams going.</summary>
internal sealed partial class FeedRunner(Feeds feeds, PackRegistry packs, TimeProvider clock, ILogger<FeedRunner> log) : BackgroundService
{
    // More at once would only wait for each other: the warehouse takes one writer at a time.
    private const int AtOnce = 4;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string Pack, string Dataset), (string Revision, Task Work, CancellationTokenSource Stop)> _streams = [];
    private readonly SemaphoreSlim _turns = new(AtOnce, AtOnce);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (System.Data.Common.DbException e)
                {
                    // The store is away: the next look begins what is due.
                    Unseen(log, e);
                }
                await Task.Delay(Tick, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
        foreach (var stream in _streams.Values)
            await EndAsync(stream);
    }

    private async Task LookAsync(CancellationToken stop)
    {
        await EndStaleAsync();
        foreach (var (applied, dataset, state) in feeds.List())
        {
            var key = (applied.Pack.Id, dataset.Id);
            var isDue = (state.Due ?? DateTime.MinValue) <= clock.GetUtcNow().UtcDateTime && !feeds.IsRunning(applied.Pack.Id, dataset.Id);
            if (!isDue)
                continue;
            if (dataset.Feed!.From == "change-stream")
            {
                if (!_streams.TryGetValue(key, out var running) || running.Work.IsCompleted)
                    Begin(key, applied, dataset, stop);
            }
            else if (dataset.Feed.Every is not null && _turns.CurrentCount > 0)
                _ = FetchAsync(applied, dataset, stop);
        }
    }

    // The pack has changed, or is gone: what it followed is followed anew, as it declares now.
    private async Task EndStaleAsync()
    {
        foreach (var (key, stream) in _streams.Where(s => packs.Applied.GetValueOrDefault(s.Key.Pack)?.Revision != s.Value.Revision).ToList())
        {
            await EndAsync(stream);
            _streams.Remove(key);
        }
    }

    private void Begin((string, string) key, AppliedPack applied, Dataset dataset, CancellationToken stop)
    {
        var own = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _streams[key] = (applied.Revision, Task.Run(() => GuardAsync(applied, dataset, () => feeds.FollowAsync(applied, dataset, own.Token)), CancellationToken.None), own);
    }

    private static async Task EndAsync((string Revision, Task Work, CancellationTokenSource Stop) stream)
    {
        await stream.Stop.CancelAsync();
        await stream.Work;
        stream.Stop.Dispose();
    }

    private async Task FetchAsync(AppliedPack applied, Dataset dataset, CancellationToken stop)
    {
        await _turns.WaitAsync(stop);
        try
        {
            await Task.Run(() => GuardAsync(applied, dataset, () => feeds.RunAsync(applied, dataset, stop)), CancellationToken.None);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task GuardAsync(AppliedPack applied, Dataset dataset, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is OperationCanceledException or FeedBusyException)
        {
        }
        // One feed's fault stops no other.
#pragma warning disable CA1031
        catch (Exception e)
        {
            Failed(log, $"{applied.Pack.Id}/{dataset.Id}", e);
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The feed of {Dataset} broke; it is tried again")]
    private static partial void Failed(ILogger log, string dataset, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Which feeds are due could not be read; it is tried again")]
    private static partial void Unseen(ILogger log, Exception e);

    public override void Dispose()
    {
        _turns.Dispose();
        base.Dispose();
    }
}
