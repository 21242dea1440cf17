using Guantong.Data;
using Microsoft.Extensions.Logging;

namespace Guantong.Insight;

/// <summary>Opens the sheets of periods that have ended.</summary>
internal sealed class ReturnWatch(Returns returns, TimeProvider clock, ILogger<ReturnWatch> log) : PeriodicWatch(TimeSpan.FromMinutes(10), clock, log)
{
    protected override Task LookAsync(bool isFirst, CancellationToken cancel) => returns.OpenDueAsync(cancel);
}
