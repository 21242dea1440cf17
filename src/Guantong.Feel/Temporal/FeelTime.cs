using System.Globalization;

namespace Guantong.Feel;

/// <summary>A time of day to the nanosecond, local or in a zone (DMN 1.5 §10.3.2.3.5).</summary>
/// <param name="Nanosecond">Of the day.</param>
/// <param name="Zone">Null for a local time.</param>
public sealed record FeelTime(long Nanosecond, FeelZone? Zone)
{
    internal const long PerSecond = 1_000_000_000;
    internal const long PerDay = 86_400 * PerSecond;

    public static FeelTime? Of(long hour, long minute, long second, long nanosecond, FeelZone? zone) =>
        hour is >= 0 and <= 23 && minute is >= 0 and <= 59 && second is >= 0 and <= 59
            ? new FeelTime(((hour * 60 + minute) * 60 + second) * PerSecond + nanosecond, zone) : null;

    public int Hour => (int)(Nanosecond / (3600 * PerSecond));

    public int Minute => (int)(Nanosecond / (60 * PerSecond) % 60);

    public int Second => (int)(Nanosecond / PerSecond % 60);

    /// <summary>Round the clock.</summary>
    public FeelTime Add(DaysTime duration)
    {
        var sum = (long)((Nanosecond + duration.Nanoseconds) % PerDay);
        return this with { Nanosecond = sum < 0 ? sum + PerDay : sum };
    }

    /// <summary>Seconds of the day at UTC for a zoned time, else on its own clock (§10.3.2.3.5); fractions do not count.</summary>
    internal long Seconds => Nanosecond / PerSecond - (Zone is null ? 0 : Zone.FixedOffset ?? Zone.OffsetAt(FeelDate.From(new DateOnly(1970, 1, 1)), Nanosecond));

    public override string ToString() => Clock(Nanosecond) + Zone;

    internal static string Clock(long nanosecond)
    {
        var seconds = nanosecond / PerSecond;
        var text = string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
        return nanosecond % PerSecond == 0 ? text : text + "." + (nanosecond % PerSecond).ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0');
    }
}
