using Microsoft.Extensions.Logging;

namespace Guantong.Data;

/// <summary>Looks each minute at tickets' deadlines.</summary>
internal sealed class TicketWatch(TicketFollowing following, TimeProvider clock, ILogger<TicketWatch> log) : PeriodicWatch(TimeSpan.FromMinutes(1), clock, log)
{
    protected override Task LookAsync(bool isFirst, CancellationToken cancel) => following.WatchAsync(cancel);
}
