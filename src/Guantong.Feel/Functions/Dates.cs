using System.Globalization;
using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Functions;

/// <summary>Dates, times and durations (DMN 1.5 §10.3.4.1, §10.3.4.10).</summary>
internal static class Dates
{
    private static readonly string[] Weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    public static void Add(BuiltIns.Register r)
    {
        r.Add("date", FeelType.Date, "from: any", ToDate);
        r.Add("date", FeelType.Date, "year: number, month: number, day: number", (a, s) => Calendar(a) is { } date ? date : s.Null(NullReason.BadText, "date", Joined(a)));
        r.Add("time", FeelType.Time, "from: any", ToTime);
        r.Add("time", FeelType.Time, "hour: number, minute: number, second: number, [offset: duration?]", (a, s) => Clock(a[0], a[1], a[2], a[3]) is { } time ? time : s.Null(NullReason.BadText, "time", Joined(a)));
        r.Add("date and time", FeelType.DateTime, "from: any", ToDateTime);
        r.Add("date and time", FeelType.DateTime, "date: any, time: time", (a, s) => Day(a[0]) is { } day ? new FeelDateTime(day, a[1].Time!.Nanosecond, a[1].Time!.Zone) : s.Null(NullReason.WrongArguments, "date and time", Joined(a)));
        r.Add("duration", FeelType.Any, "from: any", (a, s) => a[0].Kind is FeelKind.DaysTime or FeelKind.YearsMonths ? a[0] : Read(a[0], "duration", TemporalText.Duration, s));
        r.Add("years and months duration", FeelType.YearsMonths, "from: any, to: any", Months);
        r.Add("day of year", FeelType.Number, "date: any", (a, s) => On(a[0], s, d => d.DayOfYear));
        r.Add("day of week", FeelType.String, "date: any", (a, s) => On(a[0], s, d => Weekdays[d.Weekday - 1]));
        r.Add("month of year", FeelType.String, "date: any", (a, s) => On(a[0], s, d => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(d.Month)));
        r.Add("week of year", FeelType.Number, "date: any", (a, s) => On(a[0], s, d => Week(d)));
        r.Add("now", FeelType.DateTime, "", (_, s) => Now(s) is { } now ? now : s.Null(NullReason.NoClock), pure: false);
        r.Add("today", FeelType.Date, "", (_, s) => Now(s) is { } now ? now.Date : s.Null(NullReason.NoClock), pure: false);
    }

    private static FeelValue Read(FeelValue from, string kind, Func<string, FeelValue> read, FeelSession session) =>
        from.String is { } text && read(text) is { IsNull: false } value ? value : session.Null(NullReason.BadText, kind, Values.Print.Short(from));

    private static string Joined(ReadOnlySpan<FeelValue> a) => string.Join(", ", a.ToArray().Select(Values.Print.Short));

    private static FeelValue ToDate(ReadOnlySpan<FeelValue> a, FeelSession session) => Day(a[0]) is { } day ? day : Read(a[0], "date", t => TemporalText.Date(t), session);

    private static FeelValue ToTime(ReadOnlySpan<FeelValue> a, FeelSession session) => a[0].Kind switch
    {
        FeelKind.Time => a[0],
        FeelKind.DateTime => new FeelTime(a[0].DateTime!.Nanosecond, a[0].DateTime!.Zone),
        FeelKind.Date => new FeelTime(0, FeelZone.Utc),
        _ => Read(a[0], "time", t => TemporalText.Time(t), session),
    };

    private static FeelValue ToDateTime(ReadOnlySpan<FeelValue> a, FeelSession session) => a[0].Kind switch
    {
        FeelKind.DateTime => a[0],
        FeelKind.Date => FeelDateTime.Midnight(a[0].Date),
        _ => Read(a[0], "date and time", t => TemporalText.DateTime(t) ?? (TemporalText.Date(t) is { } day ? new FeelDateTime(day, 0, null) : null), session),
    };

    private static FeelDate? Day(FeelValue value) => value.Kind switch
    {
        FeelKind.Date => value.Date,
        FeelKind.DateTime => value.DateTime!.Date,
        _ => null,
    };

    private static FeelDate? Calendar(ReadOnlySpan<FeelValue> a) =>
        a[0].Number.TryToInt64(out var year) && a[1].Number.TryToInt64(out var month) && a[2].Number.TryToInt64(out var day) ? FeelDate.Of(year, month, day) : null;

    private static FeelTime? Clock(FeelValue hour, FeelValue minute, FeelValue second, FeelValue offset)
    {
        if (!hour.Number.TryToInt64(out var h) || !minute.Number.TryToInt64(out var m) || second.Number.IsNegative)
            return null;
        var whole = second.Number.Round(0, Rounding.Floor);
        if (!whole.TryToInt64(out var s) || FeelNumber.Subtract(second.Number, whole) is not { } rest || FeelNumber.Multiply(rest, FeelTime.PerSecond) is not { } fraction || !fraction.Round(0, Rounding.Down).TryToInt64(out var nanosecond))
            return null;
        if (offset.IsNull)
            return FeelTime.Of(h, m, s, nanosecond, null);
        var seconds = offset.DaysTime.Nanoseconds / FeelTime.PerSecond;
        return Int128.Abs(seconds) <= 86_400 && FeelZone.Of((long)seconds) is { } zone ? FeelTime.Of(h, m, s, nanosecond, zone) : null;
    }

    private static FeelValue Months(ReadOnlySpan<FeelValue> a, FeelSession session)
    {
        if (Day(a[0]) is not { } start || Day(a[1]) is not { } end)
            return session.Null(NullReason.WrongArguments, "years and months duration", Joined(a));
        var months = ((long)end.Year - start.Year) * 12 + end.Month - start.Month;
        if (months > 0 && end.Day < start.Day)
            months--;
        else if (months < 0 && end.Day > start.Day)
            months++;
        return new YearsMonths(months);
    }

    private static FeelValue On(FeelValue value, FeelSession session, Func<FeelDate, FeelValue> tell)
    {
        var single = value.List is { Count: 1 } list ? list[0] : value;
        return Day(single) is { } day ? tell(day) : session.Null(NullReason.WrongType, Values.Print.Kind(value), "date");
    }

    // ISO 8601: the week belongs to the year of its Thursday.
    private static int Week(FeelDate date) => date.AddDays(4 - date.Weekday) is { } thursday ? (thursday.DayOfYear - 1) / 7 + 1 : (date.DayOfYear - 1) / 7 + 1;

    private static FeelDateTime? Now(FeelSession session) => session.Now is { } now
        ? new FeelDateTime(FeelDate.From(DateOnly.FromDateTime(now.DateTime)), now.TimeOfDay.Ticks * 100, FeelZone.Of((long)now.Offset.TotalSeconds)) : null;
}
