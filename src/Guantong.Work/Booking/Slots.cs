using System.Globalization;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A slot at a place.</summary>
/// <param name="Free">How many may still book it.</param>
public sealed record Slot(DateTimeOffset Starts, DateTimeOffset Ends, int Free)
{
    /// <summary>By which it is chosen: its beginning by the jurisdiction's clock, 2026-11-03T09:00.</summary>
    public string At => Starts.ToString(Slots.Form, CultureInfo.InvariantCulture);
}

/// <summary>A day on which one may come to a place.</summary>
/// <param name="Slots">Those that have not begun; none where it is closed.</param>
/// <param name="IsEstimated">Whether the holidays of its year are not known yet.</param>
public sealed record BookableDay(DateOnly Day, IReadOnlyList<Slot> Slots, bool IsEstimated)
{
    /// <summary>How many may still book on it.</summary>
    public int Free => Slots.Sum(s => s.Free);
}

/// <summary>How the hours of a place fall into slots. Pure.</summary>
public static class Slots
{
    internal const string Form = "yyyy-MM-dd'T'HH:mm";

    /// <summary>How many people a slot takes: what the rule says, and no more than the place has counters.</summary>
    public static int Seats(BookingRule rule, Place place) => Math.Min(rule.AtOnce, place.Counters);

    /// <summary>The slots of a day, whole ones alone; none where the place is closed.</summary>
    public static IEnumerable<Slot> On(Place place, BookingRule rule, DateOnly day, TimeSpan offset) =>
        from span in place.HoursOn(day)?.Spans ?? []
        from n in Enumerable.Range(0, (int)((span.To - span.From) / rule.Every))
        let starts = new DateTimeOffset(day.ToDateTime(span.From), offset) + (n * rule.Every)
        select new Slot(starts, starts + rule.Every, Seats(rule, place));
}
