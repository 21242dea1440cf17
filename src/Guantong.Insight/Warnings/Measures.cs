namespace Guantong.Insight;

/// <summary>A warning as it is measured.</summary>
/// <param name="First">The day on which it fired, by its figures.</param>
/// <param name="Last">The last day at a level.</param>
/// <param name="Grave">The first day at its gravest level.</param>
/// <param name="Verdict">confirmed, false, or null where nobody has judged it.</param>
public sealed record MeasuredWarning(string Region, DateOnly First, DateOnly Last, DateOnly Grave, IReadOnlyList<string> Signals, string? Verdict);

/// <summary>How well warnings of an indicator, or of one of its signals, did.</summary>
/// <param name="Signal">The signal; null for all together.</param>
/// <param name="Warnings">How many fired.</param>
/// <param name="Confirmed">Judged confirmed, or before an event that was recorded.</param>
/// <param name="False">Judged a false alarm.</param>
/// <param name="Precision">Of those confirmed or false, the share that was confirmed, 0 to 1; null where there are none.</param>
/// <param name="Events">How many events were recorded.</param>
/// <param name="Foreseen">Of how many a warning told.</param>
/// <param name="Recall">The share of those, 0 to 1; null where there are none.</param>
/// <param name="Lead">Days from the firing to the event, or to the first day at the gravest level where no event was recorded: the median over events and confirmed warnings; null where there are none.</param>
public sealed record WarningMeasure(string? Signal, int Warnings, int Confirmed, int False, double? Precision, int Events, int Foreseen, double? Recall, double? Lead);

/// <summary>Measures warnings against what really happened: never officials, never persons.</summary>
public static class Measures
{
    /// <summary>A warning tells of an event in its region from the day it fires until so many days after its last day at a level.</summary>
    public const int Reach = 14;

    /// <summary>Measures the warnings of one indicator: all together first, then signal by signal.</summary>
    public static IReadOnlyList<WarningMeasure> Of(IReadOnlyList<MeasuredWarning> warnings, IReadOnlyList<(string Region, DateOnly Day)> events) =>
        [One(null, warnings, events), .. warnings.SelectMany(w => w.Signals).Distinct().Order(StringComparer.Ordinal).Select(s => One(s, [.. warnings.Where(w => w.Signals.Contains(s))], events))];

    private static WarningMeasure One(string? signal, IReadOnlyList<MeasuredWarning> warnings, IReadOnlyList<(string Region, DateOnly Day)> events)
    {
        // Of several that tell of an event, the one that fired last before it.
        var told = events.Select(e => (e.Day, Warning: warnings.Where(w => Tells(w, e.Region, e.Day)).MaxBy(w => w.First))).Where(t => t.Warning is not null).ToList();
        var foretold = told.Select(t => t.Warning!).ToHashSet();
        var confirmed = warnings.Where(w => w.Verdict == "confirmed" || (w.Verdict is null && foretold.Contains(w))).ToList();
        var wrong = warnings.Count(w => w.Verdict == "false");
        double[] leads = [.. told.Select(t => (double)(t.Day.DayNumber - t.Warning!.First.DayNumber)).Concat(confirmed.Where(w => !foretold.Contains(w)).Select(w => (double)(w.Grave.DayNumber - w.First.DayNumber))).Order()];
        return new WarningMeasure(signal, warnings.Count, confirmed.Count, wrong, Share(confirmed.Count, confirmed.Count + wrong), events.Count, told.Count, Share(told.Count, events.Count),
            leads.Length == 0 ? null : (leads[(leads.Length - 1) / 2] + leads[leads.Length / 2]) / 2);
    }

    private static bool Tells(MeasuredWarning warning, string region, DateOnly day) =>
        warning.Verdict != "false" && warning.Region == region && warning.First <= day && day.DayNumber <= warning.Last.DayNumber + Reach;

    private static double? Share(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
