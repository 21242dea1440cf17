using System.Runtime.CompilerServices;

namespace Guantong.Feel;

/// <summary>Values to and from what other code uses: decimal, string, bool, DateOnly, TimeOnly, DateTime, DateTimeOffset, TimeSpan, lists and dictionaries.</summary>
public static class FeelClr
{
    private const int Deepest = 200;
    private const int MostItems = 1_000_000;

    /// <summary>Any value as FEEL knows it; what it does not know is taken by its text.</summary>
    public static FeelValue From(object? value) => From(value, 0);

    private static FeelValue From(object? value, int depth) => value switch
    {
        null => default,
        FeelValue v => v,
        bool b => b,
        string s => s,
        decimal d => d,
        int i => i,
        long l => l,
        FeelNumber n => n,
        double d => double.IsFinite(d) && FeelNumber.TryParse(d.ToString("R", System.Globalization.CultureInfo.InvariantCulture), out var number) ? number : default(FeelValue),
        float f => From((double)f, depth),
        short or byte or sbyte or ushort or uint => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
        ulong u => (decimal)u,
        DateOnly d => FeelDate.From(d),
        FeelDate d => d,
        TimeOnly t => new FeelTime(t.Ticks * 100, null),
        FeelTime t => t,
        DateTimeOffset t => new FeelDateTime(FeelDate.From(DateOnly.FromDateTime(t.DateTime)), t.TimeOfDay.Ticks * 100, FeelZone.Of((long)t.Offset.TotalSeconds)),
        DateTime t => new FeelDateTime(FeelDate.From(DateOnly.FromDateTime(t)), t.TimeOfDay.Ticks * 100, t.Kind == DateTimeKind.Utc ? FeelZone.Utc : null),
        FeelDateTime t => t,
        TimeSpan t => new DaysTime((Int128)t.Ticks * 100),
        DaysTime d => d,
        YearsMonths m => m,
        FeelList l => l,
        FeelContext c => c,
        FeelRange r => r,
        FeelFunction f => f,
        IReadOnlyDictionary<string, object?> entries => FromEntries(entries, depth),
        IEnumerable<object?> items when depth < Deepest => new FeelList([.. items.Select(i => From(i, depth + 1))]),
        IFormattable f => f.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static FeelValue FromEntries(IReadOnlyDictionary<string, object?> entries, int depth)
    {
        if (depth >= Deepest)
            return default;
        return new FeelContext([.. entries.Keys], [.. entries.Keys.Select(k => From(entries[k], depth + 1))]);
    }

    /// <summary>The value for other code; numbers as decimal, rounded to its 28 digits, and as <see cref="FeelNumber"/> only beyond its range.</summary>
    /// <exception cref="FeelBudgetException">Lists or contexts in it nest too deeply or hold too much: what is shared inside a value is written out.</exception>
    public static object? To(FeelValue value)
    {
        var left = MostItems;
        return To(value, ref left);
    }

    private static object? To(FeelValue value, ref int left)
    {
        if (--left < 0)
            throw new FeelBudgetException();
        return value.Kind switch
        {
            FeelKind.Null => null,
            FeelKind.Boolean => value.IsTrue,
            FeelKind.Number => Number(value.Number),
            FeelKind.String => value.String,
            FeelKind.Date => value.Date is { Year: >= 1 and <= 9999 } d ? new DateOnly(d.Year, d.Month, d.Day) : value.Date,
            FeelKind.Time => value.Time is { Zone: null } t ? new TimeOnly(t.Nanosecond / 100) : value.Time,
            FeelKind.DateTime => DateAndTime(value.DateTime!),
            FeelKind.DaysTime => Int128.Abs(value.DaysTime.Nanoseconds) / 100 <= long.MaxValue ? new TimeSpan((long)(value.DaysTime.Nanoseconds / 100)) : value.DaysTime,
            FeelKind.YearsMonths => value.YearsMonths,
            FeelKind.List => Items(value.List!, ref left),
            FeelKind.Context => Entries(value.Context!, ref left),
            FeelKind.Range => value.Range,
            _ => value.Function,
        };
    }

    private static List<object?> Items(FeelList list, ref int left)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new FeelBudgetException();
        var items = new List<object?>(list.Count);
        foreach (var item in list.Items)
            items.Add(To(item, ref left));
        return items;
    }

    private static object Number(FeelNumber number)
    {
        if (number.TryToDecimal(out var exact))
            return exact;
        return decimal.TryParse(number.ToString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var near) ? near : number;
    }

    private static object DateAndTime(FeelDateTime value)
    {
        if (value.Date.Year is < 1 or > 9999)
            return value;
        var clock = new DateTime(value.Date.Year, value.Date.Month, value.Date.Day).AddTicks(value.Nanosecond / 100);
        if (value.Zone is null)
            return clock;
        var offset = value.Zone.OffsetAt(value.Date, value.Nanosecond);
        return offset % 60 == 0 && Math.Abs(offset) <= 14 * 3600 && clock.Ticks - offset * TimeSpan.TicksPerSecond is > 0 and < 3_155_378_975_999_999_999
            ? new DateTimeOffset(clock, TimeSpan.FromSeconds(offset)) : value;
    }

    private static Dictionary<string, object?> Entries(FeelContext context, ref int left)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new FeelBudgetException();
        var entries = new Dictionary<string, object?>(context.Count);
        for (var i = 0; i < context.Count; i++)
            entries[context.Keys[i]] = To(context.Values[i], ref left);
        return entries;
    }
}
