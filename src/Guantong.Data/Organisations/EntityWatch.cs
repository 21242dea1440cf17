using Microsoft.Extensions.Logging;

namespace Guantong.Data;

/// <summary>Looks each minute whether datasets of organisations were loaded since the last run.</summary>
internal sealed class EntityWatch(Entities entities, TimeProvider clock, ILogger<EntityWatch> log) : PeriodicWatch(TimeSpan.FromMinutes(1), clock, log)
{
    protected override async Task LookAsync(bool isFirst, CancellationToken cancel)
    {
        if (isFirst)
            await entities.RegroupAsync(cancel);
        await entities.RunAsync(null, cancel);
    }
}
