using Guantong.Feel;
using Guantong.Feel.Evaluation;

namespace Guantong.Decisions.Analysis;

/// <summary>A simple value next to another, or between two; null when there is none.</summary>
internal static class Steps
{
    /// <summary>A value of a kind that no cell names, for a column that only asks whether there is one.</summary>
    public static FeelValue Sample(FeelKind? kind) => kind switch
    {
        FeelKind.Number => 0,
        FeelKind.Date => FeelDate.From(new DateOnly(2000, 1, 1)),
        FeelKind.DateTime => FeelDateTime.Midnight(FeelDate.From(new DateOnly(2000, 1, 1))),
        FeelKind.Time => new FeelTime(0, null),
        FeelKind.DaysTime => DaysTime.OfDays(1),
        FeelKind.YearsMonths => new YearsMonths(1),
        _ => "…",
    };

    public static FeelValue Below(FeelValue value) => Moved(value, -1);

    public static FeelValue Above(FeelValue value) => Moved(value, 1);

    private static FeelValue Moved(FeelValue value, int by) => value.Kind switch
    {
        // A number of more than 34 digits has no neighbour at 1.
        FeelKind.Number => FeelNumber.Add(value.Number, by) is { } next && next != value.Number ? next : default(FeelValue),
        FeelKind.Date => value.Date.AddDays(by),
        FeelKind.DateTime => value.DateTime!.Add(DaysTime.OfDays(by)),
        FeelKind.Time => value.Time!.Nanosecond + by * FeelTime.PerSecond is var moved && moved is >= 0 and < FeelTime.PerDay ? value.Time with { Nanosecond = moved } : default(FeelValue),
        FeelKind.DaysTime => new DaysTime(value.DaysTime.Nanoseconds + by * (Int128)FeelTime.PerDay),
        FeelKind.YearsMonths => new YearsMonths(value.YearsMonths.Months + by),
        _ => default(FeelValue),
    };

    public static FeelValue Between(FeelValue low, FeelValue high)
    {
        if (low.IsNumber)
            return Simplest(low.Number, high.Number);
        var next = Above(low);
        if (!next.IsNull && Comparing.Order(next, high, new FeelSession()) is < 0)
            return next;
        return low.Kind switch
        {
            FeelKind.DateTime => Middle(low.DateTime!, high.DateTime!),
            FeelKind.DaysTime when high.DaysTime.Nanoseconds - low.DaysTime.Nanoseconds > 1 => new DaysTime((low.DaysTime.Nanoseconds + high.DaysTime.Nanoseconds) / 2),
            _ => default(FeelValue),
        };
    }

    // Times compare by whole seconds, so that nothing lies between two that follow each other.
    private static FeelValue Middle(FeelDateTime low, FeelDateTime high)
    {
        var seconds = (high.Nanoseconds - low.Nanoseconds) / FeelTime.PerSecond / 2;
        return seconds < 1 ? default(FeelValue) : low.Add(new DaysTime(seconds * FeelTime.PerSecond));
    }

    // The number with the fewest digits between the two.
    private static FeelValue Simplest(FeelNumber low, FeelNumber high)
    {
        for (var scale = 0; scale <= 40; scale++)
        {
            var unit = FeelNumber.Divide(1, Power(scale))!.Value;
            if (FeelNumber.Add(low.Round(scale, Rounding.Floor), unit) is { } next && next < high)
                return next == low ? default : next;
        }
        return default;
    }

    private static FeelNumber Power(int scale) => Elementary.Power(10, scale)!.Value;
}
