namespace Guantong.Feel;

/// <summary>A date and time to the nanosecond, local or in a zone (DMN 1.5 §10.3.2.3.6).</summary>
/// <param name="Date">On its own calendar.</param>
/// <param name="Nanosecond">Of that day.</param>
/// <param name="Zone">Null for a local one.</param>
public sealed record FeelDateTime(FeelDate Date, long Nanosecond, FeelZone? Zone)
{
    /// <summary>A date is its midnight at UTC where a date and time is wanted (§10.3.2.9.4).</summary>
    public static FeelDateTime Midnight(FeelDate date) => new(date, 0, FeelZone.Utc);

    /// <summary>Seconds since 1970: at UTC for a zoned one, else on its own clock; fractions do not count.</summary>
    internal long Seconds => Date.DayNumber * 86_400 + Nanosecond / FeelTime.PerSecond - (Zone?.OffsetAt(Date, Nanosecond) ?? 0);

    internal Int128 Nanoseconds => (Int128)Seconds * FeelTime.PerSecond + Nanosecond % FeelTime.PerSecond;

    public FeelDateTime? Add(DaysTime duration)
    {
        var sum = Nanosecond + duration.Nanoseconds;
        var days = sum / FeelTime.PerDay - (sum % FeelTime.PerDay < 0 ? 1 : 0);
        if (days > long.MaxValue / 2 || days < long.MinValue / 2)
            return null;
        return Date.AddDays((long)days) is { } date ? new FeelDateTime(date, (long)(sum - days * FeelTime.PerDay), Zone) : null;
    }

    public FeelDateTime? AddMonths(long months) => Date.AddMonths(months) is { } date ? this with { Date = date } : null;

    public override string ToString() => Date + "T" + FeelTime.Clock(Nanosecond) + Zone;
}
