namespace Guantong.Feel.Evaluation;

/// <summary>Members, items and types of values.</summary>
internal static class Access
{
    public static object? Member(object? of, string key) => of switch
    {
        IReadOnlyDictionary<string, object?> context => context.GetValueOrDefault(key),
        IReadOnlyList<object?> list => list.Select(i => Member(i, key)).ToList(),
        DateOnly d => key switch { "year" => (decimal)d.Year, "month" => (decimal)d.Month, "day" => (decimal)d.Day, "weekday" => Weekday(d.DayOfWeek), _ => null },
        TimeOnly t => key switch { "hour" => (decimal)t.Hour, "minute" => (decimal)t.Minute, "second" => (decimal)t.Second, _ => null },
        DateTimeOffset t => key switch
        {
            "year" => (decimal)t.Year,
            "month" => (decimal)t.Month,
            "day" => (decimal)t.Day,
            "weekday" => Weekday(t.DayOfWeek),
            "hour" => (decimal)t.Hour,
            "minute" => (decimal)t.Minute,
            "second" => (decimal)t.Second,
            "time offset" => t.Offset,
            _ => null,
        },
        TimeSpan t => key switch { "days" => (decimal)t.Days, "hours" => (decimal)t.Hours, "minutes" => (decimal)t.Minutes, "seconds" => (decimal)t.Seconds, _ => null },
        YearsMonths m => key switch { "years" => (decimal)(m.Months / 12), "months" => (decimal)(m.Months % 12), _ => null },
        FeelRange r => key switch { "start" => r.Start, "end" => r.End, "start included" => r.StartIncluded, "end included" => r.EndIncluded, _ => null },
        _ => null,
    };

    private static object Weekday(DayOfWeek day) => day == DayOfWeek.Sunday ? 7m : (decimal)(int)day;

    /// <summary>The item at a place, from 1; negative counts from the end.</summary>
    public static object? At(IReadOnlyList<object?> list, decimal place)
    {
        var index = place > 0 ? place - 1 : list.Count + place;
        return place != 0 && index >= 0 && index < list.Count && index == decimal.Truncate(index) ? list[(int)index] : null;
    }

    public static IEnumerable<object?> Iterate(object source) => source switch
    {
        IReadOnlyList<object?> list => list,
        FeelRange { Start: decimal a, End: decimal b } => Numbers(a, b),
        FeelRange { Start: DateOnly a, End: DateOnly b } => Days(a, b),
        _ => [source],
    };

    private static IEnumerable<object?> Numbers(decimal a, decimal b)
    {
        var step = a <= b ? 1 : -1;
        for (var n = a; step > 0 ? n <= b : n >= b; n += step)
            yield return n;
    }

    private static IEnumerable<object?> Days(DateOnly a, DateOnly b)
    {
        var step = a <= b ? 1 : -1;
        for (var d = a; step > 0 ? d <= b : d >= b; d = d.AddDays(step))
            yield return d;
    }

    public static bool IsInstance(object? value, string type) => value is not null && type switch
    {
        "Any" => true,
        "number" => value is decimal,
        "string" => value is string,
        "boolean" => value is bool,
        "date" => value is DateOnly,
        "time" => value is TimeOnly,
        "date and time" => value is DateTimeOffset,
        "days and time duration" => value is TimeSpan,
        "years and months duration" => value is YearsMonths,
        "list" => value is IReadOnlyList<object?>,
        "context" => value is IReadOnlyDictionary<string, object?>,
        "range" => value is FeelRange,
        "function" => value is FeelFunction,
        _ => false,
    };
}
