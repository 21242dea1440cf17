using Microsoft.Extensions.Logging;

namespace Guantong.Data;

/// <summary>Publishes anew what is due, every ten minutes.</summary>
internal sealed class OpeningRunner(Openings openings, TimeProvider clock, ILogger<OpeningRunner> log) : PeriodicWatch(TimeSpan.FromMinutes(10), clock, log)
{
    // What a start finds due waits for the first round: whoever starts the platform waits for other things.
    protected override Task LookAsync(bool isFirst, CancellationToken cancel) => isFirst ? Task.CompletedTask : openings.FollowAsync(cancel);
}
