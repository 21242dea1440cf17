namespace Guantong.Feel.Checking;

/// <summary>What follows from types alone.</summary>
internal static class Types
{
    private static readonly Dictionary<FeelKind, (string Name, FeelType Type)[]> Properties = new()
    {
        [FeelKind.Date] = [.. Numbers("year", "month", "day", "weekday")],
        [FeelKind.Time] = [.. Numbers("hour", "minute", "second"), ("time offset", FeelType.DaysTime), ("timezone", FeelType.String)],
        [FeelKind.DateTime] = [.. Numbers("year", "month", "day", "weekday", "hour", "minute", "second"), ("time offset", FeelType.DaysTime), ("timezone", FeelType.String)],
        [FeelKind.DaysTime] = [.. Numbers("days", "hours", "minutes", "seconds")],
        [FeelKind.YearsMonths] = [.. Numbers("years", "months")],
        [FeelKind.Number] = [],
        [FeelKind.String] = [],
        [FeelKind.Boolean] = [],
    };

    private static IEnumerable<(string, FeelType)> Numbers(params string[] names) => names.Select(n => (n, FeelType.Number));

    public static FeelType Plain(FeelType type) => type is NamedType named ? Plain(named.Base) : type;

    /// <summary>The narrowest type known to hold both.</summary>
    public static FeelType Join(FeelType a, FeelType b) => a == b || b == FeelType.Null ? a : a == FeelType.Null ? b : a.Includes(b) ? a : b.Includes(a) ? b : FeelType.Any;

    /// <summary>A member's type; null when there is none of that name.</summary>
    public static FeelType? Member(FeelType of, string key) => Plain(of) switch
    {
        ListType list => Member(list.Item, key) is { } item ? new ListType(item) : null,
        ContextType { Entries.Count: > 0 } context => context.Entries.FirstOrDefault(e => e.Name == key).Type,
        RangeType range => key switch { "start" or "end" => range.Point, "start included" or "end included" => FeelType.Boolean, _ => null },
        KindType kind when Properties.TryGetValue(kind.Kind, out var known) => known.FirstOrDefault(p => p.Name == key).Type,
        _ => FeelType.Any,
    };

    public static IEnumerable<string> Members(FeelType of) => Plain(of) switch
    {
        ListType list => Members(list.Item),
        ContextType context => context.Entries.Select(e => e.Name),
        RangeType => ["start", "end", "start included", "end included"],
        KindType kind when Properties.TryGetValue(kind.Kind, out var known) => known.Select(p => p.Name),
        _ => [],
    };

    /// <summary>What an operator gives for two kinds (DMN 1.5 §10.3.2.14, tables 55 to 58); null when it is not defined for them.</summary>
    public static FeelType? Arithmetic(string op, FeelKind a, FeelKind b) => (op, a, b) switch
    {
        (_, FeelKind.Number, FeelKind.Number) => FeelType.Number,
        ("+", FeelKind.String, FeelKind.String) => FeelType.String,
        ("+" or "-", FeelKind.DaysTime, FeelKind.DaysTime) => FeelType.DaysTime,
        ("+" or "-", FeelKind.YearsMonths, FeelKind.YearsMonths) => FeelType.YearsMonths,
        ("+" or "-", FeelKind.Date, FeelKind.DaysTime or FeelKind.YearsMonths) => FeelType.Date,
        ("+" or "-", FeelKind.DateTime, FeelKind.DaysTime or FeelKind.YearsMonths) => FeelType.DateTime,
        ("+" or "-", FeelKind.Time, FeelKind.DaysTime) => FeelType.Time,
        ("+", FeelKind.DaysTime or FeelKind.YearsMonths, FeelKind.Date) => FeelType.Date,
        ("+", FeelKind.DaysTime or FeelKind.YearsMonths, FeelKind.DateTime) => FeelType.DateTime,
        ("+", FeelKind.DaysTime, FeelKind.Time) => FeelType.Time,
        ("-", FeelKind.Date or FeelKind.DateTime, FeelKind.Date or FeelKind.DateTime) => FeelType.DaysTime,
        ("-", FeelKind.Time, FeelKind.Time) => FeelType.DaysTime,
        ("*" or "/", FeelKind.DaysTime, FeelKind.Number) => FeelType.DaysTime,
        ("*" or "/", FeelKind.YearsMonths, FeelKind.Number) => FeelType.YearsMonths,
        ("*", FeelKind.Number, FeelKind.DaysTime) => FeelType.DaysTime,
        ("*", FeelKind.Number, FeelKind.YearsMonths) => FeelType.YearsMonths,
        ("/", FeelKind.DaysTime, FeelKind.DaysTime) => FeelType.Number,
        ("/", FeelKind.YearsMonths, FeelKind.YearsMonths) => FeelType.Number,
        _ => null,
    };
}
