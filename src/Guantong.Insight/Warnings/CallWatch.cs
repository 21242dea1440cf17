using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Insight;

/// <summary>Looks every half minute for warnings that nobody has acknowledged in time. Any number of nodes may: each call is passed on once.</summary>
internal sealed partial class CallWatch(WarningCalls calls, TimeProvider clock, ILogger<CallWatch> log) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await calls.PassNextAsync(stoppingToken))
                {
                }
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
            {
                Failed(log, e);
            }
            await Task.Delay(Often, clock, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Calls that nobody answered could not be passed on; they wait for the next look")]
    private static partial void Failed(ILogger log, Exception e);
}
