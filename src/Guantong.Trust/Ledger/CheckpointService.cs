using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Trust;

/// <summary>Makes a checkpoint when so many entries have come or so much time has passed.</summary>
internal sealed partial class CheckpointService(Checkpoints checkpoints, Ledger ledger, TimeProvider clock, ILogger<CheckpointService> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private const long Most = 10_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var made = clock.GetUtcNow();
        using var timer = new PeriodicTimer(Look, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (await IsDueAsync(made, stoppingToken))
                    {
                        await checkpoints.MakeAsync("ledger", stoppingToken);
                        made = clock.GetUtcNow();
                    }
                }
                catch (Exception e) when (e is System.Data.Common.DbException or LedgerBrokenException or IOException)
                {
                    // The store may be away for a moment; a broken ledger is for the verdict to explain.
                    NotMade(log, e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> IsDueAsync(DateTimeOffset made, CancellationToken cancel)
    {
        if (clock.GetUtcNow() - made >= Longest)
            return true;
        var last = await checkpoints.LastAsync(cancel);
        return await ledger.SizeAsync(cancel) - (last?.Size ?? 0) >= Most;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No checkpoint of the ledger could be made")]
    private static partial void NotMade(ILogger log, Exception e);
}
