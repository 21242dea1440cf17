using Guantong.Data;
using Microsoft.Extensions.Logging;

namespace Guantong.Work;

/// <summary>Looks each minute at what time brings of appointments.</summary>
internal sealed class BookingWatch(BookingDays days, TimeProvider clock, ILogger<BookingWatch> log) : PeriodicWatch(TimeSpan.FromMinutes(1), clock, log)
{
    protected override async Task LookAsync(bool isFirst, CancellationToken cancel)
    {
        await days.RemindAsync(cancel);
        await days.EndDaysAsync(cancel);
    }
}
