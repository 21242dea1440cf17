using Guantong.Processes.Running;

namespace Guantong.Processes;

/// <summary>When a process begins by time: the next time, and those after it.</summary>
/// <param name="Due">The next time.</param>
/// <param name="Every">ISO 8601 duration to the one after; null where there is none.</param>
/// <param name="Left">How often it still comes after <paramref name="Due"/>; -1 for ever.</param>
public sealed record Schedule(DateTimeOffset Due, string? Every, int Left)
{
    /// <summary>The times that a timer tells when it comes into force: from then on, what lay before has passed. Null where none is left.</summary>
    /// <exception cref="ArgumentException">The timer's time is FEEL, or tells no time.</exception>
    public static Schedule? From(TimerSpec timer, DateTimeOffset at)
    {
        if (timer.Expression is not null || Timers.First(timer, timer.Text, at) is not var (due, every, left))
            throw new ArgumentException($"“{timer.Text}” tells no time by itself.", nameof(timer));
        var next = new Schedule(due, every, left).Skip(at);
        while (next is not null && next.Due < at)
            next = next.Next();
        return next;
    }

    /// <summary>The times after this one, or null.</summary>
    public Schedule? Next() => Every is not null && Left != 0 && Timers.Add(Due, Every) is { } due ? new Schedule(due, Every, Left < 0 ? -1 : Left - 1) : null;

    // Below a month every step of a cycle is as long as the first: what has passed is counted, not walked.
    private Schedule? Skip(DateTimeOffset at)
    {
        if (Due >= at || Next()?.Due - Due is not { } step || step >= TimeSpan.FromDays(28))
            return this;
        var passed = (at - Due).Ticks / step.Ticks;
        return Left >= 0 && passed > Left ? null : this with { Due = Due + (step * passed), Left = Left < 0 ? -1 : Left - (int)passed };
    }
}
