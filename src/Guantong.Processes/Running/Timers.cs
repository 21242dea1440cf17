using System.Globalization;
using System.Text.RegularExpressions;

namespace Guantong.Processes.Running;

/// <summary>Times of timers (clause 10.5.5): ISO 8601 dates, durations and repeating intervals.</summary>
internal static partial class Timers
{
    /// <summary>The first time, the duration to the next, and how often it comes after the first (-1 for ever); null when the text tells no time.</summary>
    public static (DateTimeOffset Due, string? Every, int Left)? First(TimerSpec timer, object? value, DateTimeOffset at)
    {
        if (value is not string text)
            return null;
        text = text.Trim();
        return timer.Kind switch
        {
            TimerKind.Date => Date(text) is { } date ? (date, null, 0) : null,
            TimerKind.Duration => Add(at, text) is { } due ? (due, null, 0) : null,
            _ => Cycle(text, at),
        };
    }

    /// <summary>The time after this one; null when there is none, or it lies beyond the calendar.</summary>
    public static DateTimeOffset? Next(Wait wait) => wait is { Due: { } due, Every: { } every } ? Add(due, every) : null;

    /// <summary>True when a text tells a time of that kind by itself.</summary>
    public static bool Tells(TimerKind kind, string text) => First(new TimerSpec(kind, text, null), text, DateTimeOffset.UnixEpoch) is not null;

    // R3/PT10H, R/PT1H, R3/2026-01-01T08:00:00Z/PT10H; a bare duration comes for ever.
    private static (DateTimeOffset, string?, int)? Cycle(string text, DateTimeOffset at)
    {
        var parts = text.Split('/');
        if (parts is [['R', .. var times], .. var rest])
        {
            var count = times.Length == 0 ? -1 : int.TryParse(times, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : 0;
            if (count == 0 || rest is not ([_] or [_, _]) || Positive(rest[^1]) is not { } every)
                return null;
            var first = rest is [var start, _] ? Date(start) : Add(at, every);
            return first is { } due ? (due, every, count < 0 ? -1 : count - 1) : null;
        }
        return parts is [var only] && Positive(only) is { } duration && Add(at, duration) is { } next ? (next, duration, -1) : null;
    }

    // A cycle that does not move would never end.
    private static string? Positive(string duration) => Add(DateTimeOffset.UnixEpoch, duration) > DateTimeOffset.UnixEpoch ? duration : null;

    public static DateTimeOffset? Date(string text) =>
        text.Length >= 10 && text[4] == '-' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : null;

    /// <summary>A time and a duration later, by the calendar; null when that is no duration, or too long.</summary>
    public static DateTimeOffset? Add(DateTimeOffset at, string duration)
    {
        if (Duration().Match(duration) is not { Success: true, Length: > 2 } m || duration.EndsWith('T'))
            return null;
        int Part(string name) => m.Groups[name] is { Success: true } g ? int.Parse(g.Value, CultureInfo.InvariantCulture) : 0;
        var sign = m.Groups["minus"].Success ? -1 : 1;
        try
        {
            var seconds = m.Groups["s"] is { Success: true } g ? decimal.Parse(g.Value, CultureInfo.InvariantCulture) : 0;
            return at.AddMonths(sign * checked((Part("y") * 12) + Part("mo"))).AddDays(sign * checked((Part("w") * 7.0) + Part("d")))
                .AddTicks(sign * checked((Part("h") * TimeSpan.TicksPerHour) + (Part("mi") * TimeSpan.TicksPerMinute) + (long)(seconds * TimeSpan.TicksPerSecond)));
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(?<minus>-)?P((?<y>\d{1,4})Y)?((?<mo>\d{1,6})M)?((?<w>\d{1,6})W)?((?<d>\d{1,7})D)?(T((?<h>\d{1,8})H)?((?<mi>\d{1,9})M)?((?<s>\d{1,9}(\.\d{1,7})?)S)?)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
