namespace Guantong.Feel.Evaluation;

/// <summary>Members and items of values (§10.3.2.5, table 53).</summary>
internal static class Access
{
    public static FeelValue Member(in FeelValue of, string key, FeelSession session)
    {
        if (of.Context is { } context)
            return context.TryGet(key, out var entry) ? entry : session.Null(NullReason.UnknownMember, key, "context");
        if (of.List is { } list)
            return Members(list, key, session);
        return of.IsNull ? default : Property(of, key) is { } property ? property : session.Null(NullReason.UnknownMember, key, Values.Print.Kind(of));
    }

    // A path over a list is the list of what it finds in each.
    private static FeelValue Members(FeelList list, string key, FeelSession session)
    {
        session.Enter();
        session.Step(list.Count);
        var values = new FeelValue[list.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Member(list[i], key, session);
        session.Leave();
        return session.Keep(new FeelList(values));
    }

    private static FeelValue? Property(in FeelValue of, string key) => of.Kind switch
    {
        FeelKind.Date => Day(of.Date, key),
        FeelKind.Time => Clock(of.Time!.Nanosecond, key) ?? Zone(of.Time, key),
        FeelKind.DateTime => Day(of.DateTime!.Date, key) ?? Clock(of.DateTime.Nanosecond, key) ?? Zone(of.DateTime, key),
        FeelKind.DaysTime => key switch
        {
            "days" => FeelNumber.Big((System.Numerics.BigInteger)of.DaysTime.Days, 0),
            "hours" => of.DaysTime.Hours,
            "minutes" => of.DaysTime.Minutes,
            "seconds" => of.DaysTime.Seconds,
            _ => (FeelValue?)null,
        },
        FeelKind.YearsMonths => key switch { "years" => of.YearsMonths.Months / 12, "months" => of.YearsMonths.Months % 12, _ => (FeelValue?)null },
        FeelKind.Range => key switch
        {
            "start" => of.Range!.Start,
            "end" => of.Range!.End,
            "start included" => of.Range!.StartIncluded,
            "end included" => of.Range!.EndIncluded,
            _ => (FeelValue?)null,
        },
        _ => null,
    };

    private static FeelValue? Day(FeelDate date, string key) => key switch
    {
        "year" => date.Year,
        "month" => date.Month,
        "day" => date.Day,
        "weekday" => date.Weekday,
        _ => (FeelValue?)null,
    };

    private static FeelValue? Clock(long nanosecond, string key) => key switch
    {
        "hour" => nanosecond / (3600 * FeelTime.PerSecond),
        "minute" => nanosecond / (60 * FeelTime.PerSecond) % 60,
        "second" => FeelNumber.Divide(nanosecond % (60 * FeelTime.PerSecond), FeelTime.PerSecond),
        _ => (FeelValue?)null,
    };

    private static FeelValue? Zone(FeelDateTime of, string key) => key switch
    {
        "time offset" => of.Zone is { } zone ? DaysTime.OfSeconds(zone.OffsetAt(of.Date, of.Nanosecond)) : default(FeelValue),
        "timezone" => of.Zone?.Id,
        _ => (FeelValue?)null,
    };

    private static FeelValue? Zone(FeelTime of, string key) => key switch
    {
        "time offset" => of.Zone?.FixedOffset is { } seconds ? DaysTime.OfSeconds(seconds) : default(FeelValue),
        "timezone" => of.Zone?.Id,
        _ => (FeelValue?)null,
    };

    /// <summary>The item at a place, from 1; negative counts from the end; null beyond.</summary>
    public static FeelValue At(in FeelValue of, FeelNumber place, FeelSession session) =>
        of.IsNull ? default : At(of.List ?? new FeelList(of), place, session);

    public static FeelValue At(FeelList list, FeelNumber place, FeelSession session)
    {
        if (place.TryToInt64(out var at) && at != 0 && at >= -list.Count && at <= list.Count)
            return list[(int)(at > 0 ? at - 1 : list.Count + at)];
        return session.Null(NullReason.NoItem, place.ToString());
    }
}
